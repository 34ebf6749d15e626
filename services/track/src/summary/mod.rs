//! What an incident says, made of what its reports say: the same reports give the same summary.
//!
//! Each slot has its written rule, in the module of its name; a report that denies the event decides none while others
//! assert it. Values that exclude each other stand in `conflicts`, each with its sources.

mod numbers;
mod origins;
mod parties;
mod place;
mod votes;
mod weapon;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use siaga_schemas::{
    BriefReport, Conflict, DatePrecision, EventType, Incident, IncidentDate, IncidentState, Moment, Report,
    Severity, Status, Told, Versions,
};

use votes::{Value, Voice, values};

/// The summary of some reports, in the order of their records, as an incident without a history: id, revision, decisions and
/// times of the tracker are left to it.
pub(crate) fn summarise(reports: Vec<Arc<Report>>, further: Vec<BriefReport>) -> Incident {
    let origins = origins::origins(&reports, &further);
    let all: Vec<Voice<'_>> =
        reports.iter().zip(&origins.of).map(|(report, origin)| Voice { report, origin: *origin }).collect();
    let voices = asserting(&all);
    let types = values(&voices, |report| Some(report.event.event_type));
    let mut conflicts: Vec<Conflict> = Vec::new();
    let mut keep = |conflict: Option<Conflict>| conflicts.extend(conflict);
    keep(several("type", &types, |event_type| event_type.code().to_owned()));
    let (date, differs) = date(&voices);
    keep(differs);
    let (location, differs) = place::location(&voices);
    keep(differs);
    let (count, differs) = numbers::count(&voices);
    keep(differs);
    let (killed, differs) = numbers::toll("killed", &voices, |report| report.event.killed.as_ref());
    keep(differs);
    let (injured, differs) = numbers::toll("injured", &voices, |report| report.event.injured.as_ref());
    keep(differs);
    let (weapon, differs) = weapon::weapon(&voices);
    keep(differs);
    let status = status(&voices);
    let gravest = gravest(&voices);
    let mut all_types: Vec<EventType> = types.iter().map(|value| value.value).collect();
    all_types.sort();
    let published = reports.iter().map(|report| report.article.published_at);
    let first = published.clone().min_by_key(Moment::timestamp);
    let last = published.max_by_key(Moment::timestamp);
    Incident {
        incident_id: String::new(),
        revision: 0,
        state: if is_taken_back(&all) { IncidentState::Retracted } else { IncidentState::Open },
        merged_into: None,
        event_type: types.first().map_or(EventType::Strike, |value| value.value),
        types: all_types,
        status,
        flagged: status.is_flagged(),
        confidence: voices.iter().map(|voice| voice.report.event.confidence).fold(0.0, f32::max),
        severity: gravest.as_ref().map_or(Severity::Info, |(severity, _)| *severity),
        severity_reasons: gravest.map(|(_, reasons)| reasons).unwrap_or_default(),
        actors: parties::parties(&voices, |report| &report.event.actors),
        targets: parties::parties(&voices, |report| &report.event.targets),
        location,
        date,
        count,
        killed,
        injured,
        weapon,
        claimed_by: parties::authorities(&voices, |report| &report.event.claimed_by),
        confirmed_by: parties::authorities(&voices, |report| &report.event.confirmed_by),
        denied_by: parties::authorities(&all, |report| &report.event.denied_by),
        conflicts,
        report_count: u32::try_from(reports.len() + further.len()).unwrap_or(u32::MAX),
        publishers: origins.publishers,
        independent_origins: u32::try_from(origins.all.len()).unwrap_or(u32::MAX),
        origins: origins.all,
        why: Vec::new(),
        changed: Vec::new(),
        lane: String::new(),
        first_report_at: first.unwrap_or_else(|| Moment::from_millis(0)),
        last_report_at: last.unwrap_or_else(|| Moment::from_millis(0)),
        updated_at: Moment::from_millis(0),
        versions: Versions::default(),
        reports,
        further,
    }
}

/// Those that say it happened; where none does, all.
fn asserting<'r>(all: &[Voice<'r>]) -> Vec<Voice<'r>> {
    let some = |wanted: fn(Status) -> bool| -> Vec<Voice<'r>> {
        all.iter().filter(|voice| wanted(voice.report.event.status)).copied().collect()
    };
    let flagged = some(Status::is_flagged);
    if !flagged.is_empty() {
        return flagged;
    }
    let told = some(|status| status != Status::Denied);
    if told.is_empty() { all.to_vec() } else { told }
}

/// The status of most origins, of equals the one told last.
fn status(voices: &[Voice<'_>]) -> Status {
    values(voices, |report| Some(report.event.status)).first().map_or(Status::Denied, |value| value.value)
}

/// Whether each origin that asserted it has denied it since.
fn is_taken_back(all: &[Voice<'_>]) -> bool {
    let mut last: BTreeMap<usize, (Timestamp, &str, Status)> = BTreeMap::new();
    let mut asserted = false;
    for voice in all {
        let event = &voice.report.event;
        asserted |= event.status != Status::Denied;
        let told = (voice.published(), event.id.as_str(), event.status);
        let known = last.entry(voice.origin).or_insert(told);
        *known = (*known).max(told);
    }
    all.is_empty() || asserted && last.values().all(|(_, _, status)| *status == Status::Denied)
}

/// The highest severity, and the reasons of the first report that has it.
fn gravest(voices: &[Voice<'_>]) -> Option<(Severity, Vec<String>)> {
    let highest = voices.iter().map(|voice| voice.report.event.severity).max()?;
    let first = voices.iter().find(|voice| voice.report.event.severity == highest)?;
    Some((highest, first.report.event.severity_reasons.clone()))
}

/// The day that most origins name; where none names one, the fewest days.
fn date(voices: &[Voice<'_>]) -> (Option<IncidentDate>, Option<Conflict>) {
    let told = values(voices, |report| {
        report.event.date.as_ref().map(|date| (date.precision, date.start, date.end))
    });
    let (mut exact, vague): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|value| value.value.0 == DatePrecision::Day);
    // One day before two: "the night to Monday" is either.
    exact.sort_by_key(|value| value.value.1 != value.value.2);
    let days =
        several(
            "date",
            &exact,
            |(_, start, end)| {
                if start == end { start.to_string() } else { format!("{start} to {end}") }
            },
        );
    let best = exact.into_iter().next().or_else(|| vague.into_iter().min_by_key(|value| value.value));
    let date = best.map(|value| {
        let (precision, start, end) = value.value;
        IncidentDate { start, end, precision, sources: value.sources }
    });
    (date, days)
}

/// All values of a slot, where there are several.
fn several<K: Copy>(slot: &str, values: &[Value<K>], text: impl Fn(K) -> String) -> Option<Conflict> {
    let told = |value: &Value<K>| Told { text: text(value.value), sources: value.sources.clone() };
    (values.len() > 1).then(|| Conflict { slot: slot.to_owned(), values: values.iter().map(told).collect() })
}
