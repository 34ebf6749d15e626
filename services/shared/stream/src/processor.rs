//! What a stage does with a record: a pure, synchronous step.

use rdkafka::message::{Header, OwnedHeaders};

use crate::Record;

/// One step of the pipeline. Each thread has its own.
pub trait Processor: Send {
    /// Does its work on one record. The same record gives the same outputs: no clock, no randomness.
    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome;

    /// Whether it is given records without a value too; where it is not, they are skipped.
    fn takes_tombstones(&self) -> bool {
        false
    }
}

/// How a record ends. Each ends exactly once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its outputs are to be sent.
    Emitted,
    /// Nothing is to be sent.
    Skipped {
        /// Name for the counter.
        reason: &'static str,
    },
    /// It cannot be processed, now or ever.
    DeadLetter(Rejection),
}

/// Why a record cannot be processed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Name for counters and headers that stays the same.
    pub code: &'static str,
    /// For a person.
    pub message: String,
}

/// A record to be sent.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) topic: usize,
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) payload: Option<Vec<u8>>,
    pub(crate) headers: OwnedHeaders,
    pub(crate) partition: Option<i32>,
}

/// Takes the outputs of a record.
#[derive(Debug, Default)]
pub struct Outputs {
    pub(crate) records: Vec<Output>,
}

impl Outputs {
    /// Sends a record to one of the stage's output topics, by its number. It inherits the input's timestamp and the
    /// headers that travel along. Without `partition` the key decides, as with Java clients.
    pub fn send(
        &mut self,
        topic: usize,
        key: Option<&[u8]>,
        payload: Vec<u8>,
        headers: OwnedOutputHeaders,
        partition: Option<i32>,
    ) {
        let key = key.map(<[u8]>::to_vec);
        self.records.push(Output { topic, key, payload: Some(payload), headers: headers.0, partition });
    }

    /// Sends a record without a value: a compacted topic forgets the key.
    pub fn forget(&mut self, topic: usize, key: &[u8], headers: OwnedOutputHeaders, partition: Option<i32>) {
        let key = Some(key.to_vec());
        self.records.push(Output { topic, key, payload: None, headers: headers.0, partition });
    }
}

/// Headers of an output.
#[derive(Debug)]
pub struct OwnedOutputHeaders(pub(crate) OwnedHeaders);

impl Default for OwnedOutputHeaders {
    fn default() -> Self {
        Self(OwnedHeaders::new_with_capacity(10))
    }
}

impl OwnedOutputHeaders {
    /// Adds a header.
    #[must_use]
    pub fn with(self, key: &str, value: &[u8]) -> Self {
        Self(self.0.insert(Header { key, value: Some(value) }))
    }
}

/// Headers that travel from input to output: traces, and the lane that keeps backfills from raising alerts.
pub(crate) const TRAVELLING: [&str; 3] = ["traceparent", "tracestate", "siaga-lane"];
