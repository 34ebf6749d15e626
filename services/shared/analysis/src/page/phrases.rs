//! Phrases of sites, matched against whole lines.
//!
//! A pattern is words with `...` for any words between, before or after, and `#` for a number: `baca juga: ...`,
//! `... di google news`, `halaman #`.
//! It must cover the line from end to end. Lookup goes by the line's first and last word, so that its cost does
//! not grow with the number of patterns.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::words;

/// Most words of a line that can be a site's phrase: longer ones are never cut.
pub(super) const LONGEST_LINE: usize = 40;

/// Letters that make a word in scripts without blanks.
const LETTERS_A_WORD: usize = 4;

/// Why something was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// *Advertisement*, *scroll to continue*.
    Advertisement,
    /// Other articles: *Baca Juga*, *Berita Lainnya*, and the headlines under it.
    Related,
    /// Share bars.
    Share,
    /// *Follow us*, newsletters, apps.
    Subscribe,
    /// Breadcrumbs, page numbers, *next page*.
    Navigation,
    /// Name of a section over the headline.
    Section,
    /// Keywords.
    Tags,
    /// Rights reserved.
    Copyright,
    /// Players and galleries of which only the name is left.
    Media,
    /// Initials of editors: *(dka)*.
    Initials,
    /// Lines without a letter.
    Ornament,
    /// Time of a later edit, reading time and the like.
    Metadata,
    /// The headline once more.
    RepeatsTitle,
    /// A caption or summary that repeats the body.
    RepeatsBody,
}

impl Reason {
    /// The name that stands in `page.toml` and in explanations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Advertisement => "advertisement",
            Self::Related => "related",
            Self::Share => "share",
            Self::Subscribe => "subscribe",
            Self::Navigation => "navigation",
            Self::Section => "section",
            Self::Tags => "tags",
            Self::Copyright => "copyright",
            Self::Media => "media",
            Self::Initials => "initials",
            Self::Ornament => "ornament",
            Self::Metadata => "metadata",
            Self::RepeatsTitle => "repeats_title",
            Self::RepeatsBody => "repeats_body",
        }
    }
}

/// What a matched line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) reason: Reason,
    /// Whether headlines of other articles follow.
    pub(super) links: bool,
    /// Whether the pattern leaves words of the line open.
    pub(super) open: bool,
}

#[derive(Clone, Debug)]
struct Phrase {
    /// Runs of words between the gaps.
    runs: Vec<Vec<String>>,
    open_end: bool,
    open_start: bool,
    /// Whether so few words are fixed that sentences may begin or end with them.
    weak: bool,
    found: Found,
}

/// Stands in a run for a word of digits.
const NUMBER: &str = "#";

/// Patterns of all languages.
#[derive(Clone, Debug, Default)]
pub(super) struct Phrases {
    all: Vec<Phrase>,
    by_first: HashMap<String, Vec<usize>>,
    by_last: HashMap<String, Vec<usize>>,
}

impl Phrases {
    /// Adds a pattern, or says why it cannot be looked for.
    pub(super) fn add(&mut self, pattern: &str, found: Found) -> Result<(), &'static str> {
        let pattern = pattern.trim().replace('…', "...");
        let runs: Vec<Vec<String>> = pattern
            .split("...")
            .filter_map(|run| words::at_most(&run.replace(NUMBER, " 0 "), LONGEST_LINE))
            .map(|run| run.into_iter().map(as_number).collect::<Vec<String>>())
            .filter(|run| !run.is_empty())
            .collect();
        let (open_start, open_end) = (pattern.starts_with("..."), pattern.ends_with("..."));
        let found = Found { open: open_start || open_end || runs.len() > 1, ..found };
        let weak = found.open && is_weak(runs.iter().flatten());
        let phrase = Phrase { runs, open_start, open_end, weak, found };
        let index = self.all.len();
        let (Some(first), Some(last)) =
            (phrase.runs.first().and_then(|r| r.first()), phrase.runs.last().and_then(|r| r.last()))
        else {
            return Err("has no words");
        };
        if phrase.found.open && phrase.runs.iter().flatten().all(|word| word == NUMBER) {
            return Err("is any line with a number");
        }
        match (phrase.open_start, phrase.open_end) {
            (true, true) => return Err("is open at both ends"),
            (true, false) => self.by_last.entry(last.clone()).or_default().push(index),
            (false, _) => self.by_first.entry(first.clone()).or_default().push(index),
        }
        self.all.push(phrase);
        Ok(())
    }

    pub(super) fn absorb(&mut self, other: Self) {
        let base = self.all.len();
        self.all.extend(other.all);
        for (mine, theirs) in [(&mut self.by_first, other.by_first), (&mut self.by_last, other.by_last)] {
            for (word, indices) in theirs {
                mine.entry(word).or_default().extend(indices.into_iter().map(|i| i + base));
            }
        }
    }

    /// What the site says with this line, if it is the site's.
    pub(super) fn find(&self, line: &str) -> Option<Found> {
        let first = words::walk(line).next()?;
        let by_first = self.by_first.get(fold_word(first).as_str());
        let by_last = self.by_last.get(fold_word(last_word(line)).as_str());
        if by_first.is_none() && by_last.is_none() {
            return None;
        }
        let line_words: Vec<String> =
            words::at_most(line, LONGEST_LINE)?.into_iter().map(as_number).collect();
        let candidates = by_first.into_iter().chain(by_last).flatten();
        let sentence = words::ends_sentence(line);
        let covering =
            candidates.map(|i| &self.all[*i]).find(|p| !(sentence && p.weak) && p.covers(&line_words));
        covering.map(|p| p.found)
    }
}

/// Whether these are a single word, or a few letters of a script whose words have several.
fn is_weak<'a>(fixed: impl Iterator<Item = &'a String>) -> bool {
    let (mut words, mut letters) = (0, 0);
    for word in fixed {
        if word.starts_with(words::is_sign) {
            return false;
        }
        if word.starts_with(words::is_unspaced) { letters += 1 } else { words += 1 }
    }
    words + usize::div_ceil(letters, LETTERS_A_WORD) <= 1
}

fn fold_word(word: &str) -> String {
    as_number(if word.starts_with(words::is_colon) { ":".to_owned() } else { words::folded(word) })
}

fn as_number(word: String) -> String {
    if word.bytes().all(|b| b.is_ascii_digit()) { NUMBER.to_owned() } else { word }
}

/// The last word of a line, as [`words::walk`] would give it.
fn last_word(line: &str) -> &str {
    let Some((at, last)) = line.char_indices().rev().find(|(_, c)| c.is_alphanumeric() || words::is_sign(*c))
    else {
        return "";
    };
    let end = at + last.len_utf8();
    if words::is_sign(last) || words::is_unspaced(last) {
        return &line[at..end];
    }
    let start = line[..end]
        .char_indices()
        .rev()
        .take_while(|(_, c)| words::is_letter(*c) && !words::is_unspaced(*c))
        .last()
        .map_or(at, |(start, _)| start);
    &line[start..end]
}

impl Phrase {
    fn covers(&self, line: &[String]) -> bool {
        let mut rest = line;
        let mut runs = self.runs.as_slice();
        if !self.open_start {
            let Some((first, others)) = runs.split_first() else { return false };
            let Some(after) = strip_start(rest, first) else { return false };
            (rest, runs) = (after, others);
            if runs.is_empty() {
                return self.open_end || rest.is_empty();
            }
        }
        if !self.open_end {
            let Some((last, others)) = runs.split_last() else { return rest.is_empty() };
            let Some(before) = strip_end(rest, last) else { return false };
            (rest, runs) = (before, others);
        }
        for run in runs {
            let Some(at) = rest.windows(run.len()).position(|w| w == run.as_slice()) else { return false };
            rest = &rest[at + run.len()..];
        }
        true
    }
}

fn strip_start<'a>(line: &'a [String], run: &[String]) -> Option<&'a [String]> {
    line.starts_with(run).then(|| &line[run.len()..])
}

fn strip_end<'a>(line: &'a [String], run: &[String]) -> Option<&'a [String]> {
    line.ends_with(run).then(|| &line[..line.len() - run.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(patterns: &[&str]) -> Phrases {
        let mut all = Phrases::default();
        for pattern in patterns {
            all.add(pattern, Found { reason: Reason::Related, links: false, open: false }).unwrap();
        }
        all
    }

    #[test]
    fn a_pattern_covers_the_whole_line() {
        let found = |pattern: &str, line: &str| phrases(&[pattern]).find(line).is_some();
        assert!(found("baca juga", "» Baca Juga"));
        assert!(!found("baca juga", "Baca juga itu penting"));
        assert!(found("baca juga: ...", "Baca Juga : Rudal"));
        assert!(found("baca juga: ...", "BACA JUGA:"));
        assert!(!found("baca juga: ...", "Baca juga laporan: rudal"));
        assert!(found("... di google news", "Simak berita lain di Google News!"));
        assert!(!found("... di google news", "Simak di Google News hari ini"));
        assert!(found("ikuti ... di ... sekarang", "Ikuti kami di WhatsApp sekarang"));
        assert!(!found("ikuti ... di ... sekarang", "Ikuti kami sekarang"));
        assert!(found("halaman #", "Halaman 2"));
        assert!(!found("halaman #", "Halaman kantor"));
        assert!(found("相关阅读: ...", "相关阅读：朝鲜再次发射"));
    }

    #[test]
    fn a_single_word_cuts_no_sentence() {
        let found = |pattern: &str, line: &str| phrases(&[pattern]).find(line).is_some();
        assert!(found("newsletter ...", "Newsletter am Morgen"));
        assert!(!found("newsletter ...", "Newsletter der Behörde warnten vor Sturm."));
        assert!(!found("登录后...", "登录后他们发现船已离港。"));
        assert!(found("follow us on ...", "Follow us on WhatsApp."));
    }

    #[test]
    fn long_lines_are_never_a_phrase() {
        let line = format!("Baca juga: {}", "kata ".repeat(60));
        assert_eq!(phrases(&["baca juga: ..."]).find(&line), None);
    }

    #[test]
    fn useless_patterns_are_refused() {
        let mut all = Phrases::default();
        let found = Found { reason: Reason::Share, links: false, open: false };
        assert_eq!(all.add("... !!", found), Err("has no words"));
        assert_eq!(all.add("... juga ...", found), Err("is open at both ends"));
    }
}
