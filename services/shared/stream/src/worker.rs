//! One thread of a stage: waits for what it needs, then batch after batch, and what to do when one of them fails.
//!
//! The consumer is never polled while a transaction is open, so a rebalance, which runs inside `poll`, never meets
//! half-done work.

use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::Producer;

use crate::batch;
use crate::client;
use crate::context::Consuming;
use crate::dead_letter;
use crate::error::Trouble;
use crate::health::{State, Stop};
use crate::metrics::Metrics;
use crate::settings::{OnBadRecord, Processing};
use crate::step::Step;
use crate::transaction::Writer;
use crate::{Error, Processor};

/// Longest wait between two attempts at the same batch.
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);

/// Shortest one.
const SHORTEST_BACKOFF: Duration = Duration::from_millis(50);

/// Wait for a lookup of topics, and between two.
const LOOKUP: Duration = Duration::from_secs(2);

/// What a thread needs.
pub(crate) struct Worker<P> {
    pub(crate) thread: usize,
    pub(crate) input: String,
    pub(crate) outputs: Vec<String>,
    pub(crate) processing: Processing,
    pub(crate) consumer: BaseConsumer<Consuming>,
    pub(crate) writer: Writer,
    pub(crate) processor: P,
    pub(crate) state: State,
    pub(crate) metrics: Metrics,
    pub(crate) stop: Stop,
}

impl<P: Processor> Worker<P> {
    /// Works until it is asked to stop.
    ///
    /// # Errors
    /// What no retry mends.
    pub(crate) fn run(self) -> Result<(), Error> {
        if !self.wait_for_topics() {
            return Ok(());
        }
        self.state.waits_for(self.thread, "its producer");
        if !self.writer.wait_initialised()? {
            return Ok(());
        }
        self.state.waits_for(self.thread, "its group");
        self.consumer
            .subscribe(&[&self.input])
            .map_err(|source| Error::Kafka { doing: "subscribing", source })?;
        let mut last_commit = Instant::now();
        let mut backoff = SHORTEST_BACKOFF;
        let (consumer, mut processor) = (self.consumer, self.processor);
        let mut step = Step {
            thread: self.thread,
            input: &self.input,
            outputs: &self.outputs,
            processing: &self.processing,
            writer: self.writer,
            state: &self.state,
            metrics: &self.metrics,
            suspects: Vec::new(),
        };
        while !self.stop.is_stopped() {
            self.state.beat(self.thread);
            let batch = batch::read(&consumer, &self.processing, last_commit)?;
            if batch.messages.is_empty() {
                step.writer.producer.poll(Duration::ZERO);
                continue;
            }
            match step.process(&consumer, &batch, &mut processor) {
                Ok(()) => {
                    self.state.trouble(self.thread, "");
                    last_commit = Instant::now();
                    backoff = SHORTEST_BACKOFF;
                }
                Err(trouble) => {
                    let waits = matches!(trouble, Trouble::Redo { .. });
                    step.recover(&consumer, &batch, trouble)?;
                    drop(batch);
                    if waits {
                        self.stop.rest(backoff);
                        backoff = (backoff * 2).min(LONGEST_BACKOFF);
                    }
                }
            }
        }
        // Dropping the consumer leaves the group, so that others get its partitions at once.
        drop(consumer);
        Ok(())
    }

    /// Waits until every topic is there; false where it is asked to stop first.
    fn wait_for_topics(&self) -> bool {
        let mut wanted = vec![self.input.clone()];
        wanted.extend_from_slice(&self.outputs);
        if self.processing.on_bad_record == OnBadRecord::DeadLetter {
            wanted.push(dead_letter::topic_of(&self.input));
        }
        while !self.stop.is_stopped() {
            self.state.beat(self.thread);
            match client::missing(self.writer.producer.client(), &wanted, LOOKUP) {
                Ok(None) => return true,
                Ok(Some(topic)) => {
                    tracing::warn!(topic, "topic is missing: waiting for it");
                    self.state.waits_for(self.thread, &format!("topic {topic}"));
                }
                Err(error) => {
                    tracing::warn!(%error, "cluster cannot be reached: waiting for it");
                    self.state.waits_for(self.thread, "the cluster");
                }
            }
            self.stop.rest(LOOKUP);
        }
        false
    }
}
