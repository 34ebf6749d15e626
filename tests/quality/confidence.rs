//! Whether the confidence of events is the share that is right: reliability on two labelled sets.
//!
//! An event of CASE-2021 is right where the label of its sentence allows its type, one of MUC where a template of its
//! article does. Both sets mark less than a text tells, so the share is a lower bound.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use siaga_schemas::{EnrichedArticle, SecurityEvent};

use crate::data;
use crate::floors::Figure;

const BINS: usize = 10;

/// Events, those that are right, and the sum of their confidence, by tenth of confidence.
type Bins = [(usize, usize, f64); BINS];

/// Expected calibration error (Naeini, Cooper and Hauskrecht 2015) over both sets, each of the same weight; prints the
/// tables. `eval` holds the scorer's mappings, `dev` the sets, `enriched` what was found in them.
pub(crate) fn calibration(eval: &Path, dev: &Path, enriched: &[EnrichedArticle]) -> Result<Figure> {
    let path = eval.join("mappings.json");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mappings: Value = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    let case = data::rows::<Value>(&dev.join("events-case2021.jsonl"))?;
    let muc = data::rows::<Value>(&dev.join("events-muc.jsonl"))?;
    let mut sets: BTreeMap<&str, Bins> = BTreeMap::new();
    for article in enriched {
        let Some((set, row)) = article.article.id.split_once('/') else { continue };
        let Ok(row) = row.parse::<usize>() else { continue };
        for event in article.events.iter().filter(|e| e.flagged) {
            let (name, right) = match set {
                "events-case2021" => ("CASE-2021", fits_label(&mappings, &case[row], event)),
                "events-muc" => ("MUC", fits_template(&mappings, &muc[row], event)),
                _ => continue,
            };
            let Some(right) = right else { continue };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a confidence is 0 to 1"
            )]
            let bin = ((event.confidence * 10.0) as usize).min(BINS - 1);
            let bin = &mut sets.entry(name).or_default()[bin];
            *bin = (bin.0 + 1, bin.1 + usize::from(right), bin.2 + f64::from(event.confidence));
        }
    }
    Ok(error(&sets))
}

fn error(sets: &BTreeMap<&str, Bins>) -> Figure {
    let (mut weighted, mut over) = ([(0.0, 0.0); BINS], 0);
    println!("\nreliability of the confidence of events\n  set        confidence  events  mean  right");
    for (name, bins) in sets {
        let all: usize = bins.iter().map(|b| b.0).sum();
        over += all;
        for (number, (count, right, sum)) in bins.iter().enumerate().filter(|(_, b)| b.0 > 0) {
            let (count_f, right_f, from) = (*count as f64, *right as f64, number as f64 / 10.0);
            println!(
                "  {name:10} {from:.1}-{:.1} {count:10} {:6.3} {:6.3}",
                from + 0.1,
                sum / count_f,
                right_f / count_f
            );
            let share = 1.0 / (all as f64 * sets.len() as f64);
            weighted[number].0 += right_f * share;
            weighted[number].1 += sum * share;
        }
    }
    println!();
    let value = weighted.iter().map(|(right, told)| (right - told).abs()).sum();
    Figure { name: "error of calibration, events".to_owned(), value, over }
}

/// Whether the label of a sentence allows the event; none where the label says nothing of types.
fn fits_label(mappings: &Value, row: &Value, event: &SecurityEvent) -> Option<bool> {
    let types = mappings["case2021"]["labels"][row["label"].as_str()?]["types"].as_array()?;
    Some(holds(types, event))
}

/// Whether a template of an article allows the event; none for types that MUC did not look for.
fn fits_template(mappings: &Value, row: &Value, event: &SecurityEvent) -> Option<bool> {
    let rules = &mappings["muc"];
    if !holds(rules["no_template_scored_types"].as_array()?, event) {
        return None;
    }
    let allows = |template: &Value| {
        let kind = template["incident_type"][0].as_str().unwrap_or_default();
        rules["labels"][kind]["types"].as_array().is_some_and(|types| holds(types, event))
    };
    Some(row["templates"].as_array()?.iter().any(allows))
}

fn holds(types: &[Value], event: &SecurityEvent) -> bool {
    types.iter().any(|t| t.as_str() == Some(event.event_type.code()))
}
