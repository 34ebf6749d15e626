//! The topics of a prefix, and processes that work on them.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use siaga_stream::publisher::Message;
use siaga_stream::reader::{Isolation, OwnedRecord};
use siaga_stream::{BoundedReader, Kafka, Publisher, Publishing};

const SIAGA: &str = env!("CARGO_BIN_EXE_siaga");

/// Longest wait for anything.
const LONGEST: Duration = Duration::from_secs(120);

pub(crate) struct Desk {
    kafka: Kafka,
    publisher: Publisher,
    written: Arc<AtomicUsize>,
    sent: AtomicUsize,
}

impl Desk {
    pub(crate) fn new(brokers: &str, prefix: &str) -> Self {
        let kafka = Kafka {
            brokers: brokers.into(),
            prefix: prefix.into(),
            instance: "test".into(),
            ..Kafka::default()
        };
        let made = Command::new(SIAGA)
            .args(["topics", "create", "--replication-factor", "1"])
            .args(["--kafka-brokers", brokers, "--kafka-prefix", prefix])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let publishing = Publishing { buffer_kib: 65_536, acknowledge_timeout: LONGEST };
        let publisher = Publisher::new(&kafka, "test", publishing, &[]).unwrap();
        Self { kafka, publisher, written: Arc::default(), sent: AtomicUsize::new(0) }
    }

    pub(crate) fn publish(&self, base: &str, key: &str, value: &[u8], timestamp: i64) {
        let message = Message {
            key: Some(key.as_bytes()),
            payload: Some(value),
            headers: &[],
            timestamp,
            partition: Some(0),
        };
        let written = Arc::clone(&self.written);
        self.sent.fetch_add(1, Ordering::SeqCst);
        self.publisher.send(&self.kafka.topic(base), message, move |result| {
            result.unwrap();
            written.fetch_add(1, Ordering::SeqCst);
        });
    }

    pub(crate) fn flush(&self) {
        wait_until("the broker has all records", || {
            self.written.load(Ordering::SeqCst) == self.sent.load(Ordering::SeqCst)
        });
    }

    /// The records of a topic that are committed.
    pub(crate) fn records(&self, base: &str) -> Vec<OwnedRecord> {
        let topic = self.kafka.topic(base);
        let reader = BoundedReader::open(&self.kafka, &topic, Isolation::Committed, LONGEST);
        reader.unwrap().map(Result::unwrap).collect()
    }

    /// Starts a process.
    pub(crate) fn start(&self, instance: &str) -> Process {
        let mut command = Command::new(SIAGA);
        command
            .args(["track", "--kafka-brokers", &self.kafka.brokers, "--kafka-prefix", &self.kafka.prefix])
            .args(["--kafka-instance", instance, "--admin-address", "127.0.0.1:0"])
            .args(["--processing-session-timeout", "6s", "--processing-batch-records", "50"])
            .args(["--tracking-close-after-days", "7", "--log-level", "warn"])
            .stdout(Stdio::null());
        Process(command.spawn().unwrap())
    }

    /// Waits until so many revisions of incidents are committed.
    pub(crate) fn wait_revisions(&self, revisions: usize) {
        wait_until("some records are done", || self.records("incidents").len() >= revisions);
    }

    /// Waits until an incident holds a report of this event: that of the last record, so that all are done.
    pub(crate) fn wait_event(&self, event: &str) {
        let is_there = |record: &OwnedRecord| {
            record.payload.as_ref().is_some_and(|payload| String::from_utf8_lossy(payload).contains(event))
        };
        wait_until("the last record is done", || self.records("incidents").iter().any(is_there));
    }
}

/// A process under test.
pub(crate) struct Process(Child);

impl Process {
    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// SIGTERM; it ends in order.
    pub(crate) fn stop(mut self) {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A test that fails leaves none behind; one that ended already is no matter.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + LONGEST;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(300));
    }
}
