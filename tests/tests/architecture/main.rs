//! The invariants of the house that no type can hold: who may name what. See services/README.md.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod dependencies;
mod pure_sources;
