//! How a process ends.

use std::process::ExitCode;

use crate::config;

/// How a process ended, for scripts and supervisors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for is done.
    Done = 0,
    /// It failed.
    Failed = 1,
    /// The command line is wrong, `EX_USAGE`.
    Usage = 64,
    /// The configuration is wrong, `EX_CONFIG`.
    Configuration = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Somebody must change a setting.
    #[error(transparent)]
    Configuration(#[from] config::Error),
    /// It was tried and did not work.
    #[error("{0}")]
    Failed(String),
}

impl Failure {
    /// An error with its causes, in one line.
    pub fn failed(error: &dyn std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let words = error.to_string();
            if !text.contains(&words) {
                text.push_str(": ");
                text.push_str(&words);
            }
            cause = error.source();
        }
        Self::Failed(text)
    }

    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Configuration(_) => Exit::Configuration,
            Self::Failed(_) => Exit::Failed,
        }
    }
}
