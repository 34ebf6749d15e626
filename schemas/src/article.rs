//! The article as it was read, and what was found in it as a whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Country, Moment, Quote, Span};

/// The article's own words by field, boilerplate cut away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Article {
    /// Given, or derived from the canonical URL or the text: see [`crate::identity`].
    pub id: String,
    /// Digest of the text: another one under the same id is a correction.
    pub version: String,
    /// Where it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Country of the publisher, where the raw article gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher_country: Option<Country>,
    /// Language of the text.
    pub language: Language,
    /// When it was published, in the newsroom's offset where known.
    pub published_at: Moment,
    /// Where `published_at` comes from.
    pub published_at_basis: Basis,
    /// Headline; empty where the raw article has none.
    #[serde(default)]
    pub title: String,
    /// Line under the headline.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subtitle: String,
    /// Who wrote it, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byline: Option<String>,
    /// The place that opens the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dateline: Option<Dateline>,
    /// Unicode code points of `body` before its first sentence: the dateline with place, date, agency and reporter.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub dateline_end: u32,
    /// Captions that do not repeat the body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<String>,
    /// Agencies and media credited outside the running text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<String>,
    /// Paragraphs, an empty line between them.
    pub body: String,
    /// Fields of the raw article that Siaga does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The raw article has the field.
    Given,
    /// Read from the page.
    Text,
    /// The record's timestamp stands in for it.
    Record,
}

/// Language of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Language {
    /// BCP 47; `und` where the text gives no ground.
    pub code: String,
    /// 0 to 1.
    pub confidence: f32,
}

/// Place of the byline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dateline {
    /// The place as printed.
    pub place: String,
    /// Its country, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
}

/// One of the IPTC Media Topics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Topic {
    /// Eight digits.
    pub code: String,
    /// Its English label.
    pub label: String,
    /// 0 to 1.
    pub score: f32,
    /// Words that decided, at most eight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<String>,
    /// Concepts of the second level, where the text has terms of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub narrower: Vec<Concept>,
}

/// A narrower concept of the IPTC Media Topics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Concept {
    /// Eight digits.
    pub code: String,
    /// Its English label.
    pub label: String,
    /// Words that decided, at most eight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<String>,
}

/// A country in the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Region {
    /// Which.
    pub country: Country,
    /// UN M49 code of its sub-region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub m49: Option<String>,
    /// What it is in this text, in the order of the guide.
    pub roles: Vec<Role>,
    /// Weight in the text, 0 to 1.
    pub score: f32,
    /// Where it is named, at most sixteen.
    pub spans: Vec<Span>,
}

/// What a country is in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Without it there would be no story.
    About,
    /// A reported event happens there.
    EventLocation,
    /// Does it.
    Actor,
    /// Has it done to it.
    Target,
    /// A meeting or statement takes place there.
    Venue,
    /// Only speaks, confirms or reports.
    Source,
    /// Only the place of the byline.
    Dateline,
    /// Mentioned in passing, in history or in comparison.
    Background,
}

/// A bloc that the text names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bloc {
    /// Short code: `UN`, `ASEAN`, `EU`, `NATO`, ...
    pub code: String,
    /// Where it is first named.
    #[serde(flatten)]
    pub quote: Quote,
}
