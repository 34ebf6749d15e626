//! Groups profiles in an order of their own, so that the groups depend on what is there and not on what came first.
//!
//! Each profile, in that order, joins the group of earlier ones that it fits best, or founds one. A change asks only
//! those later ones anew whose choice it can alter: so the cost of a report does not grow with what is held.

use std::collections::{BTreeMap, BTreeSet};

use super::choice::{Choice, choose, fit_members};
use crate::identity::{Day, Key, Token, fit};
use rustc_hash::FxHashMap;

/// Number of a report inside the tracker.
pub(crate) type Handle = u32;

/// Profiles, grouped. Two can meet where they share a token and lie at most `reach` days apart.
#[derive(Debug)]
pub(crate) struct Pool {
    reach: i32,
    least: u8,
    reports: FxHashMap<Key, Vec<Handle>>,
    near: FxHashMap<(Token, Day), Vec<Key>>,
    choices: FxHashMap<Key, Choice>,
    /// Members of a group, by its founder.
    groups: FxHashMap<Key, BTreeSet<Key>>,
    /// Profiles that several groups are equally good for, by those groups.
    torn: FxHashMap<Key, BTreeSet<Key>>,
}

/// What a change did to a group of profiles.
#[derive(Clone, Debug)]
pub(crate) enum Shift {
    /// It has one more.
    Gained { founder: Key, profile: Key },
    /// It has one less, or is gone.
    Lost { founder: Key, profile: Key },
}

impl Pool {
    pub(crate) fn new(reach: i32, least: u8) -> Self {
        Self {
            reach,
            least,
            reports: FxHashMap::default(),
            near: FxHashMap::default(),
            choices: FxHashMap::default(),
            groups: FxHashMap::default(),
            torn: FxHashMap::default(),
        }
    }

    /// Takes a report, and says how the groups have shifted.
    pub(crate) fn insert(&mut self, key: &Key, handle: Handle) -> Vec<Shift> {
        let reports = self.reports.entry(key.clone()).or_default();
        reports.push(handle);
        if reports.len() > 1 {
            return Vec::new();
        }
        for token in key.tokens() {
            self.near.entry((*token, key.day)).or_default().push(key.clone());
        }
        self.ask(BTreeSet::from([key.clone()]), Vec::new())
    }

    /// Gives a report back, and says how the groups have shifted.
    pub(crate) fn remove(&mut self, key: &Key, handle: Handle) -> Vec<Shift> {
        let Some(reports) = self.reports.get_mut(key) else { return Vec::new() };
        reports.retain(|held| *held != handle);
        if !reports.is_empty() {
            return Vec::new();
        }
        self.reports.remove(key);
        for token in key.tokens() {
            let at = (*token, key.day);
            if let Some(keys) = self.near.get_mut(&at) {
                keys.retain(|other| other != key);
                if keys.is_empty() {
                    self.near.remove(&at);
                }
            }
        }
        let Some(choice) = self.choices.remove(key) else { return Vec::new() };
        self.note_torn(key, &choice.torn, &[]);
        let mut open = BTreeSet::new();
        self.leave(key, &choice.founder, &mut open);
        let lost = Shift::Lost { founder: choice.founder, profile: key.clone() };
        self.ask(open, vec![lost])
    }

    /// The founder of the group of a profile.
    pub(crate) fn founder(&self, key: &Key) -> Option<&Key> {
        self.choices.get(key).map(|choice| &choice.founder)
    }

    /// The profiles of a group.
    pub(crate) fn group(&self, founder: &Key) -> impl Iterator<Item = &Key> {
        self.groups.get(founder).into_iter().flatten()
    }

    /// Whether there is a group of this founder.
    pub(crate) fn has(&self, founder: &Key) -> bool {
        self.groups.contains_key(founder)
    }

    /// The reports with a profile.
    pub(crate) fn reports(&self, key: &Key) -> &[Handle] {
        self.reports.get(key).map_or(&[], Vec::as_slice)
    }

    /// Profiles with a token on a day.
    pub(crate) fn near(&self, token: Token, day: Day) -> &[Key] {
        self.near.get(&(token, day)).map_or(&[], Vec::as_slice)
    }

    /// Asks profiles for their choice, the earliest first, and those that a new choice can concern.
    fn ask(&mut self, mut open: BTreeSet<Key>, mut shifts: Vec<Shift>) -> Vec<Shift> {
        while let Some(key) = open.pop_first() {
            let choice = self.choose(&key);
            let before = self.choices.insert(key.clone(), choice.clone());
            self.note_torn(&key, before.as_ref().map_or(&[], |before| &before.torn), &choice.torn);
            let before = before.map(|before| before.founder);
            if before.as_ref() == Some(&choice.founder) {
                continue;
            }
            if let Some(founder) = before {
                self.leave(&key, &founder, &mut open);
                shifts.push(Shift::Lost { founder, profile: key.clone() });
            }
            self.join(&key, &choice.founder, &mut open);
            shifts.push(Shift::Gained { founder: choice.founder, profile: key });
        }
        shifts
    }

    /// What a profile chooses of the groups as the earlier profiles have made them.
    fn choose(&self, key: &Key) -> Choice {
        let mut founders: BTreeSet<&Key> = BTreeSet::new();
        for other in self.neighbours(key).filter(|other| *other < key) {
            if let Some(choice) = self.choices.get(other)
                && key.day.0 - choice.founder.day.0 <= self.reach
            {
                founders.insert(&choice.founder);
            }
        }
        let ranked = founders.into_iter().filter_map(|founder| {
            let earlier = self.groups.get(founder)?.range(..key.clone());
            Some((fit_members(key, earlier)?, founder))
        });
        choose(key, ranked, self.least)
    }

    /// Puts a profile into a group, and opens the choices of those that can now prefer the group or must leave it.
    fn join(&mut self, key: &Key, founder: &Key, open: &mut BTreeSet<Key>) {
        let least = self.least;
        let concerns = |other: &Key, choice: &Choice| match fit(other, key) {
            Ok(score) => {
                score >= least
                    && (score > choice.score || score == choice.score && choice.founder != *founder)
            }
            Err(_) => choice.founder == *founder || choice.torn.contains(founder),
        };
        for other in self.neighbours(key).filter(|other| *other > key) {
            if self.choices.get(other).is_some_and(|choice| concerns(other, choice)) {
                open.insert(other.clone());
            }
        }
        let group = self.groups.entry(founder.clone()).or_default();
        let later = group.range(key.clone()..).chain(self.torn.get(founder).into_iter().flatten());
        open.extend(later.filter(|other| *other > key && fit(other, key).is_err()).cloned());
        group.insert(key.clone());
    }

    /// Takes a profile out of a group, and opens the choices of those that chose with it there.
    fn leave(&mut self, key: &Key, founder: &Key, open: &mut BTreeSet<Key>) {
        let Some(group) = self.groups.get_mut(founder) else { return };
        group.remove(key);
        let left: Vec<Key> = group.iter().cloned().collect();
        if left.is_empty() {
            self.groups.remove(founder);
        }
        let torn = self.torn.get(founder).into_iter().flatten();
        open.extend(left.iter().chain(torn).filter(|other| *other > key).cloned());
        // What kept others away may have gone with it.
        for member in &left {
            open.extend(self.neighbours(member).filter(|other| *other > key).cloned());
        }
    }

    fn neighbours<'k>(&'k self, key: &'k Key) -> impl Iterator<Item = &'k Key> {
        let days = move || key.day.plus(-self.reach).to(key.day.plus(self.reach));
        key.tokens().iter().flat_map(move |token| days().flat_map(move |day| self.near(*token, day)))
    }

    fn note_torn(&mut self, key: &Key, before: &[Key], now: &[Key]) {
        for founder in before {
            if let Some(keys) = self.torn.get_mut(founder) {
                keys.remove(key);
                if keys.is_empty() {
                    self.torn.remove(founder);
                }
            }
        }
        for founder in now {
            self.torn.entry(founder.clone()).or_default().insert(key.clone());
        }
    }
}

/// Groups that are touched by shifts: their founders, where they still are.
pub(crate) fn founders(pool: &Pool, shifts: &[Shift]) -> BTreeMap<Key, bool> {
    let of = |shift: &Shift| match shift {
        Shift::Gained { founder, .. } | Shift::Lost { founder, .. } => founder.clone(),
    };
    shifts.iter().map(of).map(|founder| (founder.clone(), pool.has(&founder))).collect()
}
