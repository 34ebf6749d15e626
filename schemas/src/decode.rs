//! From the bytes of a record to a message, or to the reason why not and the field that is to blame.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use crate::Quote;

/// Longest reason kept from a parser, in characters: it may quote the record.
const LONGEST_REASON: usize = 160;

/// Why the bytes of a record are not the message they should be. Each is final: the same bytes never decode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// There are no bytes, or only blanks.
    #[error("record is empty")]
    Empty,
    /// The bytes are not UTF-8.
    #[error("record is not UTF-8 from byte {valid_up_to} on")]
    NotUtf8 {
        /// Bytes before the first one that is wrong.
        valid_up_to: usize,
    },
    /// The text is not JSON.
    #[error("record is not JSON: {reason} at line {line} column {column}")]
    NotJson {
        /// What the parser met.
        reason: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// Objects or arrays are nested deeper than the parser follows.
    #[error("record is nested deeper than 127 levels at line {line} column {column}")]
    TooDeep {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A field is missing or holds what it must not.
    #[error("field `{path}`: {reason}")]
    WrongField {
        /// Path of the field from the root, as in `events[0].date.start`; `.` is the record itself.
        path: String,
        /// What is wrong.
        reason: String,
    },
}

impl DecodeError {
    /// A name for dead letters and counters that stays the same: one of five.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotUtf8 { .. } => "not_utf8",
            Self::NotJson { .. } => "not_json",
            Self::TooDeep { .. } => "too_deep",
            Self::WrongField { .. } => "wrong_field",
        }
    }

    /// The offending field; none where the record as a whole cannot be read.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::WrongField { path, .. } => Some(path),
            _ => None,
        }
    }
}

/// Reads one JSON value from all of `bytes`.
///
/// A good record costs one pass of `serde_json`; only a bad one is read again to find the field.
///
/// # Errors
/// Where the bytes are not UTF-8, not JSON, or not a `T`.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(bytes).map_err(|error| explain::<T>(bytes, &error))
}

/// Finds the reason and the field for which `bytes` are not a `T`.
pub(crate) fn explain<T: DeserializeOwned>(bytes: &[u8], error: &serde_json::Error) -> DecodeError {
    if let Err(error) = std::str::from_utf8(bytes) {
        return DecodeError::NotUtf8 { valid_up_to: error.valid_up_to() };
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return DecodeError::Empty;
    }
    let (line, column) = (error.line(), error.column());
    let reason = reason_of(error);
    if reason.starts_with("recursion limit exceeded") {
        return DecodeError::TooDeep { line, column };
    }
    match error.classify() {
        Category::Data => {
            locate::<T>(bytes).unwrap_or_else(|| DecodeError::WrongField { path: ".".to_owned(), reason })
        }
        Category::Syntax | Category::Eof | Category::Io => DecodeError::NotJson { reason, line, column },
    }
}

/// The field for which well-formed `bytes` are not a `T`; none where they are one.
pub(crate) fn locate<T: DeserializeOwned>(bytes: &[u8]) -> Option<DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let error = serde_path_to_error::deserialize::<_, T>(&mut deserializer).err()?;
    let (path, reason) = match error_in_quote(bytes, error.path()) {
        Some(inner) => (joined(error.path(), &inner.path().to_string()), reason_of(inner.inner())),
        None => (error.path().to_string(), reason_of(error.inner())),
    };
    let path = match missing_field(&reason) {
        Some(field) if path == "." => field.to_owned(),
        Some(field) => format!("{path}.{field}"),
        None => path,
    };
    Some(DecodeError::WrongField { path, reason })
}

/// Words and span stand beside the other fields of what they quote; serde reads them from a buffer that has no path.
fn error_in_quote(bytes: &[u8], path: &Path) -> Option<serde_path_to_error::Error<serde_json::Error>> {
    let record: Value = serde_json::from_slice(bytes).ok()?;
    let object = path.iter().try_fold(&record, |value, segment| match segment {
        Segment::Map { key } => value.get(key),
        Segment::Seq { index } => value.get(index),
        Segment::Enum { .. } | Segment::Unknown => None,
    })?;
    let is_quote = object.get("text").is_some() && object.get("span").is_some();
    if is_quote { serde_path_to_error::deserialize::<_, Quote>(object).err() } else { None }
}

fn joined(parent: &Path, child: &str) -> String {
    match parent.iter().next() {
        Some(_) if child == "." => parent.to_string(),
        Some(_) => format!("{parent}.{child}"),
        None => child.to_owned(),
    }
}

/// The parser speaks of the object that lacks a field; the field itself says more.
fn missing_field(reason: &str) -> Option<&str> {
    reason.strip_prefix("missing field `")?.strip_suffix('`')
}

fn reason_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    match reason.char_indices().nth(LONGEST_REASON) {
        Some((end, _)) => format!("{}...", &reason[..end]),
        None => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClassifiedArticle, RawArticle, SecurityEvent};

    fn error<T: DeserializeOwned>(bytes: &[u8]) -> DecodeError {
        decode::<T>(bytes).err().unwrap()
    }

    #[test]
    fn names_the_field_that_holds_what_it_must_not() {
        let found = error::<RawArticle>(br#"{"body": "words", "published_at": "soon"}"#);
        assert_eq!(found.path(), Some("published_at"));
        assert_eq!(found.to_string(), "field `published_at`: not an RFC 3339 date and time: `soon`");
        let found =
            error::<ClassifiedArticle>(br#"{"article": {"language": {"code": "id", "confidence": "x"}}}"#);
        assert_eq!(found.path(), Some("article.language.confidence"));
    }

    #[test]
    fn names_the_field_that_is_missing() {
        let found = error::<ClassifiedArticle>(br#"{"article": {"language": {"code": "id"}}}"#);
        assert_eq!(found.path(), Some("article.language.confidence"));
        assert_eq!(error::<SecurityEvent>(b"{}").path(), Some("id"));
    }

    #[test]
    fn names_the_field_of_a_quote_that_stands_beside_other_fields() {
        let party = |span: &str| {
            format!(
                r#"{{"country": "KP", "group": null, "text": "Korut", "span": {{"field": "body", {span}}}}}"#
            )
        };
        let actors = |span: &str| error::<Actors>(format!("{{\"actors\": [{}]}}", party(span)).as_bytes());
        assert_eq!(actors(r#""start": "x", "end": 5"#).path(), Some("actors[0].span.start"));
        assert_eq!(actors(r#""start": 3"#).path(), Some("actors[0].span.end"));
    }

    #[derive(Debug, serde::Deserialize)]
    struct Actors {
        #[serde(rename = "actors")]
        _actors: Vec<crate::Party>,
    }

    #[test]
    fn names_the_record_where_it_is_no_object() {
        for text in ["null", "3", "\"words\"", "[]"] {
            assert_eq!(error::<RawArticle>(text.as_bytes()).path(), Some("."), "{text}");
        }
    }

    #[test]
    fn tells_apart_what_is_no_json() {
        assert_eq!(error::<RawArticle>(b""), DecodeError::Empty);
        assert_eq!(error::<RawArticle>(b" \n"), DecodeError::Empty);
        assert_eq!(
            error::<RawArticle>(b"{\"body\": \"\xe2\x82\"}"),
            DecodeError::NotUtf8 { valid_up_to: 10 }
        );
        assert_eq!(error::<RawArticle>(b"{\"body\": \"a").code(), "not_json");
        assert_eq!(error::<RawArticle>(b"{\"body\": \"a\"} {}").code(), "not_json");
        let deep = format!("{{\"body\": \"a\", \"x\": {}{}}}", "[".repeat(4000), "]".repeat(4000));
        assert_eq!(error::<RawArticle>(deep.as_bytes()).code(), "too_deep");
    }

    #[test]
    fn a_reason_quotes_little_of_the_record() {
        let long = format!("{{\"withdrawn\": \"{}\"}}", "é".repeat(5000));
        let DecodeError::WrongField { path, reason } = error::<RawArticle>(long.as_bytes()) else {
            panic!("the field is known");
        };
        assert_eq!(path, "withdrawn");
        assert!(reason.chars().count() < 200, "{reason}");
    }
}
