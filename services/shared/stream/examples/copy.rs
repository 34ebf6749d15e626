//! The least that a transactional stage can do: every record of a topic to another, offsets and records in one
//! transaction. The benchmark measures the stages against it.
//!
//! Arguments: bootstrap servers, input topic, output topic, consumer group, threads, records a batch.
#![forbid(unsafe_code)]
#![allow(clippy::print_stderr)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

const COMMIT_INTERVAL: Duration = Duration::from_millis(25);
const TIMEOUT: Duration = Duration::from_secs(30);

struct Settings {
    brokers: String,
    input: String,
    output: String,
    group: String,
    threads: usize,
    batch: usize,
}

fn main() -> ExitCode {
    let Some(settings) = settings(std::env::args().skip(1).collect()) else {
        eprintln!("usage: copy BROKERS INPUT OUTPUT GROUP THREADS BATCH");
        return ExitCode::from(64);
    };
    let failed = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..settings.threads)
            .map(|thread| {
                let settings = &settings;
                scope.spawn(move || copy(settings, thread))
            })
            .collect();
        threads.into_iter().any(|thread| match thread.join() {
            Ok(Err(error)) => {
                eprintln!("copy: {error}");
                true
            }
            Ok(Ok(())) => false,
            Err(_) => true,
        })
    });
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn settings(arguments: Vec<String>) -> Option<Settings> {
    let [brokers, input, output, group, threads, batch] = <[String; 6]>::try_from(arguments).ok()?;
    let (threads, batch) = (threads.parse().ok()?, batch.parse().ok()?);
    Some(Settings { brokers, input, output, group, threads, batch })
}

fn copy(settings: &Settings, thread: usize) -> KafkaResult<()> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &settings.brokers)
        .set("group.id", &settings.group)
        .set("enable.auto.commit", "false")
        .set("auto.offset.reset", "earliest")
        .set("isolation.level", "read_committed")
        .set("queued.max.messages.kbytes", "16384")
        .create()?;
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", &settings.brokers)
        .set("transactional.id", format!("{}-{thread}", settings.group))
        .set("partitioner", "murmur2_random")
        .set("linger.ms", "5")
        .create()?;
    producer.init_transactions(TIMEOUT)?;
    consumer.subscribe(&[&settings.input])?;
    loop {
        let batch = read(&consumer, settings.batch)?;
        if !batch.is_empty() {
            write(settings, &consumer, &producer, &batch)?;
        }
    }
}

/// Records until the batch is full, or until nothing more waits and the last commit is long enough ago.
fn read(consumer: &BaseConsumer, size: usize) -> KafkaResult<Vec<BorrowedMessage<'_>>> {
    let mut batch = Vec::new();
    let deadline = Instant::now() + COMMIT_INTERVAL;
    while batch.len() < size {
        let wait = deadline.saturating_duration_since(Instant::now());
        match consumer.poll(wait) {
            Some(message) => batch.push(message?),
            None if wait.is_zero() => break,
            None => {}
        }
    }
    Ok(batch)
}

fn write(
    settings: &Settings,
    consumer: &BaseConsumer,
    producer: &BaseProducer,
    batch: &[BorrowedMessage<'_>],
) -> KafkaResult<()> {
    producer.begin_transaction()?;
    let mut offsets = TopicPartitionList::new();
    for message in batch {
        send(producer, &settings.output, message)?;
        match offsets.find_partition(message.topic(), message.partition()) {
            Some(mut entry) => entry.set_offset(Offset::Offset(message.offset() + 1))?,
            None => offsets.add_partition_offset(
                message.topic(),
                message.partition(),
                Offset::Offset(message.offset() + 1),
            )?,
        }
    }
    // commit_transaction flushes in steps of 100 ms: with nothing left to flush it only commits.
    while producer.in_flight_count() > 0 {
        producer.poll(Duration::from_millis(1));
    }
    let group = consumer.group_metadata().ok_or(KafkaError::ClientCreation("no group".to_owned()))?;
    producer.send_offsets_to_transaction(&offsets, &group, TIMEOUT)?;
    producer.commit_transaction(TIMEOUT)
}

fn send(producer: &BaseProducer, topic: &str, message: &BorrowedMessage<'_>) -> KafkaResult<()> {
    let mut record = BaseRecord::<[u8], [u8]>::to(topic);
    record.key = message.key();
    record.payload = message.payload();
    record.timestamp = message.timestamp().to_millis();
    loop {
        match producer.send(record) {
            Ok(()) => return Ok(()),
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), refused)) => {
                producer.poll(Duration::from_millis(1));
                record = refused;
            }
            Err((error, _)) => return Err(error),
        }
    }
}
