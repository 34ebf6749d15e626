//! What is wrong with a configuration, and where.

use std::fmt;
use std::path::PathBuf;

/// The layer that a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A line of the file.
    File {
        /// The file as it was named.
        path: PathBuf,
        /// From 1.
        line: usize,
    },
    /// A variable of the environment.
    Variable(String),
    /// A flag of the command line.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// Why there is no configuration. Exit code 78: somebody must change a setting.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not there or cannot be read.
    #[error("configuration file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file as it was named.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{}:{line}: not TOML: {reason}", path.display())]
    NotToml {
        /// The file as it was named.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What the parser met.
        reason: String,
    },
    /// There is no such setting.
    #[error("{origin}: there is no setting `{key}`{}", hint(near.as_deref()))]
    Unknown {
        /// Where it was set.
        origin: Origin,
        /// As it was written.
        key: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// A setting holds what it must not.
    #[error("{origin}: setting `{setting}`: {reason}")]
    Invalid {
        /// Where it was set.
        origin: Origin,
        /// The setting's key in a file.
        setting: String,
        /// What is wrong.
        reason: String,
    },
}

fn hint(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; is `{near}` meant?"))
}

/// The candidate that differs from `key` by few letters.
pub(crate) fn nearest(key: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    let bound = 1 + key.len() / 5;
    candidates
        .map(|candidate| (distance(key, &candidate), candidate))
        .filter(|(distance, _)| *distance <= bound)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, delete or replace.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_what_was_meant() {
        let keys = || ["kafka.brokers", "log.level"].map(str::to_owned).into_iter();
        assert_eq!(nearest("kafka.broker", keys()).as_deref(), Some("kafka.brokers"));
        assert_eq!(nearest("kakfa.brokers", keys()).as_deref(), Some("kafka.brokers"));
        assert_eq!(nearest("colour", keys()), None);
    }
}
