//! The configuration that a process runs with, for people.

use std::fmt;

use serde_json::Value;

use super::error::Origin;
use super::layers::Merged;
use super::setting::{Kind, Setting, names_a_secret};

/// Every setting with its value and where it was set, secrets hidden. Displayed, it is a TOML file again.
#[derive(Debug)]
pub struct Effective {
    entries: Vec<Entry>,
    merged: Hidden<Merged>,
}

#[derive(Debug)]
struct Entry {
    key: String,
    shown: Shown,
    origin: Origin,
}

#[derive(Debug)]
enum Shown {
    Value(Value),
    Hidden,
    Unset,
}

/// Holds values that `Debug` must not print.
struct Hidden<T>(T);

impl<T> fmt::Debug for Hidden<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("...")
    }
}

impl Effective {
    pub(crate) fn new(merged: Merged, settings: Vec<Setting>) -> Self {
        let entries = settings.iter().flat_map(|setting| entries(setting, &merged)).collect();
        Self { entries, merged: Hidden(merged) }
    }

    /// Where the value of a setting came from.
    pub fn origin(&self, key: &str) -> Origin {
        self.merged.0.origin(key)
    }

    /// The settings that somebody set, each as `key = value (origin)`.
    pub fn set(&self) -> Vec<String> {
        let set = self.entries.iter().filter(|entry| entry.origin != Origin::Default);
        set.map(|entry| match &entry.shown {
            Shown::Value(value) => format!("{} = {value} ({})", entry.key, entry.origin),
            Shown::Hidden => format!("{} = (hidden) ({})", entry.key, entry.origin),
            Shown::Unset => format!("{} unset ({})", entry.key, entry.origin),
        })
        .collect()
    }
}

fn entries(setting: &Setting, merged: &Merged) -> Vec<Entry> {
    let key = setting.key();
    let value = setting.path.iter().try_fold(&merged.values, |value, name| value.get(name));
    let entry = |key: String, value: &Value, secret: bool| {
        let shown = match value {
            Value::Null => Shown::Unset,
            _ if secret => Shown::Hidden,
            value => Shown::Value(value.clone()),
        };
        Entry { origin: merged.origin(&key), shown, key }
    };
    match value {
        Some(Value::Object(map)) if setting.kind == Kind::Map => map
            .iter()
            .map(|(name, value)| Entry {
                key: format!("{key}.{}", quoted_name(name)),
                ..entry(
                    format!("{key}.{name}"),
                    value,
                    setting.secret || names_a_secret(&format!("{key}.{name}")),
                )
            })
            .collect(),
        value => vec![entry(key, value.unwrap_or(&Value::Null), setting.secret)],
    }
}

fn quoted_name(name: &str) -> String {
    Value::from(name).to_string()
}

impl fmt::Display for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Entry { key, shown, origin } in &self.entries {
            match shown {
                // JSON's texts, numbers and lists are TOML's too; maps are taken apart above.
                Shown::Value(value) => writeln!(f, "{key} = {value}  # {origin}")?,
                Shown::Hidden => writeln!(f, "# {key} = (hidden)  # {origin}")?,
                Shown::Unset => writeln!(f, "# {key} = (not set)")?,
            }
        }
        Ok(())
    }
}
