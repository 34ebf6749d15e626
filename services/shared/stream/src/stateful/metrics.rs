//! The metrics that a stage with state has beside those of every stage.

use prometheus::{Histogram, HistogramOpts, IntCounter, IntGaugeVec, Opts, Registry};

use crate::Error;

/// Seconds: from an empty state to a very large one, or to one that waits for a transaction to time out.
const RESTORE_BUCKETS: [f64; 10] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0];

/// The collectors, registered with a constant label `stage`.
#[derive(Clone, Debug)]
pub(crate) struct Restoring {
    pub(super) seconds: Histogram,
    pub(super) records: IntCounter,
    pub(super) entries: IntGaugeVec,
}

impl Restoring {
    /// Makes and registers the collectors.
    ///
    /// # Errors
    /// Where a collector of the same name and stage is registered already.
    pub(crate) fn new(registry: &Registry, stage: &str) -> Result<Self, Error> {
        let opts = |name: &str, help: &str| Opts::new(name, help).const_label("stage", stage);
        let seconds = opts("siaga_restore_seconds", "Time to restore the state of a partition");
        let records = opts("siaga_restored_records_total", "Records of changelogs read to restore states");
        let entries = opts("siaga_state_entries", "Things that the state of a partition holds");
        let metrics = Self {
            seconds: Histogram::with_opts(HistogramOpts::from(seconds).buckets(RESTORE_BUCKETS.to_vec()))?,
            records: IntCounter::with_opts(records)?,
            entries: IntGaugeVec::new(entries, &["partition"])?,
        };
        registry.register(Box::new(metrics.seconds.clone()))?;
        registry.register(Box::new(metrics.records.clone()))?;
        registry.register(Box::new(metrics.entries.clone()))?;
        Ok(metrics)
    }
}
