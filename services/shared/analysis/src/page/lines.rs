//! The lines of a page, what each is by itself, and lines that were broken at a column put together again.

use siaga_schemas::Moment;

use super::byline::{self, LONGEST_CREDIT};
use super::date::Reading;
use super::knowledge::{Knowledge, Sample};
use super::phrases::{Found, Reason};
use super::{tail, words};

/// Shortest line that can have been broken at a column, in characters.
const SHORTEST_BROKEN: usize = 30;
/// Longest line of a page whose lines were broken at a column, in characters.
const LONGEST_BROKEN: usize = 130;
/// Broken lines that make a page one whose lines were broken.
const BROKEN_PAGE: usize = 3;

/// What a line is by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Words of the article, as far as the line alone tells.
    Text,
    /// The site's.
    Cut(Found),
    /// Names after a label.
    Byline,
    /// Names with the word for a reporter, or an address: `홍길동 기자`.
    Signature,
    /// A date, and perhaps a time, and nothing of the article's.
    Date { moment: Moment, updated: bool, timed: bool },
    /// `Foto: AP`; bytes of the source.
    PhotoCredit { start: usize, end: usize },
    /// `Foto: Kim in Vostochny.`; bytes of the source.
    Caption { start: usize, end: usize },
    /// `Sumber: Antara`; bytes of the source.
    Source { start: usize, end: usize },
}

/// One or more lines that belong together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unit {
    pub(super) kind: Kind,
    /// Bytes of the source, trimmed.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Units of a block have no empty line between them.
    pub(super) block: usize,
    /// Whether it is more than one line.
    pub(super) joined: bool,
}

impl Unit {
    /// The unit as printed.
    pub(super) fn text<'a>(&self, source: &'a str) -> &'a str {
        &source[self.start..self.end]
    }
}

/// Takes a page into units.
pub(super) fn units(source: &str, knowledge: &Knowledge) -> Vec<Unit> {
    let sample = Sample::new(source);
    let mut lines = lines(source);
    for unit in &mut lines {
        unit.kind = classify(unit, source, knowledge, &sample);
    }
    share_bars(&mut lines, source, knowledge);
    join_broken(&lines, source)
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{FEFF}' | '\u{200B}')
}

fn lines(source: &str) -> Vec<Unit> {
    let mut lines = Vec::new();
    let mut block = 0;
    let mut start = 0;
    for line in source.split_inclusive(['\n', '\r', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}']) {
        let lead = line.len() - line.trim_start_matches(is_blank).len();
        let text = line.trim_matches(is_blank);
        if text.is_empty() {
            // `\r\n` gives an empty piece after each line, which is no empty line.
            block += usize::from(line != "\n" || !source[..start].ends_with('\r'));
        } else {
            let start = start + lead;
            lines.push(Unit { kind: Kind::Text, start, end: start + text.len(), block, joined: false });
        }
        start += line.len();
    }
    lines
}

fn classify(unit: &Unit, source: &str, knowledge: &Knowledge, sample: &Sample<'_>) -> Kind {
    let line = unit.text(source);
    if let Some(found) = knowledge.cuts.find(line) {
        return Kind::Cut(found);
    }
    if words::walk(line).all(|w| w.starts_with(words::is_sign)) {
        return Kind::Cut(Found { reason: Reason::Ornament, links: false, open: false });
    }
    let labels = &knowledge.labels;
    let bare = line.trim_matches(|c: char| tail::is_bracket(c) || is_blank(c));
    let range = |rest: &str| {
        // `rest` is a part of `source`.
        let start = rest.as_ptr() as usize - source.as_ptr() as usize;
        (start, start + rest.len())
    };
    if labels.is_labelled_byline(bare) {
        return Kind::Byline;
    }
    if byline::signed(bare, knowledge).is_some() {
        return Kind::Signature;
    }
    if let Some(rest) = labels.captions.strip_labelled(bare).filter(|rest| !rest.is_empty()) {
        let (start, end) = range(rest);
        let short = words::at_most(rest, LONGEST_CREDIT).is_some() && !words::ends_sentence(rest);
        return if short { Kind::PhotoCredit { start, end } } else { Kind::Caption { start, end } };
    }
    if let Some(rest) = labels.source(bare) {
        let (start, end) = range(rest);
        return Kind::Source { start, end };
    }
    match knowledge.date(line, sample) {
        Some(Reading { moment: Some(moment), updated, timed, .. }) => Kind::Date { moment, updated, timed },
        Some(_) | None => Kind::Text,
    }
}

/// Lines of nothing but names of networks: several on a line, or one a line and several lines.
fn share_bars(lines: &mut [Unit], source: &str, knowledge: &Knowledge) {
    let network_words = |unit: &Unit| -> usize {
        let Some(words) = words::at_most(unit.text(source), 12) else { return 0 };
        let all = words.iter().all(|w| w == ":" || knowledge.share.contains(w));
        if all && unit.kind == Kind::Text { words.len() } else { 0 }
    };
    let counts: Vec<usize> = lines.iter().map(network_words).collect();
    for (i, unit) in lines.iter_mut().enumerate() {
        let beside = |j: Option<usize>| j.and_then(|j| counts.get(j)).is_some_and(|n| *n > 0);
        let alone = counts[i] == 1 && !beside(i.checked_sub(1)) && !beside(i.checked_add(1));
        if counts[i] > 0 && !alone {
            unit.kind = Kind::Cut(Found { reason: Reason::Share, links: false, open: false });
        }
    }
}

fn join_broken(lines: &[Unit], source: &str) -> Vec<Unit> {
    let length = |unit: &Unit| unit.text(source).chars().count();
    let both_text = |a: &Unit, b: &Unit| a.block == b.block && a.kind == Kind::Text && b.kind == Kind::Text;
    let goes_on = |a: &Unit, b: &Unit| {
        both_text(a, b)
            && b.text(source).starts_with(char::is_lowercase)
            && !a.text(source).ends_with([':', ';'])
            && !words::ends_sentence(a.text(source))
            && length(a) >= SHORTEST_BROKEN
    };
    let broken = lines.windows(2).filter(|pair| goes_on(&pair[0], &pair[1])).count();
    let longest = lines.iter().filter(|u| u.kind == Kind::Text).map(length).max().unwrap_or(0);
    let is_broken_page = broken >= BROKEN_PAGE && longest <= LONGEST_BROKEN;
    let first_block = lines.first().map_or(0, |u| u.block);
    let mut units: Vec<Unit> = Vec::with_capacity(lines.len());
    let mut previous: Option<&Unit> = None;
    for line in lines {
        let joins = previous.is_some_and(|last| {
            let filled = is_broken_page && last.block != first_block && length(last) * 10 >= longest * 6;
            goes_on(last, line) || (filled && both_text(last, line))
        });
        match units.last_mut() {
            Some(unit) if joins => {
                unit.end = line.end;
                unit.joined = true;
            }
            _ => units.push(*line),
        }
        previous = Some(line);
    }
    units
}
