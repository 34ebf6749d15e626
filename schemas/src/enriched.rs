//! Message of `articles.enriched`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Article, Bloc, Region, SecurityEvent, Topic, Versions};

/// An article with all that was found in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EnrichedArticle {
    /// The article.
    pub article: Article,
    /// Ordered by weight; empty where the text gives no ground.
    #[serde(default)]
    pub topics: Vec<Topic>,
    /// Ordered by weight, the roles of the events included.
    #[serde(default)]
    pub regions: Vec<Region>,
    /// In order of appearance.
    #[serde(default)]
    pub blocs: Vec<Bloc>,
    /// In order of appearance, those that are not flagged included.
    #[serde(default)]
    pub events: Vec<SecurityEvent>,
    /// Whether any event is flagged.
    pub flagged: bool,
    /// The publisher takes the article back; it is not analysed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// What made this record.
    pub versions: Versions,
}
