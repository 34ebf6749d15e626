//! The loop on a real Kafka: what it promises, and what it does when something goes wrong.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bad_records;
mod cluster;
mod edges;
mod exactly_once;
mod faults;
mod groups;
mod processes;
mod restores;
mod stateful;
mod tally;
