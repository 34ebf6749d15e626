//! Datelines of Chinese newsrooms, which set no gaps: `新华社北京9月13日电（记者张三）`, `央视新闻消息，`.

use super::piece::{self, Element};
use crate::page::knowledge::Knowledge;
use crate::page::words;

/// Longest name of an agency or outlet, in letters.
const LONGEST_NAME: usize = 10;
/// Longest place, in letters.
const LONGEST_PLACE: usize = 10;
/// Most letters between the agency and the word that ends the dateline.
const LONGEST: usize = 32;
/// Letters of a reporter's name where the place follows at once.
const NAME: [usize; 3] = [3, 2, 4];

/// The elements of such a dateline at the start of a paragraph, and the bytes that it takes.
pub(super) fn find(paragraph: &str, knowledge: &Knowledge) -> Option<(Vec<Element>, usize)> {
    let start = paragraph.len() - paragraph.trim_start().len();
    let opened = paragraph[start..].chars().next().filter(|c| matches!(c, '(' | '（' | '【' | '〔' | '['));
    let inside = start + opened.map_or(0, char::len_utf8);
    if !paragraph[inside..].starts_with(words::is_unspaced) {
        return None;
    }
    let (mut elements, used) = wire(&paragraph[inside..], knowledge)?;
    let mut end = inside + used;
    let rest = &paragraph[end..];
    if opened.is_some() {
        end += rest.chars().next().filter(|c| matches!(c, ')' | '）' | '】' | '〕' | ']'))?.len_utf8();
    } else if let Some((reporters, used)) = bracket(rest, knowledge) {
        elements.push(reporters);
        end += used;
    } else if !(rest.is_empty()
        || rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '，' | ',' | '：' | ':')))
    {
        return None;
    }
    let rest = &paragraph[end..];
    let mark =
        rest.trim_start().chars().next().filter(|c| matches!(c, '，' | ',' | '：' | ':' | '-' | '—' | '–'));
    end += mark.map_or(0, |mark| rest.len() - rest.trim_start().len() + mark.len_utf8());
    Some((elements, end))
}

/// `新华社北京9月13日电`
fn wire(text: &str, knowledge: &Knowledge) -> Option<(Vec<Element>, usize)> {
    let medium = medium(text, knowledge);
    let at = medium.as_ref().map_or(0, |(_, used)| *used);
    let rest = &text[at..];
    let (length, wire) = ends(rest, knowledge)?;
    let between = &rest[..length];
    let end = at + length + wire.len();
    let Some((medium, _)) = medium else {
        // Without an agency a day or a reporter must stand there.
        let elements = between_names(between, knowledge)?;
        let placed = elements.iter().any(|e| matches!(e, Element::Place { known: true, .. }));
        let told = elements.iter().any(|e| matches!(e, Element::Date | Element::Reporters(_)));
        return (placed && told).then_some((elements, end));
    };
    // `新华社报道，` is the sentence's own.
    if between.is_empty() && wire.chars().count() > 1 && !matches!(medium, Element::Outlet(_)) {
        return None;
    }
    let mut elements = vec![medium];
    if !between.is_empty() {
        elements.extend(between_names(between, knowledge)?);
    }
    Some((elements, end))
}

/// The longest agency or outlet that a text begins with, and its bytes.
fn medium(text: &str, knowledge: &Knowledge) -> Option<(Element, usize)> {
    let borders: Vec<usize> = text
        .char_indices()
        .take(LONGEST_NAME)
        .take_while(|(_, c)| c.is_alphanumeric())
        .map(|(at, c)| at + c.len_utf8())
        .collect();
    borders.into_iter().rev().find_map(|end| Some((piece::medium(&text[..end], knowledge)?, end)))
}

/// The bytes before the first word that ends such a dateline, and the word.
fn ends<'a>(text: &str, knowledge: &'a Knowledge) -> Option<(usize, &'a str)> {
    for (at, letter) in text.char_indices().take(LONGEST) {
        if let Some(wire) = knowledge.wires.iter().find(|wire| text[at..].starts_with(wire.as_str())) {
            return Some((at, wire));
        }
        if !(letter.is_alphanumeric()
            || letter.is_whitespace()
            || matches!(letter, '（' | '）' | '(' | ')' | '／' | '/' | '、'))
        {
            return None;
        }
    }
    None
}

/// `记者张三北京9月13日`: reporter, place and day, each where it is given.
fn between_names(between: &str, knowledge: &Knowledge) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    let day = between.find(|c| words::digit(c).is_some() || matches!(c, '(' | '（')).unwrap_or(between.len());
    let (before, date) = between.split_at(day);
    if !date.is_empty() && !piece::is_date(date, knowledge) {
        return None;
    }
    let before = before.trim_matches(|c: char| c.is_whitespace() || matches!(c, '／' | '/' | '、'));
    let mut place = before;
    if let Some(rest) = knowledge.labels.reporters.strip(before) {
        let (name, behind) = name_and_place(rest.trim(), knowledge)?;
        elements.push(Element::Reporters(vec![name.to_owned()]));
        place = behind;
    }
    let letters = place.chars().count();
    if letters > LONGEST_PLACE || !place.chars().all(char::is_alphabetic) {
        return None;
    }
    if letters > 0 {
        let element = piece::place(place, knowledge)?;
        // Without a day only a place that is known is one.
        if date.is_empty() && !matches!(element, Element::Place { known: true, .. }) {
            return None;
        }
        elements.push(element);
    }
    if !date.is_empty() {
        elements.push(Element::Date);
    }
    Some(elements)
}

/// `王小明台北`: the gazetteer tells where the name ends, else most names have three letters.
fn name_and_place<'a>(text: &'a str, knowledge: &Knowledge) -> Option<(&'a str, &'a str)> {
    if let Some((name, place)) = text.split_once(['／', '/', ' ', '\u{3000}']) {
        return Some((name, place.trim()));
    }
    let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let at = |letters: usize| borders.get(letters).map(|at| text.split_at(*at));
    let known = NAME.iter().filter_map(|n| at(*n)).find(|(_, place)| {
        place.is_empty() || super::phrase(place).is_some_and(|form| knowledge.places.contains_key(&form))
    });
    known.or_else(|| at(NAME[0]).filter(|(_, place)| place.chars().count() > 1))
}

/// `（记者张三 李四）`, and its bytes.
fn bracket(text: &str, knowledge: &Knowledge) -> Option<(Element, usize)> {
    let inside = text.strip_prefix(['（', '('])?;
    let end = inside.find(['）', ')'])?;
    let reporters = piece::read(&inside[..end], knowledge)?;
    let [element @ Element::Reporters(_)] = reporters.as_slice() else { return None };
    let closing = inside[end..].chars().next().map_or(0, char::len_utf8);
    Some((element.clone(), text.len() - inside.len() + end + closing))
}
