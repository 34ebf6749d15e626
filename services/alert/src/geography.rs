//! UN M49 sub-regions of countries and members of blocs, from the tables that the analysis reads as well.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use siaga_schemas::Country;

const COUNTRIES: &str = include_str!("../../shared/analysis/lexicon/places/countries.tsv");
const BLOCS: &str = include_str!("../../shared/analysis/lexicon/places/blocs.toml");

/// A region or sub-region of UN M49.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Region {
    name: String,
    members: Vec<Country>,
}

static SUB_REGIONS: LazyLock<BTreeMap<Country, String>> = LazyLock::new(|| {
    rows().map(|[country, sub_region, ..]| (country, sub_region)).filter_map(pair).collect()
});

static REGIONS: LazyLock<BTreeMap<String, Region>> = LazyLock::new(|| {
    let mut regions: BTreeMap<String, Region> = BTreeMap::new();
    for [country, sub_region, sub_region_name, region, region_name] in rows() {
        let Ok(country) = country.parse() else { continue };
        for (code, name) in [(sub_region, sub_region_name), (region, region_name)] {
            if !code.is_empty() {
                let entry = regions.entry(code.to_owned()).or_default();
                name.clone_into(&mut entry.name);
                entry.members.push(country);
            }
        }
    }
    regions
});

static MEMBERS: LazyLock<BTreeMap<String, Vec<Country>>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Bloc {
        #[serde(default)]
        members: Vec<Country>,
    }
    let blocs: BTreeMap<String, Bloc> = toml::from_str(BLOCS).unwrap_or_default();
    blocs.into_iter().map(|(code, bloc)| (code, bloc.members)).collect()
});

/// Code of the country, code and name of its sub-region, code and name of its region.
fn rows() -> impl Iterator<Item = [&'static str; 5]> {
    COUNTRIES.lines().skip(1).filter_map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        Some(
            [columns.first()?, columns.get(3)?, columns.get(4)?, columns.get(5)?, columns.get(6)?]
                .map(|c| *c),
        )
    })
}

fn pair((country, region): (&str, &str)) -> Option<(Country, String)> {
    country.parse().ok().filter(|_| !region.is_empty()).map(|country| (country, region.to_owned()))
}

/// The sub-region of a country, three digits.
pub(crate) fn sub_region(country: Country) -> Option<&'static str> {
    SUB_REGIONS.get(&country).map(String::as_str)
}

/// The countries of a region or sub-region, by its code or its English name.
pub(crate) fn region_members(name: &str) -> Option<&'static [Country]> {
    let named = |region: &&Region| region.name.eq_ignore_ascii_case(name);
    REGIONS.get(name).or_else(|| REGIONS.values().find(named)).map(|region| region.members.as_slice())
}

/// The members of a bloc by its code; none where the tables do not list them.
pub(crate) fn bloc_members(code: &str) -> Option<&'static [Country]> {
    MEMBERS.get(code).map(Vec::as_slice).filter(|members| !members.is_empty())
}

/// The blocs whose members are known.
pub(crate) fn blocs() -> impl Iterator<Item = &'static str> {
    MEMBERS.iter().filter(|(_, members)| !members.is_empty()).map(|(code, _)| code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_their_sub_region_and_blocs_their_members() {
        let (korea, indonesia) = (Country::from_code("KP"), Country::from_code("ID"));
        assert_eq!(sub_region(korea), Some("030"));
        assert_eq!(sub_region(indonesia), Some("035"));
        assert!(region_members("030").unwrap().contains(&korea));
        assert_eq!(region_members("south-eastern asia"), region_members("035"));
        assert!(region_members("142").unwrap().contains(&indonesia), "a region takes in its sub-regions");
        assert_eq!(region_members("Atlantis"), None);
        assert!(bloc_members("ASEAN").unwrap().contains(&indonesia));
        assert_eq!(bloc_members("UN"), None, "its members are not listed");
    }
}
