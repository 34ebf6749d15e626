//! One batch: process each record, send what it becomes, commit, count. Or go back to its beginning.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::topic_partition_list::TopicPartitionList;

use crate::batch::Batch;
use crate::context::Consuming;
use crate::dead_letter;
use crate::error::Trouble;
use crate::health::State;
use crate::metrics::Metrics;
use crate::processor::{Output, Outputs, TRAVELLING};
use crate::settings::{OnBadRecord, Processing};
use crate::transaction::{Outgoing, Writer};
use crate::{Error, Outcome, Processor, Record, Rejection};

/// Longest wait for the consumer to go back.
pub(crate) const REWIND: Duration = Duration::from_secs(10);

/// Code of a record whose outputs the cluster refuses.
const OUTPUT_REFUSED: &str = "output_refused";

/// The parts of a worker that process a batch.
pub(crate) struct Step<'w> {
    pub(crate) thread: usize,
    pub(crate) input: &'w str,
    pub(crate) outputs: &'w [String],
    pub(crate) processing: &'w Processing,
    pub(crate) writer: Writer,
    pub(crate) state: &'w State,
    pub(crate) metrics: &'w Metrics,
    /// Records whose outputs were refused in a batch that is to be done again.
    pub(crate) suspects: Vec<Suspect>,
}

/// A record with an output that the cluster has refused. First it is sent alone, since records of one request share
/// their fate; when it is refused again it is a bad record.
#[derive(Debug)]
pub(crate) struct Suspect {
    topic: String,
    partition: i32,
    offset: i64,
    convicted: Option<String>,
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

impl Step<'_> {
    /// Processes a batch and commits it with the offsets; nothing of it is seen or counted where this fails.
    pub(crate) fn process(
        &mut self,
        consumer: &BaseConsumer<Consuming>,
        batch: &Batch<'_>,
        offsets: &TopicPartitionList,
        processor: &mut impl Processor,
    ) -> Result<(), Trouble> {
        let mut tally = Tally { emitted: vec![0; self.outputs.len()], ..Tally::default() };
        let mut outputs = Outputs::default();
        self.writer.begin()?;
        for (number, message) in batch.messages.iter().enumerate() {
            self.state.beat(self.thread);
            let record = Record::new(message);
            outputs.records.clear();
            self.one(number, &record, processor, &mut outputs, &mut tally)?;
        }
        self.writer.commit(consumer, offsets)?;
        consumer.context().has_committed();
        self.suspects.clear();
        self.count(batch, &tally);
        Ok(())
    }

    fn one(
        &self,
        number: usize,
        record: &Record<'_>,
        processor: &mut impl Processor,
        outputs: &mut Outputs,
        tally: &mut Tally,
    ) -> Result<(), Trouble> {
        tally.bytes += record.size() as u64;
        let oldest = tally.oldest.unwrap_or_else(|| record.timestamp());
        tally.oldest = Some(oldest.min(record.timestamp()));
        let suspect = self.suspects.iter().find(|s| s.is(record));
        let convicted = suspect.and_then(|s| s.convicted.as_ref());
        let outcome = match convicted {
            Some(message) => {
                Outcome::DeadLetter(Rejection { code: OUTPUT_REFUSED, message: message.clone() })
            }
            None => self.outcome(record, processor, outputs),
        };
        if suspect.is_some() {
            self.writer.drain()?;
        }
        match outcome {
            Outcome::Emitted => {
                tally.processed += 1;
                for output in outputs.records.drain(..) {
                    tally.emitted[output.topic] += 1;
                    self.send(number, record, output)?;
                }
            }
            Outcome::Skipped { reason } => count(&mut tally.skipped, reason),
            Outcome::DeadLetter(rejection) => {
                count(&mut tally.dead_lettered, rejection.code);
                self.reject(number, record, &rejection)?;
            }
        }
        if suspect.is_some() { self.writer.drain() } else { Ok(()) }
    }

    /// What the processor says, and what no processor needs to look at.
    fn outcome(&self, record: &Record<'_>, processor: &mut impl Processor, outputs: &mut Outputs) -> Outcome {
        let limit = self.processing.max_record_bytes;
        match record.payload() {
            None if !processor.takes_tombstones() => Outcome::Skipped { reason: "tombstone" },
            Some(payload) if payload.len() > limit => {
                let message = format!("record has {} bytes, more than {limit}", payload.len());
                Outcome::DeadLetter(Rejection { code: "too_large", message })
            }
            _ => processor.process(record, outputs),
        }
    }

    fn send(&self, number: usize, record: &Record<'_>, output: Output) -> Result<(), Trouble> {
        let mut headers = output.headers;
        for (key, value) in record.headers().filter(|(key, _)| TRAVELLING.contains(key)) {
            headers = headers.insert(rdkafka::message::Header { key, value });
        }
        self.writer.send(Outgoing {
            topic: &self.outputs[output.topic],
            partition: output.partition,
            key: output.key.as_deref(),
            payload: output.payload.as_deref(),
            timestamp: record.timestamp(),
            headers,
            record: number,
        })
    }

    fn reject(&self, number: usize, record: &Record<'_>, rejection: &Rejection) -> Result<(), Trouble> {
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
                topic: &dead_letter::topic_of(record.topic()),
                partition: None,
                key: record.key(),
                payload: record.payload(),
                timestamp: record.timestamp(),
                headers: dead_letter::headers(record, rejection),
                record: number,
            }),
        }
    }

    /// Aborts, and goes back to the beginning of the batch where its partitions are still ours.
    ///
    /// # Errors
    /// Where the stage is to end.
    pub(crate) fn recover(
        &mut self,
        consumer: &BaseConsumer<Consuming>,
        batch: &Batch<'_>,
        trouble: Trouble,
    ) -> Result<(), Error> {
        let records = batch.messages.len();
        let reason = match trouble {
            Trouble::Fatal(error) => return self.end_or_renew(consumer, batch, error),
            Trouble::Redo { doing, source } => {
                tracing::warn!(doing, error = %source, records, "batch is aborted and done again");
                self.state.trouble(self.thread, &format!("{doing}: {source}"));
                "redo"
            }
            Trouble::Refused { record, source } => {
                tracing::warn!(error = %source, records, "output is refused: batch is aborted and done again");
                if let Err(error) = self.suspect(batch, record, source) {
                    return self.end_or_renew(consumer, batch, error);
                }
                "refused"
            }
            Trouble::Rejoin { source } => {
                tracing::warn!(error = %source, records, "group has moved on: batch is dropped");
                "rejoin"
            }
        };
        self.metrics.aborts.with_label_values(&[reason]).inc();
        match self.writer.abort() {
            Err(Trouble::Fatal(error)) => return self.end_or_renew(consumer, batch, error),
            Err(Trouble::Redo { doing, source }) => {
                // The transaction stays as it is; the next attempt meets it again, or the broker ends it in time.
                tracing::warn!(doing, error = %source, "abort is not confirmed");
            }
            Ok(()) | Err(Trouble::Rejoin { .. } | Trouble::Refused { .. }) => {}
        }
        rewind(consumer, batch)
    }

    /// Ends the stage, or only the producer where a new one may do better.
    fn end_or_renew(
        &mut self,
        consumer: &BaseConsumer<Consuming>,
        batch: &Batch<'_>,
        error: Error,
    ) -> Result<(), Error> {
        if self.writer.renew(&error)? {
            self.metrics.aborts.with_label_values(&["renewed"]).inc();
            self.writer.wait_initialised()?;
            return rewind(consumer, batch);
        }
        // The broker would abort by itself, after the transaction timeout: readers need not wait that long.
        drop(self.writer.abort());
        Err(error)
    }

    /// Notes that an output of a record was refused.
    fn suspect(
        &mut self,
        batch: &Batch<'_>,
        number: usize,
        source: rdkafka::error::KafkaError,
    ) -> Result<(), Error> {
        let Some(message) = batch.messages.get(number) else { return Ok(()) };
        let record = Record::new(message);
        match self.suspects.iter_mut().find(|s| s.is(&record)) {
            Some(suspect) if suspect.convicted.is_some() => {
                Err(Error::Kafka { doing: "writing a dead letter", source })
            }
            Some(suspect) => {
                suspect.convicted = Some(format!("output is refused: {source}"));
                Ok(())
            }
            None => {
                let (topic, partition, offset) =
                    (record.topic().to_owned(), record.partition(), record.offset());
                self.suspects.push(Suspect { topic, partition, offset, convicted: None });
                Ok(())
            }
        }
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

impl Suspect {
    fn is(&self, record: &Record<'_>) -> bool {
        self.partition == record.partition() && self.offset == record.offset() && self.topic == record.topic()
    }
}

/// Goes back to the beginning of a batch. A partition that is no longer ours refuses; its next owner starts where we
/// committed. One that is ours and refuses would lose the batch.
fn rewind(consumer: &BaseConsumer<Consuming>, batch: &Batch<'_>) -> Result<(), Error> {
    let failed = |source| Error::Kafka { doing: "going back to the beginning of a batch", source };
    let first = batch.first_offsets().map_err(failed)?;
    let done = consumer.seek_partitions(first, REWIND).map_err(failed)?;
    let assigned = consumer.assignment().map_err(failed)?;
    for partition in done.elements() {
        let Err(error) = partition.error() else { continue };
        if assigned.find_partition(partition.topic(), partition.partition()).is_some() {
            return Err(Error::Rewind {
                topic: partition.topic().to_owned(),
                partition: partition.partition(),
                offset: partition.offset().to_raw().unwrap_or(-1),
                reason: error.to_string(),
            });
        }
    }
    Ok(())
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
