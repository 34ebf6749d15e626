//! Mentions of one event inside an article become one draft.

use std::ops::Range;

use crate::places::PlaceRef;
use siaga_schemas::{Country, EventType, Status, WeaponClass};

use super::counts::Counted;
use super::item::{FoundDate, Party};
use super::locate::is_test;
use super::mention::{Aside, Mention, Named, Voice, Who};
use super::speech::Act;

/// A byte range of one of the article's readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Index of the reading.
    pub(crate) reading: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A value and where it stands.
pub(crate) type At<T> = (T, Place);

/// An event of the article, not yet filled up from its surroundings.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) event_type: EventType,
    pub(crate) status: Status,
    pub(crate) status_reason: String,
    pub(crate) confidence: f32,
    /// Types that mentions gave it, with the sum of their confidence.
    types: Vec<(EventType, f32)>,
    pub(crate) mentions: usize,
    pub(crate) actors: Vec<At<Party>>,
    /// A force that the text gives no country (*the police*).
    pub(crate) unnamed_actor: Option<At<Party>>,
    pub(crate) targets: Vec<At<Party>>,
    pub(crate) country: Option<Country>,
    pub(crate) place: Option<At<siaga_schemas::Precision>>,
    pub(crate) known_place: Option<PlaceRef>,
    pub(crate) launch_site: Option<Place>,
    pub(crate) impact: Option<Place>,
    pub(crate) date: Option<At<FoundDate>>,
    pub(crate) count: Option<At<Counted>>,
    pub(crate) killed: Option<At<Counted>>,
    pub(crate) injured: Option<At<Counted>>,
    pub(crate) weapon: Option<(WeaponClass, Option<Place>, Option<u32>)>,
    pub(crate) voices: Vec<At<Voice>>,
    /// Sentences that carry it: reading, sentence, bytes.
    pub(crate) evidence: Vec<(usize, usize, Range<usize>)>,
    /// Whether every mention so far is the object of a condemnation or points back.
    pub(crate) only_referred: bool,
    /// Whether a sentence behind it says that it is not so.
    pub(crate) refuted: bool,
    /// Whether a mention names a place that no list holds.
    pub(crate) unlisted_place: bool,
    /// Whether a mention rests on who does it, if only a kind of people.
    pub(crate) by_someone: bool,
    /// Whether no mention so far says what kind of attack it was.
    generic: bool,
}

/// Where a mention stands.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub(crate) reading: usize,
    pub(crate) sentence: usize,
    pub(crate) range: Range<usize>,
    /// Whether its sentence names a place that no list holds.
    pub(crate) unlisted_place: bool,
}

impl Spot {
    fn at(&self, start: usize, end: usize) -> Place {
        Place { reading: self.reading, start, end }
    }
}

/// Most events of an article: a list of incidents holds dozens, what holds more is no news.
const MOST_DRAFTS: usize = 100;

/// Most passages quoted for an event.
const MOST_EVIDENCE: usize = 8;

/// Most speakers kept of an event.
const MOST_VOICES: usize = 32;

/// Weight of a word that many kinds of attack go by beside one that says which.
const GENERIC_VOTE: f32 = 0.01;

/// Adds a mention to the draft that it can be one event with, or begins a new one; the index of the draft, none where
/// there are too many already.
pub(crate) fn add(drafts: &mut Vec<Draft>, mention: &Mention, spot: &Spot) -> Option<usize> {
    let found = (0..drafts.len()).rev().find(|i| drafts[*i].can_be(mention, spot));
    if found.is_none() {
        if drafts.len() >= MOST_DRAFTS {
            return None;
        }
        drafts.push(Draft::new(mention));
    }
    let index = found.unwrap_or(drafts.len() - 1);
    drafts[index].absorb(mention, spot);
    Some(index)
}

/// Types that reporters confuse.
pub(crate) fn same_family(a: EventType, b: EventType) -> bool {
    use EventType as T;
    const FAMILIES: [&[EventType]; 3] = [
        &[T::Strike, T::BombAttack, T::MaritimeIncident],
        &[T::ArmedClash, T::ArmedAssault],
        &[T::MissileTest, T::SpaceLaunch, T::WeaponsTest],
    ];
    a == b || FAMILIES.iter().any(|f| f.contains(&a) && f.contains(&b))
}

/// Types that *attack*, *assault* or *blast* can stand for.
fn is_attack(event_type: EventType) -> bool {
    use EventType as T;
    matches!(
        event_type,
        T::Strike | T::BombAttack | T::ArmedAssault | T::ArmedClash | T::MaritimeIncident | T::Abduction
    )
}

impl Draft {
    fn new(mention: &Mention) -> Self {
        Self {
            event_type: mention.event_type,
            status: mention.verdict.status,
            status_reason: mention.verdict.reason.clone(),
            confidence: 0.0,
            types: Vec::new(),
            mentions: 0,
            actors: Vec::new(),
            unnamed_actor: None,
            targets: Vec::new(),
            country: None,
            place: None,
            known_place: None,
            launch_site: None,
            impact: None,
            date: None,
            count: None,
            killed: None,
            injured: None,
            weapon: None,
            voices: Vec::new(),
            evidence: Vec::new(),
            only_referred: true,
            refuted: false,
            unlisted_place: false,
            by_someone: false,
            generic: true,
        }
    }

    /// Whether type, status, day and parties of a mention can be true of this event.
    fn can_be(&self, mention: &Mention, spot: &Spot) -> bool {
        let open = self.generic || mention.generic;
        let kinds_meet = open && is_attack(self.event_type) && is_attack(mention.event_type);
        if !kinds_meet && !same_family(self.event_type, mention.event_type) {
            return false;
        }
        let same_sentence = self.evidence.iter().any(|(r, s, _)| (*r, *s) == (spot.reading, spot.sentence));
        if mention.one_more && !same_sentence {
            return false;
        }
        let days_meet = match (&self.date, &mention.date) {
            (Some((a, _)), Some((b, _, _))) => a.start <= b.end && b.start <= a.end,
            _ => true,
        };
        let statuses_meet = self.status == mention.verdict.status
            || self.status.is_flagged() && mention.verdict.status.is_flagged()
            || mention.points_back && mention.date.is_none() && mention.verdict.status.is_flagged()
            || self.is_denial_of(mention)
            || same_sentence && self.trigger_kin(mention);
        days_meet
            && statuses_meet
            && meet(&self.actors, &mention.actors)
            && (meet(&self.targets, &mention.targets) || is_test(self.event_type))
    }

    /// A denial and a report of one act, by one party, are one event.
    fn is_denial_of(&self, mention: &Mention) -> bool {
        let denied = |status: Status| status == Status::Denied;
        let one_denied = denied(self.status) != denied(mention.verdict.status);
        let other = if denied(self.status) { mention.verdict.status } else { self.status };
        one_denied
            && other.is_flagged()
            && self.event_type == mention.event_type
            && !self.actors.is_empty()
            && !mention.actors.is_empty()
    }

    /// In one sentence a noun and the verb that carries it tell of one event.
    fn trigger_kin(&self, mention: &Mention) -> bool {
        self.event_type == mention.event_type && self.date.as_ref().map(|d| d.0) == mention.date.map(|d| d.0)
    }

    fn absorb(&mut self, mention: &Mention, spot: &Spot) {
        self.mentions += 1;
        self.confidence = self.confidence.max(mention.confidence);
        self.only_referred &= mention.reaction || mention.points_back;
        self.vote(mention);
        self.generic &= mention.generic;
        self.by_someone |= mention.by_someone;
        self.unlisted_place |= spot.unlisted_place;
        // *the attack*, said of one long past, is no new one.
        let refers = self.mentions > 1 && mention.points_back && mention.date.is_none();
        if weight(mention.verdict.status) > weight(self.status)
            && !(refers && self.status == Status::Historical)
        {
            self.status = mention.verdict.status;
            self.status_reason = mention.verdict.reason.clone();
        }
        if self.unnamed_actor.is_none() {
            let force = |n: &&Named| n.party.is_anonymous() && n.party.can_act && !n.party.stateless;
            let found = mention.actors.iter().find(force);
            self.unnamed_actor = found.map(|n| (n.party.clone(), spot.at(n.start, n.end)));
        }
        for (list, named) in [(&mut self.actors, &mention.actors), (&mut self.targets, &mention.targets)] {
            for name in named {
                join(list, name, spot);
            }
        }
        self.absorb_places(mention, spot);
        let counted = |c: Option<Counted>| c.map(|c| (c, spot.at(c.start, c.end)));
        self.date = self.date.take().or_else(|| mention.date.map(|(d, s, e)| (d, spot.at(s, e))));
        self.count = self.count.take().or_else(|| counted(mention.count));
        self.killed = self.killed.take().or_else(|| counted(mention.killed));
        self.injured = self.injured.take().or_else(|| counted(mention.injured));
        let weapon =
            mention.weapon.map(|(class, range, noun)| (class, range.map(|(s, e)| spot.at(s, e)), noun));
        self.weapon = better_weapon(self.weapon.take(), weapon);
        self.add_voices(&mention.voices, spot);
        let evidence = (spot.reading, spot.sentence, spot.range.clone());
        if self.evidence.len() < MOST_EVIDENCE && !self.evidence.contains(&evidence) {
            self.evidence.push(evidence);
        }
    }

    fn absorb_places(&mut self, mention: &Mention, spot: &Spot) {
        let places = &mention.places;
        if self.country.is_none() {
            self.country = places.country;
        }
        if self.place.is_none() && (self.country == places.country || places.country.is_none()) {
            self.place = places.place.map(|(s, e)| (places.precision, spot.at(s, e)));
            self.known_place = places.known;
        }
        self.launch_site = self.launch_site.or_else(|| places.launch_site.map(|(s, e)| spot.at(s, e)));
        self.impact = self.impact.or_else(|| places.impact.map(|(s, e)| spot.at(s, e)));
    }

    /// Takes the toll and the speakers of a sentence that goes on about this event.
    pub(crate) fn continue_with(&mut self, aside: &Aside, spot: &Spot) {
        let counted = |c: Option<Counted>| c.map(|c| (c, spot.at(c.start, c.end)));
        let more = self.killed.is_none() && aside.killed.is_some()
            || self.injured.is_none() && aside.injured.is_some();
        self.killed = self.killed.take().or_else(|| counted(aside.killed));
        self.injured = self.injured.take().or_else(|| counted(aside.injured));
        self.add_voices(&aside.voices, spot);
        self.refuted |= aside.refutes;
        if more && self.evidence.len() < MOST_EVIDENCE {
            self.evidence.push((spot.reading, spot.sentence, spot.range.clone()));
        }
    }

    fn add_voices(&mut self, voices: &[Voice], spot: &Spot) {
        for voice in voices {
            if self.voices.len() < MOST_VOICES
                && !self.voices.iter().any(|(v, _)| v.act == voice.act && v.who == voice.who)
            {
                self.voices.push((voice.clone(), spot.at(voice.start, voice.end)));
            }
            // A group that claims an attack is the one that did it, as far as the article goes.
            if let (Act::Claim, Who::Party(party)) = (voice.act, &voice.who)
                && party.group.is_some()
                && self.actors.is_empty()
            {
                self.actors.push((party.clone(), spot.at(voice.start, voice.end)));
            }
        }
    }

    /// The type that most mentions give, by their confidence; the first of equals. A satellite named outranks a bare
    /// launch.
    fn vote(&mut self, mention: &Mention) {
        let weight = match mention.event_type {
            EventType::SpaceLaunch => 10.0,
            _ if mention.generic => mention.confidence * GENERIC_VOTE,
            _ => mention.confidence,
        };
        match self.types.iter_mut().find(|(t, _)| *t == mention.event_type) {
            Some((_, sum)) => *sum += weight,
            None => self.types.push((mention.event_type, weight)),
        }
        let most =
            |best: (EventType, f32), next: &(EventType, f32)| if next.1 > best.1 { *next } else { best };
        let none = (mention.event_type, 0.0);
        self.event_type = self.types.iter().fold(none, most).0;
    }
}

fn weight(status: Status) -> u8 {
    match status {
        Status::Occurred => 5,
        Status::Ongoing => 6,
        Status::Denied => 2,
        Status::Planned => 3,
        Status::Hypothetical => 1,
        Status::Historical => 4,
    }
}

/// Whether two sets of parties can be the same: one is empty, or they share a side.
fn meet(drafted: &[At<Party>], mentioned: &[Named]) -> bool {
    let known = |p: &Party| !p.is_anonymous();
    let drafted: Vec<&Party> = drafted.iter().map(|(p, _)| p).filter(|p| known(p)).collect();
    let mentioned: Vec<&Party> = mentioned.iter().map(|n| &n.party).filter(|p| known(p)).collect();
    drafted.is_empty()
        || mentioned.is_empty()
        || drafted.iter().any(|a| mentioned.iter().any(|b| a.can_be(b)))
}

fn join(list: &mut Vec<At<Party>>, named: &Named, spot: &Spot) {
    if named.party.is_anonymous() || list.iter().any(|(p, _)| p.same_side(&named.party)) {
        return;
    }
    list.push((named.party.clone(), spot.at(named.start, named.end)));
}

type DraftWeapon = Option<(WeaponClass, Option<Place>, Option<u32>)>;

/// A named class wins over an assumed one, a more exact one over the one that holds it.
fn better_weapon(old: DraftWeapon, new: DraftWeapon) -> DraftWeapon {
    match (old, new) {
        (Some(o), Some(n)) => {
            let refines = n.1.is_some() && (o.1.is_none() || holds(o.0, n.0));
            Some(if refines { n } else { o })
        }
        (old, new) => old.or(new),
    }
}

fn holds(general: WeaponClass, exact: WeaponClass) -> bool {
    use WeaponClass as W;
    match general {
        W::Other => exact != W::Other,
        W::Rocket => !matches!(exact, W::Rocket | W::Other | W::Aircraft | W::SmallArms),
        W::BallisticMissile => matches!(exact, W::Icbm | W::Irbm | W::Mrbm | W::Srbm | W::Slbm),
        _ => false,
    }
}
