//! What made a record.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Versions of all that decided a record: the same input and the same versions give the same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Versions {
    /// Version of the program.
    pub program: String,
    /// Digest of the lexicon files.
    pub lexicon: String,
    /// Name of each model and its version.
    #[serde(default)]
    pub models: BTreeMap<String, String>,
}
