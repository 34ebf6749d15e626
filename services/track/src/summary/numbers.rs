//! Numbers of an incident: how many were fired, taken, killed, wounded.

use jiff::ToSpan;
use siaga_schemas::{Conflict, IncidentNumber, Interval, Report, Told};

use super::votes::{Value, Voice, values};

/// At least and at most.
type Bounds = (Option<u32>, Option<u32>);

/// How many of what the type counts: the value that most origins bear out, of equals the more exact one. A report
/// that says "at least two" bears out "two".
pub(crate) fn count(voices: &[Voice<'_>]) -> (Option<IncidentNumber>, Option<Conflict>) {
    decide("count", values(voices, |report| bounds(report.event.count.as_ref())))
}

/// A toll: as [`count`], of the reports of the last day on which one was told, since tolls grow.
pub(crate) fn toll(
    slot: &str,
    voices: &[Voice<'_>],
    read: impl Fn(&Report) -> Option<&Interval>,
) -> (Option<IncidentNumber>, Option<Conflict>) {
    let all = values(voices, |report| bounds(read(report)));
    let Some(latest) = all.iter().map(|value| value.latest).max() else { return (None, None) };
    let since = latest.saturating_sub(24.hours()).unwrap_or(latest);
    let (recent, earlier): (Vec<_>, Vec<_>) = all.into_iter().partition(|value| value.latest >= since);
    let (shown, _) = decide(slot, recent.clone());
    let conflict = shown.as_ref().and_then(|shown| {
        let shown = (shown.min, shown.max);
        conflict(slot, shown, recent.into_iter().chain(earlier).collect())
    });
    (shown, conflict)
}

fn bounds(interval: Option<&Interval>) -> Option<Bounds> {
    interval.map(|interval| (interval.min, interval.max))
}

fn decide(slot: &str, values: Vec<Value<Bounds>>) -> (Option<IncidentNumber>, Option<Conflict>) {
    let support = |value: &Value<Bounds>| {
        let mut origins = value.origins.clone();
        for wider in values.iter().filter(|other| contains(other.value, value.value)) {
            origins.extend(&wider.origins);
        }
        origins.len()
    };
    let exact = |value: &Value<Bounds>| value.value.0 == value.value.1;
    let best = values.iter().max_by(|a, b| {
        let rank = |value: &Value<Bounds>| {
            (support(value), exact(value), value.origins.len(), value.latest, value.value)
        };
        rank(a).cmp(&rank(b))
    });
    let Some(shown) = best.map(|best| best.value) else { return (None, None) };
    let bearing_out = values.iter().filter(|value| contains(value.value, shown));
    let mut sources: Vec<String> = bearing_out.flat_map(|value| value.sources.clone()).collect();
    sources.sort();
    let number = IncidentNumber { min: shown.0, max: shown.1, sources };
    (Some(number), conflict(slot, shown, values))
}

/// Whether all that the second allows the first allows too.
fn contains(wide: Bounds, narrow: Bounds) -> bool {
    let from = wide.0.unwrap_or(0) <= narrow.0.unwrap_or(0);
    from && wide.1.is_none_or(|most| narrow.1.is_some_and(|narrow| narrow <= most))
}

fn excludes(a: Bounds, b: Bounds) -> bool {
    let above = |low: Bounds, high: Bounds| low.1.is_some_and(|most| most < high.0.unwrap_or(0));
    above(a, b) || above(b, a)
}

/// All values, where one of them excludes the shown one.
fn conflict(slot: &str, shown: Bounds, values: Vec<Value<Bounds>>) -> Option<Conflict> {
    if !values.iter().any(|value| excludes(value.value, shown)) {
        return None;
    }
    let (first, rest): (Vec<_>, Vec<_>) = values.into_iter().partition(|value| value.value == shown);
    let told = |value: Value<Bounds>| Told { text: in_words(value.value), sources: value.sources };
    Some(Conflict { slot: slot.to_owned(), values: first.into_iter().chain(rest).map(told).collect() })
}

fn in_words(bounds: Bounds) -> String {
    match bounds {
        (Some(min), Some(max)) if min == max => min.to_string(),
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "some".to_owned(),
    }
}
