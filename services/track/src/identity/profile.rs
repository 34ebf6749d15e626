//! The slots of a report that decide which happening it is of.

use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use siaga_schemas::{
    Country, DatePrecision, EventDate, Location, Mention, Party, Precision, SecurityEvent, Status,
    WeaponClass,
};
use xxhash_rust::xxh3::Xxh3;

use super::day::Day;
use super::family::Family;
use super::fit::{LEAST_ON_ONE_DAY, LEAST_UNDATED, fit};

/// An event without a date lies at most so many days before its publication: the guide's bound of what is news.
const NEWS_DAYS: i32 = 7;

/// What decides. Its order is that in which reports are grouped: by day, the best known first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Profile {
    /// The day; for a report without one the last day it names, or that of its publication.
    pub(crate) day: Day,
    /// Slots that it does not tell.
    pub(crate) unknown: u8,
    pub(crate) family: Family,
    /// First and last day on which it can have happened.
    pub(crate) window: (Day, Day),
    /// Who did it; where reports differ in whose the deed was, both sides.
    pub(crate) sides: Vec<Who>,
    /// Countries of whom or what it hit.
    pub(crate) hit: Vec<Country>,
    pub(crate) country: Option<Country>,
    /// Whether the country is only that of the nearest coast.
    pub(crate) at_sea: bool,
    pub(crate) place: Option<Place>,
    pub(crate) weapon: Option<Arm>,
    pub(crate) weapon_name: Option<String>,
    /// The event, where the slots are too few to say that another report with the same ones is of the same happening.
    pub(crate) alone: Option<String>,
}

/// A state or group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Who {
    Country(Country),
    Group(String),
}

/// A place below the country.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// By its path in the tables of places: what contains it stands before it (`UA/07/706483`).
    Known(String),
    /// By words that can only be compared inside one language.
    Words { language: String, words: String, precision: Rank },
}

/// [`Precision`] with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Place,
    Region,
    Waters,
}

/// What flies or shoots, as coarsely as reports agree on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Arm {
    Missile,
    Launcher,
    Guns,
    Drone,
    Aircraft,
    Bomb,
    SmallArms,
    Nuclear,
    Torpedo,
    Cyber,
}

/// A digest of what reports of one happening share at least one of, for the index: a party, a country, a place. Two that
/// collide cost a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Token(u64);

#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Mark<'p> {
    State(Country),
    /// The first word of its name, which its branches bear too.
    Group(&'p str),
    In(Country),
    At(&'p str),
}

impl<'p> Mark<'p> {
    fn of(who: &'p Who) -> Self {
        match who {
            Who::Country(country) => Self::State(*country),
            Who::Group(name) => Self::Group(name.split(' ').next().unwrap_or_default()),
        }
    }
}

/// Why a mention is of no happening that could be joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undecidable {
    /// It tells of what has not happened.
    NotYet,
    /// It tells of the past without a day.
    Undated,
}

impl Undecidable {
    /// Name for the counter of skipped records.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NotYet => "not_happened",
            Self::Undated => "undated_history",
        }
    }
}

impl Profile {
    /// The profile of a mention.
    pub(crate) fn of(mention: &Mention) -> Result<Self, Undecidable> {
        let event = &mention.event;
        if matches!(event.status, Status::Planned | Status::Hypothetical) {
            return Err(Undecidable::NotYet);
        }
        let published = Day::from(mention.article.published_at.date());
        let (day, window) = days(event, published).ok_or(Undecidable::Undated)?;
        let family = Family::of(event.event_type);
        let mut hit: Vec<Country> = event.targets.iter().filter_map(|target| target.country).collect();
        hit.sort();
        hit.dedup();
        let both = family.is_two_sided().then_some(&hit);
        let both = both.into_iter().flatten().map(|country| Who::Country(*country));
        let mut sides: Vec<Who> = event.actors.iter().filter_map(who).chain(both).collect();
        sides.sort();
        sides.dedup();
        let mut profile = Self {
            day,
            unknown: 0,
            family,
            window,
            sides,
            hit,
            country: event.location.country,
            at_sea: event.location.precision == Precision::Waters,
            place: place(&event.location, &mention.article.language),
            weapon: event.weapon.as_ref().and_then(|weapon| arm(weapon.class)),
            weapon_name: event.weapon.as_ref().and_then(|weapon| weapon.name.clone()),
            alone: None,
        };
        profile.unknown = profile.count_unknown();
        let least = if profile.is_dated() { LEAST_ON_ONE_DAY } else { LEAST_UNDATED };
        if fit(&profile, &profile).is_ok_and(|score| score < least) {
            profile.alone = Some(event.id.clone());
        }
        Ok(profile)
    }

    /// Whether its day is fixed.
    pub(crate) fn is_dated(&self) -> bool {
        self.window.0 == self.window.1
    }

    fn tokens(&self) -> Vec<Token> {
        let mut marks: Vec<Mark<'_>> = self.sides.iter().map(Mark::of).collect();
        marks.extend(self.country.iter().chain(&self.hit).map(|country| Mark::In(*country)));
        match &self.place {
            Some(Place::Known(path)) => {
                let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
                marks.extend(ends.map(|end| Mark::At(&path[..end])));
            }
            Some(Place::Words { words, .. }) => marks.push(Mark::At(words)),
            None => {}
        }
        marks.sort();
        marks.dedup();
        let digest = |mark: Mark<'_>| {
            let mut hasher = Xxh3::new();
            (self.family, mark).hash(&mut hasher);
            Token(hasher.finish())
        };
        marks.into_iter().map(digest).collect()
    }

    /// Which slots are known, as bits.
    pub(crate) fn known(&self) -> u8 {
        let known = [
            !self.sides.is_empty(),
            !self.hit.is_empty(),
            self.country.is_some(),
            self.place.is_some(),
            self.weapon.is_some(),
            self.weapon_name.is_some(),
        ];
        known.iter().enumerate().fold(0, |bits, (slot, known)| bits | u8::from(*known) << slot)
    }

    fn count_unknown(&self) -> u8 {
        6 - u8::try_from(self.known().count_ones()).unwrap_or(6)
    }
}

/// The day that stands for it, and the days on which it can have happened.
fn days(event: &SecurityEvent, published: Day) -> Option<(Day, (Day, Day))> {
    let news = (published.plus(-NEWS_DAYS), published.plus(1));
    let is_news = event.flagged || event.status == Status::Denied;
    match &event.date {
        Some(EventDate { start, end, precision: DatePrecision::Day, .. }) => {
            let (start, end) = (Day::from(*start), Day::from(*end).max(Day::from(*start)));
            Some((end, (start, end)))
        }
        Some(date) if is_news => {
            let (start, end) = (Day::from(date.start).max(news.0), Day::from(date.end).min(news.1));
            let window = if start <= end { (start, end) } else { news };
            Some((published, window))
        }
        None if is_news => Some((published, news)),
        _ => None,
    }
}

fn who(party: &Party) -> Option<Who> {
    party.group.clone().map(Who::Group).or_else(|| party.country.map(Who::Country))
}

fn place(location: &Location, language: &str) -> Option<Place> {
    if let Some(path) = &location.place_id {
        return Some(Place::Known(path.clone()));
    }
    let precision = match location.precision {
        Precision::Place => Rank::Place,
        Precision::Region => Rank::Region,
        Precision::Waters => Rank::Waters,
        Precision::Country | Precision::Unknown => return None,
    };
    let words = location.place.as_ref()?.text.to_lowercase();
    Some(Place::Words { language: language.to_owned(), words, precision })
}

fn arm(class: WeaponClass) -> Option<Arm> {
    use WeaponClass::{
        AirDefence, Aircraft, Artillery, BallisticMissile, Bomb, CruiseMissile, Cyber, Drone, Hypersonic,
        Icbm, Irbm, Mrbm, Nuclear, Other, Rocket, SatelliteLauncher, Slbm, SmallArms, Srbm, Torpedo,
    };
    Some(match class {
        BallisticMissile | Icbm | Irbm | Mrbm | Srbm | Slbm | CruiseMissile | Hypersonic | Rocket
        | AirDefence => Arm::Missile,
        SatelliteLauncher => Arm::Launcher,
        Artillery => Arm::Guns,
        Drone => Arm::Drone,
        Aircraft => Arm::Aircraft,
        Bomb => Arm::Bomb,
        SmallArms => Arm::SmallArms,
        Nuclear => Arm::Nuclear,
        Torpedo => Arm::Torpedo,
        Cyber => Arm::Cyber,
        Other => return None,
    })
}

/// A profile that many reports share, hashed once.
#[derive(Clone, Debug)]
pub(crate) struct Key(Arc<Hashed>);

#[derive(Debug)]
struct Hashed {
    digest: u64,
    tokens: Vec<Token>,
    profile: Profile,
}

impl Key {
    pub(crate) fn new(profile: Profile) -> Self {
        let mut hasher = Xxh3::new();
        (profile.family, profile.window, &profile.sides, &profile.hit, profile.country).hash(&mut hasher);
        if let Some(Place::Known(words) | Place::Words { words, .. }) = &profile.place {
            words.hash(&mut hasher);
        }
        (&profile.weapon_name, &profile.alone).hash(&mut hasher);
        Self(Arc::new(Hashed { digest: hasher.finish(), tokens: profile.tokens(), profile }))
    }

    /// What it can be found by.
    pub(crate) fn tokens(&self) -> &[Token] {
        &self.0.tokens
    }
}

impl Deref for Key {
    type Target = Profile;

    fn deref(&self) -> &Profile {
        &self.0.profile
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.digest == other.0.digest && self.0.profile == other.0.profile
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.digest);
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if Arc::ptr_eq(&self.0, &other.0) {
            return std::cmp::Ordering::Equal;
        }
        self.0.profile.cmp(&other.0.profile)
    }
}
