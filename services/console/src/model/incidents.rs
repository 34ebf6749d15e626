//! Incidents by id, in the order of their last reports, and by what changed them last.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use serde_json::value::RawValue;
use siaga_schemas::{Alert, Control, EnrichedArticle, Incident};

use super::Bounds;
use super::alerts::Ledger;
use super::articles::Articles;
use super::filter::{Cursor, Filter};
use super::flow::Flow;
use super::held::{Details, Held, searched};
use super::input::{Arrival, Input};
use super::log::Log;
use super::packed::Packed;
use super::position::{Position, Source};
use super::summary::Summary;

type Id = Arc<str>;

#[derive(Debug)]
pub(super) struct State {
    most: usize,
    held: HashMap<Id, Held>,
    /// The last report first.
    order: BTreeSet<(Reverse<i64>, Id)>,
    log: Log,
    ledger: Ledger,
    pub(super) articles: Articles,
    pub(super) flow: Flow,
}

/// Some incidents.
#[derive(Debug)]
pub struct Page {
    /// Their summaries as JSON.
    pub items: Vec<Arc<RawValue>>,
    /// Where the next ones begin; none at the end.
    pub next: Option<Cursor>,
    /// All that the filter lets through.
    pub matched: usize,
    /// Where a live stream goes on from.
    pub position: Position,
}

/// What has changed behind a position.
#[derive(Debug)]
pub struct Changes {
    /// Each incident once, in the order of the log.
    pub changes: Vec<Change>,
    /// Where the next changes begin.
    pub position: Position,
}

/// An incident that has changed.
#[derive(Debug)]
pub enum Change {
    /// Its summary as JSON.
    Now(Arc<RawValue>),
    /// It is no longer there, or the filter does not let it through.
    Gone(Arc<str>),
}

impl State {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            most: bounds.incidents,
            held: HashMap::new(),
            order: BTreeSet::new(),
            log: Log::default(),
            ledger: Ledger::new(bounds.incidents),
            articles: Articles::new(bounds.article_bytes),
            flow: Flow::default(),
        }
    }

    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    pub(super) fn position(&self) -> Position {
        self.log.position()
    }

    pub(super) fn take_incident(&mut self, arrival: &Arrival<'_>, incident: Option<(Incident, Packed)>) {
        self.flow.count(Input::Incidents, arrival.timestamp);
        let id: Id = match &incident {
            Some((incident, _)) => incident.incident_id.as_str().into(),
            None => String::from_utf8_lossy(arrival.key.unwrap_or_default()).into(),
        };
        self.forget(&id);
        if let Some((incident, record)) = incident {
            let summary = Summary::of(&incident, self.ledger.operator(&id));
            self.order.insert((Reverse(order_of(&summary)), Arc::clone(&id)));
            let held = Held { json: json(&summary), summary, record, searched: searched(&incident) };
            self.held.insert(Arc::clone(&id), held);
        }
        let mut changed = vec![id];
        self.evict(&mut changed);
        self.log.note(Source::Incidents, arrival, changed);
    }

    pub(super) fn take_alert(&mut self, arrival: &Arrival<'_>, alert: Option<Alert>) {
        self.flow.count(Input::Alerts, arrival.timestamp);
        let key = String::from_utf8_lossy(arrival.key.unwrap_or_default()).into_owned();
        let key = alert.as_ref().map_or(key, Alert::key);
        let held = &self.held;
        let owners = self.ledger.alert(&key, alert, |id| held.contains_key(id));
        self.refresh(Source::Alerts, arrival, &owners);
    }

    pub(super) fn take_control(&mut self, arrival: &Arrival<'_>, control: Option<Control>) {
        self.flow.count(Input::Control, arrival.timestamp);
        let key = String::from_utf8_lossy(arrival.key.unwrap_or_default()).into_owned();
        let key = control.as_ref().map_or(key, |control| control.id.clone());
        let owners = self.ledger.decide(&key, control);
        self.refresh(Source::Control, arrival, &owners);
    }

    pub(super) fn take_article(
        &mut self,
        article: &EnrichedArticle,
        packed: Option<Packed>,
        timestamp: i64,
        now: i64,
    ) {
        self.flow.article(article, timestamp, now);
        match packed {
            Some(packed) => self.articles.insert(&article.article.id, packed),
            None => self.articles.remove(&article.article.id),
        }
    }

    /// Makes the summaries of incidents anew whose alerts or decisions have changed.
    fn refresh(&mut self, source: Source, arrival: &Arrival<'_>, incidents: &[String]) {
        let mut changed = Vec::new();
        for id in incidents {
            let operator = self.ledger.operator(id);
            let Some((id, _)) = self.held.get_key_value(id.as_str()) else { continue };
            let id = Arc::clone(id);
            if let Some(held) = self.held.get_mut(&id)
                && held.summary.operator != operator
            {
                held.summary.operator = operator;
                held.json = json(&held.summary);
            }
            changed.push(id);
        }
        self.log.note(source, arrival, changed);
    }

    fn forget(&mut self, id: &Id) {
        if let Some(held) = self.held.remove(id) {
            self.order.remove(&(Reverse(order_of(&held.summary)), Arc::clone(id)));
        }
    }

    /// Makes room; what goes is a change too.
    fn evict(&mut self, changed: &mut Vec<Id>) {
        while self.held.len() > self.most {
            let Some((_, id)) = self.order.last().cloned() else { return };
            self.forget(&id);
            self.ledger.evict(&id);
            if !changed.contains(&id) {
                changed.push(id);
            }
        }
    }

    pub(super) fn matching(&self, filter: &Filter) -> impl Iterator<Item = &Summary> {
        self.matching_held(filter).map(|held| &held.summary)
    }

    fn matching_held(&self, filter: &Filter) -> impl Iterator<Item = &Held> {
        let until = filter
            .until_millis()
            .map_or(Bound::Unbounded, |until| Bound::Included((Reverse(until), Id::from(""))));
        let since = filter.since_millis().unwrap_or(i64::MIN);
        self.order
            .range((until, Bound::Unbounded))
            .take_while(move |(Reverse(at), _)| *at >= since)
            .filter_map(|(_, id)| self.held.get(id))
            .filter(|held| filter.admits(&held.summary, &held.searched))
    }

    pub(super) fn page(&self, filter: &Filter, after: Option<&Cursor>, limit: usize) -> Page {
        let (mut items, mut next, mut matched, mut last) = (Vec::new(), None, 0, None);
        for held in self.matching_held(filter) {
            matched += 1;
            let cursor = Cursor { at: order_of(&held.summary), id: &*held.summary.incident_id };
            if after.is_some_and(|after| !after.is_before(cursor.at, cursor.id)) {
                continue;
            }
            if items.len() < limit {
                items.push(Arc::clone(&held.json));
                last = Some(cursor);
            } else if next.is_none() {
                next = last.take().map(|cursor| Cursor { at: cursor.at, id: cursor.id.to_owned() });
                if filter.is_empty() {
                    // All are let through: there is no need to look at each.
                    matched = self.held();
                    break;
                }
            }
        }
        Page { items, next, matched, position: self.log.position() }
    }

    pub(super) fn details(&self, id: &str) -> Option<Details> {
        let held = self.held.get(id)?;
        Some(Details {
            record: held.record.clone(),
            summary: held.summary.clone(),
            alerts: self.ledger.alerts_of(id),
            decisions: self.ledger.decisions_of(id),
        })
    }

    pub(super) fn since(&self, position: &Position, filter: &Filter) -> Option<Changes> {
        let change = |id: &Id| {
            let held = self.held.get(id).filter(|held| filter.admits_fully(&held.summary, &held.searched));
            held.map_or_else(|| Change::Gone(Arc::clone(id)), |held| Change::Now(Arc::clone(&held.json)))
        };
        let changes = self.log.since(position)?.into_iter().map(change).collect();
        Some(Changes { changes, position: self.log.position() })
    }
}

/// Milliseconds since 1970 of the last report.
fn order_of(summary: &Summary) -> i64 {
    summary.last_report_at.timestamp().as_millisecond()
}

fn json(summary: &Summary) -> Arc<RawValue> {
    // A summary is made of texts and numbers; a confidence that is no number becomes null.
    serde_json::value::to_raw_value(summary).unwrap_or_else(|_| RawValue::NULL.to_owned()).into()
}
