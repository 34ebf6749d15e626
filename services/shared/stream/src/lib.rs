//! Consume, transform, produce, commit: exactly once over Kafka
#![forbid(unsafe_code)]
