//! The labelled texts that may be learnt from.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A sentence of SIB-200: the same sentences in many languages.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Sentence {
    /// BCP 47 code of its language.
    pub lang: String,
    /// Number of the sentence, the same in all languages.
    pub index_id: u32,
    /// `train` or `dev`.
    pub split: String,
    /// The sentence.
    pub text: String,
    /// One of seven labels.
    pub label: String,
}

/// A headline of an Indonesian newsroom.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Headline {
    /// The headline.
    pub title: String,
}

/// Sentences in order of language and number; of the split `train` alone where the others are kept for measuring.
pub(crate) fn sentences(folder: &Path, hold_out: bool) -> Result<Vec<Sentence>> {
    let mut sentences: Vec<Sentence> = rows(&folder.join("dev/topic-sib200.jsonl"))?;
    sentences.retain(|s| !hold_out || s.split == "train");
    sentences.sort_by(|a, b| (&a.lang, a.index_id).cmp(&(&b.lang, b.index_id)));
    Ok(sentences)
}

/// Headlines, each once.
pub(crate) fn headlines(folder: &Path) -> Result<Vec<Headline>> {
    let rows: Vec<Headline> = rows(&folder.join("dev/headlines-narasipal.jsonl"))?;
    let by_title: BTreeMap<String, Headline> = rows.into_iter().map(|h| (h.title.clone(), h)).collect();
    Ok(by_title.into_values().collect())
}

fn rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let read = |(number, line): (usize, &str)| {
        serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), number + 1))
    };
    text.lines().enumerate().map(read).collect()
}
