//! Alertmanager's API v2. An alert is what its labels are: they stay the same as long as the incident and its severity.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use siaga_schemas::{Alert, AlertState, Severity};
use std::collections::BTreeMap;

/// Path behind the address of an Alertmanager.
pub(super) const PATH: &str = "/api/v2/alerts";

/// An alert as the API takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Posted {
    labels: BTreeMap<&'static str, String>,
    annotations: BTreeMap<&'static str, String>,
    starts_at: String,
    ends_at: String,
    #[serde(rename = "generatorURL", skip_serializing_if = "Option::is_none")]
    generator_url: Option<String>,
}

/// What to post of an alert: itself, and where its severity went up the end of what it was called before.
pub(super) fn posted(alert: &Alert, now: Timestamp, lasts: Duration) -> Vec<Posted> {
    let is_over = alert.state == AlertState::Resolved || alert.silenced_by.is_some();
    let end = if is_over { now } else { now.checked_add(lasts).unwrap_or(now) };
    let mut all = vec![post(alert, alert.severity, end)];
    if let Some(earlier) = alert.raised_from {
        all.push(post(alert, earlier, now));
    }
    all
}

fn post(alert: &Alert, severity: Severity, end: Timestamp) -> Posted {
    let mut labels = BTreeMap::from([
        ("alertname", "SiagaIncident".to_owned()),
        ("incident_id", alert.incident_id.clone()),
        ("route", alert.route.clone()),
        ("severity", severity.code().to_owned()),
    ]);
    let mut annotations = BTreeMap::from([
        ("summary", alert.title.clone()),
        ("policy", alert.policy.clone()),
        ("revision", alert.revision.to_string()),
    ]);
    if !alert.changes.is_empty() {
        annotations.insert("changes", alert.changes.join("; "));
    }
    if let Some(operator) = &alert.silenced_by {
        annotations.insert("silenced_by", operator.clone());
    }
    // Before the end also where a report is dated ahead: the API refuses what ends before it begins.
    let mut start = end.min(alert.decided_at.timestamp());
    let mut generator_url = None;
    if let Some(digest) = &alert.digest {
        labels.insert("type", digest.event_type.code().to_owned());
        start = start.min(digest.first_report_at.timestamp());
        let lists = [("confirmed_by", &digest.confirmed_by), ("denied_by", &digest.denied_by)];
        for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            annotations.insert(name, list.join(", "));
        }
        if let Some(quote) = &digest.quote {
            annotations.insert("description", quote.clone());
        }
        generator_url.clone_from(&digest.link);
    }
    let (starts_at, ends_at) = (start.to_string(), end.to_string());
    Posted { labels, annotations, starts_at, ends_at, generator_url }
}
