//! What an operator decides: the record of `control`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Moment;

/// A decision of an operator. The topic is compacted by `id`: a later record of an id replaces the earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Control {
    /// Its key.
    pub id: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Whether it no longer holds.
    #[serde(default)]
    pub undone: bool,
    /// Why, in the operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What was decided.
    #[serde(flatten)]
    pub action: Action,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Somebody has seen the incident; it is not told again until it changes materially.
    Acknowledge {
        /// The incident.
        incident_id: String,
    },
    /// Nothing is told of an incident, or by a policy, until a time.
    Mute {
        /// The incident.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        incident_id: Option<String>,
        /// The policy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<String>,
        /// Until when; without end where absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Moment>,
    },
    /// Incidents are one happening, whatever the rules say.
    Merge {
        /// The incident that stays.
        incident_id: String,
        /// The ones that it takes in.
        with: Vec<String>,
    },
    /// Some events of an incident are another happening, whatever the rules say.
    Split {
        /// The incident.
        incident_id: String,
        /// Ids of the events that leave it together.
        events: Vec<String>,
    },
    /// Words beside an incident.
    Note {
        /// The incident.
        incident_id: String,
    },
}
