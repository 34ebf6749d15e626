//! The tracker: mentions, corrections and decisions in, incidents out.
//!
//! It is a pure state: what comes out depends on what came in and on the timestamps of the records, never on a clock.
//! Which reports are one happening is decided by `grouping`, what an incident says by `summary`; here the
//! groups keep their ids ([`settle`]), and incidents close and are forgotten by stream time ([`lifetime`]).

mod changed;
mod decisions;
mod held;
mod lifetime;
mod settle;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use siaga_schemas::{
    ArticleRef, Control, Correction, Decision, DecisionKind, Incident, IncidentState, Mention, Moment,
    Versions, Withdrawal,
};

use crate::config::Tracking;
use crate::grouping::{Grouping, Handle, Touched};
use crate::identity::{Day, Key, Profile};
use decisions::Decisions;
use held::{Arriving, Held, Id, Store, Version, brief};

/// What becomes of an incident.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is as follows now.
    Put(Arc<Incident>),
    /// It is older than the tracker keeps.
    Forget(String),
}

/// Where a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival<'r> {
    /// Its timestamp in milliseconds since 1970.
    pub timestamp: i64,
    /// Its lane: `live` or `backfill:<id>`.
    pub lane: &'r str,
}

/// Why a record changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unchanged {
    /// Name for the counter.
    pub reason: &'static str,
}

const REPEATED: Unchanged = Unchanged { reason: "repeated" };
const SUPERSEDED: Unchanged = Unchanged { reason: "superseded" };
const TOO_OLD: Unchanged = Unchanged { reason: "too_old" };
const NOTHING_HELD: Unchanged = Unchanged { reason: "nothing_held" };
const NO_CHANGE: Unchanged = Unchanged { reason: "no_change" };
const NOT_FOR_INCIDENTS: Unchanged = Unchanged { reason: "not_for_incidents" };

/// How often what happened, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Incidents that were founded.
    pub founded: u64,
    /// Reports that joined an incident.
    pub joined: u64,
    /// Incidents that were merged into another.
    pub merged: u64,
    /// Incidents that came out of another.
    pub split: u64,
    /// Incidents that were forgotten.
    pub forgotten: u64,
    /// Groups that a report without a day was compared with.
    pub examined: u64,
}

/// An incident with the numbers of the reports that it holds in full.
#[derive(Debug)]
pub(crate) struct Tracked {
    record: Arc<Incident>,
    members: BTreeSet<Handle>,
    /// Day on which it closes or is forgotten.
    due: Day,
    /// Whether its record no longer says what it holds.
    stale: bool,
}

/// All incidents of a partition.
#[derive(Debug)]
pub struct Tracker {
    settings: Tracking,
    program: String,
    grouping: Grouping,
    store: Store,
    incidents: FxHashMap<Id, Tracked>,
    decisions: Decisions,
    /// Incidents by the day on which they close or are forgotten.
    due: BTreeMap<Day, BTreeSet<Id>>,
    /// The latest timestamp of a record that changed something.
    now: Timestamp,
    /// Incidents that are restored but not built up yet.
    restoring: FxHashMap<String, Incident>,
    counts: Counts,
}

/// Why a change is made: what every revision of it carries.
struct Cause<'c> {
    lane: &'c str,
    versions: Versions,
    /// Decisions on incidents that a report leaves or an operator names.
    notes: Vec<(Id, DecisionKind, String, Option<String>, String)>,
}

impl Tracker {
    /// One that holds nothing. `program` is the version that its incidents carry.
    pub fn new(settings: Tracking, program: &str) -> Self {
        Self {
            settings,
            program: program.to_owned(),
            grouping: Grouping::default(),
            store: Store::default(),
            incidents: FxHashMap::default(),
            decisions: Decisions::default(),
            due: BTreeMap::new(),
            now: Timestamp::MIN,
            restoring: FxHashMap::default(),
            counts: Counts::default(),
        }
    }

    /// Incidents held, those that are closed or merged too.
    pub fn incidents(&self) -> usize {
        self.incidents.len() + self.restoring.len()
    }

    /// Reports held in full.
    pub fn reports(&self) -> usize {
        self.store.len()
    }

    /// How often what happened.
    pub fn counts(&self) -> Counts {
        Counts { examined: self.grouping.examined(), ..self.counts }
    }

    /// The incident of an event.
    pub fn incident_of(&self, event: &str) -> Option<&str> {
        self.store.get(self.store.find(event)?).incident.as_deref()
    }

    /// Takes an incident as the changelog has it, none where it is forgotten; the last one of an id counts.
    pub fn restore(&mut self, id: &str, incident: Option<Incident>) {
        match incident {
            Some(incident) => {
                self.now = self.now.max(incident.updated_at.timestamp());
                self.restoring.insert(id.to_owned(), incident);
            }
            None => drop(self.restoring.remove(id)),
        }
    }

    /// Takes a decision whose effects the restored incidents hold.
    pub fn restore_control(&mut self, control: Control) {
        self.decisions.take(control);
    }

    /// Takes a mention.
    ///
    /// # Errors
    /// Where it changes nothing, with the reason.
    pub fn mention(&mut self, mention: Mention, arrival: Arrival<'_>) -> Result<Vec<Change>, Unchanged> {
        self.build_up();
        let recorded_at = Moment::from_millis(arrival.timestamp);
        let version =
            Version { recorded_at: recorded_at.timestamp(), digest: mention.article.version.clone() };
        let told = self.store.of_article(&mention.article.id);
        let is_other = |digest: &str| digest != version.digest;
        if told.iter().any(|told| is_other(&told.version.digest) && told.version > version) {
            return Err(SUPERSEDED);
        }
        let held = told.iter().find(|told| *told.event == *mention.event.id);
        if held.is_some_and(|told| !is_other(&told.version.digest)) {
            return Err(REPEATED);
        }
        let is_last = mention.part.is_none_or(|part| part.number >= part.of);
        let mut replaced: Vec<Id> = Vec::new();
        for told in told.iter().filter(|told| is_other(&told.version.digest)) {
            if is_last || *told.event == *mention.event.id {
                replaced.push(Arc::clone(&told.event));
            }
        }
        let profile = Profile::of(&mention).map_err(|undecidable| Unchanged { reason: undecidable.code() });
        let profile =
            profile.and_then(|profile| if self.is_too_old(&profile) { Err(TOO_OLD) } else { Ok(profile) });
        if let (Err(unchanged), true) = (&profile, replaced.is_empty()) {
            return Err(*unchanged);
        }
        let before = self.advance(arrival.timestamp);
        let mut cause = self.cause(arrival.lane, &mention.versions);
        let reason = format!("article {} has another text now", mention.article.id);
        let mut touched = self.take_out(&replaced, DecisionKind::Corrected, &reason, &mut cause);
        let event: Id = mention.event.id.as_str().into();
        if let Ok(profile) = profile {
            touched.add(self.hold(Arriving::new(mention, profile, arrival.lane, recorded_at)));
        }
        let mut changes = self.settle(&touched, &mut cause);
        self.shorten(&event, &mut changes, &mut cause);
        self.end(before, changes, &mut cause)
    }

    /// Takes the news that an article's present text holds no event.
    ///
    /// # Errors
    /// Where nothing is held of it.
    pub fn correction(
        &mut self,
        correction: &Correction,
        arrival: Arrival<'_>,
    ) -> Result<Vec<Change>, Unchanged> {
        let reason = format!("article {} tells of it no more", correction.article.id);
        self.void(&correction.article, &correction.versions, arrival, DecisionKind::Corrected, &reason)
    }

    /// Takes the news that an article is taken back.
    ///
    /// # Errors
    /// Where nothing is held of it.
    pub fn withdrawal(
        &mut self,
        withdrawal: &Withdrawal,
        arrival: Arrival<'_>,
    ) -> Result<Vec<Change>, Unchanged> {
        let reason = format!("article {} was taken back", withdrawal.article.id);
        self.void(&withdrawal.article, &withdrawal.versions, arrival, DecisionKind::Withdrawn, &reason)
    }

    /// Takes an operator's decision.
    ///
    /// # Errors
    /// Where it is about no incident that is held.
    pub fn control(&mut self, control: Control, arrival: Arrival<'_>) -> Result<Vec<Change>, Unchanged> {
        self.build_up();
        let kind = match &control.action {
            siaga_schemas::Action::Merge { .. } => DecisionKind::Merged,
            siaga_schemas::Action::Split { .. } => DecisionKind::Split,
            _ => return Err(NOT_FOR_INCIDENTS),
        };
        let replaced = self.decisions.take(control.clone());
        self.decided(replaced.iter().chain([&control]), kind, arrival)
    }

    /// Forgets an operator's decision, whose record is gone.
    ///
    /// # Errors
    /// Where there is none, or it is about no incident that is held.
    pub fn forget_control(&mut self, id: &str, arrival: Arrival<'_>) -> Result<Vec<Change>, Unchanged> {
        self.build_up();
        let Some(control) = self.decisions.remove(id) else { return Err(NOTHING_HELD) };
        let control = Control { undone: true, ..control };
        self.decided(std::iter::once(&control), DecisionKind::Split, arrival)
    }

    fn decided<'c>(
        &mut self,
        controls: impl Iterator<Item = &'c Control>,
        kind: DecisionKind,
        arrival: Arrival<'_>,
    ) -> Result<Vec<Change>, Unchanged> {
        let mut touched = Touched::default();
        let mut cause = self.cause(arrival.lane, &Versions::default());
        let mut named: BTreeMap<Id, &Control> = BTreeMap::new();
        for control in controls {
            for handle in decisions::subjects(control, &self.store) {
                let held = self.store.get(handle);
                touched.present.extend(self.grouping.founder(&held.key).cloned());
                if let Some(incident) = &held.incident {
                    named.insert(Arc::clone(incident), control);
                }
            }
        }
        if named.is_empty() {
            return Err(NOTHING_HELD);
        }
        for (incident, control) in named {
            let word =
                if control.undone { "an operator took a decision back" } else { "an operator decided so" };
            let reason =
                control.note.as_ref().map_or_else(|| word.to_owned(), |note| format!("{word}: {note}"));
            cause.notes.push((incident, kind, control.id.clone(), Some(control.by.clone()), reason));
        }
        let before = self.advance(arrival.timestamp);
        let changes = self.settle(&touched, &mut cause);
        self.end(before, changes, &mut cause)
    }

    fn void(
        &mut self,
        article: &ArticleRef,
        versions: &Versions,
        arrival: Arrival<'_>,
        kind: DecisionKind,
        reason: &str,
    ) -> Result<Vec<Change>, Unchanged> {
        self.build_up();
        let recorded_at = Moment::from_millis(arrival.timestamp).timestamp();
        let version = Version { recorded_at, digest: article.version.clone() };
        let is_meant = |told: &Version| kind == DecisionKind::Withdrawn || told.digest != version.digest;
        let told = self.store.of_article(&article.id).iter();
        let void: Vec<Id> = told
            .filter(|told| is_meant(&told.version) && told.version.recorded_at <= recorded_at)
            .map(|told| Arc::clone(&told.event))
            .collect();
        if void.is_empty() {
            return Err(NOTHING_HELD);
        }
        let before = self.advance(arrival.timestamp);
        let mut cause = self.cause(arrival.lane, versions);
        let touched = self.take_out(&void, kind, reason, &mut cause);
        let changes = self.settle(&touched, &mut cause);
        self.end(before, changes, &mut cause)
    }

    fn cause<'c>(&self, lane: &'c str, versions: &Versions) -> Cause<'c> {
        let versions = Versions { program: self.program.clone(), ..versions.clone() };
        Cause { lane, versions, notes: Vec::new() }
    }

    /// Moves the clock of the records on, and tells where it stood.
    fn advance(&mut self, timestamp: i64) -> Timestamp {
        let now = self.now.max(Moment::from_millis(timestamp).timestamp());
        std::mem::replace(&mut self.now, now)
    }

    /// Ends a step. One that writes nothing leaves the clock where it stood, since the clock is restored from what was
    /// written.
    fn end(
        &mut self,
        before: Timestamp,
        mut changes: Vec<Change>,
        cause: &mut Cause<'_>,
    ) -> Result<Vec<Change>, Unchanged> {
        if changes.is_empty() {
            self.now = before;
            return Err(NO_CHANGE);
        }
        changes.extend(self.expire(cause));
        Ok(changes)
    }

    /// Holds a report and puts it into its group.
    fn hold(&mut self, arriving: Arriving) -> Touched {
        let event: Id = arriving.report.event.id.as_str().into();
        let key = arriving.key;
        let held = Held { event, report: Arc::new(arriving.report), key: key.clone(), incident: None };
        let handle = self.store.insert(held);
        self.grouping.insert(&key, handle)
    }

    /// Gives reports back.
    fn take_out(
        &mut self,
        events: &[Id],
        kind: DecisionKind,
        reason: &str,
        cause: &mut Cause<'_>,
    ) -> Touched {
        let mut touched = Touched::default();
        for event in events {
            let incident = if let Some(handle) = self.store.find(event) {
                let key = self.store.get(handle).key.clone();
                touched.add(self.grouping.remove(&key, handle));
                let held = self.store.remove(handle);
                held.and_then(|held| held.incident).inspect(|incident| {
                    if let Some(tracked) = self.incidents.get_mut(incident) {
                        tracked.members.remove(&handle);
                    }
                })
            } else {
                self.store.remove_brief(event).map(|(incident, _)| incident)
            };
            if let Some(incident) = incident {
                cause.notes.push((incident, kind, event.to_string(), None, reason.to_owned()));
            }
        }
        touched
    }

    /// Keeps only the count of a report that came to an incident which holds enough of them.
    fn shorten(&mut self, event: &str, changes: &mut Vec<Change>, cause: &mut Cause<'_>) {
        let Some(handle) = self.store.find(event) else { return };
        let Some(incident) = self.store.get(handle).incident.clone() else { return };
        if self.incidents[&incident].members.len() <= usize::from(self.settings.max_reports.get()) {
            return;
        }
        let key = self.store.get(handle).key.clone();
        let touched = self.grouping.remove(&key, handle);
        let Some(held) = self.store.remove(handle) else { return };
        if let Some(tracked) = self.incidents.get_mut(&incident) {
            tracked.members.remove(&handle);
            let mut record = Incident::clone(&tracked.record);
            record.further.push(brief(&held.report));
            tracked.record = Arc::new(record);
            tracked.stale = true;
        }
        self.store.insert_brief(held.event, Arc::clone(&incident), brief(&held.report));
        let last = self.settle(&touched, cause);
        for change in last {
            replace(changes, change);
        }
    }

    /// Builds up what was restored: groups are made of reports anew, incidents keep what they hold. The next record does it
    /// too.
    pub fn build_up(&mut self) {
        if self.restoring.is_empty() {
            return;
        }
        let mut restored: Vec<(String, Incident)> = self.restoring.drain().collect();
        restored.sort_by(|a, b| a.0.cmp(&b.0));
        for (id, incident) in restored {
            let id: Id = id.into();
            let mut members = BTreeSet::new();
            for report in &incident.reports {
                let event: Id = report.event.id.as_str().into();
                let Ok(profile) = Profile::of(&as_mention(report)) else { continue };
                let key = Key::new(profile);
                let held = Held {
                    event,
                    report: Arc::clone(report),
                    key: key.clone(),
                    incident: Some(Arc::clone(&id)),
                };
                let handle = self.store.insert(held);
                self.grouping.insert(&key, handle);
                members.insert(handle);
            }
            for report in &incident.further {
                self.store.insert_brief(report.event.as_str().into(), Arc::clone(&id), report.clone());
            }
            self.track(&id, Arc::new(incident), members);
        }
    }
}

/// A later change of an incident takes the place of the earlier one.
fn replace(changes: &mut Vec<Change>, later: Change) {
    let id = |change: &Change| match change {
        Change::Put(incident) => incident.incident_id.clone(),
        Change::Forget(id) => id.clone(),
    };
    match changes.iter_mut().find(|earlier| id(earlier) == id(&later)) {
        Some(earlier) => *earlier = later,
        None => changes.push(later),
    }
}

fn as_mention(report: &siaga_schemas::Report) -> Mention {
    Mention {
        article: report.article.clone(),
        origin: report.origin.clone(),
        excerpts: Vec::new(),
        event: report.event.clone(),
        part: None,
        versions: Versions::default(),
    }
}

fn decision(
    kind: DecisionKind,
    subject: &str,
    by: Option<String>,
    reason: String,
    at: Timestamp,
) -> Decision {
    let at = Moment::from_millis(at.as_millisecond());
    Decision { kind, subject: subject.to_owned(), by, reason, at }
}

/// Whether reports may still come to it.
fn is_live(state: IncidentState) -> bool {
    state != IncidentState::MergedInto
}
