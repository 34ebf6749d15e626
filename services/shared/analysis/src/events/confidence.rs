//! How sure it is that an event happened as it is told here.
//!
//! Two questions: whether the words are enough to tell of an event at all, and how often events told like this one are
//! right.

use siaga_schemas::EventType;

use super::build::Surroundings;
use super::draft::Draft;

/// Support of the words and slots below which nothing is told at all.
const LEAST_SUPPORT: f32 = 0.5;

/// Words from here on tell of an event by themselves.
const PLAIN: f32 = 0.8;

/// Bytes of text from which its topics can speak against an event.
const LEAST_FOR_TOPICS: usize = 300;

/// Weights of a logistic regression of *this event is right* on what is known of it. `models/README.md` says from which
/// data, and `quality` how far the result is from the share that is right.
mod weights {
    pub(super) const INTERCEPT: f32 = 0.17;
    /// For each tenth that the words weigh more than 0.7.
    pub(super) const WORDS: f32 = 0.21;
    pub(super) const ACTOR: f32 = 0.06;
    pub(super) const TARGET: f32 = 0.54;
    pub(super) const DATE: f32 = 0.55;
    pub(super) const TOLL: f32 = 0.02;
    /// Told in more than one passage.
    pub(super) const AGAIN: f32 = 0.60;
}

/// Whether words, slots and topics together are enough to tell of an event.
pub(crate) fn is_enough(around: &Surroundings<'_>, draft: &Draft) -> bool {
    let mut support = draft.confidence;
    for supported in [
        !draft.actors.is_empty(),
        draft.place.is_some(),
        draft.date.is_some(),
        has_toll(draft),
        draft.weapon.is_some_and(|(_, range, _)| range.is_some()),
        draft.mentions > 1,
    ] {
        support += if supported { 0.03 } else { -0.02 };
    }
    (support * earnest(around) * 1000.0).round() / 1000.0 >= LEAST_SUPPORT
}

/// Whether violence or a raid whose place and parties have no name that is known (*in a village in the north*) tells enough to be an
/// event: a day, a toll, a number, a force, a doer of some kind (*gunmen*), or plain words beside a name that no list holds.
/// What states do needs the state, or its day.
pub(crate) fn is_concrete(draft: &Draft) -> bool {
    use EventType as T;
    let deed = matches!(
        draft.event_type,
        T::Strike
            | T::BombAttack
            | T::ArmedAssault
            | T::ArmedClash
            | T::Abduction
            | T::ViolentUnrest
            | T::SecurityOperation
    );
    let told = [&draft.killed, &draft.injured, &draft.count].iter().any(|c| c.is_some());
    draft.date.is_some()
        || deed
            && (told
                || draft.unnamed_actor.is_some()
                || draft.status.is_flagged()
                    && (draft.by_someone || draft.unlisted_place && draft.confidence >= PLAIN))
}

/// The probability that the event is right: its type, and that it happened or goes on, 0 to 1.
pub(crate) fn probability(around: &Surroundings<'_>, draft: &Draft) -> f32 {
    let words = (draft.confidence * earnest(around) - 0.7) * 10.0;
    let mut sum = weights::INTERCEPT + weights::WORDS * words;
    for (known, weight) in [
        (!draft.actors.is_empty(), weights::ACTOR),
        (!draft.targets.is_empty(), weights::TARGET),
        (draft.date.is_some(), weights::DATE),
        (has_toll(draft), weights::TOLL),
        (draft.evidence.len() > 1, weights::AGAIN),
    ] {
        sum += if known { weight } else { 0.0 };
    }
    (1000.0 / (1.0 + (-sum).exp())).round() / 1000.0
}

fn has_toll(draft: &Draft) -> bool {
    draft.killed.is_some() || draft.injured.is_some()
}

/// What is left of the words where the article is one of sport, art or leisure and nothing in it of conflict or politics.
fn earnest(around: &Surroundings<'_>) -> f32 {
    let topic = |code: &str| around.topics.iter().any(|t| t.code == code);
    // The topic of a sentence or two is a guess.
    if around.article.body.len() < LEAST_FOR_TOPICS || topic("16000000") || topic("11000000") {
        return 1.0;
    }
    let play =
        around.topics.iter().filter(|t| matches!(t.code.as_str(), "15000000" | "01000000" | "10000000"));
    1.0 - play.map(|t| t.score).fold(0.0, f32::max) / 2.0
}
