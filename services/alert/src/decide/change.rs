//! What has changed materially since it was told: the only reasons to tell it again.

use siaga_schemas::{AlertBaseline, Incident, IncidentAuthority, IncidentNumber, IncidentState, Severity};

use crate::policy::at_least;

/// Numbers from which another class begins. Within a class a number is a detail.
const CLASSES: [u32; 11] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000];

fn class(number: u32) -> usize {
    CLASSES.iter().filter(|from| number >= **from).count()
}

/// Who speaks, once each: a country has many bodies, and names of one body differ by language, so that only another
/// country, or a body that has none, is another authority.
pub(crate) fn authorities(list: &[IncidentAuthority]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for authority in list {
        let name = match authority.country {
            Some(country) => country.as_str().to_owned(),
            None => authority.body.to_lowercase(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The material changes from what was told to what is known, in words.
pub(super) fn since(told: &AlertBaseline, severity: Severity, incident: &Incident) -> Vec<String> {
    if incident.state == IncidentState::Retracted {
        return if told.retracted { Vec::new() } else { vec!["retracted".to_owned()] };
    }
    if incident.state != IncidentState::Open {
        return Vec::new();
    }
    let mut changes = Vec::new();
    if told.retracted {
        changes.push("no longer retracted".to_owned());
    }
    let confirming = [
        ("confirmed", &incident.confirmed_by, &told.confirmed_by),
        ("claimed", &incident.claimed_by, &told.claimed_by),
    ];
    for (verb, now, before) in confirming {
        let new: Vec<String> = authorities(now).into_iter().filter(|name| !before.contains(name)).collect();
        if !new.is_empty() {
            changes.push(format!("{verb} by {}", new.join(", ")));
        }
    }
    let numbers = [
        ("count", &incident.count, told.count),
        ("killed", &incident.killed, told.killed),
        ("injured", &incident.injured, told.injured),
    ];
    for (slot, now, before) in numbers {
        let Some(now) = now.as_ref().and_then(at_least) else { continue };
        if class(now) > before.map_or(0, class) {
            let before = before.map_or_else(|| "unknown".to_owned(), |number| number.to_string());
            changes.push(format!("{slot} from {before} to {now}"));
        }
    }
    if incident.severity > severity {
        changes.push(format!("severity from {severity} to {}", incident.severity));
    }
    changes
}

/// What is told now: nothing that was told before is news again, also where a report was withdrawn in between.
pub(super) fn baseline(before: Option<&AlertBaseline>, incident: &Incident) -> AlertBaseline {
    let none = AlertBaseline::default();
    let before = before.unwrap_or(&none);
    let all = |now: &[IncidentAuthority], before: &[String]| {
        let new = authorities(now).into_iter().filter(|name| !before.contains(name));
        before.iter().cloned().chain(new).collect()
    };
    let highest = |now: &Option<IncidentNumber>, before: Option<u32>| {
        now.as_ref().and_then(at_least).into_iter().chain(before).max()
    };
    AlertBaseline {
        confirmed_by: all(&incident.confirmed_by, &before.confirmed_by),
        claimed_by: all(&incident.claimed_by, &before.claimed_by),
        count: highest(&incident.count, before.count),
        killed: highest(&incident.killed, before.killed),
        injured: highest(&incident.injured, before.injured),
        retracted: incident.state == IncidentState::Retracted,
    }
}
