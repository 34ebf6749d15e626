//! What the console knows.
//!
//! One lock guards it all: a record is taken in microseconds, a question over 50,000 incidents takes milliseconds.
//! Who waits for news waits for a counter ([`Model::changes`]) and then asks what has changed since a [`Position`].

mod alerts;
mod articles;
mod coverage;
mod filter;
mod flow;
mod geo;
mod held;
mod incidents;
mod input;
mod log;
mod packed;
mod position;
mod summary;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use siaga_schemas::{Alert, Control, DecodeError, EnrichedArticle, Incident, Message};
use tokio::sync::watch;

pub use alerts::Operator;
pub use articles::HeldArticle;
pub use coverage::{Count, Coverage, Period};
pub(crate) use filter::Query;
pub use filter::{Cursor, Filter, InvalidFilter};
pub use flow::{Flow, FlowReport, InputReport, StageReport};
pub use geo::{Area, Trace};
pub(crate) use geo::{detailed_feature, feature};
pub use held::Details;
pub use incidents::{Change, Changes, Page};
pub use input::{Arrival, DeadLetter, Input};
pub use position::{InvalidPosition, Place, Position, Source};
pub use summary::{Confirmation, Summary};

use incidents::State;

/// What is kept at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Incidents; those with the oldest last report go first.
    pub incidents: usize,
    /// Bytes of texts of articles, packed; those that came first go first.
    pub article_bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { incidents: 200_000, article_bytes: 256 * 1024 * 1024 }
    }
}

/// What the console knows. All methods may be called from any thread.
#[derive(Debug)]
pub struct Model {
    bounds: Bounds,
    state: RwLock<State>,
    changes: watch::Sender<u64>,
    incomplete: AtomicBool,
}

impl Model {
    /// Knows nothing yet, and all that there is.
    pub fn new(bounds: Bounds) -> Self {
        let state = RwLock::new(State::new(bounds));
        Self { bounds, state, changes: watch::Sender::new(0), incomplete: AtomicBool::new(false) }
    }

    /// Forgets everything; incomplete until [`Self::complete`].
    pub fn begin(&self) {
        self.incomplete.store(true, Ordering::Relaxed);
        self.write(|state| *state = State::new(self.bounds));
        self.changes.send_modify(|count| *count += 1);
    }

    /// Notes that all is known that there was at the beginning.
    pub fn complete(&self) {
        self.incomplete.store(false, Ordering::Relaxed);
    }

    /// Whether all is known that there was at the beginning: until then an answer would leave incidents out.
    pub fn is_complete(&self) -> bool {
        !self.incomplete.load(Ordering::Relaxed)
    }

    /// Takes a record; `now` is the wall clock in milliseconds since 1970, for the latency alone.
    ///
    /// # Errors
    /// Where the record is none of its topic; what is known stays as it was, and the record is counted.
    pub fn take(&self, arrival: &Arrival<'_>, now: i64) -> Result<(), DecodeError> {
        let taken = self.decode_and_take(arrival, now);
        if taken.is_err() {
            self.write(|state| state.flow.refuse(arrival.input));
        }
        self.changes.send_modify(|count| *count += 1);
        taken
    }

    fn decode_and_take(&self, arrival: &Arrival<'_>, now: i64) -> Result<(), DecodeError> {
        let payload = arrival.payload;
        match arrival.input {
            Input::Incidents => {
                let incident = payload.map(Incident::decode).transpose()?;
                let packed = payload.map(packed::Packed::new);
                self.write(|state| state.take_incident(arrival, incident.zip(packed)));
            }
            Input::Alerts => {
                let alert = payload.map(Alert::decode).transpose()?;
                self.write(|state| state.take_alert(arrival, alert));
            }
            Input::Control => {
                let control = payload.map(Control::decode).transpose()?;
                self.write(|state| state.take_control(arrival, control));
            }
            Input::Articles => {
                let Some(payload) = payload else { return Ok(()) };
                let article = EnrichedArticle::decode(payload)?;
                let packed = (!article.events.is_empty()).then(|| packed::Packed::new(payload));
                self.write(|state| state.take_article(&article, packed, arrival.timestamp, now));
            }
            Input::DeadLetters(topic) => {
                let letter = DeadLetter::of(topic, arrival);
                self.write(|state| state.flow.bury(letter));
            }
        }
        Ok(())
    }

    fn write<R>(&self, work: impl FnOnce(&mut State) -> R) -> R {
        work(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn read<R>(&self, work: impl FnOnce(&State) -> R) -> R {
        work(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Counts up with each record that is taken.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Incidents held.
    pub fn held(&self) -> usize {
        self.read(State::held)
    }

    /// Behind which records what is known stands.
    pub fn position(&self) -> Position {
        self.read(State::position)
    }

    /// The incidents that a filter lets through, the one with the latest report first, from behind a cursor on.
    pub fn page(&self, filter: &Filter, after: Option<&Cursor>, limit: usize) -> Page {
        self.read(|state| state.page(filter, after, limit))
    }

    /// What the incidents that a filter lets through have in common.
    pub fn coverage(&self, filter: &Filter) -> Coverage {
        self.read(|state| Coverage::of(state.matching(filter)))
    }

    /// The summaries that a filter lets through, at most so many, the one with the latest report first.
    pub fn summaries(&self, filter: &Filter, limit: usize) -> Vec<Summary> {
        self.read(|state| state.matching(filter).take(limit).cloned().collect())
    }

    /// Everything of an incident.
    pub fn incident(&self, id: &str) -> Option<Details> {
        self.read(|state| state.details(id))
    }

    /// The text of an article, where it is kept.
    pub fn article(&self, id: &str) -> Option<HeldArticle> {
        self.read(|state| state.articles.get(id))
    }

    /// What has changed behind a position, the newest state of each incident once; none where that cannot be said,
    /// because the position is of another log or too far behind.
    pub fn since(&self, position: &Position, filter: &Filter) -> Option<Changes> {
        self.read(|state| state.since(position, filter))
    }

    /// Notes how far reading a topic is behind.
    pub fn note_lag(&self, input: Input, lag: u64) {
        self.write(|state| state.flow.note_lag(input, lag));
    }

    /// Notes how far a stage is behind.
    pub fn note_stage(&self, report: StageReport) {
        self.write(|state| state.flow.note_stage(report));
    }

    /// What was read of each topic; and how many texts are held, in how many bytes.
    pub fn inputs(&self) -> (Vec<InputReport>, usize, usize) {
        self.read(|state| (state.flow.inputs(), state.articles.len(), state.articles.bytes()))
    }

    /// Articles since the start, by topic of the first level and by country.
    pub fn articles_counted(&self) -> [BTreeMap<String, u64>; 2] {
        self.read(|state| state.flow.counted().map(Clone::clone))
    }

    /// How the flow of articles is.
    pub fn flow(&self) -> FlowReport {
        self.read(|state| state.flow.report(state.articles.len(), state.articles.bytes()))
    }
}

#[cfg(test)]
mod tests;
