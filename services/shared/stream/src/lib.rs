//! Consume, transform, produce, commit: exactly once over Kafka.
//!
//! The only crate that names rdkafka. A [`Stage`] runs a pure [`Processor`] on a number of threads, each with a
//! consumer and a transactional producer of its own, as Kafka Streams does: poll a batch, process it, send outputs
//! and dead letters, commit them with the offsets in one transaction. There is no tokio here: all transaction calls
//! block.
//!
//! * Work that depends on the records before it is a [`StatefulProcessor`]; its state lives in a compacted topic.
//! * What a record may become: [`Outcome`]. Each ends exactly once, and the counters of the metrics add up.
//! * What goes wrong is retried, aborted and done again, or ends the stage: [`Error`]. A stage is never silently idle.
//! * Memory is bounded by [`Processing`]; [`Processing::memory_bytes`] is the sum.
#![forbid(unsafe_code)]

pub mod admin;
mod batch;
mod client;
pub mod cloud_events;
mod context;
pub mod dead_letter;
mod error;
pub mod follower;
mod group;
mod health;
pub mod in_process;
mod metrics;
mod processor;
pub mod publisher;
pub mod reader;
mod record;
mod reports;
mod settings;
mod stage;
mod stateful;
mod step;
mod thread;
mod transaction;
mod worker;

pub use admin::Admin;
pub use error::Error;
pub use follower::Follower;
pub use group::GroupLag;
pub use health::{State, Stop};
pub use processor::{Outcome, Outputs, OwnedOutputHeaders, Processor, Rejection};
pub use publisher::{Publisher, Publishing};
pub use reader::BoundedReader;
pub use record::Record;
pub use settings::{GroupProtocol, Guarantee, Kafka, OnBadRecord, Processing};
pub use stage::{Stage, Topics};
pub use stateful::{StatefulProcessor, StatefulTopics};
