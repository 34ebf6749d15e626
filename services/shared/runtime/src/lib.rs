//! Configuration, logs, metrics, health, signals and exit codes of every service.
#![forbid(unsafe_code)]

pub mod config;
