//! Configuration, logs, metrics, health, signals and exit codes of every service.
//!
//! A service describes its settings as a type ([`config`]) and hands its work to [`service::run`], which logs
//! ([`logs`]), answers probes ([`admin`]) and ends on a signal. Nothing here knows Kafka or articles.
#![forbid(unsafe_code)]

pub mod admin;
pub mod config;
pub mod exit;
pub mod health;
pub mod logs;
pub mod service;
pub mod version;
