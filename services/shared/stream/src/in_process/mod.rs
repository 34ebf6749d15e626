//! librdkafka's in-process broker: a pipeline with real topics that needs no Kafka and ends with its process.
//!
//! That broker is made for tests, and what it lacks is made up for here. It keeps no offsets of transactions and joins
//! groups slowly, so partitions are assigned and there are no transactions. It drops the oldest records of a partition
//! past 5 MB, read or not, so a writer waits while much of a topic is unread; and it loses both of two neighbouring
//! batches that are larger than that together, so records are compressed and bounded. Producers are idempotent, and a
//! reader fails where an offset is missing: a record is never lost in silence.

mod flow;
mod stage;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::publisher::{Message, Publisher, Publishing};
use crate::reader::Isolation;
use crate::settings::Kafka;
use crate::stateful::States;
use crate::{Error, Processor, Record, StatefulProcessor, StatefulTopics, Topics, client};

use flow::Flow;
use stage::{Begun, Stage};

/// Longest wait for a record: so often an idle reader looks whether it is to stop.
const IDLE: Duration = Duration::from_millis(50);

/// Longest time until the broker, which is in this process, has a record.
const ACKNOWLEDGE: Duration = Duration::from_secs(60);

/// Memory for records on their way to the broker, in KiB, of each writer.
const BUFFER_KIB: usize = 128 * 1024;

/// Largest record, in bytes of key, value and headers. Two neighbouring ones must fit into 5 MB together; the least
/// compressible text, random printable ASCII, is compressed to 0.82 of its size.
pub const LARGEST_RECORD: u64 = 3 * 1024 * 1024;

/// Settings of the clients.
const PROPERTIES: [(&str, &str); 5] = [
    ("message.max.bytes", "10485760"),
    ("fetch.message.max.bytes", "10485760"),
    ("compression.type", "zstd"),
    ("fetch.wait.max.ms", "10"),
    ("fetch.queue.backoff.ms", "10"),
];

/// A broker and what runs on it. Dropped, it stops all and waits for its threads.
pub struct InProcess {
    kafka: Kafka,
    flow: Arc<Flow>,
    partitions: BTreeMap<String, i32>,
    threads: Vec<JoinHandle<()>>,
    /// Goes last: the clients of the threads are connected to it.
    _cluster: MockCluster<'static, DefaultProducerContext>,
}

impl std::fmt::Debug for InProcess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InProcess").field("partitions", &self.partitions).finish_non_exhaustive()
    }
}

impl InProcess {
    /// Starts a broker with these topics, each with its number of partitions.
    ///
    /// # Errors
    /// Where the broker does not start.
    pub fn start(prefix: &str, topics: &[(String, i32)]) -> Result<Self, Error> {
        let failed = |doing| move |source| Error::Kafka { doing, source };
        let cluster = MockCluster::new(1).map_err(failed("starting the in-process broker"))?;
        let flow = Arc::new(Flow::default());
        for (topic, partitions) in topics {
            cluster.create_topic(topic, *partitions, 1).map_err(failed("making a topic"))?;
            flow.add_topic(topic);
        }
        let kafka = Kafka {
            brokers: cluster.bootstrap_servers(),
            prefix: prefix.to_owned(),
            instance: "in-process".to_owned(),
            properties: PROPERTIES.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            ..Kafka::default()
        };
        let partitions = topics.iter().cloned().collect();
        Ok(Self { kafka, flow, partitions, threads: Vec::new(), _cluster: cluster })
    }

    /// A writer; `name` is its part of the client id.
    ///
    /// # Errors
    /// Where the client cannot be made.
    pub fn writer(&self, name: &str) -> Result<Writer, Error> {
        let publishing = Publishing { buffer_kib: BUFFER_KIB, acknowledge_timeout: ACKNOWLEDGE };
        let publisher = Publisher::new(&self.kafka, name, publishing, &[])?;
        Ok(Writer { publisher, flow: Arc::clone(&self.flow) })
    }

    /// A reader of all records of some topics. It is to be made before the first record is written: writers wait only
    /// for readers that they know.
    ///
    /// # Errors
    /// Where the client cannot be made.
    pub fn reader(&self, name: &str, topics: &[String]) -> Result<Reader, Error> {
        let failed = |doing| move |source| Error::Kafka { doing, source };
        let client_id = format!("{}-{name}", self.kafka.prefix);
        let consumer: BaseConsumer<Reading> = client::reader(&self.kafka, &client_id, Isolation::Everything)?
            .create_with_context(Reading)
            .map_err(failed("making a client"))?;
        let mut assignment = TopicPartitionList::new();
        let mut numbers = BTreeMap::new();
        for topic in topics {
            for partition in 0..self.partitions.get(topic).copied().unwrap_or(0) {
                assignment
                    .add_partition_offset(topic, partition, Offset::Offset(0))
                    .map_err(failed("choosing partitions"))?;
            }
            numbers.insert(topic.clone(), self.flow.add_reader(topic));
        }
        consumer.assign(&assignment).map_err(failed("choosing partitions"))?;
        Ok(Reader { consumer, numbers, next: BTreeMap::new(), flow: Arc::clone(&self.flow) })
    }

    /// Runs a stage on a thread of its own.
    ///
    /// # Errors
    /// Where its clients or its thread cannot be made.
    pub fn run<P: Processor + 'static>(
        &mut self,
        name: &str,
        topics: Topics,
        processor: P,
    ) -> Result<(), Error> {
        let reader = self.reader(name, std::slice::from_ref(&topics.input))?;
        let stage = Stage { name: name.to_owned(), reader, writer: self.writer(name)?, topics, processor };
        self.spawn(name, move || stage.run())
    }

    /// Runs a stage with state on a thread of its own. Its records come in the order in which they are read.
    ///
    /// # Errors
    /// Where its clients or its thread cannot be made.
    pub fn run_stateful<P: StatefulProcessor + 'static>(
        &mut self,
        name: &str,
        topics: StatefulTopics,
        new_state: impl Fn() -> P + Send + 'static,
    ) -> Result<(), Error> {
        let StatefulTopics { input, control, changelog } = topics;
        let inputs: Vec<String> = std::iter::once(&input).chain(&control).cloned().collect();
        let reader = self.reader(name, &inputs)?;
        let processor = Begun { states: States::new(control), new_state };
        let topics = Topics { input, outputs: vec![changelog] };
        let stage = Stage { name: name.to_owned(), reader, writer: self.writer(name)?, topics, processor };
        self.spawn(name, move || stage.run())
    }

    /// Runs other work that ends when its [`Writer::send`] says so; its error ends all.
    ///
    /// # Errors
    /// Where the system refuses a thread.
    pub fn spawn(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        let ending = Ending { flow: Arc::clone(&self.flow), name: name.to_owned(), ended: false };
        let run = move || {
            let mut ending = ending;
            let result = work();
            ending.ended = true;
            if let Err(error) = result {
                ending.flow.fail(format!("{}: {error}", ending.name));
            }
        };
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run).map_err(Error::Thread)?;
        self.threads.push(thread);
        Ok(())
    }

    /// Why it does not work any more; none while it does.
    pub fn failure(&self) -> Option<String> {
        self.flow.failure()
    }

    /// Whether everything that was written is read by all readers, and done.
    pub fn is_drained(&self) -> bool {
        self.flow.is_drained()
    }

    /// Records that ended in a stage without an output.
    pub fn skipped(&self, stage: &str) -> u64 {
        self.flow.skipped(stage)
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        self.flow.stop();
        for thread in self.threads.drain(..) {
            // What it had to say, it has said to the flow.
            drop(thread.join());
        }
    }
}

/// Tells of a thread that panicked.
struct Ending {
    flow: Arc<Flow>,
    name: String,
    ended: bool,
}

impl Drop for Ending {
    fn drop(&mut self) {
        if !self.ended {
            self.flow.fail(format!("{} panicked", self.name));
        }
    }
}

/// What became of a record that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way to the broker.
    Written,
    /// It is larger than [`LARGEST_RECORD`].
    TooLarge,
    /// All is to stop.
    Stopped,
}

/// Writes records, and waits where too much is unread.
#[derive(Debug)]
pub struct Writer {
    publisher: Publisher,
    flow: Arc<Flow>,
}

impl Writer {
    /// Writes a record once there is room for it.
    #[must_use]
    pub fn send(&self, topic: &str, message: Message<'_>) -> Sent {
        let size = size_of(&message);
        if size > LARGEST_RECORD {
            return Sent::TooLarge;
        }
        if !self.flow.enter(topic, size) {
            return Sent::Stopped;
        }
        let (flow, name) = (Arc::clone(&self.flow), topic.to_owned());
        self.publisher.send(topic, message, move |result| {
            if let Err(error) = result
                && !flow.is_over()
            {
                flow.fail(format!("{name}: {error}"));
            }
        });
        Sent::Written
    }
}

fn size_of(message: &Message<'_>) -> u64 {
    let length = |bytes: Option<&[u8]>| bytes.map_or(0, <[u8]>::len);
    let headers = message.headers.iter().map(|(name, value)| name.len() + length(*value));
    size(length(message.key) + length(message.payload), headers)
}

/// Bytes of a record, the same for who writes and who reads it; some more for what frames it.
fn size(key_and_value: usize, headers: impl Iterator<Item = usize>) -> u64 {
    const FRAME: usize = 32;
    let headers: usize = headers.map(|bytes| bytes + 8).sum();
    u64::try_from(key_and_value + headers + FRAME).unwrap_or(u64::MAX)
}

/// Reads all records of some topics, those of a partition in order.
pub struct Reader {
    consumer: BaseConsumer<Reading>,
    numbers: BTreeMap<String, usize>,
    /// The offset to come, by topic and partition.
    next: BTreeMap<(String, i32), i64>,
    flow: Arc<Flow>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("next", &self.next).finish_non_exhaustive()
    }
}

/// Context of a reader.
struct Reading;

impl ClientContext for Reading {
    fn error(&self, error: KafkaError, reason: &str) {
        // The end of a partition is no error, although it is reported as one.
        if error.rdkafka_error_code() != Some(RDKafkaErrorCode::PartitionEOF) {
            tracing::warn!(client = "reader", %error, reason, "kafka client reports");
        }
    }
}

impl ConsumerContext for Reading {}

impl Reader {
    /// Whether all is to stop.
    pub fn is_over(&self) -> bool {
        self.flow.is_over()
    }

    /// Looks at the next record; none where none comes in time.
    ///
    /// # Errors
    /// Where a record is lost or the broker cannot be read from.
    pub fn next<R>(
        &mut self,
        longest: Duration,
        look: impl FnOnce(&Record<'_>) -> R,
    ) -> Result<Option<R>, Error> {
        let failed = |source| Error::Kafka { doing: "reading", source };
        let message = match self.consumer.poll(longest) {
            None | Some(Err(KafkaError::PartitionEOF(_))) => return Ok(None),
            Some(Ok(message)) => message,
            Some(Err(error)) => return Err(failed(error)),
        };
        let record = Record::new(&message);
        let next = self.next.entry((record.topic().to_owned(), record.partition())).or_insert(0);
        if record.offset() < *next {
            return Ok(None);
        }
        if record.offset() > *next {
            return Err(failed(KafkaError::MessageConsumption(RDKafkaErrorCode::OffsetOutOfRange)));
        }
        *next += 1;
        let result = look(&record);
        // Noted as read when it is done: what is drained has no work left in a stage.
        if let Some(number) = self.numbers.get(record.topic()) {
            let headers = record.headers().map(|(name, value)| name.len() + value.map_or(0, <[u8]>::len));
            self.flow.read(record.topic(), *number, size(record.size(), headers));
        }
        Ok(Some(result))
    }
}

#[cfg(test)]
mod tests;
