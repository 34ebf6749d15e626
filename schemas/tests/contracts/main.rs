//! The files under `schemas/` that others build on, held against the types.
//!
//! `UPDATE=1 cargo test --release -p siaga-schemas --test contracts` writes the generated ones anew.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod additive;
mod arbitrary;
mod asyncapi;
mod examples;
mod generated;

use std::path::PathBuf;

use serde_json::Value;
use siaga_schemas::{
    Alert, ClassifiedArticle, Control, Correction, DecodeError, EnrichedArticle, Incident, Mention, Message,
    RawArticle, Withdrawal, json_schema,
};

/// A message without its type, so that tests can go through all of them.
struct Contract {
    name: &'static str,
    event_type: &'static str,
    schema: fn() -> Value,
    /// Decodes and encodes again.
    round_trip: fn(&[u8]) -> Result<Value, DecodeError>,
}

impl Contract {
    fn of<M: Message>() -> Self {
        Self {
            name: M::NAME,
            event_type: M::TYPE,
            schema: json_schema::<M>,
            round_trip: |bytes| M::decode(bytes).map(|message| serde_json::to_value(message).unwrap()),
        }
    }

    fn all() -> Vec<Self> {
        vec![
            Self::of::<RawArticle>(),
            Self::of::<ClassifiedArticle>(),
            Self::of::<EnrichedArticle>(),
            Self::of::<Mention>(),
            Self::of::<Correction>(),
            Self::of::<Withdrawal>(),
            Self::of::<Incident>(),
            Self::of::<Alert>(),
            Self::of::<Control>(),
        ]
    }
}

/// A file under `schemas/`.
fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(file(path)).unwrap_or_else(|error| panic!("schemas/{path}: {error}"))
}

fn read_json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("schemas/{path}: {error}"))
}
