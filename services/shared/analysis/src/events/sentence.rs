//! A field cut into sentences, and a sentence into items.

use std::collections::BTreeSet;
use std::ops::Range;

use siaga_schemas::{Evidence, Field, Quote, Span};

use super::item::{Item, What};
use super::{dates, numbers, parties};
use crate::knowledge::Language;
use crate::matcher::{Hit, joins, stands_alone};
use crate::places::Resolved;
use crate::text::sentences::{self, Sentence};
use crate::text::{CharIndex, Folded, fold};
use crate::vocabulary::{FormVoice, Meaning, Word};

/// A field of an article with all that was found in it.
pub(crate) struct Reading<'a> {
    pub(crate) field: Field,
    original: &'a str,
    folded: Folded,
    chars: CharIndex<'a>,
    hits: Vec<Hit>,
    pub(crate) sentences: Vec<Sentence>,
}

/// What resolves words of a sentence: the language, the places of the article and the day of publication.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) language: &'a Language,
    pub(crate) places: &'a Resolved,
    pub(crate) published: jiff::civil::Date,
    /// Whether that is known: a file may hold articles without any time.
    pub(crate) dated: bool,
    /// Kinds of the nouns of the article.
    pub(crate) kinds: &'a BTreeSet<&'a str>,
}

impl<'a> Reading<'a> {
    /// Finds all forms of a field; sentences only where a word tells of an event. The first `dateline` bytes name no
    /// party and no place of an event, only who reports.
    pub(crate) fn new(field: Field, original: &'a str, dateline: usize, language: &Language) -> Self {
        let folded = fold::fold(original);
        let mut hits = language.events().find(original, &folded);
        hits.retain(|h| matches!(h.meaning, Meaning::Medium(_)) || folded.original(h.start) >= dateline);
        let triggered = hits.iter().any(|h| matches!(h.meaning, Meaning::Trigger(..)));
        let mut sentences =
            if triggered { sentences::split(original, &folded, &language.abbreviations) } else { Vec::new() };
        begin_behind(&mut sentences, &folded, dateline);
        Self { field, original, chars: CharIndex::new(original), folded, hits, sentences }
    }

    pub(crate) fn hits(&self) -> &[Hit] {
        &self.hits
    }

    pub(crate) fn text(&self) -> &str {
        self.folded.text()
    }

    pub(crate) fn hits_in(&self, range: &Range<usize>) -> &[Hit] {
        let from = self.hits.partition_point(|h| h.start < range.start);
        let to = self.hits.partition_point(|h| h.start < range.end);
        &self.hits[from..to]
    }

    pub(crate) fn has_trigger(&self, sentence: &Sentence) -> bool {
        self.hits_in(&sentence.range).iter().any(|h| matches!(h.meaning, Meaning::Trigger(..)))
    }

    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let (from, to) = self.folded.original_range(start, end);
        Span { field: self.field, start: self.chars.chars_before(from), end: self.chars.chars_before(to) }
    }

    pub(crate) fn words(&self, start: usize, end: usize) -> &'a str {
        let (from, to) = self.folded.original_range(start, end);
        &self.original[from..to]
    }

    pub(crate) fn quote(&self, start: usize, end: usize) -> Quote {
        Quote { text: self.words(start, end).to_owned(), span: self.span(start, end) }
    }

    pub(crate) fn evidence(&self, range: &Range<usize>) -> Evidence {
        let span = self.span(range.start, range.end);
        let text = self.words(range.start, range.end).to_owned();
        Evidence { field: span.field, start: span.start, end: span.end, text }
    }

    /// The paragraph around a sentence, for excerpts.
    pub(crate) fn paragraph(&self, sentence: usize) -> &'a str {
        let paragraph = self.sentences[sentence].paragraph;
        let first =
            self.sentences[..sentence].iter().rposition(|s| s.paragraph != paragraph).map_or(0, |i| i + 1);
        let last =
            self.sentences[sentence..].iter().take_while(|s| s.paragraph == paragraph).count() + sentence - 1;
        self.words(self.sentences[first].range.start, self.sentences[last].range.end)
    }

    /// The items of a sentence, parties, numbers and dates put together from their words.
    pub(crate) fn items(&self, sentence: &Sentence, context: Context<'_>) -> Vec<Item> {
        let mut items = self.plain_items(sentence, context);
        dates::join(&mut items, self.text(), context);
        numbers::join(&mut items, self.text());
        parties::join(&mut items, self.text(), context);
        open_bare_relatives(&mut items, self.text(), &context.language.settings.object_pronouns);
        number_clauses(&mut items);
        items
    }

    fn plain_items(&self, sentence: &Sentence, context: Context<'_>) -> Vec<Item> {
        let mut items = dates::numeric(self.text(), &sentence.range, context);
        let taken: Vec<Range<usize>> = items.iter().map(|i| i.start..i.end).collect();
        items.extend(numbers::digits(
            self.text(),
            &sentence.range,
            context.language.settings.thousands,
            &taken,
        ));
        items.extend(marks(&self.text()[sentence.range.clone()], sentence.range.start));
        for hit in self.hits_in(&sentence.range) {
            // 2010년 11월 23일 is one date: its month is none of its own.
            if taken.iter().any(|t| t.start <= hit.start && hit.end <= t.end) {
                continue;
            }
            let what = match hit.meaning {
                Meaning::Time(_) | Meaning::Number(_) | Meaning::Vague(_) | Meaning::Multiplier(_) => {
                    What::Raw(hit.meaning)
                }
                Meaning::Place(_) | Meaning::Group(_) | Meaning::Body(_) => What::Raw(hit.meaning),
                Meaning::Noun(i) => What::Noun(i),
                Meaning::Medium(i) => What::Medium(i),
                Meaning::Trigger(i, FormVoice::Separated) => {
                    let particles = &context.language.trigger(i).particles;
                    if !ends_with(&self.text()[hit.end..sentence.range.end], particles) {
                        continue;
                    }
                    What::Trigger(i, FormVoice::Active)
                }
                Meaning::Trigger(i, voice) => What::Trigger(i, voice),
                Meaning::Word(word) => What::Word(word),
                Meaning::Field(innocent) => What::Innocent(innocent),
                Meaning::Idiom | Meaning::Bloc(_) | Meaning::Topic(..) => continue,
            };
            items.push(Item { start: hit.start, end: hit.end, clause: 0, what });
        }
        items.sort_by_key(|i| (i.start, std::cmp::Reverse(i.end)));
        items
    }
}

/// Whether the clause that goes on behind a verb ends in one of its particles.
fn ends_with(rest: &str, particles: &[String]) -> bool {
    const LONGEST: usize = 400;
    let rest = &rest[..rest.floor_char_boundary(LONGEST)];
    let ends = |behind: &str| {
        let behind = behind.trim_start_matches(' ');
        !behind.starts_with(char::is_alphanumeric) || CONJUNCTIONS.iter().any(|c| behind.starts_with(c))
    };
    particles.iter().any(|particle| {
        rest.match_indices(particle.as_str()).any(|(at, _)| {
            rest[..at].ends_with(' ')
                && !rest[at + particle.len()..].starts_with(char::is_alphanumeric)
                && ends(&rest[at + particle.len()..])
        })
    })
}

/// Words behind which a clause goes on that the particle before them has ended.
const CONJUNCTIONS: [&str; 4] = ["und ", "oder ", "sowie ", "als "];

/// Leaves the dateline out of the first sentence, so that it is no part of a quote.
fn begin_behind(sentences: &mut [Sentence], folded: &Folded, dateline: usize) {
    let Some(first) = sentences.first_mut().filter(|_| dateline > 0) else { return };
    let text = &folded.text()[first.range.clone()];
    let begin = text
        .char_indices()
        .find(|(at, letter)| folded.original(first.range.start + at) >= dateline && !letter.is_whitespace());
    if let Some((at, _)) = begin {
        first.range.start += at;
    }
}

/// Punctuation that sets parts of a sentence apart.
fn marks(sentence: &str, offset: usize) -> impl Iterator<Item = Item> + '_ {
    // A comma inside a number parts nothing.
    let in_number = move |at: usize| {
        let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
        at > 0 && digit(sentence.as_bytes().get(at - 1)) && digit(sentence.as_bytes().get(at + 1))
    };
    sentence.char_indices().filter_map(move |(at, letter)| {
        let what = match letter {
            ',' if in_number(at) => return None,
            ',' | '、' | '，' | '،' => What::Comma,
            ':' | '：' => What::Colon,
            '"' | '「' | '」' | '『' | '』' => What::Quote,
            '(' | ')' | '[' | ']' => What::Bracket,
            _ => return None,
        };
        let start = offset + at;
        Some(Item { start, end: start + letter.len_utf8(), clause: 0, what })
    })
}

/// *صاروخ أطلقته إيران*: a verb with a pronoun for its object, right behind a thing, opens a clause that tells of it.
fn open_bare_relatives(items: &mut Vec<Item>, text: &str, pronouns: &[String]) {
    if pronouns.is_empty() {
        return;
    }
    let has_pronoun = |item: &Item| {
        let rest = &text[item.end..];
        let word = &rest[..rest.find(|c: char| !joins(c)).unwrap_or(rest.len())];
        !word.is_empty() && pronouns.iter().any(|p| p == word)
    };
    let mut at = 1;
    while at < items.len() {
        let verb = match items[at].what {
            What::Trigger(_, voice) => !voice.is_noun(),
            What::Word(word) => word == Word::SupportActive,
            _ => false,
        };
        let start = items[at].start;
        let before = items[..at].iter().rev().find(|i| i.end <= start);
        let thing = before.is_some_and(|b| {
            matches!(b.what, What::Noun(_) | What::Trigger(..) | What::Party(_) | What::Quantity(_))
                && text[b.end..start].trim().is_empty()
        });
        let opened = items[..at].iter().rev().take(3).any(|i| i.start == start && i.is_word(Word::Which));
        if verb && thing && !opened && has_pronoun(&items[at]) {
            let first = items[..at].iter().rposition(|i| i.start < start).map_or(0, |i| i + 1);
            items.insert(first, Item { start, end: start, clause: 0, what: What::Word(Word::Which) });
            at += 1;
        }
        at += 1;
    }
}

/// Words that begin a clause of their own, and colons, count the clauses up.
fn number_clauses(items: &mut [Item]) {
    let mut clause = 0;
    for item in items {
        let begins = match &item.what {
            What::Colon => true,
            What::Word(word) => begins_clause(*word),
            _ => false,
        };
        if begins {
            clause += 1;
        }
        item.clause = clause;
    }
}

pub(crate) fn begins_clause(word: Word) -> bool {
    matches!(
        word,
        Word::That
            | Word::Which
            | Word::If
            | Word::After
            | Word::Before
            | Word::While
            | Word::Because
            | Word::Since
    )
}

/// Words of unknown meaning between two places of a text: blanks, or for scripts without blanks half the letters.
pub(crate) fn gap(text: &str, from: usize, to: usize) -> usize {
    if to <= from {
        return 0;
    }
    // The rest of a word whose beginning is known is no word more: particles and endings cling.
    let clings = |c: char| c == '\'' || joins(c);
    let between = text[from..to].trim_start_matches(clings);
    let wide = between.chars().filter(|c| stands_alone(*c)).count();
    between.split_whitespace().filter(|w| w.contains(joins)).count() + wide / 2
}
