//! What operators decided and what was told, by incident.

use std::collections::{BTreeMap, HashMap, VecDeque};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_schemas::{Action, Alert, AlertState, Control, Moment};

/// What operators and alerts made of an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Operator {
    /// Who has seen it.
    pub acknowledged_by: Option<String>,
    /// Whether nothing is told of it, for now or for ever.
    pub muted: bool,
    /// Until when it is muted; without end where absent.
    pub muted_until: Option<Moment>,
    /// Routes that were told and hold it for open.
    pub alerts_firing: u32,
    /// Routes that were ever told.
    pub alerts: u32,
}

/// Alerts and decisions, kept for incidents that are known and that are yet to come.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    alerts: HashMap<String, BTreeMap<String, Alert>>,
    decisions: HashMap<String, BTreeMap<String, Control>>,
    /// Incidents by the key of the alert or decision, so that a deletion finds them.
    owners: HashMap<String, Vec<String>>,
    /// Incidents with alerts that are not held, the one that was told first in front: the topics come side by side.
    waiting: VecDeque<String>,
    most_waiting: usize,
}

impl Ledger {
    /// Keeps alerts of so many incidents that are not held; decisions, which people make, are all kept.
    pub(super) fn new(most_waiting: usize) -> Self {
        Self { most_waiting, ..Self::default() }
    }

    /// Takes an alert, or takes it back; says whose it is.
    pub(super) fn alert(
        &mut self,
        key: &str,
        alert: Option<Alert>,
        is_held: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        let Some(alert) = alert else {
            let owners = self.owners.remove(key).unwrap_or_default();
            for owner in &owners {
                if let Some(alerts) = self.alerts.get_mut(owner) {
                    alerts.remove(key);
                }
            }
            return owners;
        };
        let owner = alert.incident_id.clone();
        self.owners.insert(key.to_owned(), vec![owner.clone()]);
        let alerts = self.alerts.entry(owner.clone()).or_default();
        if alerts.is_empty() && !is_held(&owner) {
            self.waiting.push_back(owner.clone());
        }
        alerts.insert(key.to_owned(), alert);
        while self.waiting.len() > self.most_waiting {
            let Some(oldest) = self.waiting.pop_front() else { break };
            if !is_held(&oldest) {
                self.evict(&oldest);
            }
        }
        vec![owner]
    }

    /// Forgets what was told of an incident that is no longer held.
    pub(super) fn evict(&mut self, incident: &str) {
        for key in self.alerts.remove(incident).unwrap_or_default().into_keys() {
            self.owners.remove(&key);
        }
    }

    /// Takes a decision, or takes it back; says which incidents it is about.
    pub(super) fn decide(&mut self, key: &str, control: Option<Control>) -> Vec<String> {
        let before = self.owners.remove(key).unwrap_or_default();
        for owner in &before {
            if let Some(decisions) = self.decisions.get_mut(owner) {
                decisions.remove(key);
            }
        }
        let Some(control) = control else { return before };
        let owners = subjects(&control.action);
        for owner in &owners {
            let decisions = self.decisions.entry(owner.clone()).or_default();
            decisions.insert(key.to_owned(), control.clone());
        }
        self.owners.insert(key.to_owned(), owners.clone());
        before.into_iter().chain(owners).collect()
    }

    /// Alerts of an incident.
    pub(super) fn alerts_of(&self, incident: &str) -> Vec<Alert> {
        self.alerts.get(incident).map(|alerts| alerts.values().cloned().collect()).unwrap_or_default()
    }

    /// Decisions on an incident, the ones undone too, the oldest first.
    pub(super) fn decisions_of(&self, incident: &str) -> Vec<Control> {
        let held = self.decisions.get(incident);
        let mut decisions: Vec<Control> =
            held.map(|held| held.values().cloned().collect()).unwrap_or_default();
        decisions.sort_by_key(|control| control.at.timestamp());
        decisions
    }

    /// What they make of an incident.
    pub(super) fn operator(&self, incident: &str) -> Operator {
        let mut operator = Operator::default();
        for control in self.decisions_of(incident).iter().filter(|control| !control.undone) {
            match &control.action {
                Action::Acknowledge { .. } => operator.acknowledged_by = Some(control.by.clone()),
                Action::Mute { until, .. } => {
                    operator.muted = true;
                    operator.muted_until = *until;
                }
                Action::Merge { .. } | Action::Split { .. } | Action::Note { .. } => {}
            }
        }
        let alerts = self.alerts.get(incident);
        let firing = |alert: &&Alert| alert.state == AlertState::Firing;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        // How telling a sink went is a record beside the alert.
        let told = || alerts.into_iter().flat_map(BTreeMap::values).filter(|alert| alert.sink.is_none());
        operator.alerts = count(told().count());
        operator.alerts_firing = count(told().filter(firing).count());
        operator
    }
}

/// Incidents that a decision is about.
fn subjects(action: &Action) -> Vec<String> {
    match action {
        Action::Acknowledge { incident_id }
        | Action::Split { incident_id, .. }
        | Action::Note { incident_id } => vec![incident_id.clone()],
        Action::Mute { incident_id, .. } => incident_id.iter().cloned().collect(),
        Action::Merge { incident_id, with } => std::iter::once(incident_id).chain(with).cloned().collect(),
    }
}
