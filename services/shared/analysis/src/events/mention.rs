//! One trigger in one sentence: what it tells, with all that its sentence says about it.

use siaga_schemas::{DateBasis, EventType, Status, WeaponClass};

use super::counts::{self, Counted};
use super::explain::Trace;
use super::item::{FoundDate, Item, Party, What};
use super::locate::{self, Where};
use super::roles;
use super::scene::Scene;
use super::sense;
use super::sentence::{Context, gap};
use super::speech::{self, Act, Speaker};
use super::status::{self, Verdict};
use crate::knowledge::Language;
use crate::lexicon::{NounAgent, Sense, WordOrder};
use crate::vocabulary::{FormVoice, Innocent, Word};

/// A party and the bytes that name it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) party: Party,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A speaker, resolved to a party or medium.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Voice {
    pub(crate) act: Act,
    pub(crate) who: Who,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Who speaks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Who {
    Party(Party),
    Medium(u32),
}

/// A weapon's class, the bytes that name it and the noun that they are.
pub(crate) type FoundWeapon = (WeaponClass, Option<(usize, usize)>, Option<u32>);

/// What one trigger tells.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    pub(crate) event_type: EventType,
    pub(crate) verdict: Verdict,
    pub(crate) confidence: f32,
    /// Whether the words point back to an event already told (*the launch*, *peluncuran tersebut*).
    pub(crate) points_back: bool,
    /// Whether many kinds of attack go by the words.
    pub(crate) generic: bool,
    /// Whether the words say that it is one more (*another*).
    pub(crate) one_more: bool,
    /// Whether it is the object of a condemnation or the like.
    pub(crate) reaction: bool,
    /// Whether its meaning rests on who does it, if only a kind of people (*gunmen*).
    pub(crate) by_someone: bool,
    pub(crate) actors: Vec<Named>,
    pub(crate) targets: Vec<Named>,
    pub(crate) places: Where,
    pub(crate) date: Option<(FoundDate, usize, usize)>,
    pub(crate) count: Option<Counted>,
    pub(crate) killed: Option<Counted>,
    pub(crate) injured: Option<Counted>,
    pub(crate) weapon: Option<FoundWeapon>,
    pub(crate) voices: Vec<Voice>,
}

/// What a sentence tells beside its triggers; a sentence without any may still speak of the event before it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aside {
    pub(crate) killed: Option<Counted>,
    pub(crate) injured: Option<Counted>,
    pub(crate) voices: Vec<Voice>,
    /// Whether it says that what was told is not so (*the report is a hoax*).
    pub(crate) refutes: bool,
}

/// Reads every trigger of a sentence.
pub(crate) fn read(items: &[Item], text: &str, context: Context<'_>, trace: &mut Trace) -> Vec<Mention> {
    let speakers = speech::speakers(items, text, context.language);
    let mut mentions = Vec::new();
    // The clauses that hold a threat, and where its mention stands.
    let mut threats: Vec<(usize, usize)> = Vec::new();
    // Clauses of verbs of killing, each with where its mention stands, and of nouns of attack.
    let (mut tolls, mut attacks): (Vec<(usize, usize)>, Vec<usize>) = (Vec::new(), Vec::new());
    for (at, item) in items.iter().enumerate() {
        let What::Trigger(index, voice) = item.what else { continue };
        if !is_likelier(items, text, at, context.language) {
            continue;
        }
        let scene = Scene { items, text, language: context.language, trigger: at, decreed: false };
        let trigger = context.language.trigger(index);
        let chosen = sense::choose(trigger, scene, voice, |s| roles::find(scene, voice, s), context);
        match chosen {
            Err(reason) => trace.refused(item, &trigger.name, &reason),
            Ok((sense, roles)) => {
                let mut mention = mention(scene, voice, sense, &roles, &speakers, context);
                // *threatens to attack ships that cross*: they have not crossed.
                let threat = threats.iter().any(|(clause, _)| clause + 1 == item.clause);
                if threat && mention.verdict.status.is_flagged() && scene.in_relative_clause() {
                    mention.verdict =
                        Verdict { status: Status::Hypothetical, reason: "part of a threat".to_owned() };
                }
                // *扬言用导弹打击基地*: what is threatened with is no event of its own.
                let content = threats.iter().rev().find(|(clause, _)| *clause == item.clause);
                if let Some((_, threat)) = content.filter(|_| is_attack(mention.event_type)) {
                    trace.refused(item, &trigger.name, "what a threat is of");
                    let threat: &mut Mention = &mut mentions[*threat];
                    if threat.targets.is_empty() {
                        threat.targets = mention.targets;
                    }
                    threat.weapon = threat.weapon.or(mention.weapon);
                    continue;
                }
                if mention.event_type == EventType::Threat {
                    threats.push((item.clause, mentions.len()));
                }
                if let Some(told) = tolled(items, at, voice, &mention) {
                    tolls.push((told, mentions.len()));
                }
                if voice.is_noun() && is_attack(mention.event_type) {
                    attacks.push(item.clause);
                }
                trace.taken(item, &trigger.name, &mention);
                mentions.push(mention);
            }
        }
    }
    // *two were killed in a clash*: the dead are the clash's, not of an event of their own.
    for (_, toll) in tolls.iter().rev().filter(|(clause, _)| attacks.contains(clause)) {
        mentions.remove(*toll);
    }
    mentions
}

/// The clause of a verb that tells of nothing but dead and wounded.
fn tolled(items: &[Item], at: usize, voice: FormVoice, mention: &Mention) -> Option<usize> {
    use EventType as T;
    let item = &items[at];
    let same = |i: &&Item| i.start == item.start && i.end == item.end;
    let counts = items.iter().filter(same).any(|i| i.is_word(Word::Killed) || i.is_word(Word::Injured));
    let killing = matches!(mention.event_type, T::ArmedAssault | T::SecurityOperation);
    (counts && killing && !voice.is_noun()).then_some(item.clause)
}

/// Types that are threatened with.
fn is_attack(event_type: EventType) -> bool {
    use EventType as T;
    matches!(event_type, T::Strike | T::BombAttack | T::ArmedAssault | T::ArmedClash)
}

/// Whether the trigger is the reading that the words around it ask for, where its form is noun and verb alike
/// (*drills*, *bombardir*): a verb behind a bare party or thing, else a noun.
fn is_likelier(items: &[Item], text: &str, at: usize, language: &Language) -> bool {
    let What::Trigger(index, voice) = items[at].what else { return true };
    let item = &items[at];
    let twin = |other: &Item| match other.what {
        What::Trigger(i, v) => {
            i == index && (other.start, other.end) == (item.start, item.end) && v.is_noun() != voice.is_noun()
        }
        _ => false,
    };
    let near = at.saturating_sub(3)..(at + 4).min(items.len());
    if !items[near].iter().any(twin) {
        return true;
    }
    let behind = items[at..].iter().find(|i| i.start >= item.end);
    let object = behind.is_some_and(|b| {
        matches!(b.what, What::Party(_) | What::Place(_)) && gap(text, item.end, b.start) == 0
    });
    let before = items[..at].iter().rev().find(|i| i.end <= item.start && i.clause == item.clause);
    // *قصف الجيش*, where verbs come first: a verb before whoever can have done it, a noun before an adjective.
    let doer_behind = language.settings.word_order == WordOrder::Vso
        && before.is_none()
        && behind.and_then(Item::party).is_some_and(Party::is_name);
    let verb = doer_behind
        || before.is_some_and(|b| {
            let doer = match &b.what {
                What::Party(party) => party.is_name(),
                // *missile strikes Kharkiv*, but *missile strikes near Kharkiv*.
                What::Noun(_) => language.settings.noun_agent == NounAgent::After || object,
                What::Word(word) => matches!(word, Word::May | Word::Will | Word::Not),
                _ => false,
            };
            doer && gap(text, b.end, item.start) == 0 && !text[b.end..item.start].contains('\'')
        });
    verb != voice.is_noun()
}

fn mention(
    scene: Scene<'_>,
    voice: FormVoice,
    sense: &Sense,
    roles: &roles::Roles,
    speakers: &[Speaker],
    context: Context<'_>,
) -> Mention {
    let (items, language, event_type) = (scene.items, context.language, sense.event_type);
    let date = nearest_date(scene).filter(|(d, _, _)| context.dated || fixes_itself(*d));
    let published = context.dated.then_some(context.published);
    let mut verdict = status::decide(scene, voice, event_type, date.map(|(d, _, _)| d), published);
    if let Some(status) = sense.status.filter(|_| verdict.status.is_flagged()) {
        verdict = Verdict { status, reason: "the word itself says so".to_owned() };
    }
    let named = |i: &usize| {
        let item = &items[*i];
        let party = match &item.what {
            What::Party(party) => party.clone(),
            What::Place(place) => Party { country: place.country, seat: Some(*place), ..Party::default() },
            _ => return None,
        };
        Some(Named { party, start: item.start, end: item.end })
    };
    let weapon = sense::weapon(scene, sense, language).map(|(class, item)| {
        let range = item.map(|i| (items[i].start, items[i].end));
        let noun = item.and_then(|i| match items[i].what {
            What::Noun(n) => Some(n),
            _ => None,
        });
        (class, range, noun)
    });
    let pointed = |word: Word| {
        scene
            .left()
            .take(2)
            .chain(scene.right().take(3))
            .any(|i| items[i].is_word(word) && scene.gap(i.min(scene.trigger), i.max(scene.trigger)) <= 2)
    };
    Mention {
        event_type,
        verdict,
        confidence: confidence(sense, scene),
        points_back: voice.is_noun() && pointed(Word::Definite) && !introduces(scene) && !begins_anew(scene),
        generic: is_generic(scene),
        one_more: pointed(Word::Other),
        reaction: scene.left().any(|i| reacts(items, i)),
        by_someone: !sense.agent.is_empty(),
        actors: roles.actors.iter().filter_map(named).collect(),
        targets: roles.targets.iter().filter_map(named).collect(),
        places: locate::find(scene, event_type, roles, language),
        date,
        count: counts::of_type(items, scene.text, scene.trigger, event_type, language),
        killed: counts::toll(items, scene.text, Word::Killed, Word::NobodyKilled, language),
        injured: counts::toll(items, scene.text, Word::Injured, Word::NobodyInjured, language),
        weapon,
        voices: speakers.iter().filter_map(|s| resolve(items, *s)).collect(),
    }
}

/// What a sentence without a mention adds to the event before it.
pub(crate) fn aside(items: &[Item], text: &str, context: Context<'_>) -> Aside {
    let speakers = speech::speakers(items, text, context.language);
    let refutes = items.iter().any(|i| i.is_word(Word::Deny));
    // *the report is a hoax, the ministry said*: who says so confirms nothing.
    let act = |act: Act| if refutes && act == Act::Tell { Act::Deny } else { act };
    let voices = speakers.iter().filter_map(|s| resolve(items, *s));
    Aside {
        killed: counts::toll(items, text, Word::Killed, Word::NobodyKilled, context.language),
        injured: counts::toll(items, text, Word::Injured, Word::NobodyInjured, context.language),
        voices: voices.map(|voice| Voice { act: act(voice.act), ..voice }).collect(),
        refutes,
    }
}

fn resolve(items: &[Item], speaker: Speaker) -> Option<Voice> {
    let item = &items[speaker.item];
    let who = match &item.what {
        What::Party(party) => Who::Party(party.clone()),
        What::Medium(medium) => Who::Medium(*medium),
        _ => return None,
    };
    Some(Voice { act: speaker.act, who, start: item.start, end: item.end })
}

/// Whether many kinds of attack go by the trigger's words.
fn is_generic(scene: Scene<'_>) -> bool {
    matches!(scene.trigger_item().what, What::Trigger(index, _) if scene.language.trigger(index).generic)
}

/// *the launch of a missile*: new to the reader, for all its article.
fn introduces(scene: Scene<'_>) -> bool {
    let next = scene.right().next().filter(|i| scene.gap(scene.trigger, *i) <= 1);
    next.is_some_and(|i| {
        scene.items[i].is_word(Word::Indefinite) || matches!(scene.items[i].what, What::Quantity(_))
    })
}

/// *said that an airstrike*: what looks like *that one* opens the clause.
fn begins_anew(scene: Scene<'_>) -> bool {
    let before = scene.left().next().filter(|i| scene.gap(*i, scene.trigger) <= 1);
    before.is_some_and(|i| scene.items[i].is_word(Word::Indefinite))
}

/// Whether an item condemns, welcomes or answers; *soldiers backed by militias* does not.
fn reacts(items: &[Item], at: usize) -> bool {
    let passive = items.get(at + 1).is_some_and(|i| i.is_word(Word::AgentMarker));
    items[at].is_word(Word::Reaction) && !passive
}

/// Whether a date needs no day of publication to be read.
fn fixes_itself(date: FoundDate) -> bool {
    const EPOCH_YEARS: std::ops::RangeInclusive<i16> = 1969..=1970;
    date.basis == DateBasis::Explicit && !EPOCH_YEARS.contains(&date.start.year())
}

/// The date of the trigger's clause, else the nearest of the sentence.
fn nearest_date(scene: Scene<'_>) -> Option<(FoundDate, usize, usize)> {
    let clause = scene.trigger_item().clause;
    let mut dates: Vec<usize> =
        (0..scene.items.len()).filter(|i| matches!(scene.items[*i].what, What::Date(_))).collect();
    dates.sort_by_key(|i| (scene.items[*i].clause != clause, i.abs_diff(scene.trigger)));
    dates.first().and_then(|i| match scene.items[*i].what {
        What::Date(date) => Some((date, scene.items[*i].start, scene.items[*i].end)),
        _ => None,
    })
}

/// The word's own weight, less where the sentence speaks of play, mishap or crime.
fn confidence(sense: &Sense, scene: Scene<'_>) -> f32 {
    let mut confidence = sense.confidence;
    for item in scene.items {
        if let What::Innocent(innocent) = item.what {
            confidence *= match innocent {
                Innocent::Fiction | Innocent::Game | Innocent::Sport => 0.5,
                Innocent::Accident | Innocent::Crime | Innocent::Civil => 0.6,
                Innocent::Business => 0.8,
            };
        }
    }
    confidence
}
