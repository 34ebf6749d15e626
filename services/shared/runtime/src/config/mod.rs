//! Configuration: defaults < TOML file < `SIAGA_*` < flags.
//!
//! A service describes its settings once, as a type. Names and kinds of flags and variables come from the type's JSON
//! Schema: the field `brokers` of the section `kafka` is `kafka.brokers` in the file, `SIAGA_KAFKA_BROKERS` in the
//! environment and `--kafka-brokers` on the command line. Lists are separated by commas, maps are `key=value` separated
//! by commas or given several times; where a value holds a comma, JSON does.
//!
//! ```
//! use siaga_runtime::config::{Config, Sources, load};
//!
//! #[derive(Debug, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
//! #[serde(default, deny_unknown_fields)]
//! struct Lamp {
//!     /// Colour of the light.
//!     colour: String,
//! }
//! impl Config for Lamp {}
//!
//! let sources = Sources { flags: vec![("colour".into(), "red".into())], ..Sources::default() };
//! assert_eq!(load::<Lamp>(&sources)?.config.colour, "red");
//! # Ok::<(), siaga_runtime::config::Error>(())
//! ```

mod effective;
mod error;
mod file;
mod flags;
mod layers;
mod secret;
mod setting;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use effective::Effective;
pub use error::{Error, Origin};
pub use flags::{add_flags, sources};
pub use layers::{CONFIG_VARIABLE, Sources};
pub use secret::{Secret, SecretFile};

use layers::Merged;

/// The settings of a service. The type says `#[serde(default, deny_unknown_fields)]` and documents each field.
pub trait Config: Default + Serialize + DeserializeOwned + JsonSchema {
    /// Checks what types alone cannot say.
    ///
    /// # Errors
    /// The setting that is to blame, and why.
    fn check(&self) -> Result<(), Invalid> {
        Ok(())
    }
}

/// A setting that holds what it must not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("setting `{setting}`: {reason}")]
pub struct Invalid {
    /// Its key in a file, as in `kafka.brokers`.
    pub setting: String,
    /// What is wrong.
    pub reason: String,
}

impl Invalid {
    /// Blames a setting.
    pub fn new(setting: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { setting: setting.into(), reason: reason.into() }
    }
}

/// A configuration and where each of its values came from.
#[derive(Debug)]
pub struct Loaded<C> {
    /// The settings.
    pub config: C,
    /// The same for people, with secrets hidden.
    pub effective: Effective,
}

impl<C> Loaded<C> {
    /// Blames the layer that set what turned out to be wrong later, as a file that is not there.
    pub fn blame(&self, invalid: Invalid) -> Error {
        let origin = self.effective.origin(&invalid.setting);
        Error::Invalid { origin, setting: invalid.setting, reason: invalid.reason }
    }
}

/// Lays all layers over each other. No socket is opened.
///
/// # Errors
/// Where a file cannot be read, a key is no setting, or a value is none that the setting takes.
pub fn load<C: Config>(sources: &Sources) -> Result<Loaded<C>, Error> {
    load_over(&C::default(), sources)
}

/// Like [`load`], over defaults of the caller's.
///
/// # Errors
/// As [`load`].
pub fn load_over<C: Config>(defaults: &C, sources: &Sources) -> Result<Loaded<C>, Error> {
    let settings = setting::settings_of::<C>();
    let defaults = serde_json::to_value(defaults).map_err(|error| Error::Invalid {
        origin: Origin::Default,
        setting: ".".to_owned(),
        reason: error.to_string(),
    })?;
    let mut merged = Merged::new(defaults);
    if let Some(path) = &sources.file {
        file::read(path, &settings)?.into_iter().for_each(|a| merged.lay(a));
    }
    layers::variables(sources, &settings)?.into_iter().for_each(|a| merged.lay(a));
    layers::flags(sources, &settings)?.into_iter().for_each(|a| merged.lay(a));
    let config: C = serde_path_to_error::deserialize(&merged.values).map_err(|error| {
        let setting = error.path().to_string();
        // serde quotes the value.
        let reason = if is_secret(&settings, &setting) {
            "does not take this kind of value".to_owned()
        } else {
            error.into_inner().to_string()
        };
        Error::Invalid { origin: merged.origin(&setting), setting, reason }
    })?;
    let loaded = Loaded { config, effective: Effective::new(merged, settings) };
    match loaded.config.check() {
        Ok(()) => Ok(loaded),
        Err(invalid) => Err(loaded.blame(invalid)),
    }
}

fn is_secret(settings: &[setting::Setting], path: &str) -> bool {
    setting::names_a_secret(path) || settings.iter().any(|s| s.secret && s.key() == path)
}

#[cfg(test)]
mod tests;
