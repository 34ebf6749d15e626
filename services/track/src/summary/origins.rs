//! Whose reports they are: copies and credited agencies count once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use siaga_schemas::{BriefReport, IndependentOrigin, Report};

/// Signatures of copies differ in at most so many of their 64 bits; those of two texts on one event in 20 and more
/// (`siaga-analysis`, `origin.rs`).
const COPY_BITS: u32 = 8;

/// Agencies and the hosts under which they publish themselves.
static AGENCIES: &str = include_str!("agencies.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Agencies {
    hosts: BTreeMap<String, Vec<String>>,
}

/// Which origin each report has, and the origins.
#[derive(Debug)]
pub(crate) struct Origins {
    /// By the place of the report.
    pub(crate) of: Vec<usize>,
    pub(crate) all: Vec<IndependentOrigin>,
    pub(crate) publishers: u32,
}

/// What makes a report somebody's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner<'r> {
    Agency(&'r str),
    Publisher(&'r str),
    Article(&'r str),
}

struct Source<'r> {
    owner: Owner<'r>,
    article: &'r str,
    publisher: Option<&'r str>,
    /// Signature and language.
    signature: Option<(u64, &'r str)>,
}

/// The origins of reports, and of those that are only counted.
///
/// A report belongs to the agency that it credits first, in whatever language it does, or that it is published by; else
/// to its publisher, else to itself. Texts of one language that are near copies belong together, credited or not.
pub(crate) fn origins(reports: &[Arc<Report>], further: &[BriefReport]) -> Origins {
    let full = reports.iter().map(|report| source(report));
    let sources: Vec<Source<'_>> = full.chain(further.iter().map(brief)).collect();
    let mut sets = Sets::new(sources.len());
    let mut owners: BTreeMap<&Owner<'_>, usize> = BTreeMap::new();
    for (number, source) in sources.iter().enumerate() {
        sets.join(number, *owners.entry(&source.owner).or_insert(number));
    }
    for (number, source) in sources.iter().enumerate() {
        let Some((signature, language)) = source.signature else { continue };
        for (earlier, other) in sources[..number].iter().enumerate() {
            let Some((copy, same)) = other.signature else { continue };
            if language == same && (signature ^ copy).count_ones() <= COPY_BITS {
                sets.join(number, earlier);
            }
        }
    }
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    let mut members: Vec<Vec<&Source<'_>>> = Vec::new();
    let mut of = Vec::with_capacity(sources.len());
    for (number, source) in sources.iter().enumerate() {
        let next = members.len();
        let origin = *numbers.entry(sets.root(number)).or_insert(next);
        if origin == next {
            members.push(Vec::new());
        }
        members[origin].push(source);
        of.push(origin);
    }
    let publishers: BTreeSet<&str> =
        sources.iter().map(|source| source.publisher.unwrap_or(source.article)).collect();
    Origins {
        of,
        all: members.iter().map(|members| describe(members)).collect(),
        publishers: u32::try_from(publishers.len()).unwrap_or(u32::MAX),
    }
}

fn source(report: &Report) -> Source<'_> {
    let article = &report.article;
    let publisher = article.publisher.as_deref();
    let credited = report.origin.agencies.first().map(String::as_str);
    Source {
        owner: owner(credited, publisher, &article.id),
        article: &article.id,
        publisher,
        signature: u64::from_str_radix(&report.origin.signature, 16)
            .ok()
            .map(|signature| (signature, article.language.as_str())),
    }
}

fn brief(report: &BriefReport) -> Source<'_> {
    let publisher = report.publisher.as_deref();
    let owner = owner(report.agency.as_deref(), publisher, &report.article);
    Source { owner, article: &report.article, publisher, signature: None }
}

fn owner<'r>(credited: Option<&'r str>, publisher: Option<&'r str>, article: &'r str) -> Owner<'r> {
    let own = publisher.and_then(agency_of);
    match (credited.or(own), publisher) {
        (Some(agency), _) => Owner::Agency(agency),
        (None, Some(publisher)) => Owner::Publisher(publisher),
        (None, None) => Owner::Article(article),
    }
}

/// The agency that publishes under a host or by its own name.
fn agency_of(publisher: &str) -> Option<&'static str> {
    static HOSTS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let agencies: Agencies =
            toml::from_str(AGENCIES).unwrap_or_else(|error| panic!("agencies.toml: {error}"));
        let hosts = agencies.hosts.into_iter().flat_map(|(name, hosts)| {
            let own = name.to_lowercase();
            hosts.into_iter().chain([own]).map(move |host| (host, name.clone()))
        });
        hosts.collect()
    });
    let publisher = publisher.to_lowercase();
    let mut host = publisher.as_str();
    loop {
        if let Some(name) = HOSTS.get(host) {
            return Some(name);
        }
        host = host.split_once('.')?.1;
    }
}

fn describe(members: &[&Source<'_>]) -> IndependentOrigin {
    let credit = members.iter().find_map(|source| match source.owner {
        Owner::Agency(name) => Some(name),
        _ => None,
    });
    let first = members[0];
    let name = credit.or(first.publisher).unwrap_or(first.article).to_owned();
    let mut articles: Vec<String> = members.iter().map(|source| source.article.to_owned()).collect();
    articles.sort();
    articles.dedup();
    let why = match credit {
        Some(_) => "credit",
        None if members.iter().any(|source| source.owner != first.owner) => "copy",
        None => "publisher",
    };
    IndependentOrigin { name, articles, why: why.to_owned() }
}

/// Disjoint sets, each called by its smallest member.
struct Sets(Vec<usize>);

impl Sets {
    fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    fn root(&mut self, mut member: usize) -> usize {
        while self.0[member] != member {
            self.0[member] = self.0[self.0[member]];
            member = self.0[member];
        }
        member
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
