//! An incident as it is held.

use std::sync::Arc;

use serde_json::value::RawValue;
use siaga_schemas::{Alert, Control, Incident};
use unicode_normalization::UnicodeNormalization;

use super::packed::Packed;
use super::summary::Summary;

/// Longest text that is searched, in characters.
const LONGEST_SEARCHED: usize = 4000;

#[derive(Debug)]
pub(super) struct Held {
    pub(super) summary: Summary,
    /// The summary as JSON: made once, sent to many.
    pub(super) json: Arc<RawValue>,
    pub(super) record: Packed,
    /// What a search looks through, folded.
    pub(super) searched: String,
}

/// Everything of an incident.
#[derive(Debug)]
pub struct Details {
    pub(super) record: Packed,
    /// Where it stands in lists.
    pub summary: Summary,
    /// What was told of it.
    pub alerts: Vec<Alert>,
    /// What was decided on it, the oldest first.
    pub decisions: Vec<Control>,
}

impl Details {
    /// The record's value, as it came.
    pub fn record(&self) -> Vec<u8> {
        self.record.unpack()
    }
}

/// Letters without case, width and accents, as a search compares them.
pub(super) fn folded(text: &str) -> String {
    let is_accent = |c: &char| matches!(c, '\u{300}'..='\u{36f}');
    text.nfkd().filter(|c| !is_accent(c)).flat_map(char::to_lowercase).collect()
}

/// What a search looks through.
pub(super) fn searched(incident: &Incident) -> String {
    let reports = incident.reports.iter().flat_map(|report| {
        [Some(report.article.title.as_str()), report.article.publisher.as_deref()].into_iter().flatten()
    });
    let parties = incident.actors.iter().chain(&incident.targets);
    let parties = parties.flat_map(|party| [party.group.as_deref(), party.name.as_deref()]).flatten();
    let location = &incident.location;
    let places = [&location.place, &location.launch_site, &location.impact];
    let places = places.into_iter().flatten().map(|told| told.text.as_str());
    let id = std::iter::once(incident.incident_id.as_str());
    let mut text = String::new();
    for words in id.chain(reports).chain(parties).chain(places) {
        text.push_str(words);
        text.push('\n');
        if text.len() > LONGEST_SEARCHED {
            break;
        }
    }
    let end = text.char_indices().nth(LONGEST_SEARCHED).map_or(text.len(), |(end, _)| end);
    folded(&text[..end])
}
