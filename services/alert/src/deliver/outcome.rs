//! How tellings went, written to the topic: what stands there is not told again.

use siaga_schemas::topics::dead_letter_topic;
use siaga_schemas::{Alert, Delivery, DeliveryOutcome, Message as _, Moment};
use siaga_stream::publisher::Message;
use siaga_stream::{Publisher, Publishing};
use tokio::sync::mpsc;

use crate::metrics::DeliveryMetrics;

/// How telling a sink of an alert went.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// The alert, as it was decided.
    pub alert: Alert,
    /// Where it stands.
    pub partition: i32,
    /// How it went.
    pub delivery: Delivery,
}

impl Outcome {
    /// The record of it.
    fn record(&self) -> Alert {
        Alert {
            sink: Some(self.delivery.sink.clone()),
            deliveries: vec![self.delivery.clone()],
            ..self.alert.clone()
        }
    }
}

/// Writes outcomes.
pub(super) struct Outcomes {
    publisher: Publisher,
    topic: String,
    metrics: DeliveryMetrics,
    failed: mpsc::UnboundedSender<Outcome>,
    /// Those that the cluster did not acknowledge: to be written again.
    pub unwritten: mpsc::UnboundedReceiver<Outcome>,
}

impl std::fmt::Debug for Outcomes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outcomes").field("topic", &self.topic).finish_non_exhaustive()
    }
}

impl Outcomes {
    pub(super) fn new(publisher: Publisher, topic: String, metrics: DeliveryMetrics) -> Self {
        let (failed, unwritten) = mpsc::unbounded_channel();
        Self { publisher, topic, metrics, failed, unwritten }
    }

    /// Writes an outcome, and a dead letter where the sink was given up.
    pub(super) fn write(&self, outcome: Outcome) {
        if outcome.delivery.outcome == DeliveryOutcome::Failed {
            self.dead_letter(&outcome);
        }
        self.write_again(outcome);
    }

    /// Writes an outcome whose dead letter is written.
    pub(super) fn write_again(&self, outcome: Outcome) {
        let record = outcome.record();
        let Ok(payload) = record.encode() else {
            tracing::error!(alert = record.alert_id, "outcome cannot be written as JSON");
            return;
        };
        let time = record.deliveries.first().map_or(record.decided_at, |delivery| delivery.at);
        let (id, at) = (format!("{}/{}", record.idempotency_key, outcome.delivery.sink), time.to_string());
        let headers = headers(&id, &at);
        let key = record.key();
        let message = Message {
            key: Some(key.as_bytes()),
            payload: Some(&payload),
            headers: &headers.each_ref().map(|(name, value)| (*name, Some(value.as_bytes()))),
            timestamp: time.timestamp().as_millisecond(),
            partition: Some(outcome.partition),
        };
        let (failed, metrics) = (self.failed.clone(), self.metrics.clone());
        self.publisher.send(&self.topic, message, move |result| {
            if let Err(error) = result {
                tracing::warn!(%error, alert = outcome.alert.alert_id, "outcome is not written: trying again");
                metrics.unrecorded.inc();
                // Nobody listens any more when the process ends; then it is told again after the start.
                drop(failed.send(outcome));
            }
        });
    }

    fn dead_letter(&self, outcome: &Outcome) {
        let Ok(payload) = outcome.alert.encode() else { return };
        let Delivery { sink, error, attempts, at, .. } = &outcome.delivery;
        let id = format!("{}/{sink}", outcome.alert.idempotency_key);
        let (time, attempts) = (at.to_string(), attempts.to_string());
        let own = [
            ("siaga-dlq-code", "not_delivered".to_owned()),
            ("siaga-dlq-reason", error.clone().unwrap_or_default()),
            ("siaga-alert-sink", sink.clone()),
            ("siaga-alert-attempts", attempts),
        ];
        let headers: Vec<(&str, String)> = headers(&id, &time).into_iter().chain(own).collect();
        let borrowed: Vec<(&str, Option<&[u8]>)> =
            headers.iter().map(|(name, value)| (*name, Some(value.as_bytes()))).collect();
        let message = Message {
            key: Some(outcome.alert.alert_id.as_bytes()),
            payload: Some(&payload),
            headers: &borrowed,
            timestamp: at.timestamp().as_millisecond(),
            partition: None,
        };
        let alert_id = outcome.alert.alert_id.clone();
        self.publisher.send(&dead_letter_topic(&self.topic), message, move |result| {
            if let Err(error) = result {
                tracing::error!(%error, alert = alert_id, "dead letter is not written; the outcome tells of it");
            }
        });
    }

    /// Waits for what is under way.
    pub(super) fn close(self) {
        let Publishing { acknowledge_timeout, .. } = super::PUBLISHING;
        let left = self.publisher.close(acknowledge_timeout / 4);
        if left > 0 {
            tracing::warn!(left, "outcomes are not written: these alerts are told again after the start");
        }
    }
}

fn headers(id: &str, time: &str) -> [(&'static str, String); 7] {
    [
        ("ce_specversion", "1.0".to_owned()),
        ("ce_id", id.to_owned()),
        ("ce_source", "/siaga/alert".to_owned()),
        ("ce_type", Alert::TYPE.to_owned()),
        ("ce_time", time.to_owned()),
        ("content-type", "application/json".to_owned()),
        ("siaga-lane", crate::decide::LIVE.to_owned()),
    ]
}

/// What became of a delivery, now.
pub(super) fn delivery(
    sink: &str,
    outcome: DeliveryOutcome,
    attempts: u32,
    error: Option<String>,
) -> Delivery {
    let at = Moment::new(jiff::Timestamp::now(), jiff::tz::Offset::UTC);
    Delivery { sink: sink.to_owned(), outcome, attempts, at, error }
}
