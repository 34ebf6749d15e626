//! Where it happened.

use std::ops::Range;

use siaga_schemas::{Country, EventType, Precision};

use super::item::{Item, PlaceKind, PlaceName, What};
use super::roles::Roles;
use super::scene::Scene;
use super::sentence::Reading;
use crate::knowledge::Language;
use crate::places::PlaceRef;
use crate::vocabulary::Word;

/// Places of a mention, as byte ranges of the folded text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Where {
    pub(crate) country: Option<Country>,
    pub(crate) place: Option<(usize, usize)>,
    /// Which place that is.
    pub(crate) known: Option<PlaceRef>,
    pub(crate) launch_site: Option<(usize, usize)>,
    pub(crate) impact: Option<(usize, usize)>,
    pub(crate) precision: Precision,
}

/// Finds the places of a trigger in its sentence.
pub(crate) fn find(scene: Scene<'_>, event_type: EventType, roles: &Roles, language: &Language) -> Where {
    let mut found = Where::default();
    let mut best: Option<(i32, usize, PlaceName)> = None;
    for (i, item) in scene.items.iter().enumerate() {
        if roles.actors.contains(&i) {
            continue;
        }
        let Some(place) = place_of(scene, i, item, event_type) else { continue };
        let score = score(scene, i, place);
        if best.is_none_or(|(most, _, _)| score > most) {
            best = Some((score, i, place));
        }
    }
    if is_test(event_type) {
        test_places(scene, &mut found, language);
    }
    if let Some((_, i, place)) = best {
        found.country = place.country;
        found.known = Some(place.at);
        found.place = Some((scene.items[i].start, scene.items[i].end));
        found.precision = match place.kind {
            PlaceKind::Country => Precision::Country,
            PlaceKind::Region => Precision::Region,
            PlaceKind::Town | PlaceKind::LaunchSite => Precision::Place,
            PlaceKind::Waters => Precision::Waters,
        };
    }
    found
}

pub(crate) fn is_test(event_type: EventType) -> bool {
    matches!(event_type, EventType::MissileTest | EventType::SpaceLaunch | EventType::WeaponsTest)
}

/// The item as a place, where its words let it be one: a state or capital only behind a preposition of place, and as a
/// goal only behind the words of an attack (*di tengah lawatan ke Rusia, Korut meluncurkan* names no place).
fn place_of(scene: Scene<'_>, i: usize, item: &Item, event_type: EventType) -> Option<PlaceName> {
    match &item.what {
        What::Place(place) => Some(*place),
        What::Party(party) => {
            let goal = i > scene.trigger && !is_test(event_type);
            let marked =
                scene.is_marked_any(i, &[Word::At, Word::From]) || goal && scene.is_marked(i, Word::Toward);
            party.seat.filter(|_| marked && party.body.is_none())
        }
        _ => None,
    }
}

fn score(scene: Scene<'_>, i: usize, place: PlaceName) -> i32 {
    let item = &scene.items[i];
    let near = item.clause == scene.trigger_item().clause;
    let at = scene.is_marked(i, Word::At);
    let kind = match place.kind {
        PlaceKind::Town | PlaceKind::LaunchSite => 3,
        PlaceKind::Region | PlaceKind::Waters => 2,
        PlaceKind::Country => 1,
    };
    let speech = scene.items[..i].iter().rev().take(2).any(|x| x.is_word(Word::Say));
    let distance = i32::try_from(i.abs_diff(scene.trigger)).unwrap_or(i32::MAX).min(12);
    12 * i32::from(near) + 6 * i32::from(at) + 2 * kind - distance - 20 * i32::from(speech)
}

/// Launch site and impact of a test: "off the east coast" is never a launch site.
fn test_places(scene: Scene<'_>, found: &mut Where, language: &Language) {
    for (i, item) in scene.items.iter().enumerate() {
        let range = with_marker(scene, i);
        match &item.what {
            What::Place(place) if place.kind == PlaceKind::Waters && found.impact.is_none() => {
                found.impact = Some(range)
            }
            What::Noun(n) if language.noun(*n).kind == "coast" && found.impact.is_none() => {
                found.impact = Some(range)
            }
            What::Place(place) if place.kind != PlaceKind::Waters && found.launch_site.is_none() => {
                let from = scene.is_marked_any(i, &[Word::From, Word::At]);
                if from && !scene.is_marked(i, Word::Toward) || place.kind == PlaceKind::LaunchSite {
                    found.launch_site = Some((item.start, item.end));
                }
            }
            What::Party(party) if party.body.is_none() && found.launch_site.is_none() => {
                let town = party.seat.is_some_and(|p| p.kind == PlaceKind::Town);
                if town && scene.is_marked(i, Word::From) {
                    found.launch_site = Some((item.start, item.end));
                }
            }
            _ => {}
        }
    }
}

/// Whether a sentence names a place that no list holds (*in Tillaberi village*): a capital behind a preposition of place
/// that is no known word. Nothing can be said of scripts without capitals, nor where all is in capitals.
pub(crate) fn is_unlisted(reading: &Reading<'_>, sentence: &Range<usize>, items: &[Item]) -> bool {
    let markers = items.iter().filter(|i| i.is_word(Word::At));
    markers.into_iter().any(|marker| names_something(reading, marker.end..sentence.end, items))
}

/// Whether a name in capitals that is no item is among the first words of a range.
fn names_something(reading: &Reading<'_>, range: Range<usize>, items: &[Item]) -> bool {
    const WORDS: usize = 5;
    let mut at = range.start;
    for word in reading.text()[range].split(' ').take(WORDS) {
        let start = at;
        at += word.len() + 1;
        let mut letters = reading.words(start, start + word.len()).chars();
        if letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase) {
            return !items.iter().any(|i| i.start <= start && start < i.end);
        }
        if word.ends_with([',', ':', ';']) {
            return false;
        }
    }
    false
}

/// Where the word goes on to that an item ends in (*pantai timur-nya*).
fn word_end(text: &str, end: usize) -> usize {
    let ascii = |c: &char| c.is_ascii_alphanumeric();
    end + text[end..].chars().take_while(ascii).count()
}

/// The bytes of an item with the word right beside it that governs it, which belongs to the quote.
fn with_marker(scene: Scene<'_>, i: usize) -> (usize, usize) {
    let item = &scene.items[i];
    let end = word_end(scene.text, item.end);
    match scene.marker(i) {
        Some(marker) if marker > i => (item.start, end.max(scene.items[marker].end)),
        Some(marker) if scene.gap(marker, i) <= 2 => (scene.items[marker].start, end),
        _ => (item.start, end),
    }
}
