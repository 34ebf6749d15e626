//! Who does it: the subject of a verb, whose deed a noun is, who carries it out.

use super::item::{Item, What};
use super::roles::{can_be_owned, marked, objects};
use super::scene::{Scene, is_marker};
use super::{speech, word_order};
use crate::lexicon::NounAgent;
use crate::vocabulary::{FormVoice, Word};

/// The nearest party before a verb that is no object of a preposition and no speaker.
pub(super) fn subject(scene: Scene<'_>) -> Vec<usize> {
    if let Some(doers) = word_order::behind_verb(scene) {
        return doers;
    }
    if let Some(doers) = word_order::behind_finite_verb(scene) {
        return doers;
    }
    for i in word_order::before_verb(scene) {
        match &scene.items[i].what {
            What::Party(party) if scene.acts(party) || party.body.is_some() => {
                if scene.marker(i).is_some() {
                    continue;
                }
                let said = word_order::speech_before(scene, i);
                if said.is_some() || scene.speech_between(i, scene.trigger) {
                    // *denied firing*, *membantah menembakkan*: who denies is said to have done it.
                    let denied = said == Some(Word::Deny) || nearest_word(scene) == Some(Word::Deny);
                    if denied && party.country.is_some() {
                        return scene.with_joined(i);
                    }
                    let own = scene.items[i + 1..scene.trigger].iter().any(|x| x.is_word(Word::Own));
                    return if own { scene.with_joined(i) } else { Vec::new() };
                }
                return if scene.acts(party) { scene.with_joined(i) } else { Vec::new() };
            }
            _ => {}
        }
    }
    before_clause(scene)
}

/// The word left of the trigger, phrases with prepositions passed over (*否认向俄罗斯提供无人机*).
fn nearest_word(scene: Scene<'_>) -> Option<Word> {
    let passed = |i: &usize| match &scene.items[*i].what {
        What::Party(_) | What::Place(_) => scene.marker(*i).is_some(),
        What::Word(word) => is_marker(*word),
        What::Noun(_) | What::Quantity(_) | What::Comma => scene.language.settings.verb_frame,
        _ => false,
    };
    scene.left().find(|i| !passed(i)).and_then(|i| scene.items[i].word())
}

/// The clause has no subject of its own: *which fired*, *yang menembakkan*, or a verb joined by *and*.
pub(super) fn before_clause(scene: Scene<'_>) -> Vec<usize> {
    let first = scene.items.partition_point(|i| i.clause < scene.trigger_item().clause);
    let Some(opener) = scene.items.get(first) else { return Vec::new() };
    if opener.is_word(Word::That) {
        return speaker_before(scene, first);
    }
    // A verb with a pronoun for its object tells of the thing before it, which does nothing.
    if opener.start == opener.end {
        return Vec::new();
    }
    if !opener.word().is_some_and(|w| matches!(w, Word::Which | Word::While | Word::After | Word::Because)) {
        return Vec::new();
    }
    let reach = if opener.is_word(Word::Which) { 2 } else { usize::MAX };
    let mut before = (0..first).rev().filter(|i| scene.party(*i).is_some_and(|p| scene.acts(p)));
    before
        .find(|i| scene.marker(*i).is_none())
        .filter(|i| scene.gap(*i, first) <= reach && !scene.speech_between(*i, first))
        .map(|i| scene.with_joined(i))
        .unwrap_or_default()
}

/// *afirmó que el grupo disparó*, *said that it had fired*, *dijo que disparó*: who says so did it.
fn speaker_before(scene: Scene<'_>, opener: usize) -> Vec<usize> {
    let between = &scene.items[opener + 1..scene.trigger];
    let own = between.iter().any(|i| i.is_word(Word::Own));
    let subject = |i: &Item| {
        matches!(
            i.what,
            What::Noun(_) | What::Party(_) | What::Place(_) | What::Quantity(_) | What::Trigger(..)
        )
    };
    let dropped = scene.language.settings.drops_subject && !between.iter().any(subject);
    if !word_order::is_verb(scene) || !own && !dropped {
        return Vec::new();
    }
    let says = |w: Word| matches!(w, Word::Say | Word::Confirm | Word::Claim | Word::Deny);
    let verb = (0..opener).rev().find(|i| scene.items[*i].word().is_some_and(says));
    let Some(verb) = verb.filter(|v| scene.items[*v].clause + 1 == scene.items[opener].clause) else {
        return Vec::new();
    };
    let speakers = speech::before_or_behind(Scene { trigger: verb, ..scene });
    let hit = objects(scene, &[]);
    let same = |i: usize, j: usize| match (scene.party(i), scene.party(j)) {
        (Some(a), Some(b)) => a.same_side(b),
        _ => false,
    };
    let suffers = speakers.iter().any(|s| hit.iter().any(|h| same(*s, *h)));
    speakers.into_iter().filter(|s| !suffers && scene.party(*s).is_some_and(|p| scene.acts(p))).collect()
}

/// *serangan udara Israel*, *an Israeli air raid*, *North Korea's launch*.
pub(super) fn possessor(scene: Scene<'_>) -> Vec<usize> {
    // A preposition before the noun governs all of it: *dalam serangan Israel*.
    let free = |i: usize| scene.marker(i).is_none_or(|marker| marker < scene.trigger);
    let fits = |i: &usize| scene.party(*i).is_some_and(|p| scene.acts(p)) && free(*i);
    let found = match scene.language.settings.noun_agent {
        NounAgent::After => scene
            .right()
            .take_while(|i| match scene.items[*i].what {
                // *serangan konsulat Iran*: whose house it is did not attack it.
                What::Noun(noun) => !can_be_owned(&scene.language.noun(noun).kind),
                What::Quantity(_) | What::Party(_) | What::Word(Word::Definite) => true,
                _ => false,
            })
            .find(fits)
            .filter(|i| scene.unknown(scene.trigger, *i) <= 1),
        NounAgent::Before => scene
            .left()
            .take_while(|i| {
                matches!(
                    scene.items[*i].what,
                    What::Noun(_)
                        | What::Quantity(_)
                        | What::Party(_)
                        | What::Trigger(_, FormVoice::Noun | FormVoice::VerbalNoun)
                ) || scene.items[*i].is_word(Word::Recent)
            })
            .find(|i| scene.party(*i).is_some_and(|p| scene.acts(p)))
            .filter(|i| scene.unknown(*i, scene.trigger) <= 2),
    };
    found.map(|i| scene.with_joined(i)).unwrap_or_default()
}

/// *israelischer Luftangriff*, *российский обстрел*: the adjective of a state right before the noun.
pub(super) fn attributive(scene: Scene<'_>) -> Option<usize> {
    let adjective = |i: &usize| {
        scene
            .party(*i)
            .is_some_and(|p| p.country.is_some() && p.seat.is_none() && p.body.is_none() && p.group.is_none())
    };
    let start = scene.trigger_item().start;
    let before = scene.left().find(|i| scene.items[*i].end <= start)?;
    Some(before).filter(adjective).filter(|i| scene.unknown(*i, scene.trigger) == 0)
}

/// The subject of the verb that carries the noun: *Korut menggelar uji coba*.
pub(super) fn supported(scene: Scene<'_>) -> Vec<usize> {
    // *尼日利亚发生爆炸*: what happens somewhere is done by nobody who is named for it.
    let nearest = scene
        .left()
        .find(|i| matches!(scene.items[*i].word(), Some(Word::SupportActive | Word::SupportPassive)));
    let spans = |i: usize| (scene.items[i].start, scene.items[i].end);
    let both =
        |i: usize| scene.left().any(|x| spans(x) == spans(i) && scene.items[x].is_word(Word::SupportActive));
    if nearest.is_some_and(|i| {
        scene.items[i].is_word(Word::SupportPassive) && !both(i) && scene.unknown(i, scene.trigger) <= 2
    }) {
        return Vec::new();
    }
    let carrier = scene.left().take(4).find(|i| {
        scene.items[*i].is_word(Word::SupportActive)
            || matches!(scene.items[*i].what, What::Trigger(_, FormVoice::Active | FormVoice::Either))
    });
    match carrier {
        Some(verb) => subject(Scene { trigger: verb, ..scene }),
        None => match word_order::behind_carrier(scene) {
            Some(doers) => doers,
            None => subject(scene),
        },
    }
}

/// Parties before or behind a verb without object: the fighters.
pub(super) fn beside(scene: Scene<'_>) -> Vec<usize> {
    let actors = marked(scene, Word::AgentMarker);
    if actors.is_empty() { subject(scene) } else { actors }
}
