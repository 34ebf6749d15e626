//! Joins the reports of one happening into one incident: `events.security` and `control` to `incidents`.
//!
//! The way of a mention: `stage` reads its record, [`Tracker`] takes it in, `identity` says which reports can be of one
//! happening, `grouping` makes groups of them, `tracker::settle` gives the groups the ids of incidents, and `summary` says
//! what an incident tells.
#![forbid(unsafe_code)]

mod config;
mod grouping;
mod identity;
mod metrics;
pub mod service;
mod stage;
mod summary;
mod tracker;

pub use config::{ADMIN_PORT, Config, Tracking};
pub use metrics::Metrics;
pub use service::DEFINITION;
pub use stage::Joiner;
pub use tracker::{Arrival, Change, Counts, Tracker, Unchanged};
