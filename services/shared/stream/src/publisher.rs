//! Sends single records and tells of each when it is acknowledged: what the edges of the pipeline write with.
//!
//! A [`Publisher`] is idempotent and waits for all in-sync replicas, so a record that is acknowledged is in the topic
//! once. Enqueueing never blocks: deliveries are served by threads of the publisher's own.
//!
//! A broker that restarts forgets the sequence numbers of producers whose last record has a timestamp older than its
//! `producer.id.expiration.ms`, a day by default. Who writes records of the past needs a transaction, or readers that
//! stand a repetition.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, Message as _, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext, PurgeConfig};

use crate::client;
use crate::error::is_refusal;
use crate::reports::Reports;
use crate::settings::Kafka;
use crate::{Error, Stop};

/// Longest wait of the thread that serves deliveries before it looks whether it is to end.
const SERVE: Duration = Duration::from_millis(20);

/// Longest lookup of the topics.
const LOOKUP: Duration = Duration::from_secs(2);

/// Time between two lookups while something is missing.
const LOOK_SOON: Duration = Duration::from_millis(500);

/// Time between two lookups while all is well.
const LOOK_LATER: Duration = Duration::from_secs(10);

/// A record to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Key; it decides the partition where none is given.
    pub key: Option<&'a [u8]>,
    /// Value; none for a tombstone.
    pub payload: Option<&'a [u8]>,
    /// Headers, in order.
    pub headers: &'a [(&'a str, Option<&'a [u8]>)],
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub timestamp: i64,
    /// Partition; where it is none the key decides, as with Java clients.
    pub partition: Option<i32>,
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Partition of the topic.
    pub partition: i32,
    /// Offset in the partition.
    pub offset: i64,
}

/// Why a record is not, or perhaps not, in the topic.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// More waits than memory is set aside for; later there is room.
    #[error("too many records wait for the cluster")]
    QueueFull,
    /// The cluster refuses this record and will always do so.
    #[error("record is refused: {0}")]
    Refused(String),
    /// The cluster did not acknowledge it in time, and may do so later.
    #[error("record is not acknowledged: {0}")]
    Unacknowledged(String),
}

/// How a publisher works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publishing {
    /// Memory for records that wait, in KiB.
    pub buffer_kib: usize,
    /// Longest time until a record is acknowledged; then it counts as not acknowledged.
    pub acknowledge_timeout: Duration,
}

type Done = Box<dyn FnOnce(Result<Delivered, Undelivered>) + Send>;

/// Sends records. Dropped, it waits for those under way as long as their acknowledgement may take.
pub struct Publisher {
    producer: Arc<BaseProducer<Reporting>>,
    stop: Stop,
    threads: Vec<JoinHandle<()>>,
    acknowledge_timeout: Duration,
}

impl std::fmt::Debug for Publisher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Publisher").field("waiting", &self.waiting()).finish_non_exhaustive()
    }
}

impl Publisher {
    /// Sets a publisher up; the cluster need not be there yet. `name` is its part of the client id, `topics` are those
    /// that [`Self::ready`] asks for.
    ///
    /// # Errors
    /// Where a setting is wrong or the system refuses a thread.
    pub fn new(kafka: &Kafka, name: &str, publishing: Publishing, topics: &[String]) -> Result<Self, Error> {
        let instance = kafka.instance().map(|instance| format!("-{instance}")).unwrap_or_default();
        let client_id = format!("{}-{name}{instance}", kafka.prefix);
        let mut config = client::publisher(kafka, &client_id, publishing.buffer_kib)?;
        config.set("message.timeout.ms", publishing.acknowledge_timeout.as_millis().max(1).to_string());
        let producer: Arc<BaseProducer<Reporting>> =
            Arc::new(config.create_with_context(Reporting::default()).map_err(client::refused)?);
        let mut publisher = Self {
            producer,
            stop: Stop::default(),
            threads: Vec::with_capacity(2),
            acknowledge_timeout: publishing.acknowledge_timeout,
        };
        let (producer, stop) = (Arc::clone(&publisher.producer), publisher.stop.clone());
        publisher.spawn("publisher", move || {
            while !stop.is_stopped() {
                producer.poll(SERVE);
            }
        })?;
        let (producer, stop, topics) =
            (Arc::clone(&publisher.producer), publisher.stop.clone(), topics.to_vec());
        publisher.spawn("publisher-lookup", move || look(&producer, &stop, &topics))?;
        Ok(publisher)
    }

    fn spawn(&mut self, name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work).map_err(Error::Thread)?;
        self.threads.push(thread);
        Ok(())
    }

    /// Enqueues a record; `done` hears what became of it, once, from another thread or at once from this one. It must
    /// not block: all deliveries wait for it.
    pub fn send(
        &self,
        topic: &str,
        message: Message<'_>,
        done: impl FnOnce(Result<Delivered, Undelivered>) + Send + 'static,
    ) {
        let mut record = BaseRecord::<[u8], [u8], Box<Report>>::with_opaque_to(topic, Report::new(done));
        record.key = message.key;
        record.payload = message.payload;
        record.partition = message.partition;
        record.timestamp = Some(message.timestamp);
        let headers = OwnedHeaders::new_with_capacity(message.headers.len());
        let add = |headers: OwnedHeaders, (key, value): &(&str, Option<&[u8]>)| {
            headers.insert(Header { key, value: *value })
        };
        record.headers = Some(message.headers.iter().fold(headers, add));
        if let Err((error, refused)) = self.producer.send(record) {
            refused.delivery_opaque.tell(Err(undelivered(&error)));
        }
    }

    /// Records that are not acknowledged yet.
    pub fn waiting(&self) -> usize {
        usize::try_from(self.producer.in_flight_count()).unwrap_or(0)
    }

    /// Whether the cluster answers and has all topics.
    ///
    /// # Errors
    /// What is missing.
    pub fn ready(&self) -> Result<(), String> {
        self.producer.context().state()
    }

    /// Whether records can still be sent; a publisher that has failed for good does not recover.
    ///
    /// # Errors
    /// What the client says.
    pub fn live(&self) -> Result<(), String> {
        match self.producer.client().fatal_error() {
            Some((_, reason)) => Err(format!("the producer has failed for good: {reason}")),
            None => Ok(()),
        }
    }

    /// Waits until all records are acknowledged or have failed, at most so long; says how many were still under way.
    /// Those count as not acknowledged.
    pub fn close(mut self, longest: Duration) -> usize {
        self.end(longest)
    }

    fn end(&mut self, longest: Duration) -> usize {
        let deadline = Instant::now() + longest;
        while self.waiting() > 0 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
        let left = self.waiting();
        self.producer.purge(PurgeConfig::default().queue().inflight());
        self.stop.stop();
        for thread in self.threads.drain(..) {
            thread.thread().unpark();
            drop(thread.join());
        }
        // Whoever waits for a purged record is told before the producer is gone.
        let deadline = Instant::now() + LOOKUP;
        while self.waiting() > 0 && Instant::now() < deadline {
            self.producer.poll(Duration::from_millis(1));
        }
        left
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        if !self.threads.is_empty() {
            self.end(self.acknowledge_timeout);
        }
    }
}

/// Looks again and again whether the topics are there, soon where something is missing.
fn look(producer: &BaseProducer<Reporting>, stop: &Stop, topics: &[String]) {
    let mut next = Instant::now();
    while !stop.is_stopped() {
        let context = producer.context();
        if context.state().is_err() || Instant::now() >= next {
            context.show(match client::missing(producer.client(), topics, LOOKUP) {
                Ok(None) => Ok(()),
                Ok(Some(topic)) => Err(format!("topic {topic} is missing")),
                Err(error) => Err(format!("cluster cannot be reached: {error}")),
            });
            next = Instant::now() + LOOK_LATER;
        }
        std::thread::park_timeout(LOOK_SOON);
    }
}

/// What to tell about a record that was not delivered.
fn undelivered(error: &KafkaError) -> Undelivered {
    match error.rdkafka_error_code() {
        Some(RDKafkaErrorCode::QueueFull) => Undelivered::QueueFull,
        _ if is_refusal(error) => Undelivered::Refused(error.to_string()),
        _ => Undelivered::Unacknowledged(error.to_string()),
    }
}

/// Who is to be told of a delivery. The lock makes it shareable, as the client asks; nobody ever waits for it.
struct Report(Mutex<Option<Done>>);

impl Report {
    fn new(done: impl FnOnce(Result<Delivered, Undelivered>) + Send + 'static) -> Box<Self> {
        Box::new(Self(Mutex::new(Some(Box::new(done)))))
    }

    fn tell(self, result: Result<Delivered, Undelivered>) {
        if let Some(done) = self.0.into_inner().unwrap_or_else(PoisonError::into_inner) {
            done(result);
        }
    }
}

/// Context of the producer.
struct Reporting {
    state: Mutex<Result<(), String>>,
    reports: Reports,
}

impl Default for Reporting {
    fn default() -> Self {
        let state = Mutex::new(Err("cluster is not reached yet".to_owned()));
        Self { state, reports: Reports::of("publisher") }
    }
}

impl Reporting {
    fn show(&self, state: Result<(), String>) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn state(&self) -> Result<(), String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ClientContext for Reporting {
    fn error(&self, error: KafkaError, reason: &str) {
        self.reports.tell(&error, reason);
        if error.rdkafka_error_code() == Some(RDKafkaErrorCode::AllBrokersDown) {
            self.show(Err("cluster cannot be reached: all brokers are down".to_owned()));
        }
    }
}

impl ProducerContext for Reporting {
    type DeliveryOpaque = Box<Report>;

    fn delivery(&self, result: &DeliveryResult<'_>, report: Box<Report>) {
        report.tell(match result {
            Ok(message) => Ok(Delivered { partition: message.partition(), offset: message.offset() }),
            Err((error, _)) => Err(undelivered(error)),
        });
    }
}
