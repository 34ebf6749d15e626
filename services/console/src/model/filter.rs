//! Which incidents are wanted.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::Deserialize;
use siaga_schemas::{Country, EventType, IncidentState, Moment, Severity};

use super::held::folded;
use super::summary::{Confirmation, Summary};

/// Most words of a search.
const MOST_WORDS: usize = 16;

/// Longest search, in characters.
const LONGEST_SEARCH: usize = 400;

/// Which incidents are wanted: all that are given must hold, of each any of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    types: Vec<EventType>,
    severities: Vec<Severity>,
    countries: Vec<Country>,
    states: Vec<IncidentState>,
    confirmations: Vec<Confirmation>,
    since: Option<Moment>,
    until: Option<Moment>,
    words: Vec<String>,
}

/// A filter as it stands in a query; values of a field are separated by commas.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Query {
    pub(crate) r#type: String,
    pub(crate) severity: String,
    pub(crate) country: String,
    pub(crate) state: String,
    pub(crate) confirmation: String,
    pub(crate) since: String,
    pub(crate) until: String,
    pub(crate) text: String,
    pub(crate) cursor: String,
    pub(crate) limit: Option<usize>,
}

/// A field of a query that holds what it must not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: `{value}` is no {expected}")]
pub struct InvalidFilter {
    /// The field.
    pub field: &'static str,
    /// What it holds, shortened.
    pub value: String,
    /// What it should hold.
    pub expected: &'static str,
}

impl InvalidFilter {
    fn new(field: &'static str, value: &str, expected: &'static str) -> Self {
        Self { field, value: value.chars().take(64).collect(), expected }
    }
}

impl TryFrom<&Query> for Filter {
    type Error = InvalidFilter;

    fn try_from(query: &Query) -> Result<Self, InvalidFilter> {
        Ok(Self {
            types: codes("type", &query.r#type, "event type")?,
            severities: codes("severity", &query.severity, "severity")?,
            countries: codes("country", &query.country, "ISO 3166-1 alpha-2 code")?,
            states: codes("state", &query.state, "state of an incident")?,
            confirmations: codes("confirmation", &query.confirmation, "kind of confirmation")?,
            since: moment("since", &query.since)?,
            until: moment("until", &query.until)?,
            words: words(&query.text),
        })
    }
}

/// Codes are what their types are as JSON texts.
fn codes<T: serde::de::DeserializeOwned>(
    field: &'static str,
    text: &str,
    expected: &'static str,
) -> Result<Vec<T>, InvalidFilter> {
    let code = |text: &str| {
        serde_json::from_value(text.into()).map_err(|_| InvalidFilter::new(field, text, expected))
    };
    text.split(',').map(str::trim).filter(|text| !text.is_empty()).map(code).collect()
}

fn moment(field: &'static str, text: &str) -> Result<Option<Moment>, InvalidFilter> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| InvalidFilter::new(field, text, "RFC 3339 date and time"))
}

fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().take(LONGEST_SEARCH).collect();
    folded(&text).split_whitespace().take(MOST_WORDS).map(str::to_owned).collect()
}

impl Filter {
    pub(super) fn since_millis(&self) -> Option<i64> {
        self.since.map(|moment| moment.timestamp().as_millisecond())
    }

    pub(super) fn until_millis(&self) -> Option<i64> {
        self.until.map(|moment| moment.timestamp().as_millisecond())
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it lets an incident through, its time left aside.
    pub(super) fn admits(&self, summary: &Summary, searched: &str) -> bool {
        fn any<T: PartialEq>(wanted: &[T], value: &T) -> bool {
            wanted.is_empty() || wanted.contains(value)
        }
        any(&self.types, &summary.event_type)
            && any(&self.severities, &summary.severity)
            && any(&self.states, &summary.state)
            && any(&self.confirmations, &summary.confirmation)
            && (self.countries.is_empty() || summary.countries.iter().any(|c| self.countries.contains(c)))
            && self
                .words
                .iter()
                .all(|word| memchr::memmem::find(searched.as_bytes(), word.as_bytes()).is_some())
    }

    /// Whether it lets an incident through.
    pub(super) fn admits_fully(&self, summary: &Summary, searched: &str) -> bool {
        let at = summary.last_report_at.timestamp().as_millisecond();
        self.since_millis().is_none_or(|since| at >= since)
            && self.until_millis().is_none_or(|until| at <= until)
            && self.admits(summary, searched)
    }
}

/// Behind which incident a page begins. As text: milliseconds since 1970, a full stop, the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor<S = String> {
    pub(super) at: i64,
    pub(super) id: S,
}

impl Cursor {
    /// Whether it stands before an incident: later reports come first, then smaller ids.
    pub(super) fn is_before(&self, at: i64, id: &str) -> bool {
        (std::cmp::Reverse(self.at), self.id.as_str()) < (std::cmp::Reverse(at), id)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.id)
    }
}

impl FromStr for Cursor {
    type Err = InvalidFilter;

    fn from_str(text: &str) -> Result<Self, InvalidFilter> {
        let wrong = || InvalidFilter::new("cursor", text, "cursor of this list");
        let (at, id) = text.split_once('.').ok_or_else(wrong)?;
        Ok(Self { at: at.parse().map_err(|_| wrong())?, id: id.to_owned() })
    }
}
