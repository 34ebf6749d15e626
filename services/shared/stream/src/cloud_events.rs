//! CloudEvents 1.0, Kafka protocol binding, binary mode: the attributes are headers, the data is the value.

use crate::processor::OwnedOutputHeaders;

/// The attributes of an event.
#[derive(Clone, Copy, Debug)]
pub struct Attributes<'a> {
    /// Unique among the events of the source.
    pub id: &'a str,
    /// Where it comes from: the service.
    pub source: &'a str,
    /// What it is.
    pub event_type: &'a str,
    /// RFC 3339; of the record's timestamp, never of the clock.
    pub time: &'a str,
}

impl Attributes<'_> {
    /// The headers of an event whose data is JSON.
    pub fn headers(&self) -> OwnedOutputHeaders {
        OwnedOutputHeaders::default()
            .with("ce_specversion", b"1.0")
            .with("ce_id", self.id.as_bytes())
            .with("ce_source", self.source.as_bytes())
            .with("ce_type", self.event_type.as_bytes())
            .with("ce_time", self.time.as_bytes())
            .with("content-type", b"application/json")
    }
}
