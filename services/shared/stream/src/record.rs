//! A record as a processor sees it.

use rdkafka::Message;
use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Headers};

/// A record of an input topic; nothing of it is copied.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    message: &'a BorrowedMessage<'a>,
}

impl std::fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} [{}] @{}", self.topic(), self.partition(), self.offset())
    }
}

impl<'a> Record<'a> {
    pub(crate) fn new(message: &'a BorrowedMessage<'a>) -> Self {
        Self { message }
    }

    /// Topic.
    pub fn topic(&self) -> &'a str {
        self.message.topic()
    }

    /// Partition.
    pub fn partition(&self) -> i32 {
        self.message.partition()
    }

    /// Offset.
    pub fn offset(&self) -> i64 {
        self.message.offset()
    }

    /// Milliseconds since 1970-01-01T00:00:00Z; 0 where the record has no timestamp.
    pub fn timestamp(&self) -> i64 {
        self.message.timestamp().to_millis().unwrap_or(0)
    }

    /// Key.
    pub fn key(&self) -> Option<&'a [u8]> {
        self.message.key()
    }

    /// Value; none for a tombstone.
    pub fn payload(&self) -> Option<&'a [u8]> {
        self.message.payload()
    }

    /// The last header of a name.
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        let headers = self.raw_headers()?;
        (0..headers.count()).rev().map(|i| headers.get(i)).find(|h| h.key == name).and_then(|h| h.value)
    }

    /// All headers, in order.
    pub fn headers(&self) -> impl Iterator<Item = (&'a str, Option<&'a [u8]>)> + use<'a> {
        let headers = self.raw_headers();
        (0..headers.map_or(0, Headers::count))
            .filter_map(move |i| headers.map(|h| h.get(i)))
            .map(|h| (h.key, h.value))
    }

    /// Bytes of key and value.
    pub fn size(&self) -> usize {
        self.key().map_or(0, <[u8]>::len) + self.payload().map_or(0, <[u8]>::len)
    }

    pub(crate) fn raw_headers(&self) -> Option<&'a BorrowedHeaders> {
        self.message.headers()
    }
}

/// The offset of the record that is to be read next: made of a record that is done, so never one too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NextOffset(i64);

impl NextOffset {
    /// The one behind the offset of a record that is done.
    pub(crate) fn after(done: i64) -> Self {
        Self(done + 1)
    }

    pub(crate) fn get(self) -> i64 {
        self.0
    }
}
