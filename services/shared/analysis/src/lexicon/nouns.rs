//! `nouns.toml` and `weapons.toml`: things that events are about.

use serde::Deserialize;
use siaga_schemas::{Country, WeaponClass};
use toml::Spanned;

use super::{Form, Position};

/// Kinds that come from elsewhere than nouns: parties, and what a place or a number is.
pub(super) const BUILT_IN_KINDS: [&str; 8] =
    ["state", "group", "body", "force", "place", "water", "killed", "injured"];

/// File of nouns.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NounsFile {
    /// The entries.
    #[serde(default)]
    pub noun: Vec<Spanned<Noun>>,
}

/// A thing, or several words for one kind of thing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noun {
    /// What senses ask for: `missile`, `vessel`, `civilian`, ...
    pub kind: String,
    /// Class, where it is a weapon.
    #[serde(default)]
    pub weapon: Option<WeaponClass>,
    /// The usual name, where the forms are a proper name (Hwasong-18).
    #[serde(default)]
    pub name: Option<String>,
    /// Whose weapon it is, where only one state has it.
    #[serde(default)]
    pub owner: Option<Country>,
    /// Its forms, every inflection.
    pub forms: Vec<Form>,
    /// Where the entry stands.
    #[serde(skip)]
    pub position: Position,
}
