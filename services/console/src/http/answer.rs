//! Answers: JSON with an ETag, and problems.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use schemars::JsonSchema;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_128;

use crate::model::InvalidFilter;

/// Why a request is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Unauthorized,
    Forbidden,
    Unknown(&'static str),
    Invalid { field: String, reason: String },
    TooMany,
    Unpublished(String),
    Misdirected,
    Incomplete,
    Failed,
}

/// The body of a problem.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ProblemBody {
    /// What is wrong, as a code that stays the same.
    pub(crate) code: String,
    /// What is wrong, in words.
    pub(crate) reason: String,
    /// The field that is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<String>,
}

impl From<InvalidFilter> for Problem {
    fn from(invalid: InvalidFilter) -> Self {
        Self::Invalid { field: invalid.field.to_owned(), reason: invalid.to_string() }
    }
}

impl Problem {
    fn parts(self) -> (StatusCode, &'static str, String, Option<String>) {
        let text = str::to_owned;
        match self {
            Self::Unauthorized => {
                (StatusCode::UNAUTHORIZED, "unauthorized", text("a bearer token is needed"), None)
            }
            Self::Forbidden => {
                (StatusCode::FORBIDDEN, "forbidden", text("this takes the role operator"), None)
            }
            Self::Unknown(what) => (StatusCode::NOT_FOUND, "unknown", format!("no such {what}"), None),
            Self::Invalid { field, reason } => (StatusCode::BAD_REQUEST, "invalid", reason, Some(field)),
            Self::TooMany => {
                (StatusCode::TOO_MANY_REQUESTS, "too_many", text("too many requests; come again later"), None)
            }
            Self::Unpublished(reason) => (StatusCode::SERVICE_UNAVAILABLE, "unpublished", reason, None),
            Self::Misdirected => {
                let reason = "without a token, this name of the console must stand in `access.hosts`";
                (StatusCode::MISDIRECTED_REQUEST, "misdirected", text(reason), None)
            }
            Self::Incomplete => {
                let reason = "the topics are still being read; an answer would leave incidents out";
                (StatusCode::SERVICE_UNAVAILABLE, "incomplete", text(reason), None)
            }
            Self::Failed => {
                (StatusCode::INTERNAL_SERVER_ERROR, "failed", text("the answer could not be made"), None)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let header = match &self {
            Self::Unauthorized => Some((header::WWW_AUTHENTICATE, "Bearer")),
            Self::TooMany | Self::Incomplete => Some((header::RETRY_AFTER, "1")),
            Self::Unpublished(_) => Some((header::RETRY_AFTER, "5")),
            _ => None,
        };
        let (status, code, reason, field) = self.parts();
        let mut response =
            (status, Json(ProblemBody { code: code.to_owned(), reason, field })).into_response();
        if let Some((name, value)) = header {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// JSON with an ETag; 304 without a body where the asker has it already.
pub(super) fn json(asked: &HeaderMap, value: &impl Serialize) -> Result<Response, Problem> {
    let bytes = serde_json::to_vec(value).map_err(|_| Problem::Failed)?;
    Ok(tagged(asked, bytes, "application/json"))
}

/// Bytes with an ETag.
pub(super) fn tagged(asked: &HeaderMap, bytes: impl Into<axum::body::Bytes>, kind: &'static str) -> Response {
    let bytes = bytes.into();
    // Weak, because the same answer may go out compressed and not.
    let tag = format!("W/\"{:032x}\"", xxh3_128(&bytes));
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|known| known.trim() == tag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, kind)], bytes).into_response()
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    // Whoever may see this is decided by the token.
    response.headers_mut().append(header::VARY, HeaderValue::from_static("authorization"));
    response
}

pub(super) async fn unknown() -> Problem {
    Problem::Unknown("path")
}

/// Asks the model, away from the threads that serve connections: a scan of 50,000 incidents takes milliseconds.
pub(super) async fn ask<R: Send + 'static>(
    console: &super::Console,
    question: impl FnOnce(&crate::Model) -> R + Send + 'static,
) -> Result<R, Problem> {
    let model = std::sync::Arc::clone(&console.inner.model);
    tokio::task::spawn_blocking(move || question(&model)).await.map_err(|_| Problem::Failed)
}
