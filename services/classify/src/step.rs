//! From the bytes of a raw article to the bytes of a classified one.

use siaga_analysis::{Knowledge, Unreadable, classify};
use siaga_schemas::{ClassifiedArticle, DecodeError, Message, RawArticle};

/// A classified article as a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classified {
    /// The article's id: key of the record.
    pub id: String,
    /// The message.
    pub value: Vec<u8>,
}

/// Why a record is no article that can be classified. Final: the same bytes never become one.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is not the message it should be.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// It is, and holds nothing to read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The result cannot be written.
    #[error("article cannot be written as JSON: {0}")]
    Encode(#[from] serde_json::Error),
}

impl Refused {
    /// A name for dead letters and counters that stays the same.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Decode(error) => error.code(),
            Self::Unreadable(_) => "unreadable",
            Self::Encode(_) => "not_encodable",
        }
    }
}

/// Classifies one record. `timestamp` is the record's, in milliseconds since 1970.
///
/// # Errors
/// Where the bytes are no raw article, or one without a text that can be read.
pub fn step(knowledge: &Knowledge, payload: &[u8], timestamp: i64) -> Result<Classified, Refused> {
    let raw = RawArticle::decode(payload)?;
    let classified: ClassifiedArticle = classify(knowledge, &raw, timestamp)?;
    let value = classified.encode()?;
    Ok(Classified { id: classified.article.id, value })
}
