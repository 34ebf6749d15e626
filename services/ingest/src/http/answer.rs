//! Answers: status, headers and JSON.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::article::Refusal;

/// Refusals that one answer lists; all are counted.
const LISTED: usize = 100;

/// An article that Kafka has acknowledged.
#[derive(Debug, Serialize)]
pub(super) struct Written {
    pub line: usize,
    pub id: String,
    pub partition: i32,
    pub offset: i64,
}

/// Why a request is not done.
#[derive(Debug)]
pub(super) enum Problem {
    Unauthorized,
    Unsupported(String),
    BodyTooLarge,
    Broken,
    TooSlow,
    Empty,
    Refused(Vec<Refusal>),
    TooLarge(Vec<Refusal>),
    Busy,
    Unacknowledged { reason: String, written: Vec<Written> },
}

#[derive(Debug)]
pub(super) enum Answer {
    Accepted(Vec<Written>),
    Problem(Problem),
}

impl Answer {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Accepted(_) => StatusCode::ACCEPTED,
            Self::Problem(problem) => problem.status(),
        }
    }

    pub(super) fn into_response(self) -> Response {
        let status = self.status();
        let headers = match &self {
            Self::Problem(Problem::Unauthorized) => Some((header::WWW_AUTHENTICATE, "Bearer")),
            Self::Problem(Problem::Busy) => Some((header::RETRY_AFTER, "1")),
            Self::Problem(Problem::Unacknowledged { .. }) => Some((header::RETRY_AFTER, "5")),
            _ => None,
        };
        let body = match self {
            Self::Accepted(written) => json!({"accepted": written.len(), "results": written}),
            Self::Problem(problem) => problem.body(),
        };
        let mut response = (status, Json(body)).into_response();
        if let Some((name, value)) = headers {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Unsupported(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge | Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken | Self::Empty | Self::Refused(_) => StatusCode::BAD_REQUEST,
            Self::Busy => StatusCode::TOO_MANY_REQUESTS,
            Self::Unacknowledged { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn body(self) -> Value {
        let problem = |code: &str, reason: &str| json!({"code": code, "reason": reason});
        match self {
            Self::Unauthorized => problem("unauthorized", "a bearer token is needed"),
            Self::Unsupported(reason) => problem("unsupported", &reason),
            Self::BodyTooLarge => problem("too_large", "the body is larger than is taken"),
            Self::Broken => problem("broken", "the body ended early"),
            Self::TooSlow => problem("too_slow", "the body did not come in time"),
            Self::Empty => problem("empty", "the body holds no article"),
            Self::Refused(refusals) | Self::TooLarge(refusals) => {
                let count = refusals.len();
                let listed: Vec<Refusal> = refusals.into_iter().take(LISTED).collect();
                let reason = format!("{count} articles are refused; none of the request is taken");
                json!({"code": "refused", "reason": reason, "refused": listed})
            }
            Self::Busy => problem("busy", "too many articles wait for kafka"),
            Self::Unacknowledged { reason, written } => {
                json!({"code": "unacknowledged", "reason": reason, "results": written})
            }
        }
    }
}
