//! Places that are part of a person's name: *Michael Jordan*, *Georgia May*.

use std::collections::{BTreeMap, BTreeSet};

use super::{Gazetteer, Kind};
use crate::matcher::Hit;
use crate::text::{Folded, fold};
use crate::vocabulary::Meaning;

/// A field of running text and what was found in it.
#[derive(Debug)]
pub(crate) struct Prose<'a> {
    /// The text.
    pub original: &'a str,
    /// The same, folded.
    pub folded: &'a Folded,
    /// What was found in it.
    pub hits: &'a mut Vec<Hit>,
}

/// Drops places that stand beside another capitalised word as names of persons do. Where the text has nothing else of
/// such a place's country, every mention of it is taken for the person's. Headlines are left alone: in many of them all words
/// are capitalised. `function_words` are folded.
pub(crate) fn drop_persons(
    gazetteer: &Gazetteer,
    function_words: &BTreeSet<String>,
    fields: &mut [Prose<'_>],
) {
    let mut beside: BTreeMap<u32, BTreeSet<(usize, usize)>> = BTreeMap::new();
    for (number, field) in fields.iter().enumerate() {
        for hit in field.hits.iter() {
            let Meaning::Place(name) = hit.meaning else { continue };
            if gazetteer.name(name).person && in_name(field, hit, function_words) {
                beside.entry(name).or_default().insert((number, hit.start));
            }
            if let Some(person) = known_person(gazetteer, name, &field.folded.text()[hit.start..hit.end]) {
                beside.entry(person).or_default();
            }
        }
    }
    if beside.is_empty() {
        return;
    }
    let alone: BTreeSet<u32> =
        beside.keys().copied().filter(|name| !supported(gazetteer, *name, fields)).collect();
    for (number, field) in fields.iter_mut().enumerate() {
        field.hits.retain(|hit| match hit.meaning {
            Meaning::Place(name) => {
                !alone.contains(&name)
                    && !beside.get(&name).is_some_and(|at| at.contains(&(number, hit.start)))
            }
            _ => true,
        });
    }
}

/// The place that shares its name with a person whom the lexicon knows as no place (*Michael Jordan*).
fn known_person(gazetteer: &Gazetteer, name: u32, text: &str) -> Option<u32> {
    let no_place = gazetteer.name(name).candidates.iter().all(|c| c.kind == Kind::None);
    let (_, last) = text.rsplit_once(' ').filter(|_| no_place)?;
    gazetteer.person(last)
}

/// Whether the text names the country of a place by another, plain name.
fn supported(gazetteer: &Gazetteer, name: u32, fields: &[Prose<'_>]) -> bool {
    let countries: Vec<_> = gazetteer.name(name).candidates.iter().filter_map(|c| c.country).collect();
    let hits = || fields.iter().flat_map(|f| f.hits.iter());
    hits().any(|hit| match hit.meaning {
        Meaning::Place(other) if other != name => {
            let plain = gazetteer.name(other).candidates.iter().filter(|c| !c.ambiguous);
            plain.filter_map(|c| c.country).any(|c| countries.contains(&c))
        }
        _ => false,
    })
}

fn in_name(field: &Prose<'_>, hit: &Hit, function_words: &BTreeSet<String>) -> bool {
    let (from, to) = field.folded.original_range(hit.start, hit.end);
    let place_at = |at: usize| {
        field.hits.iter().any(|h| {
            matches!(h.meaning, Meaning::Place(_) | Meaning::Body(_))
                && field.folded.original(h.start) <= at
                && at < field.folded.original(h.end)
        })
    };
    let name_word = |word: &str, at: usize| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.next().is_some_and(char::is_lowercase)
            && !function_words.contains(fold::fold(word).text())
            && !place_at(at)
    };
    let after = field.original[to..].strip_prefix(' ').map(first_word);
    let before = field.original[..from].strip_suffix(' ').map(last_word);
    after.is_some_and(|word| name_word(word, to + 1))
        || before.is_some_and(|word| name_word(word, from - 1 - word.len()))
}

fn first_word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphabetic() && c != '\'').unwrap_or(text.len())]
}

fn last_word(text: &str) -> &str {
    let start = text.char_indices().rev().take_while(|(_, c)| c.is_alphabetic() || *c == '\'').last();
    &text[start.map_or(text.len(), |(at, _)| at)..]
}
