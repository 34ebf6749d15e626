//! Short articles of our own, each written to one trap of language, topics or regions: `cases/articles.jsonl`.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;
use siaga_analysis::{Knowledge, enrich};
use siaga_schemas::{Country, RawArticle, Role};

use crate::data;

/// An article and what is expected of it; what is not named is not looked at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    title: String,
    body: String,
    publisher_country: Option<Country>,
    language: Option<String>,
    /// Code of the first topic; empty where none is to be named.
    first: Option<String>,
    /// Code of a concept of the second level.
    narrower: Option<String>,
    about: Option<BTreeSet<String>>,
    #[serde(default)]
    not_about: BTreeSet<String>,
    /// Every country, in whatever role.
    named: Option<BTreeSet<String>>,
    blocs: Option<BTreeSet<String>>,
}

/// A case that fails: its name, and what is wrong.
pub(crate) type Failed = (String, Vec<String>);

/// How many cases there are, and those that fail.
pub(crate) fn measure(knowledge: &Knowledge) -> Result<(usize, Vec<Failed>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("quality/cases/articles.jsonl");
    let cases: Vec<Case> = data::rows(&path)?;
    let mut failed = Vec::new();
    let all = cases.len();
    for case in cases {
        let wrong = run(knowledge, &case)?;
        if !wrong.is_empty() {
            failed.push((case.name, wrong));
        }
    }
    Ok((all, failed))
}

fn run(knowledge: &Knowledge, case: &Case) -> Result<Vec<String>> {
    let raw = RawArticle {
        title: Some(case.title.clone()),
        body: Some(case.body.clone()),
        publisher_country: case.publisher_country,
        ..RawArticle::default()
    };
    let found = enrich(knowledge, &raw, 0)?;
    let mut wrong = Vec::new();
    let mut differs = |what: &str, wanted: String, got: String| {
        if wanted != got {
            wrong.push(format!("{what}: expected {wanted}, found {got}"));
        }
    };
    let list = |set: &BTreeSet<String>| format!("{set:?}");
    if let Some(language) = &case.language {
        differs("language", language.clone(), found.article.language.code.clone());
    }
    if let Some(first) = &case.first {
        differs(
            "first topic",
            first.clone(),
            found.topics.first().map(|t| t.code.clone()).unwrap_or_default(),
        );
    }
    if let Some(narrower) = &case.narrower {
        let named = found.topics.iter().flat_map(|t| &t.narrower).any(|c| c.code == *narrower);
        differs("narrower", narrower.clone(), if named { narrower.clone() } else { String::new() });
    }
    let with = |role: Option<Role>| -> BTreeSet<String> {
        let has = |r: &&siaga_schemas::Region| role.is_none_or(|role| r.roles.contains(&role));
        found.regions.iter().filter(has).map(|r| r.country.to_string()).collect()
    };
    if let Some(about) = &case.about {
        differs("about", list(about), list(&with(Some(Role::About))));
    }
    let spurious: BTreeSet<String> = with(Some(Role::About)).intersection(&case.not_about).cloned().collect();
    differs("wrongly about", list(&BTreeSet::new()), list(&spurious));
    if let Some(named) = &case.named {
        differs("named", list(named), list(&with(None)));
    }
    if let Some(blocs) = &case.blocs {
        differs("blocs", list(blocs), list(&found.blocs.iter().map(|b| b.code.clone()).collect()));
    }
    Ok(wrong)
}
