//! `POST /api/v1/control`: an operator's decision becomes a record of `control`.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::Extension;
use axum::extract::{Json, State, rejection::JsonRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_schemas::{Action, Control, Message, Moment};
use xxhash_rust::xxh3::xxh3_64;

use super::Console;
use super::access::{Caller, Role};
use super::answer::Problem;

/// Longest note, in characters.
const LONGEST_NOTE: usize = 2000;

/// What an operator decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ControlRequest {
    /// What.
    #[serde(flatten)]
    pub action: Action,
    /// Why; of a note, its words.
    #[serde(default)]
    pub note: Option<String>,
    /// Takes the same decision back.
    #[serde(default)]
    pub undone: bool,
}

pub(super) async fn decide(
    State(console): State<Console>,
    Extension(caller): Extension<Caller>,
    body: Result<Json<ControlRequest>, JsonRejection>,
) -> Result<Response, Problem> {
    let by = caller.name.filter(|_| caller.role == Role::Operator).ok_or(Problem::Forbidden)?;
    let invalid = |field: &str, reason: String| Problem::Invalid { field: field.to_owned(), reason };
    let Json(request) = body.map_err(|error| invalid("body", error.body_text()))?;
    if request.note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(invalid("note", format!("longer than {LONGEST_NOTE} characters")));
    }
    let control = record(request, by, now());
    control.check().map_err(|error| invalid(error.path().unwrap_or("body"), error.to_string()))?;
    for id in subjects(&control.action) {
        if console.inner.model.incident(id).is_none() {
            return Err(Problem::Unknown("incident"));
        }
    }
    match console.inner.decisions.publish(&control).await {
        Ok(()) => Ok((StatusCode::ACCEPTED, Json(control)).into_response()),
        Err(reason) => Err(Problem::Unpublished(reason)),
    }
}

/// The record. The same decision has the same id, so that taking it back replaces it.
fn record(request: ControlRequest, by: String, at: Moment) -> Control {
    let ControlRequest { action, note, undone } = request;
    let hash = |texts: &[String]| {
        let mut texts = texts.to_vec();
        texts.sort();
        format!("{:016x}", xxh3_64(texts.join("\n").as_bytes()))
    };
    let id = match &action {
        Action::Acknowledge { incident_id } => format!("acknowledge:{incident_id}"),
        Action::Mute { incident_id: Some(incident_id), policy: None, .. } => format!("mute:{incident_id}"),
        Action::Mute { incident_id, policy, .. } => {
            format!(
                "mute-policy:{}:{}",
                policy.as_deref().unwrap_or(""),
                incident_id.as_deref().unwrap_or("")
            )
        }
        Action::Merge { incident_id, with } => format!("merge:{incident_id}:{}", hash(with)),
        Action::Split { incident_id, events } => format!("split:{incident_id}:{}", hash(events)),
        Action::Note { incident_id } => {
            format!("note:{incident_id}:{}", hash(&[by.clone(), note.clone().unwrap_or_default()]))
        }
    };
    Control { id, by, at, undone, note, action }
}

fn subjects(action: &Action) -> Vec<&str> {
    match action {
        Action::Acknowledge { incident_id }
        | Action::Split { incident_id, .. }
        | Action::Note { incident_id } => vec![incident_id],
        Action::Mute { incident_id, .. } => incident_id.iter().map(String::as_str).collect(),
        Action::Merge { incident_id, with } => {
            std::iter::once(incident_id).chain(with).map(String::as_str).collect()
        }
    }
}

/// The wall clock: when somebody decided is a fact of this record, and all that follows reads it there.
fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
