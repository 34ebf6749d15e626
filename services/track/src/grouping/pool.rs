//! Groups profiles in an order of their own, so that the groups depend on what is there and not on what came first.

use std::collections::{BTreeSet, HashMap};

use crate::identity::{Day, Key, Profile, Token, fit};

/// Number of a report inside the tracker.
pub(crate) type Handle = u32;

/// Profiles, grouped. Two are neighbours where they share a token and lie at most `reach` days apart; a change groups
/// only those anew that neighbours connect with it.
#[derive(Debug)]
pub(crate) struct Pool {
    reach: i32,
    least: u8,
    reports: HashMap<Key, Vec<Handle>>,
    near: HashMap<(Token, Day), Vec<Key>>,
    /// The profile that founded a profile's group.
    founder: HashMap<Key, Key>,
    /// Members of a group in their order, by its founder, which is the first.
    groups: HashMap<Key, Vec<Key>>,
}

/// Founders of groups that a change has touched: those there were, and those there are.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub(crate) gone: BTreeSet<Key>,
    pub(crate) present: BTreeSet<Key>,
    /// Profiles that are, or were, in a group whose profiles have changed.
    pub(crate) shifted: BTreeSet<Key>,
}

impl Touched {
    /// A group whose profiles are the same.
    pub(crate) fn only(founder: Key) -> Self {
        Self { present: BTreeSet::from([founder]), ..Self::default() }
    }

    /// Of two changes, the later one last.
    pub(crate) fn add(&mut self, later: Self) {
        for gone in &later.gone {
            self.present.remove(gone);
        }
        self.gone.extend(later.gone);
        self.gone.retain(|founder| !later.present.contains(founder));
        self.present.extend(later.present);
        self.shifted.extend(later.shifted);
    }
}

impl Pool {
    pub(crate) fn new(reach: i32, least: u8) -> Self {
        Self {
            reach,
            least,
            reports: HashMap::new(),
            near: HashMap::new(),
            founder: HashMap::new(),
            groups: HashMap::new(),
        }
    }

    /// Takes a report, and says which groups this touches.
    pub(crate) fn insert(&mut self, key: &Key, handle: Handle) -> Touched {
        let reports = self.reports.entry(key.clone()).or_default();
        reports.push(handle);
        if reports.len() > 1 {
            return Touched::only(self.founder[key].clone());
        }
        for token in key.tokens() {
            self.near.entry((*token, key.day)).or_default().push(key.clone());
        }
        let block = self.connected([key.clone()]);
        self.regroup(&block)
    }

    /// Gives a report back, and says which groups this touches.
    pub(crate) fn remove(&mut self, key: &Key, handle: Handle) -> Touched {
        let Some(reports) = self.reports.get_mut(key) else { return Touched::default() };
        reports.retain(|held| *held != handle);
        if !reports.is_empty() {
            return Touched::only(self.founder[key].clone());
        }
        let mut block = self.connected([key.clone()]);
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
        block.remove(key);
        let own = self.founder.remove(key);
        let mut touched = self.regroup(&block);
        touched.shifted.insert(key.clone());
        if let Some(own) = own.filter(|own| !touched.present.contains(own)) {
            self.groups.remove(&own);
            touched.gone.insert(own);
        }
        touched
    }

    /// The founder of the group of a profile.
    pub(crate) fn founder(&self, key: &Key) -> Option<&Key> {
        self.founder.get(key)
    }

    /// The profiles of a group.
    pub(crate) fn group(&self, founder: &Key) -> &[Key] {
        self.groups.get(founder).map_or(&[], Vec::as_slice)
    }

    /// The reports with a profile.
    pub(crate) fn reports(&self, key: &Key) -> &[Handle] {
        self.reports.get(key).map_or(&[], Vec::as_slice)
    }

    /// Profiles with a token on a day.
    pub(crate) fn near(&self, token: Token, day: Day) -> &[Key] {
        self.near.get(&(token, day)).map_or(&[], Vec::as_slice)
    }

    /// What neighbours of neighbours connect with these.
    fn connected(&self, from: impl IntoIterator<Item = Key>) -> BTreeSet<Key> {
        let mut block: BTreeSet<Key> = from.into_iter().collect();
        let mut open: Vec<Key> = block.iter().cloned().collect();
        while let Some(key) = open.pop() {
            for token in key.tokens() {
                for day in key.day.plus(-self.reach).to(key.day.plus(self.reach)) {
                    for other in self.near(*token, day) {
                        if !block.contains(other) {
                            block.insert(other.clone());
                            open.push(other.clone());
                        }
                    }
                }
            }
        }
        block
    }

    /// Groups a block anew: each profile in its order joins the group that it fits best, or founds one.
    fn regroup(&mut self, block: &BTreeSet<Key>) -> Touched {
        let mut before: HashMap<Key, Vec<Key>> = HashMap::new();
        for key in block {
            if let Some(founder) = self.founder.get(key)
                && let Some(members) = self.groups.remove(founder)
            {
                before.insert(founder.clone(), members);
            }
        }
        let mut groups: Vec<Vec<Key>> = Vec::new();
        for key in block {
            let within = |group: &&Vec<Key>| key.day.0 - group[0].day.0 <= self.reach;
            let candidates = groups.iter().enumerate().filter(|(_, group)| within(group));
            let candidates = candidates.map(|(at, group)| (at, group.as_slice()));
            match choose(key, candidates, self.least) {
                Some(at) => groups[at].push(key.clone()),
                None => groups.push(vec![key.clone()]),
            }
        }
        let mut touched = Touched::default();
        for members in groups {
            let founder = members[0].clone();
            for member in &members {
                self.founder.insert(member.clone(), founder.clone());
            }
            let old = before.remove(&founder);
            if old.as_ref() != Some(&members) {
                touched.present.insert(founder.clone());
                touched.shifted.extend(members.iter().chain(old.iter().flatten()).cloned());
            }
            self.groups.insert(founder, members);
        }
        for (founder, members) in before {
            touched.gone.insert(founder);
            touched.shifted.extend(members);
        }
        touched
    }
}

/// The best of some groups for a profile, by number: nothing in it may speak against, enough must speak for it. Where
/// several are equally good, one that leaves open just what the profile leaves open; else none, since a guess would
/// join what is apart.
pub(crate) fn choose<'g>(
    profile: &Profile,
    groups: impl Iterator<Item = (usize, &'g [Key])>,
    least: u8,
) -> Option<usize> {
    let mut best: Vec<(usize, &Key)> = Vec::new();
    let mut most = least;
    for (at, members) in groups {
        let Some(score) = fit_group(profile, members).filter(|score| *score >= most) else { continue };
        if score > most {
            best.clear();
            most = score;
        }
        best.push((at, &members[0]));
    }
    match best[..] {
        [] => None,
        [(at, _)] => Some(at),
        _ => {
            let mut alike = best.iter().filter(|(_, founder)| founder.known() == profile.known());
            match (alike.next(), alike.next()) {
                (Some((at, _)), None) => Some(*at),
                _ => None,
            }
        }
    }
}

/// How well a profile fits a group: as it fits the member that it fits best, if it can be of one happening with each.
pub(crate) fn fit_group(profile: &Profile, members: &[Key]) -> Option<u8> {
    let mut best = 0;
    for member in members {
        best = best.max(fit(profile, member).ok()?);
    }
    Some(best)
}
