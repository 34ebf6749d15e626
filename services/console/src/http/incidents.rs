//! Incidents: lists, one, its articles.

use std::sync::Arc;

use axum::extract::{Path, Query as Parameters, State, rejection::QueryRejection};
use axum::http::HeaderMap;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;
use siaga_schemas::{Alert, Article, Control, Incident, Message, Topic};

use super::Console;
use super::answer::{Problem, ask, json, tagged};
use crate::model::{Cursor, Filter, Query, Summary};

/// Incidents of a page where none is asked for, and at most.
const USUAL: usize = 100;
const MOST: usize = 2000;

/// A page of incidents.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ListBody {
    /// The incident with the latest report first.
    #[schemars(with = "Vec<Summary>")]
    items: Vec<Arc<RawValue>>,
    /// Where the next page begins; null at the end.
    next: Option<String>,
    /// All that the filter lets through.
    matched: usize,
    /// `Last-Event-ID` with which a stream goes on from here.
    position: String,
}

/// An incident with what was told and decided.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct IncidentBody {
    /// The record of `incidents`, as it is.
    #[schemars(with = "Incident")]
    incident: Box<RawValue>,
    /// Where it stands in lists.
    summary: Summary,
    /// What was told of it.
    alerts: Vec<Alert>,
    /// What was decided on it, the oldest first.
    decisions: Vec<Control>,
}

/// The articles of an incident.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ArticlesBody {
    /// In order of the reports, each article once.
    items: Vec<ReportedArticle>,
}

/// An article of an incident.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportedArticle {
    /// Its id.
    pub article_id: String,
    /// Its text; null where it is no longer kept, and the excerpts of the report must do.
    pub article: Option<Article>,
    /// Its topics.
    pub topics: Vec<Topic>,
    /// Whether the report was made of another version of the text: its quotes may stand elsewhere.
    pub changed: bool,
}

pub(super) type Asked = Result<Parameters<Query>, QueryRejection>;

/// The query, and the filter in it.
pub(super) fn filter(asked: Asked) -> Result<(Query, Filter), Problem> {
    let Parameters(query) =
        asked.map_err(|error| Problem::Invalid { field: "query".to_owned(), reason: error.body_text() })?;
    let filter = Filter::try_from(&query)?;
    Ok((query, filter))
}

pub(super) async fn list(
    State(console): State<Console>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, Problem> {
    let (query, filter) = filter(asked)?;
    let after: Option<Cursor> = match query.cursor.as_str() {
        "" => None,
        text => Some(text.parse()?),
    };
    let limit = query.limit.unwrap_or(USUAL).clamp(1, MOST);
    let page = ask(&console, move |model| model.page(&filter, after.as_ref(), limit)).await?;
    let body = ListBody {
        items: page.items,
        next: page.next.map(|cursor| cursor.to_string()),
        matched: page.matched,
        position: page.position.to_string(),
    };
    json(&headers, &body)
}

pub(super) async fn one(
    State(console): State<Console>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let details = console.inner.model.incident(&id).ok_or(Problem::Unknown("incident"))?;
    let incident = serde_json::from_slice(&details.record()).map_err(|_| Problem::Failed)?;
    let (summary, alerts, decisions) = (details.summary, details.alerts, details.decisions);
    json(&headers, &IncidentBody { incident, summary, alerts, decisions })
}

pub(super) async fn articles(
    State(console): State<Console>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let body = ask(&console, move |model| {
        let record = model.incident(&id)?.record();
        let incident = Incident::decode(&record).ok()?;
        let mut items: Vec<ReportedArticle> = Vec::new();
        for report in &incident.reports {
            let article_id = &report.article.id;
            if items.iter().any(|item| item.article_id == *article_id) {
                continue;
            }
            let held = model.article(article_id).and_then(|held| held.decode());
            let changed = held.as_ref().is_some_and(|held| held.article.version != report.article.version);
            let (article, topics) = held.map(|held| (held.article, held.topics)).unzip();
            let topics = topics.unwrap_or_default();
            items.push(ReportedArticle { article_id: article_id.clone(), article, topics, changed });
        }
        Some(ArticlesBody { items })
    });
    json(&headers, &body.await?.ok_or(Problem::Unknown("incident"))?)
}

pub(super) async fn geojson(
    State(console): State<Console>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let details = console.inner.model.incident(&id).ok_or(Problem::Unknown("incident"))?;
    let incident = Incident::decode(&details.record()).map_err(|_| Problem::Failed)?;
    let feature = crate::model::detailed_feature(&details.summary, &incident.location);
    let bytes = serde_json::to_vec(&feature).map_err(|_| Problem::Failed)?;
    Ok(tagged(&headers, bytes, "application/geo+json"))
}
