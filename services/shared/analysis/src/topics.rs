//! IPTC Media Topics of an article, from the terms in it.
//!
//! Each topic sums the weights of its terms, those of the headline more, each term at most three times, over the
//! length of the text; the score is a logistic curve of that sum.

use std::collections::BTreeMap;

use siaga_schemas::Topic;

use crate::knowledge::Language;
use crate::matcher::Hit;
use crate::text::Folded;
use crate::vocabulary::{Meaning, TermWeight};

/// Below this a topic is left out.
const LEAST_SCORE: f32 = 0.5;

/// Most topics of an article.
const MOST: usize = 4;

/// Most terms named of a topic.
const MOST_TERMS: usize = 8;

/// Labels of the top levels, and of the second level of politics and of conflict.
const LABELS: [(&str, &str); 17] = [
    ("01000000", "arts, culture, entertainment and media"),
    ("02000000", "crime, law and justice"),
    ("03000000", "disaster, accident and emergency incident"),
    ("04000000", "economy, business and finance"),
    ("05000000", "education"),
    ("06000000", "environment"),
    ("07000000", "health"),
    ("08000000", "human interest"),
    ("09000000", "labour"),
    ("10000000", "lifestyle and leisure"),
    ("11000000", "politics and government"),
    ("12000000", "religion"),
    ("13000000", "science and technology"),
    ("14000000", "society"),
    ("15000000", "sport"),
    ("16000000", "conflict, war and peace"),
    ("17000000", "weather"),
];

#[derive(Default)]
struct Sum<'a> {
    weight: f32,
    /// Folded term, its weight, and how often it counted.
    terms: BTreeMap<&'a str, (f32, u32)>,
}

/// The topics of an article from the hits of its fields, headline first.
pub(crate) fn classify(language: &Language, fields: &[(&Folded, &[Hit])]) -> Vec<Topic> {
    let mut sums: BTreeMap<&str, Sum<'_>> = BTreeMap::new();
    let mut length = 0;
    for (number, (folded, hits)) in fields.iter().enumerate() {
        length += folded.text().len();
        let field_weight = if number == 0 { 2.5 } else { 1.0 };
        for hit in *hits {
            let Meaning::Topic(topic, weight) = hit.meaning else { continue };
            let position = if number > 0 && hit.start < 400 { 1.5 } else { 1.0 };
            let code = language.topic(topic).code.as_str();
            let sum = sums.entry(code).or_default();
            let term = sum.terms.entry(&folded.text()[hit.start..hit.end]).or_default();
            if term.1 < 3 {
                term.1 += 1;
                let added = term_weight(weight) * field_weight * position;
                term.0 += added;
                sum.weight += added;
            }
        }
    }
    let mut topics: Vec<Topic> =
        sums.into_iter().filter_map(|(code, sum)| topic(code, sum, length)).collect();
    topics.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.code.cmp(&b.code)));
    let best = topics.first().map_or(0.0, |t| t.score);
    topics.retain(|t| t.score >= LEAST_SCORE && t.score >= best * 0.62);
    topics.truncate(MOST);
    topics
}

fn term_weight(weight: TermWeight) -> f32 {
    match weight {
        TermWeight::Strong => 3.0,
        TermWeight::Plain => 1.0,
        TermWeight::Weak => 0.35,
    }
}

fn topic(code: &str, sum: Sum<'_>, length: usize) -> Option<Topic> {
    // A long text needs more terms for the same ground: it grows with the root of the length.
    #[expect(clippy::cast_precision_loss, reason = "lengths are far below the limit")]
    let scale = ((length as f32).max(150.0) / 800.0).sqrt();
    let ground = sum.weight / scale;
    let score = 1.0 / (1.0 + (-(ground - 3.0) * 0.6).exp());
    let mut terms: Vec<(&str, f32)> =
        sum.terms.into_iter().map(|(term, (weight, _))| (term, weight)).collect();
    terms.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    terms.truncate(MOST_TERMS);
    let label = LABELS.iter().find(|(c, _)| *c == code).map(|(_, label)| (*label).to_owned())?;
    Some(Topic {
        code: code.to_owned(),
        label,
        score: (score * 1000.0).round() / 1000.0,
        terms: terms.into_iter().map(|(term, _)| term.to_owned()).collect(),
    })
}
