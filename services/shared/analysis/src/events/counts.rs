//! How many: of what the type counts, and of the dead and wounded.

use siaga_schemas::EventType;

use super::item::{Item, Quantity, What};
use super::sentence::gap;
use crate::knowledge::Language;
use crate::vocabulary::Word;

/// A number and the bytes that say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) min: Option<u32>,
    pub(crate) max: Option<u32>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Kinds of nouns that an event of a type counts.
fn counted_kinds(event_type: EventType) -> &'static [&'static str] {
    use EventType as T;
    match event_type {
        T::MissileTest => &["missile", "rocket", "air_defence", "artillery", "launcher"],
        T::SpaceLaunch => {
            &["satellite", "spy_satellite", "launcher", "rocket", "missile", "long_range_rocket"]
        }
        T::NuclearTest | T::WeaponsTest => &["nuclear_device", "torpedo", "drone", "engine"],
        T::Strike => &["missile", "rocket", "drone", "bomb", "artillery"],
        T::BombAttack => &["bomb"],
        T::Incursion => &["aircraft", "drone", "warship", "vessel", "troops", "civilian"],
        T::MaritimeIncident => &["vessel", "warship"],
        T::Abduction => &["hostage", "civilian", "troops", "police"],
        T::SecurityOperation => &["militant", "gunman", "civilian"],
        T::Ceasefire => &["prisoner", "hostage"],
        T::MilitaryDeployment => &["troops", "warship", "aircraft", "tank", "missile"],
        T::ArmsTransfer => {
            &["missile", "tank", "aircraft", "drone", "artillery", "weapon", "air_defence", "warship"]
        }
        _ => &[],
    }
}

/// The number of what the type counts, nearest to the trigger.
pub(crate) fn of_type(
    items: &[Item],
    text: &str,
    trigger: usize,
    event_type: EventType,
    language: &Language,
) -> Option<Counted> {
    let kinds = counted_kinds(event_type);
    let counted = |i: &usize| match items[*i].what {
        What::Noun(n) => kinds.contains(&language.noun(n).kind.as_str()),
        _ => false,
    };
    let clause = items[trigger].clause;
    let mut nouns: Vec<usize> = (0..items.len()).filter(counted).collect();
    nouns.sort_by_key(|i| (items[*i].clause != clause, i.abs_diff(trigger)));
    // A number says more than *a*: "a brigade of 4,000 soldiers".
    let counts = || nouns.iter().filter_map(|noun| Some((*noun, beside(items, text, *noun)?)));
    let in_clause = |(noun, _): &(usize, Counted)| items[*noun].clause == clause;
    let number = |(_, counted): &(usize, Counted)| counted.max != Some(1);
    let told = counts().find(|c| in_clause(c) && number(c)).or_else(|| counts().next());
    told.map(|(_, counted)| counted)
}

/// The number of a noun: before it, with adjectives between, or *a*.
fn beside(items: &[Item], text: &str, noun: usize) -> Option<Counted> {
    // A dual says its number itself (صاروخين).
    let first = items[..noun].iter().rposition(|i| i.start != items[noun].start).map_or(0, |i| i + 1);
    let same = items[first..].iter().take_while(|i| i.start == items[noun].start);
    let dual = same.filter(|i| i.end <= items[noun].end).find_map(|i| match i.what {
        What::Quantity(q) => Some(quantity(q, i)),
        _ => None,
    });
    if dual.is_some() {
        return dual;
    }
    if let Some(behind) = right_behind(items, text, noun) {
        return Some(behind);
    }
    let mut words = 0;
    for before in (0..noun).rev() {
        if items[before].end > items[noun].start {
            continue;
        }
        words += gap(text, items[before].end, items[before + 1].start);
        if words > 3 {
            return None;
        }
        match &items[before].what {
            What::Quantity(q) => return Some(quantity(*q, &items[before])),
            What::Word(Word::Indefinite) => {
                let item = &items[before];
                return (words <= 2).then_some(Counted {
                    min: Some(1),
                    max: Some(1),
                    start: item.start,
                    end: item.end,
                });
            }
            What::Noun(_)
            | What::Party(_)
            | What::Word(Word::Other | Word::Own | Word::Recent | Word::GenitiveMarker) => {}
            _ => return None,
        }
    }
    None
}

/// 弾道ミサイル2発, 탄도미사일 2발, 战机5架次: a number right behind what it counts, with no noun of its own behind it.
fn right_behind(items: &[Item], text: &str, noun: usize) -> Option<Counted> {
    let end = items[noun].end;
    let mark = |i: &Item| matches!(i.what, What::Quote | What::Bracket | What::Noun(_));
    let next = items[noun + 1..].iter().position(|i| i.start >= end && !mark(i))? + noun + 1;
    let What::Quantity(q) = items[next].what else { return None };
    let between = text[end..items[next].start].trim();
    // 弾道ミサイル「ノドン」2発
    let named = between.starts_with('「') && between.ends_with('」');
    let glued = named || between.chars().all(|c| matches!(c, ' ' | '」' | '』' | '"' | '”' | '》' | ')'));
    let classifier =
        text[items[next].end..].chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_ascii());
    let own = items[next + 1..]
        .iter()
        .find(|i| i.start >= items[next].end)
        .is_some_and(|i| matches!(i.what, What::Noun(_)) && gap(text, items[next].end, i.start) == 0);
    (glued && classifier && !own).then(|| quantity(q, &items[next]))
}

fn quantity(q: Quantity, item: &Item) -> Counted {
    Counted { min: q.min, max: q.max, start: item.start, end: item.end }
}

/// The dead or wounded of a sentence.
pub(crate) fn toll(
    items: &[Item],
    text: &str,
    word: Word,
    nobody: Word,
    language: &Language,
) -> Option<Counted> {
    let told = (0..items.len()).filter(|i| items[*i].is_word(word));
    let found = told.filter_map(|i| nearest_people(items, text, i, language)).max_by_key(|c| c.min.or(c.max));
    found.or_else(|| {
        let nobody = items.iter().find(|i| i.is_word(nobody))?;
        Some(Counted { min: Some(0), max: Some(0), start: nobody.start, end: nobody.end })
    })
}

/// The number that belongs to a word of the dead or wounded: the nearest one that counts no things.
fn nearest_people(items: &[Item], text: &str, word: usize, language: &Language) -> Option<Counted> {
    const REACH: usize = 6;
    let things = |i: usize| match items.get(i).map(|n| &n.what) {
        Some(What::Noun(n)) => {
            let noun = language.noun(*n);
            noun.weapon.is_some()
                || matches!(noun.kind.as_str(), "vessel" | "building" | "warship" | "tank" | "missile")
        }
        _ => false,
    };
    let mut best: Option<(usize, Counted)> = None;
    for (i, item) in items.iter().enumerate() {
        let What::Quantity(q) = item.what else { continue };
        let behind = item.start >= items[word].end;
        let (from, to) = if behind { (word, i) } else { (i, word) };
        let distance: usize = (from..to).map(|n| gap(text, items[n].end, items[n + 1].start)).sum();
        let own = |x: &Item| x.start < items[word].end && items[word].start < x.end;
        let crossed = items[from + 1..to].iter().filter(|x| !own(x)).any(|x| {
            matches!(x.what, What::Trigger(..) | What::Quantity(_) | What::Date(_))
                || x.is_word(Word::Killed)
                || x.is_word(Word::Injured)
        });
        let parted =
            items[from + 1..to].iter().filter(|x| x.what == What::Comma || x.is_word(Word::And)).count();
        let cost = distance * 2 + parted * 4;
        if distance > REACH
            || crossed
            || things(i + 1)
            || behind && belongs_behind(items, text, i)
            || items[i].clause.abs_diff(items[word].clause) > 1
        {
            continue;
        }
        if best.is_none_or(|(least, _)| cost < least) {
            best = Some((cost, quantity(q, item)));
        }
    }
    if best.is_none() {
        best = single(items, text, word).map(|c| (0, c));
    }
    best.map(|(_, counted)| counted)
}

/// Whether a number has its own word of the dead or wounded right behind it (*7 luka-luka*).
fn belongs_behind(items: &[Item], text: &str, number: usize) -> bool {
    items.get(number + 1).is_some_and(|next| {
        (next.is_word(Word::Killed) || next.is_word(Word::Injured))
            && gap(text, items[number].end, next.start) <= 2
    })
}

/// *a soldier was killed*, *seorang prajurit tewas*, *shot dead a teacher*.
fn single(items: &[Item], text: &str, word: usize) -> Option<Counted> {
    let behind = (word + 1..items.len()).find(|i| items[*i].start >= items[word].end);
    if let Some(i) = behind.filter(|i| items[*i].is_word(Word::Indefinite))
        && gap(text, items[word].end, items[i].start) == 0
    {
        return Some(Counted { min: Some(1), max: Some(1), start: items[i].start, end: items[i].end });
    }
    (0..word).rev().take(3).find(|i| items[*i].is_word(Word::Indefinite)).and_then(|i| {
        let near = gap(text, items[i].end, items[word].start) <= 4;
        near.then_some(Counted { min: Some(1), max: Some(1), start: items[i].start, end: items[i].end })
    })
}
