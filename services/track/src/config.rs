//! The settings of `siaga track`.

use std::num::NonZeroU16;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_runtime::config::{self, Invalid};
use siaga_runtime::service::Shutdown;
use siaga_runtime::{admin, logs};
use siaga_stream::{Kafka, Processing};

/// Port of probes and metrics where none is set.
pub const ADMIN_PORT: u16 = 9404;

/// All settings of `track`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The cluster, and who this process is on it.
    pub kafka: Kafka,
    /// How it works.
    pub processing: Processing,
    /// How long incidents are held, and how much of them.
    pub tracking: Tracking,
    /// Logs.
    pub log: logs::Config,
    /// Probes and metrics.
    pub admin: admin::Config,
    /// How it ends.
    pub shutdown: Shutdown,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            kafka: Kafka::default(),
            processing: Processing::default(),
            tracking: Tracking::default(),
            log: logs::Config::default(),
            admin: admin::Config::on_port(ADMIN_PORT),
            shutdown: Shutdown::default(),
        }
    }
}

/// How long incidents are held, by the days of their events on the clock of the records, and how much of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Tracking {
    /// Days after which an incident is closed. Reports still come to it.
    pub close_after_days: NonZeroU16,
    /// Days after which an incident is forgotten: its key gets a record without a value, and reports of its day are
    /// passed over.
    pub retain_days: NonZeroU16,
    /// Reports that an incident holds in full; those beyond are counted, and decide nothing. A full report takes about
    /// 3 kB, and each revision holds all of them.
    pub max_reports: NonZeroU16,
}

impl Default for Tracking {
    fn default() -> Self {
        let number = |number| NonZeroU16::new(number).unwrap_or(NonZeroU16::MIN);
        Self { close_after_days: number(14), retain_days: number(90), max_reports: number(300) }
    }
}

impl Tracking {
    /// For articles of any age, as a file holds them: nothing is forgotten.
    pub fn of_all_times() -> Self {
        Self { retain_days: NonZeroU16::MAX, ..Self::default() }
    }
}

impl config::Config for Config {
    fn check(&self) -> Result<(), Invalid> {
        siaga_stage::check(&self.kafka, &self.processing, &self.log)?;
        if self.tracking.retain_days < self.tracking.close_after_days {
            let reason = format!(
                "must not be less than tracking.close_after_days ({})",
                self.tracking.close_after_days
            );
            return Err(Invalid::new("tracking.retain_days", reason));
        }
        Ok(())
    }
}
