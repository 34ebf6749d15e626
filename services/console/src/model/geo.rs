//! What a map may draw of an incident: never more exactly than its reports say.
//!
//! Records name places and do not measure them. So a country is drawn as a country, a sea as a circle around it, and
//! a flight as an arc from the one to the other; there are no points.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use siaga_schemas::{Country, Incident, IncidentLocation, Told};

use super::held::folded;
use super::summary::Summary;

/// What a map may draw.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trace {
    /// The sea or strait that the place or the impact names.
    pub waters: Option<Area>,
    /// The country from which something flew; given where a launch site is named.
    pub launched_from: Option<Country>,
    /// The country in which it came down, where no sea is named.
    pub landed_in: Option<Country>,
}

/// A circle around a sea or strait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Area {
    /// Its English name.
    pub name: String,
    /// Degrees east of the middle.
    pub longitude: f64,
    /// Degrees north of the middle.
    pub latitude: f64,
    /// How far it reaches.
    pub radius_km: f64,
}

/// Seas and straits, with their names in the languages of the news.
static WATERS: LazyLock<Vec<Waters>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        waters: Vec<Waters>,
    }
    // The file is part of the program, and a test reads it.
    toml::from_str::<File>(include_str!("waters.toml")).map(|file| file.waters).unwrap_or_default()
});

#[derive(Debug, Deserialize)]
struct Waters {
    #[serde(flatten)]
    area: Area,
    /// Other names, folded when compared.
    names: Vec<String>,
}

/// The sea that words name.
fn waters(words: &str) -> Option<Area> {
    let words = folded(words);
    let named = |waters: &&Waters| {
        std::iter::once(&waters.area.name).chain(&waters.names).any(|name| words.contains(&folded(name)))
    };
    WATERS.iter().find(named).map(|waters| waters.area.clone())
}

/// What a map may draw of an incident.
pub(super) fn trace(incident: &Incident) -> Trace {
    let location = &incident.location;
    let told = |told: &Option<Told>| told.as_ref().and_then(|told| waters(&told.text));
    let waters = told(&location.impact).or_else(|| told(&location.place));
    let only = |parties: &[siaga_schemas::IncidentParty]| {
        let mut countries = parties.iter().filter_map(|party| party.country);
        countries.next().filter(|first| countries.all(|other| other == *first))
    };
    let launched_from =
        location.launch_site.as_ref().and_then(|_| only(&incident.actors).or(location.country));
    let landed_in =
        (location.impact.is_some() && waters.is_none()).then(|| only(&incident.targets)).flatten();
    Trace { waters, launched_from, landed_in: landed_in.filter(|country| Some(*country) != launched_from) }
}

/// Corners of the polygon that stands for a circle.
const CORNERS: u32 = 48;

const EARTH_KM: f64 = 6371.0;

/// The circle as a ring of GeoJSON positions, counter-clockwise.
fn ring(area: &Area) -> Vec<[f64; 2]> {
    let (latitude, reach) = (area.latitude.to_radians(), area.radius_km / EARTH_KM);
    let corner = |index: u32| {
        let bearing = -f64::from(index % CORNERS) / f64::from(CORNERS) * std::f64::consts::TAU;
        let north = (latitude.sin() * reach.cos() + latitude.cos() * reach.sin() * bearing.cos()).asin();
        let east =
            (bearing.sin() * reach.sin() * latitude.cos()).atan2(reach.cos() - latitude.sin() * north.sin());
        let round = |degrees: f64| (degrees * 1000.0).round() / 1000.0;
        [round(area.longitude + east.to_degrees()), round(north.to_degrees())]
    };
    (0..=CORNERS).map(corner).collect()
}

/// A GeoJSON Feature (RFC 7946); its geometry is null where only a country, or nothing, is known.
pub(crate) fn feature(summary: &Summary) -> Value {
    let geometry =
        summary.trace.waters.as_ref().map(|area| json!({"type": "Polygon", "coordinates": [ring(area)]}));
    json!({"type": "Feature", "id": summary.incident_id, "geometry": geometry, "properties": summary})
}

/// The same with the words in which the reports tell the place.
pub(crate) fn detailed_feature(summary: &Summary, location: &IncidentLocation) -> Value {
    let mut feature = feature(summary);
    feature["properties"]["location"] = json!(location);
    feature
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sea_is_found_by_each_of_its_names() {
        assert!(WATERS.len() > 20);
        for waters_ in WATERS.iter() {
            for name in &waters_.names {
                assert_eq!(waters(name).map(|area| area.name), Some(waters_.area.name.clone()), "{name}");
            }
        }
        assert_eq!(waters("di perairan Laut Jepang, dekat pantai").unwrap().name, "Sea of Japan");
        assert!(waters("Jakarta").is_none());
    }

    #[test]
    fn a_circle_is_a_closed_ring_around_its_middle() {
        let area = Area { name: "x".to_owned(), longitude: 10.0, latitude: 0.0, radius_km: 111.2 };
        let ring = ring(&area);
        assert_eq!(ring.first(), ring.last());
        assert!(ring.iter().all(|[east, north]| ((east - 10.0).hypot(*north) - 1.0).abs() < 0.01));
        // Counter-clockwise: the signed area is positive.
        let turn: f64 = ring.windows(2).map(|w| w[0][0] * w[1][1] - w[1][0] * w[0][1]).sum();
        assert!(turn > 0.0);
    }
}
