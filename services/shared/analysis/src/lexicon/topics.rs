//! `topics.toml`: terms of the IPTC Media Topics.

use serde::Deserialize;
use toml::Spanned;

use super::{Form, Position};

/// File of topics.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicsFile {
    /// The entries.
    #[serde(default)]
    pub topic: Vec<Spanned<TopicTerms>>,
}

/// Terms of one topic.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicTerms {
    /// Eight digits.
    pub code: String,
    /// Terms that decide almost alone.
    #[serde(default)]
    pub strong: Vec<Form>,
    /// Terms that speak for it.
    #[serde(default)]
    pub terms: Vec<Form>,
    /// Terms that speak for it a little.
    #[serde(default)]
    pub weak: Vec<Form>,
    /// Where the entry stands.
    #[serde(skip)]
    pub position: Position,
}
