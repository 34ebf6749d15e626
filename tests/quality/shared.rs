//! Figures on labelled data beside the repository, by the scorers that stand with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use siaga_analysis::{Knowledge, enrich};
use siaga_schemas::{EnrichedArticle, RawArticle};

use crate::floors::Figure;
use crate::{confidence, data, incidents};

/// Bins of the reliability table.
const BINS: usize = 10;

/// What a scorer prints of one figure.
#[derive(Debug, Deserialize)]
struct Score {
    accuracy: Option<f64>,
    f1: Option<f64>,
    n: Option<f64>,
}

/// Figures of both scorers and the error of calibration; nothing where the data are absent.
pub(crate) fn figures(knowledge: &Knowledge, shared: &Path) -> Result<Option<Vec<Figure>>> {
    let eval = shared.join("eval");
    let dev = shared.join("data/dev");
    if !eval.join("score.py").exists() || !dev.exists() {
        return Ok(None);
    }
    let folder = tempfile::tempdir()?;
    let mut figures = Vec::new();
    let raw = python(&[&eval.join("public.py"), Path::new("raw"), &dev])?;
    let found = folder.path().join("public.jsonl");
    let public = read(knowledge, &raw)?;
    write(&found, &public)?;
    let printed = python(&[&eval.join("public.py"), Path::new("score"), &dev, &found, Path::new("--json")])?;
    add(&mut figures, "public", serde_json::from_str(&printed)?);

    let gold = dev.join("gold.jsonl");
    let raw = python(&[&eval.join("score.py"), &gold, Path::new("--raw")])?;
    let articles: Vec<RawArticle> = raw.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let enriched = incidents::joined(knowledge, &articles)?;
    let found = folder.path().join("gold.jsonl");
    write(&found, &enriched)?;
    let printed =
        python(&[&eval.join("score.py"), &gold, &found, Path::new("--json"), Path::new("--by-lang")])?;
    let by_language: BTreeMap<String, BTreeMap<String, Score>> = serde_json::from_str(&printed)?;
    for (language, scores) in by_language {
        let name = if language == "all" { "gold".to_owned() } else { format!("gold {language}") };
        add(&mut figures, &name, scores);
    }
    figures.push(calibration(&gold, &enriched)?);
    figures.push(confidence::calibration(&eval, &dev, &public)?);
    figures.retain(|f| f.over > 0);
    Ok(Some(figures))
}

fn add(figures: &mut Vec<Figure>, set: &str, scores: BTreeMap<String, Score>) {
    for (name, score) in scores {
        if let Some(value) = score.accuracy.or(score.f1) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are small")]
            let over = score.n.unwrap_or_default() as usize;
            figures.push(Figure { name: format!("{set}: {name}"), value, over });
        }
    }
}

fn python(arguments: &[&Path]) -> Result<String> {
    let run = Command::new("python3").args(arguments).stderr(Stdio::inherit()).output().context("python3")?;
    ensure!(run.status.success(), "the scorer {} failed", arguments[0].display());
    Ok(String::from_utf8(run.stdout)?)
}

fn read(knowledge: &Knowledge, raw: &str) -> Result<Vec<EnrichedArticle>> {
    let read = |line: &str| -> Result<EnrichedArticle> {
        let raw: RawArticle = serde_json::from_str(line)?;
        Ok(enrich(knowledge, &raw, 0)?)
    };
    raw.lines().map(read).collect()
}

fn write(path: &Path, articles: &[EnrichedArticle]) -> Result<()> {
    let mut text = String::new();
    for article in articles {
        text.push_str(&serde_json::to_string(article)?);
        text.push('\n');
    }
    Ok(fs::write(path, text)?)
}

#[derive(Debug, Deserialize)]
struct GoldArticle {
    id: String,
    gold: Gold,
}

#[derive(Debug, Deserialize)]
struct Gold {
    topics: BTreeSet<String>,
}

/// Expected calibration error (Naeini, Cooper and Hauskrecht 2015) of the topics' scores, over ten bins; prints the table.
fn calibration(path: &Path, enriched: &[EnrichedArticle]) -> Result<Figure> {
    let gold: BTreeMap<String, BTreeSet<String>> =
        data::rows::<GoldArticle>(path)?.into_iter().map(|a| (a.id, a.gold.topics)).collect();
    let mut bins = [(0_usize, 0_usize, 0.0_f64); BINS];
    for article in enriched {
        let Some(topics) = gold.get(&article.article.id) else { continue };
        for topic in &article.topics {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a score is 0 to 1")]
            let bin = ((topic.score * 10.0) as usize).min(BINS - 1);
            bins[bin].0 += 1;
            bins[bin].1 += usize::from(topics.contains(&topic.code));
            bins[bin].2 += f64::from(topic.score);
        }
    }
    let all: usize = bins.iter().map(|b| b.0).sum();
    println!(
        "\nreliability of the topics' scores on the gold articles\n  score     topics  mean score  right"
    );
    let mut error = 0.0;
    for (number, (count, right, sum)) in bins.iter().enumerate().filter(|(_, b)| b.0 > 0) {
        let (count_f, right_f) = (*count as f64, *right as f64);
        let from = number as f64 / 10.0;
        println!("  {from:.1}-{:.1} {count:9} {:11.3} {:6.3}", from + 0.1, sum / count_f, right_f / count_f);
        error += (right_f - sum).abs();
    }
    println!();
    Ok(Figure {
        name: "error of calibration, topics".to_owned(),
        value: error / all.max(1) as f64,
        over: all,
    })
}
