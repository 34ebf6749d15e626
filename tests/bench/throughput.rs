//! How fast a process works through a topic, and what it costs.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::kafka::{Kafka, Loaded};
use crate::process::Measured;
use crate::report::Throughput;

/// Share of the topic that is not counted: starting, joining the group, warming up.
const WARM_UP: f64 = 0.2;
/// Without progress for so long, something is wrong.
const STALLED: Duration = Duration::from_secs(120);

struct Sample {
    at: Instant,
    cpu: Duration,
    committed: i64,
}

/// Follows `process` from its start to the end of `topic`, then stops it.
///
/// `loaded` is what the topic holds; offsets count transaction markers too, so that records are counted by the share
/// of the offsets.
pub(crate) fn measure(
    kafka: &Kafka,
    name: &str,
    mut process: Measured,
    group: &str,
    topic: &str,
    partitions: i32,
    loaded: &Loaded,
) -> Result<Throughput> {
    let mut watch = kafka.watch(group, topic)?;
    let mut first: Option<Sample> = None;
    let (mut progress, mut progress_at) = (0, Instant::now());
    let last = loop {
        let (committed, end) = watch.next()?;
        process.check()?;
        let sample = Sample { at: Instant::now(), cpu: process.cpu()?, committed };
        if committed > progress {
            (progress, progress_at) = (committed, sample.at);
        }
        ensure!(progress_at.elapsed() < STALLED, "{name} is stuck at offset {committed} of {end}");
        // The last offset of a partition may be a marker, which nobody commits.
        if committed >= end - i64::from(partitions) {
            break sample;
        }
        if first.is_none() && committed as f64 >= end as f64 * WARM_UP {
            first = Some(sample);
        }
    };
    let peak_memory = process.peak_memory()?;
    process.stop()?;
    let first =
        first.ok_or_else(|| anyhow::anyhow!("{name} was too fast to be measured: use more articles"))?;
    let share = (last.committed - first.committed) as f64 / last.committed as f64;
    let records = loaded.records as f64 * share;
    let seconds = (last.at - first.at).as_secs_f64();
    Ok(Throughput {
        name: name.to_owned(),
        records: records as u64,
        seconds,
        articles_per_second: records / seconds,
        megabytes_per_second: loaded.bytes as f64 * share / seconds / 1e6,
        cpu_microseconds_per_article: (last.cpu - first.cpu).as_secs_f64() * 1e6 / records,
        peak_megabytes: peak_memory as f64 / 1e6,
    })
}
