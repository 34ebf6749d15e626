//! Whatever the bytes, decoding answers, and what it decodes comes back.

use proptest::collection::vec;
use proptest::prelude::*;
use siaga_schemas::{EnrichedArticle, Mention, Message, RawArticle};

use super::read;

/// The full example of a message with some bytes overwritten, and cut somewhere.
fn damaged(name: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let whole = read(&format!("examples/{name}.valid.json")).into_bytes();
    let length = whole.len();
    (vec((0..length, any::<u8>()), 0..4), length / 2..=length).prop_map(move |(changes, cut)| {
        let mut bytes = whole.clone();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        bytes.truncate(cut);
        bytes
    })
}

fn answers<M: Message>(bytes: &[u8]) -> Result<(), TestCaseError> {
    match M::decode(bytes) {
        Ok(message) => {
            let again = M::decode(&message.encode().unwrap());
            prop_assert_eq!(again.unwrap().encode().unwrap(), message.encode().unwrap());
        }
        Err(error) => {
            prop_assert_eq!(error.code() == "not_utf8", std::str::from_utf8(bytes).is_err());
            prop_assert_eq!(error.code() == "wrong_field", error.path().is_some());
            prop_assert!(error.to_string().chars().count() < 400);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_answered(bytes in vec(any::<u8>(), 0..600)) {
        answers::<RawArticle>(&bytes)?;
        answers::<Mention>(&bytes)?;
    }

    #[test]
    fn damaged_raw_articles_are_answered(bytes in damaged("raw-article")) {
        answers::<RawArticle>(&bytes)?;
    }

    #[test]
    fn damaged_enriched_articles_are_answered(bytes in damaged("enriched-article")) {
        answers::<EnrichedArticle>(&bytes)?;
    }

    #[test]
    fn damaged_mentions_are_answered(bytes in damaged("mention")) {
        answers::<Mention>(&bytes)?;
    }
}
