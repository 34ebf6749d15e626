//! Settings of `alert`.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_runtime::config::{self, Invalid, Loaded};
use siaga_runtime::service::Shutdown;
use siaga_runtime::{admin, logs};
use siaga_stream::{Kafka, Processing};

use crate::policy::Policies;

/// Port of probes and metrics where none is set; each service has its own, so that they run side by side.
pub(crate) const ADMIN_PORT: u16 = 9405;

/// Settings of `alert`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The cluster, and who this process is on it.
    pub kafka: Kafka,
    /// How it works.
    pub processing: Processing,
    /// Who is told what.
    pub policies: PolicyFile,
    /// How sinks are told.
    pub delivery: Delivery,
    /// What the metrics show.
    pub watch: Watch,
    /// Logs.
    pub log: logs::Config,
    /// Probes and metrics.
    pub admin: admin::Config,
    /// How it ends.
    pub shutdown: Shutdown,
}

/// Who is told what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PolicyFile {
    /// TOML file with sinks, routes and policies; required.
    pub file: PathBuf,
}

/// How sinks are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Delivery {
    /// Time between two tellings of an alert that holds to an Alertmanager; four times as long without one and it lets
    /// the alert end.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub resend_interval: Duration,
    /// Wait before the second attempt; it is doubled for each further one.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub first_backoff: Duration,
    /// Longest wait before an attempt.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub longest_backoff: Duration,
    /// Most requests to a sink at the same time.
    pub parallel: usize,
}

/// What the metrics show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Watch {
    /// Publishers whose silence is shown, by the names that their articles bear.
    pub publishers: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            kafka: Kafka::default(),
            // An incident is as large as its topic lets it be.
            processing: Processing {
                threads: 1,
                max_record_bytes: 8 * 1024 * 1024,
                batch_bytes: 16 * 1024 * 1024,
                ..Processing::default()
            },
            policies: PolicyFile::default(),
            delivery: Delivery::default(),
            watch: Watch::default(),
            log: logs::Config::default(),
            admin: admin::Config::on_port(ADMIN_PORT),
            shutdown: Shutdown::default(),
        }
    }
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            resend_interval: Duration::from_secs(60),
            first_backoff: Duration::from_secs(1),
            longest_backoff: Duration::from_secs(120),
            parallel: 4,
        }
    }
}

impl config::Config for Config {
    fn check(&self) -> Result<(), Invalid> {
        siaga_stage::check(&self.kafka, &self.processing, &self.log)?;
        if self.policies.file.as_os_str().is_empty() {
            return Err(Invalid::new(
                "policies.file",
                "must be set: without policies nobody is told anything",
            ));
        }
        if self.delivery.resend_interval < Duration::from_secs(1) {
            return Err(Invalid::new("delivery.resend_interval", "must be at least 1s"));
        }
        if self.delivery.first_backoff.is_zero() {
            return Err(Invalid::new("delivery.first_backoff", "must be longer than 0s"));
        }
        if self.delivery.longest_backoff < self.delivery.first_backoff {
            let reason = "must be at least `delivery.first_backoff`";
            return Err(Invalid::new("delivery.longest_backoff", reason));
        }
        if self.delivery.parallel == 0 {
            return Err(Invalid::new("delivery.parallel", "must be at least 1"));
        }
        Ok(())
    }
}

/// Reads the policy file that the settings name.
///
/// # Errors
/// Its first mistake, with its line.
pub fn policies(loaded: &Loaded<Config>) -> Result<Policies, config::Error> {
    Policies::read(&loaded.config.policies.file)
        .map_err(|mistake| loaded.blame(Invalid::new("policies.file", mistake.to_string())))
}
