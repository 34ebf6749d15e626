//! From units to fields: head of the page, body, foot.

use std::collections::HashSet;

use super::knowledge::Knowledge;
use super::lines::{self, Kind, Unit};
use super::phrases::{Found, Reason};
use super::tail::{self, Paragraph};
use super::{Page, Part, Role, dateline, words};

/// Longest headline and longest subtitle, in words.
const LONGEST_TITLE: usize = 40;
const LONGEST_SUBTITLE: usize = 60;
/// Longest caption that stands under a picture without a label, in words.
const LONGEST_CAPTION: usize = 45;
/// A line of so many words is a paragraph, however it ends.
const SURE_PARAGRAPH: usize = 30;
/// Headlines of other articles that may follow a marker after an empty line, and their shortest length in words.
const MOST_LINKS: usize = 8;
const SHORTEST_LINK: usize = 5;
/// Captions that are compared with the body, and bytes of the body they are compared with.
const COMPARED_CAPTIONS: usize = 8;
const COMPARED_BODY: usize = 8192;
/// Most entries of a list of names; a page has a handful.
const MOST_NAMES: usize = 64;

pub(super) fn read(source: &str, title: Option<&str>, knowledge: &Knowledge) -> Page {
    let units = lines::units(source, knowledge);
    let last_paragraph = units.iter().rposition(|u| u.kind == Kind::Text && is_paragraph(u.text(source)));
    let mut reader = Reader {
        source,
        knowledge,
        units: &units,
        last_paragraph: last_paragraph.unwrap_or(0),
        page: Page::default(),
        update: None,
        captions: Vec::new(),
        paragraphs: Vec::new(),
    };
    let body = match title {
        None => reader.head(),
        Some(title) => reader.repeated_head(title),
    };
    reader.body(body);
    reader.finish()
}

/// Whether a line reads like a paragraph rather than a headline.
fn is_paragraph(line: &str) -> bool {
    let line = tail::group(line).map_or(line, |(at, _)| line[..at].trim_end());
    let few = words::at_most(line, SURE_PARAGRAPH - 1).map(|w| w.len());
    match few {
        None => true,
        Some(count) => {
            let asks = line.trim_end_matches(['"', '”', '’', '\'']).ends_with(['?', '!', '？', '！', '؟']);
            words::ends_sentence(line) && count >= if asks { SURE_PARAGRAPH / 2 } else { 2 }
        }
    }
}

struct Reader<'a> {
    source: &'a str,
    knowledge: &'a Knowledge,
    units: &'a [Unit],
    /// Index of the last unit that reads like a paragraph.
    last_paragraph: usize,
    page: Page,
    /// Time of a later edit, which stands in for a missing time of publication.
    update: Option<siaga_schemas::Moment>,
    captions: Vec<(Unit, usize, usize)>,
    paragraphs: Vec<Paragraph>,
}

impl<'a> Reader<'a> {
    fn part(&mut self, role: Role, unit: &Unit) {
        self.page.parts.push(Part { role, start: unit.start, end: unit.end });
    }

    fn cut(&mut self, reason: Reason, unit: &Unit) {
        self.part(Role::Cut(reason), unit);
    }

    fn text(&self, unit: &Unit) -> &'a str {
        unit.text(self.source)
    }

    /// Reads what stands over the body; gives the index of the unit with which the body begins.
    fn head(&mut self) -> usize {
        for (at, unit) in self.units.iter().enumerate() {
            let may_be_title = self.page.title.is_empty() && is_label_of_title(unit);
            if !may_be_title && self.beside_text(unit, true) {
                continue;
            }
            if !self.head_text(at, unit) {
                return at;
            }
        }
        self.units.len()
    }

    /// With the headline known: only what repeats it, and date, byline and credits over the first paragraph.
    fn repeated_head(&mut self, title: &str) -> usize {
        self.page.title = title.trim().to_owned();
        for (at, unit) in self.units.iter().enumerate() {
            if self.beside_text(unit, true) {
                continue;
            }
            let repeats = at < 3 && !self.page.title.is_empty() && self.text(unit) == self.page.title;
            if !repeats {
                return at;
            }
            self.cut(Reason::RepeatsTitle, unit);
        }
        self.units.len()
    }

    /// Takes a unit that is no text of the article; false where it may be one.
    fn beside_text(&mut self, unit: &Unit, in_head: bool) -> bool {
        match unit.kind {
            Kind::Cut(found) => self.cut(found.reason, unit),
            Kind::Byline => self.byline(unit),
            Kind::Signature if in_head || unit.start > self.units[self.last_paragraph].start => {
                self.byline(unit)
            }
            Kind::Date { timed, updated, .. } if in_head || timed || updated => self.date(unit),
            Kind::PhotoCredit { start, end } => {
                if self.page.photo_credits.len() < MOST_NAMES {
                    dateline::push_new(&mut self.page.photo_credits, &self.source[start..end]);
                }
                self.part(Role::PhotoCredit, unit);
            }
            Kind::Caption { start, end } => self.captions.push((*unit, start, end)),
            Kind::Source { start, end } => {
                self.part(Role::Credit, unit);
                self.credit(&self.source[start..end]);
            }
            Kind::Text | Kind::Signature | Kind::Date { .. } => {
                let line = self.text(unit);
                let bracketed = line.starts_with(['(', '[']) && line.ends_with([')', ']']);
                if !self.knowledge.labels.is_opened_byline(line, in_head || bracketed) {
                    return false;
                }
                self.byline(unit);
            }
        }
        true
    }

    fn byline(&mut self, unit: &Unit) {
        self.part(Role::Byline, unit);
        let line = unit.text(self.source);
        let signed = super::byline::signed(line.trim_matches(tail::is_bracket), self.knowledge);
        let byline = self.page.byline.get_or_insert_default();
        if let Some(names) = signed.filter(|_| unit.kind == Kind::Signature) {
            byline.add_names(names);
        } else if byline.names.len() < MOST_NAMES && byline.text.len() < 64 * MOST_NAMES {
            byline.add(unit.text(self.source), self.knowledge);
        }
    }

    fn credit(&mut self, text: &str) {
        let before = self.page.credits.len();
        if before < MOST_NAMES {
            dateline::credit(text, self.knowledge, &mut self.page.credits);
            if self.page.credits.len() == before {
                dateline::push_new(&mut self.page.credits, text);
            }
        }
    }

    fn date(&mut self, unit: &Unit) {
        let Kind::Date { moment, updated, .. } = unit.kind else { return };
        if updated || self.page.published_at.is_some() {
            self.update.get_or_insert(moment);
            return self.cut(Reason::Metadata, unit);
        }
        self.page.published_at = Some(moment);
        self.part(Role::PublishedAt, unit);
        let labels = &self.knowledge.labels;
        let (date, credits) = labels.part(self.text(unit));
        let pieces = date.split(['|', '•', '·', '–', '—']).flat_map(|p| p.split(" - ")).map(str::trim);
        for piece in pieces.chain(credits) {
            if let Some(media) = labels.source(piece) {
                self.credit(media);
            } else if dateline::is_domain(piece) {
                self.page.publisher.get_or_insert_with(|| piece.to_owned());
            } else if labels.is_labelled_byline(piece) || labels.is_opened_byline(piece, true) {
                self.page.byline.get_or_insert_default().add(piece, self.knowledge);
            }
        }
    }

    /// Takes a text unit of the head; false where the body begins.
    fn head_text(&mut self, at: usize, unit: &Unit) -> bool {
        let line = self.text(unit);
        if self.page.title.is_empty() {
            return self.before_title(at, unit, line);
        }
        if line == self.page.title {
            self.cut(Reason::RepeatsTitle, unit);
        } else if dateline::find(line, self.knowledge).is_some() {
            return false;
        } else if tail::is_caption(line, self.knowledge) || self.is_unlabelled_caption(at, unit) {
            self.captions.push((*unit, unit.start, unit.end));
        } else if self.page.subtitle.is_empty() && self.is_subtitle(at, line) {
            self.page.subtitle = joined(unit, self.source);
            self.part(Role::Subtitle, unit);
        } else {
            return false;
        }
        true
    }

    fn before_title(&mut self, at: usize, unit: &Unit, line: &str) -> bool {
        let few = words::at_most(line, LONGEST_TITLE);
        if dateline::is_domain(line) {
            self.page.publisher.get_or_insert_with(|| line.to_owned());
            self.part(Role::Publisher, unit);
        } else if is_breadcrumb(line) {
            self.cut(Reason::Navigation, unit);
        } else if at < self.last_paragraph && self.is_section(line) {
            self.cut(Reason::Section, unit);
        } else if few.is_none() || (self.units.len() > 1 && dateline::find(line, self.knowledge).is_some()) {
            return false;
        } else {
            self.page.title = joined(unit, self.source);
            self.part(Role::Title, unit);
        }
        true
    }

    fn is_section(&self, line: &str) -> bool {
        super::knowledge::phrase(line).is_some_and(|form| self.knowledge.sections.contains(&form))
    }

    /// Text that shares its block with a picture's credit, other blocks of text below it.
    fn is_unlabelled_caption(&self, at: usize, unit: &Unit) -> bool {
        let neighbour =
            |j: Option<usize>| j.and_then(|j| self.units.get(j)).filter(|u| u.block == unit.block);
        let is_credit = |u: &Unit| matches!(u.kind, Kind::PhotoCredit { .. });
        let (before, after) = (neighbour(at.checked_sub(1)), neighbour(at.checked_add(1)));
        let after_title = before.is_some_and(|u| self.text(u) == self.page.title);
        let over_credit = after.is_some_and(is_credit) && !after_title;
        let under_credit = before.is_some_and(is_credit) && after.is_none();
        let body_follows = self.units[self.last_paragraph].block > unit.block;
        (over_credit || under_credit)
            && body_follows
            && words::at_most(self.text(unit), LONGEST_CAPTION).is_some()
    }

    /// A line without full stop over the paragraphs, or a short text over byline or date.
    fn is_subtitle(&self, at: usize, line: &str) -> bool {
        let next = self.units.get(at + 1);
        let over_head = next.is_some_and(|u| {
            matches!(u.kind, Kind::Byline | Kind::Signature | Kind::Date { .. })
                || (u.kind == Kind::Text && self.knowledge.labels.is_opened_byline(self.text(u), true))
        });
        let fits = words::at_most(line, LONGEST_SUBTITLE).is_some();
        at < self.last_paragraph && fits && (over_head || !is_paragraph(line))
    }

    fn body(&mut self, first: usize) {
        let mut links = Links::default();
        for (at, unit) in self.units.iter().enumerate().skip(first) {
            if let Kind::Cut(Found { links: true, .. }) = unit.kind {
                links = Links { open: true, foot: at > self.last_paragraph, block: unit.block, count: 0 };
            }
            if self.beside_text(unit, false) {
                continue;
            }
            let line = self.text(unit);
            if links.take(unit, line) {
                self.cut(Reason::Related, unit);
            } else if tail::is_caption(line, self.knowledge)
                && (at < self.last_paragraph || !self.paragraphs.is_empty())
            {
                self.captions.push((*unit, unit.start, unit.end));
            } else {
                self.paragraphs.push(Paragraph { start: unit.start, end: unit.end, joined: unit.joined });
            }
        }
    }

    fn finish(mut self) -> Page {
        tail::trim(&mut self.paragraphs, self.source, self.knowledge, &mut self.page);
        for paragraph in &self.paragraphs {
            self.page.parts.push(Part { role: Role::Body, start: paragraph.start, end: paragraph.end });
            if !self.page.body.is_empty() {
                self.page.body.push_str("\n\n");
            }
            self.page.body.push_str(&paragraph.text(self.source));
        }
        self.dateline();
        self.keep_captions();
        self.page.published_at = self.page.published_at.or(self.update);
        self.page.parts.sort_by_key(|part| part.start);
        self.page
    }

    fn dateline(&mut self) {
        let Some(first) = self.paragraphs.first().map(|p| p.text(self.source)) else { return };
        let second = self.paragraphs.get(1).map(|p| p.text(self.source));
        let found = dateline::find(&first, self.knowledge)
            .or_else(|| second.and_then(|_| dateline::alone(&first, self.knowledge)));
        let Some(mut opening) = found else { return };
        opening.credits.extend(std::mem::take(&mut self.page.credits));
        for credit in opening.credits {
            dateline::push_new(&mut self.page.credits, &credit);
        }
        if !opening.reporters.is_empty() {
            self.page.byline.get_or_insert_default().add_names(opening.reporters);
        }
        self.page.publisher = opening.publisher.or_else(|| self.page.publisher.take());
        self.page.dateline = Some(opening.dateline);
    }

    /// Of captions with the same words one stays, none where the body has them.
    fn keep_captions(&mut self) {
        let mut end = COMPARED_BODY.min(self.page.body.len());
        while !self.page.body.is_char_boundary(end) {
            end -= 1;
        }
        let mut seen = HashSet::new();
        for (unit, start, end_of_caption) in std::mem::take(&mut self.captions) {
            let caption = if unit.joined {
                joined(&unit, self.source)
            } else {
                self.source[start..end_of_caption].to_owned()
            };
            let compared = seen.len() < COMPARED_CAPTIONS;
            let repeats = compared && self.page.body[..end].contains(&caption);
            if repeats || seen.contains(&caption) {
                self.cut(Reason::RepeatsBody, &unit);
            } else {
                self.part(Role::Caption, &unit);
                self.page.captions.push(caption.clone());
            }
            seen.insert(caption);
        }
    }
}

/// `Video: ...` over the headline is the headline, and *The missing reporter* may be one.
fn is_label_of_title(unit: &Unit) -> bool {
    unit.kind == Kind::Signature
        || matches!(unit.kind, Kind::Cut(Found { open: true, reason: Reason::Related | Reason::Media, .. }))
}

fn joined(unit: &Unit, source: &str) -> String {
    Paragraph { start: unit.start, end: unit.end, joined: unit.joined }.text(source)
}

/// `Home > News > Asia`.
fn is_breadcrumb(line: &str) -> bool {
    let pieces: Vec<&str> = line.split(['>', '»', '›']).collect();
    pieces.len() > 1 && pieces.iter().all(|p| words::at_most(p, 4).is_some())
}

/// Headlines of other articles after a marker like *Baca Juga*.
#[derive(Debug, Default)]
struct Links {
    open: bool,
    /// Whether no paragraph follows the marker: then all that follows is the site's.
    foot: bool,
    block: usize,
    count: usize,
}

impl Links {
    /// Whether the unit is one of them; the first paragraph ends them.
    fn take(&mut self, unit: &Unit, line: &str) -> bool {
        if !self.open || self.foot {
            return self.open;
        }
        self.count += 1;
        let few = words::at_most(line, SURE_PARAGRAPH);
        let beside = unit.block == self.block;
        let long_enough = few.is_some_and(|w| w.len() >= SHORTEST_LINK);
        self.open = !is_paragraph(line) && self.count <= MOST_LINKS && (beside || long_enough);
        self.open
    }
}
