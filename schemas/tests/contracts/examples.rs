//! `schemas/examples` are test vectors: for each message a full one, the smallest one, and invalid ones as JSON
//! patches of the full one with the field that is to blame.

use jsonschema::Validator;
use serde::Deserialize;
use serde_json::Value;

use super::{Contract, read, read_json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Invalid {
    name: String,
    /// RFC 6902, of the valid example.
    patch: Vec<Operation>,
    /// Path that the decoder must name.
    field: String,
    /// Whether the JSON Schema can say it too.
    schema: Verdict,
}

#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
enum Operation {
    Add { path: String, value: Value },
    Replace { path: String, value: Value },
    Remove { path: String },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Accepts,
    Refuses,
}

impl Operation {
    fn apply(&self, message: &mut Value) {
        let (Self::Add { path, .. } | Self::Replace { path, .. } | Self::Remove { path }) = self;
        let (parent, name) = path.rsplit_once('/').unwrap();
        match (message.pointer_mut(parent).unwrap(), self) {
            (Value::Object(fields), Self::Add { value, .. }) => {
                assert!(fields.insert(name.to_owned(), value.clone()).is_none(), "{path} is there");
            }
            (Value::Object(fields), Self::Replace { value, .. }) => {
                assert!(fields.insert(name.to_owned(), value.clone()).is_some(), "{path} is not there");
            }
            (Value::Object(fields), Self::Remove { .. }) => {
                assert!(fields.remove(name).is_some(), "{path} is not there");
            }
            (Value::Array(values), Self::Replace { value, .. }) => {
                values[name.parse::<usize>().unwrap()] = value.clone();
            }
            _ => panic!("{path} cannot be patched so"),
        }
    }
}

fn validator(contract: &Contract) -> Validator {
    jsonschema::draft202012::options().should_validate_formats(false).build(&(contract.schema)()).unwrap()
}

#[test]
fn valid_examples_fit_the_schema_and_come_back_as_they_were() {
    for contract in Contract::all() {
        let text = read(&format!("examples/{}.valid.json", contract.name));
        let message: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator(&contract).iter_errors(&message).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", contract.name);
        let read =
            (contract.round_trip)(text.as_bytes()).unwrap_or_else(|e| panic!("{}: {e}", contract.name));
        assert_eq!(rounded(&read), rounded(&message), "{}", contract.name);
    }
}

#[test]
fn the_smallest_examples_fit_the_schema_and_are_read() {
    for contract in Contract::all() {
        let message = read_json(&format!("examples/{}.minimal.json", contract.name));
        let errors: Vec<String> = validator(&contract).iter_errors(&message).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", contract.name);
        let read = (contract.round_trip)(message.to_string().as_bytes());
        assert!(read.is_ok(), "{}: {read:?}", contract.name);
    }
}

#[test]
fn invalid_examples_are_refused_for_the_field_that_is_to_blame() {
    for contract in Contract::all() {
        let valid = read_json(&format!("examples/{}.valid.json", contract.name));
        let text = read(&format!("examples/{}.invalid.json", contract.name));
        let examples: Vec<Invalid> = serde_json::from_str(&text).unwrap();
        assert!(examples.len() >= 3, "{} has too few", contract.name);
        let validator = validator(&contract);
        for example in examples {
            let mut message = valid.clone();
            example.patch.iter().for_each(|operation| operation.apply(&mut message));
            let error = (contract.round_trip)(message.to_string().as_bytes()).err();
            let field = error.as_ref().and_then(|error| error.path());
            assert_eq!(field, Some(example.field.as_str()), "{}: {}: {error:?}", contract.name, example.name);
            let verdict = if validator.is_valid(&message) { Verdict::Accepts } else { Verdict::Refuses };
            assert_eq!(verdict, example.schema, "{}: {}", contract.name, example.name);
        }
    }
}

#[test]
fn the_quotes_of_the_valid_examples_stand_where_they_say() {
    let message = read_json("examples/enriched-article.valid.json");
    let mut checked = 0;
    check_quotes(&message, &message["article"], &mut checked);
    assert!(checked > 10, "only {checked} quotes");
}

fn check_quotes(value: &Value, article: &Value, checked: &mut usize) {
    if let Value::Object(fields) = value {
        let place = fields.get("span").unwrap_or(value);
        let words = fields.get("text").or_else(|| fields.get("body").filter(|_| fields.contains_key("span")));
        if let (Some(words), Some(field), Some(start), Some(end)) =
            (words, place["field"].as_str(), place["start"].as_u64(), place["end"].as_u64())
        {
            let text = article[field].as_str().unwrap().chars();
            let found: String = text.skip(start as usize).take((end - start) as usize).collect();
            assert_eq!(words, &Value::String(found));
            *checked += 1;
        }
        fields.values().for_each(|inner| check_quotes(inner, article, checked));
    } else if let Value::Array(values) = value {
        values.iter().for_each(|inner| check_quotes(inner, article, checked));
    }
}

/// Scores are of single precision.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            Value::from((number.as_f64().unwrap() * 1e4).round() as i64)
        }
        Value::Array(values) => values.iter().map(rounded).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), rounded(value))).collect())
        }
        other => other.clone(),
    }
}
