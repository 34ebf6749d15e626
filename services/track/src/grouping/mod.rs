//! Which reports are of one happening.
//!
//! The groups are a function of the set of reports, whatever their order, which is what makes late, repeated and
//! out-of-order reports harmless:
//!
//! 1. Reports that name their day are grouped by themselves, day by day, the best known first ([`pool`]).
//! 2. A report that leaves the day open joins the best of those groups inside its window.
//! 3. Those that find none are grouped among themselves by day of publication.

mod pool;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::identity::{Day, Key, LEAST_ON_ONE_DAY, LEAST_UNDATED, Token};
use pool::{Pool, fit_group};

pub(crate) use pool::{Handle, Touched};

/// Reports of one happening that all leave the day open are published so many days apart at most.
const UNDATED_REACH: i32 = 2;

/// All reports, grouped. A group is called by the profile that founded it.
#[derive(Debug)]
pub(crate) struct Grouping {
    dated: Pool,
    undated: Pool,
    open: HashMap<Key, Open>,
    /// Profiles that leave the day open, by token and the last day that they can mean.
    windows: HashMap<Token, BTreeMap<Day, Vec<Key>>>,
    /// Those that have joined a group of dated ones.
    joined: HashMap<Key, BTreeSet<Key>>,
    /// Groups that were compared with a report, since the start.
    pub(crate) examined: u64,
}

/// A profile that leaves the day open.
#[derive(Debug, Default)]
struct Open {
    reports: Vec<Handle>,
    joined: Option<Key>,
}

impl Default for Grouping {
    fn default() -> Self {
        Self {
            dated: Pool::new(0, LEAST_ON_ONE_DAY),
            undated: Pool::new(UNDATED_REACH, LEAST_UNDATED),
            open: HashMap::new(),
            windows: HashMap::new(),
            joined: HashMap::new(),
            examined: 0,
        }
    }
}

impl Grouping {
    /// Takes a report, and says which groups this touches.
    pub(crate) fn insert(&mut self, key: &Key, handle: Handle) -> Touched {
        if key.is_dated() {
            let change = self.dated.insert(key, handle);
            return self.settle(change);
        }
        let open = self.open.entry(key.clone()).or_default();
        open.reports.push(handle);
        if open.reports.len() > 1 {
            return match open.joined.clone() {
                Some(founder) => Touched::only(founder),
                None => self.undated.insert(key, handle),
            };
        }
        for token in key.tokens() {
            self.windows.entry(*token).or_default().entry(key.window.1).or_default().push(key.clone());
        }
        match self.best(key) {
            Some(founder) => {
                self.join(key, founder.clone());
                Touched::only(founder)
            }
            None => self.undated.insert(key, handle),
        }
    }

    /// Gives a report back, and says which groups this touches.
    pub(crate) fn remove(&mut self, key: &Key, handle: Handle) -> Touched {
        if key.is_dated() {
            let change = self.dated.remove(key, handle);
            return self.settle(change);
        }
        let Some(open) = self.open.get_mut(key) else { return Touched::default() };
        open.reports.retain(|held| *held != handle);
        let (joined, is_last) = (open.joined.clone(), open.reports.is_empty());
        let touched = match joined {
            Some(founder) => Touched::only(founder),
            None => self.undated.remove(key, handle),
        };
        if is_last {
            self.leave(key);
            self.open.remove(key);
            for token in key.tokens() {
                forget(&mut self.windows, *token, key);
            }
        }
        touched
    }

    /// The group of a profile.
    pub(crate) fn founder(&self, key: &Key) -> Option<&Key> {
        if key.is_dated() {
            return self.dated.founder(key);
        }
        self.open.get(key)?.joined.as_ref().or_else(|| self.undated.founder(key))
    }

    /// The reports of a group.
    pub(crate) fn reports(&self, founder: &Key) -> Vec<Handle> {
        if !founder.is_dated() {
            let members = self.undated.group(founder).iter();
            return members.flat_map(|key| self.undated.reports(key)).copied().collect();
        }
        let members = self.dated.group(founder).iter();
        let mut reports: Vec<Handle> = members.flat_map(|key| self.dated.reports(key)).copied().collect();
        for key in self.joined.get(founder).into_iter().flatten() {
            reports.extend(self.open.get(key).into_iter().flat_map(|open| &open.reports));
        }
        reports
    }

    /// Asks those anew that leave the day open and can mean what has changed.
    fn settle(&mut self, change: Touched) -> Touched {
        let mut asked: BTreeSet<Key> = BTreeSet::new();
        for founder in change.gone.iter().chain(&change.present) {
            asked.extend(self.joined.get(founder).into_iter().flatten().cloned());
        }
        for member in &change.shifted {
            for token in member.tokens() {
                let Some(windows) = self.windows.get(token) else { continue };
                let last = windows.range(member.day..).flat_map(|(_, keys)| keys);
                asked.extend(last.filter(|key| key.window.0 <= member.day).cloned());
            }
        }
        let mut touched = change;
        for key in asked {
            let now = self.best(&key);
            let before = self.open.get(&key).and_then(|open| open.joined.clone());
            if now != before {
                touched.add(self.move_to(&key, before, now));
            }
        }
        touched
    }

    fn move_to(&mut self, key: &Key, before: Option<Key>, now: Option<Key>) -> Touched {
        let mut touched = Touched::default();
        let reports = self.open.get(key).map(|open| open.reports.clone()).unwrap_or_default();
        match before {
            Some(founder) => {
                self.leave(key);
                // The group that it leaves may be gone itself.
                if !self.dated.group(&founder).is_empty() {
                    touched.add(Touched::only(founder));
                }
            }
            None => reports.iter().for_each(|handle| touched.add(self.undated.remove(key, *handle))),
        }
        match now {
            Some(founder) => {
                self.join(key, founder.clone());
                touched.add(Touched::only(founder));
            }
            None => reports.iter().for_each(|handle| touched.add(self.undated.insert(key, *handle))),
        }
        touched
    }

    fn join(&mut self, key: &Key, founder: Key) {
        self.joined.entry(founder.clone()).or_default().insert(key.clone());
        if let Some(open) = self.open.get_mut(key) {
            open.joined = Some(founder);
        }
    }

    fn leave(&mut self, key: &Key) {
        let Some(founder) = self.open.get_mut(key).and_then(|open| open.joined.take()) else { return };
        if let Some(joined) = self.joined.get_mut(&founder) {
            joined.remove(key);
            if joined.is_empty() {
                self.joined.remove(&founder);
            }
        }
    }

    /// The group of dated reports that a profile without a day belongs to: the one it fits best, of equals the latest
    /// that had happened when it was published; none where two of that day are equally good.
    fn best(&mut self, key: &Key) -> Option<Key> {
        let mut founders: BTreeSet<&Key> = BTreeSet::new();
        for token in key.tokens() {
            for day in key.window.0.to(key.window.1) {
                let near = self.dated.near(*token, day).iter();
                founders.extend(near.filter_map(|member| self.dated.founder(member)));
            }
        }
        self.examined += founders.len() as u64;
        let mut best: Vec<((u8, i32), &Key)> = Vec::new();
        for founder in founders {
            let Some(score) = fit_group(key, self.dated.group(founder)).filter(|score| *score > 0) else {
                continue;
            };
            // What is told on the day or the day after is told as new.
            let since = key.day.0 - founder.day.0;
            let score = score + u8::from(since.abs() <= 1);
            if score < LEAST_UNDATED {
                continue;
            }
            best.push(((score, -since.abs()), founder));
        }
        let top = best.iter().map(|(rank, _)| *rank).max()?;
        let mut top = best.into_iter().filter(|(rank, _)| *rank == top).map(|(_, founder)| founder);
        match (top.next(), top.next()) {
            (Some(founder), None) => Some(founder.clone()),
            _ => None,
        }
    }
}

fn forget(windows: &mut HashMap<Token, BTreeMap<Day, Vec<Key>>>, token: Token, key: &Key) {
    let Some(days) = windows.get_mut(&token) else { return };
    if let Some(keys) = days.get_mut(&key.window.1) {
        keys.retain(|other| other != key);
        if keys.is_empty() {
            days.remove(&key.window.1);
        }
    }
    if days.is_empty() {
        windows.remove(&token);
    }
}
