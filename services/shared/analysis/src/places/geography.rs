//! UN M49 regions of countries and members of blocs: what `places/countries.tsv` and `places/blocs.toml` know beside
//! names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use siaga_schemas::Country;

use crate::lexicon::{Error, Position, SourceFile};

/// Which countries lie in which region, and which are members of which bloc.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Geography {
    sub_regions: BTreeMap<Country, String>,
    /// Regions and sub-regions by their code.
    regions: BTreeMap<String, Region>,
    /// Members by the bloc's code; blocs whose members are not listed are left out.
    blocs: BTreeMap<String, Vec<Country>>,
}

/// A region or sub-region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Region {
    name: String,
    members: Vec<Country>,
}

static BUILT_IN: LazyLock<Geography> = LazyLock::new(|| {
    // A test reads the files that are built in.
    Geography::read(&crate::built_in_files()).unwrap_or_default()
});

impl Geography {
    /// What the files that are built in say.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads `places/countries.tsv` and `places/blocs.toml`; a file that is not there says nothing.
    ///
    /// # Errors
    /// The first mistake, with file and line.
    pub fn read(files: &[SourceFile]) -> Result<Self, Error> {
        let mut geography = Self::default();
        let file = |path| files.iter().find(|file| file.path == path);
        if let Some(file) = file("places/countries.tsv") {
            geography.read_countries(file)?;
        }
        if let Some(file) = file("places/blocs.toml") {
            geography.read_blocs(file)?;
        }
        Ok(geography)
    }

    fn read_countries(&mut self, file: &SourceFile) -> Result<(), Error> {
        for (number, line) in (1..).zip(file.text.lines()).skip(1) {
            let fields: Vec<&str> = line.split('\t').collect();
            let &[code, _, _, sub_region, sub_name, region, name, ..] = fields.as_slice() else { continue };
            let country: Country = code.parse().map_err(|error| Error::Syntax {
                at: Position { file: file.path.clone(), line: number },
                reason: format!("{error}"),
            })?;
            for (code, name) in [(sub_region, sub_name), (region, name)] {
                if !code.is_empty() {
                    let region = self.regions.entry(code.to_owned()).or_default();
                    name.clone_into(&mut region.name);
                    region.members.push(country);
                }
            }
            if !sub_region.is_empty() {
                self.sub_regions.insert(country, sub_region.to_owned());
            }
        }
        Ok(())
    }

    fn read_blocs(&mut self, file: &SourceFile) -> Result<(), Error> {
        #[derive(Deserialize)]
        struct Bloc {
            #[serde(default)]
            members: Vec<Country>,
        }
        let read: BTreeMap<String, Bloc> =
            toml::from_str(&file.text).map_err(|error| Error::toml(file, &error))?;
        let listed = read.into_iter().filter(|(_, bloc)| !bloc.members.is_empty());
        self.blocs = listed.map(|(code, bloc)| (code, bloc.members)).collect();
        Ok(())
    }

    /// The sub-region of a country, three digits; none for a country that lies in none.
    pub fn sub_region(&self, country: Country) -> Option<&str> {
        self.sub_regions.get(&country).map(String::as_str)
    }

    /// The countries of a region or sub-region, by its code or its English name.
    pub fn region_members(&self, name: &str) -> Option<&[Country]> {
        let named = |region: &&Region| region.name.eq_ignore_ascii_case(name);
        let found = self.regions.get(name).or_else(|| self.regions.values().find(named));
        found.map(|region| region.members.as_slice())
    }

    /// The members of a bloc by its code; none where the tables do not list them.
    pub fn bloc_members(&self, code: &str) -> Option<&[Country]> {
        self.blocs.get(code).map(Vec::as_slice)
    }

    /// Codes of the blocs whose members are listed.
    pub fn blocs(&self) -> impl Iterator<Item = &str> {
        self.blocs.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_their_sub_region_and_blocs_their_members() {
        let geography = Geography::read(&crate::built_in_files()).unwrap();
        assert_eq!(&geography, Geography::built_in());
        let (korea, indonesia) = (Country::from_code("KP"), Country::from_code("ID"));
        assert_eq!(geography.sub_region(korea), Some("030"));
        assert_eq!(geography.sub_region(indonesia), Some("035"));
        assert!(geography.region_members("030").unwrap().contains(&korea));
        assert_eq!(geography.region_members("south-eastern asia"), geography.region_members("035"));
        let asia = geography.region_members("142").unwrap();
        assert!(asia.contains(&indonesia), "a region takes in its sub-regions");
        assert_eq!(geography.region_members("Atlantis"), None);
        assert!(geography.bloc_members("ASEAN").unwrap().contains(&indonesia));
        assert_eq!(geography.bloc_members("UN"), None, "its members are not listed");
    }

    #[test]
    fn a_broken_line_is_named() {
        let line = "code\ta\tb\tc\td\te\tf\nnowhere\t\t\t039\tSouth\t150\tEurope\n";
        let file = SourceFile { path: "places/countries.tsv".to_owned(), text: line.to_owned() };
        let error = Geography::read(&[file]).unwrap_err().to_string();
        assert!(error.starts_with("places/countries.tsv:2: "), "{error}");
    }
}
