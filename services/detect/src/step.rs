//! From the bytes of a classified article to those of the enriched one and of its events.

use siaga_analysis::{Detected, Knowledge, detect};
use siaga_schemas::{ClassifiedArticle, Correction, DecodeError, Mention, Message, Withdrawal};

/// A record for `events.security`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// Value of `ce_type`.
    pub message_type: &'static str,
    /// Value of `ce_id`: the event's id, or for corrections and withdrawals the article's with its version.
    pub id: String,
    /// The message.
    pub value: Vec<u8>,
}

/// What becomes of a classified article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The article's id: key of all its records.
    pub article_id: String,
    /// The message for `articles.enriched`.
    pub enriched: Vec<u8>,
    /// The messages for `events.security`, in order of appearance.
    pub events: Vec<EventRecord>,
    /// How many events were found, by whether they are flagged.
    pub flagged: usize,
}

/// Why a record cannot be searched. Final: the same bytes never can.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is not the message it should be.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The result cannot be written.
    #[error("article cannot be written as JSON: {0}")]
    Encode(#[from] serde_json::Error),
}

impl Refused {
    /// A name for dead letters and counters that stays the same.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Decode(error) => error.code(),
            Self::Encode(_) => "not_encodable",
        }
    }
}

/// Searches one record.
///
/// # Errors
/// Where the bytes are no classified article.
pub fn step(knowledge: &Knowledge, payload: &[u8]) -> Result<Step, Refused> {
    let classified = ClassifiedArticle::decode(payload)?;
    let Detected { enriched, mentions, correction, withdrawal } = detect(knowledge, classified);
    let mut events = Vec::with_capacity(mentions.len() + 1);
    for mention in &mentions {
        let value = mention.encode()?;
        events.push(EventRecord { message_type: Mention::TYPE, id: mention.event.id.clone(), value });
    }
    let versioned = |kind: &str| format!("{}-{}-{kind}", enriched.article.id, enriched.article.version);
    if let Some(correction) = &correction {
        let value = correction.encode()?;
        events.push(EventRecord { message_type: Correction::TYPE, id: versioned("correction"), value });
    }
    if let Some(withdrawal) = &withdrawal {
        let value = withdrawal.encode()?;
        events.push(EventRecord { message_type: Withdrawal::TYPE, id: versioned("withdrawal"), value });
    }
    Ok(Step {
        flagged: enriched.events.iter().filter(|e| e.flagged).count(),
        enriched: enriched.encode()?,
        article_id: enriched.article.id,
        events,
    })
}
