//! Which place a name is: by the other places of the text, by the words beside it, by size.

use std::collections::{BTreeMap, BTreeSet};

use siaga_schemas::Country;

use super::{Candidate, Gazetteer, Kind, Name, PlaceRef};
use crate::text::fold;

/// A name resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its country; none for seas that several share.
    pub country: Option<Country>,
    /// What it is.
    pub kind: Kind,
    /// Which one it is.
    pub at: PlaceRef,
}

/// The names of a text, each with the place it is; names that are none here are left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolved {
    places: BTreeMap<u32, Place>,
}

impl Resolved {
    /// The place that a name is in this text.
    pub(crate) fn place(&self, name: u32) -> Option<Place> {
        self.places.get(&name).copied()
    }
}

/// Bytes of each field in which words that hint at a place are looked for.
const HINTS_WITHIN: usize = 20_000;

/// Resolves the names found in a text. `texts` are its fields, folded.
pub(crate) fn resolve(gazetteer: &Gazetteer, found: &BTreeSet<u32>, texts: &[&str]) -> Resolved {
    let texts: Vec<&str> = texts.iter().map(|t| &t[..t.floor_char_boundary(HINTS_WITHIN)]).collect();
    let mut resolved = Resolved::default();
    let certain: BTreeSet<Country> = found
        .iter()
        .filter_map(|n| only(gazetteer.name(*n)))
        .filter_map(|candidate| candidate.country)
        .collect();
    for &number in found {
        let name = gazetteer.name(number);
        if let Some(candidate) = choose(name, &certain, &texts).filter(|c| c.kind != Kind::None) {
            let chosen = |other: &Candidate| std::ptr::eq(other, candidate);
            let at =
                PlaceRef { name: number, candidate: name.candidates.iter().position(chosen).unwrap_or(0) };
            resolved.places.insert(number, Place { country: candidate.country, kind: candidate.kind, at });
        }
    }
    resolved
}

fn only(name: &Name) -> Option<&Candidate> {
    match &name.candidates[..] {
        [candidate] if !candidate.ambiguous => Some(candidate),
        _ => None,
    }
}

fn choose<'a>(name: &'a Name, certain: &BTreeSet<Country>, texts: &[&str]) -> Option<&'a Candidate> {
    if let Some(candidate) = only(name) {
        return Some(candidate);
    }
    let named = |c: &&Candidate| c.country.is_some_and(|country| certain.contains(&country));
    let hinted = |c: &&Candidate| {
        c.context.iter().any(|word| {
            let word = fold::fold(word);
            texts.iter().any(|text| text.contains(word.text()))
        })
    };
    let all = || name.candidates.iter();
    // A namesake's hint counts less than the text's naming of the country of the one that all know: Paris in a story of
    // France that names Texas too.
    let usual = all().find(|c| !c.ambiguous).filter(named);
    all()
        .find(|c| hinted(c) && usual.is_none_or(|u| u.country == c.country))
        .or_else(|| all().filter(|c| c.context.is_empty()).find(named))
        .or_else(|| all().find(|c| !c.ambiguous))
}
