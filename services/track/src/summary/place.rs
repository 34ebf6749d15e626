//! Where: as exactly as the best report says.

use siaga_schemas::{Conflict, Country, IncidentLocation, Location, Precision, Quote, Report, Told};

use super::votes::{Value, Voice, values};

/// The place, and the countries that reports differ in.
pub(crate) fn location(voices: &[Voice<'_>]) -> (IncidentLocation, Option<Conflict>) {
    let countries = values(voices, |report| report.event.location.country);
    let country = countries.first().map(|value| value.value);
    let there: Vec<Voice<'_>> = voices
        .iter()
        .filter(|voice| {
            let told = voice.report.event.location.country;
            told.is_none() || told == country
        })
        .copied()
        .collect();
    let exact = there.iter().map(|voice| &voice.report.event.location);
    let exact = exact.filter(|location| location.place.is_some()).map(|l| rank(l.precision)).min();
    let ids = values(&there, |report| at(report, exact)?.place_id.clone());
    let id = ids.first().map(|value| value.value.clone());
    let place = told(&there, |location| {
        let is_meant = id.is_none() || location.place_id == id;
        location.place.as_ref().filter(|_| is_meant && Some(rank(location.precision)) == exact)
    });
    let precision = match (exact, country) {
        (Some(exact), _) => RANKED[exact],
        (None, Some(_)) => Precision::Country,
        (None, None) => Precision::Unknown,
    };
    let location = IncidentLocation {
        country,
        place,
        place_id: id,
        launch_site: told(&there, |location| location.launch_site.as_ref()),
        impact: told(&there, |location| location.impact.as_ref()),
        precision,
    };
    (location, conflict(countries))
}

/// From the most exact on.
const RANKED: [Precision; 5] =
    [Precision::Place, Precision::Region, Precision::Waters, Precision::Country, Precision::Unknown];

fn rank(precision: Precision) -> usize {
    RANKED.iter().position(|ranked| *ranked == precision).unwrap_or(RANKED.len() - 1)
}

fn at(report: &Report, exact: Option<usize>) -> Option<&Location> {
    let location = &report.event.location;
    (Some(rank(location.precision)) == exact).then_some(location)
}

/// The words of most origins, of equals those of the first report.
fn told<'r>(voices: &[Voice<'r>], quote: impl Fn(&'r Location) -> Option<&'r Quote>) -> Option<Told> {
    let words = values(voices, |report| quote(&report.event.location).map(|quote| quote.text.clone()));
    let most = words.first()?.origins.len();
    let first = voices.iter().find_map(|voice| {
        let text = &quote(&voice.report.event.location)?.text;
        words.iter().find(|value| value.value == *text && value.origins.len() == most)
    })?;
    Some(Told { text: first.value.clone(), sources: first.sources.clone() })
}

fn conflict(countries: Vec<Value<Country>>) -> Option<Conflict> {
    (countries.len() > 1).then(|| Conflict {
        slot: "location.country".to_owned(),
        values: countries
            .into_iter()
            .map(|value| Told { text: value.value.to_string(), sources: value.sources })
            .collect(),
    })
}
