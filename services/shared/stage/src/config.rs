//! The settings of a stage.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_runtime::config::{self, Invalid};
use siaga_runtime::service::Shutdown;
use siaga_runtime::{admin, logs};
use siaga_stream::{Error, Kafka, Processing};

/// All settings of `classify` and of `detect`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The cluster, and who this process is on it.
    pub kafka: Kafka,
    /// How it works.
    pub processing: Processing,
    /// What it knows of languages.
    pub lexicon: Lexicon,
    /// Logs.
    pub log: logs::Config,
    /// Probes and metrics.
    pub admin: admin::Config,
    /// How it ends.
    pub shutdown: Shutdown,
}

/// Where the lexicon is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Lexicon {
    /// Folder whose files replace the built-in ones of the same path, or come to them: `id/events.toml`. Without it
    /// the built-in lexicon is used.
    pub folder: Option<PathBuf>,
}

impl config::Config for Config {
    fn check(&self) -> Result<(), Invalid> {
        check(&self.kafka, &self.processing, &self.log)
    }
}

/// Checks the settings that every stage has.
///
/// # Errors
/// The first that is wrong.
pub fn check(kafka: &Kafka, processing: &Processing, log: &logs::Config) -> Result<(), Invalid> {
    log.check("log")?;
    kafka.instance().and_then(|_| processing.check()).map_err(|error| match error {
        Error::Setting { setting, reason } => Invalid::new(setting, reason),
        other => Invalid::new("kafka", other.to_string()),
    })
}
