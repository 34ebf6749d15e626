//! The policy file as it is written. Spans keep the place of what only later turns out to be wrong.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use siaga_schemas::{Country, EventType, Severity, WeaponClass};
use toml::Spanned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub console: Option<Spanned<String>>,
    pub fresh_within: Option<Spanned<String>>,
    #[serde(default)]
    pub sinks: BTreeMap<Spanned<String>, SinkEntry>,
    #[serde(default)]
    pub routes: BTreeMap<Spanned<String>, RouteEntry>,
    #[serde(default)]
    pub policies: Vec<PolicyEntry>,
    #[serde(default)]
    pub mutes: Vec<Spanned<MuteEntry>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Alertmanager,
    Webhook,
}

/// What a webhook is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The alert as it stands in the topic.
    #[default]
    Json,
    /// A CloudEvent in structured mode around it.
    Cloudevents,
    /// `{"text": …}` of a template, as Slack and those who imitate it take it.
    Slack,
    /// The body that a template makes.
    Template,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SinkEntry {
    pub kind: Kind,
    pub url: Spanned<String>,
    pub format: Option<Spanned<Format>>,
    pub template_file: Option<Spanned<PathBuf>>,
    pub secret_file: Option<Spanned<PathBuf>>,
    #[serde(default)]
    pub allow_networks: Vec<Spanned<String>>,
    pub timeout: Option<Spanned<String>>,
    pub attempts: Option<Spanned<u32>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteEntry {
    pub sinks: Spanned<Vec<Spanned<String>>>,
    pub quiet: Option<QuietEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuietEntry {
    pub from: Spanned<String>,
    pub to: Spanned<String>,
    pub time_zone: Spanned<String>,
    pub except_severity: Option<Severity>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyEntry {
    pub name: Spanned<String>,
    pub routes: Spanned<Vec<Spanned<String>>>,
    pub fresh_within: Option<Spanned<String>>,
    #[serde(rename = "match")]
    pub conditions: Spanned<MatchEntry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MatchEntry {
    pub everything: bool,
    pub types: Option<Spanned<Vec<EventType>>>,
    pub min_severity: Option<Severity>,
    pub countries: Option<Spanned<Vec<Country>>>,
    pub regions: Option<Spanned<Vec<Spanned<String>>>>,
    pub blocs: Option<Spanned<Vec<Spanned<String>>>>,
    pub roles: Option<Spanned<Vec<Role>>>,
    pub actors: Option<Spanned<Vec<String>>>,
    pub weapons: Option<Spanned<Vec<WeaponClass>>>,
    pub min_count: Option<u32>,
    pub min_killed: Option<u32>,
    pub min_injured: Option<u32>,
    pub confirmed_by: Option<Spanned<Vec<Country>>>,
    pub min_confirmations: Option<u32>,
    pub min_independent_origins: Option<u32>,
    pub languages: Option<Spanned<Vec<String>>>,
}

/// What a country has to do with an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    /// It did it.
    Actor,
    /// It was hit.
    Target,
    /// It happened there.
    Location,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MuteEntry {
    pub incident: Option<String>,
    pub policy: Option<Spanned<String>>,
    pub until: Option<Spanned<String>>,
}
