//! IPTC Media Topics of an article: from the terms of the lexicon, and from a model that has learnt from labelled
//! sentences in many languages.
//!
//! The logit of a topic is a line in the logarithm of its grounds plus what the model says of the words; the score is
//! the probability that it gives.

mod concepts;
mod features;
mod grounds;

use siaga_schemas::{Concept, Topic};

use crate::knowledge::Language;
use crate::linear::{Linear, ModelError};
use crate::matcher::Hit;
use crate::text::Folded;
use concepts::TOPS;
use grounds::{Grounds, Terms};

pub use concepts::TOP;

static MODEL: &[u8] = include_bytes!("../../models/topics.bin");

/// The likeliest topic is named from this score on, further ones from the higher one.
const LEAST_FIRST: f32 = 0.3;
const LEAST_FURTHER: f32 = 0.5;

/// A further topic has at least this part of the first one's score.
const PART_OF_FIRST: f32 = 0.6;

/// Most topics of an article.
const MOST: usize = 4;

/// Most terms named of a topic.
const MOST_TERMS: usize = 8;

/// Grounds from which a concept of the second level is named, and the part of its top level's that it must have.
const LEAST_SECOND: f32 = 3.0;
const PART_OF_TOP: f32 = 0.3;

/// Names topics.
#[derive(Debug)]
pub(crate) struct Classifier {
    model: Linear,
    /// Logits of a unit of grounds' logarithm.
    slope: f32,
    /// Logits that a unit of the strongest other topic's takes away.
    rival: f32,
}

/// What an article shows of its topics.
#[derive(Debug)]
pub struct Evidence {
    /// Logarithm of one more than the grounds of each top level.
    pub grounds: [f32; TOPS],
    /// Hashed features of its words.
    pub features: Vec<u32>,
}

/// Grounds at which the lexicon's word weighs as much as the model's.
const EVEN: f32 = 20.0;

impl Evidence {
    /// Grounds of the strongest other topic.
    pub fn rival(&self, top: usize) -> f32 {
        let others = self.grounds.iter().enumerate().filter(|(other, _)| *other != top);
        others.map(|(_, ground)| *ground).fold(0.0, f32::max)
    }

    /// How much the model's word counts: less where the lexicon has found more, since its terms are written for news and the
    /// model's sentences are not.
    pub fn weight_of_words(&self) -> f32 {
        let most = self.grounds.iter().copied().fold(0.0, f32::max).exp() - 1.0;
        EVEN / (EVEN + most)
    }
}

impl Classifier {
    /// The classifier that is built in.
    ///
    /// # Errors
    /// Where the model is broken; a test keeps a release from having such a one.
    pub(crate) fn built_in() -> Result<Self, ModelError> {
        let model = Linear::read(MODEL)?;
        let parameter = |name: &str| model.header().parameters.get(name).copied().unwrap_or(0.0);
        let (slope, rival) = (parameter("grounds"), parameter("rival"));
        Ok(Self { model, slope, rival })
    }

    /// Name and version of the model.
    pub(crate) fn version(&self) -> &str {
        &self.model.header().name
    }

    /// The topics of an article from the hits of its fields, headline first.
    pub(crate) fn classify(&self, language: &Language, fields: &[(&Folded, &[Hit])]) -> Vec<Topic> {
        let grounds = Grounds::find(language, fields);
        let evidence = evidence(&grounds, fields);
        let logits = self.model.logits(&evidence.features);
        let (bias, words) = (&self.model.header().bias, evidence.weight_of_words());
        let mut topics: Vec<Topic> = (0..TOPS)
            .map(|top| {
                let of_words = (logits[top] - bias[top]) * words;
                let of_grounds = self.slope * evidence.grounds[top] - self.rival * evidence.rival(top);
                let logit = bias[top] + of_words + of_grounds;
                topic(top, 1.0 / (1.0 + (-logit).exp()), &grounds)
            })
            .collect();
        topics.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.code.cmp(&b.code)));
        let best = topics[0].score;
        let further = LEAST_FURTHER.max(best * PART_OF_FIRST);
        let named = topics.iter().take(MOST).take_while(|t| t.score >= further).count();
        topics.truncate(named.max(usize::from(best >= LEAST_FIRST)));
        for topic in topics.iter_mut().filter(|t| t.terms.is_empty()) {
            topic.terms = self.words(&topic.code, fields);
        }
        topics
    }

    /// The words that speak most for a topic of which the lexicon has no term in the text.
    fn words(&self, code: &str, fields: &[(&Folded, &[Hit])]) -> Vec<String> {
        let Some(top) = TOP.iter().position(|(c, _)| *c == code) else { return Vec::new() };
        let text = fields.iter().map(|(folded, _)| folded.text()).find(|t| !t.is_empty()).unwrap_or_default();
        let mut words: Vec<(f32, &str)> = text
            .split_whitespace()
            .take(100)
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .map(|word| (self.model.logits(&features::features(word, ""))[top], word))
            .collect();
        words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        words.dedup();
        words
            .into_iter()
            .filter(|(logit, word)| *logit > 0.0 && !word.is_empty())
            .take(3)
            .map(|(_, w)| w.to_owned())
            .collect()
    }
}

/// What the fields of an article show, headline first.
pub(crate) fn show(language: &Language, fields: &[(&Folded, &[Hit])]) -> Evidence {
    evidence(&Grounds::find(language, fields), fields)
}

fn evidence(grounds: &Grounds<'_>, fields: &[(&Folded, &[Hit])]) -> Evidence {
    let text = |number: usize| fields.get(number).map_or("", |(folded, _)| folded.text());
    let body = fields.last().map_or("", |(folded, _)| folded.text());
    Evidence {
        grounds: grounds.sums.map(f32::ln_1p),
        features: features::features(text(0), if fields.len() > 1 { body } else { "" }),
    }
}

fn topic(top: usize, score: f32, grounds: &Grounds<'_>) -> Topic {
    let (code, label) = TOP[top];
    let narrower = grounds
        .second
        .iter()
        .filter(|(code, second)| {
            let below = concepts::place(code).is_some_and(|(t, _)| t == top);
            below && second.0 >= LEAST_SECOND && second.0 >= grounds.sums[top] * PART_OF_TOP
        })
        .map(|(code, (_, label, words))| Concept {
            code: (*code).to_owned(),
            label: (*label).to_owned(),
            terms: named(words),
        })
        .collect();
    Topic {
        code: code.to_owned(),
        label: label.to_owned(),
        score: (score * 1000.0).round() / 1000.0,
        terms: named(&grounds.terms[top]),
        narrower,
    }
}

/// The weightiest terms.
fn named(terms: &Terms<'_>) -> Vec<String> {
    let mut terms: Vec<(&str, f32)> = terms.iter().map(|(term, (weight, _))| (*term, *weight)).collect();
    terms.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    terms.into_iter().take(MOST_TERMS).map(|(term, _)| term.to_owned()).collect()
}
