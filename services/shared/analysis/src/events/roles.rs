//! Who does it, and to whom: from voice, word order and prepositions.

use siaga_schemas::EventType;

use super::doers::{attributive, before_clause, beside, possessor, subject, supported};
use super::item::{Item, Party, PlaceKind, What};
use super::locate::is_test;
use super::scene::Scene;
use super::{cases, verb_final, word_order};
use crate::lexicon::{Doer, NounAgent, Sense};
use crate::vocabulary::{FormVoice, Word};

/// Indices of the items that play a part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roles {
    pub(crate) actors: Vec<usize>,
    pub(crate) targets: Vec<usize>,
}

/// Finds doer and object of a trigger.
pub(crate) fn find(scene: Scene<'_>, voice: FormVoice, sense: &Sense) -> Roles {
    let scene = Scene { decreed: decreed(sense.event_type), ..scene };
    let voice = match voice {
        FormVoice::Either => either(scene),
        FormVoice::Active if done_by(scene) => FormVoice::Passive,
        voice => voice,
    };
    let mut roles = match voice {
        _ if verb_final::applies(scene) => verb_final::roles(scene, voice),
        FormVoice::Passive => passive(scene),
        FormVoice::Noun => noun(scene),
        FormVoice::VerbalNoun => verbal_noun(scene),
        FormVoice::Intransitive => Roles { actors: beside(scene), targets: Vec::new() },
        FormVoice::Active | FormVoice::Separated | FormVoice::Either => active(scene, sense),
    };
    match sense.doer {
        Doer::Subject => {}
        Doer::Object => std::mem::swap(&mut roles.actors, &mut roles.targets),
        Doer::Origin => {
            let mut actors = marked(scene, Word::From);
            if actors.is_empty() {
                // *compró a Francia*
                actors = marked(scene, Word::Toward);
            }
            roles = Roles { targets: roles.actors, actors };
        }
    }
    if roles.actors.is_empty() && is_test(sense.event_type) {
        // *missiles launched from North Korea*: nobody tests from the land of another.
        let state =
            |i: &usize| scene.party(*i).is_some_and(|p| p.seat.is_some_and(|s| s.kind == PlaceKind::Country));
        roles.actors = marked(scene, Word::From).into_iter().filter(state).collect();
    }
    if mutual(sense.event_type) {
        equal_terms(scene, &mut roles);
    }
    roles.targets.retain(|t| !roles.actors.contains(t));
    roles
}

/// Types in which all parties are doers.
fn mutual(event_type: EventType) -> bool {
    matches!(event_type, EventType::ArmedClash | EventType::Ceasefire | EventType::MilitaryExercise)
}

/// Types that states decide on.
fn decreed(event_type: EventType) -> bool {
    use EventType as T;
    matches!(event_type, T::Sanction | T::Threat | T::Ceasefire | T::ArmsTransfer | T::MilitaryExercise)
}

/// *fired* is passive behind *was* or before *by*.
pub(crate) fn either(scene: Scene<'_>) -> FormVoice {
    if scene.language.settings.verb_frame {
        let auxiliary = |i: usize| scene.items[i].is_word(Word::PassiveAuxiliary);
        let passive = word_order::frame(scene).any(auxiliary);
        return if passive { FormVoice::Passive } else { FormVoice::Active };
    }
    let auxiliary = scene
        .left()
        .take(3)
        .any(|i| scene.items[i].is_word(Word::PassiveAuxiliary) && scene.gap(i, scene.trigger) <= 1);
    let agent_behind = scene
        .right()
        .next()
        .is_some_and(|i| scene.items[i].is_word(Word::AgentMarker) && scene.gap(scene.trigger, i) <= 1);
    if auxiliary || agent_behind { FormVoice::Passive } else { FormVoice::Active }
}

fn active(scene: Scene<'_>, sense: &Sense) -> Roles {
    let mut actors = subject(scene);
    if actors.is_empty() {
        actors = word_order::behind_object(scene, sense).unwrap_or_default();
    }
    let targets = objects(scene, &actors);
    Roles { actors, targets }
}

fn passive(scene: Scene<'_>) -> Roles {
    let mut actors = marked(scene, Word::AgentMarker);
    if actors.is_empty() && scene.language.settings.bare_passive_agent {
        actors = bare_agent(scene);
    }
    let mut targets = hit(scene, &[Word::Against]);
    targets.extend(sufferer(scene).into_iter().filter(|t| !actors.contains(t)));
    if targets.is_empty() && scene.language.settings.free_order {
        // *обстріляно Київ*, *был обстрелян Харьков*
        targets = objects(scene, &actors);
    }
    Roles { actors, targets }
}

/// The doer of a passive without a preposition: by its case, or else the party right behind. Where there are cases, a
/// state or town without one is who is hit.
fn bare_agent(scene: Scene<'_>) -> Vec<usize> {
    let cased = !scene.language.settings.instrumental.is_empty();
    if cased && let Some(doer) = cases::instrumental(scene) {
        return scene.with_joined(doer);
    }
    let behind = scene.right().find(|i| !matches!(scene.items[*i].what, What::Noun(_)));
    behind
        .filter(|i| scene.party(*i).is_some_and(|p| p.can_act && !(cased && p.seat.is_some())))
        .filter(|i| scene.marker(*i).is_none() && scene.gap(scene.trigger, *i) <= 2)
        .map(|i| scene.with_joined(i))
        .unwrap_or_default()
}

/// *обстрел Киева российскими войсками*: the object stands bare behind the noun.
fn verbal_noun(scene: Scene<'_>) -> Roles {
    let mut targets = cases::genitive(scene).map(|i| scene.with_joined(i)).unwrap_or_default();
    for preposition in [Word::Against, Word::Toward] {
        if targets.is_empty() {
            targets = hit(scene, &[preposition]);
        }
    }
    let mut actors = marked(scene, Word::AgentMarker);
    if actors.is_empty()
        && !scene.language.settings.instrumental.is_empty()
        && let Some(doer) = cases::instrumental(scene)
    {
        actors = scene.with_joined(doer);
    }
    if actors.is_empty() {
        actors = supported(scene);
    }
    Roles { actors, targets }
}

pub(super) fn noun(scene: Scene<'_>) -> Roles {
    let mut actors = marked(scene, Word::AgentMarker);
    if actors.is_empty() {
        actors = possessor(scene);
    }
    if actors.is_empty() {
        actors = attributive(scene).into_iter().collect();
    }
    // *was hit by an air strike*: the subject suffers what the noun does.
    if scene.is_marked(scene.trigger, Word::AgentMarker) {
        let sufferers = sufferer(scene);
        return Roles { targets: sufferers.into_iter().filter(|t| !actors.contains(t)).collect(), actors };
    }
    if actors.is_empty() {
        actors = supported(scene);
    }
    let mut targets = hit(scene, &[Word::Against]);
    if targets.is_empty() {
        targets = hit(scene, &[Word::Toward]);
    }
    if targets.is_empty() && done_by(scene) {
        targets = sufferer(scene);
    }
    if targets.is_empty() {
        targets = owner(scene);
    }
    Roles { actors, targets }
}

/// Whether an item can be hit: a party, or a place on land.
pub(super) fn can_be_hit(item: &Item) -> bool {
    match &item.what {
        What::Party(_) => true,
        What::Place(place) => place.kind != PlaceKind::Waters,
        _ => false,
    }
}

/// What is hit behind the trigger, governed by one of the prepositions.
fn hit(scene: Scene<'_>, prepositions: &[Word]) -> Vec<usize> {
    let before = scene.left().filter(|_| looks_left(scene));
    let mut around = scene.right().chain(before).filter(|i| can_be_hit(&scene.items[*i]));
    around.find(|i| scene.is_marked_any(*i, prepositions)).map(|i| scene.with_joined(i)).unwrap_or_default()
}

/// Whether phrases with prepositions or particles stand before the verb.
fn looks_left(scene: Scene<'_>) -> bool {
    let settings = &scene.language.settings;
    verb_final::applies(scene) || settings.phrases_before_verb || settings.verb_frame
}

/// The subject of a passive verb: whom it befalls.
fn sufferer(scene: Scene<'_>) -> Vec<usize> {
    let nearest = scene.left().filter(|i| can_be_hit(&scene.items[*i])).find(|i| scene.marker(*i).is_none());
    match nearest {
        Some(i) if !scene.speech_between(i, scene.trigger) => scene.with_joined(i),
        Some(_) => Vec::new(),
        None => before_clause(scene),
    }
}

/// Parties behind an active verb: its object, or what *at*, *against*, *into* govern.
pub(super) fn objects(scene: Scene<'_>, actors: &[usize]) -> Vec<usize> {
    if let Some(object) = word_order::object_inside(scene, actors) {
        return scene.with_joined(object);
    }
    let mut same_phrase = true;
    for i in scene.right().filter(|i| !actors.contains(i)) {
        match &scene.items[i].what {
            What::Comma | What::Quote => same_phrase = false,
            What::Word(Word::Say | Word::Confirm | Word::AccordingTo) => break,
            // *sold fighter jets to Indonesia*: what has no country is hit by nobody.
            _ if can_be_hit(&scene.items[i]) && !is_anonymous(&scene.items[i]) => {
                let direct = same_phrase && scene.marker(i).is_none() && !speaks_next(scene, i);
                if direct || scene.is_marked_any(i, &[Word::Against, Word::Toward]) {
                    return scene.with_joined(i);
                }
            }
            _ => {}
        }
    }
    // 对以色列发动空袭
    let goal =
        |i: &usize| can_be_hit(&scene.items[*i]) && scene.is_marked_any(*i, &[Word::Against, Word::Toward]);
    let before = scene.left().filter(|_| scene.language.settings.phrases_before_verb).find(goal);
    before.map(|i| scene.with_joined(i)).unwrap_or_default()
}

/// Whether the doer stands before the verb behind its marker (被武装分子打死).
fn done_by(scene: Scene<'_>) -> bool {
    scene.language.settings.phrases_before_verb
        && scene.left().any(|i| scene.items[i].is_word(Word::AgentMarker))
}

fn is_anonymous(item: &Item) -> bool {
    item.party().is_some_and(Party::is_anonymous)
}

/// Whether a verb of speech stands right behind an item.
fn speaks_next(scene: Scene<'_>, item: usize) -> bool {
    scene.items.get(item + 1).is_some_and(|next| {
        next.word().is_some_and(|w| matches!(w, Word::Say | Word::Confirm | Word::Claim | Word::Deny))
            && scene.gap(item, item + 1) <= 1
    })
}

/// Parties behind the trigger that a preposition governs.
pub(super) fn marked(scene: Scene<'_>, marker: Word) -> Vec<usize> {
    let party = |i: &usize| scene.party(*i).is_some() && scene.is_marked(*i, marker);
    let before = scene.left().filter(|_| looks_left(scene));
    before.chain(scene.right()).find(party).map(|i| scene.with_joined(i)).unwrap_or_default()
}

/// *serangan konsulat Iran*: the thing hit right behind the noun, and whose it is.
fn owner(scene: Scene<'_>) -> Vec<usize> {
    if scene.language.settings.noun_agent == NounAgent::Before {
        return Vec::new();
    }
    let mut behind = scene.right();
    let thing = behind.next().filter(|i| match scene.items[*i].what {
        What::Noun(noun) => {
            scene.gap(scene.trigger, *i) == 0 && can_be_owned(&scene.language.noun(noun).kind)
        }
        _ => false,
    });
    let party = thing
        .and_then(|thing| behind.next().filter(|i| scene.party(*i).is_some() && scene.gap(thing, *i) == 0));
    party.into_iter().collect()
}

/// Kinds of things that are hit, so that a party behind one of them owns it.
pub(super) fn can_be_owned(kind: &str) -> bool {
    matches!(kind, "building" | "vessel" | "civilian" | "leader" | "nuclear_site" | "warship")
}

/// Both sides of a clash or a truce: joined, between, or with each other.
fn equal_terms(scene: Scene<'_>, roles: &mut Roles) {
    let mut all = std::mem::take(&mut roles.actors);
    all.append(&mut roles.targets);
    for marker in [Word::Between, Word::With, Word::Against] {
        all.extend(marked(scene, marker));
    }
    let clause = scene.trigger_item().clause;
    if all.len() < 2 {
        let others = (0..scene.items.len()).filter(|i| {
            let item = &scene.items[*i];
            item.clause == clause
                && item.party().is_some_and(|p| scene.acts(p))
                && !scene.is_marked_any(*i, &[Word::At, Word::From, Word::AccordingTo, Word::Cite])
        });
        all.extend(others);
    }
    all.sort_unstable();
    all.dedup();
    roles.actors = all;
}
