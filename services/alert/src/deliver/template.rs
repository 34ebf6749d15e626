//! What alerts say: templates in the language of Jinja, filled with the alert as it stands in the topic.

use minijinja::{Environment, UndefinedBehavior};
use serde_json::Value;
use siaga_schemas::Alert;

/// The template of Slack where none is set.
pub(crate) const SLACK: &str = include_str!("slack.jinja");

/// Name of the template in its own errors.
const NAME: &str = "template";

fn environment(text: &str) -> Result<Environment<'_>, String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Lenient);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    // A template that runs for ever holds up everybody.
    environment.set_fuel(Some(100_000));
    environment.add_template(NAME, text).map_err(|error| format!("{error:#}"))?;
    Ok(environment)
}

/// Whether a template can be read.
pub(crate) fn check(text: &str) -> Result<(), String> {
    environment(text).map(drop)
}

/// Fills a template. `escape` is applied to every text of the alert.
pub(crate) fn render(text: &str, alert: &Alert, escape: fn(&str) -> String) -> Result<String, String> {
    let environment = environment(text)?;
    let mut values = serde_json::to_value(alert).map_err(|error| error.to_string())?;
    escape_all(&mut values, escape);
    let template = environment.get_template(NAME).map_err(|error| error.to_string())?;
    template.render(values).map_err(|error| format!("{error:#}"))
}

fn escape_all(value: &mut Value, escape: fn(&str) -> String) {
    match value {
        Value::String(text) => *text = escape(text),
        Value::Array(values) => values.iter_mut().for_each(|value| escape_all(value, escape)),
        Value::Object(values) => values.values_mut().for_each(|value| escape_all(value, escape)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Leaves text as it is.
pub(crate) fn plain(text: &str) -> String {
    text.to_owned()
}

/// As Slack wants it: nothing in a report mentions anybody or becomes a link.
pub(crate) fn slack(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
