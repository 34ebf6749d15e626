//! Language: single sentences in the languages that Siaga reads, and in their neighbours.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use siaga_analysis::{Knowledge, classify};
use siaga_schemas::RawArticle;

use crate::data;
use crate::topics::Sentence;

/// Of one language: how many sentences there are, and what they were called.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Sentences.
    pub all: usize,
    /// How often each language was named; `und` where none was.
    pub named: BTreeMap<String, usize>,
}

impl Tally {
    /// Share of sentences that were called by the right name.
    pub(crate) fn accuracy(&self, language: &str) -> f64 {
        let right = |named: &str| {
            let primary = |code: &'static str| named == code || named.starts_with(&format!("{code}-"));
            named == language
                || (language.starts_with("zh") && primary("zh"))
                || (language == "yue" && primary("zh"))
        };
        let hits: usize = self.named.iter().filter(|(named, _)| right(named)).map(|(_, n)| n).sum();
        hits as f64 / self.all.max(1) as f64
    }
}

/// Names the language of the sentences of a split, or of all; `words` cuts each to its first words.
pub(crate) fn measure(
    knowledge: &Knowledge,
    shared: &Path,
    split: Option<&str>,
    words: Option<usize>,
) -> Result<BTreeMap<String, Tally>> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for sentence in data::rows::<Sentence>(&shared.join("data/dev/topic-sib200.jsonl"))? {
        if split.is_some_and(|s| s != sentence.split) {
            continue;
        }
        let text = match words {
            Some(most) => sentence.text.split(' ').take(most).collect::<Vec<_>>().join(" "),
            None => sentence.text,
        };
        let raw = RawArticle { body: Some(text), ..RawArticle::default() };
        let named = classify(knowledge, &raw, 0)?.article.language.code;
        let tally = tallies.entry(sentence.lang).or_default();
        tally.all += 1;
        *tally.named.entry(named).or_default() += 1;
    }
    Ok(tallies)
}
