//! Kafka as the place where accepted articles go.

use std::time::Duration;

use siaga_stream::publisher::{Message, Publisher, Publishing};
use siaga_stream::{Error, Kafka};

use crate::sink::{Done, Outgoing, Sink};

/// Writes records to one topic.
#[derive(Debug)]
pub struct KafkaSink {
    publisher: Publisher,
    topic: String,
}

impl KafkaSink {
    /// Sets the sink up; the cluster need not be there yet.
    ///
    /// # Errors
    /// Where a setting is wrong.
    pub fn new(kafka: &Kafka, topic: String, publishing: Publishing) -> Result<Self, Error> {
        let publisher = Publisher::new(kafka, "ingest", publishing, std::slice::from_ref(&topic))?;
        Ok(Self { publisher, topic })
    }

    /// Whether the cluster answers and has the topic.
    ///
    /// # Errors
    /// What is missing.
    pub fn ready(&self) -> Result<(), String> {
        self.publisher.ready()
    }

    /// Whether records can still be sent; a sink that has failed for good does not recover.
    ///
    /// # Errors
    /// What the client says.
    pub fn live(&self) -> Result<(), String> {
        self.publisher.live()
    }

    /// Waits until all records are acknowledged or have failed, at most so long; says how many were still under way.
    pub fn close(self, longest: Duration) -> usize {
        self.publisher.close(longest)
    }
}

impl Sink for KafkaSink {
    fn send(&self, record: Outgoing, done: Done) {
        let headers: Vec<(&str, Option<&[u8]>)> =
            record.headers.iter().map(|(name, text)| (*name, Some(text.as_bytes()))).collect();
        let message = Message {
            key: Some(record.key.as_bytes()),
            payload: Some(&record.value),
            headers: &headers,
            timestamp: record.timestamp,
            partition: None,
        };
        self.publisher.send(&self.topic, message, move |result| {
            // Who no longer listens has given its own answer already.
            drop(done.send(result));
        });
    }
}
