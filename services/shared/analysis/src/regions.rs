//! Countries of an article and what they are in it; blocs that it names.

use std::collections::BTreeMap;

use siaga_schemas::{Bloc, Country, Dateline, Field, Quote, Region, Role, SecurityEvent, Span};

use crate::knowledge::{Knowledge, Language};
use crate::matcher::Hit;
use crate::places::{Kind, Resolved};
use crate::text::{CharIndex, Folded};
use crate::vocabulary::{Meaning, Word};

/// Most spans of a country.
const MOST_SPANS: usize = 16;

/// A country is `about` from this share of the most named one's weight on.
const ABOUT_SHARE: f32 = 0.34;

/// The same for a country that the body names once.
const SHARE_OF_ONE_MENTION: f32 = 0.5;

/// The same for doer and victim of a flagged event, and for its scene.
const SHARE_OF_PARTY: f32 = 0.08;
const SHARE_OF_SCENE: f32 = 0.2;

/// Least weight of a country that an article is about: it is named in the headline, in the lead, or twice.
const LEAST_ABOUT: f32 = 2.0;

/// From this part of its weight on a country is named for its capital as a venue only.
const VENUE_ONLY: f32 = 0.7;

/// A field as the region finder sees it.
#[derive(Debug)]
pub(crate) struct FieldHits<'a> {
    /// Which field.
    pub field: Field,
    /// The field's text.
    pub original: &'a str,
    /// The same, folded.
    pub folded: &'a Folded,
    /// What was found in it.
    pub hits: &'a [Hit],
    /// Bytes of the original text that are the dateline.
    pub dateline: usize,
}

#[derive(Default)]
struct Sum {
    weight: f32,
    spoken: f32,
    /// Weight of a capital in which something takes place.
    venue: f32,
    dateline: bool,
    spans: Vec<Span>,
}

impl Sum {
    fn is_venue_only(&self) -> bool {
        self.venue > 0.0 && self.venue >= self.weight * VENUE_ONLY
    }
}

/// The countries that an article names, with the roles that its words alone show, ordered by weight.
pub(crate) fn find(knowledge: &Knowledge, fields: &[FieldHits<'_>], places: &Resolved) -> Vec<Region> {
    let mut sums: BTreeMap<Country, Sum> = BTreeMap::new();
    for field in fields {
        let chars = CharIndex::new(field.original);
        for (number, hit) in field.hits.iter().enumerate() {
            let Meaning::Place(name) = hit.meaning else { continue };
            let Some(place) = places.place(name) else { continue };
            let Some(country) = place.country else { continue };
            let sum = sums.entry(country).or_default();
            let (from, to) = field.folded.original_range(hit.start, hit.end);
            if sum.spans.len() < MOST_SPANS {
                sum.spans.push(Span {
                    field: field.field,
                    start: chars.chars_before(from),
                    end: chars.chars_before(to),
                });
            }
            if field.field == Field::Body && from < field.dateline {
                sum.dateline = true;
                continue;
            }
            let weight = weight(field.field, hit.start, place.kind);
            sum.weight += weight;
            if speaks(field, number) {
                sum.spoken += weight;
            }
            if place.kind == Kind::Capital && is_at(field, number) {
                sum.venue += weight;
            }
        }
    }
    let most = sums.values().map(|s| s.weight).fold(0.0, f32::max);
    // A town where others meet is not what their meeting is about; where nobody else is named, it is.
    let others = sums.values().any(|s| s.weight >= LEAST_ABOUT && !s.is_venue_only());
    let mut regions: Vec<Region> =
        sums.into_iter().map(|(country, sum)| region(knowledge, country, sum, (most, others))).collect();
    regions.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.country.cmp(&b.country)));
    regions
}

fn weight(field: Field, start: usize, kind: Kind) -> f32 {
    let position = match field {
        Field::Title => 4.0,
        Field::Subtitle => 2.0,
        Field::Body if start < 300 => 2.0,
        Field::Body => 1.0,
    };
    position * if matches!(kind, Kind::City | Kind::Admin | Kind::Water | Kind::Site) { 0.8 } else { 1.0 }
}

/// Whether a verb of speech stands right behind the name, or *according to* right before it.
fn speaks(field: &FieldHits<'_>, number: usize) -> bool {
    let hit = &field.hits[number];
    let near = |from: usize, to: usize| from <= to && to - from <= 24;
    let behind = field.hits[number + 1..].iter().take(4);
    let said = behind
        .filter(|h| near(hit.end, h.start))
        .any(|h| matches!(h.meaning, Meaning::Word(Word::Say | Word::Confirm)));
    let before = field.hits[..number].iter().rev().take(4);
    said || before.filter(|h| near(h.end, hit.start)).any(|h| h.meaning == Meaning::Word(Word::AccordingTo))
}

fn is_at(field: &FieldHits<'_>, number: usize) -> bool {
    let hit = &field.hits[number];
    let mut before = field.hits[..number].iter().rev().take(3);
    before.any(|h| h.meaning == Meaning::Word(Word::At) && h.end <= hit.start && hit.start - h.end <= 2)
}

fn region(knowledge: &Knowledge, country: Country, sum: Sum, (most, others): (f32, bool)) -> Region {
    let share = if most > 0.0 { sum.weight / most } else { 0.0 };
    let only_speaks = sum.weight > 0.0 && sum.spoken >= sum.weight * 0.6;
    let mut roles = Vec::new();
    let once = sum.spans.len() == 1 && sum.spans[0].field == Field::Body && share < SHARE_OF_ONE_MENTION;
    let only_elsewhere = once || (only_speaks && share < 0.8) || (sum.is_venue_only() && others);
    if sum.weight >= LEAST_ABOUT && share >= ABOUT_SHARE && !only_elsewhere {
        roles.push(Role::About);
    }
    if sum.venue > 0.0 {
        roles.push(Role::Venue);
    }
    if only_speaks {
        roles.push(Role::Source);
    }
    if sum.dateline {
        roles.push(Role::Dateline);
    }
    if roles.is_empty() {
        roles.push(Role::Background);
    }
    Region {
        country,
        m49: knowledge.sub_region(country).map(str::to_owned),
        roles,
        score: (share * 1000.0).round() / 1000.0,
        spans: sum.spans,
    }
}

/// Adds what the events of an article make of its countries: where, who, whom, and who only confirms.
pub(crate) fn add_event_roles(knowledge: &Knowledge, regions: &mut Vec<Region>, events: &[SecurityEvent]) {
    let mut add = |country: Country, role: Role, span: Option<Span>| {
        let at = regions.iter().position(|r| r.country == country).unwrap_or_else(|| {
            regions.push(Region {
                country,
                m49: knowledge.sub_region(country).map(str::to_owned),
                roles: Vec::new(),
                score: 0.0,
                spans: span.into_iter().collect(),
            });
            regions.len() - 1
        });
        let roles = &mut regions[at].roles;
        if !roles.contains(&role) {
            roles.push(role);
        }
    };
    for event in events {
        if let Some(country) = event.location.country {
            add(country, Role::EventLocation, event.location.place.as_ref().map(|q| q.span));
        }
        for (parties, role) in [(&event.actors, Role::Actor), (&event.targets, Role::Target)] {
            for party in parties {
                if let Some(country) = party.country {
                    add(country, role, Some(party.quote.span));
                }
            }
        }
        for authority in event.confirmed_by.iter().chain(&event.denied_by) {
            if let Some(country) = authority.country {
                add(country, Role::Source, Some(authority.span));
            }
        }
    }
    let flagged: Vec<&SecurityEvent> = events.iter().filter(|e| e.flagged).collect();
    for region in regions.iter_mut() {
        settle(region, &flagged);
    }
}

/// A doer, victim or scene of a flagged event is what the story is about where the text dwells on it; who only
/// confirms is not.
fn settle(region: &mut Region, flagged: &[&SecurityEvent]) {
    let is = |c: Option<Country>| c == Some(region.country);
    let acts = flagged.iter().any(|e| e.actors.iter().chain(&e.targets).any(|p| is(p.country)));
    let plays = acts || flagged.iter().any(|e| is(e.location.country));
    let least = if acts { SHARE_OF_PARTY } else { SHARE_OF_SCENE };
    let only_source = region.roles.contains(&Role::Source) && !plays;
    if only_source && region.score < 0.8 {
        region.roles.retain(|r| *r != Role::About);
    }
    if plays && region.score >= least && !region.roles.contains(&Role::About) {
        region.roles.push(Role::About);
    }
    if region.roles.len() > 1 {
        region.roles.retain(|r| *r != Role::Background);
    }
    region.roles.sort_unstable();
    region.roles.dedup();
}

/// The blocs that an article names, each once.
pub(crate) fn blocs(language: &Language, fields: &[FieldHits<'_>]) -> Vec<Bloc> {
    let mut found: Vec<Bloc> = Vec::new();
    for field in fields {
        let chars = CharIndex::new(field.original);
        for hit in field.hits {
            let Meaning::Bloc(bloc) = hit.meaning else { continue };
            let code = &language.gazetteer.bloc(bloc).code;
            if found.iter().any(|b| b.code == *code) {
                continue;
            }
            let (from, to) = field.folded.original_range(hit.start, hit.end);
            let span =
                Span { field: field.field, start: chars.chars_before(from), end: chars.chars_before(to) };
            found.push(Bloc {
                code: code.clone(),
                quote: Quote { text: field.original[from..to].to_owned(), span },
            });
        }
    }
    found
}

/// Country of the dateline, where the place is known.
pub(crate) fn dateline_country(regions: &[Region], dateline: &mut Option<Dateline>) {
    if let Some(dateline) = dateline {
        dateline.country = regions.iter().find(|r| r.roles.contains(&Role::Dateline)).map(|r| r.country);
    }
}
