//! Mistakes in lexicon files, told with file and line.

use std::fmt;

use toml::Spanned;

use super::SourceFile;

/// File and line of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Path inside the lexicon folder.
    pub file: String,
    /// First line is 1.
    pub line: usize,
}

impl Position {
    /// The position of a byte of a file.
    pub fn at(file: &SourceFile, byte: usize) -> Self {
        let line = 1 + file.text.bytes().take(byte).filter(|b| *b == b'\n').count();
        Self { file: file.path.clone(), line }
    }

    /// The line of a table's header, the file's first where it has none.
    pub(crate) fn of_section(file: &SourceFile, section: &str) -> Self {
        let header =
            file.text.lines().position(|l| l.strip_prefix('[').is_some_and(|l| l.starts_with(section)));
        Self { file: file.path.clone(), line: 1 + header.unwrap_or(0) }
    }

    /// Takes entries out of their spans and notes in each where it stands.
    pub(super) fn fill<T>(
        entries: Vec<Spanned<T>>,
        file: &SourceFile,
        slot: impl Fn(&mut T) -> &mut Position,
    ) -> impl Iterator<Item = T> {
        entries.into_iter().map(move |entry| {
            let at = Self::at(file, entry.span().start);
            let mut value = entry.into_inner();
            *slot(&mut value) = at;
            value
        })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A mistake in the lexicon.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not TOML, or not of the form that its name promises.
    #[error("{at}: {reason}")]
    Syntax {
        /// Where.
        at: Position,
        /// What the reader says.
        reason: String,
    },
    /// An entry that contradicts another one or asks for what is not there.
    #[error("{at}: entry `{entry}`: {reason}")]
    Entry {
        /// Where.
        at: Position,
        /// Its name or first form.
        entry: String,
        /// What is wrong.
        reason: String,
    },
    /// A mistake in a `page.toml`.
    #[error(transparent)]
    Page(#[from] crate::page::Error),
    /// A model that is built in is broken.
    #[error(transparent)]
    Model(#[from] crate::linear::ModelError),
    /// A file of a name that says nothing.
    #[error("{file}: no lexicon file has this name")]
    UnknownFile {
        /// Its path.
        file: String,
    },
    /// The patterns of a language do not fit into one automaton.
    #[error("language `{language}`: {reason}")]
    Build {
        /// Which.
        language: String,
        /// What the automaton says.
        reason: String,
    },
}

impl Error {
    pub(crate) fn toml(file: &SourceFile, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        Self::Syntax { at: Position::at(file, start), reason: error.message().to_owned() }
    }
}
