//! A sentence around one trigger: what stands beside it, what prepositions govern, which parties belong together.

use super::item::{Item, Party, What};
use super::sentence::gap;
use super::verb_final;
use crate::knowledge::Language;
use crate::vocabulary::{FormVoice, Word};

/// A sentence and one of its triggers.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) items: &'a [Item],
    pub(crate) text: &'a str,
    pub(crate) language: &'a Language,
    /// Where the trigger stands among the items.
    pub(crate) trigger: usize,
    /// Whether what is told is decided, not fought: then any body of a state may do it (*the government imposed*).
    pub(crate) decreed: bool,
}

impl<'a> Scene<'a> {
    pub(crate) fn trigger_item(&self) -> &'a Item {
        &self.items[self.trigger]
    }

    pub(crate) fn gap(&self, left: usize, right: usize) -> usize {
        gap(self.text, self.items[left].end, self.items[right].start)
    }

    /// Unknown words between two items: those that no item between them holds.
    pub(crate) fn unknown(&self, left: usize, right: usize) -> usize {
        let (mut words, mut end) = (0, self.items[left].end);
        for item in &self.items[left + 1..=right] {
            words += gap(self.text, end, item.start);
            end = end.max(item.end);
        }
        words
    }

    /// Whether the trigger's clause tells something of a thing before it (*that*, *yang*).
    pub(crate) fn in_relative_clause(&self) -> bool {
        let opener = self.items.partition_point(|i| i.clause < self.trigger_item().clause);
        self.items.get(opener).is_some_and(|i| i.is_word(Word::Which))
    }

    /// Items before the trigger in its clause, nearest first.
    pub(crate) fn left(&self) -> impl Iterator<Item = usize> + use<'a> {
        let (items, clause, start) = (self.items, self.trigger_item().clause, self.trigger_item().start);
        (0..self.trigger)
            .rev()
            .take_while(move |i| items[*i].clause == clause)
            .filter(move |i| items[*i].end <= start)
    }

    /// Items behind the trigger in its clause, nearest first.
    pub(crate) fn right(&self) -> impl Iterator<Item = usize> + use<'a> {
        let (items, clause, end) = (self.items, self.trigger_item().clause, self.trigger_item().end);
        (self.trigger + 1..items.len())
            .take_while(move |i| items[*i].clause == clause)
            .filter(move |i| items[*i].start >= end)
    }

    /// The preposition that governs an item: it stands before it with nothing but its own words between.
    pub(crate) fn marker(&self, item: usize) -> Option<usize> {
        if self.language.settings.postpositions {
            return verb_final::marker(*self, item);
        }
        let mut words = 0;
        for before in (0..item).rev() {
            if self.items[before].end > self.items[item].start {
                // *di wilayah udara*: a long preposition may reach into what it governs.
                match self.items[before].word() {
                    Some(word) if is_marker(word) && self.items[before].start < self.items[item].start => {
                        return Some(before);
                    }
                    _ => continue,
                }
            }
            words += self.gap(before, before + 1);
            if words > 3 {
                return None;
            }
            match &self.items[before].what {
                What::Word(word) if is_marker(*word) && !self.is_article(before) => return Some(before),
                What::Word(Word::Definite | Word::Indefinite | Word::Other | Word::And | Word::Own)
                | What::Noun(_)
                | What::Quantity(_)
                | What::Trigger(_, FormVoice::Noun | FormVoice::VerbalNoun) => {}
                // *В Пакистане боевики Армии*: the preposition has its name, another one behind a thing is free.
                _ if self.is_name(before) && self.thing_between(before, item) => return None,
                // *attribuée à*: one form, a word of accusation and a preposition.
                What::Word(_) if self.twin_marker(before).is_some() => return self.twin_marker(before),
                What::Party(_) | What::Place(_)
                    if words == 0 || self.items[before + 1].is_word(Word::And) => {}
                // *in Peshawar, Pakistan,*: the country belongs to the town.
                What::Comma if words == 0 && before > 0 && self.is_in(before - 1, item) => {}
                _ => return None,
            }
        }
        None
    }

    /// The preposition that the form of a word is as well.
    fn twin_marker(&self, item: usize) -> Option<usize> {
        let span = |i: usize| (self.items[i].start, self.items[i].end);
        let twins = item.saturating_sub(3)..item;
        twins.rev().find(|i| span(*i) == span(item) && self.items[*i].word().is_some_and(is_marker))
    }

    /// Whether an item is the name of a state, town or group, not an adjective of one.
    fn is_name(&self, item: usize) -> bool {
        match &self.items[item].what {
            What::Party(party) => party.is_name(),
            What::Place(_) => true,
            _ => false,
        }
    }

    fn thing_between(&self, left: usize, right: usize) -> bool {
        let between = &self.items[left + 1..right];
        between
            .iter()
            .any(|i| matches!(i.what, What::Noun(_) | What::Quantity(_)) && i.start >= self.items[left].end)
            && !between.iter().any(|i| i.is_word(Word::And))
    }

    /// Whether a word that is preposition and article alike is an article: anywhere but right behind a deed or a thing
    /// (*ataque a Israel*, but *a Rússia lançou*).
    fn is_article(&self, word: usize) -> bool {
        let item = &self.items[word];
        let twin = |i: &Item| i.is_word(Word::Definite) && (i.start, i.end) == (item.start, item.end);
        let near = word.saturating_sub(3)..(word + 4).min(self.items.len());
        if !item.is_word(Word::Toward) || !self.items[near].iter().any(twin) {
            return false;
        }
        let before = (0..word).rev().find(|i| self.items[*i].end <= item.start);
        let deed = |i: usize| {
            matches!(self.items[i].what, What::Trigger(..) | What::Noun(_)) && self.gap(i, word) == 0
        };
        !before.is_some_and(deed)
    }

    /// Whether the first item is a place in the country that the second one names.
    fn is_in(&self, place: usize, country: usize) -> bool {
        let of = |i: usize| match &self.items[i].what {
            What::Place(place) => place.country,
            What::Party(party) if party.body.is_none() => party.country,
            _ => None,
        };
        of(place).is_some() && of(place) == of(country)
    }

    /// Whether a preposition of this meaning governs an item; one form may have several meanings.
    pub(crate) fn is_marked(&self, item: usize, meaning: Word) -> bool {
        let Some(marker) = self.marker(item) else { return false };
        let start = self.items[marker].start;
        let same = |i: &&Item| i.start == start && i.is_word(meaning);
        let end = self.items[marker].end;
        // Of particles that begin alike the longest holds: *による* is no *に*.
        let whole = |i: &&Item| !self.language.settings.postpositions || i.end == end;
        let behind = self.items[marker + 1..].iter().take_while(|i| i.start == start);
        let before = self.items[..=marker].iter().rev().take_while(|i| i.start == start);
        before.chain(behind).filter(whole).any(|i| same(&i))
    }

    pub(crate) fn is_marked_any(&self, item: usize, meanings: &[Word]) -> bool {
        meanings.iter().any(|m| self.is_marked(item, *m))
    }

    /// Whether the words of speech stand between two items.
    pub(super) fn speech_between(&self, from: usize, to: usize) -> bool {
        self.items[from + 1..to].iter().any(|i| {
            i.word().is_some_and(|w| {
                matches!(
                    w,
                    Word::Say
                        | Word::Confirm
                        | Word::Claim
                        | Word::Deny
                        | Word::Accuse
                        | Word::Reaction
                        | Word::Tell
                )
            })
        })
    }

    /// Whether a party can have done what is told.
    pub(super) fn acts(&self, party: &Party) -> bool {
        party.can_act || self.decreed && party.body.is_some() && party.country.is_some()
    }

    /// A reach in words, where blanks stand between syllables twice as many.
    pub(super) fn reach(&self, words: usize) -> usize {
        if self.language.settings.syllables { 2 * words } else { words }
    }

    pub(super) fn party(&self, item: usize) -> Option<&'a Party> {
        self.items[item].party()
    }

    /// A party and those joined to it by *and*, or by commas in a list that ends in *and*, in order.
    pub(crate) fn with_joined(&self, item: usize) -> Vec<usize> {
        let mut all = vec![item];
        let mut tentative = Vec::new();
        for (party, link) in self.parties_behind(item) {
            tentative.push(party);
            if link == Link::And {
                all.append(&mut tentative);
            }
        }
        let mut listed = all.len() > 1;
        while let Some((party, link)) = self.party_before(all[0]) {
            if link == Link::Comma && !listed {
                break;
            }
            listed = true;
            all.insert(0, party);
        }
        all
    }

    /// The parties behind one that a comma or *and* joins to it, each with its link to the one before.
    fn parties_behind(&self, item: usize) -> Vec<(usize, Link)> {
        let mut found = Vec::new();
        let mut last = item;
        for after in item + 1..self.items.len() {
            match &self.items[after].what {
                What::Party(_) => match self.link(last, after) {
                    Some(link) => {
                        found.push((after, link));
                        last = after;
                    }
                    None => break,
                },
                What::Comma | What::Word(Word::And | Word::Definite | Word::Own) => {}
                _ => break,
            }
        }
        found
    }

    fn party_before(&self, item: usize) -> Option<(usize, Link)> {
        let joints =
            |i: &usize| matches!(self.items[*i].what, What::Comma | What::Word(Word::And | Word::Definite));
        let before = (0..item).rev().find(|i| !joints(i)).filter(|i| self.party(*i).is_some())?;
        Some((before, self.link(before, item)?))
    }

    /// How two neighbours in a list hang together.
    fn link(&self, left: usize, right: usize) -> Option<Link> {
        if self.unknown(left, right) > 0 && self.gap(left, right) > 1 {
            return None;
        }
        let between = self.text.get(self.items[left].end..self.items[right].start)?.trim();
        if self.items[left + 1..right].iter().any(|i| i.is_word(Word::And)) {
            return Some(Link::And);
        }
        match between {
            // *日米*: states of one name.
            "" if self.items[left].end == self.items[right].start => Some(Link::And),
            // *AS-Inggris*, *米国・日本*: as good as *and*.
            "-" | "・" | "·" => Some(Link::And),
            // *美国、日本和韩国*; in Japanese the sign parts clauses too.
            "、" if !self.language.settings.postpositions => Some(Link::And),
            "" | "," | "、" => Some(Link::Comma),
            _ => None,
        }
    }
}

/// What joins two parties of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    And,
    Comma,
}

pub(super) fn is_marker(word: Word) -> bool {
    matches!(
        word,
        Word::At
            | Word::From
            | Word::Toward
            | Word::Against
            | Word::With
            | Word::AgentMarker
            | Word::Between
            | Word::AccordingTo
            | Word::Cite
            | Word::Tell
            | Word::Because
    )
}
