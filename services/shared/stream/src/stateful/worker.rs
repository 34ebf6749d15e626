//! One thread of a stage with state: restores the partitions that it is given, then works on them batch after batch.
//!
//! As everywhere, the consumer is never polled while a transaction is open.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::Message;
use rdkafka::consumer::{BaseConsumer, Consumer, RebalanceProtocol};
use rdkafka::error::KafkaError;
use rdkafka::message::BorrowedMessage;
use rdkafka::producer::Producer;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::control::{self, Control};
use super::restore::Why;
use super::states::States;
use super::waiting::{Source, Waiting};
use super::{Restoring, StatefulProcessor, StatefulTopics, partitions};
use crate::batch::{self, Batch, IDLE};
use crate::context::{Change, Consuming};
use crate::health::{State, Stop};
use crate::reader::{is_refused, tell_of};
use crate::settings::{Kafka, Processing};
use crate::step::Step;
use crate::thread::{LOOKUP, Pace, Thread};
use crate::{Error, Record};

/// Wait for the control topic where a record of the input waits for it.
const CONTROL: Duration = Duration::from_millis(10);

/// Control records that are read ahead of the input.
const MOST_CONTROLS: usize = 1000;

/// A thread before it works.
pub(crate) struct StatefulWorker<F> {
    pub(crate) thread: Thread,
    pub(crate) kafka: Kafka,
    pub(crate) client_id: String,
    pub(crate) topics: StatefulTopics,
    pub(crate) metrics: Restoring,
    /// Makes the empty state of a partition.
    pub(crate) new_state: F,
}

impl<P: StatefulProcessor, F: Fn() -> P> StatefulWorker<F> {
    /// Works until it is asked to stop.
    ///
    /// # Errors
    /// What no retry mends.
    pub(crate) fn run(self) -> Result<(), Error> {
        let Self { thread, kafka, client_id, topics, metrics: restoring, new_state } = self;
        if !thread.wait_for_topics() || !wait_for_partitions(&thread)? || !thread.join()? {
            return Ok(());
        }
        let reader = topics.control.as_ref().map(|_| control::consumer(&kafka, &client_id)).transpose()?;
        let Thread { number, outputs, processing, consumer, writer, state, metrics, stop, .. } = thread;
        let mut step = Step {
            thread: number,
            input: &topics.input,
            outputs: &outputs,
            processing: &processing,
            writer,
            state: &state,
            metrics: &metrics,
            suspects: Vec::new(),
        };
        let mut work = Work {
            thread: number,
            kafka: &kafka,
            client_id: &client_id,
            topics: &topics,
            processing: &processing,
            consumer: &consumer,
            control: topics
                .control
                .as_deref()
                .zip(reader.as_ref())
                .map(|(topic, consumer)| Control { topic, consumer }),
            waiting: Waiting::new(topics.control.is_some(), processing.batch_records, processing.batch_bytes),
            states: States::new(topics.control.clone()),
            unrestored: BTreeMap::new(),
            new_state: &new_state,
            state: &state,
            stop: &stop,
            metrics: &restoring,
        };
        work.run(&mut step)?;
        // Before the consumer that they are borrowed from, whose end leaves the group.
        drop(work);
        drop(consumer);
        Ok(())
    }
}

/// Waits until the cluster says that all topics have equally many partitions; false where it is asked to stop first.
fn wait_for_partitions(thread: &Thread) -> Result<bool, Error> {
    let topics: Vec<String> = thread.inputs.iter().chain(&thread.outputs).cloned().collect();
    while !thread.stop.is_stopped() {
        thread.state.beat(thread.number);
        if let Some(checked) = partitions::check(thread.writer.producer.client(), &topics) {
            return checked.map(|()| true);
        }
        thread.state.waits_for(thread.number, "the cluster");
        thread.stop.rest(LOOKUP);
    }
    Ok(false)
}

/// A thread at work.
pub(super) struct Work<'c, P, F> {
    pub(super) thread: usize,
    pub(super) kafka: &'c Kafka,
    pub(super) client_id: &'c str,
    pub(super) topics: &'c StatefulTopics,
    pub(super) processing: &'c Processing,
    pub(super) consumer: &'c BaseConsumer<Consuming>,
    pub(super) control: Option<Control<'c>>,
    pub(super) waiting: Waiting<BorrowedMessage<'c>>,
    pub(super) states: States<P>,
    /// Partitions that are ours and have no state yet.
    pub(super) unrestored: BTreeMap<i32, Why>,
    pub(super) new_state: &'c F,
    pub(super) state: &'c State,
    pub(super) stop: &'c Stop,
    pub(super) metrics: &'c Restoring,
}

impl<'c, P: StatefulProcessor, F: Fn() -> P> Work<'c, P, F> {
    /// Works until it is asked to stop.
    fn run(&mut self, step: &mut Step<'_>) -> Result<(), Error> {
        let mut pace = Pace::begin();
        while !self.stop.is_stopped() {
            self.state.beat(self.thread);
            self.restore_all()?;
            let batch = self.read(pace.last_commit)?;
            if batch.messages.is_empty() {
                step.writer.producer.poll(Duration::ZERO);
                continue;
            }
            let noted = self.offsets(&batch);
            let offsets = noted.map_err(|source| Error::Kafka { doing: "noting offsets", source })?;
            match step.process(self.consumer, &batch, &offsets, &mut self.states) {
                Ok(()) => {
                    self.committed(&offsets);
                    pace.committed(step);
                }
                Err(trouble) => {
                    let waits = trouble.is_repeated();
                    step.recover(self.consumer, &batch, trouble)?;
                    self.lose(&batch);
                    drop(batch);
                    if waits {
                        pace.rest(self.stop);
                    }
                }
            }
        }
        Ok(())
    }

    /// Polls until a batch waits, or nothing more does and the last commit is long enough ago; gives what may be worked
    /// on.
    fn read(&mut self, last_commit: Instant) -> Result<Batch<'c>, Error> {
        let earliest = last_commit + self.processing.commit_interval;
        let mut begun = Instant::now();
        // What may not be worked on yet is no reason not to poll: each time one more record is taken.
        loop {
            self.poll_control()?;
            let is_ready = self.waiting.is_ready();
            let wait = match is_ready {
                true => earliest.saturating_duration_since(Instant::now()),
                false if self.waiting.awaits_control() => Duration::ZERO,
                false => IDLE,
            };
            if !is_ready {
                begun = Instant::now();
            }
            let read = self.poll(wait)?;
            // A partition that was given to us wants to be restored first.
            if !self.unrestored.is_empty()
                || self.waiting.is_full()
                || (!read && (wait.is_zero() || !is_ready))
            {
                break;
            }
        }
        Ok(Batch { messages: std::iter::from_fn(|| self.waiting.next()).collect(), begun })
    }

    /// Polls the consumer once; false where nothing came.
    pub(super) fn poll(&mut self, longest: Duration) -> Result<bool, Error> {
        let polled = self.consumer.poll(longest);
        self.apply_changes()?;
        match polled {
            Some(Ok(message)) => self.push(Source::Input, message),
            Some(Err(KafkaError::PartitionEOF(partition))) => self.waiting.end(Source::Input, partition),
            Some(Err(error)) => batch::sort(self.consumer.context(), error)?,
            None => return Ok(false),
        }
        Ok(true)
    }

    /// Takes the control records that are there.
    fn poll_control(&mut self) -> Result<(), Error> {
        let Some(control) = &self.control else { return Ok(()) };
        let (consumer, topic) = (control.consumer, control.topic);
        loop {
            let is_awaited = self.waiting.awaits_control();
            if !is_awaited && self.waiting.controls() >= MOST_CONTROLS {
                return Ok(());
            }
            match consumer.poll(if is_awaited { CONTROL } else { Duration::ZERO }) {
                Some(Ok(message)) => self.push(Source::Control, message),
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    self.waiting.end(Source::Control, partition)
                }
                Some(Err(source)) if is_refused(&source) => {
                    return Err(Error::Kafka { doing: "reading the control topic", source });
                }
                Some(Err(error)) => tell_of(&error, topic),
                None => return Ok(()),
            }
        }
    }

    fn push(&mut self, source: Source, message: BorrowedMessage<'c>) {
        let record = Record::new(&message);
        let (partition, timestamp, bytes) = (record.partition(), record.timestamp(), record.size());
        self.waiting.push(source, partition, timestamp, bytes, message);
    }

    /// Does what the group's changes ask for.
    fn apply_changes(&mut self) -> Result<(), Error> {
        for change in self.consumer.context().take_changes() {
            match change {
                Change::Assigned(partitions) => {
                    if self.is_eager() {
                        self.states.forget_suspended_but(&partitions);
                    }
                    self.unrestored
                        .extend(partitions.into_iter().map(|partition| (partition, Why::Assigned)));
                }
                Change::Revoked { partitions, lost } => {
                    let may_come_back = !lost && self.is_eager();
                    for partition in partitions {
                        self.close(partition, may_come_back);
                    }
                    self.assign_control()?;
                }
            }
        }
        Ok(())
    }

    /// Whether a rebalance takes all partitions away and gives most of them back.
    fn is_eager(&self) -> bool {
        matches!(self.consumer.rebalance_protocol(), RebalanceProtocol::Eager)
    }

    /// Ends the work on a partition.
    fn close(&mut self, partition: i32, may_come_back: bool) {
        self.unrestored.remove(&partition);
        self.waiting.close(partition);
        if may_come_back {
            self.states.suspend(partition);
        } else {
            self.states.close(partition);
        }
        // Others hold it now, and say how much it is.
        drop(self.metrics.entries.remove_label_values(&[&partition.to_string()]));
    }

    /// Reads control records of the open partitions, from those that are committed on.
    pub(super) fn assign_control(&mut self) -> Result<(), Error> {
        let Some(control) = &self.control else { return Ok(()) };
        self.waiting.drop_control();
        control.assign(self.states.iter().map(|(partition, open)| (partition, open.committed.control)))
    }

    /// The offsets to commit with a batch. Those of the control topic are committed each time: the group has not
    /// subscribed to it, so the cluster would forget them after a while.
    fn offsets(&mut self, batch: &Batch<'_>) -> Result<TopicPartitionList, KafkaError> {
        let mut offsets = batch.next_offsets()?;
        let Some(control) = &self.control else { return Ok(offsets) };
        let of_input = offsets.elements_for_topic(&self.topics.input);
        let partitions: Vec<i32> = of_input.iter().map(|element| element.partition()).collect();
        for partition in partitions {
            let next = self.states.committed(partition).and_then(|committed| committed.control);
            if let Some(next) = next
                && offsets.find_partition(control.topic, partition).is_none()
            {
                offsets.add_partition_offset(control.topic, partition, Offset::Offset(next))?;
            }
        }
        Ok(offsets)
    }

    /// Notes what is committed.
    fn committed(&mut self, offsets: &TopicPartitionList) {
        for element in offsets.elements() {
            let Some(committed) = self.states.committed(element.partition()) else { continue };
            let next = element.offset().to_raw();
            if element.topic() == self.topics.input {
                committed.input = next;
            } else {
                committed.control = next;
            }
        }
        self.show_entries();
    }

    /// Shows how much the states hold.
    pub(super) fn show_entries(&self) {
        for (partition, open) in self.states.iter() {
            let entries = i64::try_from(open.state.entries()).unwrap_or(i64::MAX);
            self.metrics.entries.with_label_values(&[&partition.to_string()]).set(entries);
        }
    }

    /// Drops the states that a failed batch may have changed.
    fn lose(&mut self, batch: &Batch<'_>) {
        for message in &batch.messages {
            let partition = message.partition();
            if self.states.committed(partition).is_some() {
                self.close(partition, false);
                self.unrestored.insert(partition, Why::Aborted);
            }
        }
    }
}
