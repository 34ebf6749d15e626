//! From a request's body to its articles.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};

use super::answer::Problem;
use crate::input::{Entry, Form as EntryForm};

/// How articles stand in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The body is one.
    One,
    /// One a line.
    Lines,
}

/// Tells the form by the content type.
pub(super) fn form(headers: &HeaderMap) -> Result<Form, Problem> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if let Some(encoding) = text(header::CONTENT_ENCODING).filter(|e| !e.eq_ignore_ascii_case("identity")) {
        return Err(Problem::Unsupported(format!("content encoding `{encoding}` is not taken")));
    }
    let given = text(header::CONTENT_TYPE).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => Ok(Form::One),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines" => {
            Ok(Form::Lines)
        }
        _ => Err(Problem::Unsupported(format!(
            "content type `{essence}` is not taken; send `application/json` or `application/x-ndjson`"
        ))),
    }
}

/// Bytes that a body may take; all that are allowed where it does not say.
pub(super) fn expected_size(headers: &HeaderMap, largest: usize) -> Result<usize, Problem> {
    let stated = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    match stated {
        Some(size) if size > largest => Err(Problem::BodyTooLarge),
        Some(size) => Ok(size),
        None => Ok(largest),
    }
}

/// Reads the body, up to the limit that the router has set.
pub(super) async fn read(request: Request, timeout: Duration) -> Result<Bytes, Problem> {
    match tokio::time::timeout(timeout, Bytes::from_request(request, &())).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(Problem::BodyTooLarge)
        }
        Ok(Err(_)) => Err(Problem::Broken),
        Err(_) => Err(Problem::TooSlow),
    }
}

/// The articles of a body, with their lines.
pub(super) fn entries(bytes: &[u8], form: Form) -> impl Iterator<Item = Entry> + '_ {
    let whole = (form == Form::One).then_some(bytes);
    let lines = bytes.split(move |b| form == Form::Lines && *b == b'\n').filter(move |_| whole.is_none());
    (1..).zip(whole.into_iter().chain(lines)).filter_map(|(line, text)| {
        let bytes = text.trim_ascii();
        let size = text.len() as u64;
        let entry =
            || Entry { file: "body".into(), line, form: EntryForm::JsonLines, bytes: bytes.to_vec(), size };
        (!bytes.is_empty()).then(entry)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_over_blank_ones() {
        let found: Vec<(usize, Vec<u8>)> =
            entries(b"{}\r\n\n {\"a\":1}", Form::Lines).map(|e| (e.line, e.bytes)).collect();
        assert_eq!(found, [(1, b"{}".to_vec()), (3, b"{\"a\":1}".to_vec())]);
        let found: Vec<(usize, Vec<u8>)> =
            entries(b"{\n\"a\":1}\n", Form::One).map(|e| (e.line, e.bytes)).collect();
        assert_eq!(found, [(1, b"{\n\"a\":1}".to_vec())]);
    }
}
