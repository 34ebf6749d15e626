//! The layer of the TOML file: values with the lines where they stand.

use std::path::Path;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Error, Origin, nearest};
use super::layers::Assignment;
use super::setting::{Kind, Setting};

/// Reads the file and refuses keys that are no setting.
pub(crate) fn read(path: &Path, settings: &[Setting]) -> Result<Vec<Assignment>, Error> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let table = DeTable::parse(&text).map_err(|error| Error::NotToml {
        path: path.to_owned(),
        line: error.span().map_or(1, |span| line_at(&text, span.start)),
        reason: error.message().to_owned(),
    })?;
    let mut reader = Reader { path, text: &text, settings, found: Vec::new() };
    reader.table(table.get_ref(), &mut Vec::new())?;
    Ok(reader.found)
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    settings: &'a [Setting],
    found: Vec<Assignment>,
}

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>, path: &mut Vec<String>) -> Result<(), Error> {
        for (key, value) in table {
            path.push(key.get_ref().to_string());
            let origin =
                Origin::File { path: self.path.to_owned(), line: line_at(self.text, key.span().start) };
            self.entry(path, value, origin)?;
            path.pop();
        }
        Ok(())
    }

    fn entry(
        &mut self,
        path: &mut Vec<String>,
        value: &Spanned<DeValue<'_>>,
        origin: Origin,
    ) -> Result<(), Error> {
        if let Some(setting) = self.settings.iter().find(|s| s.path == *path) {
            let value = self.value(setting, value.get_ref(), &origin)?;
            self.found.push(Assignment { setting: setting.clone(), value, origin });
            return Ok(());
        }
        let is_section = self.settings.iter().any(|s| s.path.starts_with(path));
        match value.get_ref() {
            DeValue::Table(table) if is_section => self.table(table, path),
            _ if is_section => {
                let reason = "expected a table".to_owned();
                Err(Error::Invalid { origin, setting: path.join("."), reason })
            }
            _ => {
                let key = path.join(".");
                let near = nearest(&key, self.settings.iter().map(Setting::key));
                Err(Error::Unknown { origin, key, near })
            }
        }
    }

    fn value(&self, setting: &Setting, value: &DeValue<'_>, origin: &Origin) -> Result<Value, Error> {
        let invalid =
            |reason: String| Error::Invalid { origin: origin.clone(), setting: setting.key(), reason };
        match (&setting.kind, value) {
            (Kind::Map, DeValue::Table(table)) => {
                let mut entries = Map::new();
                flatten(table, "", &mut entries).map_err(invalid)?;
                Ok(Value::Object(entries))
            }
            (Kind::Map, _) => Err(invalid("expected a table".to_owned())),
            (Kind::Choice(_), DeValue::String(text)) => setting.read(text).map_err(invalid),
            (_, value) => json(value).map_err(invalid),
        }
    }
}

/// `linger.ms = 5` in a table of properties is the property `linger.ms` with the text `5`.
fn flatten(table: &DeTable<'_>, prefix: &str, entries: &mut Map<String, Value>) -> Result<(), String> {
    for (key, value) in table {
        let key = format!("{prefix}{}", key.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) => flatten(inner, &format!("{key}."), entries)?,
            value => {
                let text = match json(value)? {
                    Value::String(text) => text,
                    Value::Array(_) => return Err(format!("`{key}` holds a list")),
                    other => other.to_string(),
                };
                entries.insert(key, Value::String(text));
            }
        }
    }
    Ok(())
}

fn json(value: &DeValue<'_>) -> Result<Value, String> {
    Ok(match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Boolean(value) => Value::from(*value),
        DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix())
            .map(Value::from)
            .map_err(|_| "number out of range".to_owned())?,
        DeValue::Float(digits) => digits
            .as_str()
            .parse()
            .ok()
            .and_then(serde_json::Number::from_f64)
            .map(Value::Number)
            .ok_or_else(|| "number out of range".to_owned())?,
        DeValue::Datetime(moment) => Value::from(moment.to_string()),
        DeValue::Array(values) => {
            Value::Array(values.iter().map(|v| json(v.get_ref())).collect::<Result<_, _>>()?)
        }
        DeValue::Table(_) => return Err("expected a value, found a table".to_owned()),
    })
}

fn line_at(text: &str, byte: usize) -> usize {
    1 + text.as_bytes().iter().take(byte).filter(|b| **b == b'\n').count()
}
