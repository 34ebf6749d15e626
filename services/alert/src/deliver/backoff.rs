//! How long to wait before the next attempt.

use std::time::Duration;

use xxhash_rust::xxh3::xxh3_64;

/// Doubles the wait from attempt to attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    pub first: Duration,
    pub longest: Duration,
}

impl Backoff {
    /// The wait behind attempt number `attempt`, from 1: between half and all of what doubling gives. The share is drawn
    /// from the key, so that those who failed together come again apart.
    pub(super) fn after(&self, attempt: u32, key: &str) -> Duration {
        let doubled = self.first.saturating_mul(1 << attempt.saturating_sub(1).min(30)).min(self.longest);
        let drawn = xxh3_64(format!("{key}#{attempt}").as_bytes()) % 1000;
        doubled / 2 + doubled.mul_f64(f64::from(u32::try_from(drawn).unwrap_or(0)) / 2000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_bound_and_differ_by_key() {
        let backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(60) };
        for attempt in 1..=40 {
            let doubled = Duration::from_secs(1 << (attempt - 1).min(6)).min(backoff.longest);
            let wait = backoff.after(attempt, "incident/desk/1");
            assert!(wait >= doubled / 2 && wait <= doubled, "{attempt}: {wait:?}");
        }
        assert_ne!(backoff.after(3, "a"), backoff.after(3, "b"));
        assert_eq!(backoff.after(3, "a"), backoff.after(3, "a"));
    }
}
