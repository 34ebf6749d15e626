//! Who did it, who was hit, who speaks for it.

use siaga_schemas::{Authority, Country, IncidentAuthority, IncidentParty, Party, Report};

use super::votes::{Voice, values_of};

/// States, groups and names, those of most origins first.
pub(crate) fn parties(voices: &[Voice<'_>], slot: impl Fn(&Report) -> &[Party]) -> Vec<IncidentParty> {
    let told = voices.iter().flat_map(|voice| {
        slot(voice.report).iter().filter(|party| is_named(party)).map(move |party| {
            // A name beside a country or group says no more than they do.
            let name = party.name.clone().filter(|_| party.country.is_none() && party.group.is_none());
            ((party.country, party.group.clone(), name), voice)
        })
    });
    let party = |((country, group, name), sources)| IncidentParty { country, group, name, sources };
    values_of(told).into_iter().map(|value| party((value.value, value.sources))).collect()
}

fn is_named(party: &Party) -> bool {
    party.country.is_some() || party.group.is_some() || party.name.is_some()
}

/// Who speaks: one entry a country, in the words of the first report, since each language calls a body otherwise and a
/// second name is no second authority; bodies without a country by name.
pub(crate) fn authorities(
    voices: &[Voice<'_>],
    slot: impl Fn(&Report) -> &[Authority],
) -> Vec<IncidentAuthority> {
    type Who = Result<Country, String>;
    let who =
        |authority: &Authority| -> Who { authority.country.ok_or_else(|| authority.body.to_lowercase()) };
    let told = voices
        .iter()
        .flat_map(|voice| slot(voice.report).iter().map(move |authority| (who(authority), voice)));
    let mut entries: Vec<IncidentAuthority> = Vec::new();
    for value in values_of(told) {
        let mut all = voices.iter().flat_map(|voice| slot(voice.report));
        let Some(first) = all.find(|authority| who(authority) == value.value) else { continue };
        entries.push(IncidentAuthority {
            country: first.country,
            body: first.body.clone(),
            sources: value.sources,
        });
    }
    entries
}
