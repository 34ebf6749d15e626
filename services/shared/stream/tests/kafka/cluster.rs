//! Topics of one test on a real broker, and stages that run on them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use prometheus::Registry;
use siaga_stream::admin::{Admin, Made, Wanted};
use siaga_stream::publisher::{Delivered, Message, Undelivered};
use siaga_stream::reader::{Isolation, OwnedRecord};
use siaga_stream::{
    BoundedReader, Error, Kafka, Outcome, Outputs, OwnedOutputHeaders, Processing, Processor, Publisher,
    Publishing, Record, Stage, State, Stop, Topics, dead_letter,
};
use siaga_test_kafka::Broker;

/// Longest wait for anything: far above what it takes on a busy machine.
pub(crate) const LONGEST: Duration = Duration::from_secs(90);

/// The topics of one test: an input, an output, the dead letters.
pub(crate) struct Cluster {
    address: String,
    prefix: String,
}

impl Cluster {
    /// On the broker that the tests share; none where there is none.
    pub(crate) fn shared(name: &str) -> Option<Self> {
        Broker::shared().map(|broker| Self::on(broker, name))
    }

    pub(crate) fn on(broker: &Broker, name: &str) -> Self {
        // Words of the stages are shown for `TEST_LOG=debug` and the like.
        if let Ok(level) = std::env::var("TEST_LOG") {
            let filter = tracing_subscriber::EnvFilter::new(level);
            drop(tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init());
        }
        Self::at(broker.address(), name)
    }

    pub(crate) fn at(address: &str, prefix: &str) -> Self {
        Self { address: address.to_owned(), prefix: prefix.to_owned() }
    }

    pub(crate) fn kafka(&self, instance: &str) -> Kafka {
        Kafka {
            brokers: self.address.clone(),
            prefix: self.prefix.clone(),
            instance: instance.to_owned(),
            ..Kafka::default()
        }
    }

    pub(crate) fn input(&self) -> String {
        self.kafka("").topic("input")
    }

    pub(crate) fn output(&self) -> String {
        self.kafka("").topic("output")
    }

    pub(crate) fn dead_letters(&self) -> String {
        dead_letter::topic_of(&self.input())
    }

    pub(crate) fn topics(&self) -> Topics {
        Topics { input: self.input(), outputs: vec![self.output()] }
    }

    /// Makes input, output and dead letters.
    pub(crate) fn create_all(&self, partitions: i32) {
        self.create(&self.input(), partitions, &[]);
        self.create(&self.output(), partitions, &[]);
        self.create(&self.dead_letters(), 1, &[]);
    }

    pub(crate) fn create(&self, topic: &str, partitions: i32, settings: &[(&str, &str)]) {
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let wanted = Wanted { name: topic.to_owned(), partitions, replicas: 1, settings: settings.collect() };
        assert_eq!(Admin::new(&self.kafka("test")).unwrap().create(&[wanted]).unwrap(), [Made::Created]);
    }

    pub(crate) fn publisher(&self) -> Publisher {
        let publishing = Publishing { buffer_kib: 64 * 1024, acknowledge_timeout: LONGEST };
        Publisher::new(&self.kafka("test"), "publisher", publishing, &[]).unwrap()
    }

    /// Writes the records, and gives where they stand in their order.
    pub(crate) fn publish(&self, topic: &str, messages: &[Message<'_>]) -> Vec<Delivered> {
        let publisher = self.publisher();
        let (told, heard) = mpsc::channel();
        for (index, message) in messages.iter().enumerate() {
            let told = told.clone();
            publisher.send(topic, *message, move |result: Result<Delivered, Undelivered>| {
                told.send((index, result.unwrap())).unwrap();
            });
        }
        drop(told);
        let by_index: BTreeMap<usize, Delivered> = heard.iter().collect();
        assert_eq!(by_index.len(), messages.len());
        by_index.into_values().collect()
    }

    /// Writes so many records, numbered from `first`; each key has every tenth number.
    pub(crate) fn publish_numbers(&self, first: usize, count: usize) {
        let records: Vec<(String, String)> =
            (first..first + count).map(|n| (format!("key-{}", n % 10), n.to_string())).collect();
        let messages: Vec<Message<'_>> =
            records.iter().map(|(key, value)| message(key.as_bytes(), Some(value.as_bytes()))).collect();
        self.publish(&self.input(), &messages);
    }

    /// The committed records of a topic.
    pub(crate) fn read(&self, topic: &str) -> Vec<OwnedRecord> {
        self.read_as(topic, Isolation::Committed)
    }

    pub(crate) fn read_as(&self, topic: &str, isolation: Isolation) -> Vec<OwnedRecord> {
        let reader = BoundedReader::open(&self.kafka(""), topic, isolation, LONGEST).unwrap();
        reader.map(|record| record.unwrap()).collect()
    }

    /// Asserts that the input, and then the output, has the numbers below `count` once each, and those of a key in order.
    pub(crate) fn assert_numbers_once_and_in_order(&self, count: usize) {
        self.assert_once_and_in_order(&self.input(), count);
        self.assert_once_and_in_order(&self.output(), count);
    }

    fn assert_once_and_in_order(&self, topic: &str, count: usize) {
        let records = self.read(topic);
        let mut last: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
        let mut seen = vec![0_usize; count];
        for record in records {
            let number: usize = String::from_utf8(record.payload.unwrap()).unwrap().parse().unwrap();
            seen[number] += 1;
            let key = record.key.unwrap();
            if let Some(before) = last.insert(key.clone(), number) {
                assert!(
                    before < number,
                    "{topic}: {}: {before} stands before {number}",
                    String::from_utf8_lossy(&key)
                );
            }
        }
        let wrong: Vec<(usize, usize)> =
            seen.into_iter().enumerate().filter(|(_, times)| *times != 1).take(20).collect();
        assert!(wrong.is_empty(), "{topic}: not once: (number, times) {wrong:?}");
    }

    pub(crate) fn stage<P: Processor + 'static>(
        &self,
        instance: &str,
        processing: &Processing,
        processor: impl FnMut() -> P,
    ) -> Running {
        self.stage_with(&self.kafka(instance), processing, processor)
    }

    pub(crate) fn stage_with<P: Processor + 'static>(
        &self,
        kafka: &Kafka,
        processing: &Processing,
        processor: impl FnMut() -> P,
    ) -> Running {
        let registry = Registry::new();
        let stage = Stage::new("copy", kafka, processing, &self.topics(), &registry, processor).unwrap();
        Running::start(stage, registry)
    }
}

/// A stage at work; stopped when dropped.
pub(crate) struct Running {
    stop: Stop,
    pub(crate) state: State,
    registry: Registry,
    /// How it has ended.
    ended: Arc<Mutex<Option<String>>>,
    thread: Option<JoinHandle<Result<(), Error>>>,
}

impl Running {
    pub(crate) fn start(stage: Stage, registry: Registry) -> Self {
        let (stop, state) = (stage.stop(), stage.state());
        let ended = Arc::new(Mutex::new(None));
        let end = Arc::clone(&ended);
        let run = move || {
            let result = stage.run();
            *end.lock().unwrap() = Some(format!("{result:?}"));
            result
        };
        Self { stop, state, registry, ended, thread: Some(std::thread::spawn(run)) }
    }

    /// Sum of a counter or gauge over all labels but `stage`, or of those that have a label's value.
    pub(crate) fn metric(&self, name: &str, label: Option<&str>) -> usize {
        let families = self.registry.gather();
        let metrics = families.iter().filter(|f| f.name() == name).flat_map(|f| f.get_metric());
        let wanted =
            metrics.filter(|m| label.is_none_or(|value| m.get_label().iter().any(|l| l.value() == value)));
        wanted.map(|m| (m.get_counter().get_value() + m.get_gauge().get_value()) as usize).sum()
    }

    pub(crate) fn consumed(&self) -> usize {
        self.metric("siaga_records_consumed_total", None)
    }

    pub(crate) fn wait_consumed(&self, count: usize) {
        wait_until(&format!("{count} records are consumed"), || {
            self.assert_runs();
            self.consumed() >= count
        });
        assert_eq!(self.consumed(), count);
    }

    pub(crate) fn wait_ready(&self) {
        wait_until("the stage is ready", || self.state.ready().is_ok());
    }

    pub(crate) fn assert_runs(&self) {
        let ended = self.ended.lock().unwrap();
        assert!(ended.is_none(), "the stage has ended by itself: {ended:?}");
    }

    /// Waits for its end without asking for it.
    pub(crate) fn wait_ended(&mut self) -> Result<(), Error> {
        wait_until("the stage ends by itself", || self.thread.as_ref().is_some_and(JoinHandle::is_finished));
        self.thread.take().unwrap().join().unwrap()
    }

    pub(crate) fn stop(self) {
        self.stop_and_count();
    }

    /// Stops it; gives what it has consumed.
    pub(crate) fn stop_and_count(mut self) -> usize {
        self.stop.stop();
        self.wait_ended().unwrap();
        self.consumed()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// A processor that is a function.
pub(crate) struct Step<F>(pub(crate) F);

impl<F: FnMut(&Record<'_>, &mut Outputs) -> Outcome + Send> Processor for Step<F> {
    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        (self.0)(record, out)
    }
}

/// Sends the record on as it is.
pub(crate) fn copy(record: &Record<'_>, out: &mut Outputs) -> Outcome {
    let payload = record.payload().unwrap_or_default().to_vec();
    out.send(0, record.key(), payload, OwnedOutputHeaders::default(), None);
    Outcome::Emitted
}

/// Settings of tests: one thread, and a dead member is missed soon.
pub(crate) fn processing() -> Processing {
    Processing { threads: 1, session_timeout: Duration::from_secs(3), ..Processing::default() }
}

/// A record of now: of a producer whose records are older than a day a restarted broker forgets what it has seen.
pub(crate) fn message<'a>(key: &'a [u8], payload: Option<&'a [u8]>) -> Message<'a> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let timestamp = i64::try_from(now.as_millis()).unwrap();
    Message { key: Some(key), payload, headers: &[], timestamp, partition: None }
}

/// Waits for a condition.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + LONGEST;
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Counts over the threads of a test.
#[derive(Clone, Default)]
pub(crate) struct Count(Arc<AtomicUsize>);

impl Count {
    pub(crate) fn add(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}
