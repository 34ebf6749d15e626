//! A security event as one article tells it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Country, EventType, EvidenceList, Quote, Severity, Span, Status, WeaponClass};

/// Something that happened, is happening or is said to be going to happen, with the words that say so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SecurityEvent {
    /// Derived from the article's id, the type and the first passage.
    pub id: String,
    /// What kind of event.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// How the text tells of it.
    pub status: Status,
    /// Whether the status is `occurred` or `ongoing`.
    pub flagged: bool,
    /// 0 to 1: how sure the analysis is that type and status are right.
    pub confidence: f32,
    /// How much it matters.
    pub severity: Severity,
    /// Each step of the rule that led to `severity`.
    pub severity_reasons: Vec<String>,
    /// Who did it; empty where the text does not say.
    #[serde(default)]
    pub actors: Vec<Party>,
    /// Whom or what it hit.
    #[serde(default)]
    pub targets: Vec<Party>,
    /// Where.
    pub location: Location,
    /// When; absent where nothing fixes it.
    pub date: Option<EventDate>,
    /// How many of what the type counts.
    pub count: Option<Interval>,
    /// The dead, the attackers' own left out.
    pub killed: Option<Interval>,
    /// The wounded.
    pub injured: Option<Interval>,
    /// With what.
    pub weapon: Option<Weapon>,
    /// The doer's own announcement.
    #[serde(default)]
    pub claimed_by: Vec<Authority>,
    /// Anyone else in authority.
    #[serde(default)]
    pub confirmed_by: Vec<Authority>,
    /// Who says that it was not so.
    #[serde(default)]
    pub denied_by: Vec<Authority>,
    /// Agencies and media that the text credits.
    #[serde(default)]
    pub reported_by: Vec<Reporter>,
    /// The passages that carry it.
    pub evidence: EvidenceList,
    /// Codes of other schemes.
    pub crosswalk: Crosswalk,
    /// Filled by the tracker.
    pub incident_id: Option<String>,
}

/// A state, an armed group or something else with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Party {
    /// A state.
    pub country: Option<Country>,
    /// An armed group by its usual name.
    pub group: Option<String>,
    /// Anything else, in the text's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The words that name it.
    #[serde(flatten)]
    pub quote: Quote,
}

/// Where an event happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    /// On land the country; at sea the one whose coast, waters or airspace the text names.
    pub country: Option<Country>,
    /// The place in the text's words.
    pub place: Option<Quote>,
    /// The place in the tables of places, the same in each language: what contains it stands before it, as in
    /// `UA/07/706483` (country, division, GeoNames id) or `south-china-sea/scarborough-shoal`. Absent where they have
    /// no such place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_id: Option<String>,
    /// Where a missile was fired from.
    pub launch_site: Option<Quote>,
    /// Where it came down, or the direction it flew.
    pub impact: Option<Quote>,
    /// How exactly the place is known.
    pub precision: Precision,
}

/// How exactly a place is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// A town or a named feature.
    Place,
    /// A province or region.
    Region,
    /// A sea, strait or coast.
    Waters,
    /// A country.
    Country,
    /// Not at all.
    #[default]
    Unknown,
}

/// The event's day or days, local to the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventDate {
    /// First day.
    #[schemars(with = "String", extend("format" = "date"))]
    pub start: Date,
    /// Last day.
    #[schemars(with = "String", extend("format" = "date"))]
    pub end: Date,
    /// How exactly the text fixes it.
    pub precision: DatePrecision,
    /// What fixes it.
    pub basis: DateBasis,
    /// The words that fix it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
}

/// How exactly a date is fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatePrecision {
    /// To the day.
    Day,
    /// To some days or a week.
    Week,
    /// To a month.
    Month,
    /// To a year.
    Year,
}

/// What fixes a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DateBasis {
    /// A calendar date in the text.
    Explicit,
    /// A weekday or "yesterday", resolved against the publication time.
    Relative,
    /// The publication time alone.
    Publication,
}

/// A number as the text bounds it: "at least two" is {2, none}.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    /// At least.
    pub min: Option<u32>,
    /// At most.
    pub max: Option<u32>,
    /// The words that say so.
    #[serde(flatten)]
    pub quote: Quote,
}

/// With what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Weapon {
    /// Its class.
    pub class: WeaponClass,
    /// Its proper name, where the text has one.
    pub name: Option<String>,
    /// The words that name it.
    #[serde(flatten)]
    pub quote: Quote,
}

/// A body that speaks with authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Authority {
    /// Its country; none for bodies that have none.
    pub country: Option<Country>,
    /// The body in the text's words.
    pub body: String,
    /// Where it is named.
    pub span: Span,
}

/// An agency or medium that the text credits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reporter {
    /// Its usual name.
    pub name: String,
    /// Where it is named.
    pub span: Span,
}

/// Codes of other schemes; null where the scheme has no equivalent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Crosswalk {
    /// PLOVER event type.
    pub plover: Option<String>,
    /// CAMEO code.
    pub cameo: Option<String>,
    /// ACLED sub-event type.
    pub acled: Option<String>,
}
