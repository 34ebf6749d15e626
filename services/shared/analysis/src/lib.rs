//! What Siaga knows about language, topics, places and security events: pure functions over text.
//!
//! [`Knowledge`] is loaded once, from the lexicon that is built in or from files that the caller has read.
//! [`classify`] reads a raw article and names its language, topics and regions; [`detect`] finds the security events
//! in it; [`enrich`] does both. The same input and the same knowledge give the same output: nothing here reads a
//! clock, a file or the environment.
//!
//! ```
//! use siaga_analysis::{Knowledge, enrich};
//!
//! let knowledge = Knowledge::built_in()?;
//! let raw = serde_json::from_str(r#"{"title": "Korut luncurkan rudal", "body": "Korea Utara meluncurkan dua rudal balistik ke Laut Jepang, Rabu (4/11/2026), kata militer Korea Selatan.", "published_at": "2026-11-04T20:00:00+07:00"}"#)?;
//! let enriched = enrich(&knowledge, &raw, 0)?;
//! assert!(enriched.flagged);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod article;
mod calendar;
mod events;
mod knowledge;
mod language;
pub mod lexicon;
mod linear;
mod matcher;
mod origin;
pub mod page;
mod pipeline;
mod places;
mod regions;
mod text;
mod topics;
mod vocabulary;

/// What the trainer of the models shares with their use: the same features, the same file.
pub mod learned {
    pub use crate::language::features as language_features;
    pub use crate::linear::{Header, Linear, ModelError, bucket};
    pub use crate::pipeline::topic_evidence;
    pub use crate::topics::{Evidence, TOP as TOP_TOPICS};
}

pub use article::Unreadable;
pub use events::Decision;
pub use knowledge::{Knowledge, built_in_files};
pub use pipeline::{Detected, classify, detect, enrich, explain};
pub use places::Geography;
