//! What a sentence is made of, as far as events are concerned.

use jiff::civil::Date;
use siaga_schemas::{Country, DateBasis, DatePrecision};

use crate::places::PlaceRef;
use crate::vocabulary::{FormVoice, Innocent, Meaning, Word};

/// A piece of a sentence: bytes of the folded text, end exclusive.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Clause of the sentence, first is 0.
    pub(crate) clause: usize,
    pub(crate) what: What,
}

/// What a piece is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    Party(Party),
    Place(PlaceName),
    Noun(u32),
    Trigger(u32, FormVoice),
    Word(Word),
    Quantity(Quantity),
    Date(FoundDate),
    Medium(u32),
    /// A word that is still to be put together with others.
    Raw(Meaning),
    Innocent(Innocent),
    Comma,
    Colon,
    Quote,
    Bracket,
}

/// A state, group or body that can do or say something.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Party {
    pub(crate) country: Option<Country>,
    /// Index of the group.
    pub(crate) group: Option<u32>,
    /// Where the group is at home, if that is one country.
    pub(crate) home: Option<Country>,
    /// Where the body is named, if one is; it may have no country yet (*the governor*).
    pub(crate) body: Option<(usize, usize)>,
    /// Name of a body that has no country (IAEA).
    pub(crate) stateless: bool,
    /// Whether the body bears arms, or no body is named.
    pub(crate) can_act: bool,
    /// The seat of government or a leader stands for the state: it may also just be a place.
    pub(crate) seat: Option<PlaceName>,
}

/// A named place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PlaceName {
    pub(crate) country: Option<Country>,
    pub(crate) kind: PlaceKind,
    pub(crate) at: PlaceRef,
}

/// How much a place says about where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceKind {
    Country,
    Region,
    Town,
    Waters,
    LaunchSite,
}

/// A number as the text bounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quantity {
    pub(crate) min: Option<u32>,
    pub(crate) max: Option<u32>,
    /// Bytes of the number without its bounds.
    pub(crate) digits: (usize, usize),
}

/// A day, or some, as the text fixes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FoundDate {
    pub(crate) start: Date,
    pub(crate) end: Date,
    pub(crate) precision: DatePrecision,
    pub(crate) basis: DateBasis,
    /// *since* stands before it.
    pub(crate) open: bool,
}

impl Item {
    pub(crate) fn is_word(&self, word: Word) -> bool {
        self.what == What::Word(word)
    }

    pub(crate) fn word(&self) -> Option<Word> {
        match self.what {
            What::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(crate) fn party(&self) -> Option<&Party> {
        match &self.what {
            What::Party(party) => Some(party),
            _ => None,
        }
    }
}

impl Party {
    /// Whether nobody could be found by this name.
    pub(crate) fn is_anonymous(&self) -> bool {
        self.country.is_none() && self.group.is_none()
    }

    /// Whether it is the name of a state, group or body, not an adjective of one.
    pub(crate) fn is_name(&self) -> bool {
        self.seat.is_some() || self.group.is_some() || self.body.is_some()
    }

    /// Whether two names can be meant for one party: a group may be told as the country where it is at home.
    pub(crate) fn can_be(&self, other: &Self) -> bool {
        let told_as_home = |group: &Self, state: &Self| {
            group.group.is_some()
                && state.group.is_none()
                && group.home.is_some()
                && group.home == state.country
        };
        self.same_side(other) || told_as_home(self, other) || told_as_home(other, self)
    }

    /// Whether two names stand for one party.
    pub(crate) fn same_side(&self, other: &Self) -> bool {
        match (self.group, other.group) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self.country.is_some() && self.country == other.country,
            _ => false,
        }
    }
}
