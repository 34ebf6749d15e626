//! The model that names languages.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use siaga_analysis::learned::{Header, Linear, language_features};

use crate::data;
use crate::softmax::{Example, Training, quantise, train};

const HOW: Training = Training { buckets: 1 << 16, epochs: 8, rate: 0.2, decay: 0.0 };

/// Every so many headlines are learnt from: all of them would outweigh the other languages.
const HEADLINES: usize = 5;

/// Words of the pieces of a sentence that stand for headlines.
const PIECES: [usize; 2] = [3, 6];

/// Written Cantonese is left out: newspapers that print it print standard Chinese beside it, and would be called by its name.
const LEFT_OUT: &str = "yue";

/// Trains on sentences in all languages, on a piece of each, and on Indonesian headlines.
pub(crate) fn model(folder: &Path, hold_out: bool) -> Result<Vec<u8>> {
    let mut sentences = data::sentences(folder, hold_out)?;
    sentences.retain(|s| s.lang != LEFT_OUT);
    let mut classes: Vec<String> = sentences.iter().map(|s| s.lang.clone()).collect();
    classes.sort();
    classes.dedup();
    let number: BTreeMap<&str, usize> = classes.iter().enumerate().map(|(n, c)| (c.as_str(), n)).collect();
    let mut examples = Vec::new();
    for sentence in &sentences {
        let class = number[sentence.lang.as_str()];
        examples.push(Example { features: language_features(&sentence.text), class });
        for words in PIECES {
            let piece = piece(&sentence.text, words, sentence.index_id as usize);
            examples.push(Example { features: language_features(&piece), class });
        }
    }
    for headline in data::headlines(folder)?.iter().step_by(HEADLINES) {
        examples.push(Example { features: language_features(&headline.title), class: number["id"] });
    }
    let trained = train(&examples, classes.len(), HOW);
    let (weights, scale) = quantise(&trained.weights);
    let header = Header {
        name: "language-1".to_owned(),
        classes: classes.clone(),
        buckets: HOW.buckets,
        scale,
        bias: trained.bias,
        parameters: BTreeMap::new(),
    };
    Ok(Linear::write(&header, &weights)?)
}

/// Some words out of a sentence, or letters where it has no blanks; `number` chooses which.
fn piece(sentence: &str, words: usize, number: usize) -> String {
    let all: Vec<&str> = sentence.split_whitespace().collect();
    if all.len() > words {
        let start = number % (all.len() - words + 1);
        return all[start..start + words].join(" ");
    }
    let letters: Vec<char> = sentence.chars().collect();
    let long = words * 3;
    let start = number % (letters.len().saturating_sub(long) + 1);
    letters.iter().skip(start).take(long).collect()
}
