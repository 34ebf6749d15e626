//! Topics: the first topic of single sentences, in every language.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;
use siaga_analysis::{Knowledge, classify};
use siaga_schemas::{RawArticle, Topic};

use crate::data;

/// A sentence of SIB-200 with its label.
#[derive(Debug, Deserialize)]
pub(crate) struct Sentence {
    /// BCP 47 code of its language.
    pub lang: String,
    /// `train` or `dev`.
    pub split: String,
    /// The sentence.
    pub text: String,
    /// One of seven labels.
    pub label: String,
}

/// The topic that a label of SIB-200 means; none for geography.
pub(crate) fn code_of(label: &str) -> Option<&'static str> {
    Some(match label {
        "science/technology" => "13000000",
        "travel" => "10000000",
        "politics" => "11000000",
        "sports" => "15000000",
        "health" => "07000000",
        "entertainment" => "01000000",
        _ => return None,
    })
}

/// A sentence whose first topic is not its label's.
#[derive(Debug)]
pub(crate) struct Miss {
    /// The sentence.
    pub sentence: Sentence,
    /// What was found instead, first topic first.
    pub found: Vec<Topic>,
}

/// By language and label: how many sentences have the right first topic, and how many there are; and the misses.
pub(crate) type Sentences = (BTreeMap<String, BTreeMap<String, (usize, usize)>>, Vec<Miss>);

/// Reads the sentences of a split as articles in the languages that are known.
pub(crate) fn sentences(
    knowledge: &Knowledge,
    shared: &Path,
    split: &str,
    only: &[String],
) -> Result<Sentences> {
    let mut by_language: BTreeMap<String, BTreeMap<String, (usize, usize)>> = BTreeMap::new();
    let mut misses = Vec::new();
    for sentence in data::rows::<Sentence>(&shared.join("data/dev/topic-sib200.jsonl"))? {
        let primary = sentence.lang.split('-').next().unwrap_or_default();
        let known = knowledge.languages().any(|l| l == primary);
        let wanted = only.is_empty() || only.iter().any(|o| o == primary);
        let Some(code) = code_of(&sentence.label).filter(|_| known && wanted && sentence.split == split)
        else {
            continue;
        };
        let raw = RawArticle {
            body: Some(sentence.text.clone()),
            language: Some(sentence.lang.clone()),
            ..RawArticle::default()
        };
        let found = classify(knowledge, &raw, 0)?.topics;
        let labels = by_language.entry(sentence.lang.clone()).or_default();
        let tally = labels.entry(sentence.label.clone()).or_default();
        let right = found.first().is_some_and(|t| t.code == code);
        tally.0 += usize::from(right);
        tally.1 += 1;
        if !right {
            misses.push(Miss { sentence, found });
        }
    }
    Ok((by_language, misses))
}
