//! What reports say of a slot, weighed by independent origins: ten copies of one report are one voice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use siaga_schemas::Report;

/// A report with the origin that it comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Voice<'r> {
    pub(crate) report: &'r Arc<Report>,
    pub(crate) origin: usize,
}

impl Voice<'_> {
    pub(crate) fn published(&self) -> Timestamp {
        self.report.article.published_at.timestamp()
    }

    /// How it is called as a source.
    pub(crate) fn source(&self) -> String {
        self.report.event.id.clone()
    }
}

/// A value and who says so.
#[derive(Clone, Debug)]
pub(crate) struct Value<K> {
    pub(crate) value: K,
    pub(crate) origins: BTreeSet<usize>,
    pub(crate) latest: Timestamp,
    pub(crate) sources: Vec<String>,
}

/// All values of a slot: those of most origins first, of equals the one told last.
pub(crate) fn values<'r, K: Ord + Clone>(
    voices: &[Voice<'r>],
    slot: impl Fn(&'r Report) -> Option<K>,
) -> Vec<Value<K>> {
    values_of(voices.iter().filter_map(|voice| slot(voice.report).map(|value| (value, voice))))
}

/// The same for a slot that holds several values.
pub(crate) fn values_of<'v, 'r: 'v, K: Ord + Clone>(
    told: impl Iterator<Item = (K, &'v Voice<'r>)>,
) -> Vec<Value<K>> {
    let mut by_value: BTreeMap<K, Value<K>> = BTreeMap::new();
    for (value, voice) in told {
        let entry = by_value.entry(value.clone()).or_insert_with(|| Value {
            value,
            origins: BTreeSet::new(),
            latest: voice.published(),
            sources: Vec::new(),
        });
        entry.origins.insert(voice.origin);
        entry.latest = entry.latest.max(voice.published());
        let source = voice.source();
        if !entry.sources.contains(&source) {
            entry.sources.push(source);
        }
    }
    let mut values: Vec<Value<K>> = by_value.into_values().collect();
    values.sort_by_key(|value| std::cmp::Reverse((value.origins.len(), value.latest)));
    values
}
