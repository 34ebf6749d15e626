//! From the bytes of one article to its record, or to the reason why not.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use siaga_schemas::{Message, Moment, RawArticle, identity};

use crate::input::{Entry, Form, Unusable};
use crate::sink::Outgoing;

/// Longest article id, in bytes: it is a key and stands in every record of the article.
const LONGEST_ID: usize = 512;

/// Why one article is refused. The same bytes are always refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Line of the request or file, from 1.
    pub line: usize,
    /// The offending field; none where it is the article as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// A name of the reason that stays the same.
    pub code: &'static str,
    /// The reason, for people.
    pub reason: String,
}

/// The code of an article that is larger than the topic takes.
pub(crate) const TOO_LARGE: &str = "too_large";

/// What is sent beside an article.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Largest record, in bytes.
    pub largest_record: usize,
    /// Text of the header `siaga-lane`.
    pub lane: String,
}

/// What a request brought for tracing; passed on byte for byte.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// W3C `traceparent`.
    pub parent: Option<String>,
    /// W3C `tracestate`.
    pub state: Option<String>,
}

impl Sender {
    /// Makes the record of an article that came at `now`, milliseconds since 1970. JSON is passed on as it came: what
    /// Siaga does not know must arrive unchanged.
    ///
    /// # Errors
    /// Where it is no article, or larger than the topic takes.
    pub fn record(&self, entry: &Entry, trace: &Trace, now: i64) -> Result<Outgoing, Refusal> {
        let refused = |field: Option<&str>, code, reason: String| Refusal {
            line: entry.line,
            field: field.map(str::to_owned),
            code,
            reason,
        };
        let too_large = |size: usize| {
            let reason = format!("article takes {size} bytes, the topic takes {}", self.largest_record);
            refused(None, TOO_LARGE, reason)
        };
        if entry.bytes.len() > self.largest_record {
            return Err(too_large(entry.bytes.len()));
        }
        let article = entry.article().map_err(|unusable| match &unusable {
            Unusable::Decode(error) => refused(error.path(), error.code(), unusable.to_string()),
            Unusable::TooLarge(_) => refused(None, TOO_LARGE, unusable.to_string()),
        })?;
        let key = identity::article_id(&article);
        if key.len() > LONGEST_ID {
            let reason = format!("field `id`: takes {} bytes, at most {LONGEST_ID} are taken", key.len());
            return Err(refused(Some("id"), "wrong_field", reason));
        }
        let value = match entry.form {
            Form::JsonLines => entry.bytes.clone(),
            Form::Page | Form::Html => {
                article.encode().map_err(|error| refused(None, "not_encodable", error.to_string()))?
            }
        };
        // A page grows by its escapes.
        if value.len() > self.largest_record {
            return Err(too_large(value.len()));
        }
        let headers = self.headers(&article, &key, trace, now);
        Ok(Outgoing { key, value, headers, timestamp: now })
    }

    fn headers(
        &self,
        article: &RawArticle,
        id: &str,
        trace: &Trace,
        now: i64,
    ) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("ce_specversion", "1.0".to_owned()),
            ("ce_id", format!("{id}-{}", identity::text_version(article))),
            ("ce_source", "/siaga/ingest".to_owned()),
            ("ce_type", RawArticle::TYPE.to_owned()),
            ("ce_time", Moment::from_millis(now).to_string()),
            ("content-type", "application/json".to_owned()),
            ("siaga-lane", self.lane.clone()),
        ];
        let traces = [("traceparent", &trace.parent), ("tracestate", &trace.state)];
        headers.extend(traces.into_iter().filter_map(|(name, text)| Some((name, text.clone()?))));
        headers
    }
}

/// Milliseconds since 1970. This is where the pipeline's time begins: a record's timestamp says when it came.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(form: Form, bytes: &[u8]) -> Result<Outgoing, Refusal> {
        let sender = Sender { largest_record: 1000, lane: "live".into() };
        let entry =
            Entry { file: "-".into(), line: 7, form, bytes: bytes.to_vec(), size: bytes.len() as u64 };
        let trace = Trace { parent: Some("00-abc-def-01".into()), state: None };
        sender.record(&entry, &trace, 1_700_000_000_123)
    }

    #[test]
    fn json_is_passed_on_byte_for_byte() {
        let bytes = br#"{ "body":"x",  "id":"a-1", "price": 1.50000000000000000000 }"#;
        let record = record(Form::JsonLines, bytes).unwrap();
        assert_eq!((record.key.as_str(), record.value.as_slice()), ("a-1", bytes.as_slice()));
        assert_eq!(record.timestamp, 1_700_000_000_123);
        let header = |name| record.headers.iter().find(|(n, _)| *n == name).map(|(_, text)| text.as_str());
        assert_eq!(header("ce_time"), Some("2023-11-14T22:13:20.123Z"));
        assert_eq!(header("ce_type"), Some("siaga.article.raw.v1"));
        assert_eq!(header("siaga-lane"), Some("live"));
        assert_eq!(header("traceparent"), Some("00-abc-def-01"));
        assert_eq!(header("tracestate"), None);
        assert!(header("ce_id").unwrap().starts_with("a-1-"));
    }

    #[test]
    fn a_page_becomes_an_article_with_an_id_from_its_text() {
        let record = record(Form::Page, "Judul\n\nIsi.".as_bytes()).unwrap();
        assert_eq!(record.value, br#"{"text":"Judul\n\nIsi."}"#);
        assert!(record.key.starts_with("text-"), "{}", record.key);
    }

    #[test]
    fn a_refusal_names_line_field_and_reason() {
        let long_id = format!(r#"{{"body":"x","id":"{}"}}"#, "i".repeat(513));
        for (bytes, field, code) in [
            (r#"{"body":"x","published_at":"soon"}"#, Some("published_at"), "wrong_field"),
            (r#"{"title":1}"#, Some("title"), "wrong_field"),
            (r#"{"url":"https://example.org/a"}"#, Some("body"), "wrong_field"),
            ("{", None, "not_json"),
            (&long_id, Some("id"), "wrong_field"),
            (&" ".repeat(1001), None, "too_large"),
        ] {
            let refusal = record(Form::JsonLines, bytes.as_bytes()).unwrap_err();
            assert_eq!((refusal.line, refusal.field.as_deref(), refusal.code), (7, field, code), "{bytes}");
        }
        // 600 line ends take two bytes each as JSON.
        let refusal = record(Form::Page, format!("a{}", "\n".repeat(600)).as_bytes()).unwrap_err();
        assert_eq!(refusal.code, "too_large");
    }
}
