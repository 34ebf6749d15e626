//! What an operator's acknowledgement or mute does to what was told.

use jiff::Timestamp;
use jiff::tz::Offset;
use siaga_schemas::{Alert, AlertState, Delivery, DeliveryOutcome, Moment};

use crate::policy::{Policies, Sink};

/// The record that keeps those who repeat what holds from repeating it: an operator knows. It is told again when it
/// changes materially, unless it is muted. None where there is nothing to keep still.
pub fn silence(policies: &Policies, alert: &Alert, control: &str, by: &str, now: Timestamp) -> Option<Alert> {
    if alert.state != AlertState::Firing || alert.silenced_by.is_some() {
        return None;
    }
    let now = Moment::new(now, Offset::UTC);
    let follows = |name: &&String| policies.sinks.get(*name).is_some_and(Sink::follows_state);
    let sinks = policies.routes.get(&alert.route).map(|route| route.sinks.as_slice()).unwrap_or_default();
    let pending = |name: &String| Delivery {
        sink: name.clone(),
        outcome: DeliveryOutcome::Pending,
        attempts: 0,
        at: now,
        error: None,
    };
    Some(Alert {
        idempotency_key: format!("{}/{}/{control}", alert.alert_id, alert.revision),
        silenced_by: Some(by.to_owned()),
        decided_at: now,
        held_until: None,
        raised_from: None,
        deliveries: sinks.iter().filter(follows).map(pending).collect(),
        ..alert.clone()
    })
}
