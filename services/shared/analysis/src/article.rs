//! From the raw article to the article as it was read.

use siaga_schemas::{Article, Basis, Content, Dateline, Moment, RawArticle, UnusableArticle, identity};

use crate::knowledge::Knowledge;
use crate::page::html::{self, HtmlPage};
use crate::page::{self, Page};

/// Why a raw article cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It holds no text, or two.
    #[error(transparent)]
    Content(#[from] UnusableArticle),
    /// Its HTML meets a bound, or is no article.
    #[error(transparent)]
    Html(#[from] html::Error),
}

/// Reads the text of a raw article. `received` is the record's timestamp in milliseconds since 1970: it stands in
/// for a publication time that neither the article nor its text gives.
///
/// # Errors
/// Where the raw article holds no text that can be read.
pub(crate) fn read(knowledge: &Knowledge, raw: &RawArticle, received: i64) -> Result<Article, Unreadable> {
    let only = |page| HtmlPage { page, url: None, language: None };
    let HtmlPage { page, url, language } = match raw.content()? {
        Content::Body { title, body } => only(page::read_body(title, body, knowledge.page())),
        Content::Text(text) => only(page::read(text, knowledge.page())),
        Content::Html(html) => html::read(html, raw.title.as_deref(), knowledge.page())?,
        Content::Withdrawn => only(Page::default()),
    };
    let hint = raw.language.as_deref().or(language.as_deref());
    let (published_at, basis) = match (raw.published_at, page.published_at) {
        (Some(given), _) => (given, Basis::Given),
        (None, Some(found)) => (found, Basis::Text),
        (None, None) => (raw.fetched_at.unwrap_or_else(|| Moment::from_millis(received)), Basis::Record),
    };
    Ok(Article {
        id: identity::article_id(raw),
        version: identity::text_version(raw),
        url: raw.url.clone().or(url),
        publisher: raw.publisher.clone().or(page.publisher),
        publisher_country: raw.publisher_country,
        language: knowledge.identifier().identify(&page.title, &page.body, hint),
        published_at,
        published_at_basis: basis,
        title: page.title,
        subtitle: page.subtitle,
        byline: page.byline.map(|b| b.text),
        dateline_end: page.dateline.as_ref().map_or(0, |d| d.end),
        dateline: page.dateline.and_then(|d| d.place).map(|place| Dateline { place, country: None }),
        captions: page.captions,
        credits: page.credits,
        body: page.body,
        extra: raw.extra.clone(),
    })
}

/// Bytes of the body before its first sentence.
pub(crate) fn dateline_bytes(article: &Article) -> usize {
    let Some(end) = article.dateline_end.checked_sub(1) else { return 0 };
    let last = article.body.char_indices().nth(end as usize);
    last.map_or(article.body.len(), |(at, letter)| at + letter.len_utf8())
}
