//! The client side, through the `probe` example of `siaga-stream`: no other crate names the Kafka client.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use siaga_tests::articles::Articles;

/// A cluster and the program that speaks with it.
pub(crate) struct Kafka {
    pub(crate) brokers: String,
    probe: PathBuf,
}

/// Records and bytes that were written.
pub(crate) struct Loaded {
    pub(crate) records: u64,
    pub(crate) bytes: u64,
}

impl Kafka {
    pub(crate) fn new(brokers: String, binaries: &Path) -> Self {
        Self { brokers, probe: binaries.join("examples/probe") }
    }

    pub(crate) fn create(&self, topics: &[(String, i32)]) -> Result<()> {
        let topics: Vec<String> =
            topics.iter().map(|(name, partitions)| format!("{name}={partitions}")).collect();
        let output = self.command("create").args(topics).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// Writes the articles `0..count` to `topic`, keyed by id.
    pub(crate) fn load(&self, topic: &str, count: u64) -> Result<Loaded> {
        let result = self.feed(self.command("load").arg(topic), 0..count)?;
        let number = |name: &str| result[name].as_u64().with_context(|| format!("probe: no {name}"));
        Ok(Loaded { records: number("records")?, bytes: number("bytes")? })
    }

    /// Writes articles at a steady pace and waits for their events. Milliseconds for each event, unsorted.
    pub(crate) fn latency(
        &self,
        raw: &str,
        events: &str,
        rate: f64,
        articles: std::ops::Range<u64>,
    ) -> Result<Vec<f64>> {
        let result = self.feed(self.command("latency").args([raw, events, &rate.to_string()]), articles)?;
        let values = result["milliseconds"].as_array().context("probe: no milliseconds")?;
        Ok(values.iter().filter_map(Value::as_f64).collect())
    }

    pub(crate) fn watch(&self, group: &str, topic: &str) -> Result<Watch> {
        let mut child = self
            .command("watch")
            .args([group, topic])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(child.stdout.take().context("probe has no output")?);
        Ok(Watch { child, lines })
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(&self.probe);
        command.args([verb, &self.brokers]);
        command
    }

    fn feed(&self, command: &mut Command, articles: std::ops::Range<u64>) -> Result<Value> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let generator = Articles::new();
        let mut input = std::io::BufWriter::new(child.stdin.take().context("probe has no input")?);
        for index in articles {
            let written = input
                .write_all(Articles::id(index).as_bytes())
                .and_then(|()| input.write_all(b"\t"))
                .and_then(|()| input.write_all(&generator.article(index)))
                .and_then(|()| input.write_all(b"\n"));
            if written.is_err() {
                // Its own words on stderr say why it has ended.
                break;
            }
        }
        drop(input);
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "probe failed");
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// A consumer group's progress on a topic, about every 50 ms.
pub(crate) struct Watch {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watch {
    /// Committed offsets and ends of all partitions, summed.
    pub(crate) fn next(&mut self) -> Result<(i64, i64)> {
        let mut line = String::new();
        if self.lines.read_line(&mut line)? == 0 {
            bail!("probe ended by itself");
        }
        let value: Value = serde_json::from_str(&line)?;
        let number = |name: &str| value[name].as_i64().with_context(|| format!("probe: no {name}"));
        Ok((number("committed")?, number("end")?))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
