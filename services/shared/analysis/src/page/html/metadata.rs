//! What a page says about itself: JSON-LD, `<meta>`, `<link>`, `<time>`, headings.

use std::collections::BTreeMap;

use dom_query::{Document, NodeRef};
use jiff::fmt::rfc2822;
use serde_json::Value;
use siaga_schemas::Moment;

/// Longest value that is read, in bytes, and the longest block of JSON-LD.
const LONGEST: usize = 1000;
const LONGEST_BLOCK: usize = 512 * 1024;
/// Most blocks of JSON-LD, and most headings that are compared.
const MOST: usize = 16;

/// Names of `<meta>` that give the time of publication, the surest first.
const DATES: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "dtk:publishdate",
    "content_publisheddate",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "date",
];

/// What is known of the page without its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Metadata {
    pub title: Option<String>,
    pub published_at: Option<Moment>,
    /// Name of the site.
    pub site: Option<String>,
    pub url: Option<String>,
    pub language: Option<String>,
    pub author: Option<String>,
    /// The article's text as JSON-LD has it.
    pub body: Option<String>,
}

/// What elements say, before it is weighed.
#[derive(Default)]
struct Statements {
    /// Contents of `<meta>` by name in small letters; the first of a name counts.
    metas: BTreeMap<String, String>,
    canonical: Option<String>,
    language: Option<String>,
    title: Option<String>,
    headings: Vec<String>,
    /// Of `<time>` that says what it is, else of the first one below the headline.
    published: Option<String>,
    time: Option<String>,
    linked: Option<Value>,
    blocks: usize,
}

/// Reads what the page says.
pub(super) fn read(document: &Document) -> Metadata {
    let mut statements = Statements::default();
    for node in document.root().descendants_it().filter(NodeRef::is_element) {
        statements.element(&node);
    }
    statements.weigh()
}

impl Statements {
    fn element(&mut self, node: &NodeRef<'_>) {
        let Some(name) = node.node_name() else { return };
        match &*name {
            "html" => self.language = attribute(node, "lang").or_else(|| attribute(node, "xml:lang")),
            "meta" => self.meta(node),
            "link" if attribute(node, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                self.canonical = self.canonical.take().or_else(|| attribute(node, "href"));
            }
            "title" if self.title.is_none() => self.title = words(&node.text()),
            "h1" if self.headings.len() < MOST => self.headings.extend(words(&node.text())),
            "time" => self.time(node),
            "script" => self.block(node),
            _ => {}
        }
    }

    fn meta(&mut self, node: &NodeRef<'_>) {
        let Some(content) = attribute(node, "content") else { return };
        for key in ["property", "name", "itemprop", "http-equiv"] {
            if let Some(name) = attribute(node, key) {
                self.metas.entry(name.to_ascii_lowercase()).or_insert_with(|| content.clone());
            }
        }
    }

    fn time(&mut self, node: &NodeRef<'_>) {
        let Some(datetime) = attribute(node, "datetime") else { return };
        let named =
            attribute(node, "itemprop").is_some_and(|name| name.eq_ignore_ascii_case("datePublished"));
        if named || node.has_attr("pubdate") {
            self.published.get_or_insert(datetime);
        } else if !self.headings.is_empty() {
            self.time.get_or_insert(datetime);
        }
    }

    fn block(&mut self, node: &NodeRef<'_>) {
        let is_linked =
            attribute(node, "type").is_some_and(|t| t.eq_ignore_ascii_case("application/ld+json"));
        if !is_linked || self.blocks >= MOST || self.linked.is_some() {
            return;
        }
        self.blocks += 1;
        let text = node.text();
        let text = text.trim().trim_start_matches("<![CDATA[").trim_start_matches("<!--");
        let text = text.trim_end_matches("-->").trim_end_matches("]]>").trim_end_matches(';');
        if text.len() <= LONGEST_BLOCK {
            self.linked = serde_json::from_str(text).ok().and_then(article);
        }
    }

    fn meta_text(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.metas.get(*name)).and_then(|text| words(text))
    }

    fn weigh(self) -> Metadata {
        let linked = |path: &[&str]| self.linked.as_ref().and_then(|value| text_at(value, path));
        let site = self.meta_text(&["og:site_name"]).or_else(|| linked(&["publisher", "name"]));
        let dates = linked(&["datePublished"]).into_iter();
        let dates = dates.chain(DATES.iter().filter_map(|name| self.metas.get(*name).cloned()));
        let published_at =
            dates.chain(self.published.clone()).chain(self.time.clone()).find_map(|t| moment(&t));
        let addresses = [
            self.canonical.clone(),
            self.metas.get("og:url").cloned(),
            linked(&["mainEntityOfPage", "@id"]),
            linked(&["url"]),
        ];
        let author = self.linked.as_ref().and_then(|value| names(value.get("author")?));
        let author = author.or_else(|| self.meta_text(&["author", "article:author"]));
        let language = self.language.clone().or_else(|| self.meta_text(&["content-language", "og:locale"]));
        Metadata {
            title: self.headline(site.as_deref()),
            published_at,
            url: addresses.into_iter().flatten().find(|url| is_address(url)),
            language: language.or_else(|| linked(&["inLanguage"])).map(|code| code.replace('_', "-")),
            author: author.filter(|name| !is_address(name) && Some(name) != site.as_ref()),
            body: self.linked.as_ref().and_then(|value| long_text(value.get("articleBody")?)),
            site,
        }
    }

    /// The heading that another statement confirms, else the statements themselves.
    fn headline(&self, site: Option<&str>) -> Option<String> {
        let linked = self.linked.as_ref().and_then(|value| text_at(value, &["headline"]));
        let open = self.meta_text(&["og:title", "twitter:title"]);
        let stated = [&linked, &open, &self.title];
        let confirmed = |heading: &&String| {
            stated.iter().filter_map(|s| s.as_deref()).any(|s| {
                s.starts_with(heading.as_str()) || heading.starts_with(s.trim_end_matches(['.', '…', ' ']))
            })
        };
        let heading = self.headings.iter().find(confirmed).cloned();
        // A lone heading may be the site's name, which titles end in.
        let is_site = |heading: &str| {
            self.title
                .as_ref()
                .is_some_and(|title| title.ends_with(heading) && heading.len() * 2 < title.len())
        };
        let only = self.headings.first().filter(|h| self.headings.len() == 1 && !is_site(h)).cloned();
        let stated = linked.or(open).map(|title| without_site(&title, site)).or(only);
        heading.or(stated).or_else(|| self.title.as_ref().map(|title| without_site(title, site)))
    }
}

/// The first article of a block: itself, one of a list, or one of a graph.
fn article(block: Value) -> Option<Value> {
    match block {
        Value::Array(values) => values.into_iter().take(256).find_map(article),
        Value::Object(mut object) => {
            let is_article = |kind: &Value| {
                kind.as_str().is_some_and(|k| k.ends_with("Article") || k.ends_with("BlogPosting"))
            };
            let of_type = object.get("@type").is_some_and(|kind| match kind {
                Value::Array(kinds) => kinds.iter().any(is_article),
                kind => is_article(kind),
            });
            if of_type { Some(Value::Object(object)) } else { article(object.remove("@graph")?) }
        }
        _ => None,
    }
}

/// A text at a path; of a list the first.
fn text_at(value: &Value, path: &[&str]) -> Option<String> {
    let value = match value {
        Value::Array(values) => values.first()?,
        value => value,
    };
    match path.split_first() {
        Some((name, rest)) => text_at(value.get(*name)?, rest),
        None => words(value.as_str()?),
    }
}

/// Names of persons, joined.
fn names(author: &Value) -> Option<String> {
    let name = |value: &Value| words(value.as_str().or_else(|| value.get("name")?.as_str())?);
    let names: Vec<String> = match author {
        Value::Array(authors) => authors.iter().take(MOST).filter_map(name).collect(),
        author => name(author).into_iter().collect(),
    };
    (!names.is_empty()).then(|| names.join(", "))
}

fn long_text(value: &Value) -> Option<String> {
    let text = unescaped(value.as_str()?);
    let paragraphs: Vec<String> = text.split('\n').map(blanks).filter(|line| !line.is_empty()).collect();
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

fn attribute(node: &NodeRef<'_>, name: &str) -> Option<String> {
    node.attr(name).map(|value| value.trim().to_owned()).filter(|v| (1..=LONGEST).contains(&v.len()))
}

/// Text with single blanks and without entities; none where it is blank or too long.
fn words(text: &str) -> Option<String> {
    let fits = text.len() <= 4 * LONGEST;
    fits.then(|| blanks(&unescaped(text))).filter(|t| (1..=LONGEST).contains(&t.len()))
}

fn blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Some pages escape twice.
fn unescaped(text: &str) -> String {
    if !text.contains('&') || !text.contains(';') {
        return text.to_owned();
    }
    Document::fragment(text.replace('<', "&lt;")).root().text().to_string()
}

fn is_address(text: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && text.len() > scheme.len()
    })
}

/// `Headline - The Site`, `Headline | The Site`.
fn without_site(title: &str, site: Option<&str>) -> String {
    let cut = |site: &str| {
        let rest = title.strip_suffix(site)?.trim_end();
        let headline = rest.strip_suffix(['|', '-', '–', '—', '·', ':', '»'])?.trim_end();
        (!headline.is_empty()).then(|| headline.to_owned())
    };
    site.and_then(cut).unwrap_or_else(|| title.to_owned())
}

/// A time in one of the forms that pages use; placeholders are none.
fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    let read = || {
        let dashed = text.get(..10).map(|day| day.replace('/', "-"));
        text.parse::<Moment>().ok().or_else(|| format!("{}{}", dashed?, &text[10..]).parse().ok())
    };
    let mail = || {
        let zoned = rfc2822::parse(text).ok()?;
        Some(Moment::new(zoned.timestamp(), zoned.offset()))
    };
    read().or_else(mail).filter(|moment| moment.timestamp().as_second() > 0)
}
