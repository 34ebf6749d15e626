//! What is still to be told, and what holds: the topic `alerts`, read record by record.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use siaga_schemas::{Alert, AlertState, DeliveryOutcome};

/// An alert and a sink.
pub(super) type Errand = (String, String);

/// An alert that a sink has not taken yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pending {
    pub partition: i32,
    pub alert: Alert,
}

/// The state of the topic, as far as telling needs it.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// In the order in which they were decided.
    pending: BTreeMap<Errand, VecDeque<Pending>>,
    /// The key of the last outcome of each errand.
    done: BTreeMap<Errand, String>,
    /// What holds now, and in which partition it stands.
    firing: BTreeMap<String, Pending>,
    /// Errands that are being run.
    running: BTreeSet<Errand>,
}

impl Ledger {
    /// Forgets all that stands in the topic: it is read again.
    pub(super) fn begin(&mut self) {
        self.pending.clear();
        self.done.clear();
        self.firing.clear();
    }

    /// Takes a record; one without a value forgets its key.
    pub(super) fn apply(&mut self, partition: i32, key: &str, alert: Option<Alert>) {
        let Some(alert) = alert else { return self.forget(key) };
        match alert.sink.clone() {
            Some(sink) => self.finish(&alert.alert_id, &sink, &alert.idempotency_key),
            None => self.decided(partition, alert),
        }
    }

    fn decided(&mut self, partition: i32, alert: Alert) {
        let decided = alert.decided_at.timestamp();
        // What nobody has heard of yet is said by this record as well.
        self.pending.retain(|(alert_id, _), line| {
            if *alert_id == alert.alert_id {
                line.retain(|earlier| !is_held(&earlier.alert, decided));
            }
            !line.is_empty()
        });
        for delivery in alert.deliveries.iter().filter(|d| d.outcome == DeliveryOutcome::Pending) {
            let errand = (alert.alert_id.clone(), delivery.sink.clone());
            if self.done.get(&errand) != Some(&alert.idempotency_key) {
                let pending = Pending { partition, alert: alert.clone() };
                self.pending.entry(errand).or_default().push_back(pending);
            }
        }
        if alert.state == AlertState::Firing && alert.silenced_by.is_none() {
            self.firing.insert(alert.alert_id.clone(), Pending { partition, alert });
        } else {
            self.firing.remove(&alert.alert_id);
        }
    }

    /// Notes that an errand is over: this key's, and those that were decided before it.
    pub(super) fn finish(&mut self, alert_id: &str, sink: &str, idempotency_key: &str) {
        let errand = (alert_id.to_owned(), sink.to_owned());
        if let Some(line) = self.pending.get_mut(&errand) {
            if let Some(at) = line.iter().position(|p| p.alert.idempotency_key == idempotency_key) {
                line.drain(..=at);
            }
            if line.is_empty() {
                self.pending.remove(&errand);
            }
        }
        self.done.insert(errand, idempotency_key.to_owned());
    }

    fn forget(&mut self, key: &str) {
        self.firing.remove(key);
        self.pending.retain(|(alert_id, _), _| alert_id != key);
        self.done.retain(|(alert_id, sink), _| alert_id != key && format!("{alert_id}/{sink}") != key);
    }

    /// The next alert for a sink that is due and of a partition that is ours; it counts as being told from now on. An
    /// alert's revisions go one after the other.
    pub(super) fn start(
        &mut self,
        sink: &str,
        now: Timestamp,
        is_ours: impl Fn(i32) -> bool,
    ) -> Option<(i32, Alert)> {
        let (errand, next) = self.pending.iter().find_map(|(errand, line)| {
            let next = line.front()?;
            let is_due = errand.1 == sink && !is_held(&next.alert, now) && is_ours(next.partition);
            (is_due && !self.running.contains(errand)).then_some((errand, next))
        })?;
        let next = (next.partition, next.alert.clone());
        self.running.insert(errand.clone());
        Some(next)
    }

    /// Notes that an errand runs no more, with or without an end.
    pub(super) fn stopped(&mut self, alert_id: &str, sink: &str) {
        self.running.remove(&(alert_id.to_owned(), sink.to_owned()));
    }

    /// What a sink was told and still holds.
    pub(super) fn holding(&self, sink: &str, is_ours: impl Fn(i32) -> bool) -> Vec<Alert> {
        let holds = |pending: &&Pending| {
            let alert = &pending.alert;
            let errand = (alert.alert_id.clone(), sink.to_owned());
            alert.deliveries.iter().any(|d| d.sink == sink)
                && is_ours(pending.partition)
                && !self.pending.contains_key(&errand)
        };
        // What it was called before has ended already.
        let alert = |pending: &Pending| Alert { raised_from: None, ..pending.alert.clone() };
        self.firing.values().filter(holds).map(alert).collect()
    }

    /// How many alerts wait for a sink.
    pub(super) fn waiting(&self, sink: &str) -> usize {
        self.pending.iter().filter(|((_, of), _)| of == sink).map(|(_, line)| line.len()).sum()
    }
}

fn is_held(alert: &Alert, now: Timestamp) -> bool {
    alert.held_until.is_some_and(|until| now < until.timestamp())
}
