//! Policies: which incidents are told, and to whom. An operator's TOML file, checked as a whole before anything runs.

mod check;
mod conditions;
mod file;
mod quiet;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use jiff::Timestamp;

pub use conditions::Conditions;
pub(crate) use conditions::at_least;
pub use file::Format;
pub use quiet::QuietHours;

/// A mistake in a policy file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}: `{key}`: {reason}", .file.display())]
pub struct Mistake {
    /// The file.
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
    /// Path of the key, as in `policies[0].match.types`.
    pub key: String,
    /// What is wrong.
    pub reason: String,
}

/// All that a policy file says.
#[derive(Clone, Debug)]
pub struct Policies {
    /// Address of the console, for links.
    pub console: Option<String>,
    /// In the order of the file: of those that match, the first one of a route decides.
    pub policies: Vec<Policy>,
    /// By name.
    pub routes: BTreeMap<String, Route>,
    /// By name.
    pub sinks: BTreeMap<String, Sink>,
    /// What is not told for a while.
    pub mutes: Vec<Mute>,
}

/// A rule: what it takes to tell routes of an incident.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Who is told.
    pub routes: Vec<String>,
    /// Nothing older is told.
    pub fresh_within: Duration,
    /// All of them hold.
    pub conditions: Conditions,
}

/// Who is told together.
#[derive(Clone, Debug)]
pub struct Route {
    /// Names of sinks.
    pub sinks: Vec<String>,
    /// When nobody is to be disturbed.
    pub quiet: Option<QuietHours>,
}

/// Nothing is told of an incident, or by a policy, until a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mute {
    /// The incident; any where none is named.
    pub incident: Option<String>,
    /// The policy; any where none is named.
    pub policy: Option<String>,
    /// Until when; without end where absent.
    pub until: Option<Timestamp>,
}

impl Mute {
    /// Whether nothing is told now of this incident by this policy.
    pub fn holds(&self, incident: &str, policy: &str, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
            && self.incident.as_deref().is_none_or(|muted| muted == incident)
            && self.policy.as_deref().is_none_or(|muted| muted == policy)
    }
}

/// Where alerts go.
#[derive(Clone, Debug)]
pub enum Sink {
    /// The API v2 of an Alertmanager.
    Alertmanager(Target),
    /// An HTTP endpoint that is told each alert once it takes it.
    Webhook(Webhook),
}

impl Sink {
    /// Where it is.
    pub fn target(&self) -> &Target {
        match self {
            Self::Alertmanager(target) => target,
            Self::Webhook(webhook) => &webhook.target,
        }
    }

    /// Whether it is told when an alert ends or somebody silences it, beside what is news.
    pub const fn follows_state(&self) -> bool {
        matches!(self, Self::Alertmanager(_))
    }
}

/// An address and how it is dealt with.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where requests go.
    pub url: String,
    /// Networks that are connected to though they are not public.
    pub allow_networks: Vec<IpNet>,
    /// Longest time for an answer.
    pub timeout: Duration,
    /// Most attempts.
    pub attempts: u32,
}

/// How a webhook is told.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Where it is.
    pub target: Target,
    /// What it is sent.
    pub format: Format,
    /// Text of the template, for the formats that have one.
    pub template: Option<String>,
    /// The file with the secret that signs requests.
    pub secret_file: Option<PathBuf>,
}

impl Policies {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// The first mistake, with its line.
    pub fn read(path: &Path) -> Result<Self, Mistake> {
        let text = std::fs::read_to_string(path).map_err(|error| Mistake {
            file: path.to_path_buf(),
            line: 1,
            key: ".".to_owned(),
            reason: error.to_string(),
        })?;
        Self::parse(path, &text)
    }

    /// Checks the text of a file; other files that it names are looked up beside `path`.
    ///
    /// # Errors
    /// The first mistake, with its line.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Mistake> {
        check::check(path, text)
    }

    /// The first policy of a route that an incident meets, or why each of them is not met.
    pub fn of_route<'p>(
        &'p self,
        route: &'p str,
        incident: &siaga_schemas::Incident,
    ) -> Result<&'p Policy, Vec<(&'p str, String)>> {
        let mut reasons = Vec::new();
        for policy in self.policies.iter().filter(|policy| policy.routes.iter().any(|name| name == route)) {
            match policy.conditions.check(incident) {
                Ok(()) => return Ok(policy),
                Err(reason) => reasons.push((policy.name.as_str(), reason)),
            }
        }
        Err(reasons)
    }
}
