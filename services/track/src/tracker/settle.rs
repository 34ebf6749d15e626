//! Groups keep their ids: which incident goes on as which group, which are merged, which come out of another.
//!
//! An incident goes where its founding report goes, and where that is no longer held, where most of its reports go. Of
//! several in one group the one that brings most reports goes on, of equals the older; the others are merged into it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use siaga_schemas::{Decision, DecisionKind, Incident, IncidentState, Versions};

use super::decisions::subjects;
use super::held::Id;
use super::{Cause, Change, Tracked, Tracker, decision, is_live};
use crate::grouping::{Handle, Touched};
use crate::identity::{Key, fit, grounds};
use crate::summary::summarise;

/// Decisions that an incident keeps: the first and the last of them.
const MOST_DECISIONS: usize = 100;
const FIRST_DECISIONS: usize = 20;

/// A group of reports and what becomes of the incidents that they were in.
struct Group {
    members: BTreeSet<Handle>,
    keeper: Option<Id>,
    merged: Vec<Id>,
}

impl Tracker {
    /// Brings the incidents in line with the groups that a change has touched.
    pub(super) fn settle(&mut self, touched: &Touched, cause: &mut Cause<'_>) -> Vec<Change> {
        let mut open: Vec<Key> = touched.present.iter().cloned().collect();
        for (incident, ..) in &cause.notes {
            let members = self.incidents.get(incident).map(|tracked| &tracked.members);
            open.extend(members.into_iter().flatten().filter_map(|member| self.founder_of(*member)));
        }
        let mut members = self.touched_groups(open);
        self.decisions.apply(&mut members, &self.store);
        let (groups, homeless) = self.assign(members, cause);
        let mut changes = Vec::new();
        let mut moved: BTreeMap<Id, Id> = BTreeMap::new();
        for group in groups {
            changes.extend(self.keep(group, cause, &mut moved));
        }
        for id in homeless {
            changes.extend(self.empty(&id, cause, moved.get(&id)));
        }
        changes
    }

    /// The reports of the groups that are touched, and of those that share an incident or a decision with them.
    fn touched_groups(&self, mut open: Vec<Key>) -> Vec<BTreeSet<Handle>> {
        let mut groups: BTreeMap<Key, BTreeSet<Handle>> = BTreeMap::new();
        let mut seen: BTreeSet<Id> = BTreeSet::new();
        while let Some(founder) = open.pop() {
            if groups.contains_key(&founder) {
                continue;
            }
            let handles: BTreeSet<Handle> = self.grouping.reports(&founder).into_iter().collect();
            for handle in &handles {
                let Some(incident) = &self.store.get(*handle).incident else { continue };
                if seen.insert(Arc::clone(incident)) {
                    let members = self.incidents[incident].members.difference(&handles);
                    open.extend(members.filter_map(|member| self.founder_of(*member)));
                }
            }
            groups.insert(founder, handles);
            if open.is_empty() && !self.decisions.is_empty() {
                open.extend(self.tied(&groups));
            }
        }
        groups.into_values().collect()
    }

    fn founder_of(&self, handle: Handle) -> Option<Key> {
        self.grouping.founder(&self.store.get(handle).key).cloned()
    }

    /// Groups that operators' decisions tie to these.
    fn tied(&self, groups: &BTreeMap<Key, BTreeSet<Handle>>) -> Vec<Key> {
        let mut tied = Vec::new();
        for control in self.decisions.holding() {
            let founders: BTreeSet<Key> =
                subjects(control, &self.store).into_iter().filter_map(|h| self.founder_of(h)).collect();
            if founders.iter().any(|founder| groups.contains_key(founder)) {
                tied.extend(founders.into_iter().filter(|founder| !groups.contains_key(founder)));
            }
        }
        tied
    }

    /// Which incident goes on as which group, and which have no report left.
    fn assign(&self, members: Vec<BTreeSet<Handle>>, cause: &Cause<'_>) -> (Vec<Group>, BTreeSet<Id>) {
        let mut overlaps: BTreeMap<Id, BTreeMap<usize, usize>> = BTreeMap::new();
        let mut home: BTreeMap<Id, usize> = BTreeMap::new();
        for (number, group) in members.iter().enumerate() {
            for handle in group {
                let held = self.store.get(*handle);
                if let Some(incident) = &held.incident {
                    *overlaps.entry(Arc::clone(incident)).or_default().entry(number).or_default() += 1;
                }
                if self.incidents.contains_key(&held.event) {
                    home.insert(Arc::clone(&held.event), number);
                }
            }
        }
        for (incident, groups) in &overlaps {
            let first = |number: usize| members[number].iter().map(|h| self.store.get(*h).order()).min();
            let most =
                groups.iter().max_by(|(a, n), (b, m)| n.cmp(m).then_with(|| first(**b).cmp(&first(**a))));
            if let Some((number, _)) = most {
                home.entry(Arc::clone(incident)).or_insert(*number);
            }
        }
        let mut groups: Vec<Group> =
            members.into_iter().map(|members| Group { members, keeper: None, merged: Vec::new() }).collect();
        let overlap =
            |id: &Id, number: usize| overlaps.get(id).and_then(|groups| groups.get(&number)).copied();
        for (number, group) in groups.iter_mut().enumerate() {
            let mut claimants: Vec<&Id> =
                home.iter().filter(|(_, at)| **at == number).map(|(id, _)| id).collect();
            claimants.sort_by_key(|id| {
                let record = &self.incidents[*id].record;
                let founded = record.why.first().map(|decision| decision.at.timestamp());
                let most = std::cmp::Reverse((is_live(record.state), overlap(id, number)));
                (most, founded, Arc::clone(id))
            });
            group.keeper = claimants.first().map(|id| Arc::clone(id));
            group.merged = claimants.iter().skip(1).map(|id| Arc::clone(id)).collect();
        }
        let noted = cause.notes.iter().map(|(incident, ..)| incident);
        let homeless = noted.filter(|id| !home.contains_key(*id)).cloned().collect();
        groups.sort_by_cached_key(|group| {
            let first =
                group.members.iter().map(|handle| self.store.get(*handle)).min_by_key(|held| held.order());
            first.map(|held| (held.report.recorded_at.timestamp(), Arc::clone(&held.event)))
        });
        (groups, homeless)
    }

    /// Makes a group an incident, and merges others into it.
    fn keep(&mut self, group: Group, cause: &mut Cause<'_>, moved: &mut BTreeMap<Id, Id>) -> Vec<Change> {
        let Group { members, keeper, merged } = group;
        let mut handles: Vec<Handle> = members.iter().copied().collect();
        handles.sort_by(|a, b| self.store.get(*a).order().cmp(&self.store.get(*b).order()));
        let Some(first) = handles.first() else { return Vec::new() };
        let id = keeper.clone().unwrap_or_else(|| Arc::clone(&self.store.get(*first).event));
        let decisions = self.decisions_on(&id, &handles, keeper.is_some(), cause, moved);
        let mut changes = Vec::new();
        let mut further = Vec::new();
        for other in merged {
            changes.extend(self.merge_into(&other, &id, cause, &mut further));
        }
        for handle in &handles {
            self.store.get_mut(*handle).incident = Some(Arc::clone(&id));
        }
        let old = self.incidents.get(&id);
        further.extend(old.iter().flat_map(|old| old.record.further.iter().cloned()));
        let is_same = old.is_some_and(|old| {
            !old.stale
                && old.members == members
                && is_live(old.record.state)
                && decisions.is_empty()
                && further == old.record.further
        });
        if is_same {
            return changes;
        }
        further.retain(|report| self.store.is_brief(&report.event));
        let reports = handles.iter().map(|handle| Arc::clone(&self.store.get(*handle).report)).collect();
        let mut record = summarise(reports, further);
        if record.state != IncidentState::Retracted {
            record.state = self.state_of(&record);
        }
        changes.push(self.revise(&id, record, members, decisions, cause));
        changes
    }

    /// An incident whose reports another one has now.
    fn merge_into(
        &mut self,
        id: &Id,
        into: &Id,
        cause: &Cause<'_>,
        further: &mut Vec<siaga_schemas::BriefReport>,
    ) -> Option<Change> {
        let old = &self.incidents[id].record;
        if old.merged_into.as_deref() == Some(into) {
            return None;
        }
        for report in &old.further {
            self.store.remove_brief(&report.event);
            self.store.insert_brief(report.event.as_str().into(), Arc::clone(into), report.clone());
            further.push(report.clone());
        }
        self.counts.merged += 1;
        let reason = "its reports are of one happening with those of the other".to_owned();
        let decided = decision(DecisionKind::Merged, into, None, reason, self.now);
        let record = Incident {
            state: IncidentState::MergedInto,
            merged_into: Some(into.to_string()),
            ..without_reports(old)
        };
        Some(self.revise(id, record, BTreeSet::new(), vec![decided], cause))
    }

    /// An incident without reports: they were taken back, or all went elsewhere.
    fn empty(&mut self, id: &Id, cause: &Cause<'_>, into: Option<&Id>) -> Option<Change> {
        let tracked = self.incidents.get(id)?;
        let old = Arc::clone(&tracked.record);
        let further: Vec<_> =
            old.further.iter().filter(|report| self.store.is_brief(&report.event)).cloned().collect();
        let mut decisions = self.noted(id, cause);
        let record = if let Some(into) = into {
            Incident {
                state: IncidentState::MergedInto,
                merged_into: Some(into.to_string()),
                ..without_reports(&old)
            }
        } else if further.is_empty() {
            if matches!(old.state, IncidentState::Retracted | IncidentState::MergedInto)
                && old.reports.is_empty()
            {
                return None;
            }
            let reason = "no report of it is left".to_owned();
            decisions.push(decision(DecisionKind::Retracted, id, None, reason, self.now));
            Incident { state: IncidentState::Retracted, flagged: false, ..without_reports(&old) }
        } else {
            let report_count = u32::try_from(further.len()).unwrap_or(u32::MAX);
            let state = self.state_of(&old);
            Incident { state, report_count, further, ..without_reports(&old) }
        };
        Some(self.revise(id, record, BTreeSet::new(), decisions, cause))
    }

    /// The next revision of an incident.
    pub(super) fn revise(
        &mut self,
        id: &Id,
        mut record: Incident,
        members: BTreeSet<Handle>,
        decisions: Vec<Decision>,
        cause: &Cause<'_>,
    ) -> Change {
        let old = self.incidents.get(id).map(|tracked| &tracked.record);
        record.incident_id = id.to_string();
        record.revision = old.map_or(1, |old| old.revision + 1);
        record.why = old.map(|old| old.why.clone()).unwrap_or_default();
        record.why.extend(decisions);
        if record.why.len() > MOST_DECISIONS {
            record.why.drain(FIRST_DECISIONS..record.why.len() - (MOST_DECISIONS - FIRST_DECISIONS));
        }
        record.changed = super::changed::changed(old.map(Arc::as_ref), &record);
        cause.lane.clone_into(&mut record.lane);
        record.updated_at = siaga_schemas::Moment::from_millis(self.now.as_millisecond());
        record.versions = match old {
            // An operator's decision has no lexicon.
            Some(old) if cause.versions.lexicon.is_empty() => {
                Versions { program: cause.versions.program.clone(), ..old.versions.clone() }
            }
            _ => cause.versions.clone(),
        };
        let record = Arc::new(record);
        self.track(id, Arc::clone(&record), members);
        Change::Put(record)
    }

    /// What was decided on an incident in this step, in words for an analyst.
    fn decisions_on(
        &mut self,
        id: &Id,
        handles: &[Handle],
        goes_on: bool,
        cause: &Cause<'_>,
        moved: &mut BTreeMap<Id, Id>,
    ) -> Vec<Decision> {
        let mut decisions = self.noted(id, cause);
        let mut from: BTreeSet<&Id> = BTreeSet::new();
        for (place, handle) in handles.iter().enumerate() {
            let held = self.store.get(*handle);
            let told = |kind, subject: &str, reason| decision(kind, subject, None, reason, self.now);
            match &held.incident {
                Some(old) if old == id => {}
                Some(old) if from.insert(old) => {
                    moved.insert(Arc::clone(old), Arc::clone(id));
                    let kind = if goes_on { DecisionKind::Merged } else { DecisionKind::Split };
                    decisions.push(told(kind, old, self.reason(handles, place)));
                }
                Some(_) => {}
                None if place == 0 && !goes_on => {
                    let key = &held.key;
                    let reason = format!("first report: {} on {}", key.family.name(), key.day.date());
                    decisions.push(told(DecisionKind::Founded, &held.event, reason));
                }
                None => decisions.push(told(DecisionKind::Joined, &held.event, self.reason(handles, place))),
            }
        }
        let count =
            |kind| decisions.iter().filter(|decision| decision.kind == kind && decision.by.is_none()).count();
        self.counts.founded += u64::from(!goes_on);
        self.counts.joined += count(DecisionKind::Joined) as u64;
        self.counts.split += count(DecisionKind::Split) as u64;
        decisions
    }

    fn noted(&self, id: &Id, cause: &Cause<'_>) -> Vec<Decision> {
        let own = cause.notes.iter().filter(|(incident, ..)| incident == id);
        own.map(|(_, kind, subject, by, reason)| {
            decision(*kind, subject, by.clone(), reason.clone(), self.now)
        })
        .collect()
    }

    /// What speaks for a report's being in a group: how it fits the report that it fits best.
    fn reason(&self, handles: &[Handle], place: usize) -> String {
        let own = &self.store.get(handles[place]).key;
        let others = handles.iter().enumerate().filter(|(other, _)| *other != place);
        let mut best: Option<(u8, &Key)> = None;
        for (_, handle) in others {
            let key = &self.store.get(*handle).key;
            let Ok(score) = fit(own, key) else { continue };
            if best.is_none_or(|(most, _)| score > most) {
                best = Some((score, key));
            }
        }
        match best {
            Some((_, key)) => grounds(own, key),
            None if handles.len() > 1 => "an operator's decision".to_owned(),
            None => "it can be of one happening with no other report there".to_owned(),
        }
    }
}

fn without_reports(old: &Incident) -> Incident {
    Incident {
        merged_into: None,
        reports: Vec::new(),
        further: Vec::new(),
        report_count: 0,
        publishers: 0,
        independent_origins: 0,
        origins: Vec::new(),
        ..old.clone()
    }
}

impl Tracked {
    pub(super) fn members(&self) -> &BTreeSet<Handle> {
        &self.members
    }
}
