//! Who says so: speakers of a sentence and what they do to an event.

use super::item::{Item, What};
use super::scene::Scene;
use super::verb_final;
use crate::knowledge::Language;
use crate::lexicon::WordOrder;
use crate::vocabulary::Word;

/// What a speaker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Says, confirms, reports.
    Tell,
    /// Claims it as the own deed.
    Claim,
    /// Denies it.
    Deny,
    /// Names somebody else as the doer.
    Accuse,
}

/// A party of the sentence that speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Speaker {
    /// Item of the party or medium.
    pub(crate) item: usize,
    /// Item of the verb or preposition.
    pub(crate) verb: usize,
    pub(crate) act: Act,
}

/// Speakers of a sentence, in order.
pub(crate) fn speakers(items: &[Item], text: &str, language: &Language) -> Vec<Speaker> {
    let mut found: Vec<Speaker> = Vec::new();
    for (verb, item) in items.iter().enumerate() {
        let Some(word) = item.word() else { continue };
        let scene = Scene { items, text, language, trigger: verb, decreed: false };
        let (act, candidates) = match word {
            Word::AccordingTo | Word::Cite => (Act::Tell, behind(scene)),
            Word::Say | Word::Confirm => (Act::Tell, before_or_behind(scene)),
            Word::Claim => (Act::Claim, before_or_behind(scene)),
            Word::Deny => (Act::Deny, before_or_behind(scene)),
            Word::Accuse => (Act::Accuse, before_or_behind(scene)),
            _ => continue,
        };
        for item in candidates {
            let speaker = Speaker { item, verb, act };
            if !found.contains(&speaker) {
                found.push(speaker);
            }
        }
    }
    found
}

fn speaks(item: &Item) -> bool {
    matches!(&item.what, What::Medium(_) | What::Party(_))
}

/// The speaker behind *according to*, *citing*.
fn behind(scene: Scene<'_>) -> Vec<usize> {
    let next = scene.right().find(|i| speaks(&scene.items[*i])).filter(|i| scene.gap(scene.trigger, *i) <= 4);
    next.map(|i| joined(scene, i)).unwrap_or_default()
}

/// The subject before a verb of speech; where there is none, the name right behind it (*said the ministry*).
pub(super) fn before_or_behind(scene: Scene<'_>) -> Vec<usize> {
    // Where verbs come first, the speaker follows.
    if scene.language.settings.word_order == WordOrder::Vso
        && let Some(behind) = first_behind(scene)
    {
        return joined(scene, behind);
    }
    if verb_final::applies(scene) {
        return verb_final::speaker(scene).map(|i| joined(scene, i)).unwrap_or_default();
    }
    let mut crossed_comma = false;
    for i in scene.left() {
        match &scene.items[i].what {
            What::Comma | What::Quote => crossed_comma = true,
            What::Word(Word::Say | Word::Confirm | Word::Claim | Word::Deny) => break,
            What::Party(_) | What::Medium(_) => {
                let prepositions = [
                    Word::At,
                    Word::From,
                    Word::Toward,
                    Word::Against,
                    Word::With,
                    Word::AgentMarker,
                    Word::Tell,
                ];
                // *В Минобороны сообщили*: who is asked inside speaks.
                let inside = speaks_inside(scene, i) && scene.unknown(i, scene.trigger) <= 1;
                let governed = !inside && scene.is_marked_any(i, &prepositions);
                if governed {
                    continue;
                }
                let inverted = crossed_comma && first_behind(scene).is_some();
                return if inverted {
                    first_behind(scene).map(|b| joined(scene, b)).unwrap_or_default()
                } else {
                    joined(scene, i)
                };
            }
            _ => {}
        }
    }
    first_behind(scene).map(|b| joined(scene, b)).unwrap_or_default()
}

/// Whether a body stands behind *in*, in a language in which that makes it the speaker.
fn speaks_inside(scene: Scene<'_>, item: usize) -> bool {
    let body = scene.party(item).is_some_and(|p| p.body.is_some());
    scene.language.settings.speaks_inside && body && scene.is_marked(item, Word::At)
}

/// *said the ministry*, *informó el lunes a la prensa el Ministerio*.
fn first_behind(scene: Scene<'_>) -> Option<usize> {
    const REACH: usize = 1;
    let between = |i: &usize| match scene.items[*i].what {
        What::Date(_) => true,
        What::Word(word) => matches!(word, Word::Definite | Word::Tell),
        _ => false,
    };
    let inside = scene.language.settings.speaks_inside;
    let preposition = |i: &usize| inside && scene.items[*i].is_word(Word::At);
    let first =
        scene.right().find(|i| !between(i) && !preposition(i)).filter(|i| speaks(&scene.items[*i]))?;
    if scene.marker(first).is_some_and(|m| m > scene.trigger) && !speaks_inside(scene, first) {
        return None;
    }
    let reach = if scene.language.settings.word_order == WordOrder::Vso { 2 } else { REACH };
    (scene.unknown(scene.trigger, first) <= reach).then_some(first)
}

fn joined(scene: Scene<'_>, item: usize) -> Vec<usize> {
    if scene.items[item].party().is_some() { scene.with_joined(item) } else { vec![item] }
}
