//! Which reports are of one happening.
//!
//! The groups are a function of the set of reports, whatever their order, which is what makes late, repeated and
//! out-of-order reports harmless:
//!
//! 1. Reports that name their day are grouped by themselves, day by day, the best known first ([`pool`]).
//! 2. A report that leaves the day open joins the best of those groups inside its window ([`open`]).
//! 3. Those that find none are grouped among themselves by day of publication.

mod choice;
mod open;
mod pool;

use std::collections::BTreeSet;

use crate::identity::{Key, LEAST_ON_ONE_DAY, LEAST_UNDATED};
use open::OpenReports;
use pool::{Pool, Shift, founders};

pub(crate) use pool::Handle;

/// Reports of one happening that all leave the day open are published so many days apart at most.
const UNDATED_REACH: i32 = 2;

/// All reports, grouped. A group is called by the profile that founded it.
#[derive(Debug)]
pub(crate) struct Grouping {
    dated: Pool,
    undated: Pool,
    open: OpenReports,
}

/// Groups that a change has touched: those that are there.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub(crate) present: BTreeSet<Key>,
}

impl Touched {
    /// Of two changes.
    pub(crate) fn add(&mut self, later: Self) {
        self.present.extend(later.present);
    }
}

impl Default for Grouping {
    fn default() -> Self {
        Self {
            dated: Pool::new(0, LEAST_ON_ONE_DAY),
            undated: Pool::new(UNDATED_REACH, LEAST_UNDATED),
            open: OpenReports::default(),
        }
    }
}

impl Grouping {
    /// Takes a report, and says which groups this touches.
    pub(crate) fn insert(&mut self, key: &Key, handle: Handle) -> Touched {
        let mut touched = Touched::default();
        if key.is_dated() {
            let shifts = self.dated.insert(key, handle);
            self.settle(&shifts, &mut touched);
        } else if self.open.insert(key, handle) {
            self.place(key, &mut touched);
        } else if self.open.joined(key).is_none() {
            let shifts = self.undated.insert(key, handle);
            self.touch_undated(&shifts, &mut touched);
        }
        touched.present.extend(self.founder(key).cloned());
        touched
    }

    /// Gives a report back, and says which groups this touches.
    pub(crate) fn remove(&mut self, key: &Key, handle: Handle) -> Touched {
        let mut touched = Touched::default();
        touched.present.extend(self.founder(key).cloned());
        if key.is_dated() {
            let shifts = self.dated.remove(key, handle);
            self.settle(&shifts, &mut touched);
        } else {
            if self.open.joined(key).is_none() {
                let shifts = self.undated.remove(key, handle);
                self.touch_undated(&shifts, &mut touched);
            }
            self.open.remove(key, handle);
        }
        touched.present.retain(|founder| self.is_group(founder));
        touched
    }

    /// The group of a profile.
    pub(crate) fn founder(&self, key: &Key) -> Option<&Key> {
        if key.is_dated() {
            return self.dated.founder(key);
        }
        self.open.joined(key).or_else(|| self.undated.founder(key))
    }

    /// The reports of a group.
    pub(crate) fn reports(&self, founder: &Key) -> Vec<Handle> {
        if !founder.is_dated() {
            let members = self.undated.group(founder);
            return members.flat_map(|key| self.undated.reports(key)).copied().collect();
        }
        let members = self.dated.group(founder);
        let mut reports: Vec<Handle> = members.flat_map(|key| self.dated.reports(key)).copied().collect();
        reports.extend(self.open.reports_in(founder));
        reports
    }

    /// Groups that reports without a day were compared with, since the start.
    pub(crate) fn examined(&self) -> u64 {
        self.open.examined
    }

    fn is_group(&self, founder: &Key) -> bool {
        if founder.is_dated() { self.dated.has(founder) } else { self.undated.has(founder) }
    }

    /// Follows shifts of dated groups: asks those anew that leave the day open and that it can concern.
    fn settle(&mut self, shifts: &[Shift], touched: &mut Touched) {
        touched
            .present
            .extend(founders(&self.dated, shifts).into_iter().filter(|(_, is)| *is).map(|(key, _)| key));
        let asked: BTreeSet<Key> =
            shifts.iter().flat_map(|shift| self.open.concerned(shift, &self.dated)).collect();
        for key in asked {
            self.place(&key, touched);
        }
    }

    /// Puts a profile without a day where it belongs now.
    fn place(&mut self, key: &Key, touched: &mut Touched) {
        let is_new = !self.open.is_placed(key);
        let before = self.open.joined(key).cloned();
        let now = self.open.choose(key, &self.dated);
        if now == before && !is_new {
            return;
        }
        let reports = self.open.reports(key).to_vec();
        if before.is_none() && !is_new {
            for handle in &reports {
                let shifts = self.undated.remove(key, *handle);
                self.touch_undated(&shifts, touched);
            }
        }
        if now.is_none() {
            for handle in &reports {
                let shifts = self.undated.insert(key, *handle);
                self.touch_undated(&shifts, touched);
            }
        }
        for founder in before.into_iter().chain(now) {
            if self.dated.has(&founder) {
                touched.present.insert(founder);
            }
        }
        touched.present.retain(|founder| founder.is_dated() || self.undated.has(founder));
    }

    fn touch_undated(&self, shifts: &[Shift], touched: &mut Touched) {
        let present = founders(&self.undated, shifts).into_iter().filter(|(_, is)| *is).map(|(key, _)| key);
        touched.present.extend(present);
        touched.present.retain(|founder| founder.is_dated() || self.undated.has(founder));
    }
}
