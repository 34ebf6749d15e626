//! Short cases of events, each written to one phenomenon and named for it: `cases/<language>.jsonl` of the analysis.
//!
//! A case expects all events of its text, flagged or not, and of each the slots that it names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use siaga_analysis::{Knowledge, enrich};
use siaga_schemas::{Authority, Interval, Moment, Party, RawArticle, SecurityEvent};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    published_at: Moment,
    #[serde(default)]
    title: String,
    body: String,
    expect: Vec<Expected>,
    /// Why the case is as it is.
    #[serde(default, rename = "note")]
    _note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(rename = "type")]
    event_type: String,
    status: String,
    actor: Option<Vec<String>>,
    target: Option<Vec<String>>,
    country: Option<String>,
    date: Option<String>,
    count: Option<[Option<u32>; 2]>,
    killed: Option<[Option<u32>; 2]>,
    injured: Option<[Option<u32>; 2]>,
    weapon: Option<String>,
    confirmed_by: Option<Vec<String>>,
    claimed_by: Option<Vec<String>>,
    denied_by: Option<Vec<String>>,
    reported_by: Option<Vec<String>>,
}

fn parties(parties: &[Party]) -> BTreeSet<String> {
    parties
        .iter()
        .filter_map(|p| {
            p.group.clone().or_else(|| p.country.map(|c| c.to_string())).or_else(|| p.name.clone())
        })
        .collect()
}

fn authorities(authorities: &[Authority]) -> BTreeSet<String> {
    authorities.iter().map(|a| a.country.map_or_else(|| a.body.clone(), |c| c.to_string())).collect()
}

/// Says which slot of an event is not as expected.
fn differs(expected: &Expected, event: &SecurityEvent) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut set = |name: &str, want: &Option<Vec<String>>, got: BTreeSet<String>| {
        if let Some(want) = want
            && want.iter().cloned().collect::<BTreeSet<_>>() != got
        {
            wrong.push(format!("{name}: expected {want:?}, found {got:?}"));
        }
    };
    set("actor", &expected.actor, parties(&event.actors));
    set("target", &expected.target, parties(&event.targets));
    set("confirmed_by", &expected.confirmed_by, authorities(&event.confirmed_by));
    set("claimed_by", &expected.claimed_by, authorities(&event.claimed_by));
    set("denied_by", &expected.denied_by, authorities(&event.denied_by));
    set("reported_by", &expected.reported_by, event.reported_by.iter().map(|r| r.name.clone()).collect());
    let mut text = |name: &str, want: &Option<String>, got: Option<String>| {
        if let Some(want) = want
            && *want != got.clone().unwrap_or_default()
        {
            wrong.push(format!("{name}: expected {want:?}, found {got:?}"));
        }
    };
    text("country", &expected.country, event.location.country.map(|c| c.to_string()));
    text("date", &expected.date, event.date.as_ref().map(|d| d.start.to_string()));
    text("weapon", &expected.weapon, event.weapon.as_ref().map(|w| w.class.to_string()));
    let mut number = |name: &str, want: &Option<[Option<u32>; 2]>, got: &Option<Interval>| {
        let got = got.as_ref().map(|i| [i.min, i.max]);
        if want.is_some() && *want != got {
            wrong.push(format!("{name}: expected {want:?}, found {got:?}"));
        }
    };
    number("count", &expected.count, &event.count);
    number("killed", &expected.killed, &event.killed);
    number("injured", &expected.injured, &event.injured);
    wrong
}

/// What is wrong with a case; nothing where it passes.
fn run(knowledge: &Knowledge, language: &str, case: &Case) -> Vec<String> {
    let raw = RawArticle {
        id: Some(case.name.clone()),
        title: Some(case.title.clone()),
        body: Some(case.body.clone()),
        language: Some(language.to_owned()),
        published_at: Some(case.published_at),
        ..RawArticle::default()
    };
    let enriched = match enrich(knowledge, &raw, 0) {
        Ok(enriched) => enriched,
        Err(error) => return vec![error.to_string()],
    };
    let mut left: Vec<&SecurityEvent> = enriched.events.iter().collect();
    let mut wrong = Vec::new();
    for expected in &case.expect {
        let kin = |e: &&SecurityEvent| {
            e.event_type.code() == expected.event_type && e.status.code() == expected.status
        };
        let best =
            (0..left.len()).filter(|i| kin(&left[*i])).min_by_key(|i| differs(expected, left[*i]).len());
        match best {
            Some(i) => wrong.extend(differs(expected, left.remove(i))),
            None => wrong.push(format!("no {} {}", expected.status, expected.event_type)),
        }
    }
    wrong.extend(
        left.iter()
            .map(|e| format!("not expected: {} {} {:?}", e.status, e.event_type, e.evidence.first().text)),
    );
    wrong
}

/// How the cases of a language went.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Cases.
    pub all: usize,
    /// Cases that expect an event that is flagged.
    pub flagged: usize,
    /// Names of those that failed, and what was wrong.
    pub failed: BTreeMap<String, Vec<String>>,
}

/// Folder of the cases.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../services/shared/analysis/tests/cases")
}

/// Runs the cases of every language in `folder()`, or of those that `only` names; of these the cases whose name
/// contains `name`.
pub(crate) fn measure(
    knowledge: &Knowledge,
    only: &[String],
    name: &str,
) -> Result<BTreeMap<String, Outcome>> {
    let mut outcomes = BTreeMap::new();
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder())?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.sort();
    for path in files.iter().filter(|p| p.extension().is_some_and(|e| e == "jsonl")) {
        let language = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if !only.is_empty() && !only.contains(&language) {
            continue;
        }
        let outcome: &mut Outcome = outcomes.entry(language.clone()).or_default();
        for (number, line) in (1..).zip(fs::read_to_string(path)?.lines()) {
            let case: Case =
                serde_json::from_str(line).with_context(|| format!("{}:{number}", path.display()))?;
            if !case.name.contains(name) {
                continue;
            }
            outcome.all += 1;
            outcome.flagged +=
                usize::from(case.expect.iter().any(|e| e.status == "occurred" || e.status == "ongoing"));
            let wrong = run(knowledge, &language, &case);
            if !wrong.is_empty() {
                outcome.failed.insert(case.name, wrong);
            }
        }
    }
    Ok(outcomes)
}
