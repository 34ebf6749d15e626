//! Datelines of pieces with marks between them.

use super::piece::{self, Element};
use crate::page::knowledge::Knowledge;

/// Longest dateline, in bytes.
const LONGEST: usize = 200;
/// Most pieces.
const MOST_PIECES: usize = 10;
/// Most places: `KUDÜS/GAZZE`.
const MOST_PLACES: usize = 3;
/// A word of so many letters is no abbreviation.
const SHORTEST_WORD: usize = 5;

/// What ends a dateline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Close {
    /// A dash, a bar or the sign with which Korean newsrooms end theirs.
    Dash,
    Colon,
    Bracket,
    /// A full stop.
    Stop,
    /// The full stop of Hindi.
    Danda,
    End,
}

/// What parts two pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    Comma,
    Open,
    Close(Close),
}

/// The elements of the dateline that opens a paragraph, and the bytes that it takes.
pub(super) fn find(paragraph: &str, knowledge: &Knowledge) -> Option<(Vec<Element>, usize)> {
    let walk = Walk::new(paragraph, knowledge).run();
    let sentence_follows = walk.at < paragraph.trim_end().len();
    walk.closed.filter(|_| sentence_follows).map(|(count, end)| (walk.elements[..count].to_vec(), end))
}

/// The elements of a paragraph that is nothing but a dateline.
pub(super) fn alone(paragraph: &str, knowledge: &Knowledge) -> Option<(Vec<Element>, usize)> {
    let walk = Walk::new(paragraph, knowledge).run();
    let all = walk.at == paragraph.len() && paragraph.len() <= LONGEST;
    (all && walk.is_acceptable(Close::End)).then_some((walk.elements, paragraph.len()))
}

struct Walk<'a> {
    paragraph: &'a str,
    /// The beginning, as far as a dateline may go.
    head: &'a str,
    knowledge: &'a Knowledge,
    at: usize,
    elements: Vec<Element>,
    /// Elements up to the last end that will do, and the bytes behind it.
    closed: Option<(usize, usize)>,
    depth: usize,
    /// Whether what was read last may only be followed by a date, an agency or the like.
    strict: bool,
    /// Whether a sign that joins place and reporter stands before the piece.
    equals: bool,
}

impl<'a> Walk<'a> {
    fn new(paragraph: &'a str, knowledge: &'a Knowledge) -> Self {
        let head = &paragraph[..paragraph.floor_char_boundary(LONGEST)];
        let head = head.split(['\n', '?', '!', '？', '！', '。']).next().unwrap_or_default();
        Self {
            paragraph,
            head,
            knowledge,
            at: 0,
            elements: Vec::new(),
            closed: None,
            depth: 0,
            strict: false,
            equals: false,
        }
    }

    fn run(mut self) -> Self {
        for _ in 0..MOST_PIECES {
            self.joints();
            let (end, elements) = self.piece();
            let Some(elements) = elements.filter(|e| self.may_follow(e)) else { break };
            self.elements.extend(elements);
            self.at = end;
            self.equals = false;
        }
        self
    }

    fn rest(&self) -> &'a str {
        &self.head[self.at.min(self.head.len())..]
    }

    /// Goes over marks, and notes where the dateline may end.
    fn joints(&mut self) {
        while let Some((joint, length)) = self.joint(self.rest()) {
            self.equals |= self.rest().starts_with(['=', '＝']);
            self.at += length;
            match joint {
                Some(Joint::Open) => self.depth += 1,
                Some(Joint::Close(close)) => self.close(close),
                Some(Joint::Comma) | None => {}
            }
        }
    }

    fn close(&mut self, close: Close) {
        if close == Close::Bracket {
            self.depth = self.depth.saturating_sub(1);
        }
        if self.depth > 0 {
            return;
        }
        self.strict |= !self.elements.is_empty() && close != Close::Bracket;
        if self.is_acceptable(close) {
            self.closed = Some((self.elements.len(), self.at));
        }
    }

    /// The mark at the start of `rest` and its bytes; the mark is none for blanks.
    fn joint(&self, rest: &str) -> Option<(Option<Joint>, usize)> {
        let first = rest.chars().next()?;
        let length = first.len_utf8();
        let after = &self.paragraph[self.at + length..];
        let apart = |c: char| c.is_whitespace() || is_mark(c);
        let blank_around =
            after.starts_with(apart) || after.is_empty() || self.paragraph[..self.at].ends_with(apart);
        let joint = match first {
            c if c.is_whitespace() || piece::is_formatting(c) => None,
            ',' | '،' | '，' | '、' | '/' | '／' | '·' | '・' | ';' => Some(Joint::Comma),
            '=' | '＝' if self.depth > 0 => Some(Joint::Comma),
            '=' | '＝' | '|' | '｜' | '–' | '—' | '―' => Some(Joint::Close(Close::Dash)),
            '-' if blank_around || self.at == 0 => Some(Joint::Close(Close::Dash)),
            '-' if self.is_agency_behind(after) => Some(Joint::Comma),
            ':' if after.starts_with(char::is_whitespace) => Some(Joint::Close(Close::Colon)),
            '：' => Some(Joint::Close(Close::Colon)),
            '(' | '[' | '（' | '［' | '【' | '〔' | '「' if self.depth == 0 => Some(Joint::Open),
            ')' | ']' | '）' | '］' | '】' | '〕' | '」' => Some(Joint::Close(Close::Bracket)),
            '।' => Some(Joint::Close(Close::Danda)),
            '.' if blank_around => Some(Joint::Close(Close::Stop)),
            _ => return None,
        };
        Some((joint, length))
    }

    /// `دمشق-سانا`
    fn is_agency_behind(&self, after: &str) -> bool {
        let word = after.split(|c: char| c.is_whitespace() || is_mark(c)).next().unwrap_or_default();
        let known = matches!(self.elements.last(), Some(Element::Place { known: true, .. }));
        known && super::phrase(word).is_some_and(|form| self.knowledge.agencies.contains_key(&form))
    }

    /// The next piece: where it ends, and what it says.
    fn piece(&self) -> (usize, Option<Vec<Element>>) {
        let rest = self.rest();
        // `دمشق-سانا أعلنت`: nothing but a blank parts agency and sentence.
        if self.paragraph[..self.at].ends_with('-') && self.is_glued_agency() {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            return (self.at + end, piece::read(&rest[..end], self.knowledge));
        }
        let mut previous = ' ';
        let mut end = rest.len();
        for (at, letter) in rest.char_indices() {
            let after = &rest[at + letter.len_utf8()..];
            let ends_here = match letter {
                '.' => {
                    let apart =
                        after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || is_mark(c));
                    apart && self.ends_with_stop(&rest[..at])
                }
                '-' => {
                    after.starts_with(|c: char| c.is_whitespace() || is_mark(c))
                        || previous.is_whitespace()
                        || after.is_empty()
                        || self.is_place_before_agency(&rest[..at], after)
                }
                ':' => after.is_empty() || after.starts_with(char::is_whitespace),
                c => is_mark(c),
            };
            if ends_here {
                end = at;
                break;
            }
            previous = letter;
        }
        let mut elements = piece::read(&rest[..end], self.knowledge);
        let text = rest[..end].trim();
        if self.is_signed_bracket() && !elements.as_deref().is_some_and(|e| e.iter().all(Element::is_sure)) {
            elements = piece::names(text, piece::MOST_LETTERS).map(|names| vec![Element::Reporters(names)]);
        }
        if self.is_unknown_agency(text, elements.as_deref()) {
            elements = Some(vec![Element::Agency(text.to_owned())]);
        }
        (self.at + end, elements)
    }

    fn is_glued_agency(&self) -> bool {
        let before = self.paragraph[..self.at].trim_end_matches('-');
        !before.ends_with(char::is_whitespace) && self.is_agency_behind(self.rest())
    }

    fn is_place_before_agency(&self, before: &str, after: &str) -> bool {
        let word = after.split(|c: char| c.is_whitespace() || is_mark(c)).next().unwrap_or_default();
        let agency = super::phrase(word).is_some_and(|form| self.knowledge.agencies.contains_key(&form));
        agency && super::phrase(before).is_some_and(|form| self.knowledge.places.contains_key(&form))
    }

    /// `【ソウル＝山田太郎】`: behind a place that is known, a name.
    fn is_signed_bracket(&self) -> bool {
        self.depth > 0
            && self.equals
            && matches!(self.elements.last(), Some(Element::Place { known: true, .. }))
    }

    /// `Taipei, Feb. 21 (FM)`: short capitals in brackets behind a known town.
    fn is_unknown_agency(&self, text: &str, read: Option<&[Element]>) -> bool {
        let unknown = !matches!(
            read,
            Some([Element::Agency(_) | Element::Outlet(_) | Element::Place { known: true, .. }])
        );
        let town = |e: &Element| matches!(e, Element::Place { town: true, .. });
        self.depth > 0 && unknown && piece::is_short_capitals(text) && self.elements.iter().any(town)
    }

    /// Whether a full stop ends a piece, and no abbreviation.
    fn ends_with_stop(&self, before: &str) -> bool {
        let word = before.split_whitespace().next_back().unwrap_or_default();
        let letters = word.chars().count();
        let capitals = word.chars().all(|c| !c.is_lowercase()) && letters + 1 >= SHORTEST_WORD;
        let said = || {
            let read = piece::read(before, self.knowledge);
            read.is_some_and(|e| e.last().is_some_and(|e| e.is_sure() || *e == Element::Date))
        };
        letters >= SHORTEST_WORD || (capitals && !word.contains('.')) || said()
    }

    /// Behind a dash only agencies, dates and the like go on with a dateline.
    fn may_follow(&self, elements: &[Element]) -> bool {
        let places = |elements: &[Element]| elements.iter().filter(|e| e.is_place()).count();
        let strict = self.strict && elements.iter().any(|e| !(e.is_sure() || *e == Element::Date));
        !strict && places(&self.elements) + places(elements) <= MOST_PLACES
    }

    /// Whether what was read may be a dateline that ends so.
    fn is_acceptable(&self, close: Close) -> bool {
        let sure = self.elements.iter().any(Element::is_sure);
        let places: Vec<&Element> = self.elements.iter().filter(|e| e.is_place()).collect();
        let is_known = |e: &&&Element| matches!(e, Element::Place { known: true, .. });
        let is_town = |e: &&&Element| matches!(e, Element::Place { town: true, .. });
        let is_shown = |e: &&&Element| matches!(e, Element::Place { known, cased, .. } if *known || *cased);
        let shown = places.iter().filter(is_shown).count() == places.len();
        let town = places.len() == 1 && places.iter().filter(is_town).count() == 1;
        let only_town = town && self.elements.len() == 1;
        let dated = self.elements.contains(&Element::Date);
        if places.is_empty() {
            let reported = matches!(self.elements.first(), Some(Element::Reporters(_)));
            return sure && (!reported || close == Close::Dash);
        }
        match close {
            Close::Dash => sure || (shown && places.len() <= 2),
            Close::Colon => sure || only_town || (town && dated),
            Close::Danda => sure || only_town || (town && dated),
            Close::Bracket | Close::Stop => sure,
            Close::End => sure || (places.len() == 2 && places.iter().filter(is_known).count() == 2),
        }
    }
}

/// Marks that part pieces wherever they stand.
fn is_mark(letter: char) -> bool {
    matches!(
        letter,
        ',' | '،'
            | '，'
            | '、'
            | '/'
            | '／'
            | '·'
            | '='
            | '＝'
            | '|'
            | '｜'
            | '–'
            | '—'
            | '―'
            | '('
            | ')'
            | '['
            | ']'
            | '（'
            | '）'
            | '［'
            | '］'
            | '【'
            | '】'
            | '〔'
            | '〕'
            | '「'
            | '」'
            | '।'
            | '：'
            | ';'
            | '・'
            | '-'
    )
}
