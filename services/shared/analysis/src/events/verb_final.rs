//! Clauses that end in their verb (Japanese, Korean, Turkish, Hindi, Persian): who does it, to whom, and who says so.
//!
//! What a name is for the verb is told by the word behind it, its case: particles, endings and postpositions; in Persian
//! by prepositions, and by the order of bare names. The doer may be named as the doer, as the topic, or bare; a topic before
//! an inner subject only speaks (*the ministry said that the army had fired*).

use super::item::{Item, PlaceKind, What};
use super::roles::{self, Roles};
use super::scene::Scene;
use super::sentence::gap;
use crate::lexicon::WordOrder;
use crate::vocabulary::{FormVoice, Word};

/// Whether the language of a scene ends its clauses in the verb.
pub(super) fn applies(scene: Scene<'_>) -> bool {
    scene.language.settings.word_order == WordOrder::Sov
}

/// What the words right behind or before a name make of it, the most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Agent,
    Subject,
    Topic,
    Genitive,
    Object,
    Goal,
    /// Governed in another way, or a speaker.
    Other,
    Bare,
}

/// Finds doer and object of a trigger at the end of its clause.
pub(super) fn roles(scene: Scene<'_>, voice: FormVoice) -> Roles {
    if voice.is_noun() && !scene.language.settings.postpositions {
        // *حمله هوایی اسرائیل به رفح*: a noun with prepositions reads as in other languages.
        let found = roles::noun(scene);
        if !found.actors.is_empty() {
            return found;
        }
    }
    let named: Vec<(usize, Case)> =
        scene.left().filter(|i| can_take_part(&scene.items[*i])).map(|i| (i, case(scene, i))).collect();
    let reaction = scene.right().any(|i| scene.items[i].is_word(Word::Reaction));
    let happens =
        scene.right().chain(scene.left()).take(3).any(|i| scene.items[i].is_word(Word::SupportPassive));
    let passive = voice == FormVoice::Passive || is_passive(scene, voice);
    let actor = if passive || happens || voice == FormVoice::Intransitive && !acts(scene, &named) {
        found(&named, &[Case::Agent]).or_else(|| if happens { None } else { compound(scene, &named) })
    } else {
        doer(scene, &named, reaction)
    };
    let actor = actor.filter(|i| scene.party(*i).is_some_and(|p| p.can_act || p.body.is_some()));
    let mut target = found(&named, &[Case::Object, Case::Goal]).filter(|i| Some(*i) != actor);
    if target.is_none() && passive && voice != FormVoice::Noun {
        target = found(&named, &[Case::Subject, Case::Topic, Case::Bare]).filter(|i| Some(*i) != actor);
    }
    if target.is_none() && actor.is_some() {
        let owner = named.iter().find(|(i, case)| {
            matches!(case, Case::Genitive | Case::Bare)
                && Some(*i) != actor
                && (*case == Case::Genitive || head(scene, *i).is_some_and(|k| is_hit(k) || k == "vessel"))
        });
        target = owner.map(|(i, _)| *i);
    }
    if target.is_none() && actor.is_some() {
        // ガザ攻撃: what stands bare right before the noun is hit, where somebody else does it.
        let nearest =
            named.first().filter(|(i, case)| *case == Case::Bare && scene.gap(*i, scene.trigger) == 0);
        target = nearest.map(|(i, _)| *i).filter(|i| Some(*i) != actor);
    }
    let joined = |item: Option<usize>| item.map(|i| scene.with_joined(i)).unwrap_or_default();
    Roles { actors: joined(actor), targets: joined(target) }
}

fn can_take_part(item: &Item) -> bool {
    match &item.what {
        What::Party(_) => true,
        What::Place(place) => place.kind != PlaceKind::Waters,
        _ => false,
    }
}

/// The nearest name in one of these cases, cases tried in order.
fn found(named: &[(usize, Case)], cases: &[Case]) -> Option<usize> {
    cases.iter().find_map(|case| named.iter().find(|(_, c)| c == case).map(|(i, _)| *i))
}

/// Whether a doer is named as such.
fn acts(scene: Scene<'_>, named: &[(usize, Case)]) -> bool {
    named.iter().any(|(i, case)| {
        matches!(case, Case::Subject | Case::Topic | Case::Agent)
            && scene.party(*i).is_some_and(|p| p.can_act)
    })
}

/// A form that is active or passive is passive where an auxiliary or a doer of passives stands beside it.
fn is_passive(scene: Scene<'_>, voice: FormVoice) -> bool {
    let auxiliary =
        |i: usize| scene.items[i].is_word(Word::PassiveAuxiliary) && scene.gap(scene.trigger, i) <= 1;
    voice != FormVoice::Active && scene.right().take(3).any(auxiliary)
}

/// The doer of an active verb, or of a noun that tells of a deed.
fn doer(scene: Scene<'_>, named: &[(usize, Case)], reaction: bool) -> Option<usize> {
    if let Some(agent) = found(named, &[Case::Agent, Case::Subject]) {
        return Some(agent);
    }
    // Who claims it did it; who denies it is said to have.
    let owned_up = scene.right().any(|i| matches!(scene.items[i].word(), Some(Word::Claim | Word::Deny)));
    if owned_up && let Some(topic) = found(named, &[Case::Topic]) {
        return Some(topic);
    }
    // Of several owners the first did it (*İsrail'in Lübnan'ın güneyine*); a town does nothing.
    let town = |i: usize| match &scene.items[i].what {
        What::Party(party) => party.seat.is_some_and(|s| s.kind == PlaceKind::Town) && party.body.is_none(),
        _ => true,
    };
    let possessor =
        named.iter().rev().find(|(i, case)| *case == Case::Genitive && !town(*i) && owns(scene, *i));
    let topic = found(named, &[Case::Topic]).filter(|_| !reaction);
    let bare = named.iter().rev().filter(|(_, case)| *case == Case::Bare).map(|(i, _)| *i);
    let bare = bare.filter(|_| !reaction).find(|i| scene.party(*i).is_some());
    let told = scene.right().any(|i| is_speech(&scene.items[i]));
    match possessor {
        // *The ministry said on the North's launch*: whoever speaks is not the doer.
        Some((i, _)) if told || topic.is_none() => Some(*i),
        Some((i, _)) => topic.or(Some(*i)),
        None => topic.or(bare).or_else(|| compound(scene, named)),
    }
}

/// Whether nothing but things, numbers and other owners stand between an owner and the trigger.
fn owns(scene: Scene<'_>, item: usize) -> bool {
    let between = scene.items[item + 1..scene.trigger].iter();
    between.filter(|i| i.clause == scene.trigger_item().clause).all(|i| {
        matches!(
            i.what,
            What::Noun(_)
                | What::Quantity(_)
                | What::Party(_)
                | What::Place(_)
                | What::Date(_)
                | What::Quote
                | What::Trigger(_, FormVoice::Noun)
        ) || i.word().is_some_and(|w| {
            matches!(
                w,
                Word::GenitiveMarker
                    | Word::Recent
                    | Word::Toward
                    | Word::Against
                    | Word::At
                    | Word::ObjectMarker
            )
        })
    })
}

/// 北朝鮮ミサイル発射, 러시아 드론 공격: a state that heads a chain of nouns.
fn compound(scene: Scene<'_>, named: &[(usize, Case)]) -> Option<usize> {
    let chained = |i: usize| {
        scene.items[i + 1..scene.trigger].iter().all(|x| matches!(x.what, What::Noun(_) | What::Quantity(_)))
            && gap(scene.text, scene.items[i].end, scene.trigger_item().start) <= 3
    };
    named
        .iter()
        .find(|(i, case)| *case == Case::Bare && scene.party(*i).is_some() && chained(*i))
        .map(|(i, _)| *i)
}

/// The case of a name.
fn case(scene: Scene<'_>, item: usize) -> Case {
    let mut words = words_behind(scene, item);
    if !scene.language.settings.postpositions {
        words.retain(|w| is_speech_word(*w) || *w == Word::ObjectMarker);
    }
    let has = |word: Word| words.contains(&word);
    if words.iter().any(|w| is_speech_word(*w)) {
        return Case::Other;
    }
    if has(Word::AgentMarker) {
        return Case::Agent;
    }
    if has(Word::SubjectMarker) {
        return Case::Subject;
    }
    if has(Word::TopicMarker) {
        return Case::Topic;
    }
    if has(Word::GenitiveMarker) {
        return owner_of(scene, item).unwrap_or(Case::Genitive);
    }
    if has(Word::ObjectMarker) {
        return Case::Object;
    }
    if has(Word::Against) || has(Word::Toward) {
        return Case::Goal;
    }
    if words.iter().any(|w| matches!(w, Word::At | Word::From | Word::With | Word::Between | Word::Because)) {
        return Case::Other;
    }
    if scene.language.settings.postpositions {
        return Case::Bare;
    }
    // Prepositions stand before the name.
    let before = |word: Word| scene.is_marked(item, word);
    if before(Word::AgentMarker) {
        Case::Agent
    } else if before(Word::Against) || before(Word::Toward) {
        Case::Goal
    } else if scene.marker(item).is_some() {
        Case::Other
    } else {
        Case::Bare
    }
}

/// ロシアの戦闘機が, ウクライナの発電所を: an owner is what its thing is.
fn owner_of(scene: Scene<'_>, item: usize) -> Option<Case> {
    let thing = head(scene, item)?;
    let marker = marker(scene, item);
    let start = marker.map(|m| scene.items[m].start);
    let words = || scene.items.iter().filter(|i| Some(i.start) == start).filter_map(Item::word);
    let bare = words().all(|w| matches!(w, Word::SubjectMarker | Word::TopicMarker));
    if matches!(thing, "aircraft" | "warship" | "drone" | "troops" | "missile" | "vessel" | "artillery")
        && bare
    {
        return Some(Case::Subject);
    }
    let weapon =
        matches!(thing, "missile" | "rocket" | "bomb" | "drone" | "artillery" | "sanctions" | "exercise");
    let goal = words().any(|w| matches!(w, Word::ObjectMarker | Word::Against | Word::Toward));
    (goal && !weapon || is_hit(thing)).then_some(Case::Goal)
}

/// The kind of the thing right behind an owner or a bare name.
fn head(scene: Scene<'_>, item: usize) -> Option<&str> {
    let mut end = scene.items[item].end;
    for next in &scene.items[item + 1..scene.items.len().min(item + 6)] {
        if next.start < end {
            continue;
        }
        if gap(scene.text, end, next.start) > 1 {
            return None;
        }
        match next.what {
            What::Noun(noun) => return Some(&scene.language.noun(noun).kind),
            What::Quantity(_) | What::Word(Word::GenitiveMarker | Word::Recent) => end = next.end,
            _ => return None,
        }
    }
    None
}

/// Kinds of things that are entered or hit, whatever stands behind them.
fn is_hit(kind: &str) -> bool {
    matches!(
        kind,
        "airspace" | "waters" | "border" | "building" | "nuclear_site" | "civilian" | "leader" | "ground"
    )
}

/// The function words that begin where a name ends, the longest form's meanings only.
fn words_behind(scene: Scene<'_>, item: usize) -> Vec<Word> {
    let Some(first) = next_word(scene, item) else { return Vec::new() };
    let (start, end) = (scene.items[first].start, scene.items[first].end);
    let same = scene.items[first..].iter().take_while(|i| i.start == start).filter(|i| i.end == end);
    same.filter_map(Item::word).collect()
}

/// The first function word behind a name, over a head noun or an unknown word, and over the rest of the name's own word.
fn next_word(scene: Scene<'_>, item: usize) -> Option<usize> {
    let mut end = scene.items[item].end;
    for after in item + 1..scene.items.len().min(item + 8) {
        let next = &scene.items[after];
        if next.start < end {
            continue;
        }
        // A particle clings to its name; a postposition stands behind it or behind the name's head.
        if gap(scene.text, end, next.start) > 1 {
            return None;
        }
        match &next.what {
            What::Word(_) => return Some(after),
            What::Noun(_) | What::Quantity(_) | What::Bracket => end = next.end,
            // A verb of speech may be a trigger too.
            What::Trigger(..) => {}
            _ => return None,
        }
    }
    None
}

/// The word that governs a name from behind: over owners and head nouns (*カブールのモスクで*).
pub(super) fn marker(scene: Scene<'_>, item: usize) -> Option<usize> {
    let mut end = scene.items[item].end;
    for after in item + 1..scene.items.len().min(item + 10) {
        let next = &scene.items[after];
        if next.start < end {
            continue;
        }
        if gap(scene.text, end, next.start) > 1 {
            return None;
        }
        match &next.what {
            What::Word(word) if is_case(*word) => return Some(after),
            What::Word(Word::GenitiveMarker | Word::And | Word::Other | Word::Own) => end = next.end,
            What::Noun(_) | What::Quantity(_) | What::Bracket => end = next.end,
            What::Party(_) | What::Place(_) => end = next.end,
            _ => return None,
        }
    }
    None
}

fn is_case(word: Word) -> bool {
    matches!(
        word,
        Word::At
            | Word::From
            | Word::Toward
            | Word::Against
            | Word::With
            | Word::AgentMarker
            | Word::Between
            | Word::Because
            | Word::SubjectMarker
            | Word::TopicMarker
            | Word::ObjectMarker
    ) || is_speech_word(word)
}

fn is_speech(item: &Item) -> bool {
    item.word().is_some_and(is_speech_word)
}

fn is_speech_word(word: Word) -> bool {
    matches!(
        word,
        Word::Say | Word::Confirm | Word::Claim | Word::Deny | Word::Accuse | Word::AccordingTo | Word::Cite
    )
}

/// The speaker of a verb of speech: right before it (…したと韓国軍が発表した), else the topic of the sentence, else the
/// first subject or bare name.
pub(super) fn speaker(scene: Scene<'_>) -> Option<usize> {
    let speaks = |i: &usize| matches!(&scene.items[*i].what, What::Medium(_) | What::Party(_));
    let all: Vec<usize> = (0..scene.trigger).rev().filter(speaks).collect();
    let governed = |i: usize| {
        matches!(case(scene, i), Case::Object | Case::Goal | Case::Agent | Case::Genitive)
            || case(scene, i) == Case::Other && !touches(scene, i)
    };
    let close = all.first().copied().filter(|i| {
        let between = &scene.items[i + 1..scene.trigger];
        !governed(*i) && !between.iter().any(|x| matches!(x.what, What::Trigger(..) | What::Comma))
    });
    if close.is_some_and(|i| touches(scene, i)) {
        return close;
    }
    let of = |wanted: Case| all.iter().copied().find(|i| case(scene, *i) == wanted);
    let first = all.iter().rev().copied().find(|i| matches!(case(scene, *i), Case::Subject | Case::Bare));
    close.or_else(|| of(Case::Topic)).or(first)
}

/// Whether the verb of speech is the word right behind a name.
fn touches(scene: Scene<'_>, item: usize) -> bool {
    next_word(scene, item).is_some_and(|next| scene.items[next].start >= scene.trigger_item().start)
}
