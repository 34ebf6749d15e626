//! What incidents have in common: counts for filters, and a timeline.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_schemas::{Moment, Severity};

use super::summary::Summary;

/// Most periods of a timeline.
const MOST_PERIODS: i64 = 96;

/// Lengths that a period may have, in milliseconds: from five minutes to a year.
const PERIODS: [i64; 9] = {
    const MINUTE: i64 = 60_000;
    const DAY: i64 = 1440 * MINUTE;
    [5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 180 * MINUTE, 720 * MINUTE, DAY, 7 * DAY, 30 * DAY, 365 * DAY]
};

/// What some incidents have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// How many they are.
    pub matched: u64,
    /// By type.
    pub types: Vec<Count>,
    /// By severity.
    pub severities: Vec<Count>,
    /// By state.
    pub states: Vec<Count>,
    /// By who stands behind them.
    pub confirmations: Vec<Count>,
    /// By country, each counted in all of its countries.
    pub countries: Vec<Count>,
    /// Length of a period of the timeline, in milliseconds.
    pub period_ms: i64,
    /// By the time of the last report, empty periods left out.
    pub timeline: Vec<Period>,
}

/// How many there are of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Count {
    /// Code of the kind.
    pub code: String,
    /// How many.
    pub count: u64,
}

/// Incidents of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Period {
    /// Its beginning.
    pub start: Moment,
    /// By severity, from `info` to `critical`.
    pub counts: [u64; 5],
}

impl Coverage {
    pub(super) fn of<'a>(incidents: impl Iterator<Item = &'a Summary>) -> Self {
        let (mut types, mut severities) = (BTreeMap::new(), BTreeMap::new());
        let (mut states, mut confirmations) = (BTreeMap::new(), BTreeMap::new());
        let (mut countries, mut times, mut matched) = (BTreeMap::new(), Vec::new(), 0);
        for incident in incidents {
            matched += 1;
            *types.entry(incident.event_type).or_default() += 1;
            *severities.entry(incident.severity).or_default() += 1;
            *states.entry(incident.state).or_default() += 1;
            *confirmations.entry(incident.confirmation).or_default() += 1;
            for country in &incident.countries {
                *countries.entry(*country).or_default() += 1;
            }
            times.push((incident.last_report_at.timestamp().as_millisecond(), incident.severity));
        }
        let (period_ms, timeline) = timeline(&times);
        Self {
            matched,
            types: by_code(types),
            severities: by_code(severities),
            states: by_code(states),
            confirmations: by_code(confirmations),
            countries: by_code(countries),
            period_ms,
            timeline,
        }
    }
}

/// Counts by the codes that stand in records.
fn by_code<T: Serialize>(counts: BTreeMap<T, u64>) -> Vec<Count> {
    ranked(counts.into_iter().map(|(value, count)| (code(&value), count)))
}

/// The most frequent first.
pub(super) fn ranked(counts: impl IntoIterator<Item = (String, u64)>) -> Vec<Count> {
    let mut counts: Vec<Count> = counts.into_iter().map(|(code, count)| Count { code, count }).collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
    counts
}

fn code(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}

fn timeline(times: &[(i64, Severity)]) -> (i64, Vec<Period>) {
    let first = times.iter().map(|(at, _)| *at).min().unwrap_or(0);
    let last = times.iter().map(|(at, _)| *at).max().unwrap_or(0);
    let fits = |period: &i64| (last - first) / period < MOST_PERIODS;
    let period = PERIODS.into_iter().find(fits).unwrap_or(PERIODS[PERIODS.len() - 1]);
    let mut periods = BTreeMap::<i64, [u64; 5]>::new();
    for (at, severity) in times {
        periods.entry(at.div_euclid(period) * period).or_default()[*severity as usize] += 1;
    }
    let period_of = |(start, counts)| Period { start: Moment::from_millis(start), counts };
    (period, periods.into_iter().map(period_of).collect())
}
