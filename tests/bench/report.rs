//! What was measured, as a table for people and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

pub(crate) const COPY: &str = "bare copy";
pub(crate) const STREAMS: &str = "Kafka Streams";

/// All figures of one run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Articles on the input topic.
    pub(crate) articles: u64,
    /// Mean size of a raw article in bytes.
    pub(crate) bytes_per_article: f64,
    pub(crate) partitions: i32,
    /// Threads of each process.
    pub(crate) threads: usize,
    pub(crate) cores: usize,
    pub(crate) throughput: Vec<Throughput>,
    /// What the stages spend on their pure function and JSON alone, in this process on one thread.
    pub(crate) pure: Vec<Pure>,
    pub(crate) latency: Option<Latency>,
    pub(crate) goals: Vec<Goal>,
}

/// One process on the topic, from a fifth of its records to the end.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Throughput {
    pub(crate) name: String,
    pub(crate) records: u64,
    pub(crate) seconds: f64,
    pub(crate) articles_per_second: f64,
    /// Bytes of the input's values.
    pub(crate) megabytes_per_second: f64,
    pub(crate) cpu_microseconds_per_article: f64,
    pub(crate) peak_megabytes: f64,
}

/// CPU of decode, pure function and encode.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Pure {
    pub(crate) name: String,
    pub(crate) cpu_microseconds_per_article: f64,
}

/// Raw article acknowledged by Kafka to event readable, committed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Latency {
    pub(crate) articles_per_second: f64,
    pub(crate) articles: u64,
    pub(crate) events: u64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) p999_ms: f64,
    pub(crate) max_ms: f64,
    /// Of each service while it did this.
    pub(crate) peak_megabytes: Vec<(String, f64)>,
}

/// A figure and what it should be.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Goal {
    pub(crate) what: String,
    pub(crate) value: f64,
    pub(crate) bound: f64,
    pub(crate) met: bool,
}

impl Goal {
    pub(crate) fn at_least(what: impl Into<String>, value: f64, bound: f64) -> Self {
        Self { what: what.into(), value, bound, met: value >= bound }
    }

    pub(crate) fn at_most(what: impl Into<String>, value: f64, bound: f64) -> Self {
        Self { what: what.into(), value, bound, met: value <= bound }
    }
}

impl Report {
    /// Adds the goals for which there are figures.
    pub(crate) fn with_goals(mut self) -> Self {
        let rate = |name: &str| self.throughput.iter().find(|row| row.name == name);
        let copies = self.throughput.iter().filter(|row| row.name.starts_with(COPY));
        let copy_cpu = copies.map(|row| row.cpu_microseconds_per_article).reduce(f64::min);
        let mut goals = Vec::new();
        for stage in ["classify", "detect"] {
            let Some(row) = rate(&format!("siaga {stage}")) else { continue };
            if let Some(streams) = rate(STREAMS) {
                let factor = row.articles_per_second / streams.articles_per_second;
                goals.push(Goal::at_least(format!("{stage}: articles/s, times Kafka Streams"), factor, 1.7));
            }
            let pure = self.pure.iter().find(|pure| pure.name.starts_with(stage));
            if let (Some(copy), Some(pure)) = (copy_cpu, pure) {
                let beside = row.cpu_microseconds_per_article - pure.cpu_microseconds_per_article;
                let what = format!("{stage}: CPU beside pure function and JSON, times the copy's");
                goals.push(Goal::at_most(what, beside / copy, 1.25));
            }
            goals.push(Goal::at_most(format!("{stage}: peak MB under load"), row.peak_megabytes, 200.0));
        }
        if let Some(latency) = &self.latency {
            goals.push(Goal::at_most("latency p99, ms", latency.p99_ms, 100.0));
        }
        self.goals = goals;
        self
    }

    pub(crate) fn table(&self) -> String {
        let mut text = format!(
            "{} articles of {:.0} bytes, {} partitions, {} threads a process, {} cores with the broker on them\n\n",
            self.articles, self.bytes_per_article, self.partitions, self.threads, self.cores
        );
        writeln!(
            text,
            "{:<22}{:>12}{:>9}{:>16}{:>10}",
            "", "articles/s", "MB/s", "CPU us/article", "peak MB"
        )
        .ok();
        for row in &self.throughput {
            writeln!(
                text,
                "{:<22}{:>12.0}{:>9.1}{:>16.1}{:>10.0}",
                row.name,
                row.articles_per_second,
                row.megabytes_per_second,
                row.cpu_microseconds_per_article,
                row.peak_megabytes
            )
            .ok();
        }
        for row in &self.pure {
            writeln!(text, "{:<22}{:>12}{:>9}{:>16.1}", row.name, "", "", row.cpu_microseconds_per_article)
                .ok();
        }
        if let Some(latency) = &self.latency {
            writeln!(
                text,
                "\nraw article to event at {:.0} articles/s ({} articles, {} events): p50 {:.0} ms, p99 {:.0} ms, \
                 p99.9 {:.0} ms, max {:.0} ms",
                latency.articles_per_second,
                latency.articles,
                latency.events,
                latency.p50_ms,
                latency.p99_ms,
                latency.p999_ms,
                latency.max_ms
            )
            .ok();
            for (name, peak) in &latency.peak_megabytes {
                writeln!(text, "  {name}: peak {peak:.0} MB").ok();
            }
        }
        text.push('\n');
        for goal in &self.goals {
            let verdict = if goal.met { "met" } else { "MISSED" };
            writeln!(text, "{verdict:<8}{:<70}{:>9.2}  goal {:.2}", goal.what, goal.value, goal.bound).ok();
        }
        text
    }
}

/// The value below which `share` of the sorted values lie (nearest rank).
pub(crate) fn percentile(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_of_the_sample() {
        let values: Vec<f64> = (1..=1000).map(f64::from).collect();
        assert_eq!(percentile(&values, 0.5), 500.0);
        assert_eq!(percentile(&values, 0.99), 990.0);
        assert_eq!(percentile(&values, 0.999), 999.0);
        assert_eq!(percentile(&[7.0], 0.999), 7.0);
        assert!(percentile(&[], 0.5).is_nan());
    }
}
