//! The model that names topics.
//!
//! One logistic regression a topic, all of them with the same slope for the grounds that the lexicon finds, so that what
//! is learnt of the labelled topics holds for those without labels too.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use siaga_analysis::Knowledge;
use siaga_analysis::learned::{Evidence, Header, Linear, TOP_TOPICS, bucket, topic_evidence};

use crate::data;
use crate::softmax::{order, quantise};

const BUCKETS: u32 = 1 << 17;
const EPOCHS: u32 = 30;
const RATE: f32 = 4.0;
const BIAS_RATE: f32 = 0.01;
const DECAY: f32 = 3e-6;

/// The topics that the sentences are labelled with, and which others a sentence of the label may have as well.
const LABELS: [(&str, &str, &[&str]); 6] = [
    ("science/technology", "13000000", &["06000000", "07000000"]),
    ("travel", "10000000", &[]),
    ("politics", "11000000", &[]),
    ("sports", "15000000", &["10000000"]),
    ("health", "07000000", &["13000000"]),
    ("entertainment", "01000000", &["10000000"]),
];

/// A sentence whose label is none of these is about none of their topics.
const NONE_OF_THEM: &str = "geography";

struct Example {
    evidence: Evidence,
    /// By topic: whether it is about it; nothing where the label does not tell.
    about: Vec<Option<bool>>,
}

/// Trains on the labelled sentences of the languages that the lexicon knows.
pub(crate) fn model(folder: &Path) -> Result<Vec<u8>> {
    let knowledge = Knowledge::built_in()?;
    let mut examples = Vec::new();
    for sentence in data::sentences(folder, true)? {
        if let Some(evidence) = topic_evidence(&knowledge, &sentence.lang, "", &sentence.text) {
            examples.push(Example { evidence, about: about(&sentence.label)? });
        }
    }
    let trained = train(&examples);
    let (weights, scale) = quantise(&trained.weights);
    let header = Header {
        name: "topics-1".to_owned(),
        classes: TOP_TOPICS.iter().map(|(code, _)| (*code).to_owned()).collect(),
        buckets: BUCKETS,
        scale,
        bias: trained.bias,
        parameters: BTreeMap::from([
            ("grounds".to_owned(), trained.slope),
            ("rival".to_owned(), trained.rival),
        ]),
    };
    Ok(Linear::write(&header, &weights)?)
}

/// What a label says of each topic.
fn about(label: &str) -> Result<Vec<Option<bool>>> {
    let own = LABELS.iter().find(|(l, _, _)| *l == label);
    anyhow::ensure!(own.is_some() || label == NONE_OF_THEM, "label `{label}` is not known");
    let labelled = |code: &str| LABELS.iter().any(|(_, c, _)| *c == code);
    Ok(TOP_TOPICS
        .iter()
        .map(|(code, _)| match own {
            Some((_, c, _)) if c == code => Some(true),
            Some((_, _, beside)) if beside.contains(code) => None,
            _ if labelled(code) => Some(false),
            _ => None,
        })
        .collect())
}

struct Trained {
    weights: Vec<f32>,
    bias: Vec<f32>,
    slope: f32,
    rival: f32,
}

fn train(examples: &[Example]) -> Trained {
    let classes = TOP_TOPICS.len();
    let size = BUCKETS as usize * classes;
    let mut model = Trained { weights: vec![0.0; size], bias: vec![-1.0; classes], slope: 1.0, rival: 0.2 };
    // The weights are kept divided by `shrunk`, so that pulling all of them towards zero is one multiplication.
    let (mut shrunk, mut seen) = (1.0_f32, 0_u32);
    for epoch in 0..EPOCHS {
        for number in order(examples.len(), epoch) {
            let example = &examples[number];
            let rate = RATE / (1.0 + RATE * DECAY * seen as f32);
            seen += 1;
            shrunk *= 1.0 - rate * DECAY;
            for class in 0..classes {
                if let Some(truth) = example.about[class] {
                    learn(&mut model, shrunk, rate, example, class, truth);
                }
            }
        }
    }
    model.weights.iter_mut().for_each(|w| *w *= shrunk);
    let labelled: Vec<usize> =
        (0..classes).filter(|class| examples.iter().any(|e| e.about[*class] == Some(true))).collect();
    let mean = labelled.iter().map(|class| model.bias[*class]).sum::<f32>() / labelled.len().max(1) as f32;
    for class in (0..classes).filter(|class| !labelled.contains(class)) {
        model.bias[class] = mean;
    }
    model
}

/// One step of stochastic gradient descent for one topic.
fn learn(model: &mut Trained, shrunk: f32, rate: f32, example: &Example, class: usize, truth: bool) {
    let classes = TOP_TOPICS.len();
    let features = &example.evidence.features;
    let norm = example.evidence.weight_of_words() / (features.len().max(1) as f32).sqrt();
    let sum: f32 = features.iter().map(|f| model.weights[bucket(*f, BUCKETS) * classes + class]).sum();
    let ground = example.evidence.grounds[class];
    let rival = example.evidence.rival(class);
    let logit = model.bias[class] + model.slope * ground - model.rival * rival + sum * shrunk * norm;
    let error = 1.0 / (1.0 + (-logit).exp()) - if truth { 1.0 } else { 0.0 };
    model.bias[class] -= BIAS_RATE * rate * error;
    model.slope -= BIAS_RATE * rate * error * ground;
    model.rival += BIAS_RATE * rate * error * rival;
    for feature in features {
        model.weights[bucket(*feature, BUCKETS) * classes + class] -= rate * error * norm / shrunk;
    }
}
