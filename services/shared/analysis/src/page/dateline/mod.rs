//! What opens a report before its first sentence: place, date, agency, outlet and reporter.
//!
//! * [`line`] reads pieces with commas, slashes and brackets between, up to a dash, a colon or the like:
//!   `JAKARTA, KOMPAS.com -`, `СЕУЛ, 5 ноября. /ТАСС/.`, `(서울=연합뉴스) 김하늘 기자 =`, `【ソウル=共同】`.
//! * [`wire`] reads what Chinese newsrooms write without a gap: `新华社北京9月13日电（记者张三）`.
//! * [`report`] reads the phrase with which Persian newsrooms name their source: `به گزارش خبرگزاری فارس،`.
//!
//! Capitals show a place; in scripts without capitals the gazetteer, or the agency beside it.

mod line;
mod piece;
mod report;
mod wire;

use super::knowledge::{Knowledge, phrase};
use piece::Element;

/// Most names that one dateline gives, of a kind.
const MOST_NAMES: usize = 8;

/// What opens the body.
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Opening {
    pub(super) dateline: Dateline,
    pub(super) publisher: Option<String>,
    pub(super) credits: Vec<String>,
    pub(super) reporters: Vec<String>,
}

/// The dateline at the start of a paragraph, a sentence behind it.
pub(super) fn find(paragraph: &str, knowledge: &Knowledge) -> Option<Opening> {
    let (elements, end) = wire::find(paragraph, knowledge)
        .or_else(|| report::find(paragraph, knowledge))
        .or_else(|| line::find(paragraph, knowledge))?;
    let rest = paragraph[end..].trim_start();
    let first = rest.chars().find(|c| !matches!(c, '"' | '“' | '”' | '\'' | '‘' | '’' | '«' | '„'))?;
    let end = paragraph[..paragraph.len() - rest.len()].chars().count();
    (!first.is_lowercase()).then(|| opening(elements, u32::try_from(end).unwrap_or(u32::MAX)))
}

/// A dateline that is a line of its own, paragraphs below it: `Madinah, NU Online`, `غزة/ الأناضول`.
pub(super) fn alone(paragraph: &str, knowledge: &Knowledge) -> Option<Opening> {
    let (elements, _) = wire::find(paragraph, knowledge)
        .filter(|(_, end)| paragraph[*end..].trim().is_empty())
        .or_else(|| line::alone(paragraph, knowledge))?;
    Some(opening(elements, u32::try_from(paragraph.chars().count() + 2).ok()?))
}

/// Names beside the word for a reporter; empty where only the word stands there.
pub(super) fn reporters(text: &str, knowledge: &Knowledge) -> Option<Vec<String>> {
    match piece::reporters(text, knowledge)? {
        Element::Reporters(names) => Some(names),
        _ => None,
    }
}

/// Sorts what was read into fields.
fn opening(elements: Vec<Element>, end: u32) -> Opening {
    let mut opening = Opening::default();
    opening.dateline.end = end;
    let is_known = |e: &Element| matches!(e, Element::Place { known: true, .. });
    let first = elements.iter().position(is_known);
    let first = first.or_else(|| elements.iter().position(|e| matches!(e, Element::Place { .. })));
    for (at, element) in elements.into_iter().enumerate() {
        let first = first.is_some_and(|first| at == first);
        match element {
            Element::Place { text, .. } if first => opening.dateline.place = Some(text),
            // `Cemal KAYA/ANKARA`
            Element::Place { text, .. } if opening.dateline.place.is_none() => opening.reporters.push(text),
            Element::Place { text, .. } => {
                opening.dateline.qualifier.get_or_insert(text);
            }
            Element::Outlet(name) => {
                opening.publisher.get_or_insert(name);
            }
            Element::Agency(name) => push_new(&mut opening.credits, &name),
            Element::Reporters(names) => opening.reporters.extend(names),
            Element::Date => {}
        }
    }
    opening.credits.truncate(MOST_NAMES);
    opening.reporters.truncate(MOST_NAMES);
    opening
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

/// `Reuters`, `AFP/REUTERS`, `13/9`: agencies are noted, dates are not.
pub(super) fn credit(text: &str, knowledge: &Knowledge, credits: &mut Vec<String>) {
    for name in text.split(['/', ',', ';', '=', '＝', '、']).map(str::trim) {
        match phrase(name).and_then(|form| knowledge.agencies.get(&form)) {
            Some(agency) => push_new(credits, agency),
            None if piece::is_short_capitals(name) => push_new(credits, name),
            None => {}
        }
    }
}

pub(super) fn push_new(list: &mut Vec<String>, name: &str) {
    if !list.iter().any(|n| n == name) {
        list.push(name.to_owned());
    }
}
