//! One thread of a stage: poll, process, produce, commit, and what to do when one of them fails.
//!
//! The consumer is never polled while a transaction is open, so a rebalance, which runs inside `poll`, never meets
//! half-done work.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::Producer;

use crate::batch::{self, Batch};
use crate::client;
use crate::context::Consuming;
use crate::dead_letter;
use crate::error::Trouble;
use crate::health::{State, Stop};
use crate::metrics::Metrics;
use crate::processor::{Output, Outputs, TRAVELLING};
use crate::settings::{OnBadRecord, Processing};
use crate::transaction::{Outgoing, Writer};
use crate::{Error, Outcome, Processor, Record, Rejection};

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

/// What became of a batch's records, counted when the batch is committed and not before.
#[derive(Default)]
struct Tally {
    bytes: u64,
    processed: u64,
    emitted: Vec<u64>,
    skipped: Vec<(&'static str, u64)>,
    dead_lettered: Vec<(&'static str, u64)>,
    oldest: Option<i64>,
}

impl<P: Processor> Worker<P> {
    /// Works until it is asked to stop.
    ///
    /// # Errors
    /// What no retry mends.
    pub(crate) fn run(self) -> Result<(), Error> {
        if !self.wait_for_topics() || !self.initialise()? {
            return Ok(());
        }
        self.state.waits_for(self.thread, "its group");
        self.consumer
            .subscribe(&[&self.input])
            .map_err(|source| Error::Kafka { doing: "subscribing", source })?;
        let mut last_commit = Instant::now();
        let mut backoff = SHORTEST_BACKOFF;
        let (consumer, mut processor) = (self.consumer, self.processor);
        let step = Step {
            input: &self.input,
            outputs: &self.outputs,
            processing: &self.processing,
            writer: &self.writer,
            metrics: &self.metrics,
        };
        while !self.stop.is_stopped() {
            self.state.beat(self.thread);
            let batch = batch::read(&consumer, &self.processing, last_commit)?;
            if batch.messages.is_empty() {
                self.writer.producer.poll(Duration::ZERO);
                continue;
            }
            match step.process(&consumer, &batch, &mut processor) {
                Ok(()) => {
                    last_commit = Instant::now();
                    backoff = SHORTEST_BACKOFF;
                }
                Err(trouble) => {
                    step.recover(&consumer, &batch, trouble)?;
                    drop(batch);
                    rest(&self.stop, backoff);
                    backoff = (backoff * 2).min(LONGEST_BACKOFF);
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
            rest(&self.stop, LOOKUP);
        }
        false
    }

    /// Prepares the producer; false where it is asked to stop first.
    fn initialise(&self) -> Result<bool, Error> {
        self.state.waits_for(self.thread, "its producer");
        while !self.stop.is_stopped() {
            self.state.beat(self.thread);
            match self.writer.initialise() {
                Ok(()) => return Ok(true),
                Err(Trouble::Fatal(error)) => return Err(error),
                Err(Trouble::Redo { source, .. } | Trouble::Rejoin { source }) => {
                    tracing::warn!(error = %source, "producer is not ready: trying again");
                    rest(&self.stop, LOOKUP / 4);
                }
            }
        }
        Ok(false)
    }
}

/// The parts of a worker that process a batch.
struct Step<'w> {
    input: &'w str,
    outputs: &'w [String],
    processing: &'w Processing,
    writer: &'w Writer,
    metrics: &'w Metrics,
}

impl Step<'_> {
    /// Processes a batch and commits it; nothing of it is seen or counted where this fails.
    fn process(
        &self,
        consumer: &BaseConsumer<Consuming>,
        batch: &Batch<'_>,
        processor: &mut impl Processor,
    ) -> Result<(), Trouble> {
        let offsets =
            batch.next_offsets().map_err(|source| Trouble::Redo { doing: "noting offsets", source })?;
        let mut tally = Tally { emitted: vec![0; self.outputs.len()], ..Tally::default() };
        let mut outputs = Outputs::default();
        self.writer.begin()?;
        for message in &batch.messages {
            let record = Record::new(message);
            outputs.records.clear();
            tally.bytes += record.size() as u64;
            tally.oldest = Some(
                tally.oldest.map_or_else(|| record.timestamp(), |oldest| oldest.min(record.timestamp())),
            );
            match self.outcome(&record, processor, &mut outputs) {
                Outcome::Emitted => {
                    tally.processed += 1;
                    for output in outputs.records.drain(..) {
                        tally.emitted[output.topic] += 1;
                        self.send(&record, output)?;
                    }
                }
                Outcome::Skipped { reason } => count(&mut tally.skipped, reason),
                Outcome::DeadLetter(rejection) => {
                    count(&mut tally.dead_lettered, rejection.code);
                    self.reject(&record, &rejection)?;
                }
            }
        }
        self.writer.commit(consumer, &offsets)?;
        self.count(batch, &tally);
        Ok(())
    }

    /// What the processor says, and what no processor needs to look at.
    fn outcome(&self, record: &Record<'_>, processor: &mut impl Processor, outputs: &mut Outputs) -> Outcome {
        let Some(payload) = record.payload() else { return Outcome::Skipped { reason: "tombstone" } };
        if payload.len() > self.processing.max_record_bytes {
            let limit = self.processing.max_record_bytes;
            let message = format!("record has {} bytes, more than {limit}", payload.len());
            return Outcome::DeadLetter(Rejection { code: "too_large", message });
        }
        processor.process(record, outputs)
    }

    fn send(&self, record: &Record<'_>, output: Output) -> Result<(), Trouble> {
        let mut headers = output.headers;
        for (key, value) in record.headers().filter(|(key, _)| TRAVELLING.contains(key)) {
            headers = headers.insert(rdkafka::message::Header { key, value });
        }
        self.writer.send(Outgoing {
            topic: &self.outputs[output.topic],
            partition: output.partition,
            key: output.key.as_deref(),
            payload: Some(&output.payload),
            timestamp: record.timestamp(),
            headers,
        })
    }

    fn reject(&self, record: &Record<'_>, rejection: &Rejection) -> Result<(), Trouble> {
        tracing::debug!(?record, code = rejection.code, message = rejection.message, "bad record");
        match self.processing.on_bad_record {
            OnBadRecord::Skip => Ok(()),
            OnBadRecord::Fail => Err(Trouble::Fatal(Error::BadRecord {
                topic: record.topic().to_owned(),
                partition: record.partition(),
                offset: record.offset(),
                code: rejection.code,
                message: rejection.message.clone(),
            })),
            OnBadRecord::DeadLetter => self.writer.send(Outgoing {
                topic: &dead_letter::topic_of(self.input),
                partition: None,
                key: record.key(),
                payload: record.payload(),
                timestamp: record.timestamp(),
                headers: dead_letter::headers(record, rejection),
            }),
        }
    }

    /// Aborts, and goes back to the beginning of the batch where its partitions are still ours.
    fn recover(
        &self,
        consumer: &BaseConsumer<Consuming>,
        batch: &Batch<'_>,
        trouble: Trouble,
    ) -> Result<(), Error> {
        let reason = match trouble {
            Trouble::Fatal(error) => {
                // The broker would abort by itself, after the transaction timeout: readers need not wait that long.
                drop(self.writer.abort());
                return Err(error);
            }
            Trouble::Redo { doing, source } => {
                tracing::warn!(doing, error = %source, records = batch.messages.len(), "batch is aborted and done again");
                "redo"
            }
            Trouble::Rejoin { source } => {
                tracing::warn!(error = %source, records = batch.messages.len(), "group has moved on: batch is dropped");
                "rejoin"
            }
        };
        self.metrics.aborts.with_label_values(&[reason]).inc();
        match self.writer.abort() {
            Err(Trouble::Fatal(error)) => return Err(error),
            Err(Trouble::Redo { doing, source }) => {
                // The transaction stays as it is; the next attempt meets it again, or the broker ends it in time.
                tracing::warn!(doing, error = %source, "abort is not confirmed");
            }
            Ok(()) | Err(Trouble::Rejoin { .. }) => {}
        }
        if let Ok(first) = batch.first_offsets() {
            // Partitions that are no longer ours refuse the seek, and their next owner starts where we committed.
            drop(consumer.seek_partitions(first, Duration::from_secs(5)));
        }
        Ok(())
    }

    fn count(&self, batch: &Batch<'_>, tally: &Tally) {
        let metrics = self.metrics;
        metrics.consumed.inc_by(batch.messages.len() as u64);
        metrics.consumed_bytes.inc_by(tally.bytes);
        metrics.processed.inc_by(tally.processed);
        for (topic, emitted) in self.outputs.iter().zip(&tally.emitted) {
            metrics.emitted.with_label_values(&[topic]).inc_by(*emitted);
        }
        for (reason, skipped) in &tally.skipped {
            metrics.skipped.with_label_values(&[*reason]).inc_by(*skipped);
        }
        for (code, dead) in &tally.dead_lettered {
            metrics.dead_lettered.with_label_values(&[*code]).inc_by(*dead);
        }
        metrics.commits.inc();
        metrics.batch_seconds.observe(batch.begun.elapsed().as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "far below the limit")]
        metrics.batch_records.observe(batch.messages.len() as f64);
        if let Some(age) = tally.oldest.and_then(age_seconds) {
            metrics.record_age.with_label_values(&[self.input]).observe(age);
        }
    }
}

fn count(counted: &mut Vec<(&'static str, u64)>, name: &'static str) {
    match counted.iter_mut().find(|(n, _)| *n == name) {
        Some(entry) => entry.1 += 1,
        None => counted.push((name, 1)),
    }
}

/// Age of a record for a metric, the one place where the clock is read.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of an age")]
fn age_seconds(timestamp: i64) -> Option<f64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_millis();
    let now = i64::try_from(now).ok()?;
    (timestamp > 0).then(|| (now - timestamp).max(0) as f64 / 1000.0)
}

/// Waits, but no longer than until the stage is to stop.
fn rest(stop: &Stop, time: Duration) {
    let until = Instant::now() + time;
    while !stop.is_stopped() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(10).min(time));
    }
}
