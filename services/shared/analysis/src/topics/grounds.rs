//! What the terms of the lexicon say: the grounds for each topic.
//!
//! Each topic sums the weights of its terms, those of the headline and of the lead more, each term at most three
//! times, over the root of the text's length.

use std::collections::BTreeMap;

use super::concepts::{self, TOPS};
use crate::knowledge::Language;
use crate::matcher::Hit;
use crate::text::Folded;
use crate::vocabulary::{Meaning, TermWeight};

/// A term counts so often at most.
const MOST_OF_A_TERM: u32 = 3;

/// Bytes of the body that are its lead.
const LEAD: usize = 400;

/// How much a term of the headline counts, and one of the lead.
const HEADLINE_WEIGHT: f32 = 2.5;
const LEAD_WEIGHT: f32 = 1.5;

/// Length in bytes of a text whose sums are not scaled, and the least that is scaled.
const USUAL: f32 = 800.0;
const SHORTEST: f32 = 150.0;

/// Terms of a topic with their weights and how often they counted.
pub(crate) type Terms<'a> = BTreeMap<&'a str, (f32, u32)>;

/// The grounds of one article.
#[derive(Debug, Default)]
pub(crate) struct Grounds<'a> {
    /// By number of the top level: sum of weights over the root of the length.
    pub sums: [f32; TOPS],
    /// By number of the top level.
    pub terms: [Terms<'a>; TOPS],
    /// By code of the second level: the sum of its terms alone, its label, and its terms.
    pub second: BTreeMap<&'a str, (f32, &'static str, Terms<'a>)>,
}

impl<'a> Grounds<'a> {
    /// The grounds in the hits of an article's fields, headline first.
    pub(crate) fn find(language: &'a Language, fields: &[(&'a Folded, &[Hit])]) -> Self {
        let mut grounds = Self::default();
        let mut length = 0;
        for (number, (folded, hits)) in fields.iter().enumerate() {
            length += folded.text().len();
            // A term may stand under a top level and under a concept below it: it counts for the first once.
            let mut counted: Vec<(usize, usize)> = Vec::new();
            for hit in *hits {
                let Meaning::Topic(topic, weight) = hit.meaning else { continue };
                let field = match number {
                    0 => HEADLINE_WEIGHT,
                    _ if hit.start < LEAD => LEAD_WEIGHT,
                    _ => 1.0,
                };
                let term = &folded.text()[hit.start..hit.end];
                let code = &language.topic(topic).code;
                let Some((top, second)) = concepts::place(code) else { continue };
                counted.retain(|(end, _)| *end > hit.start);
                let again = counted.contains(&(hit.end, top));
                counted.push((hit.end, top));
                grounds.add(code, top, second, again, (term, term_weight(weight) * field));
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "lengths are far below the limit")]
        let scale = ((length as f32).max(SHORTEST) / USUAL).sqrt();
        grounds.sums.iter_mut().for_each(|sum| *sum /= scale);
        grounds.second.values_mut().for_each(|(sum, _, _)| *sum /= scale);
        grounds
    }

    fn add(
        &mut self,
        code: &'a str,
        top: usize,
        second: Option<&'static str>,
        again: bool,
        (term, weight): (&'a str, f32),
    ) {
        if !again && count(&mut self.terms[top], term, weight) {
            self.sums[top] += weight;
        }
        if let Some(label) = second {
            let second = self.second.entry(code).or_insert_with(|| (0.0, label, Terms::new()));
            if count(&mut second.2, term, weight) {
                second.0 += weight;
            }
        }
    }
}

/// Counts a term; whether it counts.
fn count<'a>(terms: &mut Terms<'a>, term: &'a str, weight: f32) -> bool {
    let counted = terms.entry(term).or_default();
    if counted.1 >= MOST_OF_A_TERM {
        return false;
    }
    counted.0 += weight;
    counted.1 += 1;
    true
}

fn term_weight(weight: TermWeight) -> f32 {
    match weight {
        TermWeight::Strong => 3.0,
        TermWeight::Plain => 1.0,
        TermWeight::Weak => 0.35,
    }
}
