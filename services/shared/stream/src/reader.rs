//! Reads a whole topic once, without a group: from the first record to what was its end at the beginning.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::Message;
use rdkafka::client::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::client;
use crate::reports::Reports;
use crate::settings::Kafka;
use crate::{Error, Record};

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
    pub(crate) fn of(record: &Record<'_>) -> Self {
        Self {
            partition: record.partition(),
            offset: record.offset(),
            timestamp: record.timestamp(),
            key: record.key().map(<[u8]>::to_vec),
            payload: record.payload().map(<[u8]>::to_vec),
            headers: record
                .headers()
                .map(|(key, value)| (key.to_owned(), value.map(<[u8]>::to_vec)))
                .collect(),
        }
    }

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
        let consumer = consumer(kafka, &format!("{}-reader", kafka.prefix), isolation)?;
        let deadline = Instant::now() + longest_silence;
        let bounds = loop {
            match bounds(&consumer, topic, longest_silence) {
                Ok(bounds) => break bounds,
                // A broker that has just come back does not know its partitions yet.
                Err(error) if is_passing(&error) && Instant::now() < deadline => std::thread::sleep(WAIT),
                Err(source) => return Err(Error::Kafka { doing: "looking up the ends of a topic", source }),
            }
        };
        let ends = bounds.into_iter().filter(|(_, (start, end))| start < end);
        Self::of(
            consumer,
            topic,
            ends.map(|(partition, (_, end))| (partition, end)).collect(),
            longest_silence,
        )
    }

    /// Reads some partitions from their beginnings to these ends.
    pub(crate) fn of(
        consumer: BaseConsumer<Reading>,
        topic: &str,
        ends: BTreeMap<i32, i64>,
        longest_silence: Duration,
    ) -> Result<Self, Error> {
        let failed = |source| Error::Kafka { doing: "choosing partitions", source };
        let mut assignment = TopicPartitionList::new();
        for partition in ends.keys() {
            assignment.add_partition_offset(topic, *partition, Offset::Beginning).map_err(failed)?;
        }
        consumer.assign(&assignment).map_err(failed)?;
        Ok(Self { consumer, topic: topic.to_owned(), open: ends, longest_silence })
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
        while Instant::now() <= deadline {
            match self.look(WAIT, OwnedRecord::of)? {
                Look::Record(record) => return Ok(Some(record)),
                Look::Nothing => {}
                Look::End => return Ok(None),
            }
        }
        let silent = KafkaError::MessageConsumption(RDKafkaErrorCode::OperationTimedOut);
        Err(Error::Kafka { doing: "reading", source: silent })
    }

    /// Looks at the next record where it comes in time.
    ///
    /// # Errors
    /// Where the cluster cannot be read from.
    pub(crate) fn look<R>(
        &mut self,
        longest: Duration,
        look: impl FnOnce(&Record<'_>) -> R,
    ) -> Result<Look<R>, Error> {
        let failed = |source| Error::Kafka { doing: "reading", source };
        if self.open.is_empty() {
            return Ok(Look::End);
        }
        match self.consumer.poll(longest) {
            Some(Ok(message)) => {
                let (partition, offset) = (message.partition(), message.offset());
                let Some(&end) = self.open.get(&partition) else { return Ok(Look::Nothing) };
                let seen = (offset < end).then(|| look(&Record::new(&message)));
                drop(message);
                if offset + 1 >= end {
                    self.finish(partition).map_err(failed)?;
                }
                return Ok(seen.map_or(Look::Nothing, Look::Record));
            }
            // Behind the last record there may be marks of transactions, which nobody is given.
            Some(Err(KafkaError::PartitionEOF(partition))) => self.finish(partition).map_err(failed)?,
            Some(Err(error)) if is_final(&error) => return Err(failed(error)),
            Some(Err(error)) => tell_of(&error, &self.topic),
            None => {}
        }
        Ok(Look::Nothing)
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

/// What a look at the next record found.
#[derive(Debug)]
pub(crate) enum Look<R> {
    /// What the caller made of a record.
    Record(R),
    /// None came in time.
    Nothing,
    /// There is none any more.
    End,
}

/// A consumer outside any group.
pub(crate) fn consumer(
    kafka: &Kafka,
    client_id: &str,
    isolation: Isolation,
) -> Result<BaseConsumer<Reading>, Error> {
    create(&client::reader(kafka, client_id, isolation)?)
}

/// A consumer of a configuration.
pub(crate) fn create(config: &ClientConfig) -> Result<BaseConsumer<Reading>, Error> {
    config
        .create_with_context(Reading(Reports::of("reader")))
        .map_err(|source| Error::Kafka { doing: "making a client", source })
}

/// Context of the consumer.
pub(crate) struct Reading(Reports);

impl ClientContext for Reading {
    fn error(&self, error: KafkaError, reason: &str) {
        self.0.tell(&error, reason);
    }
}

impl ConsumerContext for Reading {}

/// Offsets of the first record of each partition and behind its last one.
pub(crate) fn bounds(
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
pub(crate) fn is_passing(error: &KafkaError) -> bool {
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
    is_refused(error)
        || matches!(
            error.rdkafka_error_code(),
            Some(
                Code::UnknownTopicOrPartition
                    | Code::UnknownTopic
                    | Code::OffsetOutOfRange
                    | Code::AutoOffsetReset
            )
        )
}

/// Says what holds a reader up, where its client does not say so itself.
pub(crate) fn tell_of(error: &KafkaError, topic: &str) {
    use RDKafkaErrorCode as Code;
    let code = error.rdkafka_error_code();
    if !matches!(code, Some(Code::BrokerTransportFailure | Code::AllBrokersDown | Code::Resolve)) {
        tracing::warn!(%error, topic, "reading is held up");
    }
}

/// Errors that no waiting mends, for who waits for a topic too: a broker that has just come back may not know it yet.
pub(crate) fn is_refused(error: &KafkaError) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(
        error.rdkafka_error_code(),
        Some(
            Code::TopicAuthorizationFailed
                | Code::GroupAuthorizationFailed
                | Code::ClusterAuthorizationFailed
                | Code::Fatal
        )
    )
}
