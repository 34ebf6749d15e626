//! `actors.toml`: armed groups, authorities and forces, agencies and media.

use serde::Deserialize;
use siaga_schemas::Country;
use toml::Spanned;

use super::{Form, Position};

/// File of actors.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActorsFile {
    /// Armed groups.
    #[serde(default)]
    pub group: Vec<Spanned<Group>>,
    /// Authorities and forces.
    #[serde(default)]
    pub body: Vec<Spanned<Body>>,
    /// Agencies and media.
    #[serde(default)]
    pub medium: Vec<Spanned<Medium>>,
}

/// An armed group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its usual English name.
    pub name: String,
    /// Where it is at home.
    #[serde(default)]
    pub home: Vec<Country>,
    /// All its names and abbreviations.
    pub forms: Vec<Form>,
    /// Where the entry stands.
    #[serde(skip)]
    pub position: Position,
}

/// An authority or a force: *militer*, *coast guard*, *governor*.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its country, where the name alone tells (TNI, IDF, Pentagon).
    #[serde(default)]
    pub country: Option<Country>,
    /// Its name where it has no country (IAEA, UNIFIL).
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it bears arms: then it can be actor and target, not only speaker.
    #[serde(default)]
    pub force: bool,
    /// Its forms.
    pub forms: Vec<Form>,
    /// Where the entry stands.
    #[serde(skip)]
    pub position: Position,
}

/// An agency or medium.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Medium {
    /// Its usual name.
    pub name: String,
    /// Whether it is a news agency, whose copies are not independent.
    #[serde(default)]
    pub agency: bool,
    /// The state whose voice it is (KCNA, TASS), where it speaks for one.
    #[serde(default)]
    pub state_voice: Option<Country>,
    /// Its forms.
    pub forms: Vec<Form>,
    /// Where the entry stands.
    #[serde(skip)]
    pub position: Position,
}
