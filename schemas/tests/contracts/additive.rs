//! Inside v1 fields are only added, and only optional ones.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Contract, read_json};

/// What a reader or writer of the `old` schema would trip over in the `new` one.
pub(super) fn breaking_changes(old: &Value, new: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", old, new, &mut found);
    found
}

fn compare(path: &str, old: &Value, new: &Value, found: &mut Vec<String>) {
    for field in strings(&new["required"]).difference(&strings(&old["required"])) {
        found.push(format!("{path}/{field} is now required"));
    }
    for keyword in ["type", "enum"] {
        for value in strings(&old[keyword]).difference(&strings(&new[keyword])) {
            found.push(format!("{path} no longer allows {keyword} {value}"));
        }
    }
    if old["const"] != new["const"] || old["$ref"] != new["$ref"] {
        found.push(format!("{path} is another type"));
    }
    for keyword in ["properties", "$defs"] {
        let Some(old_entries) = old[keyword].as_object() else { continue };
        for (name, old_entry) in old_entries {
            match new[keyword].get(name) {
                Some(new_entry) => compare(&format!("{path}/{name}"), old_entry, new_entry, found),
                None => found.push(format!("{path}/{name} is gone")),
            }
        }
    }
    if old["items"].is_object() {
        compare(&format!("{path}[]"), &old["items"], &new["items"], found);
    }
    for keyword in ["oneOf", "anyOf"] {
        let alternatives = |schema: &Value| -> BTreeSet<String> {
            schema[keyword].as_array().into_iter().flatten().map(without_words).collect()
        };
        for gone in alternatives(old).difference(&alternatives(new)) {
            found.push(format!("{path} no longer allows {gone}"));
        }
    }
}

fn strings(value: &Value) -> BTreeSet<String> {
    match value {
        Value::String(text) => BTreeSet::from([text.clone()]),
        Value::Array(values) => {
            values.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect()
        }
        _ => BTreeSet::new(),
    }
}

fn without_words(schema: &Value) -> String {
    let mut schema = schema.clone();
    if let Some(object) = schema.as_object_mut() {
        object.remove("description");
    }
    schema.to_string()
}

/// Adds a field that nobody knows to every object.
fn with_unknown_fields(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: serde_json::Map<String, Value> =
                fields.iter().map(|(name, value)| (name.clone(), with_unknown_fields(value))).collect();
            fields.insert("x_added_later".to_owned(), json!({"any": [1, "thing"]}));
            Value::Object(fields)
        }
        Value::Array(values) => Value::Array(values.iter().map(with_unknown_fields).collect()),
        other => other.clone(),
    }
}

#[test]
fn a_record_with_fields_added_later_is_read_as_before() {
    for contract in Contract::all() {
        let mut message = read_json(&format!("examples/{}.valid.json", contract.name));
        // The names of models are data, not fields.
        let models = message.pointer("/versions/models").cloned();
        message = with_unknown_fields(&message);
        if let (Some(slot), Some(models)) = (message.pointer_mut("/versions/models"), models) {
            *slot = models;
        }
        let read = (contract.round_trip)(message.to_string().as_bytes());
        assert!(read.is_ok(), "{}: {read:?}", contract.name);
    }
}

#[test]
fn unknown_fields_of_a_raw_article_pass_through() {
    let raw = br#"{"body": "words", "x_desk": {"shift": [1, 2.5, null]}, "authors": ["A", "B"]}"#;
    let raw: siaga_schemas::RawArticle = siaga_schemas::Message::decode(raw).unwrap();
    let mut article = read_json("examples/classified-article.valid.json");
    let kept = serde_json::to_value(&raw.extra).unwrap();
    assert_eq!(kept, json!({"x_desk": {"shift": [1, 2.5, null]}, "authors": ["A", "B"]}));
    article["article"].as_object_mut().unwrap().extend(raw.extra);
    let classified = Contract::all().remove(1);
    let written = (classified.round_trip)(article.to_string().as_bytes()).unwrap();
    assert_eq!(written["article"]["x_desk"]["shift"], json!([1, 2.5, null]));
    assert_eq!(written["article"]["authors"], json!(["A", "B"]));
}

#[test]
fn what_would_break_a_reader_is_seen() {
    let old = json!({"type": "object", "required": ["a"], "properties": {
        "a": {"type": "string"}, "b": {"oneOf": [{"const": "x"}, {"const": "y"}]}, "c": {"type": ["integer", "null"]}}});
    let change = |pointer: &str, value: Value| {
        let mut new = old.clone();
        *new.pointer_mut(pointer).unwrap() = value;
        breaking_changes(&old, &new)
    };
    assert!(breaking_changes(&old, &old).is_empty());
    assert!(change("/properties/a", json!({"type": ["string", "null"], "description": "words"})).is_empty());
    assert_eq!(change("/required", json!(["a", "b"])), ["/b is now required"]);
    assert_eq!(change("/properties/c/type", json!("integer")), ["/c no longer allows type null"]);
    assert_eq!(change("/properties", json!({"a": {"type": "string"}})), ["/b is gone", "/c is gone"]);
    assert_eq!(change("/properties/b/oneOf", json!([{"const": "x"}])).len(), 1);
}
