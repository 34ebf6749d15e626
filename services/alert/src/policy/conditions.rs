//! What it takes for a policy to be met. A slot that an incident leaves open meets no condition on it.

use siaga_schemas::{Country, EventType, Incident, IncidentNumber, IncidentParty, Severity, WeaponClass};

use super::file::Role;

/// Conditions of a policy; all that are set must hold.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    pub(super) types: Option<Vec<EventType>>,
    pub(super) min_severity: Option<Severity>,
    pub(super) countries: Option<Vec<Country>>,
    /// The countries of the regions that are named.
    pub(super) regions: Option<Vec<Country>>,
    /// The members of the blocs that are named.
    pub(super) blocs: Option<Vec<Country>>,
    pub(super) roles: Vec<Role>,
    pub(super) actors: Option<Vec<String>>,
    pub(super) weapons: Option<Vec<WeaponClass>>,
    pub(super) min_count: Option<u32>,
    pub(super) min_killed: Option<u32>,
    pub(super) min_injured: Option<u32>,
    pub(super) confirmed_by: Option<Vec<Country>>,
    pub(super) min_confirmations: Option<u32>,
    pub(super) min_independent_origins: Option<u32>,
    pub(super) languages: Option<Vec<String>>,
}

impl Conditions {
    /// Whether an incident meets all of them.
    ///
    /// # Errors
    /// The first one that it does not meet, in words.
    pub fn check(&self, incident: &Incident) -> Result<(), String> {
        self.check_kind(incident)?;
        self.check_countries(incident)?;
        self.check_parties(incident)?;
        self.check_numbers(incident)?;
        self.check_sources(incident)
    }

    fn check_kind(&self, incident: &Incident) -> Result<(), String> {
        if let Some(types) = &self.types
            && !types.contains(&incident.event_type)
        {
            return Err(format!("types: {} is not listed", incident.event_type));
        }
        match self.min_severity {
            Some(least) if incident.severity < least => {
                Err(format!("min_severity: {} is below {least}", incident.severity))
            }
            _ => Ok(()),
        }
    }

    fn check_countries(&self, incident: &Incident) -> Result<(), String> {
        let found = self.countries_of(incident);
        let lists = [("countries", &self.countries), ("regions", &self.regions), ("blocs", &self.blocs)];
        for (key, list) in lists {
            let Some(list) = list else { continue };
            if !found.iter().any(|country| list.contains(country)) {
                let names: Vec<&str> = found.iter().map(Country::as_str).collect();
                let names = if names.is_empty() { "no country".to_owned() } else { names.join(", ") };
                return Err(format!("{key}: {names} in the roles asked for, none of those listed"));
            }
        }
        Ok(())
    }

    fn countries_of(&self, incident: &Incident) -> Vec<Country> {
        let of = |parties: &[IncidentParty]| parties.iter().filter_map(|party| party.country).collect();
        let mut found = Vec::new();
        for role in &self.roles {
            let countries: Vec<Country> = match role {
                Role::Actor => of(&incident.actors),
                Role::Target => of(&incident.targets),
                Role::Location => incident.location.country.into_iter().collect(),
            };
            for country in countries {
                if !found.contains(&country) {
                    found.push(country);
                }
            }
        }
        found
    }

    fn check_parties(&self, incident: &Incident) -> Result<(), String> {
        if let Some(actors) = &self.actors
            && !incident.actors.iter().any(|party| actors.iter().any(|name| is_called(party, name)))
        {
            return Err("actors: none of those listed".to_owned());
        }
        let Some(weapons) = &self.weapons else { return Ok(()) };
        match &incident.weapon {
            None => Err("weapons: no report names a weapon".to_owned()),
            Some(weapon) if weapons.iter().any(|class| covers(*class, weapon.class)) => Ok(()),
            Some(weapon) => Err(format!("weapons: {} is not listed", weapon.class)),
        }
    }

    fn check_numbers(&self, incident: &Incident) -> Result<(), String> {
        let numbers = [
            ("min_count", self.min_count, &incident.count),
            ("min_killed", self.min_killed, &incident.killed),
            ("min_injured", self.min_injured, &incident.injured),
        ];
        for (key, least, number) in numbers {
            let Some(least) = least else { continue };
            match number.as_ref().and_then(at_least) {
                Some(value) if value >= least => {}
                Some(value) => return Err(format!("{key}: {value} is below {least}")),
                None => return Err(format!("{key}: no report gives a number")),
            }
        }
        Ok(())
    }

    fn check_sources(&self, incident: &Incident) -> Result<(), String> {
        if let Some(countries) = &self.confirmed_by {
            let confirming = incident.confirmed_by.iter().filter_map(|authority| authority.country);
            if !confirming.into_iter().any(|country| countries.contains(&country)) {
                return Err("confirmed_by: by none of those listed".to_owned());
            }
        }
        let confirmations = crate::decide::authorities(&incident.confirmed_by).len();
        let counted = [
            ("min_confirmations", self.min_confirmations, u32::try_from(confirmations).unwrap_or(u32::MAX)),
            ("min_independent_origins", self.min_independent_origins, incident.independent_origins),
        ];
        for (key, least, value) in counted {
            if let Some(least) = least.filter(|least| value < *least) {
                return Err(format!("{key}: {value} is below {least}"));
            }
        }
        let Some(languages) = &self.languages else { return Ok(()) };
        let told_in = |language: &String| {
            let is_it = |code: &str| code == language || code.split('-').next() == Some(language);
            incident.reports.iter().any(|report| is_it(&report.article.language))
        };
        if languages.iter().any(told_in) {
            Ok(())
        } else {
            Err("languages: told in none of those listed".to_owned())
        }
    }
}

/// The number that is certain: the lower bound, else the upper one.
pub(crate) fn at_least(number: &IncidentNumber) -> Option<u32> {
    number.min.or(number.max)
}

fn is_called(party: &IncidentParty, name: &str) -> bool {
    let same =
        |text: &Option<String>| text.as_ref().is_some_and(|text| text.to_lowercase() == name.to_lowercase());
    party.country.is_some_and(|country| country.as_str() == name) || same(&party.group) || same(&party.name)
}

/// Whether a class takes in another one: a ballistic missile of any range is one.
fn covers(asked: WeaponClass, found: WeaponClass) -> bool {
    use WeaponClass::{BallisticMissile, Icbm, Irbm, Mrbm, Slbm, Srbm};
    asked == found || (asked == BallisticMissile && matches!(found, Icbm | Irbm | Mrbm | Srbm | Slbm))
}
