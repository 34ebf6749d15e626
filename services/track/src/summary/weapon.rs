//! With what: the most specific class on which the reports agree.

use siaga_schemas::{Conflict, IncidentWeapon, Told, WeaponClass};

use super::votes::{Value, Voice, values};

/// The weapon, and the classes that exclude the shown one. A report of a missile bears out a ballistic one, and that one
/// of short range.
pub(crate) fn weapon(voices: &[Voice<'_>]) -> (Option<IncidentWeapon>, Option<Conflict>) {
    let classes = values(voices, |report| report.event.weapon.as_ref().map(|weapon| weapon.class));
    let support = |value: &Value<WeaponClass>| {
        let mut origins = value.origins.clone();
        for wider in classes.iter().filter(|other| contains(other.value, value.value)) {
            origins.extend(&wider.origins);
        }
        origins.len()
    };
    let rank = |value: &Value<WeaponClass>| (support(value), depth(value.value), value.latest, value.value);
    let Some(shown) = classes.iter().max_by_key(|value| rank(value)) else { return (None, None) };
    let names = values(voices, |report| report.event.weapon.as_ref().and_then(|weapon| weapon.name.clone()));
    let mut sources: Vec<String> = classes
        .iter()
        .filter(|value| contains(value.value, shown.value))
        .flat_map(|value| value.sources.clone())
        .collect();
    sources.sort();
    let weapon =
        IncidentWeapon { class: shown.value, name: names.into_iter().next().map(|name| name.value), sources };
    let differs = |value: &&Value<WeaponClass>| {
        !contains(value.value, shown.value) && !contains(shown.value, value.value)
    };
    let others: Vec<&Value<WeaponClass>> = classes.iter().filter(differs).collect();
    let told = |value: &Value<WeaponClass>| Told {
        text: value.value.code().to_owned(),
        sources: value.sources.clone(),
    };
    let conflict = (!others.is_empty()).then(|| Conflict {
        slot: "weapon".to_owned(),
        values: std::iter::once(shown).chain(others).map(told).collect(),
    });
    (Some(weapon), conflict)
}

/// Whether the second is of the kind of the first.
fn contains(wide: WeaponClass, narrow: WeaponClass) -> bool {
    wide == narrow || parent(narrow).is_some_and(|parent| contains(wide, parent))
}

fn depth(class: WeaponClass) -> u8 {
    parent(class).map_or(0, |parent| 1 + depth(parent))
}

/// The kind that a class is one of. `rocket` is a missile of no stated kind too, `other` anything.
fn parent(class: WeaponClass) -> Option<WeaponClass> {
    use WeaponClass::{
        BallisticMissile, CruiseMissile, Hypersonic, Icbm, Irbm, Mrbm, Other, Rocket, SatelliteLauncher,
        Slbm, Srbm,
    };
    match class {
        Icbm | Irbm | Mrbm | Srbm | Slbm => Some(BallisticMissile),
        BallisticMissile | CruiseMissile | Hypersonic | SatelliteLauncher => Some(Rocket),
        Other => None,
        _ => Some(Other),
    }
}
