//! Whether it happened: negation, modality, plan, history and date.

use jiff::ToSpan;
use jiff::civil::Date;
use siaga_schemas::{EventType, Status};

use super::item::{FoundDate, What};
use super::scene::Scene;
use super::verb_final;
use crate::vocabulary::{FormVoice, Word};

/// A status and the words that led to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) status: Status,
    pub(crate) reason: String,
}

/// Days after which an event is no news any more.
const NEWS_DAYS: i64 = 7;

/// How far, in unknown words, a modal or negation reaches.
const REACH: usize = 6;

/// Decides the status of a trigger from its sentence and its date; a date says nothing where the day of publication is
/// not known.
pub(crate) fn decide(
    scene: Scene<'_>,
    voice: FormVoice,
    event_type: EventType,
    date: Option<FoundDate>,
    published: Option<Date>,
) -> Verdict {
    let told = |status, item: usize| {
        let item = &scene.items[item];
        Verdict { status, reason: format!("`{}`", &scene.text[item.start..item.end]) }
    };
    if let Some((status, item)) = governed(scene, voice) {
        return told(status, item);
    }
    if let (Some(date), Some(published)) = (date, published)
        && let Some(verdict) = dated(date, published)
    {
        if verdict.status == Status::Historical
            && date.open
            && let Some(item) = find_word(scene, Word::Ongoing)
        {
            return told(Status::Ongoing, item);
        }
        return verdict;
    }
    if let Some(item) = find_word(scene, Word::Historical).or_else(|| previous(scene)) {
        return told(Status::Historical, item);
    }
    if lasts(event_type)
        && let Some(item) = find_word(scene, Word::Ongoing)
    {
        return told(Status::Ongoing, item);
    }
    Verdict { status: Status::Occurred, reason: "told as a fact".to_owned() }
}

/// Types that go on for a while.
fn lasts(event_type: EventType) -> bool {
    !matches!(
        event_type,
        EventType::MissileTest
            | EventType::NuclearTest
            | EventType::SpaceLaunch
            | EventType::BombAttack
            | EventType::ArmedAssault
            | EventType::Sanction
            | EventType::ArmsTransfer
            | EventType::Threat
    )
}

fn dated(date: FoundDate, published: Date) -> Option<Verdict> {
    let oldest = published.checked_sub(NEWS_DAYS.days()).unwrap_or(Date::MIN);
    if date.end < oldest {
        return Some(Verdict {
            status: Status::Historical,
            reason: format!("{} is more than seven days old", date.end),
        });
    }
    let tomorrow = published.tomorrow().unwrap_or(Date::MAX);
    if date.start > tomorrow {
        return Some(Verdict { status: Status::Planned, reason: format!("{} is to come", date.start) });
    }
    None
}

/// A word before the trigger, or behind a noun, that governs it.
fn governed(scene: Scene<'_>, voice: FormVoice) -> Option<(Status, usize)> {
    let opener = scene.items.partition_point(|i| i.clause < scene.trigger_item().clause);
    if scene.items.get(opener).is_some_and(|i| i.is_word(Word::If)) {
        return Some((Status::Hypothetical, opener));
    }
    if let Some(found) = inherited(scene, opener).or_else(|| introduced(scene, opener)) {
        return Some(found);
    }
    let mut words = 0;
    let mut nearest = scene.trigger;
    // Where the verb stands last, what stands before it governs it only as an attribute.
    let reach = if verb_final::applies(scene) { 1 } else { scene.reach(REACH) };
    let (mut parted, mut other_deed) = (false, false);
    for i in scene.left() {
        words += if i < nearest { scene.gap(i, i + 1) } else { 0 };
        nearest = i;
        if words > reach {
            break;
        }
        match scene.items[i].what {
            What::Comma => parted = true,
            What::Trigger(..) => other_deed |= parted,
            _ => {}
        }
        // *foiled an attack, three were arrested*: what was foiled or did not happen stands before the comma.
        let elsewhere = other_deed && !voice.is_noun();
        let parts = |w: Word| matches!(w, Word::Foiled | Word::Cancelled | Word::Not | Word::Deny);
        let holds = |w: &Word| !(elsewhere && parts(*w) || fronts(scene, i));
        if let Some(status) = scene.items[i].word().filter(holds).and_then(|w| governs(w, words)) {
            // *foiled a planned attack*, *fears that it will test*: it will not come, or may not.
            let doubts = |f: &usize| matches!(scene.items[*f].word(), Some(Word::Foiled | Word::May));
            let doubt = scene.left().filter(|f| *f < i).find(doubts);
            let near = |f: &usize| status == Status::Planned && scene.gap(*f, scene.trigger) <= REACH;
            return Some(doubt.filter(near).map_or((status, i), |doubt| (Status::Hypothetical, doubt)));
        }
        let other_verb = matches!(scene.items[i].what, What::Trigger(_, v) if !v.is_noun());
        if other_verb && words > 2 {
            break;
        }
    }
    // *The test of …*: many nouns look like verbs.
    let article = scene.left().next().filter(|i| scene.items[*i].is_word(Word::Definite));
    let headed = article.is_some_and(|i| scene.gap(i, scene.trigger) == 0);
    if (voice.is_noun() || headed)
        && let Some(found) = cancelled(scene)
    {
        return Some(found);
    }
    let last = verb_final::applies(scene);
    if !voice.is_noun() && !last && !scene.language.settings.verb_frame {
        return None;
    }
    behind(scene, last)
}

/// A word behind a noun, or behind any trigger where verbs stand last, that governs it.
fn behind(scene: Scene<'_>, last: bool) -> Option<(Status, usize)> {
    let rest = || scene.right().take_while(|i| scene.items[*i].what != What::Comma);
    // *의혹을 부인했다*, *حمله با بمب به کلیسا را خنثی کرد*: the verb at the end of the clause has the last word.
    let final_word = |i: &usize| match scene.items[*i].word()? {
        Word::Deny => Some((Status::Denied, *i)),
        Word::Foiled => Some((Status::Hypothetical, *i)),
        _ => None,
    };
    if last && let Some(found) = rest().filter_map(|i| final_word(&i)).last() {
        return Some(found);
    }
    let near = rest().take(6).take_while(|i| scene.gap(scene.trigger, *i) <= REACH);
    let words = near.filter_map(|i| scene.items[i].word().map(|word| (word, i)));
    let mut words = words.filter(|(word, _)| last || !matches!(word, Word::Not));
    words.find_map(|(word, i)| governs(word, 0).map(|status| (status, i)))
}

/// *将3名武装分子击毙*: a word of the future that only brings the object forward.
fn fronts(scene: Scene<'_>, item: usize) -> bool {
    let word = &scene.items[item];
    let fronting = &scene.language.settings.fronting;
    if !fronting.iter().any(|f| *f == scene.text[word.start..word.end]) {
        return false;
    }
    let next = scene.items[item + 1..].iter().find(|i| i.start >= word.end);
    next.is_some_and(|next| {
        next.start == word.end
            && matches!(next.what, What::Quantity(_) | What::Noun(_) | What::Party(_) | What::Place(_))
    })
}

/// *the test of a missile from the base, planned for dawn, was put off*: whatever stands between.
fn cancelled(scene: Scene<'_>) -> Option<(Status, usize)> {
    let other = |i: &usize| matches!(scene.items[*i].what, What::Trigger(_, v) if !v.is_noun());
    let off = scene.right().take_while(|i| !other(i)).find(|i| scene.items[*i].is_word(Word::Cancelled));
    off.map(|i| (Status::Planned, i))
}

/// *threatens to attack ships that cross*: what a relative clause tells of a thing that may come, may come too.
fn inherited(scene: Scene<'_>, opener: usize) -> Option<(Status, usize)> {
    if !scene.items.get(opener)?.is_word(Word::Which) {
        return None;
    }
    let clause = scene.items[opener].clause;
    let verb = (0..opener)
        .rev()
        .take_while(|i| scene.items[*i].clause + 1 == clause)
        .find(|i| matches!(scene.items[*i].what, What::Trigger(_, v) if !v.is_noun()))?;
    governed(Scene { trigger: verb, ..scene }, FormVoice::Active)
        .filter(|(status, _)| matches!(status, Status::Hypothetical | Status::Planned))
}

/// *denied reports that*, *membantah kabar bahwa*, *fears that*: the words before the clause govern it.
fn introduced(scene: Scene<'_>, opener: usize) -> Option<(Status, usize)> {
    if !scene.items.get(opener)?.is_word(Word::That) {
        return None;
    }
    let near = || (0..opener).rev().take_while(|i| scene.gap(*i, opener) <= 2).take(4);
    let found = |word: Word| near().find(|i| scene.items[*i].is_word(word));
    // *denied fears that*: what is denied is more than doubted.
    let denied = found(Word::Deny).map(|i| (Status::Denied, i));
    denied.or_else(|| found(Word::May).map(|i| (Status::Hypothetical, i)))
}

fn governs(word: Word, words: usize) -> Option<Status> {
    Some(match word {
        Word::Not if words <= 3 => Status::Denied,
        Word::Deny => Status::Denied,
        Word::May => Status::Hypothetical,
        Word::Foiled => Status::Hypothetical,
        Word::Will | Word::Cancelled => Status::Planned,
        _ => return None,
    })
}

fn find_word(scene: Scene<'_>, word: Word) -> Option<usize> {
    let clause = scene.trigger_item().clause;
    let in_clause =
        (0..scene.items.len()).find(|i| scene.items[*i].clause == clause && scene.items[*i].is_word(word));
    in_clause.or_else(|| scene.items.iter().position(|i| i.is_word(word) && word == Word::Historical))
}

/// *the previous test*, *serangan sebelumnya*.
fn previous(scene: Scene<'_>) -> Option<usize> {
    let beside = |i: &usize| scene.items[*i].is_word(Word::Previous);
    let left = scene.left().take(2).find(beside).filter(|i| scene.gap(*i, scene.trigger) <= 1);
    left.or_else(|| scene.right().take(2).find(beside).filter(|i| scene.gap(scene.trigger, *i) <= 1))
}
