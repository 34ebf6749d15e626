//! Grammatical case: who stands beside a noun or a passive without a preposition.

use super::item::What;
use super::roles::can_be_hit;
use super::scene::Scene;
use crate::vocabulary::FormVoice;

/// Kinds of things that are used, not of people who act.
const THINGS: [&str; 9] =
    ["missile", "rocket", "drone", "bomb", "artillery", "aircraft", "gun", "weapon", "air_defence"];

/// The party in the instrumental, on either side of the trigger: the doer (*обстрел Киева российскими войсками*).
pub(super) fn instrumental(scene: Scene<'_>) -> Option<usize> {
    let fits = |i: &usize| {
        scene.party(*i).is_some_and(|p| scene.acts(p))
            && scene.marker(*i).is_none()
            && has_ending(scene, *i)
            && !is_of_thing(scene, *i)
    };
    scene.right().find(fits).or_else(|| scene.left().find(fits))
}

/// Whether a party's word has an ending of the instrumental.
pub(super) fn has_ending(scene: Scene<'_>, item: usize) -> bool {
    let item = &scene.items[item];
    scene.text[item.start..item.end].split_whitespace().any(|word| {
        scene
            .language
            .settings
            .instrumental
            .iter()
            .any(|ending| word.len() > ending.len() && word.ends_with(ending.as_str()))
    })
}

/// Whether a name only says whose a weapon is (*иранскими ракетами*).
fn is_of_thing(scene: Scene<'_>, item: usize) -> bool {
    let end = scene.items[item].end;
    let next = (item + 1..scene.items.len()).find(|i| scene.items[*i].start >= end);
    next.is_some_and(|i| match scene.items[i].what {
        What::Noun(noun) => {
            THINGS.contains(&scene.language.noun(noun).kind.as_str()) && scene.gap(item, i) == 0
        }
        _ => false,
    })
}

/// The party or place right behind a noun, in the genitive (*обстрел Киева*, *تزويد أوكرانيا*).
pub(super) fn genitive(scene: Scene<'_>) -> Option<usize> {
    let free = |i: usize| scene.marker(i).is_none_or(|marker| marker <= scene.trigger);
    let between = |i: &usize| {
        matches!(
            scene.items[*i].what,
            What::Noun(_) | What::Quantity(_) | What::Trigger(_, FormVoice::Noun | FormVoice::VerbalNoun)
        )
    };
    let first = scene.right().find(|i| !between(i))?;
    let fits = can_be_hit(&scene.items[first]) && free(first) && !has_ending(scene, first);
    (fits && scene.unknown(scene.trigger, first) <= 1).then_some(first)
}
