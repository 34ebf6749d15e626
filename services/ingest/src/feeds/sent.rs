//! Which items have been sent already.
//!
//! An item is known by its id; with other words it is a correction and sent again. What is known is kept as long as the
//! process lives. After a restart a feed's items are sent once more under the same ids with the same text, which
//! changes nothing downstream.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

/// Most items of one feed that are remembered, beside those that it lists; feeds list tens.
const MOST_OF_A_FEED: usize = 10_000;
/// Most items of all feeds.
const MOST: usize = 200_000;

/// What all feeds have sent: outlets list one article in several feeds.
#[derive(Debug, Default)]
pub(super) struct Everywhere {
    sent: Mutex<Recent>,
}

/// The last of what was sent, by digest of id and words.
#[derive(Debug, Default)]
struct Recent {
    known: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Everywhere {
    fn has(&self, id: &str, words: u64) -> bool {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).known.contains(&digest(id, words))
    }

    fn add(&self, id: &str, words: u64) {
        let mut recent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let digest = digest(id, words);
        if recent.known.insert(digest) {
            recent.order.push_back(digest);
        }
        if recent.order.len() > MOST
            && let Some(oldest) = recent.order.pop_front()
        {
            recent.known.remove(&oldest);
        }
    }
}

fn digest(id: &str, words: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (id, words).hash(&mut hasher);
    hasher.finish()
}

/// What one feed has sent: the words of each item as they were last, and the poll that last listed it.
#[derive(Debug, Default)]
pub(super) struct Sent {
    items: HashMap<String, (u64, u64)>,
    poll: u64,
}

impl Sent {
    /// A poll begins. Where too much is remembered, what the one before it did not list is forgotten.
    pub(super) fn begin(&mut self) {
        if self.items.len() > MOST_OF_A_FEED {
            let last = self.poll;
            self.items.retain(|_, (_, poll)| *poll == last);
        }
        self.poll += 1;
    }

    /// Whether an item is to be sent.
    pub(super) fn is_new(&mut self, everywhere: &Everywhere, id: &str, words: u64) -> bool {
        match self.items.get_mut(id) {
            Some((last, poll)) => {
                *poll = self.poll;
                *last != words
            }
            None if everywhere.has(id, words) => {
                self.items.insert(id.to_owned(), (words, self.poll));
                false
            }
            None => true,
        }
    }

    /// An item is in the topic.
    pub(super) fn add(&mut self, everywhere: &Everywhere, id: &str, words: u64) {
        everywhere.add(id, words);
        self.items.insert(id.to_owned(), (words, self.poll));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_sent_again_only_with_other_words() {
        let (everywhere, mut sent) = (Everywhere::default(), Sent::default());
        sent.begin();
        assert!(sent.is_new(&everywhere, "a", 1));
        assert!(sent.is_new(&everywhere, "a", 1), "not acknowledged is not sent");
        sent.add(&everywhere, "a", 1);
        assert!(!sent.is_new(&everywhere, "a", 1));
        assert!(sent.is_new(&everywhere, "a", 2));
        sent.add(&everywhere, "a", 2);
        assert!(sent.is_new(&everywhere, "a", 1), "a correction taken back is one, too");
    }

    #[test]
    fn two_feeds_that_tell_the_same_article_differently_do_not_correct_each_other_for_ever() {
        let everywhere = Everywhere::default();
        let (mut one, mut other) = (Sent::default(), Sent::default());
        one.add(&everywhere, "a", 1);
        assert!(!other.is_new(&everywhere, "a", 1), "the same text is sent by one of them");
        assert!(other.is_new(&everywhere, "a", 2));
        other.add(&everywhere, "a", 2);
        assert!(!one.is_new(&everywhere, "a", 1) && !other.is_new(&everywhere, "a", 2));
    }

    #[test]
    fn memory_is_bounded_and_keeps_what_is_listed() {
        let (everywhere, mut sent) = (Everywhere::default(), Sent::default());
        for poll in 0..10u64 {
            sent.begin();
            assert!(sent.items.len() <= MOST_OF_A_FEED, "{}", sent.items.len());
            assert!(poll == 0 || !sent.is_new(&everywhere, "stays", 1));
            sent.add(&everywhere, "stays", 1);
            (0..4000).for_each(|n| sent.add(&everywhere, &format!("{poll}-{n}"), n));
        }
        assert!(!sent.is_new(&everywhere, "stays", 1));
        (0..2 * MOST as u64).for_each(|n| everywhere.add("a", n));
        let recent = everywhere.sent.lock().unwrap();
        assert_eq!((recent.known.len(), recent.order.len()), (MOST, MOST));
    }
}
