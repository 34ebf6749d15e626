//! All that is known, ready for use: one automaton a language and purpose.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use include_dir::{Dir, include_dir};
use siaga_schemas::{Country, Versions};
use xxhash_rust::xxh3::Xxh3;

use crate::language::Identifier;
use crate::lexicon::TimeFile;
use crate::lexicon::{
    self, Body, Error, Group, LanguageFiles, Medium, Noun, SettingsFile, SourceFile, TopicTerms, Trigger,
};
use crate::matcher::Matcher;
use crate::page;
use crate::places::{Gazetteer, Geography};
use crate::text::fold;
use crate::topics::Classifier;
use crate::vocabulary;

/// Most bytes of a language's files: an automaton holds a state a byte, and numbers them with 31 bits.
const MOST_BYTES: usize = 256 << 20;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/lexicon");

/// What Siaga knows, of all languages. Loading takes some tenths of a second; share it between threads.
#[derive(Debug)]
pub struct Knowledge {
    languages: BTreeMap<String, Language>,
    identifier: Identifier,
    classifier: Classifier,
    page: page::Knowledge,
    geography: Geography,
    versions: Versions,
}

/// What is known of one language.
#[derive(Debug)]
pub(crate) struct Language {
    /// How it is written.
    pub settings: SettingsFile,
    /// Its places.
    pub gazetteer: Gazetteer,
    /// Built when the first text is read for events, or for topics: a service needs one of the two, and few languages.
    events: OnceLock<Matcher>,
    topics: OnceLock<Matcher>,
    /// Words of the grammar, folded.
    pub function_words: BTreeSet<String>,
    /// Words whose full stop ends no sentence, folded.
    pub abbreviations: BTreeSet<String>,
    /// Names of several states at once, folded, each with its states.
    pub state_compounds: BTreeMap<String, Vec<Country>>,
    files: LanguageFiles,
}

impl Knowledge {
    /// The knowledge that is built into the program.
    ///
    /// # Errors
    /// The first mistake in the lexicon; a test keeps a release from having one.
    pub fn built_in() -> Result<Self, Error> {
        Self::load(&built_in_files())
    }

    /// Knowledge from files that the caller has read.
    ///
    /// # Errors
    /// The first mistake, with file, line and entry.
    pub fn load(files: &[SourceFile]) -> Result<Self, Error> {
        let mut languages = BTreeMap::new();
        let mut identifier = Identifier::built_in()?;
        let classifier = Classifier::built_in()?;
        let neighbours = lexicon::neighbours(files)?;
        for (code, neighbour) in &neighbours {
            identifier.own_words.add(code, neighbour.own.iter().cloned());
        }
        for (code, read) in lexicon::read(files)? {
            if !neighbours.contains_key(&code) {
                identifier.own_words.add(&code, vocabulary::words(&read));
            }
            let gazetteer = Gazetteer::read(files, &code)?;
            refuse_too_many(files, &code)?;
            languages.insert(code, Language::new(read, gazetteer));
        }
        let mut page = page_knowledge(files)?;
        for language in languages.values() {
            page.know_places(language.gazetteer.printed());
        }
        Ok(Self {
            languages,
            page,
            geography: Geography::read(files)?,
            versions: versions(files, &identifier, &classifier),
            identifier,
            classifier,
        })
    }

    /// What is known of a language by its BCP 47 code; a script subtag may be left out of either.
    pub(crate) fn language(&self, code: &str) -> Option<&Language> {
        let primary = || code.split('-').next().and_then(|p| self.languages.get(p));
        self.languages.get(code).or_else(primary)
    }

    /// Codes of the languages that are known.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.keys().map(String::as_str)
    }

    /// The folded forms that topics and regions of a language are told with; none where the language is not known.
    pub fn patterns(&self, code: &str) -> Vec<String> {
        let Some(language) = self.language(code) else { return Vec::new() };
        let entries = vocabulary::of_topics(&language.files, &language.gazetteer);
        entries.into_keys().map(|pattern| pattern.folded).filter(|folded| !folded.is_empty()).collect()
    }

    /// Names languages.
    pub(crate) fn identifier(&self) -> &Identifier {
        &self.identifier
    }

    /// Names topics.
    pub(crate) fn classifier(&self) -> &Classifier {
        &self.classifier
    }

    /// How pages are laid out.
    pub fn page(&self) -> &page::Knowledge {
        &self.page
    }

    /// UN M49 sub-region of a country.
    pub fn sub_region(&self, country: Country) -> Option<&str> {
        self.geography.sub_region(country)
    }

    /// What to write into every record that this knowledge decides.
    pub fn versions(&self) -> &Versions {
        &self.versions
    }
}

impl Language {
    fn new(files: LanguageFiles, gazetteer: Gazetteer) -> Self {
        Self {
            settings: files.settings.clone(),
            events: OnceLock::new(),
            topics: OnceLock::new(),
            function_words: vocabulary::of_grammar(&files).collect(),
            abbreviations: files
                .settings
                .abbreviations
                .iter()
                .map(|a| fold::fold(a).text().to_owned())
                .collect(),
            state_compounds: files
                .settings
                .state_compounds
                .iter()
                .map(|(name, states)| (fold::fold(name).text().to_owned(), states.clone()))
                .collect(),
            gazetteer,
            files,
        }
    }

    /// Finds what events are told with.
    pub(crate) fn events(&self) -> &Matcher {
        self.events
            .get_or_init(|| Matcher::new(vocabulary::of_events(&self.files, &self.gazetteer), &self.settings))
    }

    /// Finds what topics and regions are told with.
    pub(crate) fn topics(&self) -> &Matcher {
        self.topics
            .get_or_init(|| Matcher::new(vocabulary::of_topics(&self.files, &self.gazetteer), &self.settings))
    }

    /// An armed group.
    pub(crate) fn group(&self, index: u32) -> &Group {
        &self.files.groups[index as usize]
    }

    /// An authority or force.
    pub(crate) fn body(&self, index: u32) -> &Body {
        &self.files.bodies[index as usize]
    }

    /// An agency or medium.
    pub(crate) fn medium(&self, index: u32) -> &Medium {
        &self.files.media[index as usize]
    }

    /// A thing.
    pub(crate) fn noun(&self, index: u32) -> &Noun {
        &self.files.nouns[index as usize]
    }

    /// How dates are written.
    pub(crate) fn time(&self) -> &TimeFile {
        &self.files.time
    }

    /// A trigger.
    pub(crate) fn trigger(&self, index: u32) -> &Trigger {
        &self.files.triggers[index as usize]
    }

    /// Terms of a topic.
    pub(crate) fn topic(&self, index: u32) -> &TopicTerms {
        &self.files.topics[index as usize]
    }
}

/// The lexicon files that are built into the program, in order of their paths.
pub fn built_in_files() -> Vec<SourceFile> {
    let mut files = Vec::new();
    collect(&BUILT_IN, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn collect(dir: &Dir<'_>, files: &mut Vec<SourceFile>) {
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let data = path.ends_with(".toml") || path.ends_with(".tsv");
        if let (true, Some(text)) = (data, file.contents_utf8()) {
            files.push(SourceFile { path, text: text.to_owned() });
        }
    }
    for inner in dir.dirs() {
        collect(inner, files);
    }
}

/// The automata of a language are built when they are needed, and then nothing may fail.
fn refuse_too_many(files: &[SourceFile], code: &str) -> Result<(), Error> {
    let bytes: usize = files.iter().filter(|f| f.path.contains(code)).map(|f| f.text.len()).sum();
    if bytes > MOST_BYTES {
        return Err(Error::Build {
            language: code.to_owned(),
            reason: format!("its files have more than {MOST_BYTES} bytes"),
        });
    }
    Ok(())
}

fn page_knowledge(files: &[SourceFile]) -> Result<page::Knowledge, Error> {
    let mut all = page::Knowledge::default();
    for file in files.iter().filter(|f| f.path.ends_with("/page.toml")) {
        let read = page::Knowledge::parse(&file.path, &file.text).map_err(Error::from)?;
        all.merge(read);
    }
    Ok(all)
}

fn versions(files: &[SourceFile], identifier: &Identifier, classifier: &Classifier) -> Versions {
    let mut hasher = Xxh3::new();
    let mut sorted: Vec<&SourceFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    for file in sorted {
        for part in [file.path.as_bytes(), file.text.as_bytes()] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    Versions {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        lexicon: format!("{:016x}", hasher.digest()),
        models: [
            ("language".to_owned(), identifier.version().to_owned()),
            ("topics".to_owned(), classifier.version().to_owned()),
        ]
        .into(),
    }
}
