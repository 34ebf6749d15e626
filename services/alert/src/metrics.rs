//! Metrics of decisions and deliveries. Labels are bounded: codes of the guide, UN M49 sub-regions, names of a file.

use std::collections::BTreeSet;
use std::sync::Arc;

use prometheus::{
    GaugeVec, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGaugeVec, Opts, Registry,
};
use siaga_analysis::Geography;
use siaga_schemas::{Alert, Incident};

use crate::decide::{Decision, LIVE};

/// Seconds: from a pipeline at rest to reports of yesterday.
const LATENCIES: [f64; 12] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0, 86_400.0];

/// Metrics of what comes in and what is decided. A batch that is done again is counted again.
#[derive(Clone, Debug)]
pub struct DecisionMetrics {
    incidents: IntCounterVec,
    decisions: IntCounterVec,
    last_report: GaugeVec,
    sources: Arc<BTreeSet<String>>,
}

impl DecisionMetrics {
    /// Makes and registers the collectors; the silence of these publishers is shown.
    ///
    /// # Errors
    /// Where a collector of the same name is registered already.
    pub fn new(registry: &Registry, sources: &[String]) -> Result<Self, prometheus::Error> {
        let metrics = Self {
            incidents: IntCounterVec::new(
                Opts::new("siaga_incidents_total", "First revisions of live incidents"),
                &["type", "region", "severity"],
            )?,
            decisions: IntCounterVec::new(
                Opts::new(
                    "siaga_alert_decisions_total",
                    "What was decided for a route, and why nothing was told",
                ),
                &["route", "decision"],
            )?,
            last_report: GaugeVec::new(
                Opts::new(
                    "siaga_source_last_report_timestamp_seconds",
                    "When the last report of a watched publisher came in",
                ),
                &["publisher"],
            )?,
            sources: Arc::new(sources.iter().cloned().collect()),
        };
        registry.register(Box::new(metrics.incidents.clone()))?;
        registry.register(Box::new(metrics.decisions.clone()))?;
        registry.register(Box::new(metrics.last_report.clone()))?;
        Ok(metrics)
    }

    /// Counts an incident.
    pub(crate) fn incident(&self, incident: &Incident, lane: &str) {
        if lane != LIVE {
            return;
        }
        if incident.revision == 1 {
            let sub_region = |country| Geography::built_in().sub_region(country);
            let region = incident.location.country.and_then(sub_region).unwrap_or("unknown");
            let labels = [incident.event_type.code(), region, incident.severity.code()];
            self.incidents.with_label_values(&labels).inc();
        }
        for report in incident.reports.iter().filter(|report| report.lane == LIVE) {
            let Some(publisher) = report.article.publisher.as_ref() else { continue };
            if self.sources.contains(publisher) {
                let gauge = self.last_report.with_label_values(&[publisher.as_str()]);
                #[expect(clippy::cast_precision_loss, reason = "seconds of a date")]
                let at = report.recorded_at.timestamp().as_second() as f64;
                gauge.set(gauge.get().max(at));
            }
        }
    }

    /// Counts a decision.
    pub(crate) fn decision(&self, decision: &Decision) {
        let outcome = match &decision.outcome {
            Ok(alert) if alert.silenced_by.is_some() => "silenced",
            Ok(alert) if alert.state == siaga_schemas::AlertState::Resolved => "resolved",
            Ok(alert) if alert.changes.is_empty() => "new",
            Ok(_) => "changed",
            Err(silent) => silent.code(),
        };
        self.decisions.with_label_values(&[decision.route.as_str(), outcome]).inc();
    }
}

/// Metrics of deliveries.
#[derive(Clone, Debug)]
pub struct DeliveryMetrics {
    /// Attempts of all kinds.
    pub(crate) attempts: IntCounterVec,
    /// Deliveries that are over.
    pub(crate) deliveries: IntCounterVec,
    /// Deliveries that wait.
    pub(crate) pending: IntGaugeVec,
    /// Outcomes that could not be written at once.
    pub(crate) unrecorded: IntCounter,
    latency: HistogramVec,
}

impl DeliveryMetrics {
    /// Makes and registers the collectors.
    ///
    /// # Errors
    /// Where a collector of the same name is registered already.
    pub fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let latency = HistogramOpts::new(
            "siaga_alert_latency_seconds",
            "From the publication or the intake of the last report to the delivery; without what quiet hours held back",
        );
        let metrics = Self {
            attempts: IntCounterVec::new(
                Opts::new("siaga_alert_attempts_total", "Requests to sinks"),
                &["sink", "outcome"],
            )?,
            deliveries: IntCounterVec::new(
                Opts::new("siaga_alert_deliveries_total", "Deliveries that are over"),
                &["sink", "outcome"],
            )?,
            pending: IntGaugeVec::new(
                Opts::new("siaga_alert_deliveries_pending", "Deliveries that wait"),
                &["sink"],
            )?,
            unrecorded: IntCounter::new(
                "siaga_alert_outcomes_rewritten_total",
                "Outcomes of deliveries that the cluster did not acknowledge at once",
            )?,
            latency: HistogramVec::new(latency.buckets(LATENCIES.to_vec()), &["since"])?,
        };
        registry.register(Box::new(metrics.attempts.clone()))?;
        registry.register(Box::new(metrics.deliveries.clone()))?;
        registry.register(Box::new(metrics.pending.clone()))?;
        registry.register(Box::new(metrics.unrecorded.clone()))?;
        registry.register(Box::new(metrics.latency.clone()))?;
        Ok(metrics)
    }

    /// Notes how long news took.
    pub(crate) fn delivered(&self, alert: &Alert, now: jiff::Timestamp) {
        let Some(digest) = alert.digest.as_ref().filter(|_| alert.held_until.is_none()) else { return };
        for (since, then) in [("publication", digest.last_report_at), ("intake", digest.updated_at)] {
            let seconds = now.duration_since(then.timestamp()).as_secs_f64().max(0.0);
            self.latency.with_label_values(&[since]).observe(seconds);
        }
    }
}
