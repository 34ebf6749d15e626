//! Parties of a sentence: states, groups and bodies put together from their words.
//!
//! *Militer Korea Selatan*, *South Korea's military*, *penjaga pantai Jepang* are one party each, a body and its
//! country; *Presiden Rusia* and a capital that speaks are states.

use siaga_schemas::Country;

use super::item::{Item, Party, PlaceKind, PlaceName, What};
use super::sentence::{Context, gap};
use crate::places::Kind;
use crate::vocabulary::{Meaning, Word};

/// Turns raw names into parties and places, and joins bodies with the names beside them.
pub(crate) fn join(items: &mut Vec<Item>, text: &str, context: Context<'_>) {
    part_compounds(items, text, context);
    for item in items.iter_mut() {
        if let What::Raw(meaning) = item.what
            && let Some(what) = name(meaning, item, context)
        {
            item.what = what;
        }
    }
    drop_shadowed(items);
    drop_quotes_of_names(items, text);
    absorb_aliases(items, text);
    join_bodies(items, text, &context.language.settings.linkers);
    items.retain(|i| !matches!(i.what, What::Raw(_)));
}

fn name(meaning: Meaning, item: &Item, context: Context<'_>) -> Option<What> {
    let party = |party: Party| Some(What::Party(party));
    match meaning {
        Meaning::Group(group) => party(Party {
            group: Some(group),
            home: only(&context.language.group(group).home),
            can_act: true,
            ..Party::default()
        }),
        Meaning::Body(body) => {
            let body = context.language.body(body);
            party(Party {
                country: body.country,
                body: Some((item.start, item.end)),
                stateless: body.name.is_some(),
                can_act: body.force,
                ..Party::default()
            })
        }
        Meaning::Place(place) => {
            let place = context.places.place(place)?;
            let named = |kind| PlaceName { country: place.country, kind, at: place.at };
            match place.kind {
                Kind::Country | Kind::Demonym => {
                    let seat = (place.kind == Kind::Country).then(|| named(PlaceKind::Country));
                    party(Party { country: place.country, can_act: true, seat, ..Party::default() })
                }
                Kind::Capital => {
                    let seat = Some(named(PlaceKind::Town));
                    party(Party { country: place.country, can_act: true, seat, ..Party::default() })
                }
                Kind::Government | Kind::Leader => {
                    let body = Some((item.start, item.end));
                    party(Party { country: place.country, can_act: true, body, ..Party::default() })
                }
                Kind::City => Some(What::Place(named(PlaceKind::Town))),
                Kind::Admin => Some(What::Place(named(PlaceKind::Region))),
                Kind::Water => Some(What::Place(named(PlaceKind::Waters))),
                Kind::Site => Some(What::Place(named(PlaceKind::LaunchSite))),
                Kind::None => None,
            }
        }
        _ => None,
    }
}

/// Parts a name of several states into one party for each of its letters (*日米*, *한미일*).
fn part_compounds(items: &mut Vec<Item>, text: &str, context: Context<'_>) {
    let compounds = &context.language.state_compounds;
    if compounds.is_empty() {
        return;
    }
    let mut parted = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        let named = match item.what {
            What::Raw(Meaning::Place(place)) => context.places.place(place).is_some(),
            _ => false,
        };
        let letters = &text[item.start..item.end];
        let Some(states) = compounds.get(letters).filter(|s| named && s.len() == letters.chars().count())
        else {
            parted.push(item);
            continue;
        };
        for (state, (at, letter)) in states.iter().zip(letters.char_indices()) {
            let start = item.start + at;
            let what = What::Party(Party { country: Some(*state), can_act: true, ..Party::default() });
            parted.push(Item { start, end: start + letter.len_utf8(), clause: item.clause, what });
        }
    }
    *items = parted;
}

/// The only one of a list.
fn only(countries: &[Country]) -> Option<Country> {
    match countries {
        [country] => Some(*country),
        _ => None,
    }
}

/// Quotation marks that hold nothing but a name part nothing (*боевики «Хезболлы»*).
fn drop_quotes_of_names(items: &mut Vec<Item>, text: &str) {
    let holds_name = |open: usize, close: usize| {
        let (from, to) = (items[open].end, items[close].start);
        let name = items[open + 1..close].iter().find(|i| matches!(i.what, What::Party(_) | What::Place(_)));
        name.is_some_and(|n| {
            text[from..n.start].trim().is_empty() && text[n.end..to].chars().all(|c| !c.is_whitespace())
        })
    };
    let quotes: Vec<usize> = (0..items.len()).filter(|i| items[*i].what == What::Quote).collect();
    let pairs = quotes.windows(2).filter(|pair| holds_name(pair[0], pair[1]));
    let dropped: Vec<usize> = pairs.flatten().copied().collect();
    let mut at = 0;
    items.retain(|_| {
        at += 1;
        !dropped.contains(&(at - 1))
    });
}

/// Of several readings of the same words the first party stays.
fn drop_shadowed(items: &mut Vec<Item>) {
    // A medium of the same name speaks for itself, whosever it is.
    let media: Vec<(usize, usize)> =
        items.iter().filter(|i| matches!(i.what, What::Medium(_))).map(|i| (i.start, i.end)).collect();
    items.retain(|i| {
        let named = matches!(i.what, What::Party(_) | What::Place(_));
        !named || !media.contains(&(i.start, i.end))
    });
    // An armed group of the same name as a place or body wins.
    items.sort_by_key(|i| (i.start, std::cmp::Reverse(i.end), i.party().is_none_or(|p| p.group.is_none())));
    let mut last: Option<(usize, usize)> = None;
    items.retain(|item| {
        if !matches!(item.what, What::Party(_) | What::Place(_)) {
            return true;
        }
        let shadowed = last.is_some_and(|(_, end)| item.start < end);
        if !shadowed {
            last = Some((item.start, item.end));
        }
        !shadowed
    });
}

/// *Korea Selatan (Korsel)* is one name.
fn absorb_aliases(items: &mut Vec<Item>, text: &str) {
    let mut at = 0;
    while at + 3 < items.len() {
        let (name, alias) = (&items[at], &items[at + 2]);
        let brackets = items[at + 1].what == What::Bracket && items[at + 3].what == What::Bracket;
        let same = match (name.party(), alias.party()) {
            (Some(a), Some(b)) => b.body.is_none() && a.country.is_some() && a.same_side(b),
            _ => false,
        };
        let whole = brackets && same && gap(text, name.end, alias.start) == 0 && {
            let (from, to) = (alias.end, items[at + 3].start);
            gap(text, from, to) == 0
        };
        if whole {
            items[at].end = items[at + 3].end;
            items.drain(at + 1..at + 4);
        }
        at += 1;
    }
}

/// A body takes the country beside it, before or behind; other readings of its own words may stand between.
fn join_bodies(items: &mut Vec<Item>, text: &str, linkers: &[String]) {
    let mut at = 0;
    while at + 1 < items.len() {
        let next = next_name(items, at);
        let joined = next.and_then(|next| match (items[at].party(), items[next].party()) {
            (Some(left), Some(right))
                if close(text, &items[at], &items[next], linkers) || owned(items, at, next, text) =>
            {
                Some((next, joined(left, right)?))
            }
            _ => None,
        });
        match joined {
            Some((next, party)) => {
                items[at].end = items[at].end.max(items[next].end);
                items[at].what = What::Party(party);
                items.remove(next);
            }
            _ => at += 1,
        }
    }
}

/// The item behind one, over nouns of the same words as either and articles (*полиция Турции*, *las fuerzas rusas*).
fn next_name(items: &[Item], at: usize) -> Option<usize> {
    items[at].party()?;
    let next = (at + 1..items.len()).find(|i| items[*i].party().is_some())?;
    let inside = |x: &Item, of: &Item| of.start <= x.start && x.end <= of.end;
    let between = |x: &Item| {
        x.is_word(Word::Definite) || x.is_word(Word::GenitiveMarker) || matches!(x.what, What::Raw(_))
    };
    let own = |x: &Item| inside(x, &items[at]) || inside(x, &items[next]) || between(x);
    items[at + 1..next].iter().all(own).then_some(next)
}

/// Whether nothing but the word of the owner stands between two parties.
fn owned(items: &[Item], left: usize, right: usize, text: &str) -> bool {
    let from = items[left].end;
    let mut words = items[left + 1..right].iter().filter(|i| i.is_word(Word::GenitiveMarker));
    let begins_behind = items[right].start >= from;
    begins_behind
        && words.any(|w| w.start >= from && text[from..items[right].start].trim() == &text[w.start..w.end])
}

/// Nothing, or *'s*, *of*, *the* stand between the two.
fn close(text: &str, left: &Item, right: &Item, linkers: &[String]) -> bool {
    right.start >= left.end && {
        let between = text[left.end..right.start].trim();
        between.is_empty()
            || matches!(between, "'s" | "'" | "of" | "of the" | "'s the" | "s" | "(" | "'s own" | "de" | "の")
            || linkers.iter().any(|l| l == between)
    }
}

fn joined(left: &Party, right: &Party) -> Option<Party> {
    // *Houthi military spokesman*, *juru bicara Hamas*: the body speaks and acts for the group.
    if let Some(group) = left.group.or(right.group)
        && [left, right].iter().all(|p| p.group.is_some() || p.body.is_some() && p.country.is_none())
        && (left.group.is_none() || right.group.is_none())
    {
        let home = left.home.or(right.home);
        return Some(Party { group: Some(group), home, can_act: true, ..Party::default() });
    }
    let body = |p: &Party| p.body.is_some() && p.group.is_none();
    let bare_state = |p: &Party| p.body.is_none() && p.group.is_none() && p.country.is_some();
    let span = |a: Option<(usize, usize)>, b: Option<(usize, usize)>| match (a, b) {
        (Some((s, e)), Some((s2, e2))) => Some((s.min(s2), e.max(e2))),
        (a, b) => a.or(b),
    };
    let fits = left.country.is_none() || right.country.is_none() || left.country == right.country;
    let one_body = body(left) && body(right) && fits;
    let body_and_state = (body(left) && bare_state(right) || bare_state(left) && body(right)) && fits;
    (one_body || body_and_state).then(|| Party {
        country: left.country.or(right.country),
        group: None,
        home: None,
        body: span(left.body, right.body),
        stateless: left.stateless && right.stateless,
        can_act: [left, right].iter().any(|p| body(p) && p.can_act),
        seat: None,
    })
}
