//! A transaction of a batch, with librdkafka's slow corners avoided.
//!
//! `commit_transaction` flushes in steps of 100 ms, and an abort waits for records that were never sent until its
//! timeout is over. So the producer is drained before a commit by serving `poll` until nothing is in flight, and
//! purged and drained the same way before an abort.

use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::OwnedHeaders;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, PurgeConfig};
use rdkafka::topic_partition_list::TopicPartitionList;

use crate::Error;
use crate::context::{Consuming, Producing};
use crate::error::{Trouble, is_refusal, transaction_error};
use crate::health::{State, Stop};
use crate::settings::Guarantee;

/// Longest single call to the broker; the loop beats between two of them.
const CALL: Duration = Duration::from_secs(5);

/// Times that a producer is made anew without a commit in between.
const MOST_RENEWALS: usize = 5;

/// Wait between two attempts to prepare a producer.
const RETRY: Duration = Duration::from_millis(500);

/// A record to be sent, borrowed from its maker.
pub(crate) struct Outgoing<'a> {
    pub(crate) topic: &'a str,
    pub(crate) partition: Option<i32>,
    pub(crate) key: Option<&'a [u8]>,
    pub(crate) payload: Option<&'a [u8]>,
    pub(crate) timestamp: i64,
    pub(crate) headers: OwnedHeaders,
    /// Number of the record of the batch that made it.
    pub(crate) record: usize,
}

/// The producer of a thread and how it keeps its promise.
pub(crate) struct Writer {
    /// What the producer is made of.
    pub(crate) config: ClientConfig,
    pub(crate) producer: BaseProducer<Producing>,
    /// When the last transaction began.
    pub(crate) begun: Instant,
    /// Times since the last commit that the producer was made anew.
    pub(crate) renewed: usize,
    pub(crate) guarantee: Guarantee,
    pub(crate) transactional_id: String,
    /// Longest time from the beginning of a transaction to its commit.
    pub(crate) timeout: Duration,
    pub(crate) thread: usize,
    pub(crate) state: State,
    pub(crate) stop: Stop,
}

impl Writer {
    fn trouble(&self, doing: &'static str, error: KafkaError) -> Trouble {
        Trouble::of(doing, &self.transactional_id, error)
    }

    fn undelivered(&self, doing: &'static str, error: KafkaError, record: usize) -> Trouble {
        if is_refusal(&error) {
            Trouble::Refused { record, source: error }
        } else {
            self.trouble(doing, error)
        }
    }

    /// Prepares the transactional producer, fencing whoever ran under its id; tried once, for at most some seconds.
    fn initialise(&self) -> Result<(), Trouble> {
        match self.guarantee {
            Guarantee::ExactlyOnce => {
                self.producer.init_transactions(CALL).map_err(|e| self.trouble("preparing the producer", e))
            }
            Guarantee::AtLeastOnce => Ok(()),
        }
    }

    /// Makes the producer anew where it has failed for good for a reason that a new one does not have: as when the
    /// brokers were away for so long that they gave its transaction up. False where another instance has fenced it,
    /// where it may not do its work, or where that has not helped before.
    ///
    /// # Errors
    /// Where a producer cannot be made.
    pub(crate) fn renew(&mut self, error: &Error) -> Result<bool, Error> {
        use RDKafkaErrorCode as Code;
        let failed = match self.producer.client().fatal_error() {
            Some((
                Code::TransactionalIdAuthorizationFailed
                | Code::ClusterAuthorizationFailed
                | Code::UnsupportedVersion
                | Code::InvalidTransactionTimeout,
                _,
            ))
            | None => false,
            Some(_) => true,
        };
        // A transaction that took too long is fenced as well.
        let is_late = self.begun.elapsed() > self.timeout;
        if !failed || self.renewed >= MOST_RENEWALS || (matches!(error, Error::Fenced { .. }) && !is_late) {
            return Ok(false);
        }
        tracing::warn!(%error, is_late, "making the producer anew");
        let made = self.config.create_with_context(Producing::default());
        self.producer = made.map_err(|source| Error::Kafka { doing: "making a client", source })?;
        self.renewed += 1;
        Ok(true)
    }

    /// Prepares the producer, however long that takes; false where the stage is asked to stop first.
    ///
    /// # Errors
    /// What no waiting mends.
    pub(crate) fn wait_initialised(&self) -> Result<bool, Error> {
        while !self.stop.is_stopped() {
            self.state.beat(self.thread);
            match self.initialise() {
                Ok(()) => return Ok(true),
                Err(Trouble::Fatal(error)) => return Err(error),
                Err(
                    Trouble::Redo { source, .. }
                    | Trouble::Rejoin { source }
                    | Trouble::Refused { source, .. },
                ) => {
                    tracing::warn!(error = %source, "producer is not ready: trying again");
                    self.stop.rest(RETRY);
                }
            }
        }
        Ok(false)
    }

    pub(crate) fn begin(&mut self) -> Result<(), Trouble> {
        self.begun = Instant::now();
        match self.guarantee {
            Guarantee::ExactlyOnce => {
                self.producer.begin_transaction().map_err(|e| self.trouble("beginning a transaction", e))
            }
            Guarantee::AtLeastOnce => Ok(()),
        }
    }

    /// Enqueues a record; waits where the queue is full.
    pub(crate) fn send(&self, outgoing: Outgoing<'_>) -> Result<(), Trouble> {
        let deadline = Instant::now() + self.timeout;
        let mut record = BaseRecord::<[u8], [u8], usize>::with_opaque_to(outgoing.topic, outgoing.record)
            .timestamp(outgoing.timestamp)
            .headers(outgoing.headers);
        record.partition = outgoing.partition;
        record.key = outgoing.key;
        record.payload = outgoing.payload;
        loop {
            match self.producer.send(record) {
                Ok(()) => return Ok(()),
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), refused))
                    if Instant::now() < deadline =>
                {
                    self.state.beat(self.thread);
                    self.producer.poll(Duration::from_millis(1));
                    record = refused;
                }
                Err((error, _)) => {
                    return Err(self.undelivered("sending a record", error, outgoing.record));
                }
            }
        }
    }

    /// Commits outputs and offsets.
    pub(crate) fn commit(
        &mut self,
        consumer: &BaseConsumer<Consuming>,
        offsets: &TopicPartitionList,
    ) -> Result<(), Trouble> {
        self.end(consumer, offsets)?;
        self.renewed = 0;
        Ok(())
    }

    fn end(&self, consumer: &BaseConsumer<Consuming>, offsets: &TopicPartitionList) -> Result<(), Trouble> {
        let ending = Instant::now();
        self.drain()?;
        let drained = ending.elapsed();
        if self.guarantee == Guarantee::AtLeastOnce {
            let commit = consumer.commit(offsets, rdkafka::consumer::CommitMode::Sync);
            return commit.map_err(|e| self.trouble("committing offsets", e));
        }
        let moved_on = || {
            self.trouble("reading the group", KafkaError::ConsumerCommit(RDKafkaErrorCode::UnknownMemberId))
        };
        // Read anew: the generation is the one of the last poll, so an instance that lost its partitions is fenced.
        // One that has left its group has no name any more and would not be: the assignment counts as lost then.
        let group = consumer.group_metadata().ok_or_else(moved_on)?;
        if consumer.assignment_lost() {
            return Err(moved_on());
        }
        let deadline = Instant::now() + self.timeout;
        self.retried(
            "sending offsets",
            || Instant::now() > deadline,
            || self.producer.send_offsets_to_transaction(offsets, &group, CALL),
        )?;
        let with_offsets = ending.elapsed();
        // Once asked for, the commit may have happened: only its own answer ends the wait, or the end of the stage.
        let committed = self.retried(
            "committing a transaction",
            || self.stop.is_stopped() && Instant::now() > deadline,
            || self.producer.commit_transaction(CALL),
        );
        tracing::debug!(
            drain = ?drained,
            offsets = ?with_offsets.checked_sub(drained),
            commit = ?ending.elapsed().checked_sub(with_offsets),
            "transaction ended"
        );
        committed
    }

    /// Serves deliveries until none is outstanding; an error where one failed or time is up.
    pub(crate) fn drain(&self) -> Result<(), Trouble> {
        let deadline = Instant::now() + self.timeout;
        loop {
            let outstanding = self.producer.in_flight_count();
            self.producer.poll(if outstanding > 0 { Duration::from_millis(1) } else { Duration::ZERO });
            if let Some((error, record)) = self.producer.context().take_failure() {
                return Err(self.undelivered("delivering a record", error, record));
            }
            if outstanding == 0 {
                return Ok(());
            }
            self.state.beat(self.thread);
            if Instant::now() > deadline {
                let late = KafkaError::MessageProduction(RDKafkaErrorCode::MessageTimedOut);
                return Err(self.trouble("delivering records", late));
            }
        }
    }

    /// Calls again while librdkafka says that a call may simply be made again.
    fn retried(
        &self,
        doing: &'static str,
        give_up: impl Fn() -> bool,
        call: impl Fn() -> Result<(), KafkaError>,
    ) -> Result<(), Trouble> {
        loop {
            self.state.beat(self.thread);
            match call() {
                Ok(()) => return Ok(()),
                Err(error) => {
                    let flags = transaction_error(&error);
                    let again =
                        flags.is_some_and(|f| f.is_retriable() && !f.txn_requires_abort() && !f.is_fatal());
                    if !again || give_up() {
                        return Err(self.trouble(doing, error));
                    }
                    self.state.trouble(self.thread, &format!("{doing}: {error}"));
                    tracing::warn!(doing, %error, "transaction is held up");
                }
            }
        }
    }

    /// Aborts: what was enqueued is dropped, nothing of it is ever seen by a read-committed reader.
    pub(crate) fn abort(&self) -> Result<(), Trouble> {
        self.producer.purge(PurgeConfig::default().queue().inflight());
        let deadline = Instant::now() + CALL;
        while self.producer.in_flight_count() > 0 && Instant::now() < deadline {
            self.producer.poll(Duration::from_millis(1));
        }
        drop(self.producer.context().take_failure());
        match self.guarantee {
            Guarantee::ExactlyOnce => {
                let deadline = Instant::now() + self.timeout;
                self.retried(
                    "aborting a transaction",
                    || Instant::now() > deadline,
                    || self.producer.abort_transaction(CALL),
                )
            }
            Guarantee::AtLeastOnce => Ok(()),
        }
    }
}
