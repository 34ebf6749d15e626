//! The metrics of a stage. Their names are an interface: dashboards and alerts rest on them.

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGaugeVec, Opts, Registry,
};

use crate::Error;

/// Seconds: from a lone record's batch to one behind a transaction timeout.
const BATCH_BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0];

/// Seconds: from a live record to one that retention is about to delete.
const AGE_BUCKETS: [f64; 12] =
    [0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0, 3_600.0, 86_400.0, 604_800.0];

/// The collectors of one stage, registered with a constant label `stage`.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    pub(crate) consumed: IntCounter,
    pub(crate) consumed_bytes: IntCounter,
    pub(crate) processed: IntCounter,
    pub(crate) emitted: IntCounterVec,
    pub(crate) skipped: IntCounterVec,
    pub(crate) dead_lettered: IntCounterVec,
    pub(crate) batch_seconds: Histogram,
    pub(crate) batch_records: Histogram,
    pub(crate) commits: IntCounter,
    pub(crate) aborts: IntCounterVec,
    pub(crate) rebalances: IntCounter,
    pub(crate) lag: IntGaugeVec,
    pub(crate) record_age: HistogramVec,
}

impl Metrics {
    /// Makes and registers the collectors.
    ///
    /// # Errors
    /// Where a collector of the same name and stage is registered already.
    pub(crate) fn new(registry: &Registry, stage: &str) -> Result<Self, Error> {
        let opts = |name: &str, help: &str| Opts::new(name, help).const_label("stage", stage);
        let buckets = |name: &str, help: &str, buckets: &[f64]| {
            HistogramOpts::from(opts(name, help)).buckets(buckets.to_vec())
        };
        let counter = |name, help| IntCounter::with_opts(opts(name, help));
        let counters = |name, help, label| IntCounterVec::new(opts(name, help), &[label]);
        let metrics = Self {
            consumed: counter("siaga_records_consumed_total", "Records read and finished, once each")?,
            consumed_bytes: counter("siaga_records_consumed_bytes_total", "Bytes of their keys and values")?,
            processed: counter("siaga_records_processed_total", "Records that ended with outputs")?,
            emitted: counters("siaga_records_emitted_total", "Records written, by topic", "topic")?,
            skipped: counters(
                "siaga_records_skipped_total",
                "Records that needed no output, by reason",
                "reason",
            )?,
            dead_lettered: counters("siaga_records_dead_lettered_total", "Bad records, by code", "code")?,
            batch_seconds: Histogram::with_opts(buckets(
                "siaga_batch_seconds",
                "Time from the first record of a batch to its commit",
                &BATCH_BUCKETS,
            ))?,
            batch_records: Histogram::with_opts(buckets(
                "siaga_batch_records",
                "Records of a batch",
                &[1.0, 10.0, 100.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0],
            ))?,
            commits: counter("siaga_transaction_commits_total", "Batches committed")?,
            aborts: counters(
                "siaga_transaction_aborts_total",
                "Batches aborted, by what went wrong",
                "reason",
            )?,
            rebalances: counter("siaga_rebalances_total", "Assignments and revocations of partitions")?,
            lag: IntGaugeVec::new(
                opts("siaga_consumer_lag", "Records behind the end of the partition"),
                &["topic", "partition"],
            )?,
            record_age: HistogramVec::new(
                buckets(
                    "siaga_record_age_seconds",
                    "Age of the oldest record of a batch at its commit",
                    &AGE_BUCKETS,
                ),
                &["topic"],
            )?,
        };
        metrics.register(registry)?;
        Ok(metrics)
    }

    fn register(&self, registry: &Registry) -> Result<(), Error> {
        registry.register(Box::new(self.consumed.clone()))?;
        registry.register(Box::new(self.consumed_bytes.clone()))?;
        registry.register(Box::new(self.processed.clone()))?;
        registry.register(Box::new(self.emitted.clone()))?;
        registry.register(Box::new(self.skipped.clone()))?;
        registry.register(Box::new(self.dead_lettered.clone()))?;
        registry.register(Box::new(self.batch_seconds.clone()))?;
        registry.register(Box::new(self.batch_records.clone()))?;
        registry.register(Box::new(self.commits.clone()))?;
        registry.register(Box::new(self.aborts.clone()))?;
        registry.register(Box::new(self.rebalances.clone()))?;
        registry.register(Box::new(self.lag.clone()))?;
        registry.register(Box::new(self.record_age.clone()))?;
        Ok(())
    }
}
