//! Runs the errands: so many to a sink at a time, each until the sink takes it or is given up.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use siaga_schemas::{Alert, DeliveryOutcome};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::Unusable;
use super::backoff::Backoff;
use super::follow::Event;
use super::ledger::Ledger;
use super::outcome::{Outcome, Outcomes, delivery};
use super::ownership::Ownership;
use super::sender::{Failed, Sender};
use crate::config;
use crate::metrics::DeliveryMetrics;
use crate::policy::Policies;

/// Between two looks whether something has become due or ours.
const LOOK: Duration = Duration::from_millis(200);

/// Most alerts of a request to an Alertmanager.
const TOGETHER: usize = 200;

/// Without being told again so many times an alert ends by itself.
const MISSED: u32 = 4;

/// Tells sinks.
#[derive(Debug)]
pub(super) struct Dispatcher {
    ledger: Ledger,
    senders: BTreeMap<String, Sender>,
    running: BTreeMap<String, usize>,
    errands: JoinSet<(Outcome, bool)>,
    repeats: JoinSet<()>,
    ownership: Ownership,
    metrics: DeliveryMetrics,
    outcomes: Outcomes,
    settings: config::Delivery,
    is_caught_up: bool,
    cancel: CancellationToken,
}

impl Dispatcher {
    pub(super) fn new(
        policies: &Arc<Policies>,
        settings: &config::Delivery,
        ownership: Ownership,
        metrics: DeliveryMetrics,
        outcomes: Outcomes,
    ) -> Result<Self, Unusable> {
        let lasts = settings.resend_interval * MISSED;
        let sender = |(name, sink): (&String, _)| match Sender::new(sink, lasts) {
            Ok(sender) => Ok((name.clone(), sender)),
            Err(reason) => Err(Unusable::Sink { sink: name.clone(), reason }),
        };
        Ok(Self {
            ledger: Ledger::default(),
            senders: policies.sinks.iter().map(sender).collect::<Result<_, _>>()?,
            running: BTreeMap::new(),
            errands: JoinSet::new(),
            repeats: JoinSet::new(),
            ownership,
            metrics,
            outcomes,
            settings: settings.clone(),
            is_caught_up: false,
            cancel: CancellationToken::new(),
        })
    }

    /// Tells until it is cancelled; what is under way then is brought to its end.
    pub(super) async fn run(mut self, mut events: mpsc::Receiver<Event>, cancel: CancellationToken) {
        self.cancel = cancel.clone();
        let (mut look, mut repeat) = (interval(LOOK), interval(self.settings.resend_interval));
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        repeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = cancel.cancelled() => break,
                Some(event) = events.recv() => self.take(event),
                Some(ended) = self.errands.join_next() => self.ended(ended),
                Some(outcome) = self.outcomes.unwritten.recv() => self.outcomes.write_again(outcome),
                _ = repeat.tick() => self.repeat(),
                _ = look.tick() => {}
            }
            self.start();
        }
        while let Some(ended) = self.errands.join_next().await {
            self.ended(ended);
        }
        while self.repeats.join_next().await.is_some() {}
        let outcomes = self.outcomes;
        if let Err(error) = tokio::task::spawn_blocking(move || outcomes.close()).await {
            tracing::error!(%error, "writing outcomes has ended badly");
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Begun => {
                self.is_caught_up = false;
                self.ledger.begin();
            }
            Event::Record { partition, key, alert } => {
                self.ledger.apply(partition, &key, alert.map(|alert| *alert));
            }
            Event::CaughtUp => {
                self.is_caught_up = true;
                self.repeat();
            }
        }
    }

    /// Starts what is due.
    fn start(&mut self) {
        if !self.is_caught_up {
            return;
        }
        let (now, ownership) = (Timestamp::now(), self.ownership.clone());
        for (sink, sender) in &self.senders {
            while self.running.get(sink).copied().unwrap_or(0) < self.settings.parallel {
                let next = self.ledger.start(sink, now, |partition| ownership.has(partition));
                let Some((partition, alert)) = next else { break };
                *self.running.entry(sink.clone()).or_default() += 1;
                let errand = Errand {
                    sink: sink.clone(),
                    sender: sender.clone(),
                    alert,
                    partition,
                    backoff: Backoff {
                        first: self.settings.first_backoff,
                        longest: self.settings.longest_backoff,
                    },
                    metrics: self.metrics.clone(),
                    cancel: self.cancel.clone(),
                };
                self.errands.spawn(errand.run());
            }
            let waiting = i64::try_from(self.ledger.waiting(sink)).unwrap_or(i64::MAX);
            self.metrics.pending.with_label_values(&[sink.as_str()]).set(waiting);
        }
    }

    fn ended(&mut self, ended: Result<(Outcome, bool), tokio::task::JoinError>) {
        let (outcome, is_over) = match ended {
            Ok(ended) => ended,
            Err(error) => {
                tracing::error!(%error, "telling a sink has ended badly");
                return;
            }
        };
        let (alert_id, sink) = (&outcome.alert.alert_id, &outcome.delivery.sink);
        if let Some(running) = self.running.get_mut(sink) {
            *running -= 1;
        }
        self.ledger.stopped(alert_id, sink);
        if !is_over {
            return;
        }
        self.ledger.finish(alert_id, sink, &outcome.alert.idempotency_key);
        let is_delivered = outcome.delivery.outcome == DeliveryOutcome::Delivered;
        let name = if is_delivered { "delivered" } else { "failed" };
        self.metrics.deliveries.with_label_values(&[sink.as_str(), name]).inc();
        if is_delivered {
            self.metrics.delivered(&outcome.alert, outcome.delivery.at.timestamp());
        }
        self.outcomes.write(outcome);
    }

    /// Tells those who want to hear it again and again what holds.
    fn repeat(&mut self) {
        while self.repeats.try_join_next().is_some() {}
        if !self.is_caught_up || !self.repeats.is_empty() {
            return;
        }
        let ownership = self.ownership.clone();
        for (sink, sender) in self.senders.iter().filter(|(_, sender)| sender.repeats()) {
            let holding = self.ledger.holding(sink, |partition| ownership.has(partition));
            if holding.is_empty() {
                continue;
            }
            let (sink, sender, metrics) = (sink.clone(), sender.clone(), self.metrics.clone());
            self.repeats.spawn(async move {
                for alerts in holding.chunks(TOGETHER) {
                    let sent = sender.send_all(alerts, Timestamp::now()).await;
                    count(&metrics, &sink, &sent);
                    if let Err(failed) = sent {
                        tracing::warn!(sink, ?failed, "what holds is not told again");
                        return;
                    }
                }
            });
        }
    }
}

fn count(metrics: &DeliveryMetrics, sink: &str, sent: &Result<(), Failed>) {
    let outcome = match sent {
        Ok(()) => "taken",
        Err(Failed::Again { .. }) => "failed",
        Err(Failed::ForGood { .. }) => "refused",
    };
    metrics.attempts.with_label_values(&[sink, outcome]).inc();
}

/// An alert on its way to a sink.
struct Errand {
    sink: String,
    sender: Sender,
    alert: Alert,
    partition: i32,
    backoff: Backoff,
    metrics: DeliveryMetrics,
    cancel: CancellationToken,
}

impl Errand {
    /// How it went; false where it was cancelled before it was over.
    async fn run(self) -> (Outcome, bool) {
        let (mut attempts, mut error) = (0, None);
        loop {
            attempts += 1;
            let sent = self.sender.send(&self.alert, Timestamp::now()).await;
            count(&self.metrics, &self.sink, &sent);
            let wait = match sent {
                Ok(()) => return self.over(DeliveryOutcome::Delivered, attempts, error),
                Err(Failed::ForGood { reason }) => {
                    tracing::error!(
                        sink = self.sink,
                        alert = self.alert.alert_id,
                        reason,
                        "sink refuses an alert"
                    );
                    return self.over(DeliveryOutcome::Failed, attempts, Some(reason));
                }
                Err(Failed::Again { reason, .. }) if attempts >= self.sender.attempts() => {
                    tracing::error!(
                        sink = self.sink,
                        alert = self.alert.alert_id,
                        reason,
                        "sink is given up"
                    );
                    return self.over(DeliveryOutcome::Failed, attempts, Some(reason));
                }
                Err(Failed::Again { reason, not_before }) => {
                    tracing::warn!(sink = self.sink, attempts, reason, "sink does not take an alert yet");
                    error = Some(reason);
                    let wait = self.backoff.after(attempts, &self.alert.idempotency_key);
                    wait.max(not_before.unwrap_or_default().min(self.backoff.longest))
                }
            };
            tokio::select! {
                () = self.cancel.cancelled() => {
                    let (outcome, _) = self.over(DeliveryOutcome::Pending, attempts, error);
                    return (outcome, false);
                }
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    fn over(self, outcome: DeliveryOutcome, attempts: u32, error: Option<String>) -> (Outcome, bool) {
        let delivery = delivery(&self.sink, outcome, attempts, error);
        (Outcome { alert: self.alert, partition: self.partition, delivery }, true)
    }
}
