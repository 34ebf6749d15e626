//! The command line as people and scripts use it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod analyze;
mod configuration;
mod demo;
mod kafka;
mod program;
mod service;
mod usage;
