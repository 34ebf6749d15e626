//! One pass of an Aho-Corasick automaton finds every form of a language in a folded text.
//!
//! The automaton finds forms anywhere; what begins or ends inside a word of a script with blanks is dropped, unless
//! the form or a clitic of the language allows it. Of forms inside longer ones only those stay that say more.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::lexicon::{Error, SettingsFile};
use crate::text::{Folded, fold};
use crate::vocabulary::{Entries, Meaning};

/// A form found in a text: bytes of the folded text, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// What it may mean.
    pub meaning: Meaning,
}

/// The automaton of a language.
#[derive(Debug)]
pub struct Matcher {
    automaton: AhoCorasick,
    /// By pattern of the automaton, the ways in which its text may be written, and what each means.
    readings: Vec<Vec<Reading>>,
    proclitics: Vec<String>,
    enclitics: Vec<String>,
}

#[derive(Debug)]
struct Reading {
    exact: Option<String>,
    capital: bool,
    open_start: bool,
    open_end: bool,
    meanings: Vec<Meaning>,
}

impl Matcher {
    /// Builds the automaton of a language's entries.
    ///
    /// # Errors
    /// Where the patterns are too many for one automaton.
    pub fn new(language: &str, entries: Entries, settings: &SettingsFile) -> Result<Self, Error> {
        let mut by_text: BTreeMap<String, Vec<Reading>> = BTreeMap::new();
        for (pattern, meanings) in entries {
            by_text.entry(pattern.folded).or_default().push(Reading {
                exact: pattern.exact,
                capital: pattern.capital,
                open_start: pattern.open_start,
                open_end: pattern.open_end,
                meanings,
            });
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(by_text.keys())
            .map_err(|e| Error::Build { language: language.to_owned(), reason: e.to_string() })?;
        let clitics = |list: &[String]| list.iter().map(|c| fold::fold(c).text().to_owned()).collect();
        Ok(Self {
            automaton,
            readings: by_text.into_values().collect(),
            proclitics: clitics(&settings.proclitics),
            enclitics: clitics(&settings.enclitics),
        })
    }

    /// Every form in a text, by start, longer ones first; nested forms are settled by [`settle`].
    pub fn find(&self, original: &str, folded: &Folded) -> Vec<Hit> {
        let text = folded.text();
        let mut hits = Vec::new();
        for found in self.automaton.find_overlapping_iter(text) {
            let (start, end) = (found.start(), found.end());
            for reading in &self.readings[found.pattern().as_usize()] {
                if (reading.open_start || self.begins_word(text, start))
                    && (reading.open_end || self.ends_word(text, end))
                    && (!reading.capital || !is_small(original, folded, start))
                    && reading
                        .exact
                        .as_deref()
                        .is_none_or(|exact| is_written(original, folded, start, end, exact))
                {
                    let end = if reading.open_end { word_end(text, end) } else { end };
                    hits.extend(reading.meanings.iter().map(|&meaning| Hit { start, end, meaning }));
                }
            }
        }
        settle(hits)
    }

    fn begins_word(&self, text: &str, start: usize) -> bool {
        let inside = |at: usize| {
            let (before, after) = (text[..at].chars().next_back(), text[at..].chars().next());
            matches!((before, after), (Some(b), Some(a)) if joins(b) && joins(a))
        };
        !inside(start)
            || self.proclitics.iter().any(|c| text[..start].ends_with(c.as_str()) && !inside(start - c.len()))
    }

    fn ends_word(&self, text: &str, end: usize) -> bool {
        let inside = |at: usize| {
            let (before, after) = (text[..at].chars().next_back(), text[at..].chars().next());
            matches!((before, after), (Some(b), Some(a)) if joins(b) && joins(a))
        };
        !inside(end)
            || self.enclitics.iter().any(|c| text[end..].starts_with(c.as_str()) && !inside(end + c.len()))
    }
}

/// Whether a letter belongs to a script in which words are runs of letters.
fn joins(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric() || letter == '_';
    }
    letter.is_alphanumeric() && !stands_alone(letter)
}

/// Scripts without blanks between words.
fn stands_alone(letter: char) -> bool {
    matches!(letter as u32,
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

fn is_small(original: &str, folded: &Folded, start: usize) -> bool {
    original[folded.original(start)..].chars().next().is_some_and(char::is_lowercase)
}

fn is_written(original: &str, folded: &Folded, start: usize, end: usize, exact: &str) -> bool {
    let (from, to) = folded.original_range(start, end);
    original.get(from..to) == Some(exact)
}

fn word_end(text: &str, end: usize) -> usize {
    end + text[end..].chars().take_while(|c| joins(*c)).map(char::len_utf8).sum::<usize>()
}

/// Sorts hits by start, longer first, and drops those inside a longer one that says all there is to say.
fn settle(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_unstable_by(|a, b| (a.start, b.end, a.meaning).cmp(&(b.start, a.end, b.meaning)));
    hits.dedup();
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    // Hits that may still cover a later one; the longest form is short, so few are open at a time.
    let mut open: Vec<Hit> = Vec::new();
    for hit in hits {
        open.retain(|o| o.end > hit.start);
        if !open.iter().any(|o| covers(o, &hit)) {
            kept.push(hit);
        }
        open.push(hit);
    }
    kept
}

/// Whether a hit inside, or overlapping the end of, an earlier and longer one is to be dropped.
fn covers(outer: &Hit, inner: &Hit) -> bool {
    if (outer.start, outer.end) == (inner.start, inner.end) {
        return outer.meaning == Meaning::Idiom && inner.meaning != Meaning::Idiom;
    }
    let inside = inner.end <= outer.end;
    match (outer.meaning, inner.meaning) {
        (Meaning::Topic(..), _) | (_, Meaning::Topic(..)) => {
            inside && (outer.meaning == Meaning::Idiom || same_layer(outer.meaning, inner.meaning))
        }
        (Meaning::Idiom, _) => inside,
        (_, Meaning::Idiom) => false,
        (Meaning::Field(_), inner) | (inner, Meaning::Field(_)) => {
            inside && matches!(inner, Meaning::Field(_))
        }
        (Meaning::Trigger(..), Meaning::Noun(_) | Meaning::Place(_) | Meaning::Group(_)) => false,
        (Meaning::Trigger(..), _) => inside,
        (Meaning::Noun(_), Meaning::Trigger(..)) => inside,
        (Meaning::Body(_), Meaning::Place(_)) => false,
        _ => inside || same_layer(outer.meaning, inner.meaning),
    }
}

fn same_layer(a: Meaning, b: Meaning) -> bool {
    std::mem::discriminant(&a) == std::mem::discriminant(&b)
}
