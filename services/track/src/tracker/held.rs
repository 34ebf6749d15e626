//! The reports that a tracker holds, by number, by event and by article.

use std::sync::Arc;

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use siaga_schemas::{BriefReport, Mention, Moment, Report};

use crate::grouping::Handle;
use crate::identity::{Key, Profile};

/// An event's or incident's id.
pub(crate) type Id = Arc<str>;

/// A report in full.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) event: Id,
    pub(crate) report: Arc<Report>,
    pub(crate) key: Key,
    /// Where it belongs; none until it is settled.
    pub(crate) incident: Option<Id>,
}

impl Held {
    /// The order of reports: that of their records.
    pub(crate) fn order(&self) -> (Timestamp, &str) {
        (self.report.recorded_at.timestamp(), &self.event)
    }
}

/// A version of an article: the later record counts, whatever came first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) recorded_at: Timestamp,
    pub(crate) digest: String,
}

/// An event of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) event: Id,
    pub(crate) version: Version,
}

/// The reports.
#[derive(Debug, Default)]
pub(crate) struct Store {
    slots: Vec<Option<Held>>,
    free: Vec<Handle>,
    by_event: FxHashMap<Id, Handle>,
    /// Reports that are only counted, with their incident.
    brief: FxHashMap<Id, (Id, BriefReport)>,
    articles: FxHashMap<String, Vec<Told>>,
}

impl Store {
    pub(crate) fn insert(&mut self, held: Held) -> Handle {
        self.note(
            &held.event,
            &held.report.article.id,
            &held.report.article.version,
            held.report.recorded_at,
        );
        let event = Arc::clone(&held.event);
        let handle = match self.free.pop() {
            Some(handle) => {
                self.slots[handle as usize] = Some(held);
                handle
            }
            None => {
                self.slots.push(Some(held));
                Handle::try_from(self.slots.len() - 1).unwrap_or(Handle::MAX)
            }
        };
        self.by_event.insert(event, handle);
        handle
    }

    pub(crate) fn insert_brief(&mut self, event: Id, incident: Id, report: BriefReport) {
        self.note(&event, &report.article, &report.version, report.recorded_at);
        self.brief.insert(event, (incident, report));
    }

    fn note(&mut self, event: &Id, article: &str, digest: &str, recorded_at: Moment) {
        let version = Version { recorded_at: recorded_at.timestamp(), digest: digest.to_owned() };
        let told = Told { event: Arc::clone(event), version };
        match self.articles.get_mut(article) {
            Some(events) => events.push(told),
            None => drop(self.articles.insert(article.to_owned(), vec![told])),
        }
    }

    pub(crate) fn remove(&mut self, handle: Handle) -> Option<Held> {
        let held = self.slots.get_mut(handle as usize)?.take()?;
        self.free.push(handle);
        self.by_event.remove(&held.event);
        self.strike_out(&held.report.article.id, &held.event);
        Some(held)
    }

    pub(crate) fn remove_brief(&mut self, event: &str) -> Option<(Id, BriefReport)> {
        let (event, (incident, report)) = self.brief.remove_entry(event)?;
        self.strike_out(&report.article, &event);
        Some((incident, report))
    }

    fn strike_out(&mut self, article: &str, event: &Id) {
        let Some(events) = self.articles.get_mut(article) else { return };
        events.retain(|told| told.event != *event);
        if events.is_empty() {
            self.articles.remove(article);
        }
    }

    /// A report in full.
    ///
    /// # Panics
    /// Where the number is of none: whoever keeps numbers drops them with their reports.
    pub(crate) fn get(&self, handle: Handle) -> &Held {
        let Some(held) = &self.slots[handle as usize] else { unreachable!("no report {handle} is held") };
        held
    }

    pub(crate) fn get_mut(&mut self, handle: Handle) -> &mut Held {
        let Some(held) = &mut self.slots[handle as usize] else { unreachable!("no report {handle} is held") };
        held
    }

    pub(crate) fn find(&self, event: &str) -> Option<Handle> {
        self.by_event.get(event).copied()
    }

    pub(crate) fn is_brief(&self, event: &str) -> bool {
        self.brief.contains_key(event)
    }

    /// The events that are held of an article.
    pub(crate) fn of_article(&self, article: &str) -> &[Told] {
        self.articles.get(article).map_or(&[], Vec::as_slice)
    }

    /// Reports in full.
    pub(crate) fn len(&self) -> usize {
        self.by_event.len()
    }
}

/// A mention as it is to be held.
pub(crate) struct Arriving {
    pub(crate) report: Report,
    pub(crate) key: Key,
}

impl Arriving {
    pub(crate) fn new(mention: Mention, profile: Profile, lane: &str, recorded_at: Moment) -> Self {
        let Mention { article, origin, excerpts, event, .. } = mention;
        let report = Report { article, origin, excerpts, event, lane: lane.to_owned(), recorded_at };
        Self { report, key: Key::new(profile) }
    }
}

/// What is kept of a report that is only counted.
pub(crate) fn brief(report: &Report) -> BriefReport {
    BriefReport {
        event: report.event.id.clone(),
        article: report.article.id.clone(),
        version: report.article.version.clone(),
        publisher: report.article.publisher.clone(),
        agency: report.origin.agencies.first().cloned(),
        recorded_at: report.recorded_at,
    }
}
