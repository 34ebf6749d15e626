//! The place, outlet and agency that open a report: `JAKARTA, KOMPAS.com -`, `LONDON, Nov 3 (AP) —`.

use super::clock;
use super::date::Meaning;
use super::knowledge::{Knowledge, phrase};

/// Longest opening, in bytes before the separator.
const LONGEST: usize = 120;
/// Most words of a place.
const LONGEST_PLACE: usize = 5;

/// What opens the body. It is not checked against a gazetteer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dateline {
    /// The place as printed; none where only an outlet stands there (`tirto.id -`).
    pub place: Option<String>,
    /// What follows the place and is no date and no outlet that is known: mostly a region (`GAZIANTEP, Turkey`).
    pub qualifier: Option<String>,
    /// Unicode code points of the body before the first sentence.
    pub end: u32,
}

/// A dateline with what belongs to other fields.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Opening {
    pub(super) dateline: Dateline,
    pub(super) publisher: Option<String>,
    pub(super) credits: Vec<String>,
}

/// Whether a word is the name of a site: `KOMPAS.com`, `tirto.id`.
pub(super) fn is_domain(word: &str) -> bool {
    let mut labels = word.rsplit('.');
    let Some(last) = labels.next() else { return false };
    let rest: Vec<&str> = labels.collect();
    (2..=12).contains(&last.len())
        && last.bytes().all(|b| b.is_ascii_alphabetic())
        && !rest.is_empty()
        && rest.iter().all(|l| l.len() >= 2 && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// The dateline at the start of a paragraph.
pub(super) fn find(paragraph: &str, knowledge: &Knowledge) -> Option<Opening> {
    let (before, after) = separator(paragraph)?;
    let mut opening = parts(&paragraph[..before], knowledge)?;
    let rest = paragraph[after..].trim_start();
    let first = rest.chars().find(|c| !matches!(c, '"' | '“' | '”' | '\'' | '‘' | '’' | '«'))?;
    if first.is_lowercase() {
        return None;
    }
    let end = paragraph[..paragraph.len() - rest.len()].chars().count();
    opening.dateline.end = u32::try_from(end).ok()?;
    Some(opening)
}

/// A dateline that is a line of its own, paragraphs below it: `Madinah, NU Online`.
pub(super) fn alone(paragraph: &str, knowledge: &Knowledge) -> Option<Opening> {
    let several = paragraph.contains([',', '(']) && paragraph.split_whitespace().count() <= LONGEST_PLACE + 1;
    let mut opening = parts(paragraph, knowledge).filter(|_| several && paragraph.len() <= LONGEST)?;
    opening.dateline.end = u32::try_from(paragraph.chars().count() + 2).ok()?;
    Some(opening)
}

/// Bytes before and after what separates the dateline from the sentence.
fn separator(paragraph: &str) -> Option<(usize, usize)> {
    let mut limit = LONGEST.min(paragraph.len());
    while !paragraph.is_char_boundary(limit) {
        limit -= 1;
    }
    let head = &paragraph[..limit];
    let mut closing = None;
    let mut previous = ' ';
    for (at, letter) in head.char_indices() {
        let after = &paragraph[at + letter.len_utf8()..];
        let blank_after = after.starts_with(char::is_whitespace);
        match letter {
            '–' | '—' => return Some((at, at + letter.len_utf8())),
            '-' if after.starts_with('-') => {
                return Some((at, at + 1 + after.len() - after.trim_start_matches('-').len()));
            }
            '-' if blank_after && (previous.is_whitespace() || previous == ')') => return Some((at, at + 1)),
            ':' if blank_after => return Some((at, at + 1)),
            ')' if blank_after && closing.is_none() => closing = Some((at + 1, at + 1)),
            '.' | '?' | '!' if blank_after && is_sentence_end(&head[..at]) => break,
            '"' | '“' | '”' => break,
            '\n' => break,
            _ => {}
        }
        previous = letter;
    }
    closing
}

/// A full stop after a short word is an abbreviation's: `Feb.`, `St.`.
fn is_sentence_end(before: &str) -> bool {
    before.split_whitespace().next_back().is_none_or(|word| word.chars().count() > 4)
}

fn parts(before: &str, knowledge: &Knowledge) -> Option<Opening> {
    let mut opening = Opening::default();
    let mut rest = before.trim();
    while let Some((head, agency)) = rest.strip_suffix(')').and_then(|r| r.rsplit_once('(')) {
        if agency.len() > 40 || agency.is_empty() {
            return None;
        }
        credit(agency, knowledge, &mut opening.credits);
        rest = head.trim_end();
    }
    let mut named = !opening.credits.is_empty();
    for part in rest.split([',', '/']).map(str::trim).filter(|p| !p.is_empty()) {
        if is_date(part, knowledge) {
            continue;
        }
        let form = phrase(part)?;
        if is_domain(part) || knowledge.outlets.contains(&form) {
            opening.publisher.get_or_insert_with(|| part.to_owned());
        } else if let Some(agency) = knowledge.agencies.get(&form) {
            push_new(&mut opening.credits, agency);
        } else if !is_place(part) || knowledge.not_places.contains(&form) {
            return None;
        } else if opening.dateline.place.is_none() {
            opening.dateline.place = Some(part.to_owned());
        } else if opening.dateline.qualifier.is_none() {
            opening.dateline.qualifier = Some(part.to_owned());
        } else {
            return None;
        }
        named = true;
    }
    named.then_some(opening)
}

/// `Reuters`, `AFP/REUTERS`, `13/9`: agencies are noted, dates are not.
pub(super) fn credit(text: &str, knowledge: &Knowledge, credits: &mut Vec<String>) {
    for name in text.split(['/', ',', ';']).map(str::trim) {
        match phrase(name).and_then(|form| knowledge.agencies.get(&form)) {
            Some(agency) => push_new(credits, agency),
            None if is_short_capitals(name) => push_new(credits, name),
            None => {}
        }
    }
}

fn is_short_capitals(name: &str) -> bool {
    (2..=6).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_uppercase())
}

pub(super) fn push_new(list: &mut Vec<String>, name: &str) {
    if !list.iter().any(|n| n == name) {
        list.push(name.to_owned());
    }
}

/// Weekday, day, month, alone or together.
fn is_date(part: &str, knowledge: &Knowledge) -> bool {
    let tokens = clock::tokens(part);
    let is_known =
        |word: &str| knowledge.meanings(word).any(|m| matches!(m, Meaning::Month(..) | Meaning::Weekday(_)));
    !tokens.is_empty()
        && tokens.iter().all(|t| t.number().is_some() || t.mark().is_some() || t.word().is_some_and(is_known))
}

/// A few words with capitals, small ones between (`Rio de Janeiro`, `D.C.`).
fn is_place(part: &str) -> bool {
    let words: Vec<&str> = part.split_whitespace().collect();
    let capital = |w: &&str| w.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
    let allowed = |w: &&str| capital(w) || w.chars().count() <= 3;
    let plain = |w: &&str| {
        w.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’' | '-') || !c.is_ascii())
    };
    let letters = part.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    (1..=LONGEST_PLACE).contains(&words.len())
        && words.first().is_some_and(&capital)
        && words.last().is_some_and(capital)
        && words.iter().all(|w| allowed(w) && plain(w))
        && letters
}
