//! Mistakes in `page.toml`, told with file, line and entry.

/// A mistake in a file of page knowledge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file is not TOML, or not of the form of `page.toml`.
    #[error("{path}:{line}: {reason}")]
    Syntax {
        /// Path inside the lexicon folder.
        path: String,
        /// First line is 1.
        line: usize,
        /// What the reader says.
        reason: String,
    },
    /// An entry that cannot be used.
    #[error("{path}:{line}: `{entry}`: {reason}")]
    Entry {
        /// Path inside the lexicon folder.
        path: String,
        /// First line is 1.
        line: usize,
        /// The entry as written.
        entry: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// A file that is being read, for its errors.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
}

impl Source<'_> {
    pub(super) fn syntax(self, error: &toml::de::Error) -> Error {
        let at = error.span().map_or(0, |span| span.start);
        Error::Syntax { path: self.path.to_owned(), line: self.line(at), reason: error.message().to_owned() }
    }

    /// The error of an entry that stands at a byte of the file.
    pub(super) fn entry(self, at: usize, entry: impl Into<String>, reason: impl Into<String>) -> Error {
        Error::Entry {
            path: self.path.to_owned(),
            line: self.line(at),
            entry: entry.into(),
            reason: reason.into(),
        }
    }

    fn line(self, at: usize) -> usize {
        1 + self.text.bytes().take(at).filter(|b| *b == b'\n').count()
    }
}
