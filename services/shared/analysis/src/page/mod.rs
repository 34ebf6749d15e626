//! Reading a page: from text as a reader sees it to the article's own fields.
//!
//! [`read`] takes a page as text, with date line, headline, byline, captions, paragraphs and what the site puts
//! between and around them. [`read_body`] takes paragraphs whose headline is known and cleans them. Both give a
//! [`Page`] in which every line of the source stands in exactly one [`Part`]: in a field, or among what was cut,
//! with the reason. Nothing is cut that is not surely the site's.
//!
//! * The dateline ("JAKARTA, KOMPAS.com -") stays in the body, whose words are the article's, letter for letter;
//!   [`Dateline::end`] says where the sentence begins.
//! * Paragraphs of the body are joined by an empty line; lines that were broken at a column are joined by a blank.
//! * A caption that repeats the lead stands in the body only.
//!
//! The words come from `page.toml` of each language ([`Knowledge`]), the constructions are here. No language need
//! be known: those of all languages are tried. Time grows linearly with the text.

mod byline;
mod clock;
mod date;
mod dateline;
mod error;
pub mod html;
mod knowledge;
mod layout;
mod lines;
mod phrases;
mod tail;
mod words;

use siaga_schemas::Moment;

pub use byline::Byline;
pub use dateline::Dateline;
pub use error::Error;
pub use knowledge::Knowledge;
pub use phrases::Reason;

/// What was read from a page. Text fields are letter for letter as on the page, trimmed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// When it was published, if the page says so; noon where it gives only a day.
    pub published_at: Option<Moment>,
    /// Headline; empty where there is none.
    pub title: String,
    /// Line under the headline; empty where there is none.
    pub subtitle: String,
    /// Who wrote it.
    pub byline: Option<Byline>,
    /// The place that opens the body.
    pub dateline: Option<Dateline>,
    /// The outlet, where dateline or head of the page name it.
    pub publisher: Option<String>,
    /// Agencies that are credited for the text outside the running text, in order of appearance.
    pub credits: Vec<String>,
    /// Who is credited for pictures, in order of appearance.
    pub photo_credits: Vec<String>,
    /// Captions that do not repeat the body.
    pub captions: Vec<String>,
    /// Paragraphs, joined by an empty line.
    pub body: String,
    /// What became of each line, in the order of the source.
    pub parts: Vec<Part>,
}

/// What became of a stretch of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub role: Role,
    /// First byte in the source.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
}

/// What a stretch of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Headline.
    Title,
    /// Line under the headline.
    Subtitle,
    /// Time of publication.
    PublishedAt,
    /// Who wrote it.
    Byline,
    /// The outlet.
    Publisher,
    /// An agency that is credited for the text.
    Credit,
    /// Who is credited for a picture.
    PhotoCredit,
    /// What stands under a picture.
    Caption,
    /// A paragraph, or a line of one.
    Body,
    /// Cut, and why.
    Cut(Reason),
}

impl Page {
    /// What was cut from `source`, the text that this page was read from, and why.
    pub fn cuts<'a>(&'a self, source: &'a str) -> impl Iterator<Item = (Reason, &'a str)> {
        self.parts.iter().filter_map(move |part| match part.role {
            Role::Cut(reason) => Some((reason, source.get(part.start..part.end)?)),
            _ => None,
        })
    }
}

/// Reads a page as text.
pub fn read(text: &str, knowledge: &Knowledge) -> Page {
    layout::read(text, None, knowledge)
}

/// Cleans the paragraphs of an article whose headline is known and finds dateline, credits and byline in them.
///
/// `parts` point into `body`. Without a headline (`title` blank) nothing of the body becomes one.
pub fn read_body(title: &str, body: &str, knowledge: &Knowledge) -> Page {
    let page = layout::read(body, Some(title), knowledge);
    // A text of one line that looks like a caption or a link is all there is: it is the article.
    if page.title.is_empty() && page.body.is_empty() && !body.trim().is_empty() {
        return Page { body: body.trim().to_owned(), ..Page::default() };
    }
    page
}

#[cfg(test)]
mod tests;
