//! `events.toml`: words that tell of events, and what they mean beside which others.

use serde::Deserialize;
use siaga_schemas::{EventType, Status, WeaponClass};
use toml::Spanned;

use super::{Form, Position};

/// File of triggers.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsFile {
    /// The entries.
    #[serde(default)]
    pub trigger: Vec<Spanned<Trigger>>,
}

/// How a form of a trigger stands to doer and object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// *menembakkan*, *fires*: the doer is the subject.
    Active,
    /// *ditembakkan*, *was fired*: the doer, if any, is marked.
    Passive,
    /// *fired*: active or passive, as the words around it tell.
    Either,
    /// *penembakan*, *launch*.
    Noun,
    /// *обстрел*, *تزويد*: what follows bare is the object.
    VerbalNoun,
    /// *griff*: active where its particle follows.
    Separated,
}

/// A word family that tells of events.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Shown in explanations.
    pub name: String,
    /// Forms whose subject is the doer.
    #[serde(default)]
    pub active: Vec<Form>,
    /// Forms whose subject is the object.
    #[serde(default)]
    pub passive: Vec<Form>,
    /// Forms that can be both (*fired*).
    #[serde(default)]
    pub either: Vec<Form>,
    /// Nouns.
    #[serde(default)]
    pub noun: Vec<Form>,
    /// Nouns behind which the object stands bare, in the genitive (*обстрел Киева*, *تزويد أوكرانيا*).
    #[serde(default)]
    pub verbal_noun: Vec<Form>,
    /// Active forms that are this verb only with one of `particles` at the end of their clause (*griff … an*).
    #[serde(default)]
    pub separated: Vec<Form>,
    /// What `separated` forms are parted from.
    #[serde(default)]
    pub particles: Vec<String>,
    /// Whether the verb has no object: then what stands before the active verb may be the thing, not the doer
    /// (*the bomb exploded*, *bom meledak*).
    #[serde(default)]
    pub intransitive: bool,
    /// Whether many kinds of attack go by these words (*attack*, *blast*): then they mean the one already told, if
    /// nothing speaks against it.
    #[serde(default)]
    pub generic: bool,
    /// Meanings; the first whose conditions hold is taken, none means that it tells of no event.
    #[serde(rename = "sense")]
    pub senses: Vec<Sense>,
    /// Where the entry stands.
    #[serde(skip)]
    pub position: Position,
}

/// A meaning of a trigger and what must stand beside it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sense {
    /// The event.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// One of these kinds must stand in the clause, elsewhere than as the doer.
    #[serde(default)]
    pub object: Vec<String>,
    /// One of these kinds must be the doer.
    #[serde(default)]
    pub agent: Vec<String>,
    /// One of these kinds must stand in the sentence.
    #[serde(default)]
    pub near: Vec<String>,
    /// One of these kinds must stand somewhere in the article.
    #[serde(default)]
    pub article: Vec<String>,
    /// None of these kinds may stand in the sentence.
    #[serde(default)]
    pub without: Vec<String>,
    /// Whether something must be hit: a place, party or thing after *at*, *against*, *into*, or as the object.
    #[serde(default)]
    pub target: bool,
    /// Whether the doer of the event is the object of the verb: who *intercepts* is the one intruded upon.
    #[serde(default)]
    pub doer: Doer,
    /// Class of the weapon where none is named.
    #[serde(default)]
    pub weapon: Option<WeaponClass>,
    /// Status that the word itself gives (*mobilise for*: planned).
    #[serde(default)]
    pub status: Option<Status>,
    /// How sure the word alone makes, 0 to 1.
    #[serde(default = "sure")]
    pub confidence: f32,
}

/// Which part of a clause does what the event is named for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Doer {
    /// *Russia violated*.
    #[default]
    Subject,
    /// *Taiwan detected Chinese aircraft*.
    Object,
    /// *Indonesia bought jets from France*: who stands behind *from* gives, the subject receives.
    Origin,
}

fn sure() -> f32 {
    0.8
}
