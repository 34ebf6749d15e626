//! Which of several groups a profile belongs to.

use crate::identity::{Key, fit};

/// What a profile has chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The founder of its group; itself where it founded one.
    pub(crate) founder: Key,
    /// How well it fits there, 0 where it founded the group.
    pub(crate) score: u8,
    /// Groups that were equally good, where there were several.
    pub(crate) torn: Vec<Key>,
}

/// The best of some groups: enough must speak for it. Where several are equally good, the one that leaves open just what
/// the profile leaves open, else none, since a guess would join what is apart.
pub(crate) fn choose<'g>(key: &Key, ranked: impl Iterator<Item = (u8, &'g Key)>, least: u8) -> Choice {
    let mut best: Vec<&Key> = Vec::new();
    let mut most = least;
    for (score, founder) in ranked {
        if score > most {
            best.clear();
            most = score;
        }
        if score == most {
            best.push(founder);
        }
    }
    let torn: Vec<Key> =
        if best.len() > 1 { best.iter().map(|founder| (*founder).clone()).collect() } else { Vec::new() };
    let founder = match best[..] {
        [] => None,
        [founder] => Some(founder),
        _ => {
            let mut alike = best.iter().filter(|founder| founder.known() == key.known());
            match (alike.next(), alike.next()) {
                (Some(founder), None) => Some(*founder),
                _ => None,
            }
        }
    };
    let score = if best.is_empty() { 0 } else { most };
    Choice { founder: founder.unwrap_or(key).clone(), score, torn }
}

/// How well a profile fits some others: as it fits the one that it fits best, if it can be of one happening with each.
pub(crate) fn fit_members<'m>(key: &Key, members: impl Iterator<Item = &'m Key>) -> Option<u8> {
    let mut best = 0;
    for member in members {
        best = best.max(fit(key, member).ok()?);
    }
    Some(best)
}
