//! `language.toml`: how a language is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use siaga_schemas::Country;

/// Settings of a language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsFile {
    /// English name of the language.
    pub name: String,
    /// Whether blanks stand between words.
    #[serde(default = "yes")]
    pub spaces: bool,
    /// Where verb and object stand.
    #[serde(default)]
    pub word_order: WordOrder,
    /// Whether what governs a name stands behind it: particles, case endings, postpositions.
    #[serde(default)]
    pub postpositions: bool,
    /// Whether phrases with prepositions stand before the verb (对以色列发动空袭, 被武装分子打死).
    #[serde(default)]
    pub phrases_before_verb: bool,
    /// Where the doer stands beside a noun that tells of an event.
    #[serde(default)]
    pub noun_agent: NounAgent,
    /// Whether the doer may follow a passive verb without a preposition (*dilesatkan Korut*).
    #[serde(default)]
    pub bare_passive_agent: bool,
    /// Endings of the case in which a doer stands beside a passive or a noun (*российскими войсками*).
    #[serde(default)]
    pub instrumental: Vec<String>,
    /// Whether the object may come first and the doer behind the verb (*две ракеты запустила КНДР*).
    #[serde(default)]
    pub free_order: bool,
    /// Words of the future that bring the object forward where a thing or name follows (*将*).
    #[serde(default)]
    pub fronting: Vec<String>,
    /// Whether verbs frame the clause: the finite one stands second, the doer before or right behind it, and the rest of
    /// it last, behind its objects (*Am Mittwoch hat Russland Kiew angegriffen*).
    #[serde(default)]
    pub verb_frame: bool,
    /// Whether a verb may do without a subject (*afirmó que disparó*): who speaks is the one that did it.
    #[serde(default)]
    pub drops_subject: bool,
    /// Whether a body behind *in* speaks (*в Минобороны сообщили*).
    #[serde(default)]
    pub speaks_inside: bool,
    /// Words that join a body and whose it is (*of the*, *del*, *du*).
    #[serde(default)]
    pub linkers: Vec<String>,
    /// Short names of several states at once, each with its states in the order of its letters (*日米*, *한미일*).
    #[serde(default)]
    pub state_compounds: BTreeMap<String, Vec<Country>>,
    /// Whether blanks stand between syllables: words are twice as long.
    #[serde(default)]
    pub syllables: bool,
    /// Enclitics that are pronouns: a preposition with one governs nothing more (*منها*), and a verb with one right
    /// behind a noun tells of it (*صاروخ أطلقته إيران*).
    #[serde(default)]
    pub object_pronouns: Vec<String>,
    /// Little words that may cling to the front of any word (`و` `ب` in Arabic).
    #[serde(default)]
    pub proclitics: Vec<String>,
    /// Endings that may cling to any word (`nya`, `lah`; `'s`; Korean particles).
    #[serde(default)]
    pub enclitics: Vec<String>,
    /// Words whose full stop ends no sentence (`Dr.`, `Gen.`).
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// Sign between thousands: `.` in Indonesian, `,` in English.
    #[serde(default = "comma")]
    pub thousands: char,
    /// Whether numeric dates name the day first (13/9/2023).
    #[serde(default = "yes")]
    pub day_first: bool,
}

/// Where verb and object stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WordOrder {
    /// Doer, verb, object.
    #[default]
    Svo,
    /// Doer, object, verb.
    Sov,
    /// Verb, doer, object.
    Vso,
}

/// Where the doer stands beside a noun that tells of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NounAgent {
    /// *serangan Israel*
    #[default]
    After,
    /// *Israeli attack*
    Before,
}

impl Default for SettingsFile {
    fn default() -> Self {
        Self {
            name: String::new(),
            spaces: true,
            word_order: WordOrder::Svo,
            postpositions: false,
            phrases_before_verb: false,
            noun_agent: NounAgent::After,
            bare_passive_agent: false,
            instrumental: Vec::new(),
            free_order: false,
            fronting: Vec::new(),
            verb_frame: false,
            drops_subject: false,
            speaks_inside: false,
            linkers: Vec::new(),
            state_compounds: BTreeMap::new(),
            syllables: false,
            object_pronouns: Vec::new(),
            proclitics: Vec::new(),
            enclitics: Vec::new(),
            abbreviations: Vec::new(),
            thousands: ',',
            day_first: true,
        }
    }
}

fn yes() -> bool {
    true
}

fn comma() -> char {
    ','
}
