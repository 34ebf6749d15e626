//! One happening with everything that was reported of it: the record of `incidents`.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ArticleRef, Country, DatePrecision, EventType, Moment, Origin, Precision, SecurityEvent, Severity,
    Status, Versions, WeaponClass,
};
use jiff::civil::Date;

/// A happening as all its reports together tell it.
///
/// The topic is compacted and is the tracker's state as well: the last record of a key holds all that is needed to go on.
/// Sources are ids of events in `reports`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Incident {
    /// That of the founding mention's event; it never changes.
    pub incident_id: String,
    /// Counts up with each change, from 1.
    pub revision: u64,
    /// Whether it may still grow.
    pub state: IncidentState,
    /// The incident that took this one's reports; given exactly where the state is `merged_into`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    /// The type shown: that of most independent origins.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// Every type that a report gives it, in the order of the guide.
    pub types: Vec<EventType>,
    /// How it is told now.
    pub status: Status,
    /// Whether the status is `occurred` or `ongoing`.
    pub flagged: bool,
    /// 0 to 1: that of the surest report.
    pub confidence: f32,
    /// The highest of its reports.
    pub severity: Severity,
    /// Why.
    #[serde(default)]
    pub severity_reasons: Vec<String>,
    /// Who did it.
    #[serde(default)]
    pub actors: Vec<IncidentParty>,
    /// Whom or what it hit.
    #[serde(default)]
    pub targets: Vec<IncidentParty>,
    /// Where.
    pub location: IncidentLocation,
    /// When; absent where no report fixes it.
    pub date: Option<IncidentDate>,
    /// How many of what the type counts.
    pub count: Option<IncidentNumber>,
    /// The dead.
    pub killed: Option<IncidentNumber>,
    /// The wounded.
    pub injured: Option<IncidentNumber>,
    /// With what.
    pub weapon: Option<IncidentWeapon>,
    /// The doer's own announcements.
    #[serde(default)]
    pub claimed_by: Vec<IncidentAuthority>,
    /// Anyone else in authority.
    #[serde(default)]
    pub confirmed_by: Vec<IncidentAuthority>,
    /// Who says that it was not so.
    #[serde(default)]
    pub denied_by: Vec<IncidentAuthority>,
    /// Slots on which the reports differ, each value with its sources.
    #[serde(default)]
    pub conflicts: Vec<Conflict>,
    /// Who reports it, in order of record time, at most as many as the tracker keeps in full.
    pub reports: Vec<Arc<Report>>,
    /// Those that it holds beyond them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<BriefReport>,
    /// All reports, kept or not.
    pub report_count: u32,
    /// Publishers that differ.
    pub publishers: u32,
    /// Origins that do not copy each other.
    pub independent_origins: u32,
    /// The origins.
    #[serde(default)]
    pub origins: Vec<IndependentOrigin>,
    /// Why its reports are one happening: each decision, the oldest first.
    #[serde(default)]
    pub why: Vec<Decision>,
    /// What this revision changed, in words of the slots: `count`, `killed`, `confirmed_by`, `state` and so on.
    #[serde(default)]
    pub changed: Vec<String>,
    /// The lane of the record that made this revision: `live` or `backfill:<id>`.
    pub lane: String,
    /// Publication of the first report.
    pub first_report_at: Moment,
    /// Publication of the last report.
    pub last_report_at: Moment,
    /// Stream time of this revision.
    pub updated_at: Moment,
    /// What made this record.
    pub versions: Versions,
}

/// Whether an incident may still grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IncidentState {
    /// Reports may join.
    Open,
    /// Stream time has gone far beyond its day.
    Closed,
    /// Its sources took it back, or all its reports were withdrawn.
    Retracted,
    /// Another incident took its reports.
    MergedInto,
}

/// One report in an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Who tells it.
    pub article: ArticleRef,
    /// Whose report it is.
    pub origin: Origin,
    /// The paragraphs of the evidence, at most 2 kB.
    #[serde(default)]
    pub excerpts: Vec<String>,
    /// What it tells.
    pub event: SecurityEvent,
    /// Its lane.
    pub lane: String,
    /// Timestamp of its record.
    pub recorded_at: Moment,
}

/// A report that an incident holds beyond those that it holds in full: it is counted, and decides nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BriefReport {
    /// Its event.
    pub event: String,
    /// The article's id.
    pub article: String,
    /// Digest of the article's text.
    pub version: String,
    /// Where it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// The first agency that it credits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// Timestamp of its record.
    pub recorded_at: Moment,
}

/// A state, group or name that did it or was hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IncidentParty {
    /// A state.
    pub country: Option<Country>,
    /// An armed group by its usual name.
    pub group: Option<String>,
    /// Anything else, in the words of the first source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who says so.
    pub sources: Vec<String>,
}

/// Words of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    /// The words.
    pub text: String,
    /// Who says so.
    pub sources: Vec<String>,
}

/// Where it happened, as exactly as the best report says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IncidentLocation {
    /// The country.
    pub country: Option<Country>,
    /// The place.
    pub place: Option<Told>,
    /// The place in the tables of places, as in an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_id: Option<String>,
    /// Where a missile was fired from.
    pub launch_site: Option<Told>,
    /// Where it came down, or the direction it flew.
    pub impact: Option<Told>,
    /// How exactly the place is known.
    pub precision: Precision,
}

/// The day or days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IncidentDate {
    /// First day.
    #[schemars(with = "String", extend("format" = "date"))]
    pub start: Date,
    /// Last day.
    #[schemars(with = "String", extend("format" = "date"))]
    pub end: Date,
    /// How exactly.
    pub precision: DatePrecision,
    /// Who says so.
    pub sources: Vec<String>,
}

/// A number with its bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IncidentNumber {
    /// At least.
    pub min: Option<u32>,
    /// At most.
    pub max: Option<u32>,
    /// Who says so.
    pub sources: Vec<String>,
}

/// With what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IncidentWeapon {
    /// The most specific class on which the reports agree.
    pub class: WeaponClass,
    /// Its proper name.
    pub name: Option<String>,
    /// Who says so.
    pub sources: Vec<String>,
}

/// A body that speaks with authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IncidentAuthority {
    /// Its country; none for bodies that have none.
    pub country: Option<Country>,
    /// The body in the words of the first source.
    pub body: String,
    /// Who quotes it.
    pub sources: Vec<String>,
}

/// A slot on which the reports differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Conflict {
    /// The slot, as it is called in the incident.
    pub slot: String,
    /// Each value, the shown one first.
    pub values: Vec<Told>,
}

/// Reports that rest on one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IndependentOrigin {
    /// The agency, else the publisher, else the article's id.
    pub name: String,
    /// Ids of the articles that carry it.
    pub articles: Vec<String>,
    /// Why they count as one: `credit`, `copy`, `publisher`.
    pub why: String,
}

/// Why something was joined, split or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// What was decided.
    pub kind: DecisionKind,
    /// The event or incident that it is about.
    pub subject: String,
    /// Who decided, where it was an operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The grounds, in words for an analyst.
    pub reason: String,
    /// Stream time.
    pub at: Moment,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// A mention founded the incident.
    Founded,
    /// A mention joined it.
    Joined,
    /// Another incident was merged into this one, or this one into another.
    Merged,
    /// Some of its reports became an incident of their own.
    Split,
    /// An article's earlier mentions were replaced.
    Corrected,
    /// An article was taken back.
    Withdrawn,
    /// Its sources took it back.
    Retracted,
    /// It was closed, or opened again.
    Closed,
}
