//! The files of `lexicon/places`, whose format its README tells.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use siaga_schemas::Country;

use super::{BlocName, Candidate, Kind, Name};
use crate::lexicon::{Error, Form, Pattern, Position, SourceFile};

/// Waters by their key: whose they are, and their path.
type Waters = BTreeMap<String, (Option<Country>, String)>;

/// A row of a table: a text and one place that it may be.
struct Row {
    text: String,
    case: bool,
    /// Whether the generated readings of the text stay.
    beside: bool,
    person: bool,
    candidate: Candidate,
}

pub(super) fn names(files: &[SourceFile], language: &str) -> Result<Vec<Name>, Error> {
    let waters = files.iter().find(|f| f.path == "places/waters.tsv").map_or(Ok(Waters::new()), waters)?;
    let written = files.iter().filter_map(|f| {
        let name = f.path.strip_prefix("places/")?;
        name.strip_prefix("generated/").unwrap_or(name).split('.').next()
    });
    let scripts: BTreeSet<&str> = written.filter(|code| is_script_of(code, language)).collect();
    let mut rows = Vec::new();
    for script in scripts {
        rows.extend(of_script(files, script, &waters)?);
    }
    Ok(group(rows))
}

/// Whether a code is a language, or one of its scripts: `zh-Hans` and `zh-Hant` of `zh`.
fn is_script_of(code: &str, language: &str) -> bool {
    code.strip_prefix(language).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn of_script(files: &[SourceFile], language: &str, waters: &Waters) -> Result<Vec<Row>, Error> {
    let file = |path: &str| files.iter().find(|f| f.path == path);
    let (hand, removed) = match file(&format!("places/{language}.toml")) {
        Some(file) => by_hand(file, waters)?,
        None => (Vec::new(), BTreeSet::new()),
    };
    let hidden: BTreeSet<String> = {
        let replaced = hand.iter().filter(|r| !r.beside).map(|r| r.text.clone());
        removed.into_iter().chain(replaced).collect()
    };
    let mut rows = match file(&format!("places/generated/{language}.tsv")) {
        Some(file) => generated(file)?,
        None => Vec::new(),
    };
    rows.retain(|r| !hidden.contains(&r.text));
    rows.extend(hand);
    Ok(rows)
}

/// Rows of one text become one name, its likeliest place first: countries, then seats, then the most populous.
fn group(rows: Vec<Row>) -> Vec<Name> {
    // The readings of a text are one name: written small it is one, if any of them may be written so.
    let written_large = |kind| matches!(kind, Kind::City | Kind::Admin | Kind::Leader | Kind::Site);
    let mut large: BTreeMap<String, bool> = BTreeMap::new();
    let mut exact: BTreeSet<String> = BTreeSet::new();
    for row in &rows {
        *large.entry(row.text.clone()).or_insert(true) &= written_large(row.candidate.kind);
        if row.case {
            exact.insert(row.text.clone());
        }
    }
    let mut by_pattern: BTreeMap<Pattern, (bool, Vec<Candidate>)> = BTreeMap::new();
    for row in rows {
        let Ok(form) = Form::new(&row.text) else { continue };
        let mut pattern = form.pattern();
        if exact.contains(&row.text) {
            pattern.exact = Some(row.text.clone());
        }
        pattern.capital = large.get(&row.text).copied().unwrap_or_default();
        let readings = by_pattern.entry(pattern).or_default();
        readings.0 |= row.person;
        readings.1.push(row.candidate);
    }
    by_pattern
        .into_iter()
        .map(|(pattern, (person, mut candidates))| {
            candidates.sort_by_key(|c| (c.kind, std::cmp::Reverse(c.population), c.country));
            candidates.dedup_by_key(|c| (c.kind, c.country));
            Name { pattern, person, candidates }
        })
        .collect()
}

fn generated(file: &SourceFile) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(file.text.lines()) {
        if line.starts_with('#') || line.starts_with("text\t") || line.is_empty() {
            continue;
        }
        let wrong = |reason: &str| Error::Syntax {
            at: Position { file: file.path.clone(), line: number },
            reason: reason.to_owned(),
        };
        let fields: Vec<&str> = line.split('\t').collect();
        let field = |i: usize| fields.get(i).copied().unwrap_or_default();
        let kind =
            kind(field(1)).ok_or_else(|| wrong(&format!("no kind of place is called `{}`", field(1))))?;
        let country = country(field(2)).map_err(|e| wrong(&e))?;
        let population = match field(6) {
            "" => 0,
            text => text.parse().map_err(|_| wrong(&format!("population is no number: `{text}`")))?,
        };
        let flags: Vec<&str> = field(3).split(' ').collect();
        let context = field(7).split('|').filter(|c| !c.is_empty()).map(str::to_owned).collect();
        let path = path(country, field(5), field(4));
        rows.push(row(field(0), kind, country, &flags, population, context, path));
    }
    Ok(rows)
}

fn row(
    text: &str,
    kind: Kind,
    country: Option<Country>,
    flags: &[&str],
    population: u64,
    context: Vec<String>,
    path: Option<String>,
) -> Row {
    let ambiguous = flags.contains(&"ambiguous") || !context.is_empty();
    Row {
        text: text.to_owned(),
        case: flags.contains(&"case"),
        beside: flags.contains(&"beside"),
        person: flags.contains(&"name"),
        candidate: Candidate { country, kind, population, ambiguous, context, path },
    }
}

fn kind(text: &str) -> Option<Kind> {
    Some(match text {
        "country" => Kind::Country,
        "demonym" => Kind::Demonym,
        "capital" => Kind::Capital,
        "government" => Kind::Government,
        "leader" => Kind::Leader,
        "city" => Kind::City,
        "admin1" => Kind::Admin,
        "water" => Kind::Water,
        "base" => Kind::Site,
        "none" => Kind::None,
        _ => return None,
    })
}

/// One code is a country; none, or several that share a sea, is no one's.
fn country(text: &str) -> Result<Option<Country>, String> {
    if text.is_empty() || text.contains(',') {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|e| format!("{e}"))
}

/// A town behind its country and division, a division behind its country; none where the table has no key of it.
fn path(country: Option<Country>, admin: &str, id: &str) -> Option<String> {
    let country = country?;
    Some(match (admin, id) {
        ("", "") => return None,
        (admin, "") => format!("{country}/{admin}"),
        ("", id) => format!("{country}/{id}"),
        (admin, id) => format!("{country}/{admin}/{id}"),
    })
}

fn waters(file: &SourceFile) -> Result<Waters, Error> {
    let mut waters = Waters::new();
    for (number, line) in (1..).zip(file.text.lines()) {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let at = || Position { file: file.path.clone(), line: number };
        let fields: Vec<&str> = line.split('\t').collect();
        let (id, coasts, path) = match fields[..] {
            [id, coasts, _name] => (id, coasts, id),
            [id, coasts, _name, path] => (id, coasts, path),
            _ => {
                let reason = "a water has three columns, or four".to_owned();
                return Err(Error::Syntax { at: at(), reason });
            }
        };
        let coasts = if coasts == "-" { "" } else { coasts };
        let country = country(coasts).map_err(|reason| Error::Syntax { at: at(), reason })?;
        waters.insert(id.to_owned(), (country, path.to_owned()));
    }
    Ok(waters)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum HandEntry {
    Text(String),
    Table(HandTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HandTable {
    text: String,
    #[serde(default)]
    flags: Vec<String>,
    #[serde(default)]
    population: u64,
    #[serde(default)]
    context: Vec<String>,
    #[serde(default)]
    id: String,
    #[serde(default)]
    admin: String,
}

type Hand = BTreeMap<String, BTreeMap<String, Vec<HandEntry>>>;

fn by_hand(file: &SourceFile, waters: &Waters) -> Result<(Vec<Row>, BTreeSet<String>), Error> {
    let hand: Hand = toml::from_str(&file.text).map_err(|e| Error::toml(file, &e))?;
    let (mut rows, mut removed) = (Vec::new(), BTreeSet::new());
    for (section, groups) in hand {
        for (group, entries) in groups {
            let wrong = |reason: String| Error::Entry {
                at: Position::of_section(file, &section),
                entry: format!("{section}.{group}"),
                reason,
            };
            for entry in entries {
                let entry = match entry {
                    HandEntry::Text(text) => HandTable {
                        text,
                        flags: Vec::new(),
                        population: 0,
                        context: Vec::new(),
                        id: String::new(),
                        admin: String::new(),
                    },
                    HandEntry::Table(table) => table,
                };
                if section == "generated" {
                    removed.insert(entry.text);
                    continue;
                }
                let (kind, country, path) = match section.as_str() {
                    "water" => {
                        let (coast, path) = waters
                            .get(&group)
                            .ok_or_else(|| wrong("waters.tsv has no such water".to_owned()))?;
                        (Kind::Water, *coast, Some(path.clone()))
                    }
                    "none" => (Kind::None, None, None),
                    code => {
                        let kind = kind(&group)
                            .ok_or_else(|| wrong(format!("no kind of place is called `{group}`")))?;
                        let country = country(code).map_err(&wrong)?;
                        (kind, country, path(country, &entry.admin, &entry.id))
                    }
                };
                let flags: Vec<&str> = entry.flags.iter().map(String::as_str).collect();
                let HandTable { text, population, context, .. } = &entry;
                rows.push(row(text, kind, country, &flags, *population, context.clone(), path));
            }
        }
    }
    Ok((rows, removed))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlocEntry {
    #[serde(rename = "name")]
    _name: String,
    #[serde(default, rename = "members")]
    _members: Vec<String>,
    #[serde(default)]
    case: Vec<String>,
    #[serde(default)]
    names: BTreeMap<String, Vec<String>>,
}

pub(super) fn blocs(files: &[SourceFile], language: &str) -> Result<Vec<BlocName>, Error> {
    let Some(file) = files.iter().find(|f| f.path == "places/blocs.toml") else { return Ok(Vec::new()) };
    let read: BTreeMap<String, BlocEntry> = toml::from_str(&file.text).map_err(|e| Error::toml(file, &e))?;
    let mut blocs = Vec::new();
    for (code, entry) in read {
        let mut forms = Vec::new();
        let names = entry.names.iter().filter(|(code, _)| is_script_of(code, language));
        for text in names.flat_map(|(_, names)| names) {
            let written = if entry.case.contains(text) { format!("={text}") } else { text.clone() };
            let form = Form::new(&written).map_err(|e| Error::Entry {
                at: Position::of_section(file, &code),
                entry: code.clone(),
                reason: e.to_string(),
            })?;
            forms.push(form);
        }
        blocs.push(BlocName { code, forms });
    }
    Ok(blocs)
}
