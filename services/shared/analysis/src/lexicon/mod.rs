//! The lexicon: what a linguist writes, read and checked.
//!
//! A language is a folder of TOML files; `common` holds what is the same in every language. Nothing is read from
//! disk here: the caller hands over [`SourceFile`]s, the ones that are built in or those of an operator.
//! The format is told in `lexicon/README.md`.

mod actors;
mod error;
mod events;
mod form;
mod grammar;
mod idioms;
mod neighbours;
mod nouns;
mod settings;
mod time;
mod topics;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

pub use actors::{ActorsFile, Body, Group, Medium};
pub use error::{Error, Position};
pub use events::{Doer, EventsFile, Sense, Trigger, Voice};
pub use form::{Form, FormError, Pattern};
pub use grammar::GrammarFile;
pub use idioms::IdiomsFile;
pub use neighbours::{Neighbour, neighbours};
pub use nouns::{Noun, NounsFile};
pub use settings::{NounAgent, SettingsFile, WordOrder};
pub use time::TimeFile;
pub use topics::{TopicTerms, TopicsFile};

/// A lexicon file: its path inside the lexicon folder (`id/events.toml`) and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// `<language>/<file>.toml`, `common/<file>.toml` or `places/<file>`.
    pub path: String,
    /// Content of the file.
    pub text: String,
}

/// The files of one language as they were written, those of `common` included.
#[derive(Debug, Default)]
pub struct LanguageFiles {
    /// How the language is written.
    pub settings: SettingsFile,
    /// Function words.
    pub grammar: GrammarFile,
    /// Words of dates.
    pub time: TimeFile,
    /// Weapons and other things that events are about.
    pub nouns: Vec<Noun>,
    /// Armed groups.
    pub groups: Vec<Group>,
    /// Authorities and forces.
    pub bodies: Vec<Body>,
    /// Agencies and media.
    pub media: Vec<Medium>,
    /// Words that tell of events.
    pub triggers: Vec<Trigger>,
    /// Phrases that mean something else.
    pub idioms: IdiomsFile,
    /// Terms of topics.
    pub topics: Vec<TopicTerms>,
}

/// Reads the files of all languages; the order of `files` does not matter.
///
/// # Errors
/// The first mistake, with file, line and entry.
pub fn read(files: &[SourceFile]) -> Result<BTreeMap<String, LanguageFiles>, Error> {
    let languages: Vec<&str> = files.iter().filter_map(|f| f.path.strip_suffix("/language.toml")).collect();
    let mut sorted: Vec<&SourceFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let mut read = BTreeMap::new();
    for code in languages {
        let mut language = LanguageFiles::default();
        for folder in ["common", code] {
            let in_folder = |f: &&&SourceFile| f.path.split('/').next() == Some(folder);
            for file in sorted.iter().filter(in_folder) {
                language.absorb(file)?;
            }
        }
        language.check(code)?;
        read.insert(code.to_owned(), language);
    }
    Ok(read)
}

impl LanguageFiles {
    fn absorb(&mut self, file: &SourceFile) -> Result<(), Error> {
        match file.path.rsplit('/').next().unwrap_or_default() {
            "language.toml" => self.settings = parse(file)?,
            "grammar.toml" => self.grammar = parse(file)?,
            "time.toml" => self.time = parse(file)?,
            "nouns.toml" | "weapons.toml" => {
                let read: NounsFile = parse(file)?;
                self.nouns.extend(Position::fill(read.noun, file, |n| &mut n.position));
            }
            "actors.toml" => {
                let read: ActorsFile = parse(file)?;
                self.groups.extend(Position::fill(read.group, file, |n| &mut n.position));
                self.bodies.extend(Position::fill(read.body, file, |n| &mut n.position));
                self.media.extend(Position::fill(read.medium, file, |n| &mut n.position));
            }
            "events.toml" => {
                let read: EventsFile = parse(file)?;
                self.triggers.extend(Position::fill(read.trigger, file, |n| &mut n.position));
            }
            "idioms.toml" => self.idioms.absorb(parse(file)?),
            "topics.toml" => {
                let read: TopicsFile = parse(file)?;
                self.topics.extend(Position::fill(read.topic, file, |n| &mut n.position));
            }
            "page.toml" | "neighbours.toml" => {}
            _ => return Err(Error::UnknownFile { file: file.path.clone() }),
        }
        Ok(())
    }

    /// What no single entry can show: kinds that senses ask for and no noun has.
    fn check(&self, language: &str) -> Result<(), Error> {
        let known: Vec<&str> =
            self.nouns.iter().map(|n| n.kind.as_str()).chain(nouns::BUILT_IN_KINDS).collect();
        for trigger in &self.triggers {
            for sense in &trigger.senses {
                let asked = [&sense.object, &sense.agent, &sense.near, &sense.article, &sense.without];
                if let Some(kind) = asked.into_iter().flatten().find(|k| !known.contains(&k.as_str())) {
                    return Err(Error::Entry {
                        at: trigger.position.clone(),
                        entry: trigger.name.clone(),
                        reason: format!("no noun of `{language}` or `common` is of kind `{kind}`"),
                    });
                }
            }
        }
        Ok(())
    }
}

fn parse<T: DeserializeOwned>(file: &SourceFile) -> Result<T, Error> {
    toml::from_str(&file.text).map_err(|e| Error::toml(file, &e))
}
