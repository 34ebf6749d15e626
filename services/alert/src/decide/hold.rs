//! Until when nobody is to hear: quiet hours of the route, and mutes that end.

use jiff::Timestamp;
use jiff::tz::Offset;
use siaga_schemas::{Alert, AlertState, Moment, Severity};

use crate::policy::{Mute, Policies, Route};

/// What quiet hours and mutes make of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// It is told at once.
    No,
    /// It is told then.
    Until(Timestamp),
    /// It is not told: a mute has no end, or ends when the news is no longer fresh.
    Muted,
}

/// News of a route.
#[derive(Clone, Copy, Debug)]
pub(super) struct News<'a> {
    pub incident: &'a str,
    pub policy: &'a str,
    pub route: &'a Route,
    pub severity: Severity,
    /// Until when it is fresh.
    pub fresh_until: Timestamp,
}

impl News<'_> {
    /// What becomes of it now.
    pub(super) fn hold<'m>(&self, mutes: impl Iterator<Item = &'m Mute>, now: Timestamp) -> Hold {
        let mut until = self.route.quiet.as_ref().and_then(|quiet| quiet.hold(self.severity, now));
        for mute in mutes.filter(|mute| mute.holds(self.incident, self.policy, now)) {
            match mute.until {
                Some(end) if end <= self.fresh_until => until = until.max(Some(end)),
                _ => return Hold::Muted,
            }
        }
        until.map_or(Hold::No, Hold::Until)
    }
}

/// The record that moves what nobody has heard of yet to another time, because a mute began, changed or was taken back.
/// None where it stays as it is.
pub fn move_held(policies: &Policies, alert: &Alert, mutes: &[Mute], now: Timestamp) -> Option<Alert> {
    let held_until = alert.held_until.map(|until| until.timestamp()).filter(|until| now < *until)?;
    if alert.state != AlertState::Firing || alert.silenced_by.is_some() {
        return None;
    }
    let policy = policies.policies.iter().find(|policy| policy.name == alert.policy)?;
    let digest = alert.digest.as_ref()?;
    let reported = digest.last_report_at.timestamp().min(digest.updated_at.timestamp());
    let news = News {
        incident: &alert.incident_id,
        policy: &alert.policy,
        route: policies.routes.get(&alert.route)?,
        severity: alert.severity,
        fresh_until: super::fresh_until(reported, policy.fresh_within),
    };
    let until = match news.hold(mutes.iter().chain(&policies.mutes), now) {
        Hold::Until(until) if until == held_until => return None,
        Hold::Until(until) => Some(Moment::new(until, Offset::UTC)),
        Hold::No => None,
        // Whoever silences it says so in the record.
        Hold::Muted => return None,
    };
    Some(Alert { held_until: until, decided_at: Moment::new(now, Offset::UTC), ..alert.clone() })
}
