//! The processes that are measured, one after the other on the same articles.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use siaga_schemas::topics::{Topic, dead_letter_topic};
use siaga_test_kafka::Broker;

use crate::Options;
use crate::kafka::{Kafka, Loaded};
use crate::process::Measured;
use crate::report::{COPY, Latency, Report, STREAMS, Throughput, percentile};
use crate::throughput::measure;

const LATENCY_RATE: f64 = 200.0;
/// Articles before those that count: groups join, caches fill.
const LATENCY_WARM_UP: u64 = 2_000;
const COPY_BATCHES: [usize; 3] = [500, 2_000, 10_000];

/// Everything that a run needs.
pub(crate) struct Bench<'a> {
    options: &'a Options,
    binaries: PathBuf,
    folder: tempfile::TempDir,
    kafka: Kafka,
    /// Held for its end; none where a running Kafka was named.
    _broker: Option<Broker>,
}

impl<'a> Bench<'a> {
    pub(crate) fn start(options: &'a Options, binaries: PathBuf) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (brokers, broker) = match &options.brokers {
            Some(brokers) => (brokers.clone(), None),
            None => {
                let broker = Broker::start().context("a broker needs a JDK 17 and Maven")?;
                (broker.address().to_owned(), Some(broker))
            }
        };
        let kafka = Kafka::new(brokers, &binaries);
        Ok(Self { options, binaries, folder, kafka, _broker: broker })
    }

    pub(crate) fn run(&self) -> Result<Report> {
        let input = self.topic(Topic::ArticlesRaw);
        self.kafka.create(&[(input.clone(), self.options.partitions)])?;
        eprintln!("writing {} articles", self.options.articles);
        let raw = self.kafka.load(&input, self.options.articles)?;
        ensure!(raw.records == self.options.articles, "only {} articles were written", raw.records);
        let mut throughput = Vec::new();
        if self.wanted("copy") {
            let copies = COPY_BATCHES.map(|batch| self.copy(batch, &raw));
            for copy in copies {
                throughput.push(copy?);
            }
        }
        if self.wanted("streams") {
            throughput.push(self.streams(&raw)?);
        }
        if self.wanted("classify") || self.wanted("detect") {
            self.create_outputs(&self.options.prefix)?;
            throughput.push(self.stage("classify", &self.topic(Topic::ArticlesRaw), &raw)?);
        }
        if self.wanted("detect") {
            throughput.push(self.stage("detect", &self.topic(Topic::ArticlesClassified), &raw)?);
        }
        Ok(Report {
            articles: raw.records,
            bytes_per_article: raw.bytes as f64 / raw.records as f64,
            partitions: self.options.partitions,
            threads: self.options.threads,
            cores: std::thread::available_parallelism()?.get(),
            throughput,
            pure: if self.wanted("pure") { crate::pure::measure()? } else { Vec::new() },
            latency: if self.wanted("latency") { Some(self.latency()?) } else { None },
            goals: Vec::new(),
        }
        .with_goals())
    }

    fn wanted(&self, name: &str) -> bool {
        self.options.only.is_empty() || self.options.only.iter().any(|only| only == name)
    }

    fn topic(&self, topic: Topic) -> String {
        topic.name(&self.options.prefix)
    }

    fn copy(&self, batch: usize, raw: &Loaded) -> Result<Throughput> {
        let input = self.topic(Topic::ArticlesRaw);
        let name = format!("{COPY}, batches of {batch}");
        let output = format!("{}.copy-{batch}", self.options.prefix);
        self.kafka.create(&[(output.clone(), self.options.partitions)])?;
        let mut command = Command::new(self.binaries.join("examples/copy"));
        command.args([&self.kafka.brokers, &input, &output, &output]);
        command.args([self.options.threads.to_string(), batch.to_string()]);
        self.follow(&name, &mut command, &output, &input, raw)
    }

    fn streams(&self, raw: &Loaded) -> Result<Throughput> {
        let (input, output) = (self.topic(Topic::ArticlesRaw), format!("{}.streams", self.options.prefix));
        self.kafka.create(&[(output.clone(), self.options.partitions)])?;
        let classes = self.build_streams()?;
        let mut command = Command::new("java");
        command.arg("-cp").arg(format!("{0}/classes:{0}/lib/*", classes.display()));
        command.arg("siaga.bench.KeywordVerdict");
        command.args([&self.kafka.brokers, &input, &output, &output, &self.options.threads.to_string()]);
        command.arg(self.folder.path().join("streams-state"));
        self.follow(STREAMS, &mut command, &output, &input, raw)
    }

    /// A stage of Siaga on the articles that `raw` counts.
    fn stage(&self, stage: &str, input: &str, raw: &Loaded) -> Result<Throughput> {
        let mut command = self.siaga(stage, &self.options.prefix)?;
        self.follow(
            &format!("siaga {stage}"),
            &mut command,
            &format!("{}-{stage}", self.options.prefix),
            input,
            raw,
        )
    }

    fn create_outputs(&self, prefix: &str) -> Result<()> {
        let topic = |topic: Topic| {
            let partitions = if topic == Topic::EventsSecurity { 1 } else { self.options.partitions };
            (topic.name(prefix), partitions)
        };
        let outputs = [Topic::ArticlesClassified, Topic::ArticlesEnriched, Topic::EventsSecurity].map(topic);
        let dead =
            [Topic::ArticlesRaw, Topic::ArticlesClassified].map(|t| (dead_letter_topic(&t.name(prefix)), 1));
        self.kafka.create(&[outputs.as_slice(), dead.as_slice()].concat())
    }

    fn siaga(&self, stage: &str, prefix: &str) -> Result<Command> {
        let config = self.folder.path().join(format!("{prefix}-{stage}.toml"));
        let settings = format!(
            "[kafka]\nbrokers = \"{}\"\nprefix = \"{prefix}\"\ninstance = \"bench\"\n\
             [processing]\nthreads = {}\n\
             [admin]\naddress = \"127.0.0.1:0\"\n",
            self.kafka.brokers, self.options.threads
        );
        std::fs::write(&config, settings)?;
        let mut command = Command::new(self.binaries.join("siaga"));
        command.arg(stage).arg("--config").arg(config);
        Ok(command)
    }

    fn latency(&self) -> Result<Latency> {
        eprintln!("latency");
        let prefix = format!("{}-latency", self.options.prefix);
        let raw = Topic::ArticlesRaw.name(&prefix);
        let events = Topic::EventsSecurity.name(&prefix);
        self.kafka.create(&[(raw.clone(), self.options.partitions)])?;
        self.create_outputs(&prefix)?;
        let stages = ["classify", "detect"].map(|stage| -> Result<(&str, Measured)> {
            let log = self.folder.path().join(format!("latency-{stage}.log"));
            let mut command = self.siaga(stage, &prefix)?;
            Ok((stage, Measured::start(stage, &mut command, &log)?))
        });
        let warm = LATENCY_WARM_UP;
        self.kafka.latency(&raw, &events, LATENCY_RATE, 0..warm)?;
        let articles = warm..warm + self.options.latency_articles;
        let mut milliseconds = self.kafka.latency(&raw, &events, LATENCY_RATE, articles)?;
        milliseconds.sort_by(f64::total_cmp);
        let mut peak_megabytes = Vec::new();
        for stage in stages {
            let (name, mut process) = stage?;
            process.check()?;
            peak_megabytes.push((name.to_owned(), process.peak_memory()? as f64 / 1e6));
            process.stop()?;
        }
        ensure!(!milliseconds.is_empty(), "no event arrived");
        Ok(Latency {
            articles_per_second: LATENCY_RATE,
            articles: self.options.latency_articles,
            events: milliseconds.len() as u64,
            p50_ms: percentile(&milliseconds, 0.5),
            p99_ms: percentile(&milliseconds, 0.99),
            p999_ms: percentile(&milliseconds, 0.999),
            max_ms: percentile(&milliseconds, 1.0),
            peak_megabytes,
        })
    }

    /// Maven fetches Kafka Streams and compiles the program beside the other build products.
    fn build_streams(&self) -> Result<PathBuf> {
        let target = self.binaries.join("bench-kafka-streams");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/kafka-streams");
        let status = Command::new("mvn")
            .args(["-q", "-B", "package"])
            .arg(format!("-Dsiaga.build={}", target.display()))
            .current_dir(source)
            .status()
            .context("Maven is missing")?;
        ensure!(status.success(), "Maven failed");
        Ok(target)
    }

    fn follow(
        &self,
        name: &str,
        command: &mut Command,
        group: &str,
        input: &str,
        raw: &Loaded,
    ) -> Result<Throughput> {
        eprintln!("{name}");
        let log = self.folder.path().join(format!("{}.log", group));
        let process = Measured::start(name, command, &log)?;
        measure(&self.kafka, name, process, group, input, self.options.partitions, raw).with_context(|| {
            let words = std::fs::read_to_string(&log).unwrap_or_default();
            let tail: Vec<&str> = words.lines().rev().take(20).collect();
            format!("{name}; its last words:\n{}", tail.into_iter().rev().collect::<Vec<_>>().join("\n"))
        })
    }
}
