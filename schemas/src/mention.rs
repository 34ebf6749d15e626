//! Messages of `events.security`; `ce_type` tells them apart.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Country, Moment, SecurityEvent, Versions};

/// One event as one article tells it, with what is needed to join it to other reports and to quote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    /// Who tells it.
    pub article: ArticleRef,
    /// Whose report it is.
    pub origin: Origin,
    /// The paragraphs of the evidence, at most 2 kB.
    #[serde(default)]
    pub excerpts: Vec<String>,
    /// What it tells.
    #[serde(flatten)]
    pub event: SecurityEvent,
    /// Which one it is of this version's mentions; whoever replaces those of an earlier version waits for the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// What made this record.
    pub versions: Versions,
}

/// One of several records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// From 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

/// An article that a record speaks of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleRef {
    /// Its id.
    pub id: String,
    /// Digest of its text; mentions of another version of the article are void.
    pub version: String,
    /// Where it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Country of the publisher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher_country: Option<Country>,
    /// BCP 47 code.
    pub language: String,
    /// When it was published.
    pub published_at: Moment,
    /// Headline.
    #[serde(default)]
    pub title: String,
}

/// Whose report an article is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// Agencies and media that it credits, in order of appearance.
    #[serde(default)]
    pub agencies: Vec<String>,
    /// SimHash of the text, 16 hexadecimal digits: copies differ in few bits.
    pub signature: String,
}

/// This version of an article holds no event: mentions of its earlier versions are void.
///
/// A second record with the same id is a correction, and `detect` keeps no state that would tell it from a
/// first one. So it says this of every article without an event whose id a second text could carry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Correction {
    /// The article as it is now.
    pub article: ArticleRef,
    /// What made this record.
    pub versions: Versions,
}

/// The publisher took the article back: its mentions are void.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Withdrawal {
    /// The article.
    pub article: ArticleRef,
    /// What made this record.
    pub versions: Versions,
}
