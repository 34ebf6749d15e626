//! Who is told of an incident now, and why nobody else is. Pure: the clock is an input, and stands in the result.

mod change;
mod digest;
mod hold;
mod silence;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use siaga_schemas::{
    Alert, AlertState, DecisionKind, Delivery, DeliveryOutcome, Incident, IncidentState, Moment,
};

use crate::policy::{Mute, Policies, Route, Sink};

pub(crate) use change::authorities;
pub use hold::move_held;
use hold::{Hold, News};
pub use silence::silence;

/// The one lane that is told.
pub const LIVE: &str = "live";

/// A report may be dated this much after its arrival: clocks differ.
const CLOCKS_DIFFER: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);

/// What was told of an incident, by route.
pub type ToldByRoute = BTreeMap<String, Alert>;

/// All that a decision rests on.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The incident as it is now.
    pub incident: &'a Incident,
    /// The lane of its record.
    pub lane: &'a str,
    /// What was told of it.
    pub told: &'a ToldByRoute,
    /// What was told of the incidents that were merged into it.
    pub told_of_merged: &'a ToldByRoute,
    /// The mutes of operators, beside those of the policy file.
    pub mutes: &'a [Mute],
    /// The wall clock.
    pub now: Timestamp,
}

/// What is decided for a route.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The route.
    pub route: String,
    /// The policy that speaks for it; none where none is met.
    pub policy: Option<String>,
    /// The record that says what it is told, or why it is not told anything.
    pub outcome: Result<Alert, Silent>,
}

/// Why a route is not told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Silent {
    /// A backfill never alerts.
    #[error("lane `{0}`: only what is live is told")]
    Backfill(String),
    /// No policy of the route is met.
    #[error("no policy is met: {0}")]
    Unmatched(String),
    /// It did not happen, or not now.
    #[error("status {0}: neither occurred nor ongoing")]
    NotFlagged(siaga_schemas::Status),
    /// It is closed, retracted or merged, and nobody was told of it.
    #[error("it is not open, and nobody was told of it")]
    NotOpen,
    /// The last report is older than the limit, or of the future.
    #[error("not fresh: the last report is of {reported}, the limit is {limit}")]
    Stale {
        /// Publication, or arrival where that is earlier.
        reported: Timestamp,
        /// The policy's limit, for people.
        limit: String,
    },
    /// An operator or the policy file has muted it, without an end at which it would still be fresh.
    #[error("muted")]
    Muted,
    /// Nothing that matters has changed since it was told.
    #[error("told before, and nothing material has changed")]
    Unchanged,
}

impl Silent {
    /// A name for counters that stays the same.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Backfill(_) => "backfill",
            Self::Unmatched(_) => "unmatched",
            Self::NotFlagged(_) => "not_flagged",
            Self::NotOpen => "not_open",
            Self::Stale { .. } => "stale",
            Self::Muted => "muted",
            Self::Unchanged => "unchanged",
        }
    }
}

/// Decides for each route.
pub fn decide(policies: &Policies, question: &Question<'_>) -> Vec<Decision> {
    let decide = |(name, route): (&String, &Route)| {
        let before = question.told.get(name);
        let matched = policies.of_route(name, question.incident);
        // Who was told once is told of changes, also where the policy is no longer met.
        let kept = || before.and_then(|alert| policies.policies.iter().find(|p| p.name == alert.policy));
        let policy = matched.as_ref().ok().copied().or_else(kept);
        let case = Case { policies, question, name, route, before };
        let outcome = match policy {
            _ if question.lane != LIVE => Err(Silent::Backfill(question.lane.to_owned())),
            _ if question.incident.lane != LIVE => Err(Silent::Backfill(question.incident.lane.clone())),
            Some(policy) => case.decide(policy),
            None => match case.end() {
                Some(ended) => Ok(ended),
                None => Err(Silent::Unmatched(words(&matched.err().unwrap_or_default()))),
            },
        };
        Decision { route: name.clone(), policy: policy.map(|policy| policy.name.clone()), outcome }
    };
    policies.routes.iter().map(decide).collect()
}

fn words(reasons: &[(&str, String)]) -> String {
    if reasons.is_empty() {
        return "none names this route".to_owned();
    }
    reasons.iter().map(|(policy, reason)| format!("{policy}: {reason}")).collect::<Vec<_>>().join("; ")
}

/// One route and what it was told before.
struct Case<'a> {
    policies: &'a Policies,
    question: &'a Question<'a>,
    name: &'a str,
    route: &'a Route,
    before: Option<&'a Alert>,
}

impl Case<'_> {
    fn decide(&self, policy: &crate::policy::Policy) -> Result<Alert, Silent> {
        let Question { incident, now, .. } = *self.question;
        let was_held = self.before.filter(|alert| is_held(alert, now));
        let is_over = incident.state != IncidentState::Open;
        // What nobody has heard of yet needs no end told.
        if is_over && was_held.is_some_and(|alert| alert.changes.is_empty()) {
            return self.end().ok_or(Silent::NotOpen);
        }
        let merged = self.question.told_of_merged.get(self.name);
        let known = self.before.or(merged);
        let changes = match known {
            Some(known) => change::since(&known.told, known.severity, incident),
            None if is_over => return Err(Silent::NotOpen),
            None if !incident.flagged => return Err(Silent::NotFlagged(incident.status)),
            None => Vec::new(),
        };
        if known.is_some() && changes.is_empty() {
            return self.unchanged(policy.name.as_str(), merged);
        }
        let news = News {
            incident: &incident.incident_id,
            policy: &policy.name,
            route: self.route,
            severity: incident.severity,
            fresh_until: fresh_until(reported(incident), policy.fresh_within),
        };
        let hold = news.hold(self.question.mutes.iter().chain(&self.policies.mutes), now);
        if hold == Hold::Muted {
            return self.end().ok_or(Silent::Muted);
        }
        if let Err(stale) = fresh(incident, policy.fresh_within, now) {
            return self.end().ok_or(stale);
        }
        let mut alert = self.alert(&policy.name, changes);
        if let Some(held) = was_held {
            // One message says what several would have said.
            let earlier = held.changes.iter().filter(|change| !alert.changes.contains(change));
            alert.changes = match held.changes.is_empty() {
                true => Vec::new(),
                false => earlier.cloned().chain(alert.changes.iter().cloned()).collect(),
            };
        }
        if let Hold::Until(until) = hold {
            alert.held_until = Some(Moment::new(until, jiff::tz::Offset::UTC));
        }
        alert.raised_from = known.map(|known| known.severity).filter(|severity| *severity != alert.severity);
        Ok(alert)
    }

    /// Nothing material has changed: who follows the state may still have to hear that it is over, or taken over.
    fn unchanged(&self, policy: &str, merged: Option<&Alert>) -> Result<Alert, Silent> {
        if let Some(ended) = self.end() {
            return Ok(ended);
        }
        let takes_over = self.before.is_none() && merged.is_some();
        if !takes_over || self.question.incident.state != IncidentState::Open {
            return Err(Silent::Unchanged);
        }
        let mut alert = self.alert(policy, Vec::new());
        alert.deliveries = self.deliveries(Sink::follows_state);
        Ok(alert)
    }

    /// The record that ends what was told, for those who follow the state.
    fn end(&self) -> Option<Alert> {
        let before = self.before.filter(|alert| alert.state == AlertState::Firing)?;
        let incident = self.question.incident;
        if incident.state == IncidentState::Open {
            return None;
        }
        let ended = self.alert(&before.policy, Vec::new());
        let deliveries = match is_held(before, self.question.now) && before.changes.is_empty() {
            true => Vec::new(),
            false => self.deliveries(Sink::follows_state),
        };
        // What was not told now is news when it comes back.
        Some(Alert { told: before.told.clone(), severity: before.severity, deliveries, ..ended })
    }

    fn deliveries(&self, is_told: impl Fn(&Sink) -> bool) -> Vec<Delivery> {
        let is_told = |name: &&String| self.policies.sinks.get(*name).is_some_and(&is_told);
        let pending = |name: &String| Delivery {
            sink: name.clone(),
            outcome: DeliveryOutcome::Pending,
            attempts: 0,
            at: Moment::new(self.question.now, jiff::tz::Offset::UTC),
            error: None,
        };
        self.route.sinks.iter().filter(is_told).map(pending).collect()
    }

    fn alert(&self, policy: &str, changes: Vec<String>) -> Alert {
        let incident = self.question.incident;
        let (id, revision) = (&incident.incident_id, incident.revision);
        let alert_id = format!("{id}/{}", self.name);
        Alert {
            idempotency_key: format!("{alert_id}/{revision}"),
            alert_id,
            incident_id: id.clone(),
            revision,
            route: self.name.to_owned(),
            policy: policy.to_owned(),
            state: match incident.state {
                IncidentState::Open => AlertState::Firing,
                _ => AlertState::Resolved,
            },
            severity: incident.severity,
            title: digest::title(incident),
            changes,
            decided_at: Moment::new(self.question.now, jiff::tz::Offset::UTC),
            deliveries: self.deliveries(|_| true),
            sink: None,
            held_until: None,
            silenced_by: None,
            raised_from: None,
            told: change::baseline(self.before.map(|alert| &alert.told), incident),
            digest: Some(digest::digest(incident, self.policies.console.as_deref())),
        }
    }
}

/// Whether nobody was told of it yet.
fn is_held(alert: &Alert, now: Timestamp) -> bool {
    alert.held_until.is_some_and(|until| now < until.timestamp())
}

/// When the last report came: the earlier of publication and arrival, so that neither an old article that arrives now nor
/// one that is dated ahead is fresh.
fn reported(incident: &Incident) -> Timestamp {
    incident.last_report_at.timestamp().min(incident.updated_at.timestamp())
}

/// Until when what was reported then is fresh.
fn fresh_until(reported: Timestamp, limit: std::time::Duration) -> Timestamp {
    reported.saturating_add(limit).unwrap_or(Timestamp::MAX)
}

/// Whether the last report is no older than the limit.
fn fresh(incident: &Incident, limit: std::time::Duration, now: Timestamp) -> Result<(), Silent> {
    let reported = reported(incident);
    if now <= fresh_until(reported, limit) && now.duration_since(reported) >= -CLOCKS_DIFFER {
        return Ok(());
    }
    Err(Silent::Stale { reported, limit: format!("{}s", limit.as_secs()) })
}

/// The incidents that were merged into this one.
pub fn merged_into(incident: &Incident) -> impl Iterator<Item = &str> {
    let merged = incident.why.iter().filter(|decision| decision.kind == DecisionKind::Merged);
    merged.map(|decision| decision.subject.as_str()).filter(|subject| *subject != incident.incident_id)
}
