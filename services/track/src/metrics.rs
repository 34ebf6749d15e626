//! Metrics of the tracker. A batch that is done again is counted again.

use prometheus::{IntCounterVec, IntGauge, Opts, Registry};

use crate::tracker::{Counts, Tracker};

/// The collectors.
#[derive(Clone, Debug)]
pub struct Metrics {
    decisions: IntCounterVec,
    reports: IntGauge,
    /// What was counted before.
    counted: Counts,
}

impl Metrics {
    /// Makes and registers the collectors.
    ///
    /// # Errors
    /// Where a collector of the same name is registered already.
    pub fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let decisions = Opts::new(
            "siaga_track_decisions_total",
            "Incidents founded, merged, split and forgotten, reports joined, groups examined for reports without a day",
        );
        let metrics = Self {
            decisions: IntCounterVec::new(decisions, &["decision"])?,
            reports: IntGauge::new(
                "siaga_track_reports",
                "Reports that the incidents of a process hold in full",
            )?,
            counted: Counts::default(),
        };
        registry.register(Box::new(metrics.decisions.clone()))?;
        registry.register(Box::new(metrics.reports.clone()))?;
        Ok(metrics)
    }

    /// Brings them up to date.
    pub(crate) fn tracked(&mut self, tracker: &Tracker) {
        let (now, before) = (tracker.counts(), self.counted);
        let growth = [
            ("founded", now.founded - before.founded),
            ("joined", now.joined - before.joined),
            ("merged", now.merged - before.merged),
            ("split", now.split - before.split),
            ("forgotten", now.forgotten - before.forgotten),
            ("examined", now.examined - before.examined),
        ];
        for (decision, growth) in growth {
            self.decisions.with_label_values(&[decision]).inc_by(growth);
        }
        self.counted = now;
        self.reports.set(i64::try_from(tracker.reports()).unwrap_or(i64::MAX));
    }
}
