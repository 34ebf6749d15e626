//! Reading a batch: as soon as nothing more waits, or when it is full.

use std::time::{Duration, Instant};

use rdkafka::Message;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::BorrowedMessage;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::Error;
use crate::context::{Change, Consuming};
use crate::record::NextOffset;
use crate::settings::Processing;

/// Longest wait for a first record: so often a stage without work looks whether it is to stop.
pub(crate) const IDLE: Duration = Duration::from_millis(100);

/// Times that the group may be left for slowness without a commit in between.
const MOST_LATE: usize = 3;

/// Records that commit together.
pub(crate) struct Batch<'a> {
    pub(crate) messages: Vec<BorrowedMessage<'a>>,
    pub(crate) begun: Instant,
}

/// Polls until the batch is full, or nothing more waits and the last commit is long enough ago.
///
/// # Errors
/// Where the consumer cannot go on.
pub(crate) fn read<'a>(
    consumer: &'a BaseConsumer<Consuming>,
    processing: &Processing,
    last_commit: Instant,
) -> Result<Batch<'a>, Error> {
    let earliest = last_commit + processing.commit_interval;
    let mut batch = Batch { messages: Vec::new(), begun: Instant::now() };
    let mut bytes = 0;
    while batch.messages.len() < processing.batch_records && bytes < processing.batch_bytes {
        let wait =
            if batch.messages.is_empty() { IDLE } else { earliest.saturating_duration_since(Instant::now()) };
        let polled = consumer.poll(wait);
        batch.drop_revoked(consumer);
        match polled {
            Some(Ok(message)) => {
                if batch.messages.is_empty() {
                    batch.begun = Instant::now();
                }
                bytes += message.payload_len() + message.key_len();
                batch.messages.push(message);
            }
            Some(Err(error)) => sort(consumer.context(), error)?,
            None if wait.is_zero() || batch.messages.is_empty() => break,
            None => {}
        }
    }
    Ok(batch)
}

impl Batch<'_> {
    /// What was read of a partition before it was taken away belongs to its next owner.
    fn drop_revoked(&mut self, consumer: &BaseConsumer<Consuming>) {
        for change in consumer.context().take_changes() {
            if let Change::Revoked { partitions, .. } = change {
                self.messages.retain(|m| !partitions.contains(&m.partition()));
            }
        }
    }

    /// The offsets to commit when the batch is done.
    pub(crate) fn next_offsets(&self) -> Result<TopicPartitionList, KafkaError> {
        self.offsets(|message| NextOffset::after(message.offset()).get(), true)
    }

    /// The offsets at which the batch begins.
    pub(crate) fn first_offsets(&self) -> Result<TopicPartitionList, KafkaError> {
        self.offsets(|message| message.offset(), false)
    }

    fn offsets(
        &self,
        offset: impl Fn(&BorrowedMessage<'_>) -> i64,
        last: bool,
    ) -> Result<TopicPartitionList, KafkaError> {
        let mut by_partition: Vec<(&str, i32, i64)> = Vec::new();
        for message in &self.messages {
            let (topic, partition) = (message.topic(), message.partition());
            match by_partition.iter_mut().find(|(t, p, _)| *p == partition && *t == topic) {
                Some(entry) if last => entry.2 = offset(message),
                Some(_) => {}
                None => by_partition.push((topic, partition, offset(message))),
            }
        }
        let mut list = TopicPartitionList::with_capacity(by_partition.len());
        for (topic, partition, offset) in by_partition {
            list.add_partition_offset(topic, partition, Offset::Offset(offset))?;
        }
        Ok(list)
    }
}

/// Errors of a consumer that end the stage; the others librdkafka mends itself.
pub(crate) fn sort(context: &Consuming, error: KafkaError) -> Result<(), Error> {
    use RDKafkaErrorCode as Code;
    match error.rdkafka_error_code() {
        // The next poll takes part in the group again; a batch that is too slow each time never gets anywhere.
        Some(Code::PollExceeded) if context.is_late() < MOST_LATE => {
            tracing::warn!("batch took longer than `max.poll.interval.ms`: joining the group again");
            Ok(())
        }
        Some(Code::PollExceeded) => Err(Error::PollInterval),
        Some(
            Code::TopicAuthorizationFailed
            | Code::GroupAuthorizationFailed
            | Code::ClusterAuthorizationFailed
            | Code::Fatal
            | Code::InvalidGroupId
            | Code::UnsupportedVersion
            | Code::UnsupportedSASLMechanism
            | Code::InconsistentGroupProtocol,
        ) => Err(Error::Kafka { doing: "reading", source: error }),
        _ if matches!(error, KafkaError::MessageConsumptionFatal(_)) => {
            Err(Error::Kafka { doing: "reading", source: error })
        }
        // The client's own report says so already.
        Some(Code::BrokerTransportFailure | Code::AllBrokersDown | Code::Resolve) => Ok(()),
        _ => {
            tracing::warn!(%error, "reading is held up");
            Ok(())
        }
    }
}
