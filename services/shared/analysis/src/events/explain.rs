//! Why each trigger did or did not become an event.

use serde::Serialize;
use siaga_schemas::Span;

use super::item::Item;
use super::mention::Mention;

/// A decision on one trigger.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    /// Where the trigger stands.
    pub span: Span,
    /// Name of its lexicon entry.
    pub trigger: String,
    /// What was decided, and why.
    pub reason: String,
    /// Whether it tells of an event.
    pub taken: bool,
}

/// Collects decisions while a person asks for them; costs nothing otherwise.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    on: bool,
    decisions: Vec<(usize, usize, String, String, bool)>,
}

impl Trace {
    pub(crate) fn new(on: bool) -> Self {
        Self { on, decisions: Vec::new() }
    }

    pub(crate) fn refused(&mut self, item: &Item, trigger: &str, reason: &str) {
        self.note(item.start, item.end, trigger, || reason.to_owned(), false);
    }

    pub(crate) fn taken(&mut self, item: &Item, trigger: &str, mention: &Mention) {
        let reason =
            || format!("{}, {}: {}", mention.event_type, mention.verdict.status, mention.verdict.reason);
        self.note(item.start, item.end, trigger, reason, true);
    }

    fn note(&mut self, start: usize, end: usize, trigger: &str, reason: impl Fn() -> String, taken: bool) {
        if self.on {
            self.decisions.push((start, end, trigger.to_owned(), reason(), taken));
        }
    }

    pub(crate) fn drain(&mut self, span: impl Fn(usize, usize) -> Span) -> Vec<Decision> {
        self.decisions
            .drain(..)
            .map(|(start, end, trigger, reason, taken)| Decision {
                span: span(start, end),
                trigger,
                reason,
                taken,
            })
            .collect()
    }
}
