//! `page.toml`: the words by which pages are read.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use super::byline::{Labels, Starts};
use super::clock::{self, Token};
use super::date::{self, DateWords, Lexemes, Reading, Vocabulary, Zone};
use super::error::{Error, Source};
use super::phrases::{Found, Phrases, Reason};
use super::words;

/// The folder of what is the same in every language.
const COMMON: &str = "common";
/// Bytes of a page that are looked at to tell languages apart.
const SAMPLE: usize = 4000;

/// The words of all languages by which pages are read.
///
/// ```
/// # use siaga_analysis::page::{self, Knowledge};
/// let toml = r#"
///     [date]
///     weekdays = [["Senin"], ["Selasa"], ["Rabu"], ["Kamis"], ["Jumat"], ["Sabtu"], ["Minggu", "Ahad"]]
///     [[zone]]
///     names = ["WIB"]
///     offset = "+07:00"
/// "#;
/// let knowledge = Knowledge::parse("id/page.toml", toml)?;
/// let page = page::read("Rabu 2026-11-04 14:50 WIB\n\nJudul\n\nIsi berita.", &knowledge);
/// assert_eq!(page.published_at.map(|at| at.to_string()).as_deref(), Some("2026-11-04T14:50:00+07:00"));
/// # Ok::<(), page::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// By the folder of the file.
    languages: BTreeMap<String, Vocabulary>,
    /// Words of dates that every language shares, and zones that only one offset is known for.
    common: Lexemes,
    ambiguous_zones: HashSet<String>,
    pub(super) cuts: Phrases,
    pub(super) share: HashSet<String>,
    pub(super) sections: HashSet<String>,
    pub(super) labels: Labels,
    pub(super) outlets: HashSet<String>,
    pub(super) not_places: HashSet<String>,
    /// Usual name by folded form.
    pub(super) agencies: HashMap<String, String>,
    /// Words that end what Chinese newsrooms open a report with.
    pub(super) wires: Vec<String>,
    /// `به گزارش`: media and a comma follow.
    pub(super) reports: Starts,
    /// Folded names of the gazetteer, and whether each is a town or region.
    pub(super) places: HashMap<String, bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    frequent: Vec<String>,
    date: DateWords,
    zone: Vec<Zone>,
    byline: BylineWords,
    caption: CaptionWords,
    dateline: DatelineWords,
    cut: Vec<Cut>,
    share: Vec<String>,
    sections: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct BylineWords {
    labels: Vec<Spanned<String>>,
    openers: Vec<Spanned<String>>,
    joiners: Vec<Spanned<String>>,
    at: Vec<Spanned<String>>,
    sources: Vec<Spanned<String>>,
    reporters: Vec<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CaptionWords {
    labels: Vec<Spanned<String>>,
    marks: Vec<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DatelineWords {
    agencies: Vec<Agency>,
    outlets: Vec<String>,
    not_places: Vec<String>,
    wires: Vec<String>,
    reports: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Agency {
    Name(String),
    Forms(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cut {
    reason: Reason,
    #[serde(default)]
    links: bool,
    lines: Vec<Spanned<String>>,
}

impl Knowledge {
    /// Reads one `page.toml`. The folder in `path` names the language, `common` what is the same in all.
    ///
    /// # Errors
    /// The first mistake of the file, with path, line and entry.
    pub fn parse(path: &str, text: &str) -> Result<Self, Error> {
        let source = Source { path, text };
        let file: File = toml::from_str(text).map_err(|error| source.syntax(&error))?;
        let language = path.rsplit('/').nth(1).unwrap_or(COMMON).to_owned();
        let mut knowledge = Self::default();
        let vocabulary = Vocabulary::new(&file.date, &file.zone, &file.frequent, source)?;
        for (name, zone) in vocabulary.lexemes.zones() {
            knowledge.add_zone(name, zone);
        }
        if language == COMMON {
            knowledge.common.absorb(&vocabulary.lexemes);
        } else {
            knowledge.languages.insert(language, vocabulary);
        }
        for cut in &file.cut {
            for line in &cut.lines {
                let found = Found { reason: cut.reason, links: cut.links, open: false };
                let refused = |reason| source.entry(line.span().start, line.get_ref(), reason);
                knowledge.cuts.add(line.get_ref(), found).map_err(refused)?;
            }
        }
        knowledge.labels = labels(&file, source)?;
        phrases(&file.dateline.reports, &mut knowledge.reports, source)?;
        knowledge.share = folded(&file.share);
        knowledge.sections = folded(&file.sections);
        knowledge.outlets = folded(&file.dateline.outlets);
        knowledge.not_places = folded(&file.dateline.not_places);
        knowledge.agencies = agencies(file.dateline.agencies);
        knowledge.wires = file.dateline.wires;
        Ok(knowledge)
    }

    /// Reads the files of all languages, each with its path.
    ///
    /// # Errors
    /// The first mistake, with path, line and entry.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        let mut all = Self::default();
        for (path, text) in files {
            all.merge(Self::parse(path, text)?);
        }
        Ok(all)
    }

    /// Adds what is known of other languages; a second file of the same language replaces its words of dates.
    pub fn merge(&mut self, other: Self) {
        for (name, zone) in other.common.zones() {
            self.add_zone(name, zone);
        }
        for name in other.ambiguous_zones {
            self.common.set_zone(&name, None);
            self.ambiguous_zones.insert(name);
        }
        self.common.absorb(&other.common);
        self.languages.extend(other.languages);
        self.cuts.absorb(other.cuts);
        self.share.extend(other.share);
        self.sections.extend(other.sections);
        self.labels.absorb(other.labels);
        self.outlets.extend(other.outlets);
        self.not_places.extend(other.not_places);
        self.agencies.extend(other.agencies);
        self.wires.extend(other.wires);
        self.reports.absorb(other.reports);
        self.places.extend(other.places);
    }

    /// Adds the names of places of a language, each with whether it is a town or region.
    pub(crate) fn know_places<'a>(&mut self, names: impl IntoIterator<Item = (&'a str, bool)>) {
        for (name, town) in names {
            if let Some(form) = phrase(name) {
                *self.places.entry(form).or_default() |= town;
            }
        }
    }

    /// A zone that languages disagree about (IST) is known only inside each of them.
    fn add_zone(&mut self, name: &str, zone: &TimeZone) {
        if self.ambiguous_zones.contains(name) {
            return;
        }
        if self.common.zone(name).is_some_and(|other| other != zone) {
            self.common.set_zone(name, None);
            self.ambiguous_zones.insert(name.to_owned());
        } else {
            self.common.set_zone(name, Some(zone.clone()));
        }
    }

    /// Tokens that some language reads as weekday, month or a word beside a day's numbers, and whether they say
    /// something by themselves.
    pub(super) fn words_of_a_day(&self, tokens: &[Token], at: usize) -> Option<(usize, bool)> {
        self.languages.values().filter_map(|v| v.lexemes.word_of_a_day(tokens, at)).max()
    }

    /// The time that a line gives, as a whole line; `sample` settles what languages read differently.
    pub(super) fn date(&self, line: &str, sample: &Sample<'_>) -> Option<Reading> {
        if !date::may_be_date(line) {
            return None;
        }
        let tokens = clock::tokens(self.labels.part(line).0);
        let readings: Vec<(&Vocabulary, Reading)> = self
            .languages
            .values()
            .filter_map(|v| Some((v, date::read(&tokens, v, &self.common)?)))
            .collect();
        let (_, first) = readings.first()?;
        if readings.iter().all(|(_, r)| r.moment == first.moment && r.updated == first.updated) {
            return Some(*first);
        }
        let best = readings.iter().map(|(_, r)| r.own_words).max()?;
        let mut rivals: Vec<_> = readings.into_iter().filter(|(_, r)| r.own_words == best).collect();
        if rivals.len() > 1 {
            let votes = |v: &Vocabulary| v.frequent.iter().filter(|w| sample.words().contains(*w)).count();
            let most = rivals.iter().map(|(v, _)| votes(v)).max()?;
            rivals.retain(|(v, _)| votes(v) == most);
        }
        let (_, first) = rivals.first()?;
        let agreed = rivals.iter().all(|(_, r)| r.moment == first.moment);
        agreed.then_some(*first)
    }
}

/// Words from the start of a page, taken when they are first asked for.
#[derive(Debug)]
pub(super) struct Sample<'a> {
    page: &'a str,
    words: OnceCell<HashSet<String>>,
}

impl<'a> Sample<'a> {
    pub(super) fn new(page: &'a str) -> Self {
        Self { page, words: OnceCell::new() }
    }

    fn words(&self) -> &HashSet<String> {
        self.words.get_or_init(|| {
            let mut end = SAMPLE.min(self.page.len());
            while !self.page.is_char_boundary(end) {
                end -= 1;
            }
            words::walk(&self.page[..end]).map(words::folded).collect()
        })
    }
}

fn folded(words: &[String]) -> HashSet<String> {
    words.iter().filter_map(|form| phrase(form)).collect()
}

/// The folded words of a form, one blank between them.
pub(super) fn phrase(form: &str) -> Option<String> {
    let words: Vec<String> = words::walk(form).map(words::folded).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn agencies(agencies: Vec<Agency>) -> HashMap<String, String> {
    let mut by_form = HashMap::new();
    for agency in agencies {
        let forms = match agency {
            Agency::Name(name) => vec![name],
            Agency::Forms(forms) => forms,
        };
        for form in &forms {
            if let (Some(form), Some(name)) = (phrase(form), forms.first()) {
                by_form.insert(form, name.clone());
            }
        }
    }
    by_form
}

fn phrases(forms: &[Spanned<String>], index: &mut Starts, source: Source<'_>) -> Result<(), Error> {
    for form in forms {
        let words = words::at_most(form.get_ref(), 8).filter(|words| !words.is_empty());
        let refused = || source.entry(form.span().start, form.get_ref(), "must have one to eight words");
        index.add(words.ok_or_else(refused)?);
    }
    Ok(())
}

fn labels(file: &File, source: Source<'_>) -> Result<Labels, Error> {
    let mut labels = Labels::default();
    let lists = [
        (&file.byline.labels, &mut labels.bylines),
        (&file.byline.openers, &mut labels.openers),
        (&file.byline.sources, &mut labels.sources),
        (&file.byline.reporters, &mut labels.reporters),
        (&file.caption.labels, &mut labels.captions),
        (&file.caption.marks, &mut labels.photo_marks),
    ];
    for (forms, index) in lists {
        phrases(forms, index, source)?;
    }
    for form in
        file.byline.openers.iter().filter_map(|f| words::at_most(f.get_ref(), 8)).filter(|f| f.len() > 1)
    {
        labels.sure_openers.add(form);
    }
    labels.joiners = file.byline.joiners.iter().map(|w| words::folded(w.get_ref())).collect();
    labels.at = file.byline.at.iter().map(|w| words::folded(w.get_ref())).collect();
    Ok(labels)
}
