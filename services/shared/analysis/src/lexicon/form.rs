//! A written form of a word or phrase.

use serde::{Deserialize, Deserializer};

use crate::text::fold;

/// A form as a linguist writes it.
///
/// * `rudal balistik`: these words, in any case.
/// * `AS`: capitals only, so exactly so.
/// * `=Turkey`: exactly so.
/// * `teror*`: any ending of the last word. `*balistik`: any beginning of the first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Form(String);

/// A form taken apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern {
    /// The text to look for, folded.
    pub folded: String,
    /// The text as written, where only that will do.
    pub exact: Option<String>,
    /// Whether it must begin with a capital where the text has capitals (names of towns and people).
    pub capital: bool,
    /// Whether a word may go on after it.
    pub open_end: bool,
    /// Whether a word may begin before it.
    pub open_start: bool,
}

/// A form that cannot be looked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Nothing is left without the signs.
    #[error("form is empty")]
    Empty,
    /// Blank at an end, or two in a row.
    #[error("form `{0}` has a blank too many")]
    Blank(String),
    /// A `*` inside.
    #[error("form `{0}` has a `*` in the middle")]
    Star(String),
}

impl Form {
    /// The form as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes a form apart.
    ///
    /// # Errors
    /// Where it is empty, has blanks at its ends or a `*` inside.
    pub fn new(text: &str) -> Result<Self, FormError> {
        let inner = text.trim_start_matches(['=', '*']).trim_end_matches('*');
        if inner.is_empty() {
            return Err(FormError::Empty);
        }
        if inner.trim() != inner || inner.contains("  ") {
            return Err(FormError::Blank(text.to_owned()));
        }
        if inner.contains('*') {
            return Err(FormError::Star(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// What to look for.
    pub fn pattern(&self) -> Pattern {
        let (text, forced) = self.0.strip_prefix('=').map_or((self.0.as_str(), false), |t| (t, true));
        let (text, open_start) = text.strip_prefix('*').map_or((text, false), |t| (t, true));
        let (text, open_end) = text.strip_suffix('*').map_or((text, false), |t| (t, true));
        let letters = || text.chars().filter(|c| c.is_alphabetic());
        let capitals = letters().next().is_some() && letters().all(char::is_uppercase);
        let exact = (forced || capitals).then(|| text.to_owned());
        Pattern { folded: fold::fold(text).text().to_owned(), exact, capital: false, open_end, open_start }
    }
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}
