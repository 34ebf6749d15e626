//! The stage: incidents and decisions of operators in, alerts out. What was told is its state, restored from `alerts`.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use siaga_schemas::{Action, Alert, Control, Incident, Message, Moment};
use siaga_stream::cloud_events::Attributes;
use siaga_stream::{Outcome, Outputs, Record, Rejection, StatefulProcessor};

use crate::decide::{self, Question, ToldByRoute};
use crate::deliver::{Lease, Ownership};
use crate::metrics::DecisionMetrics;
use crate::policy::{Mute, Policies};

/// Source of its CloudEvents.
const SOURCE: &str = "/siaga/alert";

/// The one output.
const ALERTS: usize = 0;

/// The wall clock; a test sets it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The state of a partition: what was told of its incidents, and what operators decided.
pub struct Alerter {
    policies: Arc<Policies>,
    clock: Clock,
    ownership: Ownership,
    metrics: DecisionMetrics,
    /// While it is held this process tells what is decided for the partition.
    lease: Option<Lease>,
    told: BTreeMap<String, ToldByRoute>,
    /// By the id of the decision.
    mutes: BTreeMap<String, Mute>,
}

impl std::fmt::Debug for Alerter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Alerter").field("incidents", &self.told.len()).finish_non_exhaustive()
    }
}

fn rejection(error: &siaga_schemas::DecodeError) -> Rejection {
    Rejection { code: error.code(), message: error.to_string() }
}

impl Alerter {
    /// One that was told nothing yet.
    pub fn new(
        policies: Arc<Policies>,
        clock: Clock,
        ownership: Ownership,
        metrics: DecisionMetrics,
    ) -> Self {
        Self {
            policies,
            clock,
            ownership,
            metrics,
            lease: None,
            told: BTreeMap::new(),
            mutes: BTreeMap::new(),
        }
    }

    fn take(&mut self, record: &Record<'_>) {
        if self.lease.is_none() {
            self.lease = Some(self.ownership.take(record.partition()));
        }
    }

    /// Sends an alert and remembers it.
    fn tell(&mut self, record: &Record<'_>, alert: Alert, out: &mut Outputs) -> Result<(), Rejection> {
        let not_encodable =
            |error: serde_json::Error| Rejection { code: "not_encodable", message: error.to_string() };
        let value = alert.encode().map_err(not_encodable)?;
        let time = Moment::from_millis(record.timestamp()).to_string();
        let attributes =
            Attributes { id: &alert.idempotency_key, source: SOURCE, event_type: Alert::TYPE, time: &time };
        out.send(ALERTS, Some(alert.key().as_bytes()), value, attributes.headers(), None);
        self.told.entry(alert.incident_id.clone()).or_default().insert(alert.route.clone(), alert);
        Ok(())
    }

    /// Forgets an incident that the tracker has forgotten.
    fn forget(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        let id = String::from_utf8_lossy(record.key().unwrap_or_default()).into_owned();
        let Some(told) = self.told.remove(&id) else { return Outcome::Skipped { reason: "tombstone" } };
        for alert in told.values() {
            out.forget(ALERTS, alert.key().as_bytes(), siaga_stream::OwnedOutputHeaders::default(), None);
            for sink in self.policies.sinks.keys() {
                let key = format!("{}/{sink}", alert.alert_id);
                out.forget(ALERTS, key.as_bytes(), siaga_stream::OwnedOutputHeaders::default(), None);
            }
        }
        Outcome::Emitted
    }

    fn decide(&self, incident: &Incident, lane: &str) -> Vec<decide::Decision> {
        let none = ToldByRoute::new();
        let mut told_of_merged = ToldByRoute::new();
        for merged in decide::merged_into(incident) {
            let told = self.told.get(merged).into_iter().flatten();
            told_of_merged.extend(told.map(|(route, alert)| (route.clone(), alert.clone())));
        }
        let mutes: Vec<Mute> = self.mutes.values().cloned().collect();
        let question = Question {
            incident,
            lane,
            told: self.told.get(&incident.incident_id).unwrap_or(&none),
            told_of_merged: &told_of_merged,
            mutes: &mutes,
            now: (self.clock)(),
        };
        decide::decide(&self.policies, &question)
    }

    /// Keeps those still that an operator's decision is about.
    fn silence(
        &mut self,
        record: &Record<'_>,
        control: &Control,
        is_meant: impl Fn(&Alert) -> bool,
        out: &mut Outputs,
    ) -> Outcome {
        let now = (self.clock)();
        let meant = self.told.values().flat_map(BTreeMap::values).filter(|alert| is_meant(alert));
        let silenced: Vec<Alert> = meant
            .filter_map(|alert| decide::silence(&self.policies, alert, &control.id, &control.by, now))
            .collect();
        self.tell_all(record, silenced, out)
    }

    /// Moves what is held back to the time that quiet hours and mutes say now.
    fn move_held(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        let (now, mutes) = ((self.clock)(), self.mutes.values().cloned().collect::<Vec<_>>());
        let told = self.told.values().flat_map(BTreeMap::values);
        let moved = told.filter_map(|alert| decide::move_held(&self.policies, alert, &mutes, now)).collect();
        self.tell_all(record, moved, out)
    }

    /// Mutes, or unmutes. What is held back until an hour at which it may still be told waits for it; all else that is
    /// meant is kept still.
    fn mute(&mut self, record: &Record<'_>, control: &Control, out: &mut Outputs) -> Outcome {
        let moved = self.move_held(record, out);
        let Action::Mute { incident_id, policy, .. } = &control.action else { return moved };
        if control.undone || !matches!(moved, Outcome::Emitted) {
            return moved;
        }
        let (now, mutes) = ((self.clock)(), self.mutes.clone());
        let waits = |alert: &Alert| {
            let until = alert.held_until.map(|until| until.timestamp());
            let until = until.filter(|until| now < *until);
            until.is_some_and(|until| {
                let muting = mutes.values().filter(|mute| mute.holds(&alert.incident_id, &alert.policy, now));
                muting.into_iter().all(|mute| mute.until.is_some_and(|end| end <= until))
            })
        };
        let is_meant = |alert: &Alert| {
            incident_id.as_ref().is_none_or(|id| *id == alert.incident_id)
                && policy.as_ref().is_none_or(|name| *name == alert.policy)
                && !waits(alert)
        };
        self.silence(record, control, is_meant, out)
    }

    fn tell_all(&mut self, record: &Record<'_>, alerts: Vec<Alert>, out: &mut Outputs) -> Outcome {
        for alert in alerts {
            if let Err(rejection) = self.tell(record, alert, out) {
                return Outcome::DeadLetter(rejection);
            }
        }
        Outcome::Emitted
    }

    /// Notes a mute, or that it no longer holds.
    fn note_mute(&mut self, control: &Control) {
        let Action::Mute { incident_id, policy, until } = &control.action else { return };
        if control.undone {
            self.mutes.remove(&control.id);
            return;
        }
        let mute = Mute {
            incident: incident_id.clone(),
            policy: policy.clone(),
            until: until.map(|until| until.timestamp()),
        };
        self.mutes.insert(control.id.clone(), mute);
    }
}

impl StatefulProcessor for Alerter {
    fn restore(&mut self, record: &Record<'_>) -> Result<(), Rejection> {
        self.take(record);
        let Some(payload) = record.payload() else {
            let key = String::from_utf8_lossy(record.key().unwrap_or_default()).into_owned();
            let mut parts = key.split('/');
            if let (Some(incident), Some(route), None) = (parts.next(), parts.next(), parts.next())
                && let Some(told) = self.told.get_mut(incident)
            {
                told.remove(route);
                if told.is_empty() {
                    self.told.remove(incident);
                }
            }
            return Ok(());
        };
        let alert = Alert::decode(payload).map_err(|error| rejection(&error))?;
        if alert.sink.is_none() {
            self.told.entry(alert.incident_id.clone()).or_default().insert(alert.route.clone(), alert);
        }
        Ok(())
    }

    fn restore_control(&mut self, record: &Record<'_>) -> Result<(), Rejection> {
        self.take(record);
        // What cannot be read was put aside when it was new.
        if let Some(Ok(control)) = record.payload().map(Control::decode) {
            self.note_mute(&control);
        }
        Ok(())
    }

    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        self.take(record);
        let Some(payload) = record.payload() else { return self.forget(record, out) };
        let incident = match Incident::decode(payload) {
            Ok(incident) => incident,
            Err(error) => return Outcome::DeadLetter(rejection(&error)),
        };
        let lane = record.header("siaga-lane").map(String::from_utf8_lossy);
        let lane = lane.as_deref().unwrap_or(&incident.lane);
        self.metrics.incident(&incident, lane);
        let mut reason = "unmatched";
        let mut is_told = false;
        for decision in self.decide(&incident, lane) {
            self.metrics.decision(&decision);
            match decision.outcome {
                Ok(alert) => {
                    is_told = true;
                    if let Err(rejection) = self.tell(record, alert, out) {
                        return Outcome::DeadLetter(rejection);
                    }
                }
                Err(silent) => reason = silent.code(),
            }
        }
        if is_told { Outcome::Emitted } else { Outcome::Skipped { reason } }
    }

    fn control(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        self.take(record);
        let Some(payload) = record.payload() else {
            let id = String::from_utf8_lossy(record.key().unwrap_or_default());
            self.mutes.remove(id.as_ref());
            return self.move_held(record, out);
        };
        let control = match Control::decode(payload) {
            Ok(control) => control,
            Err(error) => return Outcome::DeadLetter(rejection(&error)),
        };
        self.note_mute(&control);
        match &control.action {
            Action::Mute { .. } => self.mute(record, &control, out),
            _ if control.undone => Outcome::Emitted,
            Action::Acknowledge { incident_id } => {
                self.silence(record, &control, |alert| alert.incident_id == *incident_id, out)
            }
            Action::Merge { .. } | Action::Split { .. } | Action::Note { .. } => {
                Outcome::Skipped { reason: "not_for_alerts" }
            }
        }
    }

    fn entries(&self) -> usize {
        self.told.values().map(BTreeMap::len).sum()
    }
}
