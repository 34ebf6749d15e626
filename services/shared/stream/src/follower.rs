//! Reads all partitions of a topic without a group, and goes on with what comes: for whoever needs to know all of it,
//! in each replica.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rdkafka::Message;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::reader::{self, Isolation, Reading, is_refused, tell_of};
use crate::settings::Kafka;
use crate::thread::LOOKUP;
use crate::{Error, Record, client};

/// Time between two looks at the partitions and ends of the topic.
const LOOK: Duration = Duration::from_secs(10);

/// Where a follower begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum From {
    /// At the first record that the topic still has.
    #[default]
    Beginning,
    /// At the first record of each partition whose timestamp is this or later, in milliseconds since
    /// 1970-01-01T00:00:00Z.
    Timestamp(i64),
}

/// What comes next of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed<R> {
    /// What the caller made of a record.
    Record(R),
    /// All that was there at the beginning is read; told once. What follows is news.
    CaughtUp,
    /// Nothing came in time.
    Nothing,
}

/// Reads the committed records of a topic: the records of a partition come in order, those of several in any. No group
/// is joined and nothing is committed. Where retention is faster than the reader, it goes on with what is left.
///
/// A topic that was deleted and made anew is told from the old one where it ends before what was read: librdkafka names
/// no topic ids. Where the new one has grown past that before anybody looks, nothing shows it.
pub struct Follower {
    consumer: BaseConsumer<Reading>,
    topic: String,
    /// Of each partition the offset behind what was read.
    read: BTreeMap<i32, i64>,
    /// Of each partition the offset behind its last record, when it was looked up last.
    ends: BTreeMap<i32, i64>,
    /// Partitions whose end was reached after their last record: behind it there may be marks of transactions.
    at_end: BTreeSet<i32>,
    /// Partitions that are not caught up with yet, and the offset behind what is to be read of them.
    behind: BTreeMap<i32, i64>,
    has_told: bool,
    looked: Instant,
}

impl std::fmt::Debug for Follower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Follower")
            .field("topic", &self.topic)
            .field("behind", &self.behind)
            .finish_non_exhaustive()
    }
}

impl Follower {
    /// Finds where to begin and begins to read; waits at most this long for each answer of the cluster. `name` is its
    /// part of the client id.
    ///
    /// # Errors
    /// Where the topic does not exist or the cluster does not answer.
    pub fn open(
        kafka: &Kafka,
        name: &str,
        topic: &str,
        from: From,
        longest: Duration,
    ) -> Result<Self, Error> {
        let failed = |doing| move |source| Error::Kafka { doing, source };
        let mut config = client::reader(kafka, &format!("{}-{name}", kafka.prefix), Isolation::Committed)?;
        config.set("auto.offset.reset", "earliest");
        let consumer = reader::create(&config)?;
        let looking = failed("looking up the ends of a topic");
        let bounds = reader::bounds(&consumer, topic, longest).map_err(looking)?;
        let mut assignment = TopicPartitionList::new();
        for partition in bounds.keys() {
            let offset = match from {
                From::Beginning => Offset::Beginning,
                From::Timestamp(time) => Offset::Offset(time),
            };
            assignment
                .add_partition_offset(topic, *partition, offset)
                .map_err(failed("choosing partitions"))?;
        }
        if let From::Timestamp(_) = from {
            let looking = failed("looking up the offsets of a time");
            assignment = consumer.offsets_for_times(assignment, longest).map_err(looking)?;
        }
        let (mut behind, mut read) = (BTreeMap::new(), BTreeMap::new());
        for element in assignment.elements() {
            element.error().map_err(failed("looking up the offsets of a time"))?;
            let &(start, end) = bounds.get(&element.partition()).unwrap_or(&(0, 0));
            // Behind the end is no record of that time.
            let first = element.offset().to_raw().filter(|first| *first >= 0).unwrap_or(start);
            let has_more = element.offset() != Offset::End && first < end;
            if has_more {
                behind.insert(element.partition(), end);
            }
            read.insert(element.partition(), if has_more { first } else { end });
        }
        consumer.incremental_assign(&assignment).map_err(failed("choosing partitions"))?;
        let ends = bounds.into_iter().map(|(partition, (_, end))| (partition, end)).collect();
        let (topic, looked) = (topic.to_owned(), Instant::now());
        let at_end = BTreeSet::new();
        Ok(Self { consumer, topic, read, ends, at_end, behind, has_told: false, looked })
    }

    /// Records behind the ends of the partitions, as they were when they were looked up last.
    pub fn lag(&self) -> u64 {
        let read = |partition| self.read.get(partition).copied().unwrap_or(0);
        let open = self.ends.iter().filter(|(partition, _)| !self.at_end.contains(partition));
        open.map(|(partition, end)| u64::try_from(end - read(partition)).unwrap_or(0)).sum()
    }

    /// Whether all that was there at the beginning is read.
    pub fn is_caught_up(&self) -> bool {
        self.behind.is_empty()
    }

    /// Looks at the next record where it comes in time. A cluster that is away for a while is waited for.
    ///
    /// # Errors
    /// Where the topic may not be read, or was made anew.
    pub fn next<R>(
        &mut self,
        longest: Duration,
        look: impl FnOnce(&Record<'_>) -> R,
    ) -> Result<Followed<R>, Error> {
        if self.behind.is_empty() && !self.has_told {
            self.has_told = true;
            return Ok(Followed::CaughtUp);
        }
        self.look_around()?;
        match self.consumer.poll(longest) {
            Some(Ok(message)) => {
                let (partition, next) = (message.partition(), message.offset() + 1);
                let read = self.read.entry(partition).or_default();
                if next <= *read {
                    return Err(Error::MadeAnew { topic: self.topic.clone() });
                }
                *read = next;
                self.at_end.remove(&partition);
                let seen = look(&Record::new(&message));
                if self.behind.get(&partition).is_some_and(|end| next >= *end) {
                    self.behind.remove(&partition);
                }
                return Ok(Followed::Record(seen));
            }
            // Behind the last record there may be marks of transactions, which nobody is given.
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                self.behind.remove(&partition);
                self.at_end.insert(partition);
            }
            Some(Err(source)) if is_refused(&source) => {
                return Err(Error::Kafka { doing: "reading", source });
            }
            Some(Err(error)) => tell_of(&error, &self.topic),
            None => {}
        }
        Ok(Followed::Nothing)
    }

    /// Looks up the ends, and reads partitions that the topic has been given since.
    fn look_around(&mut self) -> Result<(), Error> {
        let failed = |source| Error::Kafka { doing: "choosing new partitions", source };
        if self.looked.elapsed() < LOOK {
            return Ok(());
        }
        self.looked = Instant::now();
        let Ok(bounds) = reader::bounds(&self.consumer, &self.topic, LOOKUP) else {
            // A cluster that is away has other words for it.
            return Ok(());
        };
        let mut new = TopicPartitionList::new();
        for (partition, (_, end)) in bounds {
            match self.read.get(&partition) {
                Some(read) if end < *read => return Err(Error::MadeAnew { topic: self.topic.clone() }),
                Some(_) => {}
                None => {
                    new.add_partition_offset(&self.topic, partition, Offset::Beginning).map_err(failed)?;
                    self.read.insert(partition, 0);
                }
            }
            self.ends.insert(partition, end);
        }
        if new.count() > 0 { self.consumer.incremental_assign(&new).map_err(failed) } else { Ok(()) }
    }
}
