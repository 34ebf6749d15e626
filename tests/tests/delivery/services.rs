//! The services as processes, and the topics between them.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use siaga_schemas::topics::{Topic, dead_letter_topic};
use siaga_stream::admin::{Admin, Made, Wanted};
use siaga_stream::publisher::Message;
use siaga_stream::reader::{Isolation, OwnedRecord};
use siaga_stream::{BoundedReader, Kafka, Publisher, Publishing};
use siaga_test_kafka::Broker;

use crate::articles;

/// Longest wait for anything: far above what it takes on a busy machine.
const LONGEST: Duration = Duration::from_secs(240);

const PARTITIONS: i32 = 4;

/// The topics of a pipeline and the folder of its settings and logs.
pub(crate) struct Pipeline {
    kafka: Kafka,
    folder: tempfile::TempDir,
    publisher: Publisher,
}

impl Pipeline {
    pub(crate) fn new(broker: &Broker, prefix: &str) -> Self {
        let kafka = Kafka {
            brokers: broker.address().to_owned(),
            prefix: prefix.to_owned(),
            instance: "test".to_owned(),
            ..Kafka::default()
        };
        let wanted =
            |name: String, partitions| Wanted { name, partitions, replicas: 1, settings: Vec::new() };
        let mut topics = Vec::new();
        for topic in [Topic::ArticlesRaw, Topic::ArticlesClassified, Topic::ArticlesEnriched] {
            topics.push(wanted(topic.name(prefix), PARTITIONS));
            topics.push(wanted(dead_letter_topic(&topic.name(prefix)), 1));
        }
        topics.push(wanted(Topic::EventsSecurity.name(prefix), 1));
        let made = Admin::new(&kafka).unwrap().create(&topics).unwrap();
        assert!(made.iter().all(|made| *made == Made::Created), "{made:?}");
        let publishing = Publishing { buffer_kib: 64 * 1024, acknowledge_timeout: LONGEST };
        let publisher = Publisher::new(&kafka, "test", publishing, &[]).unwrap();
        Self { kafka, folder: tempfile::tempdir().unwrap(), publisher }
    }

    /// Starts an instance of a stage; its words go to a file of the pipeline's folder.
    pub(crate) fn start(&self, service: &'static str, instance: &str) -> Instance {
        let processing = "[processing]\nthreads = 2\nbatch_records = 500\nsession_timeout = \"2s\"\n";
        self.start_with(service, instance, processing)
    }

    /// Starts an instance of a service with some settings of its own.
    pub(crate) fn start_with(&self, service: &'static str, instance: &str, more: &str) -> Instance {
        let name = format!("{service}-{instance}");
        let config = self.folder.path().join(format!("{name}.toml"));
        let settings = format!(
            "[kafka]\nbrokers = \"{}\"\nprefix = \"{}\"\ninstance = \"{instance}\"\n\
             [admin]\naddress = \"127.0.0.1:0\"\n{more}",
            self.kafka.brokers, self.kafka.prefix
        );
        std::fs::write(&config, settings).unwrap();
        let log = self.folder.path().join(format!("{name}.log"));
        let mut command = Command::new(program());
        command.arg(service).arg("--config").arg(config);
        // Of an instance of the same name before it.
        drop(std::fs::remove_file(&log));
        let mut instance = Instance { command, log, child: None };
        instance.start();
        instance
    }

    /// Writes articles to the raw topic and waits until all are acknowledged.
    pub(crate) fn publish(&self, numbers: std::ops::Range<usize>) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let timestamp = i64::try_from(now.as_millis()).unwrap();
        let topic = Topic::ArticlesRaw.name(&self.kafka.prefix);
        let (told, heard) = mpsc::channel();
        let count = numbers.len();
        for number in numbers {
            let (key, value) = (articles::id(number), articles::article(number));
            let (key, payload) = (Some(key.as_bytes()), Some(value.as_slice()));
            let told = told.clone();
            self.publisher.send(
                &topic,
                Message { key, payload, headers: &[], timestamp, partition: None },
                move |result| drop(told.send(result)),
            );
        }
        drop(told);
        assert_eq!(heard.iter().filter(Result::is_ok).count(), count);
    }

    /// Writes a file beside the settings.
    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The committed records of a topic.
    pub(crate) fn read(&self, topic: &str) -> Vec<OwnedRecord> {
        let reader = BoundedReader::open(&self.kafka, topic, Isolation::Committed, LONGEST).unwrap();
        reader.map(|record| record.unwrap()).collect()
    }

    pub(crate) fn name(&self, topic: Topic) -> String {
        topic.name(&self.kafka.prefix)
    }

    /// Sum of the ends of a topic's partitions, records of open transactions and marks of ended ones included.
    pub(crate) fn end(&self, topic: Topic) -> i64 {
        let topic = self.name(topic);
        let reader = BoundedReader::open(&self.kafka, &topic, Isolation::Everything, LONGEST).unwrap();
        reader.ends().values().sum()
    }

    /// Waits until so many articles have come through, then asserts that each came once, those of an id in order, and
    /// each event once.
    pub(crate) fn assert_delivered(&self, count: usize, instances: &mut [&mut Instance]) {
        let mut enriched = Vec::new();
        wait_until("all articles have come through", || {
            instances.iter_mut().for_each(|instance| instance.assert_runs());
            // The marks of transactions count too: fewer ends than articles cannot be all.
            if usize::try_from(self.end(Topic::ArticlesEnriched)).unwrap() >= count {
                enriched = self.read(&self.name(Topic::ArticlesEnriched));
            }
            enriched.len() >= count
        });
        let mut times = vec![0_usize; count];
        let mut last: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        let mut events: BTreeMap<String, i64> = BTreeMap::new();
        for record in &enriched {
            let article: serde_json::Value =
                serde_json::from_slice(record.payload.as_ref().unwrap()).unwrap();
            let number = article["article"]["number"].as_u64().expect("the number passes through");
            times[usize::try_from(number).unwrap()] += 1;
            let before = last.insert(record.key.clone().unwrap(), number);
            assert!(before.is_none_or(|before| before < number), "{before:?} stands before {number}");
            for event in article["events"].as_array().unwrap() {
                *events.entry(event["id"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
        let wrong: Vec<_> = times.iter().enumerate().filter(|(_, times)| **times != 1).take(20).collect();
        assert!(wrong.is_empty(), "not once: (number, times) {wrong:?}");
        assert!(events.len() > count / 10, "only {} events were found", events.len());
        for record in self.read(&self.name(Topic::EventsSecurity)) {
            let event: serde_json::Value = serde_json::from_slice(record.payload.as_ref().unwrap()).unwrap();
            // A correction names no event: it says that the ones before do not count.
            if event.get("type").is_some() {
                *events.entry(event["id"].as_str().unwrap().to_owned()).or_default() -= 1;
            }
        }
        let wrong: Vec<_> = events.iter().filter(|(_, left)| **left != 0).take(20).collect();
        assert!(wrong.is_empty(), "not as often as in the articles: (event, missing) {wrong:?}");
        for topic in [Topic::ArticlesRaw, Topic::ArticlesClassified] {
            assert_eq!(self.read(&dead_letter_topic(&self.name(topic))), []);
        }
    }
}

/// An instance of a service; killed when dropped.
pub(crate) struct Instance {
    command: Command,
    log: PathBuf,
    child: Option<Child>,
}

impl Instance {
    pub(crate) fn start(&mut self) {
        let words = File::options().create(true).append(true).open(&self.log).unwrap();
        let command = self.command.stdin(Stdio::null()).stdout(words.try_clone().unwrap()).stderr(words);
        self.child = Some(command.spawn().unwrap());
    }

    /// Ends the process as a crash would.
    pub(crate) fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Holds the process where it is, or lets it go on: `STOP` or `CONT`.
    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap().success());
    }

    /// Asks the process to end, as Kubernetes does, and waits until it has.
    pub(crate) fn stop(&mut self) {
        self.signal("TERM");
        let mut child = self.child.take().unwrap();
        let mut ended = None;
        wait_until("the process has ended", || {
            ended = child.try_wait().unwrap();
            ended.is_some()
        });
        assert!(ended.unwrap().success(), "{ended:?}\n{}", self.words());
    }

    pub(crate) fn assert_runs(&mut self) {
        if let Some(status) = self.child.as_mut().unwrap().try_wait().unwrap() {
            panic!("ended by itself: {status}\n{}", self.words());
        }
    }

    /// Waits until it has been given partitions since it was first started.
    pub(crate) fn wait_assigned(&self) {
        wait_until("the group gives it partitions", || {
            let words = std::fs::read_to_string(&self.log).unwrap_or_default();
            let assigned = words.lines().filter(|line| line.contains("partitions assigned"));
            assigned.into_iter().any(|line| !line.contains("\"partitions\":0"))
        });
    }

    /// The last words of the process.
    pub(crate) fn words(&self) -> String {
        let words = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = words.lines().rev().take(30).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// The executable under test, built once if it is not new.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let this = std::env::current_exe().unwrap();
        let folder = this.ancestors().nth(2).unwrap().to_owned();
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", "siaga", "--manifest-path"]);
        build.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"));
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success(), "the build failed");
        folder.join("siaga")
    })
}

/// Waits for a condition.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + LONGEST;
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
