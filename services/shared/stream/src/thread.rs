//! What each thread of a stage has: its clients, its settings, and whom it tells how it does.

use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::Producer;

use crate::Error;
use crate::client;
use crate::context::Consuming;
use crate::dead_letter;
use crate::error::Trouble;
use crate::health::{State, Stop};
use crate::metrics::Metrics;
use crate::settings::{OnBadRecord, Processing};
use crate::step::Step;
use crate::transaction::Writer;

/// Longest wait between two attempts at the same batch.
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);

/// Shortest one.
const SHORTEST_BACKOFF: Duration = Duration::from_millis(50);

/// Wait for a lookup of topics, and between two.
pub(crate) const LOOKUP: Duration = Duration::from_secs(2);

/// A thread of a stage before it works.
pub(crate) struct Thread {
    pub(crate) number: usize,
    /// The topic that its group shares out, then those that it reads beside it.
    pub(crate) inputs: Vec<String>,
    pub(crate) outputs: Vec<String>,
    pub(crate) processing: Processing,
    pub(crate) consumer: BaseConsumer<Consuming>,
    pub(crate) writer: Writer,
    pub(crate) state: State,
    pub(crate) metrics: Metrics,
    pub(crate) stop: Stop,
}

impl Thread {
    /// The topic that its group shares out.
    pub(crate) fn input(&self) -> &str {
        self.inputs.first().map_or("", String::as_str)
    }

    /// Waits until every topic is there; false where it is asked to stop first.
    pub(crate) fn wait_for_topics(&self) -> bool {
        let mut wanted = self.inputs.clone();
        if self.processing.on_bad_record == OnBadRecord::DeadLetter {
            wanted.extend(self.inputs.iter().map(|topic| dead_letter::topic_of(topic)));
        }
        // The dead letters last, so that the first word is about the flow.
        wanted.splice(self.inputs.len()..self.inputs.len(), self.outputs.iter().cloned());
        while !self.stop.is_stopped() {
            self.state.beat(self.number);
            match client::missing(self.writer.producer.client(), &wanted, LOOKUP) {
                Ok(None) => return true,
                Ok(Some(topic)) => {
                    tracing::warn!(topic, "topic is missing: waiting for it");
                    self.state.waits_for(self.number, &format!("topic {topic}"));
                }
                Err(error) => {
                    tracing::warn!(%error, "cluster cannot be reached: waiting for it");
                    self.state.waits_for(self.number, "the cluster");
                }
            }
            self.stop.rest(LOOKUP);
        }
        false
    }

    /// Prepares the producer, then joins the group; false where it is asked to stop first.
    ///
    /// # Errors
    /// What no retry mends.
    pub(crate) fn join(&self) -> Result<bool, Error> {
        self.state.waits_for(self.number, "its producer");
        if !self.writer.wait_initialised()? {
            return Ok(false);
        }
        self.state.waits_for(self.number, "its group");
        let joined = self.consumer.subscribe(&[self.input()]);
        joined.map_err(|source| Error::Kafka { doing: "subscribing", source })?;
        Ok(true)
    }
}

/// How often in a row a thread has failed at a batch, and how long it waits because of it.
pub(crate) struct Pace {
    pub(crate) last_commit: Instant,
    backoff: Duration,
}

impl Pace {
    pub(crate) fn begin() -> Self {
        Self { last_commit: Instant::now(), backoff: SHORTEST_BACKOFF }
    }

    /// Notes that a batch is committed.
    pub(crate) fn committed(&mut self, step: &Step<'_>) {
        step.state.trouble(step.thread, "");
        self.last_commit = Instant::now();
        self.backoff = SHORTEST_BACKOFF;
    }

    /// Waits before a batch is tried again.
    pub(crate) fn rest(&mut self, stop: &Stop) {
        stop.rest(self.backoff);
        self.backoff = (self.backoff * 2).min(LONGEST_BACKOFF);
    }
}

impl Trouble {
    /// Whether the same batch comes again and may fail again.
    pub(crate) fn is_repeated(&self) -> bool {
        matches!(self, Self::Redo { .. })
    }
}
