//! Word order: doers right behind a verb that comes first, behind an object that comes first, behind the finite verb, and
//! objects before the end of their verb.

use super::item::What;
use super::roles::can_be_hit;
use super::scene::{Scene, is_marker};
use super::sense::any_kind;
use crate::lexicon::{Sense, WordOrder};
use crate::vocabulary::Word;

/// How many unknown words (adjectives, titles) may stand between a verb and the doer behind it.
const REACH: usize = 2;

/// The doer of a verb that comes first (*قصفت إسرائيل دمشق*); none where it stands before the verb as usual, or where
/// the word is no verb. No party where who stands there does not act.
pub(super) fn behind_verb(scene: Scene<'_>) -> Option<Vec<usize>> {
    if scene.language.settings.word_order != WordOrder::Vso || !is_verb(scene) || preposed(scene) {
        return None;
    }
    let doer = party_behind(scene)?;
    let acts = scene.party(doer).is_some_and(|p| scene.acts(p));
    Some(if acts { scene.with_joined(doer) } else { Vec::new() })
}

/// The items of the trigger's frame: its clause between commas and other verbs.
pub(super) fn frame<'a>(scene: Scene<'a>) -> impl Iterator<Item = usize> + use<'a> {
    let inside = move |i: &usize| {
        scene.items[*i].what != What::Comma
            && !matches!(scene.items[*i].what, What::Trigger(_, voice) if !voice.is_noun())
    };
    scene.left().take_while(inside).chain(scene.right().take_while(inside))
}

/// Where verbs frame the clause: the doer right behind the finite verb, where none stands before it (*am Mittwoch
/// testete Nordkorea*).
pub(super) fn behind_finite_verb(scene: Scene<'_>) -> Option<Vec<usize>> {
    let names = |i: &usize| scene.party(*i).is_some() && scene.marker(*i).is_none();
    let inside = |i: &usize| scene.items[*i].what != What::Comma;
    if !scene.language.settings.verb_frame
        || !is_verb(scene)
        || scene.left().take_while(inside).any(|i| names(&i))
    {
        return None;
    }
    let doer = party_behind(scene)?;
    let acts = scene.party(doer).is_some_and(|p| scene.acts(p));
    Some(if acts { scene.with_joined(doer) } else { Vec::new() })
}

/// The items before a verb, those first that its doer is looked for in: the nearest, or where verbs frame the clause
/// the first of the frame.
pub(super) fn before_verb(scene: Scene<'_>) -> Vec<usize> {
    let all: Vec<usize> = scene.left().collect();
    if !scene.language.settings.verb_frame {
        return all;
    }
    let inside = all.iter().take_while(|i| scene.items[**i].what != What::Comma).count();
    let (frame, rest) = all.split_at(inside);
    frame.iter().rev().chain(rest).copied().collect()
}

/// Where verbs frame the clause: the object between its doer and the end of the verb (*hat Kiew angegriffen*, *hat der
/// Ukraine Panzer geliefert*).
pub(super) fn object_inside(scene: Scene<'_>, actors: &[usize]) -> Option<usize> {
    if !scene.language.settings.verb_frame {
        return None;
    }
    let first = actors.iter().max().copied();
    let fits = |i: &usize| {
        can_be_hit(&scene.items[*i])
            && !actors.contains(i)
            && first.is_none_or(|f| *i > f)
            && (scene.marker(*i).is_none() || scene.is_marked_any(*i, &[Word::Against, Word::Toward]))
    };
    scene.left().take_while(|i| scene.items[*i].what != What::Comma).find(fits)
}

/// Where the order is free: the doer behind a verb whose object stands before it (*две ракеты запустила КНДР*).
pub(super) fn behind_object(scene: Scene<'_>, sense: &Sense) -> Option<Vec<usize>> {
    if !scene.language.settings.free_order {
        return None;
    }
    let doer = party_behind(scene)?;
    let party = scene.party(doer).filter(|p| scene.acts(p))?;
    let object =
        |i: usize| any_kind(&scene.items[i], &sense.object, scene.language) && scene.marker(i).is_none();
    // What is hit may stand first as well, where those behind are no state that may be hit itself.
    let hit = |i: usize| matches!(scene.items[i].what, What::Place(_)) && scene.marker(i).is_none();
    let first = scene.left().any(|i| object(i) || party.seat.is_none() && hit(i));
    first.then(|| scene.with_joined(doer))
}

/// The doer behind the verb that carries a noun before it (*удар по Харькову нанесли российские войска*).
pub(super) fn behind_carrier(scene: Scene<'_>) -> Option<Vec<usize>> {
    if !scene.language.settings.free_order {
        return None;
    }
    let carrier = scene.right().find(|i| scene.items[*i].is_word(Word::SupportActive))?;
    if scene.unknown(scene.trigger, carrier) > 3 {
        return None;
    }
    let doer = party_behind(Scene { trigger: carrier, ..scene })?;
    scene.party(doer).is_some_and(|p| scene.acts(p)).then(|| scene.with_joined(doer))
}

/// Where verbs come first, the word of speech right before a party: it says, it is not said to have done it.
pub(super) fn speech_before(scene: Scene<'_>, party: usize) -> Option<Word> {
    if scene.language.settings.word_order != WordOrder::Vso {
        return None;
    }
    let start = scene.items[party].start;
    let before = (0..party).rev().find(|i| scene.items[*i].end <= start)?;
    let speech = |w: &Word| matches!(w, Word::Say | Word::Confirm | Word::Deny);
    scene.items[before].word().filter(speech).filter(|_| scene.gap(before, party) <= REACH)
}

pub(super) fn is_verb(scene: Scene<'_>) -> bool {
    match scene.trigger_item().what {
        What::Trigger(_, voice) => !voice.is_noun(),
        What::Word(word) => word == Word::SupportActive,
        _ => false,
    }
}

/// Whether the clause begins with its subject, as headlines do (*الجيش الإسرائيلي يقصف غزة*).
fn preposed(scene: Scene<'_>) -> bool {
    let subject = scene.left().find(|i| scene.party(*i).is_some() && scene.marker(*i).is_none());
    let verb = |i: usize| {
        let what = &scene.items[i].what;
        matches!(what, What::Trigger(_, voice) if !voice.is_noun())
            || matches!(
                what,
                What::Word(Word::SupportActive | Word::Say | Word::Confirm | Word::Claim | Word::Deny)
            )
    };
    subject
        .is_some_and(|s| scene.unknown(s, scene.trigger) <= REACH && !scene.left().any(|i| i < s && verb(i)))
}

/// The first party behind the verb, things and numbers of its own between (*طائرة مسيرة إسرائيلية*).
fn party_behind(scene: Scene<'_>) -> Option<usize> {
    let dated = |i: usize| scene.items.get(i + 1).is_some_and(|next| matches!(next.what, What::Date(_)));
    let between = |i: &usize| {
        scene.items[*i].word().is_some_and(is_marker) && dated(*i)
            || matches!(scene.items[*i].what, What::Noun(_) | What::Quantity(_) | What::Date(_))
            || matches!(scene.items[*i].what, What::Word(Word::Recent | Word::Definite))
    };
    // The verb's own words may reach into the name (*توغلت قوات*).
    let verb = scene.trigger_item();
    let behind = |i: &usize| scene.items[*i].end > verb.end;
    let first = (scene.trigger + 1..scene.items.len())
        .take_while(|i| scene.items[*i].clause == verb.clause)
        .filter(behind)
        .find(|i| !between(i))?;
    // A verb that is a preposition elsewhere governs nothing here.
    let own = |m: usize| m < scene.trigger || scene.items[m].start == verb.start;
    let free = scene.party(first).is_some() && scene.marker(first).is_none_or(own);
    (free && scene.unknown(scene.trigger, first) <= REACH).then_some(first)
}
