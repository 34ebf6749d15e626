//! What a revision changed, in words of the slots.

use siaga_schemas::{
    Incident, IncidentAuthority, IncidentDate, IncidentLocation, IncidentNumber, IncidentParty,
    IncidentWeapon,
};

/// Names of the slots that differ, whoever the sources; all that are filled, of a first revision.
pub(super) fn changed(old: Option<&Incident>, new: &Incident) -> Vec<String> {
    let Some(old) = old else { return vec!["founded".to_owned()] };
    let slots = [
        ("state", old.state != new.state || old.merged_into != new.merged_into),
        ("type", old.event_type != new.event_type || old.types != new.types),
        ("status", old.status != new.status),
        ("severity", old.severity != new.severity),
        ("actors", parties(&old.actors) != parties(&new.actors)),
        ("targets", parties(&old.targets) != parties(&new.targets)),
        ("location", place(&old.location) != place(&new.location)),
        ("date", old.date.as_ref().map(days) != new.date.as_ref().map(days)),
        ("count", bounds(old.count.as_ref()) != bounds(new.count.as_ref())),
        ("killed", bounds(old.killed.as_ref()) != bounds(new.killed.as_ref())),
        ("injured", bounds(old.injured.as_ref()) != bounds(new.injured.as_ref())),
        ("weapon", old.weapon.as_ref().map(arm) != new.weapon.as_ref().map(arm)),
        ("claimed_by", authorities(&old.claimed_by) != authorities(&new.claimed_by)),
        ("confirmed_by", authorities(&old.confirmed_by) != authorities(&new.confirmed_by)),
        ("denied_by", authorities(&old.denied_by) != authorities(&new.denied_by)),
        ("conflicts", old.conflicts != new.conflicts),
        ("independent_origins", old.independent_origins != new.independent_origins),
        ("reports", old.report_count != new.report_count),
    ];
    slots.into_iter().filter(|(_, differs)| *differs).map(|(slot, _)| slot.to_owned()).collect()
}

fn parties(parties: &[IncidentParty]) -> Vec<impl PartialEq + use<'_>> {
    parties.iter().map(|party| (party.country, &party.group, &party.name)).collect()
}

fn place(location: &IncidentLocation) -> impl PartialEq + use<'_> {
    let words = |told: &'_ Option<siaga_schemas::Told>| told.as_ref().map(|told| told.text.clone());
    (
        location.country,
        words(&location.place),
        &location.place_id,
        words(&location.launch_site),
        words(&location.impact),
        location.precision,
    )
}

fn days(date: &IncidentDate) -> impl PartialEq + use<> {
    (date.start, date.end, date.precision)
}

fn bounds(number: Option<&IncidentNumber>) -> Option<(Option<u32>, Option<u32>)> {
    number.map(|number| (number.min, number.max))
}

fn arm(weapon: &IncidentWeapon) -> impl PartialEq + use<'_> {
    (weapon.class, &weapon.name)
}

fn authorities(authorities: &[IncidentAuthority]) -> Vec<impl PartialEq + use<'_>> {
    authorities.iter().map(|authority| (authority.country, &authority.body)).collect()
}
