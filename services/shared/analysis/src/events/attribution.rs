//! Who stands behind an event: whoever claims, confirms, denies or reports it.

use siaga_schemas::{Authority, Country, EventType, Reporter};

use super::build::Surroundings;
use super::draft::{Draft, Place};
use super::mention::Who;
use super::sentence::Reading;
use super::speech::Act;

/// Speakers sorted by what they do to the event.
#[derive(Default)]
pub(super) struct Attributed {
    pub(super) claimed: Vec<Authority>,
    pub(super) confirmed: Vec<Authority>,
    pub(super) denied: Vec<Authority>,
    pub(super) reported: Vec<Reporter>,
}

impl Attributed {
    pub(super) fn of(around: &Surroundings<'_>, draft: &Draft, country: Option<Country>) -> Self {
        let mut found = Self::default();
        if draft.event_type == EventType::Threat {
            found.claimed =
                draft.actors.iter().map(|(p, place)| authority(around, p.country, *place)).collect();
        }
        for (voice, place) in &draft.voices {
            let reading = &around.readings[place.reading];
            match &voice.who {
                Who::Medium(medium) => found.add_medium(around, draft, *medium, reading, *place),
                Who::Party(party) => {
                    if !party.stateless
                        && party.country.is_none()
                        && party.group.is_none()
                        && country.is_none()
                    {
                        continue;
                    }
                    let own = party.group.is_some() || announces_itself(draft.event_type);
                    let own = own && draft.actors.iter().any(|(a, _)| a.same_side(party));
                    let assumed = assumed_country(around, draft, country, *place);
                    let named = party.stateless || party.group.is_some();
                    let whose = if named { party.country } else { party.country.or(assumed) };
                    let authority = authority(around, whose, *place);
                    let list = match voice.act {
                        Act::Deny => &mut found.denied,
                        Act::Claim => &mut found.claimed,
                        Act::Tell if own => &mut found.claimed,
                        Act::Tell | Act::Accuse => &mut found.confirmed,
                    };
                    let known = |a: &Authority| match a.country {
                        Some(country) => authority.country == Some(country),
                        None => a.body == authority.body,
                    };
                    if !list.iter().any(known) {
                        list.push(authority);
                    }
                }
            }
        }
        found
    }

    /// A state's own agency speaks for it where the state is the doer.
    fn add_medium(
        &mut self,
        around: &Surroundings<'_>,
        draft: &Draft,
        medium: u32,
        reading: &Reading<'_>,
        place: Place,
    ) {
        let medium = around.context.language.medium(medium);
        let span = reading.span(place.start, place.end);
        let own = medium.state_voice.is_some_and(|c| draft.actors.iter().any(|(a, _)| a.country == Some(c)));
        if own && self.claimed.is_empty() {
            let body = reading.words(place.start, place.end).to_owned();
            self.claimed.push(Authority { country: medium.state_voice, body, span });
        }
        if !self.reported.iter().any(|r| r.name == medium.name) {
            self.reported.push(Reporter { name: medium.name.clone(), span });
        }
    }
}

/// Whether a state that does it tells of it as its own deed; of arrests, clashes and deliveries its bodies report as
/// any authority does.
fn announces_itself(event_type: EventType) -> bool {
    !matches!(
        event_type,
        EventType::ArmedClash
            | EventType::SecurityOperation
            | EventType::ArmsTransfer
            | EventType::ViolentUnrest
    )
}

fn authority(around: &Surroundings<'_>, country: Option<Country>, place: Place) -> Authority {
    let reading = &around.readings[place.reading];
    Authority {
        country,
        body: reading.words(place.start, place.end).to_owned(),
        span: reading.span(place.start, place.end),
    }
}

/// Whose an authority is that is named without a country (*the defence minister*): where the event is told of a state's
/// own act, the country of the speaker before it, or of the dateline; else the country where it happened.
fn assumed_country(
    around: &Surroundings<'_>,
    draft: &Draft,
    country: Option<Country>,
    place: Place,
) -> Option<Country> {
    let at_home = draft.actors.iter().all(|(p, _)| p.group.is_some() || p.country != country);
    if at_home && country.is_some() {
        return country;
    }
    let before = draft.voices.iter().rev().find_map(|(voice, at)| match &voice.who {
        Who::Party(party) if (at.reading, at.start) < (place.reading, place.start) => party.country,
        _ => None,
    });
    before.or_else(|| dateline_country(around)).or(country)
}

fn dateline_country(around: &Surroundings<'_>) -> Option<Country> {
    around.article.dateline.as_ref().and_then(|d| d.country)
}
