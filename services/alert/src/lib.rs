//! Decides by policy who is told of an incident, and tells: `incidents` and `control` to `alerts`, and from there to
//! Alertmanager and webhooks.
//!
//! [`decide`] is the pure decision, [`Alerter`] makes it for a stage, [`deliver`] carries it out.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod config;
pub mod decide;
pub mod deliver;
mod metrics;
pub mod policy;
pub mod service;
mod stage;

pub use config::{Config, Delivery, policies};
pub use metrics::{DecisionMetrics, DeliveryMetrics};
pub use stage::{Alerter, Clock};
