//! What was told of an incident, and to whom: the record of `alerts`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Moment, Severity};

/// What a route was told of an incident; the topic is compacted by incident and route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alert {
    /// Its key: the incident and the route.
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
    /// How the telling went.
    #[serde(default)]
    pub deliveries: Vec<Delivery>,
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
