//! The tracker over mentions of our own making.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod corrections;
mod decisions;
mod joining;
mod lifetime;
mod order;
mod restore;
mod summary;
mod telling;
