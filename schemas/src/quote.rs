//! Quotes from an article and where they stand.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A field of an article that spans point into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// `article.title`
    Title,
    /// `article.subtitle`
    Subtitle,
    /// `article.body`
    Body,
}

/// Where a quote stands: Unicode code points into the named field, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// The field of the article.
    pub field: Field,
    /// First code point.
    pub start: u32,
    /// Code point after the last one.
    pub end: u32,
}

/// Words of the article and where they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// The words, letter for letter.
    pub text: String,
    /// Where they stand.
    pub span: Span,
}

/// A passage that carries an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// The field of the article.
    pub field: Field,
    /// First code point.
    pub start: u32,
    /// Code point after the last one.
    pub end: u32,
    /// The passage, letter for letter.
    pub text: String,
}

/// One or more passages: an event without evidence cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<Evidence>", into = "Vec<Evidence>")]
#[schemars(with = "Vec<Evidence>", extend("minItems" = 1))]
pub struct EvidenceList(Vec<Evidence>);

/// An event that quotes nothing.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("an event must quote at least one passage that is not empty")]
pub struct NoEvidence;

impl EvidenceList {
    /// The list of one passage, which must not be empty.
    pub fn of(first: Evidence) -> Result<Self, NoEvidence> {
        Self::try_from(vec![first])
    }

    /// Adds a passage; one that is there already, or is empty, changes nothing.
    pub fn add(&mut self, passage: Evidence) {
        if !passage.text.is_empty() && !self.0.contains(&passage) {
            self.0.push(passage);
        }
    }

    /// The passages, at least one.
    pub fn as_slice(&self) -> &[Evidence] {
        &self.0
    }

    /// The first passage.
    pub fn first(&self) -> &Evidence {
        &self.0[0]
    }
}

impl TryFrom<Vec<Evidence>> for EvidenceList {
    type Error = NoEvidence;

    fn try_from(passages: Vec<Evidence>) -> Result<Self, NoEvidence> {
        if passages.is_empty() || passages.iter().any(|p| p.text.is_empty()) {
            return Err(NoEvidence);
        }
        Ok(Self(passages))
    }
}

impl From<EvidenceList> for Vec<Evidence> {
    fn from(list: EvidenceList) -> Self {
        list.0
    }
}
