//! Incidents close and are forgotten by the days of their events, on the clock of the records.

use std::collections::BTreeSet;
use std::sync::Arc;

use siaga_schemas::{DecisionKind, Incident, IncidentState, Moment};

use super::held::Id;
use super::{Cause, Change, Tracked, Tracker, decision};
use crate::grouping::{Handle, Touched};
use crate::identity::{Day, Profile};

impl Tracker {
    /// Today, as far as the records say.
    fn today(&self) -> Day {
        day(self.now.as_millisecond())
    }

    /// Whether a report is of what would be forgotten at once.
    pub(super) fn is_too_old(&self, profile: &Profile) -> bool {
        profile.day.plus(i32::from(self.settings.retain_days.get())) < self.today()
    }

    /// Open or closed.
    pub(super) fn state_of(&self, incident: &Incident) -> IncidentState {
        if self.closes(incident) <= self.today() { IncidentState::Closed } else { IncidentState::Open }
    }

    /// Holds a revision of an incident.
    pub(super) fn track(&mut self, id: &Id, record: Arc<Incident>, members: BTreeSet<Handle>) {
        let due =
            if record.state == IncidentState::Open { self.closes(&record) } else { self.forgets(&record) };
        let tracked = Tracked { record, members, due, stale: false };
        if let Some(old) = self.incidents.insert(Arc::clone(id), tracked) {
            self.undue(id, old.due);
        }
        self.due.entry(due).or_default().insert(Arc::clone(id));
    }

    fn undue(&mut self, id: &Id, due: Day) {
        let Some(ids) = self.due.get_mut(&due) else { return };
        ids.remove(id);
        if ids.is_empty() {
            self.due.remove(&due);
        }
    }

    /// Closes and forgets what is due. What this step has written is forgotten by a later one: the latest record always
    /// tells the clock.
    pub(super) fn expire(&mut self, cause: &mut Cause<'_>) -> Vec<Change> {
        let due: Vec<Id> = self.due.range(..=self.today()).flat_map(|(_, ids)| ids).cloned().collect();
        let mut changes = Vec::new();
        for id in due {
            let Some(tracked) = self.incidents.get(&id) else { continue };
            let record = Arc::clone(&tracked.record);
            if self.forgets(&record) > self.today() {
                // What was forgotten a moment ago may have changed it.
                if record.state == IncidentState::Open && self.closes(&record) <= self.today() {
                    changes.push(self.close(&id, &record, cause));
                }
            } else if record.updated_at.timestamp() < self.now {
                changes.extend(self.forget(&id, cause));
            }
        }
        changes
    }

    fn close(&mut self, id: &Id, record: &Incident, cause: &Cause<'_>) -> Change {
        let reason = format!("{} days have passed since", self.settings.close_after_days);
        let decided = decision(DecisionKind::Closed, id, None, reason, self.now);
        let record = Incident { state: IncidentState::Closed, ..record.clone() };
        let members = self.incidents[id].members().clone();
        self.revise(id, record, members, vec![decided], cause)
    }

    fn forget(&mut self, id: &Id, cause: &mut Cause<'_>) -> Vec<Change> {
        let Some(tracked) = self.incidents.remove(id) else { return Vec::new() };
        self.undue(id, tracked.due);
        self.counts.forgotten += 1;
        let mut touched = Touched::default();
        for handle in tracked.members {
            let key = self.store.get(handle).key.clone();
            touched.add(self.grouping.remove(&key, handle));
            self.store.remove(handle);
        }
        for report in &tracked.record.further {
            self.store.remove_brief(&report.event);
        }
        let mut changes = vec![Change::Forget(id.to_string())];
        changes.extend(self.settle(&touched, cause));
        changes
    }

    /// First day on which it is closed.
    fn closes(&self, incident: &Incident) -> Day {
        last_day(incident).plus(i32::from(self.settings.close_after_days.get()) + 1)
    }

    /// First day on which it is forgotten.
    fn forgets(&self, incident: &Incident) -> Day {
        last_day(incident).plus(i32::from(self.settings.retain_days.get()) + 1)
    }
}

/// The day of the event, where it is known; one that the calendar of the records has not reached counts as theirs.
fn last_day(incident: &Incident) -> Day {
    let recorded = incident.reports.iter().map(|report| report.recorded_at);
    let recorded = recorded.max_by_key(Moment::timestamp).unwrap_or(incident.updated_at);
    let recorded = day(recorded.timestamp().as_millisecond());
    let told = incident.date.as_ref().map(|date| Day::from(date.end));
    told.map_or(recorded, |told| told.min(recorded.plus(1)))
}

fn day(millis: i64) -> Day {
    Day::from(Moment::from_millis(millis).date())
}
