//! The body and the headers of what a webhook is told.

use serde_json::{Value, json};
use siaga_schemas::{Alert, Message};

use super::signature::Key;
use super::template;
use crate::policy::{Format, Webhook};

/// A request, apart from its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body {
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

/// What a webhook is sent; the same alert gives the same bytes.
pub(super) fn body(webhook: &Webhook, alert: &Alert) -> Result<Body, String> {
    // How others were told is nobody's business.
    let alert = &Alert { deliveries: Vec::new(), ..alert.clone() };
    let template = webhook.template.as_deref().unwrap_or(template::SLACK);
    let written = |content_type, value: Value| {
        let bytes = serde_json::to_vec(&value).map_err(|error| error.to_string())?;
        Ok(Body { content_type, bytes })
    };
    let data = || serde_json::to_value(alert).map_err(|error| error.to_string());
    match webhook.format {
        Format::Json => written("application/json", data()?),
        Format::Cloudevents => {
            let event = json!({
                "specversion": "1.0",
                "id": alert.idempotency_key,
                "source": "/siaga/alert",
                "type": Alert::TYPE,
                "subject": alert.incident_id,
                "time": alert.decided_at,
                "datacontenttype": "application/json",
                "data": data()?,
            });
            written("application/cloudevents+json; charset=utf-8", event)
        }
        Format::Slack => {
            let text = template::render(template, alert, template::slack)?;
            written("application/json", json!({"text": text.trim()}))
        }
        Format::Template => {
            let text = template::render(template, alert, template::plain)?;
            let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            let content_type = if is_json { "application/json" } else { "text/plain; charset=utf-8" };
            Ok(Body { content_type, bytes: text.into_bytes() })
        }
    }
}

/// The headers that let a receiver drop what it has, and know who sent it.
pub(super) fn headers(
    alert: &Alert,
    body: &Body,
    key: Option<&Key>,
    timestamp: i64,
) -> Vec<(&'static str, String)> {
    let id = &alert.idempotency_key;
    let mut headers = vec![
        ("content-type", body.content_type.to_owned()),
        // As the draft of the IETF has it: a string of structured fields.
        ("idempotency-key", format!("\"{id}\"")),
        ("webhook-id", id.clone()),
        ("webhook-timestamp", timestamp.to_string()),
    ];
    if let Some(key) = key {
        headers.push(("webhook-signature", key.sign(id, timestamp, &body.bytes)));
    }
    headers
}
