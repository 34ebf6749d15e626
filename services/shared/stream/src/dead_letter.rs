//! Dead letters: the record as it was, and why it is here.
//!
//! Key, value, headers and timestamp stay as they were; the headers of KIP-1034 are added, ours in the place of a
//! Java exception: a code that stays the same and the reason in words. There is no stack trace.

use rdkafka::message::{BorrowedHeaders, Header, OwnedHeaders};

use crate::{Record, Rejection};

/// Longest reason in a header, in bytes.
const LONGEST_MESSAGE: usize = 1024;

/// Name of a topic's dead-letter topic.
pub fn topic_of(topic: &str) -> String {
    format!("{topic}.dlq")
}

/// The headers of a dead letter.
pub(crate) fn headers(record: &Record<'_>, rejection: &Rejection) -> OwnedHeaders {
    let original = record.raw_headers();
    let mut headers = original.map_or_else(|| OwnedHeaders::new_with_capacity(5), BorrowedHeaders::detach);
    let message = &rejection.message[..rejection.message.floor_char_boundary(LONGEST_MESSAGE)];
    let (partition, offset) = (record.partition().to_string(), record.offset().to_string());
    for (key, value) in [
        ("__streams.errors.exception", rejection.code),
        ("__streams.errors.message", message),
        ("__streams.errors.topic", record.topic()),
        ("__streams.errors.partition", &partition),
        ("__streams.errors.offset", &offset),
    ] {
        headers = headers.insert(Header { key, value: Some(value) });
    }
    headers
}
