//! How fast the tracker is, and what it holds: mentions of happenings that are made up, from bytes to bytes as the stage
//! does it.
//!
//! `cargo run --release -p siaga-track --example load`
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program that prints figures")]

mod world;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use siaga_schemas::{Incident, Mention, Message};
use siaga_track::{Arrival, Change, Tracker, Tracking};

use world::World;

/// Milliseconds of 2023-01-01T00:00:00Z.
const BEGINNING: i64 = 1_672_531_200_000;

/// That of the executable.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    year();
    for held in [10_000, 100_000, 1_000_000] {
        at(held);
    }
}

/// A million mentions of 200,000 happenings in a year, and what is left of them read again.
fn year() {
    let world = World { beginning: BEGINNING, happenings: 200_000, days: 365, reports: 5 };
    let mut tracker = Tracker::new(Tracking::default(), "load");
    let mut topic: HashMap<String, Vec<u8>> = HashMap::new();
    let mut written = 0;
    let mut parts = [Duration::ZERO; 3];
    let mentions = 1_000_000;
    for number in 0..mentions {
        let record = world.record(number);
        let begun = Instant::now();
        let mention = Mention::decode(&record.value).unwrap();
        parts[0] += begun.elapsed();
        let changes = tracker
            .mention(mention, Arrival { timestamp: record.timestamp, lane: "live" })
            .unwrap_or_default();
        parts[1] += begun.elapsed();
        let outputs = encode(changes);
        parts[2] += begun.elapsed();
        for (id, value) in outputs {
            written += value.as_ref().map_or(0, Vec::len);
            match value {
                Some(value) => drop(topic.insert(id, value)),
                None => drop(topic.remove(&id)),
            }
        }
    }
    let counts = tracker.counts();
    let each = |part: Duration| part.as_secs_f64() * 1e6 / mentions as f64;
    println!(
        "a year: {mentions} mentions, {:.0}/s on one thread: {:.1} us to decode, {:.1} to track, {:.1} to encode; \
         {:.1} GB of incidents; {counts:?}",
        1e6 / each(parts[2]),
        each(parts[0]),
        each(parts[1]) - each(parts[0]),
        each(parts[2]) - each(parts[1]),
        f64::from(u32::try_from(written / 1_000_000).unwrap_or(u32::MAX)) / 1e3,
    );
    let (incidents, reports) = (tracker.incidents(), tracker.reports());
    drop(tracker);
    let before = resident();
    let begun = Instant::now();
    let mut restored = Tracker::new(Tracking::default(), "load");
    for (id, value) in &topic {
        restored.restore(id, Some(Incident::decode(value).unwrap()));
    }
    restored.build_up();
    let took = begun.elapsed();
    let bytes = resident().saturating_sub(before);
    println!(
        "restored: {incidents} incidents with {reports} reports in {:.2} s; {} kB an incident, {} kB a report",
        took.as_secs_f64(),
        bytes / incidents.max(1) / 1000,
        bytes / reports.max(1) / 1000,
    );
    drop(restored);
}

/// What a mention costs where so many incidents are held.
fn at(held: u64) {
    // As many happenings a day each time: more of them lie further back.
    let world = World { beginning: BEGINNING, happenings: held, days: held.div_ceil(500), reports: 1 };
    let mut tracker = Tracker::new(Tracking::of_all_times(), "load");
    for number in 0..held {
        let record = world.record(number);
        step(&mut tracker, &record.value, record.timestamp);
    }
    let fresh: Vec<_> = (0..20_000).map(|number| world.more(number)).collect();
    let begun = Instant::now();
    for record in &fresh {
        step(&mut tracker, &record.value, record.timestamp);
    }
    println!(
        "{} incidents held: {:.1} us a mention; {} MB resident",
        tracker.incidents(),
        begun.elapsed().as_secs_f64() * 1e6 / 20_000.0,
        resident() / 1_000_000
    );
}

/// What the stage does with a record.
fn step(tracker: &mut Tracker, value: &[u8], timestamp: i64) -> Vec<(String, Option<Vec<u8>>)> {
    let mention = Mention::decode(value).unwrap();
    encode(tracker.mention(mention, Arrival { timestamp, lane: "live" }).unwrap_or_default())
}

fn encode(changes: Vec<Change>) -> Vec<(String, Option<Vec<u8>>)> {
    let output = |change| match change {
        Change::Put(incident) => (incident.incident_id.clone(), Some(incident.encode().unwrap())),
        Change::Forget(id) => (id, None),
    };
    changes.into_iter().map(output).collect()
}

/// Bytes of memory that this process has.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok());
    1024 * number.unwrap_or(0_usize)
}
