//! Reports that leave the day open: which group of dated ones each belongs to.

use std::collections::{BTreeMap, BTreeSet};

use super::choice::fit_members;
use super::pool::{Handle, Pool, Shift};
use crate::identity::{Day, Key, LEAST_UNDATED, Token, fit};
use rustc_hash::FxHashMap;

/// How good a group is: what speaks for it, and of equals how near its day is to the publication.
type Rank = (u8, i32);

/// Reports without a day, by profile.
#[derive(Debug, Default)]
pub(crate) struct OpenReports {
    by_profile: FxHashMap<Key, Open>,
    /// Profiles by token and the last day that they can mean.
    windows: FxHashMap<Token, BTreeMap<Day, Vec<Key>>>,
    /// Profiles that have joined a group.
    joined: FxHashMap<Key, BTreeSet<Key>>,
    /// Profiles that several groups are equally good for, by those groups.
    torn: FxHashMap<Key, BTreeSet<Key>>,
    /// Groups that were compared, since the start.
    pub(crate) examined: u64,
}

/// A profile that leaves the day open.
#[derive(Debug, Default)]
struct Open {
    reports: Vec<Handle>,
    is_placed: bool,
    joined: Option<Key>,
    rank: Option<Rank>,
    torn: Vec<Key>,
}

impl OpenReports {
    /// Takes a report; whether its profile is new.
    pub(crate) fn insert(&mut self, key: &Key, handle: Handle) -> bool {
        let open = self.by_profile.entry(key.clone()).or_default();
        open.reports.push(handle);
        if open.reports.len() > 1 {
            return false;
        }
        for token in key.tokens() {
            self.windows.entry(*token).or_default().entry(key.window.1).or_default().push(key.clone());
        }
        true
    }

    /// Gives a report back.
    pub(crate) fn remove(&mut self, key: &Key, handle: Handle) {
        let Some(open) = self.by_profile.get_mut(key) else { return };
        open.reports.retain(|held| *held != handle);
        if !open.reports.is_empty() {
            return;
        }
        self.settle(key, None, None, Vec::new());
        self.by_profile.remove(key);
        for token in key.tokens() {
            let Some(days) = self.windows.get_mut(token) else { continue };
            if let Some(keys) = days.get_mut(&key.window.1) {
                keys.retain(|other| other != key);
                if keys.is_empty() {
                    days.remove(&key.window.1);
                }
            }
            if days.is_empty() {
                self.windows.remove(token);
            }
        }
    }

    /// The group that a profile has joined.
    pub(crate) fn joined(&self, key: &Key) -> Option<&Key> {
        self.by_profile.get(key)?.joined.as_ref()
    }

    /// Whether a profile was asked already.
    pub(crate) fn is_placed(&self, key: &Key) -> bool {
        self.by_profile.get(key).is_some_and(|open| open.is_placed)
    }

    /// The reports with a profile.
    pub(crate) fn reports(&self, key: &Key) -> &[Handle] {
        self.by_profile.get(key).map_or(&[], |open| &open.reports)
    }

    /// The reports that have joined a group.
    pub(crate) fn reports_in(&self, founder: &Key) -> impl Iterator<Item = Handle> {
        self.joined.get(founder).into_iter().flatten().flat_map(|key| self.reports(key)).copied()
    }

    /// Profiles whose choice a shift of a dated group can alter.
    pub(crate) fn concerned(&self, shift: &Shift, dated: &Pool) -> BTreeSet<Key> {
        let (Shift::Gained { founder, profile } | Shift::Lost { founder, profile }) = shift;
        let mut concerned = BTreeSet::new();
        let bound = self.joined.get(founder).into_iter().chain(self.torn.get(founder)).flatten();
        match shift {
            Shift::Gained { .. } => {
                concerned.extend(bound.filter(|key| fit(key, profile).is_err()).cloned());
                concerned.extend(self.around(profile).filter(|key| self.may_prefer(key, profile)).cloned());
            }
            Shift::Lost { .. } => {
                concerned.extend(bound.cloned());
                // What kept others away may have gone with it.
                let members = dated.group(founder);
                concerned.extend(members.flat_map(|member| self.around(member)).cloned());
            }
        }
        concerned
    }

    /// Whether a profile that a group has gained can make it better than what was chosen, or as good.
    fn may_prefer(&self, key: &Key, gained: &Key) -> bool {
        let rank = self.by_profile.get(key).and_then(|open| open.rank);
        fit(key, gained).is_ok_and(|score| rank.is_none_or(|rank| rank_of(key, gained, score) >= rank))
    }

    /// Profiles that share a token with a dated one and can mean its day.
    fn around<'o>(&'o self, dated: &'o Key) -> impl Iterator<Item = &'o Key> {
        let windows = dated.tokens().iter().filter_map(|token| self.windows.get(token));
        let ending_later = windows.flat_map(move |days| days.range(dated.day..)).flat_map(|(_, keys)| keys);
        ending_later.filter(move |key| key.window.0 <= dated.day)
    }

    /// The group of dated reports that a profile belongs to, and keeps in mind: the one that it fits best, of equals the
    /// one nearest its publication; none where two of one day are equally good.
    pub(crate) fn choose(&mut self, key: &Key, dated: &Pool) -> Option<Key> {
        let mut founders: BTreeSet<&Key> = BTreeSet::new();
        for token in key.tokens() {
            for day in key.window.0.to(key.window.1) {
                founders.extend(dated.near(*token, day).iter().filter_map(|member| dated.founder(member)));
            }
        }
        self.examined += founders.len() as u64;
        let mut best: Vec<Key> = Vec::new();
        let mut most: Option<Rank> = None;
        for founder in founders {
            let Some(score) = fit_members(key, dated.group(founder)).filter(|score| *score > 0) else {
                continue;
            };
            let rank = rank_of(key, founder, score);
            if rank.0 < LEAST_UNDATED || most.is_some_and(|most| rank < most) {
                continue;
            }
            if most.is_none_or(|most| rank > most) {
                best.clear();
                most = Some(rank);
            }
            best.push(founder.clone());
        }
        let joined = if let [only] = &best[..] { Some(only.clone()) } else { None };
        let torn = if best.len() > 1 { best } else { Vec::new() };
        self.settle(key, joined.clone(), most, torn);
        joined
    }

    fn settle(&mut self, key: &Key, joined: Option<Key>, rank: Option<Rank>, torn: Vec<Key>) {
        let Some(open) = self.by_profile.get_mut(key) else { return };
        open.is_placed = true;
        open.rank = rank;
        let before = std::mem::replace(&mut open.joined, joined.clone());
        let torn_before = std::mem::replace(&mut open.torn, torn.clone());
        before.iter().for_each(|founder| strike_out(&mut self.joined, founder, key));
        torn_before.iter().for_each(|founder| strike_out(&mut self.torn, founder, key));
        if let Some(founder) = joined {
            self.joined.entry(founder).or_default().insert(key.clone());
        }
        for founder in torn {
            self.torn.entry(founder).or_default().insert(key.clone());
        }
    }
}

/// What is told on the day or the day after is told as new, and counts more.
fn rank_of(key: &Key, dated: &Key, score: u8) -> Rank {
    let since = (key.day.0 - dated.day.0).abs();
    (score + u8::from(score > 0 && since <= 1), -since)
}

fn strike_out(index: &mut FxHashMap<Key, BTreeSet<Key>>, founder: &Key, key: &Key) {
    let Some(keys) = index.get_mut(founder) else { return };
    keys.remove(key);
    if keys.is_empty() {
        index.remove(founder);
    }
}
