//! Lines that say who wrote an article, and labels in general.

use std::collections::{HashMap, HashSet};

use super::knowledge::Knowledge;
use super::words;

/// Most words of a byline.
const LONGEST: usize = 18;
/// Most words of a credit.
pub(super) const LONGEST_CREDIT: usize = 8;
/// Longest line of reporters' names, in bytes.
const LONGEST_SIGNATURE: usize = 120;
/// Most letters of names behind a label, in scripts that set no blanks.
const LONGEST_UNSPACED: usize = 16;
/// Most letters of a name there where no colon stands before it.
const LONGEST_UNSPACED_NAME: usize = 6;
/// Most words of a person's name.
const LONGEST_NAME: usize = 5;

/// Who wrote an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Byline {
    /// As printed; several lines are joined by `; `.
    pub text: String,
    /// Names of persons, where they are clear.
    pub names: Vec<String>,
}

/// Phrases by their first word.
#[derive(Clone, Debug, Default)]
pub(super) struct Starts(HashMap<String, Vec<Vec<String>>>);

impl Starts {
    pub(super) fn add(&mut self, words: Vec<String>) {
        if let Some(first) = words.first() {
            self.0.entry(first.clone()).or_default().push(words);
        }
    }

    pub(super) fn absorb(&mut self, other: Self) {
        for (first, phrases) in other.0 {
            self.0.entry(first).or_default().extend(phrases);
        }
    }

    /// What follows the longest phrase that starts the line, opening brackets and the like left out.
    pub(super) fn strip<'a>(&self, line: &'a str) -> Option<&'a str> {
        let mut walk = words::walk(line);
        let first = words::folded(walk.next()?);
        let mut best = None;
        for phrase in self.0.get(&first)? {
            let mut after = walk.clone();
            if phrase[1..].iter().all(|word| after.next().is_some_and(|w| words::folded(w) == *word)) {
                let rest = after.rest();
                best = Some(
                    best.map_or(rest, |other: &str| if rest.len() < other.len() { rest } else { other }),
                );
            }
        }
        best
    }

    /// What follows a phrase and a colon.
    pub(super) fn strip_labelled<'a>(&self, line: &'a str) -> Option<&'a str> {
        self.strip(line)?.trim_start().strip_prefix([':', '：']).map(str::trim)
    }
}

/// Labels of all languages.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    /// `Rep`, `Editor`: names after a colon.
    pub(super) bylines: Starts,
    /// `By`, `Oleh`, `Reporting by`: names straight after.
    pub(super) openers: Starts,
    /// Those of several words.
    pub(super) sure_openers: Starts,
    /// `Source`, `Sumber`: agencies after a colon.
    pub(super) sources: Starts,
    /// `기자`, `記者`, `संवाददाता`: names before or behind.
    pub(super) reporters: Starts,
    /// `Photo`, `Foto`.
    pub(super) captions: Starts,
    /// `AP Photo`: start of a picture's credit in brackets.
    pub(super) photo_marks: Starts,
    /// Words between names.
    pub(super) joiners: HashSet<String>,
    /// Words after which a place stands, not a name.
    pub(super) at: HashSet<String>,
}

impl Labels {
    pub(super) fn absorb(&mut self, other: Self) {
        self.bylines.absorb(other.bylines);
        self.openers.absorb(other.openers);
        self.sure_openers.absorb(other.sure_openers);
        self.sources.absorb(other.sources);
        self.reporters.absorb(other.reporters);
        self.captions.absorb(other.captions);
        self.photo_marks.absorb(other.photo_marks);
        self.joiners.extend(other.joiners);
        self.at.extend(other.at);
    }

    /// Names after a label and a colon: certain anywhere.
    pub(super) fn is_labelled_byline(&self, line: &str) -> bool {
        self.bylines.strip_labelled(line).is_some_and(|rest| self.is_names(rest, LONGEST_UNSPACED))
    }

    /// Names after *by* where no sentence can stand (`apart`), after *reporting by* anywhere.
    pub(super) fn is_opened_byline(&self, line: &str, apart: bool) -> bool {
        let openers = if apart { &self.openers } else { &self.sure_openers };
        let line = line.trim_matches(is_frame);
        openers.strip(line).is_some_and(|rest| self.is_names(rest.trim(), LONGEST_UNSPACED_NAME))
    }

    /// Names of media after a label and a colon, without the label.
    pub(super) fn source<'a>(&self, line: &'a str) -> Option<&'a str> {
        self.sources.strip_labelled(line).filter(|rest| is_media(rest))
    }

    /// Takes what names media or authors off the end of a line: `2026-11-04 10:00 来源：新华社 作者：张三`.
    /// Gives what stands before, and each label with its names.
    pub(super) fn part<'a>(&self, line: &'a str) -> (&'a str, Vec<&'a str>) {
        if !line.contains([':', '：']) {
            return (line, Vec::new());
        }
        let mut starts = Vec::new();
        let mut walk = words::walk(line);
        loop {
            let rest = walk.rest().trim_start_matches(|c: char| !c.is_alphanumeric());
            let Some(word) = walk.next() else { break };
            let is_label = |starts: &Starts| starts.strip_labelled(rest).is_some();
            // `来` and `源` are words of their own: the longer label begins first.
            let inside = starts.last().is_some_and(|(_, end)| line.len() - rest.len() < *end);
            if !word.starts_with(words::is_colon)
                && !inside
                && (is_label(&self.sources) || is_label(&self.bylines))
            {
                let at = line.len() - rest.len();
                starts.push((at, at + rest.find([':', '：']).unwrap_or(0)));
            }
        }
        let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([line.len()]);
        let pieces: Vec<&str> = starts.iter().zip(ends).map(|((at, _), end)| line[*at..end].trim()).collect();
        let sure = pieces.iter().all(|piece| self.source(piece).is_some() || self.is_labelled_byline(piece));
        match starts.first() {
            Some((at, _)) if sure => (line[..*at].trim_end(), pieces),
            _ => (line, Vec::new()),
        }
    }

    /// Whether nothing but names, labels and what joins them stands here; `letters` is the most that a name has in
    /// scripts without blanks, in which a sentence looks like one long word.
    fn is_names(&self, text: &str, letters: usize) -> bool {
        let mut count = 0;
        let mut capitals = 0;
        let ends_like_sentence = text.ends_with(['!', '?'])
            || text
                .strip_suffix('.')
                .and_then(|t| t.split_whitespace().next_back())
                .is_some_and(|w| w.chars().count() > 3);
        if text.is_empty() || ends_like_sentence || text.contains(['。', '！', '？', '，']) {
            return false;
        }
        let parts = |c: char| c.is_whitespace() || matches!(c, '/' | '|' | ',' | ';' | '&' | '、' | '：');
        for piece in text.split(parts) {
            let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
            let Some(first) = word.chars().next() else { continue };
            count += 1;
            if words::is_unspaced(first) && word.chars().count() > letters {
                return false;
            }
            let label = piece.ends_with(':') && self.bylines.strip(piece).is_some();
            let small = || word.chars().count() <= 3 || self.joins(word);
            if first.is_uppercase() || label || !(first.is_lowercase() || first.is_numeric()) {
                capitals += 1;
            } else if first.is_numeric() || !small() {
                return false;
            }
        }
        count <= LONGEST && capitals > 0
    }

    fn joins(&self, word: &str) -> bool {
        let word = words::folded(word);
        self.joiners.contains(&word) || self.at.contains(&word)
    }

    fn without_label<'a>(&self, piece: &'a str) -> &'a str {
        let piece = piece.trim_matches(is_frame);
        let labelled =
            [&self.bylines, &self.sources].into_iter().find_map(|starts| starts.strip_labelled(piece));
        labelled.or_else(|| self.openers.strip(piece)).unwrap_or(piece).trim()
    }
}

impl Byline {
    /// Adds names of persons that stand elsewhere.
    pub(super) fn add_names(&mut self, names: Vec<String>) {
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            if !self.names.contains(&name) {
                let gap = if self.text.is_empty() { "" } else { "; " };
                self.text.push_str(gap);
                self.text.push_str(&name);
                self.names.push(name);
            }
        }
    }

    /// Adds a line of the page.
    pub(super) fn add(&mut self, line: &str, knowledge: &Knowledge) {
        if !self.text.is_empty() {
            self.text.push_str("; ");
        }
        self.text.push_str(line);
        for piece in line.split(['/', ';', '|', ',', '&', '\n']) {
            let piece = knowledge.labels.without_label(piece);
            for name in by_joiners(piece, &knowledge.labels) {
                if is_person(&name, knowledge) && !self.names.contains(&name) {
                    self.names.push(name);
                }
            }
        }
    }
}

/// Names of a line that is nothing but names beside the word for a reporter, a place before them and addresses:
/// `홍길동 기자`, `워싱턴=김하늘 특파원`, `记者 张三 李四`, `sky@example.com`.
pub(super) fn signed(line: &str, knowledge: &Knowledge) -> Option<Vec<String>> {
    if line.len() > LONGEST_SIGNATURE || words::ends_sentence(line) {
        return None;
    }
    let (addresses, rest): (Vec<&str>, Vec<&str>) =
        line.split_whitespace().partition(|word| is_address(word));
    let rest = rest.join(" ");
    if rest.is_empty() {
        return (!addresses.is_empty()).then(Vec::new);
    }
    let (place, names) = rest.rsplit_once(['=', '＝']).unwrap_or(("", &rest));
    let is_known = |form: String| {
        knowledge.places.contains_key(&form)
            || knowledge.agencies.contains_key(&form)
            || knowledge.outlets.contains(&form)
    };
    let placed = place.is_empty() || super::knowledge::phrase(place).is_some_and(is_known);
    placed.then(|| super::dateline::reporters(names.trim(), knowledge)).flatten()
}

/// `sky@example.com`
fn is_address(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    bare.split_once('@').is_some_and(|(name, site)| !name.is_empty() && super::dateline::is_domain(site))
}

fn is_frame(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '(' | ')' | '[' | ']' | '-' | '–' | '—')
}

/// Names of media, not a sentence.
fn is_media(rest: &str) -> bool {
    !rest.is_empty()
        && words::at_most(rest, LONGEST_CREDIT).is_some()
        && !words::ends_sentence(rest)
        && rest.split_whitespace().all(|w| {
            let first = w.chars().find(|c| c.is_alphanumeric());
            first.is_none_or(|c| !c.is_lowercase()) || w.chars().count() <= 3 || super::dateline::is_domain(w)
        })
}

/// Splits at words that join names; what follows a word of place is dropped.
fn by_joiners(piece: &str, labels: &Labels) -> Vec<String> {
    let mut names = Vec::new();
    let mut name: Vec<&str> = Vec::new();
    for word in piece.split_whitespace() {
        let folded = words::folded(word);
        if labels.at.contains(&folded) {
            break;
        }
        if labels.joiners.contains(&folded) {
            names.push(std::mem::take(&mut name).join(" "));
        } else {
            name.push(word.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']')));
        }
    }
    names.push(name.join(" "));
    names.retain(|name| !name.is_empty());
    names
}

fn is_person(name: &str, knowledge: &Knowledge) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let shaped = (1..=LONGEST_NAME).contains(&words.len())
        && words.iter().all(|w| w.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase()));
    let known = super::knowledge::phrase(name)
        .is_none_or(|form| knowledge.agencies.contains_key(&form) || knowledge.outlets.contains(&form));
    shaped && !known && !super::dateline::is_domain(name)
}
