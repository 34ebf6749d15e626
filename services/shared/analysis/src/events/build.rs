//! From a draft to the record: slots filled up from what the article says around it, evidence quoted.

use std::collections::BTreeSet;

use siaga_schemas::{
    Article, Country, EventDate, EventType, EvidenceList, Interval, Location, Party as PartyRecord,
    Precision, Region, Role, SecurityEvent, Status, Topic, Weapon, identity,
};

use super::attribution::Attributed;
use super::counts::Counted;
use super::draft::{At, Draft, Place};
use super::item::Party;
use super::locate::is_test;
use super::sentence::{Context, Reading};
use super::{confidence, crosswalk, severity};
use crate::vocabulary::Meaning;

/// Bytes of excerpts of an event.
const EXCERPT_BYTES: usize = 2_000;

/// The article around a draft.
pub(crate) struct Surroundings<'a> {
    pub(crate) article: &'a Article,
    pub(crate) topics: &'a [Topic],
    pub(crate) regions: &'a [Region],
    pub(crate) readings: &'a [Reading<'a>],
    pub(crate) context: Context<'a>,
}

/// The records of an article's drafts, each with its excerpts.
pub(crate) fn events(around: &Surroundings<'_>, drafts: Vec<Draft>) -> Vec<(SecurityEvent, Vec<String>)> {
    let mut ids = BTreeSet::new();
    let mut built = Vec::new();
    for draft in drafts {
        let Some(mut event) = event(around, &draft) else { continue };
        let passage = event.evidence.first().text.clone();
        let mut ordinal = 0;
        while !ids.insert(event.id.clone()) {
            ordinal += 1;
            event.id = identity::event_id(&around.article.id, event.event_type, &passage, ordinal);
        }
        built.push((event, excerpts(around, &draft)));
    }
    built
}

/// Agencies and media that the article credits, in its text and outside of it.
pub(crate) fn agencies(around: &Surroundings<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for reading in around.readings {
        for hit in reading.hits_in(&(0..reading.text().len())) {
            if let Meaning::Medium(medium) = hit.meaning {
                let name = &around.context.language.medium(medium).name;
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
    }
    names
}

fn event(around: &Surroundings<'_>, draft: &Draft) -> Option<SecurityEvent> {
    let status =
        if draft.only_referred && draft.date.is_none() && draft.status.is_flagged() && draft.mentions == 1 {
            Status::Historical
        } else {
            draft.status
        };
    let country = country(around, draft);
    let nowhere = country.is_none() && draft.place.is_none();
    let nobody = draft.actors.is_empty() && draft.targets.is_empty();
    if !confidence::is_enough(around, draft) || nobody && nowhere && !confidence::is_concrete(draft) {
        return None;
    }
    let mut evidence: Option<EvidenceList> = None;
    for (reading, _, range) in &draft.evidence {
        let passage = around.readings[*reading].evidence(range);
        match &mut evidence {
            Some(list) => list.add(passage),
            none => *none = EvidenceList::of(passage).ok(),
        }
    }
    let evidence = evidence?;
    let voices = Attributed::of(around, draft, country);
    let (status, flagged) = denied(status, draft, &voices);
    let interval =
        |c: &Option<At<Counted>>| c.as_ref().map(|(counted, place)| interval(around, *counted, *place));
    let (killed, injured) = (interval(&draft.killed), interval(&draft.injured));
    let (level, severity_reasons) = severity::rate(severity::Facts {
        event_type: draft.event_type,
        flagged,
        weapon: draft.weapon.map(|(class, _, _)| class),
        killed: killed.as_ref().and_then(|k| k.min.or(k.max)),
        injured: injured.as_ref().and_then(|k| k.min.or(k.max)),
        confirmations: voices.confirmed.len(),
    });
    Some(SecurityEvent {
        id: identity::event_id(&around.article.id, draft.event_type, &evidence.first().text, 0),
        event_type: draft.event_type,
        status,
        flagged,
        confidence: confidence::probability(around, draft),
        severity: level,
        severity_reasons,
        actors: actors(around, draft, country),
        targets: targets(around, draft, country),
        location: location(around, draft, country),
        date: draft.date.as_ref().map(|(date, place)| EventDate {
            start: date.start,
            end: date.end,
            precision: date.precision,
            basis: date.basis,
            quote: Some(around.readings[place.reading].quote(place.start, place.end)),
        }),
        count: interval(&draft.count),
        killed,
        injured,
        weapon: weapon(around, draft, &evidence),
        claimed_by: voices.claimed,
        confirmed_by: voices.confirmed,
        denied_by: voices.denied,
        reported_by: voices.reported,
        evidence,
        crosswalk: crosswalk::of(draft.event_type),
        incident_id: None,
    })
}

/// An event that a party denies and nobody else asserts did not happen.
fn denied(status: Status, draft: &Draft, voices: &Attributed) -> (Status, bool) {
    let only_denied = (draft.refuted || !voices.denied.is_empty())
        && voices.confirmed.is_empty()
        && voices.claimed.is_empty()
        && draft.mentions == 1
        && draft.date.is_none()
        && draft.killed.is_none();
    let status = if only_denied && status.is_flagged() { Status::Denied } else { status };
    (status, status.is_flagged())
}

/// The country where it happened: the place's, else the doer's for what states do at home, else the one it hit.
fn country(around: &Surroundings<'_>, draft: &Draft) -> Option<Country> {
    use EventType as T;
    if draft.country.is_some()
        && !(is_test(draft.event_type) && draft.place.is_some_and(|(p, _)| p == Precision::Waters))
    {
        return draft.country;
    }
    let of = |list: &[At<Party>]| list.iter().find_map(|(p, _)| home(p));
    let (actor, target) = (of(&draft.actors), of(&draft.targets));
    match draft.event_type {
        T::MissileTest | T::NuclearTest | T::WeaponsTest | T::SpaceLaunch => actor.or(draft.country),
        T::MilitaryExercise | T::MilitaryDeployment | T::NuclearActivity | T::Threat | T::ArmsTransfer => {
            actor.or(target)
        }
        T::Coup | T::ViolentUnrest | T::SecurityOperation => {
            actor.or(target).or_else(|| story_country(around))
        }
        T::Sanction | T::Ceasefire => None,
        T::Strike | T::BombAttack | T::ArmedAssault | T::Abduction | T::CyberAttack => {
            target.or_else(|| story_country(around))
        }
        T::Incursion => target.or_else(|| other_country(around, draft)).or_else(|| story_country(around)),
        T::ArmedClash | T::MaritimeIncident => target.or_else(|| story_country(around)).or(actor),
    }
}

/// The country of a party: its own, or the one where a group is at home, if it is one.
fn home(party: &Party) -> Option<Country> {
    if party.group.is_some() { party.home } else { party.country }
}

/// The one country that the story is about beside those of the doers.
fn other_country(around: &Surroundings<'_>, draft: &Draft) -> Option<Country> {
    only_about(around, |country| draft.actors.iter().all(|(p, _)| p.country != Some(country)))
}

/// The one country that the story is about.
fn story_country(around: &Surroundings<'_>) -> Option<Country> {
    only_about(around, |_| true)
}

/// The only country of those that the story is about which fits.
fn only_about(around: &Surroundings<'_>, fits: impl Fn(Country) -> bool) -> Option<Country> {
    let mut about = around.regions.iter().filter(|r| r.roles.contains(&Role::About) && fits(r.country));
    match (about.next(), about.next()) {
        (Some(only), None) => Some(only.country),
        _ => None,
    }
}

/// The doers; a force that is named without a country is that of the country where it acts, in what forces do at home.
fn actors(around: &Surroundings<'_>, draft: &Draft, country: Option<Country>) -> Vec<PartyRecord> {
    use EventType as T;
    let at_home = matches!(
        draft.event_type,
        T::Coup | T::SecurityOperation | T::MilitaryExercise | T::MilitaryDeployment
    );
    match (&draft.unnamed_actor, country) {
        (Some((force, place)), Some(country)) if at_home && draft.actors.is_empty() => {
            let force = Party { country: Some(country), ..force.clone() };
            vec![party(around, &(force, *place))]
        }
        _ => draft.actors.iter().map(|p| party(around, p)).collect(),
    }
}

fn targets(around: &Surroundings<'_>, draft: &Draft, country: Option<Country>) -> Vec<PartyRecord> {
    use EventType as T;
    let nobody = matches!(
        draft.event_type,
        T::NuclearTest
            | T::NuclearActivity
            | T::MilitaryExercise
            | T::MilitaryDeployment
            | T::Ceasefire
            | T::ViolentUnrest
            | T::Coup
    );
    if nobody || is_test(draft.event_type) {
        return Vec::new();
    }
    let mut targets: Vec<PartyRecord> = draft.targets.iter().map(|p| party(around, p)).collect();
    let hits = matches!(
        draft.event_type,
        T::Strike | T::BombAttack | T::ArmedAssault | T::Abduction | T::CyberAttack | T::Incursion
    );
    let own = draft.actors.iter().any(|(p, _)| p.country == country && p.group.is_none());
    if let (true, true, false, Some(country), Some((_, place))) =
        (hits, targets.is_empty(), own, country, draft.place.as_ref())
    {
        let quote = around.readings[place.reading].quote(place.start, place.end);
        targets.push(PartyRecord { country: Some(country), group: None, name: None, quote });
    }
    targets
}

fn party(around: &Surroundings<'_>, (party, place): &At<Party>) -> PartyRecord {
    let group = party.group.map(|g| around.context.language.group(g).name.clone());
    let quote = around.readings[place.reading].quote(place.start, place.end);
    PartyRecord { country: if group.is_some() { None } else { party.country }, group, name: None, quote }
}

fn location(around: &Surroundings<'_>, draft: &Draft, country: Option<Country>) -> Location {
    let quote = |place: Place| around.readings[place.reading].quote(place.start, place.end);
    Location {
        country,
        place: draft.place.map(|(_, place)| quote(place)),
        place_id: draft
            .known_place
            .and_then(|place| around.context.language.gazetteer.path(place))
            .map(str::to_owned),
        launch_site: draft.launch_site.map(quote),
        impact: draft.impact.map(quote),
        precision: match draft.place {
            Some((precision, _)) => precision,
            None if country.is_some() => Precision::Country,
            None => Precision::Unknown,
        },
    }
}

fn interval(around: &Surroundings<'_>, counted: Counted, place: Place) -> Interval {
    let quote = around.readings[place.reading].quote(place.start, place.end);
    Interval { min: counted.min, max: counted.max, quote }
}

/// The weapon; one that only the word itself implies is quoted by the passage's trigger, so by its first words.
fn weapon(around: &Surroundings<'_>, draft: &Draft, evidence: &EvidenceList) -> Option<Weapon> {
    let (class, place, noun) = draft.weapon?;
    let name = noun.and_then(|n| around.context.language.noun(n).name.clone());
    let quote = match place {
        Some(place) => around.readings[place.reading].quote(place.start, place.end),
        None => {
            let (reading, _, range) = draft.evidence.first()?;
            let _ = evidence;
            around.readings[*reading].quote(range.start, range.end)
        }
    };
    Some(Weapon { class, name, quote })
}

fn excerpts(around: &Surroundings<'_>, draft: &Draft) -> Vec<String> {
    let mut excerpts: Vec<String> = Vec::new();
    let mut bytes = 0;
    for (reading, sentence, range) in &draft.evidence {
        let reading = &around.readings[*reading];
        let paragraph = reading.paragraph(*sentence);
        let text = if bytes + paragraph.len() <= EXCERPT_BYTES {
            paragraph
        } else {
            reading.words(range.start, range.end)
        };
        if bytes + text.len() <= EXCERPT_BYTES && !excerpts.iter().any(|e| e.contains(text)) {
            bytes += text.len();
            excerpts.push(text.to_owned());
        }
    }
    excerpts
}
