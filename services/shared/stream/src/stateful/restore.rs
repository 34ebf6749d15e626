//! Restores the state of a partition from the changelog, before anything is worked on.
//!
//! Whoever had the partition before may have left a transaction open: it is dead, or stopped and does not know yet that
//! the group has moved on. What of it stands in the changelog when the partition is ours lies below the high watermark
//! that a read-uncommitted reader is told then; nothing that is written later by anyone else can commit, since offsets
//! of an old generation are refused. So the last stable offset is awaited until it has reached that watermark: each of
//! those transactions is committed or aborted then, the latest when the broker times it out. Only then is the changelog
//! read, read-committed, up to the watermark. The group's committed offsets are asked for as stable ones, after the
//! assignment too, so they tell of the same transactions: the state is exactly that of the offsets.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList, TopicPartitionListElem};

use super::StatefulProcessor;
use super::states::{Committed, Restored};
use super::worker::Work;
use crate::reader::{self, BoundedReader, Isolation, Look, Reading, is_refused};
use crate::step::REWIND;
use crate::thread::LOOKUP;
use crate::{Error, Record, Rejection};

/// Wait for a record of the changelog, and between two looks at a transaction that has to end.
const SLICE: Duration = Duration::from_millis(50);

/// Records of the changelog between two polls of the group's consumer.
const SLICE_RECORDS: u64 = 1024;

/// Time that a broker takes to notice that a transaction has timed out, as brokers are set up by default, and to end it.
const TIMEOUT_NOTICED: Duration = Duration::from_secs(15);

/// Why a partition has no state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The group has given it to us.
    Assigned,
    /// A batch has failed; the consumer has read beyond it.
    Aborted,
}

impl<P: StatefulProcessor, F: Fn() -> P> Work<'_, P, F> {
    /// Restores the partitions that have no state, unless the group takes them away or the stage is to stop.
    pub(super) fn restore_all(&mut self) -> Result<(), Error> {
        let mut any = false;
        while let Some((&partition, &why)) = self.unrestored.first_key_value() {
            any = true;
            self.state.restores(self.thread, &format!("the state of partition {partition}"));
            let started = Instant::now();
            let Some(restored) = self.restore(partition)? else {
                if self.stop.is_stopped() {
                    return Ok(());
                }
                continue;
            };
            self.metrics.seconds.observe(started.elapsed().as_secs_f64());
            self.open(partition, why, restored)?;
            tracing::info!(
                thread = self.thread,
                partition,
                seconds = started.elapsed().as_secs_f64(),
                "state is restored"
            );
        }
        if any {
            self.show_entries();
            self.state.restored(self.thread);
        }
        Ok(())
    }

    /// Begins to work on a partition.
    fn open(&mut self, partition: i32, why: Why, restored: Restored<P>) -> Result<(), Error> {
        if why == Why::Aborted {
            let failed = |source| Error::Kafka { doing: "going back to what is committed", source };
            let next = restored.committed.input.map_or(Offset::Beginning, Offset::Offset);
            let mut position = TopicPartitionList::new();
            position.add_partition_offset(&self.topics.input, partition, next).map_err(failed)?;
            let sought = self.consumer.seek_partitions(position, REWIND).map_err(failed)?;
            sought.elements().iter().try_for_each(TopicPartitionListElem::error).map_err(failed)?;
            // What was read in the meantime comes again.
            self.waiting.close(partition);
        }
        self.unrestored.remove(&partition);
        self.states.open(partition, restored);
        self.waiting.open(partition);
        self.assign_control()
    }

    /// The state of a partition as it is committed; none where it is ours no more or the stage is to stop.
    fn restore(&mut self, partition: i32) -> Result<Option<Restored<P>>, Error> {
        let Some(committed) = self.ask_committed(partition)? else { return Ok(None) };
        if let Some(restored) = self.states.resume(partition, committed) {
            return Ok(Some(restored));
        }
        let mut state = (self.new_state)();
        let topic = self.topics.changelog.as_str();
        let reader = self.reader(Isolation::Committed)?;
        let Some(end) = self.await_stable(&reader, partition)? else { return Ok(None) };
        if !self.replay(reader, topic, partition, end, |record| state.restore(record))? {
            return Ok(None);
        }
        if committed.input.is_none() && state.entries() > 0 {
            let entries = state.entries();
            tracing::warn!(
                topic,
                partition,
                entries,
                "the input is read from its beginning, although there is a state"
            );
        }
        if let (Some(control), Some(end)) = (self.topics.control.as_deref(), committed.control) {
            let reader = self.reader(Isolation::Committed)?;
            if !self.replay(reader, control, partition, end, |record| state.restore_control(record))? {
                return Ok(None);
            }
        }
        Ok(Some(Restored { state, committed }))
    }

    fn reader(&self, isolation: Isolation) -> Result<BaseConsumer<Reading>, Error> {
        reader::consumer(self.kafka, &format!("{}-restore", self.client_id), isolation)
    }

    /// What the group has committed of a partition; the cluster answers when no transaction may change it any more.
    fn ask_committed(&mut self, partition: i32) -> Result<Option<Committed>, Error> {
        let mut asked = TopicPartitionList::new();
        asked.add_partition(&self.topics.input, partition);
        if let Some(control) = &self.topics.control {
            asked.add_partition(control, partition);
        }
        let consumer = self.consumer;
        let ask = || {
            let answer = consumer.committed_offsets(asked.clone(), LOOKUP)?;
            answer.elements().iter().try_for_each(TopicPartitionListElem::error)?;
            Ok(answer)
        };
        let Some(answer) = self.ask(partition, "asking for committed offsets", ask)? else { return Ok(None) };
        let mut committed = Committed::default();
        for element in answer.elements() {
            let Offset::Offset(next) = element.offset() else { continue };
            if element.topic() == self.topics.input {
                committed.input = Some(next);
            } else {
                committed.control = Some(next);
            }
        }
        Ok(Some(committed))
    }

    /// The end of the changelog once no transaction below it is open.
    fn await_stable(&mut self, reader: &BaseConsumer<Reading>, partition: i32) -> Result<Option<i64>, Error> {
        let topic = self.topics.changelog.as_str();
        let doing = "looking up the end of the changelog";
        let everything = self.reader(Isolation::Everything)?;
        let end = || Ok(everything.fetch_watermarks(topic, partition, LOOKUP)?.1);
        let Some(end) = self.ask(partition, doing, end)? else { return Ok(None) };
        let began = Instant::now();
        let mut warned = false;
        loop {
            let stable = || Ok(reader.fetch_watermarks(topic, partition, LOOKUP)?.1);
            let Some(stable) = self.ask(partition, doing, stable)? else { return Ok(None) };
            if stable >= end {
                return Ok(Some(end));
            }
            let words = format!("the transaction at offset {stable} of {topic} [{partition}] to end");
            self.state.restores(self.thread, &words);
            if !warned && began.elapsed() > self.processing.transaction_timeout + TIMEOUT_NOTICED {
                warned = true;
                tracing::warn!(
                    topic,
                    partition,
                    stable,
                    end,
                    "a transaction is open for longer than it may be"
                );
            }
            if !self.pulse(partition)? {
                return Ok(None);
            }
            self.stop.rest(SLICE);
        }
    }

    /// Gives the committed records below `end` to the state; false where the partition is ours no more or the stage is to stop.
    fn replay(
        &mut self,
        reader: BaseConsumer<Reading>,
        topic: &str,
        partition: i32,
        end: i64,
        mut restore: impl FnMut(&Record<'_>) -> Result<(), Rejection>,
    ) -> Result<bool, Error> {
        let mut reader = BoundedReader::of(reader, topic, BTreeMap::from([(partition, end)]), LOOKUP)?;
        let mut since_pulse = 0;
        loop {
            let look = reader.look(SLICE, |record| (record.offset(), restore(record)))?;
            match look {
                Look::Record((_, Ok(()))) => {
                    self.metrics.records.inc();
                    since_pulse += 1;
                }
                Look::Record((offset, Err(Rejection { code, message }))) => {
                    return Err(Error::Changelog {
                        topic: topic.to_owned(),
                        partition,
                        offset,
                        code,
                        message,
                    });
                }
                Look::Nothing => since_pulse = SLICE_RECORDS,
                Look::End => return Ok(true),
            }
            if since_pulse >= SLICE_RECORDS {
                since_pulse = 0;
                if !self.pulse(partition)? {
                    return Ok(false);
                }
            }
        }
    }

    /// Asks the cluster until it answers; none where the partition is ours no more or the stage is to stop.
    fn ask<T>(
        &mut self,
        partition: i32,
        doing: &'static str,
        ask: impl Fn() -> Result<T, KafkaError>,
    ) -> Result<Option<T>, Error> {
        loop {
            match ask() {
                Ok(answer) => return Ok(Some(answer)),
                Err(source) if is_refused(&source) => return Err(Error::Kafka { doing, source }),
                Err(error) => {
                    tracing::warn!(doing, %error, "state is not restored yet: asking again");
                    self.state.restores(self.thread, &format!("the cluster: {doing}: {error}"));
                }
            }
            if !self.pulse(partition)? {
                return Ok(None);
            }
            self.stop.rest(SLICE);
        }
    }

    /// Takes part in the group while the state is restored; false where the partition is ours no more or the stage is
    /// to stop.
    fn pulse(&mut self, partition: i32) -> Result<bool, Error> {
        self.state.beat(self.thread);
        // One rebalance a poll: a partition that is taken away and given back is not overlooked.
        self.poll(Duration::ZERO)?;
        Ok(!self.stop.is_stopped() && self.unrestored.contains_key(&partition))
    }
}
