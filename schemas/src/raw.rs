//! Message of `articles.raw`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Country, Moment};

/// An article as it came in. Everything but the text may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("anyOf" = [
    {"required": ["body"]}, {"required": ["text"]}, {"required": ["html"]}, {"required": ["title"]},
    {"required": ["withdrawn"]},
]))]
pub struct RawArticle {
    /// Identity; else the canonical URL's digest, else the text's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Country of the publisher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher_country: Option<Country>,
    /// When it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Moment>,
    /// When it was fetched; helps to resolve dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<Moment>,
    /// BCP 47 code, as the publisher states it: a hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Headline, beside `body`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Paragraphs of the article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// A page as text: date line, title, byline, captions, body, boilerplate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A page as HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// The publisher takes the article back; then the text may be missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// Fields that Siaga does not know; they pass through.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The one text of a raw article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// Headline and paragraphs.
    Body {
        /// Headline, empty where there is none.
        title: &'a str,
        /// Paragraphs.
        body: &'a str,
    },
    /// A page as text.
    Text(&'a str),
    /// A page as HTML.
    Html(&'a str),
    /// The article is taken back and has no text.
    Withdrawn,
}

/// Why a decoded article cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableArticle {
    /// None of the fields that hold text is there, or it is blank.
    #[error("none of `body`, `text` and `html` holds text")]
    NoText,
    /// More than one of them is there.
    #[error("`{0}` and `{1}` exclude each other")]
    TwoTexts(&'static str, &'static str),
    /// A withdrawal that names no article.
    #[error("a withdrawn article needs `id` or `url`")]
    NothingToWithdraw,
    /// A field is there and blank.
    #[error("`{0}` is blank")]
    Blank(&'static str),
}

impl RawArticle {
    /// The one text of the article.
    ///
    /// # Errors
    /// Where there is none or more than one, where `id` is blank, or where a withdrawal names no article.
    pub fn content(&self) -> Result<Content<'_>, UnusableArticle> {
        if self.id.as_deref().is_some_and(|id| id.trim().is_empty()) {
            return Err(UnusableArticle::Blank("id"));
        }
        if self.withdrawn && self.id.is_none() && self.url.is_none() {
            return Err(UnusableArticle::NothingToWithdraw);
        }
        let title = self.title.as_deref().unwrap_or_default();
        let content = match (self.body.as_deref(), self.text.as_deref(), self.html.as_deref()) {
            (Some(_), Some(_), _) => return Err(UnusableArticle::TwoTexts("body", "text")),
            (Some(_), _, Some(_)) => return Err(UnusableArticle::TwoTexts("body", "html")),
            (_, Some(_), Some(_)) => return Err(UnusableArticle::TwoTexts("text", "html")),
            (Some(body), None, None) if !body.trim().is_empty() || !title.trim().is_empty() => {
                Content::Body { title, body }
            }
            (None, Some(text), None) if !text.trim().is_empty() => Content::Text(text),
            (None, None, Some(html)) if !html.trim().is_empty() => Content::Html(html),
            (None, None, None) if !title.trim().is_empty() => Content::Body { title, body: "" },
            _ if self.withdrawn => Content::Withdrawn,
            _ => return Err(UnusableArticle::NoText),
        };
        Ok(content)
    }
}
