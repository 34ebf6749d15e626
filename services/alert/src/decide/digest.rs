//! An incident in short: one line for people, and the slots for templates.

use siaga_analysis::Geography;
use siaga_schemas::{
    AlertDigest, AlertNumber, Incident, IncidentAuthority, IncidentNumber, IncidentParty, Report,
};

/// Longest quote, in characters.
const LONGEST_QUOTE: usize = 400;

/// One line, as in `missile test by KP in KP (its east coast), 2023-09-13`.
pub(super) fn title(incident: &Incident) -> String {
    let mut title = incident.event_type.code().replace('_', " ");
    let actors = names(&incident.actors);
    if !actors.is_empty() {
        title.push_str(&format!(" by {}", actors.join(", ")));
    }
    let targets = names(&incident.targets);
    if !targets.is_empty() {
        title.push_str(&format!(" against {}", targets.join(", ")));
    }
    let location = &incident.location;
    let place = location.place.as_ref().map(|place| line(&place.text));
    match (location.country, place) {
        (Some(country), Some(place)) => title.push_str(&format!(" in {country} ({place})")),
        (Some(country), None) => title.push_str(&format!(" in {country}")),
        (None, Some(place)) => title.push_str(&format!(" ({place})")),
        (None, None) => {}
    }
    if let Some(date) = date(incident) {
        title.push_str(&format!(", {date}"));
    }
    title
}

/// The slots.
pub(super) fn digest(incident: &Incident, console: Option<&str>) -> AlertDigest {
    let quoted = incident.reports.iter().map(|report| &**report).max_by(surer);
    let country = incident.location.country;
    AlertDigest {
        event_type: incident.event_type,
        status: incident.status,
        actors: names(&incident.actors),
        targets: names(&incident.targets),
        country,
        region: country.and_then(|country| Geography::built_in().sub_region(country)).map(str::to_owned),
        place: incident.location.place.as_ref().map(|place| line(&place.text)),
        date: date(incident),
        count: number(&incident.count),
        killed: number(&incident.killed),
        injured: number(&incident.injured),
        weapon: incident.weapon.as_ref().map(|weapon| weapon.class),
        confirmed_by: bodies(&incident.confirmed_by),
        claimed_by: bodies(&incident.claimed_by),
        denied_by: bodies(&incident.denied_by),
        reports: incident.report_count,
        independent_origins: incident.independent_origins,
        first_report_at: incident.first_report_at,
        last_report_at: incident.last_report_at,
        updated_at: incident.updated_at,
        quote: quoted.map(|report| report.event.evidence.first().text.chars().take(LONGEST_QUOTE).collect()),
        url: quoted.and_then(|report| report.article.url.clone()),
        link: console.map(|console| format!("{console}/incidents/{}", incident.incident_id)),
    }
}

/// The surest report is quoted, of equally sure ones the first.
fn surer(a: &&Report, b: &&Report) -> std::cmp::Ordering {
    a.event
        .confidence
        .total_cmp(&b.event.confidence)
        .then(b.recorded_at.timestamp().cmp(&a.recorded_at.timestamp()))
}

fn names(parties: &[IncidentParty]) -> Vec<String> {
    let name = |party: &IncidentParty| {
        let country = || party.country.map(|country| country.as_str().to_owned());
        party.group.clone().or_else(country).or_else(|| party.name.clone()).map(|name| line(&name))
    };
    parties.iter().filter_map(name).collect()
}

fn bodies(authorities: &[IncidentAuthority]) -> Vec<String> {
    authorities.iter().map(|authority| line(&authority.body)).collect()
}

fn number(number: &Option<IncidentNumber>) -> Option<AlertNumber> {
    number.as_ref().map(|number| AlertNumber { min: number.min, max: number.max })
}

fn date(incident: &Incident) -> Option<String> {
    let date = incident.date.as_ref()?;
    Some(if date.start == date.end {
        date.start.to_string()
    } else {
        format!("{} to {}", date.start, date.end)
    })
}

/// Text of a report in one line, without control characters and marks that turn the direction of what follows.
fn line(text: &str) -> String {
    let is_kept = |c: &char| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let spaced = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().filter(is_kept).map(spaced).collect()
}
