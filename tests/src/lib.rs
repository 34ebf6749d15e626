//! Harness and tests of the whole: real Kafka, quality, load, faults
#![forbid(unsafe_code)]

pub mod articles;
