//! What a client reports by itself, in the log: a lost connection is reported many times a second, and told once in
//! a while.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

/// Time in which the same error is told once.
const ONCE_IN: Duration = Duration::from_secs(10);

/// The reports of one client. librdkafka mends what they are about; what it cannot mend comes back from the call that
/// needed it.
#[derive(Debug)]
pub(crate) struct Reports {
    client: &'static str,
    told: Mutex<Vec<(Option<RDKafkaErrorCode>, Instant)>>,
}

impl Reports {
    pub(crate) fn of(client: &'static str) -> Self {
        Self { client, told: Mutex::default() }
    }

    /// Tells of an error where it was not told of lately.
    pub(crate) fn tell(&self, error: &KafkaError, reason: &str) {
        // The end of a partition is no error, although it is reported as one.
        let is_end = error.rdkafka_error_code() == Some(RDKafkaErrorCode::PartitionEOF);
        if !is_end && self.is_news(error.rdkafka_error_code(), Instant::now()) {
            tracing::warn!(client = self.client, %error, reason, "kafka client reports");
        }
    }

    fn is_news(&self, code: Option<RDKafkaErrorCode>, now: Instant) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        match told.iter_mut().find(|(told, _)| *told == code) {
            Some((_, last)) if now.saturating_duration_since(*last) < ONCE_IN => false,
            Some((_, last)) => {
                *last = now;
                true
            }
            None => {
                told.push((code, now));
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_error_is_told_once_in_a_while_and_another_one_at_once() {
        let reports = Reports::of("consumer");
        let (down, slow) = (Some(RDKafkaErrorCode::AllBrokersDown), Some(RDKafkaErrorCode::RequestTimedOut));
        let start = Instant::now();
        assert!(reports.is_news(down, start));
        assert!(!reports.is_news(down, start + ONCE_IN / 2));
        assert!(reports.is_news(slow, start + ONCE_IN / 2));
        assert!(reports.is_news(down, start + ONCE_IN));
        assert!(!reports.is_news(down, start + ONCE_IN + ONCE_IN / 2));
    }
}
