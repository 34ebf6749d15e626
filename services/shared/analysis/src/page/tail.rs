//! What newsrooms write behind the last sentence: initials, agencies, names.

use super::byline::Labels;
use super::knowledge::Knowledge;
use super::phrases::Reason;
use super::{Page, Part, Role, dateline, words};

/// Brackets in which newsrooms sign.
const BRACKETS: [(char, char); 6] =
    [('(', ')'), ('[', ']'), ('（', '）'), ('［', '］'), ('【', '】'), ('〔', '〕')];
/// Longest group in brackets that is looked at, in bytes.
const LONGEST_GROUP: usize = 160;
/// Longest line of nothing but agencies, in bytes.
const LONGEST_CREDIT: usize = 60;
/// Groups that may follow each other.
const MOST_GROUPS: usize = 4;
/// Most words of an outlet that signs with a dash.
const LONGEST_SIGNATURE: usize = 4;

/// A paragraph of the body: bytes of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paragraph {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it is more than one line.
    pub(super) joined: bool,
}

impl Paragraph {
    pub(super) fn text(&self, source: &str) -> String {
        let text = &source[self.start..self.end];
        if !self.joined {
            return text.to_owned();
        }
        let lines = text.split(['\n', '\r', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}']);
        lines.map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

pub(super) fn is_bracket(letter: char) -> bool {
    BRACKETS.iter().any(|(open, close)| letter == *open || letter == *close)
}

/// The group in brackets that ends a line: the byte at which it opens, and what stands in it.
pub(super) fn group(line: &str) -> Option<(usize, &str)> {
    let close = line.chars().next_back()?;
    let (open, _) = BRACKETS.iter().find(|(_, other)| *other == close)?;
    let mut limit = line.len().saturating_sub(LONGEST_GROUP);
    while !line.is_char_boundary(limit) {
        limit += 1;
    }
    let at = limit + line[limit..].rfind(*open)?;
    Some((at, line[at + open.len_utf8()..line.len() - close.len_utf8()].trim()))
}

/// Whether a line ends with a picture's credit in brackets: then it stands under the picture.
pub(super) fn is_caption(line: &str, knowledge: &Knowledge) -> bool {
    let Some((at, inside)) = group(line) else { return false };
    let Labels { captions, photo_marks, .. } = &knowledge.labels;
    at > 0 && (captions.strip_labelled(inside).is_some() || photo_marks.strip(inside).is_some())
}

/// Takes signatures from the end of the body into the fields where they belong.
pub(super) fn trim(paragraphs: &mut Vec<Paragraph>, source: &str, knowledge: &Knowledge, page: &mut Page) {
    for _ in 0..MOST_GROUPS {
        let count = paragraphs.len();
        let Some(last) = paragraphs.last_mut() else { return };
        let text = &source[last.start..last.end];
        let signature = group(text).and_then(|(at, inside)| {
            let before = text[..at].trim_end();
            let ends = before.is_empty() || words::ends_sentence(before);
            Some((last.start + at, role(inside, ends, knowledge)?))
        });
        let signature = signature.or_else(|| dashed(text, knowledge).map(|role| (last.start, role)));
        let only = count == 1;
        let signature =
            signature.or_else(|| (!only && is_credit(text, knowledge)).then_some((last.start, Role::Credit)));
        let Some((at, role)) = signature else { return };
        let (text, inside) = (&source[at..last.end], source[at..last.end].trim_matches(is_frame));
        match role {
            Role::Byline => page.byline.get_or_insert_default().add(text, knowledge),
            Role::Credit => credit(inside, knowledge, page),
            _ => {}
        }
        page.parts.push(Part { role, start: at, end: last.end });
        last.end = last.start + source[last.start..at].trim_end().len();
        if last.end == last.start {
            paragraphs.pop();
        }
    }
}

fn is_frame(letter: char) -> bool {
    letter.is_whitespace() || is_bracket(letter) || matches!(letter, '-' | '–' | '—')
}

fn credit(inside: &str, knowledge: &Knowledge, page: &mut Page) {
    let inside = knowledge.labels.sources.strip(inside).unwrap_or(inside).trim();
    let before = page.credits.len();
    dateline::credit(inside, knowledge, &mut page.credits);
    if page.credits.len() == before {
        dateline::push_new(&mut page.credits, inside);
    }
}

/// `dpa/AFP`, `Theo TTXVN`: nothing but agencies and outlets, the first an agency.
fn is_credit(line: &str, knowledge: &Knowledge) -> bool {
    let bare = knowledge.labels.sources.strip(line).unwrap_or(line);
    let form = |piece: &str| super::knowledge::phrase(piece).unwrap_or_default();
    let is_agency = |piece: &str| knowledge.agencies.contains_key(&form(piece));
    let mut pieces = bare.split(['/', ',', '·', '、', '=', '＝']).map(str::trim);
    line.len() <= LONGEST_CREDIT
        && pieces.next().is_some_and(is_agency)
        && pieces.all(|piece| is_agency(piece) || knowledge.outlets.contains(&form(piece)))
}

/// What a group behind the last sentence is; `ends` says whether a sentence ends before it.
fn role(inside: &str, ends: bool, knowledge: &Knowledge) -> Option<Role> {
    let pieces: Vec<&str> = inside.split('/').map(str::trim).collect();
    let initials = |p: &&str| (2..=5).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase());
    if pieces.iter().all(initials) && ends {
        return Some(Role::Cut(Reason::Initials));
    }
    let is_agency =
        |p: &&str| super::knowledge::phrase(p).is_some_and(|form| knowledge.agencies.contains_key(&form));
    if ends
        && inside.split(['/', ',', '=', '＝', '、', '·']).map(str::trim).any(|p| is_agency(&p))
        && inside.len() <= 60
    {
        return Some(Role::Credit);
    }
    let labels = &knowledge.labels;
    if labels.is_labelled_byline(inside) || labels.is_opened_byline(inside, true) {
        return Some(Role::Byline);
    }
    // `(Nama Wartawan/medianya)`
    let named = |p: &str| {
        p.split_whitespace().count() >= 2 && p.split_whitespace().all(|w| w.starts_with(char::is_uppercase))
    };
    let signed = pieces.len() == 2 && named(pieces[0]) && pieces[1].split_whitespace().count() <= 3;
    (ends && signed).then_some(Role::Byline)
}

/// `— The Courier` as the last line.
fn dashed(line: &str, knowledge: &Knowledge) -> Option<Role> {
    let rest = line.strip_prefix(['–', '—']).or_else(|| line.strip_prefix("--"))?.trim();
    let count = rest.split_whitespace().count();
    if knowledge.labels.is_opened_byline(rest, false) {
        return Some(Role::Byline);
    }
    let capitals = rest.split_whitespace().all(|w| w.starts_with(char::is_uppercase));
    let plain = rest.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '\'' | '’' | '-'));
    (capitals && plain && (1..=LONGEST_SIGNATURE).contains(&count) && !words::ends_sentence(rest))
        .then_some(Role::Credit)
}
