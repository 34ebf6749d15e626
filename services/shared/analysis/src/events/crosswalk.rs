//! Codes of other schemes. PLOVER after its 2021 manual, CAMEO 2.0, ACLED sub-events of its codebook.
//!
//! None of them has a type for the test of a weapon, an incursion into airspace or a civil-military launch; where a
//! scheme has no equivalent the field is null.

use siaga_schemas::{Crosswalk, EventType};

/// The codes of an event type.
pub(crate) fn of(event_type: EventType) -> Crosswalk {
    use EventType as T;
    let (plover, cameo, acled) = match event_type {
        T::MissileTest | T::NuclearTest | T::WeaponsTest | T::SpaceLaunch => (None, None, None),
        T::Strike => (Some("ASSAULT"), Some("195"), Some("Air/drone strike")),
        T::ArmedClash => (Some("ASSAULT"), Some("190"), Some("Armed clash")),
        T::BombAttack => (Some("ASSAULT"), Some("183"), Some("Remote explosive/landmine/IED")),
        T::ArmedAssault => (Some("ASSAULT"), Some("180"), Some("Attack")),
        T::Abduction => (Some("ASSAULT"), Some("181"), Some("Abduction/forced disappearance")),
        T::Incursion | T::MaritimeIncident => (None, None, None),
        T::MilitaryExercise => (Some("MOBILIZE"), Some("150"), None),
        T::MilitaryDeployment => (Some("MOBILIZE"), Some("154"), None),
        T::ArmsTransfer => (Some("AID"), Some("072"), None),
        T::NuclearActivity => (None, None, None),
        T::CyberAttack => (Some("COERCE"), Some("176"), None),
        T::Coup => (None, None, None),
        T::ViolentUnrest => (Some("PROTEST"), Some("145"), Some("Violent demonstration")),
        T::SecurityOperation => (Some("COERCE"), Some("173"), Some("Arrests")),
        T::Sanction => (Some("COERCE"), Some("163"), None),
        T::Threat => (Some("THREATEN"), Some("138"), None),
        T::Ceasefire => (Some("RETREAT"), Some("0871"), Some("Agreement")),
    };
    let owned = |code: Option<&str>| code.map(str::to_owned);
    Crosswalk { plover: owned(plover), cameo: owned(cameo), acled: owned(acled) }
}
