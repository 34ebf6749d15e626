//! `common/neighbours.toml`: words that tell close neighbours apart.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Error, SourceFile, parse};

/// Path of the file.
const FILE: &str = "common/neighbours.toml";

/// The words of one language that its neighbours do not have.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Neighbour {
    /// Single words in small letters.
    pub own: Vec<String>,
}

/// Neighbours by their BCP 47 codes; none where the file is missing.
///
/// # Errors
/// Where the file is not of its form.
pub fn neighbours(files: &[SourceFile]) -> Result<BTreeMap<String, Neighbour>, Error> {
    files.iter().find(|f| f.path == FILE).map_or_else(|| Ok(BTreeMap::new()), parse)
}
