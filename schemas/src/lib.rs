//! Wire types of Siaga's topics.
//!
//! One file a message: [`RawArticle`] on `articles.raw`, [`ClassifiedArticle`] on `articles.classified`,
//! [`EnrichedArticle`] on `articles.enriched`, and [`Mention`], [`Correction`] and [`Withdrawal`] on
//! `events.security`, [`Incident`] on `incidents`, [`Alert`] on `alerts`, [`Control`] on `control`. All are JSON in UTF-8. Inside v1 fields are only added, and only optional ones.
//!
//! Offsets are Unicode code points into the named field of the article, end exclusive.
#![forbid(unsafe_code)]

mod alert;
mod article;
mod classified;
mod control;
mod country;
pub mod decode;
mod enriched;
mod event;
pub mod identity;
mod incident;
mod mention;
mod message;
mod moment;
mod quote;
mod raw;
mod schema;
mod taxonomy;
pub mod topics;
mod versions;

pub use alert::{Alert, AlertBaseline, AlertDigest, AlertNumber, AlertState, Delivery, DeliveryOutcome};
pub use article::{Article, Basis, Concept, Language, Region, Role, Topic};
pub use article::{Bloc, Dateline};
pub use classified::ClassifiedArticle;
pub use control::{Action, Control};
pub use country::{Country, InvalidCountry};
pub use decode::{DecodeError, decode};
pub use enriched::EnrichedArticle;
pub use event::{
    Authority, Crosswalk, DateBasis, DatePrecision, EventDate, Interval, Location, Party, Precision,
    Reporter, SecurityEvent, Weapon,
};
pub use incident::{
    BriefReport, Conflict, Decision, DecisionKind, Incident, IncidentAuthority, IncidentDate,
    IncidentLocation, IncidentNumber, IncidentParty, IncidentState, IncidentWeapon, IndependentOrigin,
    Report, Told,
};
pub use mention::{ArticleRef, Correction, Mention, Origin, Part, Withdrawal};
pub use message::Message;
pub use moment::{InvalidMoment, Moment};
pub use quote::{Evidence, EvidenceList, Field, NoEvidence, Quote, Span};
pub use raw::{Content, RawArticle, UnusableArticle};
pub use schema::json_schema;
pub use taxonomy::{EventType, Severity, Status, WeaponClass};
pub use versions::Versions;
