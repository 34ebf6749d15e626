//! Types that reporters confuse: one happening may stand under any type of its family.

use siaga_schemas::EventType;

/// A family of types. Families are transitive: what is a strike here and a bombing there may be a maritime incident
/// elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Family {
    /// Something is fired without an enemy at the other end: missile test, space launch, test of a weapon.
    Launch,
    /// Something or somebody is hit from a distance or by a bomb, at sea too.
    Attack,
    /// Fights and assaults with weapons in hand.
    Fight,
    /// A type that is not confused with another.
    Alone(EventType),
}

impl Family {
    pub(crate) fn of(event_type: EventType) -> Self {
        match event_type {
            EventType::MissileTest | EventType::SpaceLaunch | EventType::WeaponsTest => Self::Launch,
            EventType::Strike | EventType::BombAttack | EventType::MaritimeIncident => Self::Attack,
            EventType::ArmedClash | EventType::ArmedAssault => Self::Fight,
            other => Self::Alone(other),
        }
    }

    /// Whether reports differ in who of the two sides is the doer.
    pub(crate) fn is_two_sided(self) -> bool {
        use EventType::{ArmsTransfer, Ceasefire, MilitaryExercise};
        matches!(self, Self::Fight | Self::Alone(Ceasefire | ArmsTransfer | MilitaryExercise))
    }

    /// Whether it happens in one place, so that two places are two happenings. A launch is told by where it began or
    /// by where it ended, a sanction has no place.
    pub(crate) fn is_bound_to_a_place(self) -> bool {
        use EventType::{
            ArmsTransfer, Ceasefire, CyberAttack, NuclearActivity, NuclearTest, Sanction, Threat,
        };
        let loose = [ArmsTransfer, Ceasefire, CyberAttack, NuclearActivity, NuclearTest, Sanction, Threat];
        match self {
            Self::Launch => false,
            Self::Attack | Self::Fight => true,
            Self::Alone(event_type) => !loose.contains(&event_type),
        }
    }

    /// What it is called in reasons.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Launch => "launch",
            Self::Attack => "attack",
            Self::Fight => "fight",
            Self::Alone(event_type) => event_type.code(),
        }
    }
}
