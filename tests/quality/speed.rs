//! Speed of the pure functions on one core, beside an Aho-Corasick pass over the same patterns and the parsing of the
//! same bytes as JSON, in one run: as a ratio, the machine's noise matters less.

use std::fs;
use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result};
use siaga_analysis::{classify, detect};
use siaga_schemas::RawArticle;
use siaga_tests::articles::Articles;

use crate::{data, events, lexicon};

/// Bytes of an article's body.
const BODY: usize = 3_000;

/// Bytes of its paragraphs.
const PARAGRAPH: usize = 500;

/// Bytes that are read in one measurement.
const BYTES: usize = 6_000_000;

/// Measurements of which the middle one counts.
const ROUNDS: usize = 5;

/// Prints megabytes of article text a second, by language.
pub(crate) fn print(only: &[String]) -> Result<()> {
    let before = resident()?;
    let started = Instant::now();
    let knowledge = lexicon::load(None, &[])?;
    println!("loaded in {:.0} ms, {:.0} MB", started.elapsed().as_secs_f64() * 1e3, resident()? - before);
    println!(
        "{:8} {:>9} {:>9} {:>13} {:>11}  MB/s",
        "language", "classify", "detect", "aho-corasick", "serde_json"
    );
    for language in knowledge.languages().filter(|l| only.is_empty() || only.iter().any(|o| o == l)) {
        let path = events::folder().join(format!("{language}.jsonl"));
        if !path.exists() {
            continue;
        }
        let articles = articles(&path, language)?;
        let bytes: usize = articles.iter().map(|a| a.body.as_ref().map_or(0, String::len)).sum();
        let speed = |run: &mut dyn FnMut() -> Result<()>| megabytes_a_second(bytes, run);
        let classified: Vec<_> =
            articles.iter().map(|a| classify(&knowledge, a, 0)).collect::<Result<_, _>>()?;
        let automaton = aho_corasick::AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(knowledge.patterns(language))?;
        let json: Vec<String> = articles.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        let of_classify = speed(&mut || {
            articles
                .iter()
                .try_for_each(|a| classify(&knowledge, a, 0).map(|c| drop(black_box(c))).map_err(Into::into))
        })?;
        let of_detect = speed(&mut || {
            classified.iter().for_each(|c| drop(black_box(detect(&knowledge, c.clone()))));
            Ok(())
        })?;
        let of_automaton = speed(&mut || {
            for article in &articles {
                black_box(
                    automaton.find_overlapping_iter(article.body.as_deref().unwrap_or_default()).count(),
                );
            }
            Ok(())
        })?;
        let of_json = speed(&mut || {
            json.iter().try_for_each(|j| {
                serde_json::from_str::<RawArticle>(j).map(|a| drop(black_box(a))).map_err(Into::into)
            })
        })?;
        println!("{language:8} {of_classify:9.1} {of_detect:9.1} {of_automaton:13.1} {of_json:11.1}");
    }
    Ok(())
}

/// The articles of the benchmark, where it has any in a language.
fn made(language: &str) -> Result<Vec<RawArticle>> {
    let generator = Articles::new();
    let read = |index| -> Result<RawArticle> { Ok(serde_json::from_slice(&generator.article(index))?) };
    let all: Vec<RawArticle> = (0..(2 * BYTES / BODY) as u64).map(read).collect::<Result<_>>()?;
    Ok(all
        .into_iter()
        .filter(|a| a.url.as_deref().is_some_and(|u| u.contains(&format!("/{language}/"))))
        .collect())
}

/// Articles of the texts of a language's cases, one behind the other: every sentence tells of an event or of
/// something that sounds like one.
fn articles(path: &std::path::Path, language: &str) -> Result<Vec<RawArticle>> {
    let made = made(language)?;
    if !made.is_empty() {
        return Ok(made);
    }
    let mut bodies = vec![String::new()];
    let cases: Vec<serde_json::Value> = data::rows(path)?;
    let texts: Vec<&str> = cases.iter().filter_map(|c| c["body"].as_str()).collect();
    for text in
        texts.iter().cycle().take(BYTES / texts.iter().map(|t| t.len()).sum::<usize>().max(1) * texts.len())
    {
        if bodies.last().is_some_and(|b| b.len() > BODY) {
            bodies.push(String::new());
        }
        let last = bodies.last_mut().context("there is always one")?;
        last.push_str(text);
        let paragraph = last.len() - last.rfind('\n').unwrap_or(0);
        last.push(if paragraph > PARAGRAPH { '\n' } else { ' ' });
    }
    let article = |body: String| RawArticle {
        title: Some(texts[0].chars().take(60).collect()),
        body: Some(body),
        language: Some(language.to_owned()),
        ..RawArticle::default()
    };
    Ok(bodies.into_iter().map(article).collect())
}

fn megabytes_a_second(bytes: usize, run: &mut dyn FnMut() -> Result<()>) -> Result<f64> {
    let mut seconds = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        run()?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok(bytes as f64 / 1e6 / seconds[ROUNDS / 2])
}

/// Resident memory of this process in megabytes.
fn resident() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|l| l.starts_with("VmRSS")).context("no VmRSS")?;
    let kilobytes: f64 = line.split_whitespace().nth(1).context("VmRSS has no number")?.parse()?;
    Ok(kilobytes / 1e3)
}
