//! An incident in a few lines: what lists, maps and the live stream show.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_schemas::{
    Country, EventType, Incident, IncidentNumber, IncidentParty, IncidentState, Moment, Precision, Severity,
    Status, WeaponClass,
};

use super::alerts::Operator;
use super::geo::{self, Trace};

/// Longest title, in characters.
const LONGEST_TITLE: usize = 300;

/// Longest words of a place or party, in characters.
const LONGEST_WORDS: usize = 120;

/// Most parties that a summary names.
const MOST_PARTIES: usize = 6;

/// Who stands behind an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// Somebody in authority says that it was, somebody that it was not.
    Contested,
    /// Somebody in authority says that it was not so, and nobody in authority that it was.
    Denied,
    /// Somebody in authority other than the doer confirms it.
    Confirmed,
    /// The doer announces it.
    Claimed,
    /// No authority, but two origins that do not copy each other.
    Corroborated,
    /// One origin.
    SingleSource,
}

impl Confirmation {
    fn of(incident: &Incident) -> Self {
        let said = !incident.confirmed_by.is_empty() || !incident.claimed_by.is_empty();
        match (incident.denied_by.is_empty(), said) {
            (false, true) => Self::Contested,
            (false, false) => Self::Denied,
            (true, _) if !incident.confirmed_by.is_empty() => Self::Confirmed,
            (true, true) => Self::Claimed,
            (true, false) if incident.independent_origins >= 2 => Self::Corroborated,
            (true, false) => Self::SingleSource,
        }
    }
}

/// An incident in a few lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Its id.
    pub incident_id: String,
    /// Counts up with each change of the incident.
    pub revision: u64,
    /// Whether it may still grow.
    pub state: IncidentState,
    /// The incident that took its reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    /// What kind of event.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// How it is told.
    pub status: Status,
    /// How much it matters.
    pub severity: Severity,
    /// 0 to 1.
    pub confidence: f32,
    /// Who stands behind it.
    pub confirmation: Confirmation,
    /// Headline of its first report that has one, shortened.
    pub title: String,
    /// Language of the title, BCP 47.
    pub language: String,
    /// Where it happened.
    pub country: Option<Country>,
    /// Every country in it: where, who, whom.
    pub countries: Vec<Country>,
    /// The place in the words of a report.
    pub place: Option<String>,
    /// How exactly the place is known.
    pub precision: Precision,
    /// What a map may draw, as exactly as the evidence.
    pub trace: Trace,
    /// First day.
    pub date: Option<String>,
    /// How many of what the type counts.
    pub count: Option<Bounded>,
    /// The dead.
    pub killed: Option<Bounded>,
    /// The wounded.
    pub injured: Option<Bounded>,
    /// With what.
    pub weapon: Option<WeaponClass>,
    /// Who did it: country codes, or names.
    pub actors: Vec<String>,
    /// Whom it hit: country codes, or names.
    pub targets: Vec<String>,
    /// Languages of its reports.
    pub languages: Vec<String>,
    /// All reports.
    pub report_count: u32,
    /// Publishers that differ.
    pub publishers: u32,
    /// Origins that do not copy each other.
    pub independent_origins: u32,
    /// Slots on which the reports differ.
    pub conflicts: u32,
    /// The lane that made this revision.
    pub lane: String,
    /// Publication of the first report.
    pub first_report_at: Moment,
    /// Publication of the last report.
    pub last_report_at: Moment,
    /// Stream time of this revision.
    pub updated_at: Moment,
    /// What operators and alerts made of it.
    pub operator: Operator,
}

/// A number with its bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bounded {
    /// At least.
    pub min: Option<u32>,
    /// At most.
    pub max: Option<u32>,
}

impl Summary {
    /// What stands in a record.
    pub(super) fn of(incident: &Incident, operator: Operator) -> Self {
        let titled = incident.reports.iter().find(|report| !report.article.title.trim().is_empty());
        let first = titled.or_else(|| incident.reports.first());
        let title = match (titled, first) {
            (Some(report), _) => report.article.title.as_str(),
            (None, Some(report)) => report.excerpts.first().map_or("", String::as_str),
            (None, None) => "",
        };
        Self {
            incident_id: incident.incident_id.clone(),
            revision: incident.revision,
            state: incident.state,
            merged_into: incident.merged_into.clone(),
            event_type: incident.event_type,
            status: incident.status,
            severity: incident.severity,
            confidence: incident.confidence,
            confirmation: Confirmation::of(incident),
            title: shortened(title.trim(), LONGEST_TITLE),
            language: first.map_or_else(|| "und".to_owned(), |report| report.article.language.clone()),
            country: incident.location.country,
            countries: countries(incident),
            place: incident.location.place.as_ref().map(|told| shortened(&told.text, LONGEST_WORDS)),
            precision: incident.location.precision,
            trace: geo::trace(incident),
            date: incident.date.as_ref().map(|date| date.start.to_string()),
            count: incident.count.as_ref().map(bounded),
            killed: incident.killed.as_ref().map(bounded),
            injured: incident.injured.as_ref().map(bounded),
            weapon: incident.weapon.as_ref().map(|weapon| weapon.class),
            actors: parties(&incident.actors),
            targets: parties(&incident.targets),
            languages: languages(incident),
            report_count: incident.report_count,
            publishers: incident.publishers,
            independent_origins: incident.independent_origins,
            conflicts: u32::try_from(incident.conflicts.len()).unwrap_or(u32::MAX),
            lane: incident.lane.clone(),
            first_report_at: incident.first_report_at,
            last_report_at: incident.last_report_at,
            updated_at: incident.updated_at,
            operator,
        }
    }
}

fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn bounded(number: &IncidentNumber) -> Bounded {
    Bounded { min: number.min, max: number.max }
}

fn parties(parties: &[IncidentParty]) -> Vec<String> {
    let name = |party: &IncidentParty| {
        let country = party.country.map(|country| country.to_string());
        let words = party.group.as_deref().or(party.name.as_deref());
        words.map(|words| shortened(words, LONGEST_WORDS)).or(country)
    };
    parties.iter().filter_map(name).take(MOST_PARTIES).collect()
}

fn countries(incident: &Incident) -> Vec<Country> {
    let parties = incident.actors.iter().chain(&incident.targets);
    let all = incident.location.country.into_iter().chain(parties.filter_map(|party| party.country));
    all.fold(Vec::new(), |mut seen, country| {
        if !seen.contains(&country) {
            seen.push(country);
        }
        seen
    })
}

fn languages(incident: &Incident) -> Vec<String> {
    let all = incident.reports.iter().map(|report| &report.article.language);
    all.cloned().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
