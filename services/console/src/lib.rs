//! Shows incidents to analysts: a page, an API and a live stream, complete in every replica.
//!
//! * [`model`] is what is known: incidents, alerts, decisions, texts of articles, the flow. It takes records and
//!   answers questions, and knows neither Kafka nor HTTP; so it runs from memory too.
//! * [`feed`] brings it the records of all partitions of its topics, without a group.
//! * [`http`] answers: the API under `/api/v1`, and the page, which is part of the executable.
//! * [`decisions`] takes what operators decide to the topic `control`.
#![forbid(unsafe_code)]

pub mod config;
pub mod decisions;
pub mod feed;
pub mod http;
mod metrics;
pub mod model;
pub mod service;

#[cfg(test)]
extern crate self as siaga_console;
#[cfg(test)]
#[path = "../tests/samples/mod.rs"]
mod samples;

pub use config::Config;
pub use model::Model;
