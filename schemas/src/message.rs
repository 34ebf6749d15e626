//! What all messages have in common: a name, a CloudEvents type, and the way from bytes and to bytes.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::decode::{DecodeError, explain, locate};
use crate::{Action, Alert, ArticleRef, Control, Incident, IncidentState, UnusableArticle, Withdrawal};
use crate::{ClassifiedArticle, Correction, EnrichedArticle, Mention, RawArticle, SecurityEvent};

/// A message of one of the topics.
pub trait Message: Serialize + DeserializeOwned + JsonSchema {
    /// Name of its files under `schemas/`.
    const NAME: &'static str;

    /// Its CloudEvents type, header `ce_type`.
    const TYPE: &'static str;

    /// Reads the value of a record and checks what its type alone cannot say.
    ///
    /// # Errors
    /// Where the bytes are not this message; the error names the field.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let message: Self = serde_json::from_slice(bytes)
            .map_err(|error| Self::locate(bytes).unwrap_or_else(|| explain::<Self>(bytes, &error)))?;
        message.check()?;
        Ok(message)
    }

    /// The value of a record: the same message gives the same bytes.
    ///
    /// # Errors
    /// Where a number is not finite.
    fn encode(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// What must hold beside the types of the fields.
    ///
    /// # Errors
    /// Where it does not, with the field.
    fn check(&self) -> Result<(), DecodeError> {
        Ok(())
    }

    /// Finds the offending field where the type itself hides the path to it.
    fn locate(_bytes: &[u8]) -> Option<DecodeError> {
        None
    }
}

impl Message for RawArticle {
    const NAME: &'static str = "raw-article";
    const TYPE: &'static str = "siaga.article.raw.v1";

    fn check(&self) -> Result<(), DecodeError> {
        self.content().map(|_| ()).map_err(|unusable| {
            let path = match unusable {
                UnusableArticle::NoText => "body",
                UnusableArticle::TwoTexts(_, second) => second,
                UnusableArticle::NothingToWithdraw => "id",
                UnusableArticle::Blank(field) => field,
            };
            DecodeError::WrongField { path: path.to_owned(), reason: unusable.to_string() }
        })
    }
}

impl Message for ClassifiedArticle {
    const NAME: &'static str = "classified-article";
    const TYPE: &'static str = "siaga.article.classified.v1";
}

impl Message for EnrichedArticle {
    const NAME: &'static str = "enriched-article";
    const TYPE: &'static str = "siaga.article.enriched.v1";
}

impl Message for Mention {
    const NAME: &'static str = "mention";
    const TYPE: &'static str = "siaga.event.mention.v1";

    /// The event's fields stand beside the mention's own, so serde reads them from a buffer without a path.
    fn locate(bytes: &[u8]) -> Option<DecodeError> {
        #[derive(serde::Deserialize)]
        #[expect(dead_code, reason = "only read for the path of what does not fit")]
        struct Surroundings {
            article: ArticleRef,
            origin: crate::Origin,
            #[serde(default)]
            excerpts: Vec<String>,
            part: Option<crate::Part>,
            versions: crate::Versions,
        }
        serde_json::from_slice::<serde::de::IgnoredAny>(bytes).ok()?;
        locate::<Surroundings>(bytes).or_else(|| locate::<SecurityEvent>(bytes))
    }
}

impl Message for Correction {
    const NAME: &'static str = "correction";
    const TYPE: &'static str = "siaga.event.correction.v1";
}

impl Message for Withdrawal {
    const NAME: &'static str = "withdrawal";
    const TYPE: &'static str = "siaga.event.withdrawal.v1";
}

impl Message for Incident {
    const NAME: &'static str = "incident";
    const TYPE: &'static str = "siaga.incident.v1";

    fn check(&self) -> Result<(), DecodeError> {
        let merged = self.state == IncidentState::MergedInto;
        if merged != self.merged_into.is_some() {
            let reason = "given exactly where the state is `merged_into`".to_owned();
            return Err(DecodeError::WrongField { path: "merged_into".to_owned(), reason });
        }
        Ok(())
    }
}

impl Message for Alert {
    const NAME: &'static str = "alert";
    const TYPE: &'static str = "siaga.alert.v1";
}

impl Message for Control {
    const NAME: &'static str = "control";
    const TYPE: &'static str = "siaga.control.v1";

    fn check(&self) -> Result<(), DecodeError> {
        let wrong = |path: &str, reason: &str| {
            Err(DecodeError::WrongField { path: path.to_owned(), reason: reason.to_owned() })
        };
        match &self.action {
            Action::Mute { incident_id: None, policy: None, .. } => {
                wrong("incident_id", "a mute names an incident or a policy")
            }
            Action::Merge { with, .. } if with.is_empty() => wrong("with", "names no incident"),
            Action::Split { events, .. } if events.is_empty() => wrong("events", "names no event"),
            _ => Ok(()),
        }
    }

    /// The action's fields stand beside the others, so serde reads them from a buffer without a path.
    fn locate(bytes: &[u8]) -> Option<DecodeError> {
        #[derive(serde::Deserialize)]
        #[expect(dead_code, reason = "only read for the path of what does not fit")]
        struct Surroundings {
            id: String,
            by: String,
            at: crate::Moment,
            #[serde(default)]
            undone: bool,
            note: Option<String>,
            action: String,
        }
        serde_json::from_slice::<serde::de::IgnoredAny>(bytes).ok()?;
        locate::<Surroundings>(bytes)
    }
}
