//! The settings of a service, as the JSON Schema of its configuration type lists them.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

const PREFIX: &str = "SIAGA_";

/// One value that can be set in the file, in the environment and by a flag.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Setting {
    /// Names from the root, as in `kafka`, `brokers`.
    pub path: Vec<String>,
    pub kind: Kind,
    /// First paragraph of the field's documentation.
    pub about: String,
    /// The value itself is secret: it is never shown.
    pub secret: bool,
}

/// What values a setting takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Boolean,
    Whole,
    Number,
    Text,
    Choice(Vec<String>),
    List(Box<Kind>),
    Map,
}

impl Setting {
    /// As it is written in a file: `kafka.brokers`.
    pub(crate) fn key(&self) -> String {
        self.path.join(".")
    }

    /// As it is written on the command line, without dashes in front: `kafka-brokers`.
    pub(crate) fn flag(&self) -> String {
        self.path.join("-").replace('_', "-")
    }

    /// As it is called in the environment: `SIAGA_KAFKA_BROKERS`.
    pub(crate) fn variable(&self) -> String {
        format!("{PREFIX}{}", self.path.join("_").to_uppercase())
    }

    /// Reads a text of the environment or the command line.
    ///
    /// # Errors
    /// What was expected instead, without the text itself: it may be secret.
    pub(crate) fn read(&self, text: &str) -> Result<Value, String> {
        self.kind.read(text)
    }
}

/// Lists the settings of `C`.
pub(crate) fn settings_of<C: JsonSchema>() -> Vec<Setting> {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|s| s.inline_subschemas = true)
        .for_deserialize()
        .into_generator();
    let schema = generator.root_schema_for::<C>();
    let mut found = Vec::new();
    walk(schema.as_value(), &mut Vec::new(), "", false, &mut found);
    found
}

fn walk(schema: &Value, path: &mut Vec<String>, about: &str, secret: bool, found: &mut Vec<Setting>) {
    let own_about = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let about = if own_about.is_empty() { about } else { own_about };
    let secret = secret || schema.get("writeOnly") == Some(&Value::Bool(true));
    if let Some(inner) = without_null(schema) {
        return walk(inner, path, about, secret, found);
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        for (name, property) in properties {
            path.push(name.clone());
            walk(property, path, "", secret, found);
            path.pop();
        }
        return;
    }
    let about = about.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    found.push(Setting { path: path.clone(), kind: kind_of(schema), about, secret });
}

/// The schema of `T` in that of an `Option<T>`.
fn without_null(schema: &Value) -> Option<&Value> {
    let alternatives = schema.get("anyOf").or_else(|| schema.get("allOf"))?.as_array()?;
    let mut others = alternatives.iter().filter(|s| s.get("type") != Some(&Value::from("null")));
    let first = others.next()?;
    others.next().is_none().then_some(first)
}

fn kind_of(schema: &Value) -> Kind {
    if let Some(choices) = choices(schema) {
        return Kind::Choice(choices);
    }
    let type_name = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().find(|t| *t != "null").and_then(Value::as_str),
        Some(one) => one.as_str(),
        None => None,
    };
    match type_name {
        Some("boolean") => Kind::Boolean,
        Some("integer") => Kind::Whole,
        Some("number") => Kind::Number,
        Some("array") => Kind::List(Box::new(schema.get("items").map_or(Kind::Text, kind_of))),
        Some("object") => Kind::Map,
        _ => Kind::Text,
    }
}

fn choices(schema: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.iter().filter(|v| !v.is_null()).map(text).collect();
    }
    let variants = schema.get("oneOf")?.as_array()?;
    let mut found = Vec::new();
    for variant in variants.iter().filter(|v| v.get("type") != Some(&Value::from("null"))) {
        match variant.get("const") {
            Some(value) => found.push(text(value)?),
            None => found.extend(choices(variant)?),
        }
    }
    Some(found)
}

impl Kind {
    fn read(&self, text: &str) -> Result<Value, String> {
        match self {
            Self::Boolean => match text {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                _ => Err("expected `true` or `false`".to_owned()),
            },
            Self::Whole => text
                .parse::<i64>()
                .map(Value::from)
                .or_else(|_| text.parse::<u64>().map(Value::from))
                .map_err(|_| "expected a whole number".to_owned()),
            Self::Number => text
                .parse::<f64>()
                .ok()
                .and_then(serde_json::Number::from_f64)
                .map(Value::Number)
                .ok_or_else(|| "expected a number".to_owned()),
            Self::Choice(choices) if !choices.iter().any(|choice| choice == text) => {
                Err(format!("expected one of {}", quoted(choices)))
            }
            Self::Choice(_) | Self::Text => Ok(Value::from(text)),
            Self::List(kind) => read_list(kind, text),
            Self::Map => read_map(text),
        }
    }

    /// How the value is named in the help.
    pub(crate) fn value_name(&self) -> &'static str {
        match self {
            Self::Boolean => "BOOL",
            Self::Whole | Self::Number => "NUMBER",
            Self::Text => "TEXT",
            Self::Choice(_) => "CHOICE",
            Self::List(_) => "LIST",
            Self::Map => "KEY=VALUE",
        }
    }
}

/// Comma-separated, or a JSON array.
fn read_list(kind: &Kind, text: &str) -> Result<Value, String> {
    if text.trim_start().starts_with('[') {
        return match serde_json::from_str(text) {
            Ok(Value::Array(values)) => Ok(Value::Array(values)),
            _ => Err("expected a JSON array".to_owned()),
        };
    }
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| kind.read(part)).collect::<Result<Vec<_>, _>>().map(Value::Array)
}

/// `key=value`, several separated by commas or line ends; or a JSON object, where values hold commas.
fn read_map(text: &str) -> Result<Value, String> {
    if text.trim_start().starts_with('{') {
        return match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(entries)) => Ok(Value::Object(entries)),
            _ => Err("expected a JSON object".to_owned()),
        };
    }
    let mut entries = Map::new();
    for part in text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let (key, value) =
            part.split_once('=').ok_or_else(|| "expected `key=value`, or a JSON object".to_owned())?;
        entries.insert(key.trim().to_owned(), Value::from(value.trim()));
    }
    Ok(Value::Object(entries))
}

fn quoted(choices: &[String]) -> String {
    choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(", ")
}

/// Keys of maps whose values are secret, whatever the map is for: librdkafka's are among them.
pub(crate) fn names_a_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    // A path is no secret.
    let is_public = key.contains("file") || key.ends_with("location") || key.ends_with("url");
    let secret = ["password", "secret", "token", "credential", ".pem", "sasl.jaas", "oauthbearer.config"];
    !is_public && secret.iter().any(|word| key.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_values_of_the_settings_kind() {
        let list = Kind::List(Box::new(Kind::Whole));
        assert_eq!(list.read("1, 2"), Ok(serde_json::json!([1, 2])));
        assert_eq!(list.read("[1]"), Ok(serde_json::json!([1])));
        assert_eq!(Kind::Map.read("a=1,b=x=y"), Ok(serde_json::json!({"a": "1", "b": "x=y"})));
        assert_eq!(Kind::Map.read(r#"{"a": "1,2"}"#), Ok(serde_json::json!({"a": "1,2"})));
        assert_eq!(Kind::Whole.read("18446744073709551615"), Ok(serde_json::json!(u64::MAX)));
        for (kind, text) in [
            (Kind::Boolean, "yes"),
            (Kind::Whole, "1.5"),
            (Kind::Number, "NaN"),
            (Kind::Map, "a"),
            (Kind::Choice(vec!["x".into()]), "y"),
            (list, "1,x"),
        ] {
            assert!(kind.read(text).is_err(), "{kind:?} {text}");
        }
    }

    #[test]
    fn keys_that_name_secrets_are_known() {
        for key in ["sasl.password", "ssl.key.password", "ssl.key.pem", "sasl.oauthbearer.client.secret"] {
            assert!(names_a_secret(key), "{key}");
        }
        for key in [
            "ssl.key.location",
            "kafka.property_files.sasl.password",
            "sasl.oauthbearer.token.endpoint.url",
            "linger.ms",
        ] {
            assert!(!names_a_secret(key), "{key}");
        }
    }
}
