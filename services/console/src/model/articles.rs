//! Texts of articles that tell of an event, packed, up to a number of bytes.
//!
//! They are kept in memory and not in a file: the topic brings them again at every start, so a file would add
//! permissions, disks that run full and recovery after a crash, and save nothing.

use std::collections::{HashMap, VecDeque};

use siaga_schemas::{EnrichedArticle, Message};

use super::packed::Packed;

/// Bytes that an entry takes beside its text.
const OVERHEAD: usize = 200;

#[derive(Debug)]
pub(super) struct Articles {
    most_bytes: usize,
    bytes: usize,
    held: HashMap<String, (u64, Packed)>,
    /// Ids by the count of their arrival; an entry whose count is no longer that of the held text is void.
    order: VecDeque<(u64, String)>,
    arrivals: u64,
}

/// An article as it is kept.
#[derive(Debug)]
pub struct HeldArticle(Packed);

impl HeldArticle {
    /// The record.
    pub fn decode(&self) -> Option<EnrichedArticle> {
        EnrichedArticle::decode(&self.0.unpack()).ok()
    }
}

impl Articles {
    pub(super) fn new(most_bytes: usize) -> Self {
        Self { most_bytes, bytes: 0, held: HashMap::new(), order: VecDeque::new(), arrivals: 0 }
    }

    pub(super) fn insert(&mut self, id: &str, text: Packed) {
        self.remove(id);
        self.arrivals += 1;
        self.bytes += size(id, &text);
        self.order.push_back((self.arrivals, id.to_owned()));
        self.held.insert(id.to_owned(), (self.arrivals, text));
        while self.bytes > self.most_bytes {
            let Some((arrival, id)) = self.order.pop_front() else { break };
            if self.held.get(&id).is_some_and(|(held, _)| *held == arrival) {
                self.remove(&id);
            }
        }
        // Corrections leave void entries behind.
        if self.order.len() > 2 * self.held.len() + 1024 {
            let held = &self.held;
            self.order.retain(|(arrival, id)| held.get(id).is_some_and(|(held, _)| held == arrival));
        }
    }

    pub(super) fn remove(&mut self, id: &str) {
        if let Some((_, text)) = self.held.remove(id) {
            self.bytes -= size(id, &text);
        }
    }

    pub(super) fn get(&self, id: &str) -> Option<HeldArticle> {
        self.held.get(id).map(|(_, text)| HeldArticle(text.clone()))
    }

    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

fn size(id: &str, text: &Packed) -> usize {
    text.len() + 2 * id.len() + OVERHEAD
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_that_came_first_go_first_and_the_bound_holds() {
        let text = || Packed::new(&[b'x'; 64]);
        let room = 3 * size("0", &text());
        let mut articles = Articles::new(room);
        for id in ["0", "1", "2", "0", "3"] {
            articles.insert(id, text());
            assert!(articles.bytes() <= room);
        }
        assert!(articles.get("1").is_none());
        assert!(["0", "2", "3"].iter().all(|id| articles.get(id).is_some()));
    }
}
