//! Reads a whole topic once, without a group: from the first record to what was its end at the beginning.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::Message;
use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::Error;
use crate::client;
use crate::reports::Reports;
use crate::settings::Kafka;

/// Longest single wait for a record.
const WAIT: Duration = Duration::from_millis(100);

/// Which records are seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// Those of committed transactions, and those outside any: what every reader of Siaga's topics should see.
    #[default]
    Committed,
    /// All, those of aborted and of open transactions too.
    Everything,
}

/// A record that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedRecord {
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// Milliseconds since 1970-01-01T00:00:00Z; 0 where the record has no timestamp.
    pub timestamp: i64,
    /// Key.
    pub key: Option<Vec<u8>>,
    /// Value; none for a tombstone.
    pub payload: Option<Vec<u8>>,
    /// Headers, in order.
    pub headers: Vec<(String, Option<Vec<u8>>)>,
}

impl OwnedRecord {
    /// The last header of a name.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().rev().find(|(key, _)| key == name).and_then(|(_, value)| value.as_deref())
    }
}

/// Reads a topic from its first record to its end at the time of [`Self::open`]; the records of a partition come in
/// order, those of several in any. No group is joined and nothing is committed.
pub struct BoundedReader {
    consumer: BaseConsumer<Reading>,
    topic: String,
    /// Partitions that are not at their end yet, and the offset behind their last record.
    open: BTreeMap<i32, i64>,
    longest_silence: Duration,
}

impl std::fmt::Debug for BoundedReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BoundedReader")
            .field("topic", &self.topic)
            .field("open", &self.open)
            .finish_non_exhaustive()
    }
}

impl BoundedReader {
    /// Finds the ends and begins to read. Where the cluster is silent for longer than `longest_silence`, here or
    /// later, the reader fails.
    ///
    /// # Errors
    /// Where the topic does not exist or the cluster does not answer.
    pub fn open(
        kafka: &Kafka,
        topic: &str,
        isolation: Isolation,
        longest_silence: Duration,
    ) -> Result<Self, Error> {
        let client_id = format!("{}-reader", kafka.prefix);
        let failed = |doing| move |source| Error::Kafka { doing, source };
        let consumer: BaseConsumer<Reading> = client::reader(kafka, &client_id, isolation)?
            .create_with_context(Reading(Reports::of("reader")))
            .map_err(failed("making a client"))?;
        let deadline = Instant::now() + longest_silence;
        let ends = loop {
            match ends(&consumer, topic, longest_silence) {
                Ok(ends) => break ends,
                // A broker that has just come back does not know its partitions yet.
                Err(error) if is_passing(&error) && Instant::now() < deadline => std::thread::sleep(WAIT),
                Err(source) => return Err(Error::Kafka { doing: "looking up the ends of a topic", source }),
            }
        };
        let mut open = BTreeMap::new();
        let mut assignment = TopicPartitionList::new();
        for (partition, (start, end)) in ends {
            if start < end {
                open.insert(partition, end);
                assignment
                    .add_partition_offset(topic, partition, Offset::Beginning)
                    .map_err(failed("choosing partitions"))?;
            }
        }
        consumer.assign(&assignment).map_err(failed("choosing partitions"))?;
        Ok(Self { consumer, topic: topic.to_owned(), open, longest_silence })
    }

    /// Offsets behind the last record of each partition that is not read to its end; of all that have records where
    /// nothing is read yet.
    pub fn ends(&self) -> &BTreeMap<i32, i64> {
        &self.open
    }

    /// The next record; none at the end.
    ///
    /// # Errors
    /// Where the cluster cannot be read from or is silent for too long.
    pub fn next_record(&mut self) -> Result<Option<OwnedRecord>, Error> {
        let deadline = Instant::now() + self.longest_silence;
        while !self.open.is_empty() {
            let failed = |source| Error::Kafka { doing: "reading", source };
            match self.consumer.poll(WAIT) {
                Some(Ok(message)) => {
                    let (partition, offset) = (message.partition(), message.offset());
                    let Some(&end) = self.open.get(&partition) else { continue };
                    let record = (offset < end).then(|| owned(&message));
                    drop(message);
                    if offset + 1 >= end {
                        self.finish(partition).map_err(failed)?;
                    }
                    if record.is_some() {
                        return Ok(record);
                    }
                }
                // Behind the last record there may be marks of transactions, which nobody is given.
                Some(Err(KafkaError::PartitionEOF(partition))) => self.finish(partition).map_err(failed)?,
                Some(Err(error)) if is_final(&error) => return Err(failed(error)),
                Some(Err(error)) => tracing::warn!(%error, topic = self.topic, "reading is held up"),
                None => {}
            }
            if Instant::now() > deadline {
                return Err(failed(KafkaError::MessageConsumption(RDKafkaErrorCode::OperationTimedOut)));
            }
        }
        Ok(None)
    }

    fn finish(&mut self, partition: i32) -> Result<(), KafkaError> {
        if self.open.remove(&partition).is_some() {
            let mut done = TopicPartitionList::new();
            done.add_partition(&self.topic, partition);
            self.consumer.pause(&done)?;
        }
        Ok(())
    }
}

impl Iterator for BoundedReader {
    type Item = Result<OwnedRecord, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_record().transpose()
    }
}

/// Context of the consumer.
struct Reading(Reports);

impl ClientContext for Reading {
    fn error(&self, error: KafkaError, reason: &str) {
        // The end of a partition is no error, although it is reported as one.
        if error.rdkafka_error_code() != Some(RDKafkaErrorCode::PartitionEOF) {
            self.0.tell(&error, reason);
        }
    }
}

impl ConsumerContext for Reading {}

/// Offsets of the first record of each partition and behind its last one.
fn ends(
    consumer: &BaseConsumer<Reading>,
    topic: &str,
    longest: Duration,
) -> Result<BTreeMap<i32, (i64, i64)>, KafkaError> {
    let metadata = consumer.fetch_metadata(Some(topic), longest)?;
    let found = metadata.topics().iter().find(|t| t.name() == topic);
    let missing = KafkaError::MetadataFetch(RDKafkaErrorCode::UnknownTopicOrPartition);
    let found = found.ok_or(missing)?;
    if let Some(error) = found.error() {
        return Err(KafkaError::MetadataFetch(error.into()));
    }
    let end = |partition: i32| Ok((partition, consumer.fetch_watermarks(topic, partition, longest)?));
    found.partitions().iter().map(|partition| end(partition.id())).collect()
}

/// Errors of a lookup that waiting mends.
fn is_passing(error: &KafkaError) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(
        error.rdkafka_error_code(),
        Some(
            Code::NotLeaderForPartition
                | Code::LeaderNotAvailable
                | Code::BrokerTransportFailure
                | Code::AllBrokersDown
                | Code::UnknownPartition
                | Code::RequestTimedOut
        )
    )
}

/// Errors that no waiting mends.
fn is_final(error: &KafkaError) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(
        error.rdkafka_error_code(),
        Some(
            Code::TopicAuthorizationFailed
                | Code::ClusterAuthorizationFailed
                | Code::UnknownTopicOrPartition
                | Code::UnknownTopic
                | Code::OffsetOutOfRange
                | Code::AutoOffsetReset
                | Code::Fatal
        )
    )
}

fn owned(message: &BorrowedMessage<'_>) -> OwnedRecord {
    let headers = message
        .headers()
        .map(|headers| headers.iter().map(|h| (h.key.to_owned(), h.value.map(<[u8]>::to_vec))).collect());
    OwnedRecord {
        partition: message.partition(),
        offset: message.offset(),
        timestamp: message.timestamp().to_millis().unwrap_or(0),
        key: message.key().map(<[u8]>::to_vec),
        payload: message.payload().map(<[u8]>::to_vec),
        headers: headers.unwrap_or_default(),
    }
}
