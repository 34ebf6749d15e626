//! Logs: to stderr, for a person on a terminal, as JSON otherwise; how much is said can be changed while running.

use std::fmt;
use std::io::IsTerminal;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, reload};

use crate::config::Invalid;

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How much is said: error, warn, info, debug or trace; also for one part alone, as in `info,siaga_stream=debug`.
    pub level: String,
    /// How lines look.
    pub format: Format,
}

/// How lines of the log look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// For a person on a terminal, else JSON.
    #[default]
    Auto,
    /// For a person.
    Human,
    /// One JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: Format::Auto }
    }
}

impl Config {
    /// Checks that `level` can be read.
    ///
    /// # Errors
    /// Where it cannot; `section` is where these settings stand.
    pub fn check(&self, section: &str) -> Result<(), Invalid> {
        filter(&self.level).map(|_| ()).map_err(|error| Invalid::new(format!("{section}.level"), error.0))
    }
}

/// A text that does not say how much is to be logged.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidLevel(String);

fn filter(level: &str) -> Result<EnvFilter, InvalidLevel> {
    let level = level.trim();
    let invalid = |reason: String| InvalidLevel(format!("`{level}` is no log level: {reason}"));
    // A bare word that is no level would count as the name of a part and silence everything else.
    let is_misspelt = |part: &str| {
        let names_a_part = part.contains(['=', '[', ':', '_']);
        part.is_empty() || (!names_a_part && part.parse::<tracing::level_filters::LevelFilter>().is_err())
    };
    match level.split(',').map(str::trim).find(|part| is_misspelt(part)) {
        Some(part) => Err(invalid(format!("`{part}` is none of error, warn, info, debug, trace, off"))),
        None => EnvFilter::builder().parse(level).map_err(|error| invalid(error.to_string())),
    }
}

type Reload = dyn Fn(EnvFilter) -> Result<(), String> + Send + Sync;

/// Changes how much is logged.
#[derive(Clone)]
pub struct Control {
    reload: Arc<Reload>,
    level: Arc<std::sync::Mutex<String>>,
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("level", &self.level()).finish_non_exhaustive()
    }
}

impl Control {
    /// What holds now.
    pub fn level(&self) -> String {
        self.level.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Says more or less from now on.
    ///
    /// # Errors
    /// Where `level` cannot be read; then nothing changes.
    pub fn set_level(&self, level: &str) -> Result<(), InvalidLevel> {
        (self.reload)(filter(level)?).map_err(InvalidLevel)?;
        level.trim().clone_into(&mut self.level.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        Ok(())
    }
}

/// Starts logging for the whole process.
///
/// # Errors
/// Where `level` cannot be read, or where logging was started before.
pub fn start(config: &Config) -> Result<Control, InvalidLevel> {
    let (control, layer) = layer(config)?;
    tracing_subscriber::registry().with(layer).try_init().map_err(|error| InvalidLevel(error.to_string()))?;
    Ok(control)
}

/// What `start` puts under the process; tests take it alone.
pub(crate) fn layer(
    config: &Config,
) -> Result<(Control, impl Layer<Registry> + Send + Sync + use<>), InvalidLevel> {
    let (filter, handle) = reload::Layer::new(filter(&config.level)?);
    let human = match config.format {
        Format::Auto => std::io::stderr().is_terminal(),
        Format::Human => true,
        Format::Json => false,
    };
    // Errors of writing are swallowed: to say them would need the stream that is gone.
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    let lines = if human {
        lines.with_ansi(std::io::stderr().is_terminal()).boxed()
    } else {
        lines.json().flatten_event(true).with_current_span(false).boxed()
    };
    let control = Control {
        reload: Arc::new(move |filter| handle.reload(filter).map_err(|error| error.to_string())),
        level: Arc::new(std::sync::Mutex::new(config.level.clone())),
    };
    Ok((control, lines.with_filter(filter)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_or_refused_with_the_word() {
        for level in ["info", " warn ", "info,siaga_stream=debug", "off", "siaga_stream::batch=trace"] {
            assert!(filter(level).is_ok(), "{level}");
        }
        for level in ["loud", "info,loud", "siaga_stream=loud", ""] {
            let error = filter(level).unwrap_err().to_string();
            assert!(error.contains("is no log level"), "{error}");
        }
        assert_eq!(
            Config { level: "loud".into(), ..Config::default() }.check("log").unwrap_err().setting,
            "log.level"
        );
    }

    #[test]
    fn the_level_changes_while_running() {
        let (control, layer) = layer(&Config::default()).unwrap();
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::with_default(subscriber, || {
            assert!(!tracing::enabled!(tracing::Level::DEBUG));
            control.set_level("debug").unwrap();
            assert!(tracing::enabled!(tracing::Level::DEBUG));
            control.set_level("loud").unwrap_err();
            assert!(tracing::enabled!(tracing::Level::DEBUG));
        });
        assert_eq!(control.level(), "debug");
    }
}
