//! Codes of the labelling guide.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every code, in the order of the guide.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as it stands in records.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The variant of a code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

codes! {
    /// What kind of event it is.
    EventType {
        /// A missile or rocket fired without being aimed at an enemy.
        MissileTest = "missile_test",
        /// A nuclear explosive device set off.
        NuclearTest = "nuclear_test",
        /// A test of any other weapon.
        WeaponsTest = "weapons_test",
        /// A launch of a military satellite, or one treated as a security matter.
        SpaceLaunch = "space_launch",
        /// An attack from a distance.
        Strike = "strike",
        /// Armed parties fight each other.
        ArmedClash = "armed_clash",
        /// A planted, carried, thrown or driven bomb.
        BombAttack = "bomb_attack",
        /// A shooting, stabbing, assassination or ambush with a security motive.
        ArmedAssault = "armed_assault",
        /// Kidnapping or hostage-taking with such a motive.
        Abduction = "abduction",
        /// Entry or near-entry into another's airspace, waters or land.
        Incursion = "incursion",
        /// Seizure, ramming, water cannon, piracy, blocking of vessels.
        MaritimeIncident = "maritime_incident",
        /// Drills, war games, joint patrols.
        MilitaryExercise = "military_exercise",
        /// Forces or weapons moved, raised, mobilised, put on alert.
        MilitaryDeployment = "military_deployment",
        /// Weapons delivered, sold, ordered, promised.
        ArmsTransfer = "arms_transfer",
        /// Enrichment, reactor, material, inspection in a weapons context.
        NuclearActivity = "nuclear_activity",
        /// Intrusion, sabotage, ransomware against the state or a major institution.
        CyberAttack = "cyber_attack",
        /// Seizure of power by force.
        Coup = "coup",
        /// Riot or protest with violence by either side.
        ViolentUnrest = "violent_unrest",
        /// Raid or arrest against militants, terrorists, spies or separatists.
        SecurityOperation = "security_operation",
        /// Sanctions, embargo or designation imposed, extended or lifted.
        Sanction = "sanction",
        /// An explicit threat of force or ultimatum.
        Threat = "threat",
        /// Truce, withdrawal, prisoner exchange, agreed or broken.
        Ceasefire = "ceasefire",
    }
}

codes! {
    /// How the text tells of the event.
    Status {
        /// It happened at most seven days before publication, or is reported as new.
        Occurred = "occurred",
        /// It is going on at publication.
        Ongoing = "ongoing",
        /// Announced, scheduled, promised, expected.
        Planned = "planned",
        /// Warned of, feared, possible, conditional.
        Hypothetical = "hypothetical",
        /// The text, or a party that nobody contradicts, says that it did not happen.
        Denied = "denied",
        /// More than seven days ago, or told as background.
        Historical = "historical",
    }
}

impl Status {
    /// Whether an event of this status is flagged.
    pub const fn is_flagged(self) -> bool {
        matches!(self, Self::Occurred | Self::Ongoing)
    }
}

codes! {
    /// Class of the weapon, the most specific one that the text supports.
    WeaponClass {
        /// A ballistic missile of no stated range.
        BallisticMissile = "ballistic_missile",
        /// Intercontinental.
        Icbm = "icbm",
        /// Intermediate range.
        Irbm = "irbm",
        /// Medium range.
        Mrbm = "mrbm",
        /// Short range.
        Srbm = "srbm",
        /// Launched from a submarine.
        Slbm = "slbm",
        /// Cruise missile.
        CruiseMissile = "cruise_missile",
        /// Hypersonic missile or glider.
        Hypersonic = "hypersonic",
        /// Rocket, or missile of no stated kind.
        Rocket = "rocket",
        /// Guns, mortars, shells.
        Artillery = "artillery",
        /// Unmanned aircraft.
        Drone = "drone",
        /// Manned aircraft.
        Aircraft = "aircraft",
        /// Bomb or explosive.
        Bomb = "bomb",
        /// Guns and blades carried by hand.
        SmallArms = "small_arms",
        /// Nuclear device.
        Nuclear = "nuclear",
        /// Space launch vehicle.
        SatelliteLauncher = "satellite_launcher",
        /// Torpedo.
        Torpedo = "torpedo",
        /// Surface-to-air missile.
        AirDefence = "air_defence",
        /// Software.
        Cyber = "cyber",
        /// Anything else.
        Other = "other",
    }
}

codes! {
    /// How much an event matters, by a written rule.
    Severity {
        /// For the record.
        Info = "info",
        /// Routine.
        Low = "low",
        /// Worth reading today.
        Medium = "medium",
        /// Worth reading now.
        High = "high",
        /// Worth waking somebody.
        Critical = "critical",
    }
}
