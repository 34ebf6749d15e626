//! Reading a page as HTML: `dom_smoothie` finds the article among menus and advertisements, its paragraphs become
//! lines, and the rest of the reading is that of any text.
//!
//! What the page says about itself comes from JSON-LD, `<meta>` and `<time>`. A fragment without `<html>`, `<head>` or
//! `<body>`, as feeds carry it, is all article. Hostile pages meet bounds: see [`Error`].

mod article;
mod metadata;
mod text;
mod tree;

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::byline::Byline;
use super::knowledge::Knowledge;
use super::{Page, read_body};
use metadata::Metadata;
use text::Links;

/// Largest page, in bytes.
pub const LARGEST: usize = 2 * 1024 * 1024;

/// Why nothing is read from a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// More bytes than are read.
    #[error("`html` takes {0} bytes, at most {LARGEST} are read")]
    TooLarge(usize),
    /// More elements and texts than any article has.
    #[error("`html` holds more than {} elements and texts", tree::MOST_NODES)]
    TooManyNodes,
    /// Elements in elements in elements.
    #[error("`html` is nested more than {} levels deep", tree::DEEPEST)]
    TooDeep,
    /// One tag, or comment, with thousands of words.
    #[error("`html` has a tag or comment with too many attributes or words")]
    TooManyAttributes,
    /// Nothing on the page reads like an article.
    #[error("`html` holds no text of an article")]
    NoText,
    /// The library gave up in a way that it should not.
    #[error("`html` cannot be taken apart")]
    Broken,
}

/// What was read from a page, and what only HTML tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HtmlPage {
    /// The article; `parts` point into the text that was found, before it was cleaned.
    pub page: Page,
    /// The address that the page calls its own.
    pub url: Option<String>,
    /// BCP 47 code, as the page states it: a hint.
    pub language: Option<String>,
}

/// Reads a page or a fragment. A headline that is known already wins over the page's.
///
/// # Errors
/// Where a bound is met, or where the page holds no article.
pub fn read(html: &str, title: Option<&str>, knowledge: &Knowledge) -> Result<HtmlPage, Error> {
    if html.len() > LARGEST {
        return Err(Error::TooLarge(html.len()));
    }
    // The page is a stranger's and the library large: a mistake in it must not end the service.
    let (found, metadata) = catch_unwind(AssertUnwindSafe(|| extract(html))).unwrap_or(Err(Error::Broken))?;
    let title = title.or(metadata.title.as_deref()).unwrap_or_default().trim();
    let mut page = read_body(title, &found.body, knowledge);
    if page.body.is_empty() && page.title.is_empty() {
        return Err(Error::NoText);
    }
    let mut captions = found.captions;
    captions.retain(|caption| !page.captions.contains(caption) && !page.body.contains(caption.as_str()));
    page.captions.splice(0..0, captions);
    page.published_at = metadata.published_at.or(page.published_at);
    page.publisher = metadata.site.or(page.publisher);
    let author = metadata.author.map(|text| Byline { names: Vec::new(), text });
    page.byline = page.byline.or(author);
    Ok(HtmlPage { page, url: metadata.url, language: metadata.language })
}

fn extract(html: &str) -> Result<(text::Found, Metadata), Error> {
    let document = tree::parse(html)?;
    let metadata = metadata::read(&document);
    let found =
        if is_whole_page(html) { article::find(document) } else { text::of(&document.root(), Links::Kept) };
    // Pages that scripts fill, and those that the library does not understand.
    let found = match &metadata.body {
        Some(stated) if stated.len() / 2 > found.body.len() => {
            text::Found { body: stated.clone(), captions: found.captions }
        }
        _ if found.body.is_empty() => text::of(&tree::parse(html)?.root(), Links::Kept),
        _ => found,
    };
    Ok((found, metadata))
}

/// Whether there is a page around the article.
fn is_whole_page(html: &str) -> bool {
    let starts = |tag: &str| {
        let tags = html.as_bytes().windows(tag.len());
        tags.into_iter().any(|letters| letters.eq_ignore_ascii_case(tag.as_bytes()))
    };
    starts("<body") || starts("<html") || starts("<head>")
}
