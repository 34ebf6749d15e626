//! What incidents have in common, how the flow is, who asks.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use super::Console;
use super::access::Caller;
use super::answer::{self, Problem, ask, tagged};
use super::incidents::{Asked, filter};
use crate::model::feature;

/// Incidents of one GeoJSON answer where none is asked for, and at most.
const USUAL: usize = 1000;
const MOST: usize = 10_000;

pub(super) async fn stats(
    State(console): State<Console>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, Problem> {
    let (_, filter) = filter(asked)?;
    answer::json(&headers, &ask(&console, move |model| model.coverage(&filter)).await?)
}

pub(super) async fn geojson(
    State(console): State<Console>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, Problem> {
    let (query, filter) = filter(asked)?;
    let limit = query.limit.unwrap_or(USUAL).clamp(1, MOST);
    let summaries = ask(&console, move |model| model.summaries(&filter, limit)).await?;
    let features: Vec<_> = summaries.iter().map(feature).collect();
    let collection = json!({"type": "FeatureCollection", "features": features});
    let bytes = serde_json::to_vec(&collection).map_err(|_| Problem::Failed)?;
    Ok(tagged(&headers, bytes, "application/geo+json"))
}

pub(super) async fn flow(State(console): State<Console>, headers: HeaderMap) -> Result<Response, Problem> {
    answer::json(&headers, &ask(&console, |model| model.flow()).await?)
}

pub(super) async fn session(
    headers: HeaderMap,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    answer::json(&headers, &caller)
}
