//! When a feed is polled next.

use std::time::Duration;

use siaga_schemas::identity;

/// Longest time that a server may ask for with `Retry-After`.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 3600);
/// Share of the interval by which polls of different feeds are spread.
const JITTER: f64 = 0.1;

/// Times between polls of one feed. The same URL always gives the same ones, so that a restart shifts nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    interval: Duration,
    longest: Duration,
    /// 0 to 1, by URL.
    phase: f64,
}

impl Schedule {
    /// `longest` bounds what failures make of the interval.
    pub(super) fn new(url: &str, interval: Duration, longest: Duration) -> Self {
        Self { interval, longest: longest.max(interval), phase: phase(url) }
    }

    /// From the start to the first poll, so that not all feeds are polled at once.
    pub(super) fn first(&self, spread: Duration) -> Duration {
        spread.min(self.interval).mul_f64(self.phase)
    }

    /// From a poll to the next one, after so many failures in a row.
    pub(super) fn next(&self, failures: u32, asked: Option<Duration>) -> Duration {
        let doubled = self.interval.saturating_mul(1 << failures.saturating_sub(1).min(16));
        let regular = if failures == 0 { self.interval } else { doubled.min(self.longest) };
        let jittered = regular.mul_f64(1.0 + JITTER * self.phase);
        jittered.max(asked.unwrap_or_default().min(LONGEST_ASKED))
    }
}

fn phase(url: &str) -> f64 {
    let digits = identity::feed_item_id("", url);
    let digits = digits.get(digits.len().saturating_sub(8)..).unwrap_or_default();
    f64::from(u32::from_str_radix(digits, 16).unwrap_or_default()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn schedule(url: &str) -> Schedule {
        Schedule::new(url, 5 * MINUTE, 60 * MINUTE)
    }

    #[test]
    fn failures_double_the_time_up_to_a_bound() {
        let plain = Schedule { phase: 0.0, ..schedule("a") };
        let minutes: Vec<u64> = (0..7).map(|failures| plain.next(failures, None).as_secs() / 60).collect();
        assert_eq!(minutes, [5, 5, 10, 20, 40, 60, 60]);
        assert_eq!(plain.next(u32::MAX, None), 60 * MINUTE);
        let slow = Schedule::new("a", 120 * MINUTE, 60 * MINUTE);
        assert!(slow.next(9, None) >= 120 * MINUTE, "failing is no reason to poll more often");
    }

    #[test]
    fn what_a_server_asks_for_is_waited_for_within_reason() {
        let plain = Schedule { phase: 0.0, ..schedule("a") };
        assert_eq!(plain.next(1, Some(30 * MINUTE)), 30 * MINUTE);
        assert_eq!(plain.next(1, Some(MINUTE)), 5 * MINUTE);
        assert_eq!(plain.next(1, Some(100_000 * MINUTE)), 24 * 60 * MINUTE);
    }

    #[test]
    fn feeds_are_spread_the_same_way_every_time() {
        let times: Vec<Duration> =
            (0..100).map(|n| schedule(&format!("https://a.example/{n}")).next(0, None)).collect();
        let again = schedule("https://a.example/7").next(0, None);
        assert_eq!(times[7], again);
        assert!(times.iter().all(|time| (5 * MINUTE..6 * MINUTE).contains(time)));
        let early = times.iter().filter(|time| time.as_secs() < 315).count();
        assert!((25..75).contains(&early), "{early}");
        let first = schedule("a").first(MINUTE);
        assert!(first <= MINUTE && first == schedule("a").first(MINUTE));
        assert_eq!(schedule("a").first(Duration::ZERO), Duration::ZERO);
    }
}
