//! From the bytes of a feed to articles.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use feed_rs::model::{Entry, Link};
use feed_rs::parser::{Builder, ParseFeedError};
use reqwest::Url;
use siaga_schemas::{Moment, RawArticle, identity};

use super::dates;
use super::list::Feed;

/// Longest title, in bytes: what is longer is a text in the wrong place.
const LONGEST_TITLE: usize = 1000;

/// An item of a feed as an article.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub article: RawArticle,
    /// The article's id, given or derived.
    pub id: String,
    /// Digest of the words that a reader sees: pixels that count readers change with each poll, and are no correction.
    pub words: u64,
}

/// Why bytes are no feed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("is no feed: {0}")]
    NotAFeed(String),
}

/// Reads RSS, Atom or JSON Feed that `url` answered; items that say nothing are left out.
pub(super) fn read(bytes: &[u8], url: &Url, feed: &Feed) -> Result<Vec<Item>, Error> {
    let told = Told::default();
    let listening = told.clone();
    let parser = Builder::new()
        .base_uri(Some(url.as_str()))
        // Missing ids are told from given ones.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |text| {
            let moment = dates::moment(text)?;
            listening.keep(moment);
            moment.timestamp().to_string().parse().ok()
        })
        .build();
    let document =
        parser.parse(one_declaration(bytes).as_ref()).map_err(|error| Error::NotAFeed(words_of(&error)))?;
    let title = document.title.as_ref().and_then(|title| plain(&title.content));
    let reader = Reader {
        feed,
        publisher: feed.publisher.clone().or(title),
        language: document.language.clone(),
        told,
    };
    Ok(document.entries.iter().filter_map(|entry| reader.item(entry)).collect())
}

/// The library panics at an XML declaration that is not the first thing, as in pages put together from parts. Under
/// another name it is an instruction that nobody follows.
fn one_declaration(bytes: &[u8]) -> Cow<'_, [u8]> {
    const DECLARATION: &[u8] = b"<?xml";
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes).trim_ascii_start();
    let mut renamed = Cow::Borrowed(bytes);
    for at in memchr::memmem::find_iter(bytes, DECLARATION).filter(|at| *at > 0) {
        renamed.to_mut()[at + DECLARATION.len() - 1] = b'-';
    }
    renamed
}

fn words_of(error: &ParseFeedError) -> String {
    error.to_string().chars().take(200).collect()
}

/// Moments as they were told, by their seconds.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<HashMap<i64, Moment>>>);

impl Told {
    fn keep(&self, moment: Moment) {
        let mut moments = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        moments.entry(moment.timestamp().as_second()).or_insert(moment);
    }

    fn at(&self, second: i64) -> Option<Moment> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&second).copied()
    }
}

struct Reader<'a> {
    feed: &'a Feed,
    publisher: Option<String>,
    language: Option<String>,
    told: Told,
}

impl Reader<'_> {
    fn item(&self, entry: &Entry) -> Option<Item> {
        let given = entry.id.trim();
        let url = link(&entry.links).or_else(|| is_address(given).then(|| given.to_owned()));
        let published = entry.published.or(entry.updated);
        let mut article = RawArticle {
            id: self.id(given, url.as_deref()),
            url,
            publisher: self.publisher.clone(),
            publisher_country: self.feed.publisher_country,
            published_at: published.and_then(|at| self.told.at(at.timestamp())),
            language: self
                .feed
                .language
                .clone()
                .or_else(|| entry.language.clone())
                .or_else(|| self.language.clone()),
            title: entry.title.as_ref().and_then(|title| plain(&title.content)),
            ..RawArticle::default()
        };
        let text = longest(entry);
        let words = digest(article.title.as_deref().unwrap_or_default(), &text);
        match text.trim() {
            "" => article.title.as_ref()?,
            text if is_markup(text) => article.html.insert(text.to_owned()),
            text => article.body.insert(text.to_owned()),
        };
        let id = identity::article_id(&article);
        Some(Item { article, id, words })
    }

    /// The item's own id where it has one: a headline may change, and the address with it. One that is an address gives
    /// the id that the article has by that address, whoever else sends it.
    fn id(&self, given: &str, url: Option<&str>) -> Option<String> {
        let by_address = |url: &str| {
            identity::article_id(&RawArticle { url: Some(url.to_owned()), ..RawArticle::default() })
        };
        if given.is_empty() {
            return url.map(by_address);
        }
        let unique = ["tag:", "urn:"].iter().any(|scheme| given.starts_with(scheme));
        let scope = if unique { "" } else { self.feed.url.host_str().unwrap_or_default() };
        Some(if is_address(given) { by_address(given) } else { identity::feed_item_id(scope, given) })
    }
}

/// The page of the item, not its pictures and comments.
fn link(links: &[Link]) -> Option<String> {
    let is_page = |link: &&Link| {
        let alternate = link.rel.as_deref().is_none_or(|rel| rel == "alternate");
        let html = link.media_type.as_deref().is_none_or(|kind| kind.contains("html"));
        alternate && html && is_address(&link.href)
    };
    links.iter().find(is_page).map(|link| link.href.trim().to_owned())
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// The content, or the summary where it says more.
fn longest(entry: &Entry) -> String {
    let content = entry.content.as_ref().filter(|content| {
        let kind = content.content_type.as_str();
        kind.starts_with("text") || kind.contains("html")
    });
    let content = content.and_then(|content| content.body.as_deref()).unwrap_or_default();
    let summary = entry.summary.as_ref().map_or("", |summary| summary.content.as_str());
    if content.len() >= summary.len() { content } else { summary }.to_owned()
}

/// Whether a text has tags or entities.
fn is_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    let starts_tag = |pair: &[u8]| {
        pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || matches!(pair[1], b'/' | b'!'))
            || pair[0] == b'&' && (pair[1].is_ascii_alphabetic() || pair[1] == b'#')
    };
    bytes.windows(2).any(starts_tag)
}

/// A title without tags, entities and line ends.
fn plain(title: &str) -> Option<String> {
    let mut text = String::with_capacity(title.len());
    visible(title, |letter| text.push(letter));
    let text = if text.len() <= 4 * LONGEST_TITLE {
        html_escape::decode_html_entities(&text).into_owned()
    } else {
        text
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = text.floor_char_boundary(LONGEST_TITLE);
    (!text.is_empty()).then(|| text[..end].to_owned())
}

/// Letters outside of tags; a blank stands for a tag.
fn visible(text: &str, mut hear: impl FnMut(char)) {
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        before.chars().for_each(&mut hear);
        if !tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')) {
            hear('<');
            rest = &tag[1..];
            continue;
        }
        hear(' ');
        // A tag that does not end is the end.
        let Some(end) = tag.find('>') else { return };
        rest = &tag[end + 1..];
    }
    rest.chars().for_each(hear);
}

fn digest(title: &str, text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    title.hash(&mut hasher);
    visible(text, |letter| {
        if !letter.is_whitespace() {
            letter.hash(&mut hasher);
        }
    });
    hasher.finish()
}
