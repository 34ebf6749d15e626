//! What operators decided: it holds against the rules until it is undone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use siaga_schemas::{Action, Control};

use super::held::Store;
use crate::grouping::Handle;

/// The merges and splits that hold, in the order in which they were decided.
#[derive(Debug, Default)]
pub(crate) struct Decisions {
    by_id: BTreeMap<String, Control>,
}

impl Decisions {
    /// Takes a decision, and gives back what it replaces.
    pub(crate) fn take(&mut self, control: Control) -> Option<Control> {
        if !matches!(control.action, Action::Merge { .. } | Action::Split { .. }) {
            return self.by_id.remove(&control.id);
        }
        let id = control.id.clone();
        if control.undone { self.by_id.remove(&id) } else { self.by_id.insert(id, control) }
    }

    /// Forgets a decision.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Control> {
        self.by_id.remove(id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    pub(crate) fn holding(&self) -> Vec<&Control> {
        let mut holding: Vec<&Control> = self.by_id.values().collect();
        holding.sort_by_key(|control| when(control));
        holding
    }

    /// Applies them to groups of reports: splits take their reports out, merges join what is left.
    pub(crate) fn apply(&self, groups: &mut Vec<BTreeSet<Handle>>, store: &Store) {
        let holding = self.holding();
        for control in &holding {
            if let Action::Split { events, .. } = &control.action {
                split(events, groups, store);
            }
        }
        for control in holding {
            if let Action::Merge { incident_id, with } = &control.action {
                let founders = std::iter::once(incident_id).chain(with).filter_map(|id| store.find(id));
                merge(&founders.collect::<Vec<_>>(), groups);
            }
        }
        groups.retain(|group| !group.is_empty());
    }
}

fn when(control: &Control) -> (Timestamp, String) {
    (control.at.timestamp(), control.id.clone())
}

/// The reports that a decision is about, as far as they are held: an incident is meant by its founding report.
pub(crate) fn subjects(control: &Control, store: &Store) -> Vec<Handle> {
    let ids: Vec<&String> = match &control.action {
        Action::Merge { incident_id, with } => std::iter::once(incident_id).chain(with).collect(),
        Action::Split { incident_id, events } => std::iter::once(incident_id).chain(events).collect(),
        _ => Vec::new(),
    };
    ids.into_iter().filter_map(|id| store.find(id)).collect()
}

fn split(events: &[String], groups: &mut Vec<BTreeSet<Handle>>, store: &Store) {
    let leaving: BTreeSet<Handle> = events.iter().filter_map(|id| store.find(id)).collect();
    let mut left = BTreeSet::new();
    for group in groups.iter_mut() {
        left.extend(group.extract_if(.., |handle| leaving.contains(handle)));
    }
    groups.push(left);
}

fn merge(founders: &[Handle], groups: &mut Vec<BTreeSet<Handle>>) {
    let is_meant = |group: &BTreeSet<Handle>| founders.iter().any(|founder| group.contains(founder));
    let (meant, mut rest): (Vec<_>, Vec<_>) = groups.drain(..).partition(is_meant);
    let joined: BTreeSet<Handle> = meant.into_iter().flatten().collect();
    rest.push(joined);
    *groups = rest;
}
