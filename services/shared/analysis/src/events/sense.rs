//! What a trigger means beside the words around it.

use siaga_schemas::WeaponClass;

use super::item::{Item, PlaceKind, What};
use super::roles::{self, Roles};
use super::scene::{Scene, is_marker};
use super::sentence::Context;
use super::verb_final;
use crate::knowledge::Language;
use crate::lexicon::{Sense, Trigger, WordOrder};
use crate::vocabulary::{FormVoice, Word};

/// How far from its trigger an object may stand, in unknown words.
const OBJECT_REACH: usize = 8;

/// How far from a noun that tells of an event.
const NOUN_REACH: usize = 4;

/// The first sense whose conditions hold, or why none does.
pub(crate) fn choose<'l>(
    trigger: &'l Trigger,
    scene: Scene<'_>,
    voice: FormVoice,
    roles: impl Fn(&Sense) -> Roles,
    context: Context<'_>,
) -> Result<(&'l Sense, Roles), String> {
    let mut refused = String::from("no sense");
    for sense in &trigger.senses {
        let found = roles(sense);
        match fits(sense, scene, voice, &found, context) {
            Ok(()) => return Ok((sense, found)),
            Err(reason) => refused = format!("{}: {reason}", sense.event_type),
        }
    }
    Err(refused)
}

fn fits(
    sense: &Sense,
    scene: Scene<'_>,
    voice: FormVoice,
    roles: &Roles,
    context: Context<'_>,
) -> Result<(), String> {
    let language = context.language;
    let all = || scene.items.iter();
    if let Some(kind) = sense.without.iter().find(|k| all().any(|i| is_kind(i, k, language))) {
        return Err(format!("a {kind} stands beside it"));
    }
    // *fired from an airbase*: a place of departure is no witness of a hit.
    let left_from = |i: usize| matches!(scene.items[i].what, What::Noun(_)) && departs(scene, i);
    let is_near = |kind: &String| {
        (0..scene.items.len()).any(|i| is_kind(&scene.items[i], kind, language) && !left_from(i))
    };
    if !sense.near.is_empty() && !sense.near.iter().any(is_near) {
        return Err(format!("no {} in the sentence", sense.near.join(" or ")));
    }
    if !sense.article.is_empty() && !sense.article.iter().any(|k| context.kinds.contains(k.as_str())) {
        return Err(format!("no {} in the article", sense.article.join(" or ")));
    }
    if !sense.object.is_empty()
        && objects(scene, voice).all(|i| !any_kind(&scene.items[i], &sense.object, language))
    {
        return Err(format!("no {} as its object", sense.object.join(" or ")));
    }
    if !sense.agent.is_empty() {
        let named = roles.actors.iter().any(|i| any_kind(&scene.items[*i], &sense.agent, language));
        // *was shot by gunmen*: who stands before it has it done to him.
        let undergone = voice == FormVoice::Either && roles::either(scene) == FormVoice::Passive;
        let can_act = |i: &usize| !undergone || scene.is_marked(*i, Word::AgentMarker);
        let voice = if undergone { FormVoice::Passive } else { voice };
        let thing =
            agents(scene, voice).filter(can_act).any(|i| any_kind(&scene.items[i], &sense.agent, language));
        if !named && !thing {
            return Err(format!("no {} does it", sense.agent.join(" or ")));
        }
    }
    if sense.target && !hits_something(scene, roles, language) {
        return Err("nothing is hit".to_owned());
    }
    Ok(())
}

/// Whether *from* governs a thing, be it at the end of a long name (*from Wonsan Kalma International Airport*).
fn departs(scene: Scene<'_>, item: usize) -> bool {
    /// Items that a name of a place can consist of.
    const LONGEST: usize = 5;
    if scene.is_marked(item, Word::From) {
        return true;
    }
    if scene.language.settings.postpositions {
        return false;
    }
    let before = scene.items[..item].iter().rev().take(LONGEST);
    let mut name = before.take_while(|i| match &i.what {
        What::Comma | What::Trigger(..) | What::Quantity(_) | What::Date(_) => false,
        What::Word(word) => *word == Word::From || !is_marker(*word),
        _ => true,
    });
    name.any(|i| i.is_word(Word::From))
}

pub(super) fn any_kind(item: &Item, kinds: &[String], language: &Language) -> bool {
    kinds.iter().any(|k| is_kind(item, k, language))
}

/// Whether an item is of a kind that senses ask for.
pub(crate) fn is_kind(item: &Item, kind: &str, language: &Language) -> bool {
    match &item.what {
        What::Noun(i) => language.noun(*i).kind == kind,
        What::Party(party) => match kind {
            "state" => party.country.is_some() && party.group.is_none(),
            "group" => party.group.is_some(),
            "body" => party.body.is_some(),
            "force" => party.body.is_some() && party.can_act,
            "place" => party.seat.is_some(),
            _ => false,
        },
        What::Place(place) => match kind {
            "place" => place.kind != PlaceKind::Waters,
            "water" => place.kind == PlaceKind::Waters,
            _ => false,
        },
        What::Word(Word::Killed) => kind == "killed",
        What::Word(Word::Injured) => kind == "injured",
        _ => false,
    }
}

/// Items that can be the object: behind an active verb, before a passive one, on both sides of a noun, and before
/// the relative word that opens the clause.
fn objects<'a>(scene: Scene<'a>, voice: FormVoice) -> impl Iterator<Item = usize> + 'a {
    let last = verb_final::applies(scene);
    let reach = scene.reach(if voice.is_noun() && !last { NOUN_REACH } else { OBJECT_REACH });
    let behind = voice != FormVoice::Passive;
    let before = last || scene.language.settings.verb_frame || voice != FormVoice::Active;
    // *recaptured the town from rebels*: who lost it is no object.
    let lost =
        move |i: &usize| matches!(scene.items[*i].what, What::Noun(_)) && scene.is_marked(*i, Word::From);
    let right = scene
        .right()
        .filter(move |i| behind && !lost(i))
        .take_while(move |i| scene.gap(scene.trigger, *i) <= reach);
    let left =
        scene.left().filter(move |_| before).take_while(move |i| scene.gap(*i, scene.trigger) <= reach);
    // "the missile fired" and "rudal yang ditembakkan" alike: what a passive of a bare form leaves behind it counts too.
    let late = scene.right().filter(move |_| voice == FormVoice::Passive).take(3);
    right.chain(left).chain(late).chain(antecedents(scene))
}

fn agents<'a>(scene: Scene<'a>, voice: FormVoice) -> impl Iterator<Item = usize> + 'a {
    let before = voice != FormVoice::Passive;
    let settings = &scene.language.settings;
    let first = settings.word_order == WordOrder::Vso;
    let behind = !before || first || settings.verb_frame;
    // Where verbs come first, what is counted behind them is their object.
    let counted = move |i: &usize| first && before && matches!(scene.items[*i].what, What::Quantity(_));
    scene
        .left()
        .filter(move |_| before)
        .take_while(move |i| scene.gap(*i, scene.trigger) <= scene.reach(OBJECT_REACH))
        .chain(
            scene
                .right()
                .filter(move |_| behind)
                .take_while(move |i| !counted(i))
                .take_while(move |i| scene.gap(scene.trigger, *i) <= scene.reach(OBJECT_REACH)),
        )
}

fn antecedents<'a>(scene: Scene<'a>) -> impl Iterator<Item = usize> + 'a {
    let first = scene.items.partition_point(|i| i.clause < scene.trigger_item().clause);
    // *le missile que la Corée a tiré*: what is *that* elsewhere is *which* right behind a thing.
    let opener = scene.items.get(first).and_then(Item::word);
    let touches = |i: usize| matches!(scene.items[i].what, What::Noun(_)) && scene.gap(i, first) <= 1;
    let thing = first.checked_sub(1).is_some_and(touches);
    let relative = opener == Some(Word::Which) || opener == Some(Word::That) && thing;
    (0..first).rev().filter(move |i| relative && scene.gap(*i, first) <= 4).take(4)
}

/// Whether a place, party or thing is hit.
fn hits_something(scene: Scene<'_>, roles: &Roles, language: &Language) -> bool {
    const THINGS: [&str; 9] =
        ["building", "civilian", "troops", "police", "vessel", "warship", "tank", "militant", "leader"];
    if !roles.targets.is_empty() {
        return true;
    }
    let around = scene.right().chain(scene.left());
    around
        .take_while(|i| scene.gap((*i).min(scene.trigger), (*i).max(scene.trigger)) <= OBJECT_REACH * 2)
        .any(|i| match &scene.items[i].what {
            // *ditembakkan dari kapal selam*: from there, not at it.
            What::Noun(n) => {
                THINGS.contains(&language.noun(*n).kind.as_str())
                    && !departs(scene, i)
                    && !scene.is_marked_any(i, &[Word::With, Word::AgentMarker])
            }
            What::Word(Word::Killed | Word::Injured) => true,
            _ => false,
        })
}

/// The weapon of a mention: a name before a class, a nearer one before a farther one, the clause before the sentence.
pub(crate) fn weapon(
    scene: Scene<'_>,
    sense: &Sense,
    language: &Language,
) -> Option<(WeaponClass, Option<usize>)> {
    let clause = scene.trigger_item().clause;
    let weapons = |same_clause: bool| {
        (0..scene.items.len())
            .filter(move |i| (scene.items[*i].clause == clause) == same_clause)
            .filter_map(|i| match scene.items[i].what {
                What::Noun(n) => language.noun(n).weapon.map(|class| (i, class)),
                _ => None,
            })
            .filter(|(_, class)| suits(*class, sense))
            .max_by_key(|(i, class)| (specific(*class), std::cmp::Reverse(i.abs_diff(scene.trigger))))
    };
    let wanted = !sense.object.is_empty() || sense.weapon.is_none();
    let own = match &scene.trigger_item().what {
        What::Trigger(..) => None,
        What::Noun(n) => language.noun(*n).weapon.map(|c| (scene.trigger, c)),
        _ => None,
    };
    let found = own.or_else(|| weapons(true)).or_else(|| if wanted { weapons(false) } else { None });
    match found {
        Some((i, class)) => Some((class, Some(i))),
        None => sense.weapon.map(|class| (class, None)),
    }
}

fn suits(class: WeaponClass, sense: &Sense) -> bool {
    use siaga_schemas::EventType as T;
    match sense.event_type {
        T::CyberAttack => class == WeaponClass::Cyber,
        T::MissileTest => !matches!(
            class,
            WeaponClass::SmallArms
                | WeaponClass::Bomb
                | WeaponClass::Cyber
                | WeaponClass::Nuclear
                | WeaponClass::Aircraft
        ),
        T::NuclearTest | T::NuclearActivity => class == WeaponClass::Nuclear,
        T::Sanction | T::Ceasefire | T::Coup => false,
        _ => class != WeaponClass::Nuclear,
    }
}

/// More exact classes win over the ones that hold them.
fn specific(class: WeaponClass) -> u8 {
    match class {
        WeaponClass::Other => 0,
        WeaponClass::Rocket => 1,
        WeaponClass::BallisticMissile | WeaponClass::Aircraft | WeaponClass::SmallArms => 2,
        _ => 3,
    }
}
