//! Places: what the tables of `lexicon/places` know, and which place a name in a text is.

mod geography;
mod persons;
mod resolve;
mod table;

use std::collections::BTreeMap;

use siaga_schemas::Country;

use crate::lexicon::{Error, Form, Pattern, SourceFile};

pub use geography::Geography;
pub(crate) use persons::{Prose, drop_persons};
pub(crate) use resolve::{Resolved, resolve};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A country by its name or abbreviation.
    Country,
    /// A people or adjective.
    Demonym,
    /// A capital, which may stand for the government.
    Capital,
    /// A seat or organ of government: Kremlin, White House.
    Government,
    /// A leader whom only one country has.
    Leader,
    /// A city.
    City,
    /// A province, regency or disputed territory.
    Admin,
    /// A sea, strait, gulf or shoal.
    Water,
    /// A base or launch site.
    Site,
    /// No place, though it holds the name of one.
    None,
}

/// One of the places that a name may be.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// Its country; none for seas that several share.
    pub country: Option<Country>,
    /// What it is.
    pub kind: Kind,
    /// Inhabitants, 0 where not known.
    pub population: u64,
    /// Whether the name alone is not enough.
    pub ambiguous: bool,
    /// Words of the text that make it this one.
    pub context: Vec<String>,
    /// Itself behind what contains it, the same in every language (`UA/07/706483`), where the tables tell.
    pub path: Option<String>,
}

/// One of the places that a name may be, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlaceRef {
    name: u32,
    candidate: usize,
}

/// A name and the places it may be.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// What to look for.
    pub pattern: Pattern,
    /// Whether persons have this name too.
    pub person: bool,
    /// Likeliest first.
    pub candidates: Vec<Candidate>,
}

/// A bloc of states or international body.
#[derive(Clone, Debug)]
pub(crate) struct BlocName {
    /// Short code.
    pub code: String,
    /// Its names in the language.
    pub forms: Vec<Form>,
}

/// The places of one language.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gazetteer {
    names: Vec<Name>,
    /// Numbers of the names that persons have too, by their folded text.
    persons: BTreeMap<String, u32>,
    blocs: Vec<BlocName>,
}

impl Gazetteer {
    /// Reads the place files for a language: `places/generated/<language>.tsv`, `places/<language>.toml`,
    /// `places/waters.tsv`, `places/blocs.toml`. Where a language has several scripts, each with files of its own
    /// (`zh-Hans`, `zh-Hant`), those of all are read. A language without files has no places.
    ///
    /// # Errors
    /// The first mistake, with file and line.
    pub(crate) fn read(files: &[SourceFile], language: &str) -> Result<Self, Error> {
        let names = table::names(files, language)?;
        let persons = (0..).zip(&names).filter(|(_, n)| n.person);
        let persons = persons.map(|(i, n)| (n.pattern.folded.clone(), i)).collect();
        Ok(Self { names, persons, blocs: table::blocs(files, language)? })
    }

    /// All names, in order of their text.
    pub(crate) fn names(&self) -> &[Name] {
        &self.names
    }

    /// Names that a dateline may give, and whether each is a town or region.
    pub(crate) fn printed(&self) -> impl Iterator<Item = (&str, bool)> {
        self.names.iter().filter_map(|name| {
            let kind = name.candidates.iter().map(|c| c.kind).filter(|k| {
                matches!(k, Kind::Country | Kind::Capital | Kind::City | Kind::Admin | Kind::Site)
            });
            let town = kind.map(|k| k != Kind::Country).max()?;
            Some((name.pattern.exact.as_deref().unwrap_or(&name.pattern.folded), town))
        })
    }

    /// A name by its number.
    pub(crate) fn name(&self, index: u32) -> &Name {
        &self.names[index as usize]
    }

    /// The path of a place.
    pub(crate) fn path(&self, place: PlaceRef) -> Option<&str> {
        self.name(place.name).candidates[place.candidate].path.as_deref()
    }

    /// The place that shares a person's name, folded.
    pub(crate) fn person(&self, name: &str) -> Option<u32> {
        self.persons.get(name).copied()
    }

    /// All blocs.
    pub(crate) fn blocs(&self) -> &[BlocName] {
        &self.blocs
    }

    /// A bloc by its number.
    pub(crate) fn bloc(&self, index: u32) -> &BlocName {
        &self.blocs[index as usize]
    }
}
