//! Whether two profiles can be of one happening, and how much speaks for it.

use std::fmt;

use super::profile::{Arm, Place, Profile, Rank, Who};
use super::{Day, Family};

/// What must speak for it where both reports name the day.
pub(crate) const LEAST_ON_ONE_DAY: u8 = 2;

/// What must speak for it where one of them does not.
pub(crate) const LEAST_UNDATED: u8 = 3;

/// Two spellings of one place in one language are at least so alike (normalised Damerau-Levenshtein).
const SAME_SPELLING: f64 = 0.75;

/// What makes it impossible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Veto {
    Family,
    Day,
    Actor,
    Place,
    Weapon,
}

impl fmt::Display for Veto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Family => "another kind of event",
            Self::Day => "another day",
            Self::Actor => "another actor",
            Self::Place => "another place",
            Self::Weapon => "another weapon",
        })
    }
}

/// What is known of a slot in two reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compared {
    Same,
    /// One contains the other.
    Within,
    Unknown,
    Different,
}

/// What each slot says of two profiles.
struct Comparison {
    actor: Compared,
    country: Compared,
    place: Compared,
    hit: bool,
    weapon: Compared,
    weapon_name: bool,
}

impl Comparison {
    fn of(a: &Profile, b: &Profile) -> Result<Self, Veto> {
        if a.family != b.family {
            return Err(Veto::Family);
        }
        if a.window.0.max(b.window.0) > a.window.1.min(b.window.1) {
            return Err(Veto::Day);
        }
        let actor = parties(a, b);
        if actor == Compared::Different {
            return Err(Veto::Actor);
        }
        let place = places(a, b);
        let country = match (a.country, b.country) {
            (Some(a), Some(b)) if a == b => Compared::Same,
            (Some(_), Some(_)) => Compared::Different,
            _ => Compared::Unknown,
        };
        if excludes(a, b, actor, country, place) {
            return Err(Veto::Place);
        }
        let weapon = match (a.weapon, b.weapon) {
            (Some(a), Some(b)) if a == b => Compared::Same,
            (Some(_), Some(_)) => Compared::Different,
            _ => Compared::Unknown,
        };
        if weapon == Compared::Different && a.family == Family::Launch && !both_fly(a, b) {
            return Err(Veto::Weapon);
        }
        let hit = a.hit.iter().any(|country| b.hit.contains(country));
        let weapon_name = a.weapon_name.is_some() && a.weapon_name == b.weapon_name;
        Ok(Self { actor, country, place, hit, weapon, weapon_name })
    }

    fn score(&self) -> u8 {
        let place = match self.place {
            Compared::Same => 2,
            Compared::Within => 1,
            _ => 0,
        };
        let bond = 2 * u8::from(self.actor == Compared::Same)
            + place
            + u8::from(self.country == Compared::Same)
            + u8::from(self.hit);
        // Weapons alone join nothing.
        if bond == 0 {
            return 0;
        }
        bond + u8::from(self.weapon == Compared::Same) + u8::from(self.weapon_name)
    }
}

/// What speaks for one happening, 0 where nothing does, or what makes it impossible.
///
/// An actor or a place that both name counts 2; a country, a target, a weapon, its name, or a place inside the other's
/// counts 1. What one of them leaves out counts nothing either way.
pub(crate) fn fit(a: &Profile, b: &Profile) -> Result<u8, Veto> {
    Comparison::of(a, b).map(|comparison| comparison.score())
}

/// The same in words, for an analyst.
pub(crate) fn grounds(a: &Profile, b: &Profile) -> String {
    let compared = match Comparison::of(a, b) {
        Ok(compared) => compared,
        Err(veto) => return veto.to_string(),
    };
    let day = if a.is_dated() && b.is_dated() { "same day" } else { "days that overlap" };
    let mut grounds = vec![format!("{} ({})", day, last_common(a, b).date())];
    let mut add = |holds: bool, text: &str| {
        if holds {
            grounds.push(text.to_owned());
        }
    };
    add(compared.actor == Compared::Same, "same actor");
    add(compared.place == Compared::Same, "same place");
    add(compared.place == Compared::Within, "one place inside the other");
    add(compared.country == Compared::Same, "same country");
    add(compared.hit, "same target");
    add(compared.weapon == Compared::Same, "same kind of weapon");
    add(compared.weapon_name, "same weapon by name");
    format!("{}: {}", a.family.name(), grounds.join(", "))
}

fn last_common(a: &Profile, b: &Profile) -> Day {
    a.window.1.min(b.window.1)
}

fn parties(a: &Profile, b: &Profile) -> Compared {
    let mut comparable = false;
    for (x, y) in a.sides.iter().flat_map(|x| b.sides.iter().map(move |y| (x, y))) {
        match (x, y) {
            (Who::Country(x), Who::Country(y)) if x == y => return Compared::Same,
            // A branch bears the name of its group: Islamic State Khorasan Province.
            (Who::Group(x), Who::Group(y)) if x.starts_with(y.as_str()) || y.starts_with(x.as_str()) => {
                return Compared::Same;
            }
            // A group may stand for its state, and the other way round.
            (Who::Country(_), Who::Group(_)) | (Who::Group(_), Who::Country(_)) => {}
            _ => comparable = true,
        }
    }
    if comparable { Compared::Different } else { Compared::Unknown }
}

fn places(a: &Profile, b: &Profile) -> Compared {
    match (&a.place, &b.place) {
        (Some(Place::Known(a)), Some(Place::Known(b))) => paths(a, b),
        (
            Some(Place::Words { language: l, words: a, precision: p }),
            Some(Place::Words { language: m, words: b, precision: q }),
        ) if l == m => {
            if a == b || strsim::normalized_damerau_levenshtein(a, b) >= SAME_SPELLING {
                Compared::Same
            } else if p == q && *p != Rank::Waters {
                Compared::Different
            } else {
                Compared::Unknown
            }
        }
        _ => Compared::Unknown,
    }
}

fn paths(a: &str, b: &str) -> Compared {
    if a == b {
        return Compared::Same;
    }
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if long.strip_prefix(short).is_some_and(|rest| rest.starts_with('/')) {
        return Compared::Within;
    }
    // Two seas may share a shore; two places inside something do not share themselves.
    if a.contains('/') && b.contains('/') { Compared::Different } else { Compared::Unknown }
}

/// Whether the places make it two happenings. At sea reports name different coasts for one spot, and there the named
/// feature decides.
fn excludes(a: &Profile, b: &Profile, actor: Compared, country: Compared, place: Compared) -> bool {
    let is_bound = a.family.is_bound_to_a_place();
    let elsewhere = match place {
        Compared::Same | Compared::Within => return false,
        Compared::Different => is_bound,
        Compared::Unknown => false,
    };
    let other_country =
        country == Compared::Different && !(a.at_sea || b.at_sea) && (is_bound || actor != Compared::Same);
    elsewhere || other_country
}

/// A satellite and a missile go up alike.
fn both_fly(a: &Profile, b: &Profile) -> bool {
    let flies = |arm: Option<Arm>| matches!(arm, Some(Arm::Missile | Arm::Launcher));
    flies(a.weapon) && flies(b.weapon)
}
