//! Layers laid over each other: defaults, file, environment, flags; the later one wins.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::error::{Error, Origin, nearest};
use super::setting::{Kind, Setting};

/// Names the file in the environment, as `--config` does on the command line.
pub const CONFIG_VARIABLE: &str = "SIAGA_CONFIG";

/// Where settings are taken from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The TOML file; none where none was named.
    pub file: Option<PathBuf>,
    /// Variables of the environment; only those that begin with `SIAGA_` are looked at.
    pub variables: Vec<(String, String)>,
    /// Flags without dashes in front, each with its text.
    pub flags: Vec<(String, String)>,
}

/// One setting with a value and where it was set.
#[derive(Debug)]
pub(crate) struct Assignment {
    pub setting: Setting,
    pub value: Value,
    pub origin: Origin,
}

/// All layers in one.
#[derive(Debug)]
pub(crate) struct Merged {
    pub values: Value,
    origins: BTreeMap<String, Origin>,
}

impl Merged {
    pub(crate) fn new(defaults: Value) -> Self {
        Self { values: defaults, origins: BTreeMap::new() }
    }

    /// Lays one value over what is there; entries of a map are laid over each other one by one.
    pub(crate) fn lay(&mut self, assignment: Assignment) {
        let Assignment { setting, value, origin } = assignment;
        let mut place = &mut self.values;
        for name in &setting.path {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place = &mut place[name.as_str()];
        }
        match (place, value) {
            (Value::Object(old), Value::Object(new)) if setting.kind == Kind::Map => {
                for (key, value) in new {
                    self.origins.insert(format!("{}.{key}", setting.key()), origin.clone());
                    old.insert(key, value);
                }
            }
            (place, value) => *place = value,
        }
        self.origins.insert(setting.key(), origin);
    }

    /// Where the value at `path` was set: the origin of the longest known beginning of it.
    pub(crate) fn origin(&self, path: &str) -> Origin {
        let mut path = path;
        loop {
            if let Some(origin) = self.origins.get(path) {
                return origin.clone();
            }
            let Some(end) = path.rfind(['.', '[']) else { return Origin::Default };
            path = &path[..end];
        }
    }
}

/// The layer of the environment. Variables that begin with `SIAGA_` and are no setting are refused, but for those that
/// Kubernetes sets for the services of a namespace.
pub(crate) fn variables(sources: &Sources, settings: &[Setting]) -> Result<Vec<Assignment>, Error> {
    let mut found = Vec::new();
    for (name, text) in sources.variables.iter().filter(|(name, _)| name.starts_with("SIAGA_")) {
        if name == CONFIG_VARIABLE {
            continue;
        }
        let origin = Origin::Variable(name.clone());
        match settings.iter().find(|s| s.variable() == *name) {
            Some(setting) => found.push(assign(setting, text, origin)?),
            None if is_service_link(name, text) => {}
            None => {
                let near = nearest(name, settings.iter().map(Setting::variable));
                return Err(Error::Unknown { origin, key: name.clone(), near });
            }
        }
    }
    Ok(found)
}

/// The layer of the command line.
pub(crate) fn flags(sources: &Sources, settings: &[Setting]) -> Result<Vec<Assignment>, Error> {
    let mut found = Vec::new();
    for (name, text) in &sources.flags {
        let origin = Origin::Flag(name.clone());
        match settings.iter().find(|s| s.flag() == *name) {
            Some(setting) => found.push(assign(setting, text, origin)?),
            None => {
                let near = nearest(name, settings.iter().map(Setting::flag));
                return Err(Error::Unknown { origin, key: name.clone(), near });
            }
        }
    }
    Ok(found)
}

fn assign(setting: &Setting, text: &str, origin: Origin) -> Result<Assignment, Error> {
    match setting.read(text) {
        Ok(value) => Ok(Assignment { setting: setting.clone(), value, origin }),
        Err(reason) => Err(Error::Invalid { origin, setting: setting.key(), reason }),
    }
}

/// Kubernetes tells a pod of a service called `siaga-x` by `SIAGA_X_SERVICE_HOST`, `SIAGA_X_PORT=tcp://...` and so on.
fn is_service_link(name: &str, text: &str) -> bool {
    let speaks_of_a_port = ["tcp://", "udp://", "sctp://"].iter().any(|scheme| text.starts_with(scheme));
    let parts = ["_TCP", "_UDP", "_SCTP"].map(|protocol| name.rsplit_once(protocol));
    let is_part_of_a_port = parts.into_iter().flatten().any(|(before, after)| {
        matches!(after, "" | "_PROTO" | "_PORT" | "_ADDR")
            && before
                .rsplit_once("_PORT_")
                .is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
    });
    name.ends_with("_SERVICE_HOST")
        || name.ends_with("_SERVICE_PORT")
        || name.contains("_SERVICE_PORT_")
        || (name.ends_with("_PORT") && speaks_of_a_port)
        || is_part_of_a_port
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_kubernetes_says_of_services_is_no_setting() {
        for (name, text) in [
            ("SIAGA_INGEST_SERVICE_HOST", "10.0.0.1"),
            ("SIAGA_INGEST_SERVICE_PORT", "8080"),
            ("SIAGA_INGEST_SERVICE_PORT_HTTP", "8080"),
            ("SIAGA_INGEST_PORT", "tcp://10.0.0.1:8080"),
            ("SIAGA_INGEST_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
            ("SIAGA_INGEST_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ] {
            assert!(is_service_link(name, text), "{name}");
        }
        for (name, text) in [("SIAGA_INGEST_PORT", "8080"), ("SIAGA_KAFKA_TCP", "x"), ("SIAGA_X", "tcp://")] {
            assert!(!is_service_link(name, text), "{name}");
        }
    }
}
