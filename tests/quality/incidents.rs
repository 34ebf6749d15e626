//! Are reports of one happening joined, and others kept apart?

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;
use siaga_analysis::{Knowledge, classify, detect};
use siaga_schemas::{EnrichedArticle, RawArticle};
use siaga_track::{Arrival, Tracker, Tracking};

use crate::floors::Figure;
use crate::{data, launches};

/// The articles, with the incident of each event as it is in the end. The time of publication stands for that of the
/// record.
pub(crate) fn joined(knowledge: &Knowledge, articles: &[RawArticle]) -> Result<Vec<EnrichedArticle>> {
    let mut tracker = Tracker::new(Tracking::of_all_times(), "quality");
    let mut found = Vec::with_capacity(articles.len());
    for raw in articles {
        let detected = detect(knowledge, classify(knowledge, raw, 0)?);
        for mention in detected.mentions {
            let timestamp = mention.article.published_at.timestamp().as_millisecond();
            // What changes nothing, a plan for example, is of no incident.
            drop(tracker.mention(mention, Arrival { timestamp, lane: "live" }));
        }
        found.push(detected.enriched);
    }
    for event in found.iter_mut().flat_map(|article| &mut article.events) {
        event.incident_id = tracker.incident_of(&event.id).map(str::to_owned);
    }
    Ok(found)
}

/// Figures on the list of launches, where a day is one incident in both languages, and on news in groups of one event.
pub(crate) fn figures(knowledge: &Knowledge, shared: &Path) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let told = launches::articles(shared)?;
    let (days, articles): (Vec<String>, Vec<RawArticle>) = told.into_iter().unzip();
    score(&mut figures, "launches told in two languages", &days, &joined(knowledge, &articles)?);
    let path = shared.join("data/dev/clusters-giveme5w1h.jsonl");
    if path.exists() {
        let rows: Vec<Story> = data::rows(&path)?;
        let events: Vec<String> = rows.iter().map(|row| row.event_id.to_string()).collect();
        let articles: Vec<RawArticle> = rows.into_iter().map(Story::into).collect();
        score(&mut figures, "news in groups", &events, &joined(knowledge, &articles)?);
    }
    Ok(figures)
}

/// An article of a group.
#[derive(Debug, Deserialize)]
struct Story {
    event_id: u64,
    title: String,
    text: String,
    date: String,
    publisher: Option<String>,
}

impl From<Story> for RawArticle {
    fn from(story: Story) -> Self {
        Self {
            title: Some(story.title),
            body: Some(story.text),
            published_at: story.date.parse().ok(),
            publisher: story.publisher,
            ..Self::default()
        }
    }
}

/// B-cubed (Bagga and Baldwin 1998) and pairs over the first flagged event of each article that has one.
fn score(figures: &mut Vec<Figure>, name: &str, labels: &[String], found: &[EnrichedArticle]) {
    let flagged = labels.iter().zip(found).filter_map(|(label, article)| {
        let event = article.events.iter().find(|event| event.flagged)?;
        Some((label.as_str(), event.incident_id.clone()?))
    });
    let items: Vec<(&str, String)> = flagged.collect();
    let (mut by_label, mut by_incident, mut by_both) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (label, incident) in &items {
        *by_label.entry(*label).or_insert(0_usize) += 1;
        *by_incident.entry(incident.as_str()).or_insert(0_usize) += 1;
        *by_both.entry((*label, incident.as_str())).or_insert(0_usize) += 1;
    }
    let over = items.len();
    let share = |of: &dyn Fn(&str, &str) -> usize| {
        let each = items.iter().map(|(label, incident)| {
            by_both[&(*label, incident.as_str())] as f64 / of(label, incident) as f64
        });
        each.sum::<f64>() / over.max(1) as f64
    };
    let precision = share(&|_, incident| by_incident[incident]);
    let recall = share(&|label, _| by_label[label]);
    let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    let pairs = |sizes: &mut dyn Iterator<Item = usize>| sizes.map(|n| n * (n - 1) / 2).sum::<usize>();
    let (joined, right) = (pairs(&mut by_incident.values().copied()), pairs(&mut by_both.values().copied()));
    let mut add = |what: &str, value: f64, over: usize| {
        figures.push(Figure { name: format!("{name}: {what}"), value, over });
    };
    add("incidents, B-cubed F1", f1, over);
    add("incidents, pairs that are right", right as f64 / joined.max(1) as f64, joined);
}
