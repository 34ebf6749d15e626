//! The client side of the benchmark: makes topics, fills them, watches a group's progress, and measures how long an
//! article takes to become an event. Results go to stdout as JSON, one value a line.
//!
//!     probe create  BROKERS TOPIC=PARTITIONS...
//!     probe load    BROKERS TOPIC               lines `key TAB value` on stdin
//!     probe watch   BROKERS GROUP TOPIC         until stdin ends
//!     probe latency BROKERS RAW EVENTS RATE     lines `key TAB value` on stdin, RATE a second
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::future::Future;
use std::io::{BufRead, Read, Write};
use std::pin::pin;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use serde_json::{Value, json};

const TIMEOUT: Duration = Duration::from_secs(30);
const WATCH_INTERVAL: Duration = Duration::from_millis(50);
/// No event for so long after the last article: there will be none.
const QUIET: Duration = Duration::from_secs(3);

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("usage: probe create|load|watch|latency BROKERS ARGUMENTS, see the source")]
    Usage,
    #[error("kafka: {0}")]
    Kafka(#[from] KafkaError),
    #[error("cannot create topic {0}: {1}")]
    Create(String, RDKafkaErrorCode),
    #[error("input or output: {0}")]
    Io(#[from] std::io::Error),
    #[error("input line has no tab")]
    NoTab,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["create", brokers, topics @ ..] => create(brokers, topics),
        ["load", brokers, topic] => load(brokers, topic),
        ["watch", brokers, group, topic] => watch(brokers, group, topic),
        ["latency", brokers, raw, events, rate] => match rate.parse() {
            Ok(rate) => latency(brokers, raw, events, rate),
            Err(_) => Err(Error::Usage),
        },
        _ => Err(Error::Usage),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            std::io::stderr().write_all(format!("probe: {error}\n").as_bytes()).ok();
            ExitCode::FAILURE
        }
    }
}

fn client(brokers: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers);
    config
}

fn print(value: &Value) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{value}")?;
    Ok(out.flush()?)
}

fn create(brokers: &str, topics: &[&str]) -> Result<(), Error> {
    let admin: AdminClient<DefaultClientContext> = client(brokers).create()?;
    let mut wanted = Vec::new();
    for topic in topics {
        let (name, partitions) = topic.split_once('=').ok_or(Error::Usage)?;
        let partitions = partitions.parse().map_err(|_| Error::Usage)?;
        wanted.push(NewTopic::new(name, partitions, TopicReplication::Fixed(1)));
    }
    let options = AdminOptions::new().operation_timeout(Some(TIMEOUT));
    for made in wait_for(admin.create_topics(&wanted, &options))? {
        made.map_err(|(topic, code)| Error::Create(topic, code))?;
    }
    print(&json!({"created": wanted.len()}))
}

fn load(brokers: &str, topic: &str) -> Result<(), Error> {
    let producer: BaseProducer = client(brokers)
        .set("enable.idempotence", "true")
        .set("linger.ms", "20")
        .set("partitioner", "murmur2_random")
        .create()?;
    let (mut records, mut bytes) = (0_u64, 0_u64);
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (key, value) = line.split_once('\t').ok_or(Error::NoTab)?;
        send(&producer, topic, key, value)?;
        producer.poll(Duration::ZERO);
        records += 1;
        bytes += value.len() as u64;
    }
    producer.flush(TIMEOUT)?;
    print(&json!({"records": records, "bytes": bytes}))
}

fn send(producer: &BaseProducer, topic: &str, key: &str, value: &str) -> Result<(), Error> {
    let mut record = BaseRecord::to(topic).key(key).payload(value);
    loop {
        match producer.send(record) {
            Ok(()) => return Ok(()),
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), refused)) => {
                producer.poll(Duration::from_millis(5));
                record = refused;
            }
            Err((error, _)) => return Err(error.into()),
        }
    }
}

fn partitions(consumer: &BaseConsumer, topic: &str) -> Result<Vec<i32>, Error> {
    let metadata = consumer.fetch_metadata(Some(topic), TIMEOUT)?;
    Ok(metadata.topics().iter().flat_map(|t| t.partitions()).map(|p| p.id()).collect())
}

/// Prints the records that the group has committed on the topic, again and again.
fn watch(brokers: &str, group: &str, topic: &str) -> Result<(), Error> {
    let consumer: BaseConsumer = client(brokers).set("group.id", group).create()?;
    let mut wanted = TopicPartitionList::new();
    let mut end = 0;
    for partition in partitions(&consumer, topic)? {
        wanted.add_partition(topic, partition);
        end += consumer.fetch_watermarks(topic, partition, TIMEOUT)?.1;
    }
    let asked_to_end = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&asked_to_end);
    std::thread::spawn(move || {
        // Nothing is read but the end.
        std::io::stdin().read_to_end(&mut Vec::new()).ok();
        seen.store(true, Ordering::Relaxed);
    });
    while !asked_to_end.load(Ordering::Relaxed) {
        let committed = consumer.committed_offsets(wanted.clone(), TIMEOUT)?;
        let sum: i64 =
            committed.elements().iter().filter_map(|e| e.offset().to_raw()).map(|o| o.max(0)).sum();
        print(&json!({"committed": sum, "end": end}))?;
        std::thread::sleep(WATCH_INTERVAL);
    }
    Ok(())
}

/// Sends the articles at a steady pace and prints, for each event, the milliseconds since its article was due.
fn latency(brokers: &str, raw: &str, events: &str, rate: f64) -> Result<(), Error> {
    let consumer: BaseConsumer = client(brokers)
        .set("group.id", "unused")
        .set("isolation.level", "read_committed")
        .set("fetch.wait.max.ms", "10")
        .create()?;
    let mut from = TopicPartitionList::new();
    for partition in partitions(&consumer, events)? {
        let (_, end) = consumer.fetch_watermarks(events, partition, TIMEOUT)?;
        from.add_partition_offset(events, partition, Offset::Offset(end))?;
    }
    consumer.assign(&from)?;
    let producer: BaseProducer =
        client(brokers).set("linger.ms", "0").set("partitioner", "murmur2_random").create()?;
    let due: Mutex<HashMap<String, Instant>> = Mutex::default();
    let all_sent = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let sender = scope.spawn(|| {
            let sent = pace(&producer, raw, rate, &due);
            all_sent.store(true, Ordering::Release);
            sent
        });
        let events = listen(&consumer, &due, &all_sent)?;
        let articles = sender.join().unwrap_or(Err(Error::Usage))?;
        print(&json!({"articles": articles, "events": events.len(), "milliseconds": events}))
    })
}

fn pace(
    producer: &BaseProducer,
    topic: &str,
    rate: f64,
    due: &Mutex<HashMap<String, Instant>>,
) -> Result<u64, Error> {
    let start = Instant::now();
    let mut sent = 0_u64;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (key, value) = line.split_once('\t').ok_or(Error::NoTab)?;
        let at = start + Duration::from_secs_f64(sent as f64 / rate);
        while let Some(left) = at.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            producer.poll(left);
        }
        due.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(key.to_owned(), at);
        send(producer, topic, key, value)?;
        producer.poll(Duration::ZERO);
        sent += 1;
    }
    producer.flush(TIMEOUT)?;
    Ok(sent)
}

fn listen(
    consumer: &BaseConsumer,
    due: &Mutex<HashMap<String, Instant>>,
    all_sent: &AtomicBool,
) -> Result<Vec<f64>, Error> {
    let mut found = Vec::new();
    let mut last = Instant::now();
    while !all_sent.load(Ordering::Acquire) || last.elapsed() < QUIET {
        let Some(message) = consumer.poll(Duration::from_millis(100)) else { continue };
        let message = message?;
        let now = Instant::now();
        last = now;
        let Ok(event) = serde_json::from_slice::<Value>(message.payload().unwrap_or_default()) else {
            continue;
        };
        let article = event["article"]["id"].as_str().unwrap_or_default();
        let due = due.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // A correction has no type: it says that there is no event.
        if let (Some(at), true) = (due.get(article), event.get("type").is_some()) {
            found.push(now.duration_since(*at).as_secs_f64() * 1000.0);
        }
    }
    Ok(found)
}

/// Runs a future on this thread; the admin client completes it on one of its own.
fn wait_for<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}
