//! What was told of an incident, and to whom: the record of `alerts`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Country, EventType, Moment, Severity, Status, WeaponClass};

/// What a route is told of an incident; the topic is compacted by incident and route.
///
/// How the telling of a sink went is a record of its own, whose key has the sink's name behind the alert's: who decides
/// and who tells never write over each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alert {
    /// The incident and the route: its key, unless `sink` is given.
    pub alert_id: String,
    /// The incident.
    pub incident_id: String,
    /// The revision of the incident that was told last.
    pub revision: u64,
    /// Who is told.
    pub route: String,
    /// The policy that decided.
    pub policy: String,
    /// Whether it still holds.
    pub state: AlertState,
    /// How much the incident mattered when it was told.
    pub severity: Severity,
    /// One line for people.
    pub title: String,
    /// What is new since the last time; empty the first time.
    #[serde(default)]
    pub changes: Vec<String>,
    /// The wall clock on which freshness and quiet hours were decided.
    pub decided_at: Moment,
    /// The same for every attempt to tell this revision on this route.
    pub idempotency_key: String,
    /// Who is to be told, or how the telling went.
    #[serde(default)]
    pub deliveries: Vec<Delivery>,
    /// Given where the record says how telling this sink went; then the key is `<alert_id>/<sink>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sink: Option<String>,
    /// The end of quiet hours, until which nobody is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Moment>,
    /// The operator who has acknowledged or muted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silenced_by: Option<String>,
    /// The severity told before, where it went up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised_from: Option<Severity>,
    /// What the next revision is compared with.
    #[serde(default)]
    pub told: AlertBaseline,
    /// The incident in short, for whoever is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<AlertDigest>,
}

impl Alert {
    /// The record's key.
    pub fn key(&self) -> String {
        match &self.sink {
            Some(sink) => format!("{}/{sink}", self.alert_id),
            None => self.alert_id.clone(),
        }
    }
}

/// What has been told, as far as a change of it is material.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlertBaseline {
    /// Who confirms: countries, and bodies that have none.
    #[serde(default)]
    pub confirmed_by: Vec<String>,
    /// Who claims it.
    #[serde(default)]
    pub claimed_by: Vec<String>,
    /// The highest count told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// The highest number of dead told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub killed: Option<u32>,
    /// The highest number of wounded told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub injured: Option<u32>,
    /// Whether it was told that its sources took it back.
    #[serde(default)]
    pub retracted: bool,
}

/// An incident in short, as it was when the alert was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlertDigest {
    /// What kind of event.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// How it is told.
    pub status: Status,
    /// Who did it: countries, groups, names.
    #[serde(default)]
    pub actors: Vec<String>,
    /// Whom or what it hit.
    #[serde(default)]
    pub targets: Vec<String>,
    /// Where.
    pub country: Option<Country>,
    /// UN M49 sub-region of the country.
    pub region: Option<String>,
    /// Where, in the words of a report.
    pub place: Option<String>,
    /// First and last day, or the one.
    pub date: Option<String>,
    /// How many of what the type counts.
    pub count: Option<AlertNumber>,
    /// The dead.
    pub killed: Option<AlertNumber>,
    /// The wounded.
    pub injured: Option<AlertNumber>,
    /// With what.
    pub weapon: Option<WeaponClass>,
    /// Who confirms it, in the words of a report.
    #[serde(default)]
    pub confirmed_by: Vec<String>,
    /// Who claims it.
    #[serde(default)]
    pub claimed_by: Vec<String>,
    /// Who denies it.
    #[serde(default)]
    pub denied_by: Vec<String>,
    /// All reports.
    pub reports: u32,
    /// Origins that do not copy each other.
    pub independent_origins: u32,
    /// Publication of the first report.
    pub first_report_at: Moment,
    /// Publication of the last report.
    pub last_report_at: Moment,
    /// Stream time of the revision: when the report came in.
    pub updated_at: Moment,
    /// Words of a report that carry it.
    pub quote: Option<String>,
    /// Where these words were published.
    pub url: Option<String>,
    /// The incident in the console.
    pub link: Option<String>,
}

/// A number with its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlertNumber {
    /// At least.
    pub min: Option<u32>,
    /// At most.
    pub max: Option<u32>,
}

/// Whether an alert still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// It does.
    Firing,
    /// The incident was closed, retracted or merged.
    Resolved,
}

/// How telling a sink went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Delivery {
    /// The sink.
    pub sink: String,
    /// What became of it.
    pub outcome: DeliveryOutcome,
    /// Attempts so far.
    pub attempts: u32,
    /// Wall clock of the last attempt.
    pub at: Moment,
    /// What went wrong last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryOutcome {
    /// Decided, not yet told.
    Pending,
    /// The sink took it.
    Delivered,
    /// Given up after the last attempt.
    Failed,
}
