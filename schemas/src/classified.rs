//! Message of `articles.classified`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Article, Bloc, Region, Topic, Versions};

/// An article that was read, with its language, topics and regions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClassifiedArticle {
    /// The article.
    pub article: Article,
    /// Ordered by weight; empty where the text gives no ground.
    #[serde(default)]
    pub topics: Vec<Topic>,
    /// Ordered by weight.
    #[serde(default)]
    pub regions: Vec<Region>,
    /// In order of appearance.
    #[serde(default)]
    pub blocs: Vec<Bloc>,
    /// The publisher takes the article back; it is not analysed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// What made this record.
    pub versions: Versions,
}
