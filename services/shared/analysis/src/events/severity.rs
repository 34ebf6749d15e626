//! How much an event matters: a written rule, each step of it in the record.
//!
//! Base by type; one step up for a toll of ten or a long-range or nuclear weapon, two for a toll of fifty; one step
//! up where two authorities confirm a high event; what is not flagged is `info`.

use siaga_schemas::{EventType, Severity, WeaponClass};

/// What the rule looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) event_type: EventType,
    pub(crate) flagged: bool,
    pub(crate) weapon: Option<WeaponClass>,
    pub(crate) killed: Option<u32>,
    pub(crate) injured: Option<u32>,
    pub(crate) confirmations: usize,
}

/// The severity and its reasons.
pub(crate) fn rate(facts: Facts) -> (Severity, Vec<String>) {
    if !facts.flagged {
        return (Severity::Info, vec!["not flagged".to_owned()]);
    }
    let mut level = base(facts.event_type);
    let mut reasons = vec![format!("{}: {}", facts.event_type, severity(level))];
    let killed = facts.killed.unwrap_or(0);
    if killed >= 50 {
        level += 2;
        reasons.push(format!("{killed} killed: two up"));
    } else if killed >= 10 || killed > 0 && level < 2 {
        level += 1;
        reasons.push(format!("{killed} killed: one up"));
    } else if facts.injured.unwrap_or(0) >= 50 {
        level += 1;
        reasons.push(format!("{} injured: one up", facts.injured.unwrap_or(0)));
    }
    if let Some(class) = facts.weapon.filter(|c| heavy(*c)) {
        level += 1;
        reasons.push(format!("{class}: one up"));
    }
    if facts.confirmations >= 2 && level == 2 {
        level += 1;
        reasons.push("confirmed by two authorities: one up".to_owned());
    }
    (severity(level), reasons)
}

fn base(event_type: EventType) -> u8 {
    use EventType as T;
    match event_type {
        T::NuclearTest | T::Coup => 4,
        T::Strike | T::BombAttack | T::ArmedClash => 3,
        T::MissileTest
        | T::ArmedAssault
        | T::Abduction
        | T::Incursion
        | T::MaritimeIncident
        | T::SpaceLaunch
        | T::CyberAttack
        | T::ViolentUnrest
        | T::Threat
        | T::Ceasefire
        | T::NuclearActivity => 2,
        T::WeaponsTest
        | T::MilitaryExercise
        | T::MilitaryDeployment
        | T::ArmsTransfer
        | T::SecurityOperation
        | T::Sanction => 1,
    }
}

fn heavy(class: WeaponClass) -> bool {
    use WeaponClass as W;
    matches!(class, W::Icbm | W::Irbm | W::Slbm | W::Hypersonic | W::Nuclear | W::BallisticMissile)
}

fn severity(level: u8) -> Severity {
    match level {
        0 => Severity::Info,
        1 => Severity::Low,
        2 => Severity::Medium,
        3 => Severity::High,
        _ => Severity::Critical,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_told() {
        let facts = Facts {
            event_type: EventType::MissileTest,
            flagged: true,
            weapon: Some(WeaponClass::BallisticMissile),
            killed: None,
            injured: None,
            confirmations: 2,
        };
        let (level, reasons) = rate(facts);
        assert_eq!(level, Severity::High);
        assert_eq!(reasons, ["missile_test: medium", "ballistic_missile: one up"]);
        assert_eq!(rate(Facts { flagged: false, ..facts }).0, Severity::Info);
        assert_eq!(rate(Facts { killed: Some(60), ..facts }).0, Severity::Critical);
    }
}
