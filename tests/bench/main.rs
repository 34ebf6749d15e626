//! `cargo run --release -p siaga-tests --bin bench`: the stages beside a bare copy and a Kafka Streams program, on the
//! same topic of a real Kafka. See README.md beside this file.
#![forbid(unsafe_code)]
// A benchmark talks to people.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod contenders;
mod kafka;
mod process;
mod pure;
mod report;
mod throughput;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Parser;

use crate::contenders::Bench;

/// As in the executable that is measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Siaga's stages beside a bare copy and Kafka Streams, on a real Kafka.
#[derive(Debug, Parser)]
struct Options {
    /// Articles on the topic.
    #[arg(long, default_value_t = 200_000)]
    articles: u64,
    /// Partitions of the topics.
    #[arg(long, default_value_t = 4)]
    partitions: i32,
    /// Threads of each process.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Articles of the latency run, at 200 a second.
    #[arg(long, default_value_t = 12_000)]
    latency_articles: u64,
    /// Where the figures go as JSON.
    #[arg(long, default_value = "bench.json")]
    output: PathBuf,
    /// A running Kafka; without it one is started.
    #[arg(long)]
    brokers: Option<String>,
    /// Prefix of the topics, which must not exist.
    #[arg(long, default_value = "bench")]
    prefix: String,
    /// Takes the binaries as they are.
    #[arg(long)]
    no_build: bool,
    /// Only these: copy, streams, pure, classify, detect, latency.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let binaries = binaries(!options.no_build)?;
    let bench = Bench::start(&options, binaries)?;
    let report = bench.run()?;
    let json = serde_json::to_string_pretty(&report)? + "\n";
    std::fs::write(&options.output, json)
        .with_context(|| format!("cannot write {}", options.output.display()))?;
    println!("{}", report.table());
    println!("written to {}", options.output.display());
    Ok(())
}

/// The folder of the binaries that are measured, built anew where `build` says so.
fn binaries(build: bool) -> Result<PathBuf> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    if build {
        eprintln!("building");
        let status = Command::new(env!("CARGO"))
            .args(["build", "--release", "--quiet", "--manifest-path", manifest])
            .args(["-p", "siaga", "-p", "siaga-stream", "--bins", "--examples"])
            .status()?;
        ensure!(status.success(), "the build failed");
    }
    let this = std::env::current_exe()?;
    Ok(this.parent().context("the executable has no folder")?.to_owned())
}
