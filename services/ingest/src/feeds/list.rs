//! The file that lists the feeds.
//!
//! ```toml
//! [[feed]]
//! url = "https://news.example/world.rss"
//! publisher = "News Example"
//! publisher_country = "ID"
//! language = "id"
//! interval = "10m"
//! ```

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;
use siaga_schemas::Country;
use toml::Spanned;

/// Shortest time between two polls.
pub const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);

/// A feed, and what is known of its articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Where it is.
    pub url: Url,
    /// Who publishes it; else the feed's own title.
    pub publisher: Option<String>,
    /// Country of the publisher.
    pub publisher_country: Option<Country>,
    /// BCP 47 code of its articles; else what the feed says.
    pub language: Option<String>,
    /// Time between two polls.
    pub interval: Duration,
}

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not there or cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// As it was named.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is no list of feeds.
    #[error("{}:{line}: {reason}", path.display())]
    NotAList {
        /// As it was named.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What the parser met.
        reason: String,
    },
    /// A feed that cannot be polled.
    #[error("{}:{line}: feed `{feed}`: `{field}`: {reason}", path.display())]
    Feed {
        /// As it was named.
        path: PathBuf,
        /// Where the feed begins, from 1.
        line: usize,
        /// Its URL as it was written, without what may be secret.
        feed: String,
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    feed: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    url: String,
    publisher: Option<String>,
    publisher_country: Option<Country>,
    language: Option<String>,
    #[serde(default, with = "humantime_serde")]
    interval: Option<Duration>,
}

impl Feed {
    /// Its URL without user, password and query, which may be secret: for people, logs and metrics.
    pub fn name(&self) -> String {
        public_name(self.url.as_str())
    }
}

/// Reads a list; `interval` is that of feeds which set none.
///
/// # Errors
/// Where the file cannot be read or a feed of it cannot be polled.
pub fn read(path: &Path, interval: Duration) -> Result<Vec<Feed>, Error> {
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    parse(path, &std::fs::read_to_string(path).map_err(unreadable)?, interval)
}

fn parse(path: &Path, text: &str, interval: Duration) -> Result<Vec<Feed>, Error> {
    let line_at = |byte: usize| 1 + text.bytes().take(byte).filter(|b| *b == b'\n').count();
    let no_list =
        |line, reason: &str| Error::NotAList { path: path.to_owned(), line, reason: reason.to_owned() };
    let file: File = toml::from_str(text)
        .map_err(|error| no_list(error.span().map_or(1, |span| line_at(span.start)), error.message()))?;
    if file.feed.is_empty() {
        return Err(no_list(1, "lists no `[[feed]]`"));
    }
    let mut feeds = Vec::with_capacity(file.feed.len());
    let mut lines: HashMap<String, usize> = HashMap::new();
    for entry in file.feed {
        let line = line_at(entry.span().start);
        let entry = entry.into_inner();
        let name = public_name(&entry.url);
        let refused =
            |(field, reason)| Error::Feed { path: path.to_owned(), line, feed: name.clone(), field, reason };
        let feed = entry.check(interval).map_err(refused)?;
        if let Some(first) = lines.insert(feed.url.to_string(), line) {
            return Err(refused(("url", format!("is in line {first} already"))));
        }
        feeds.push(feed);
    }
    Ok(feeds)
}

impl Entry {
    fn check(self, interval: Duration) -> Result<Feed, (&'static str, String)> {
        let url = Url::parse(&self.url).map_err(|error| ("url", error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(("url", "expected `http` or `https`".to_owned()));
        }
        let interval = self.interval.unwrap_or(interval);
        if interval < SHORTEST_INTERVAL {
            return Err(("interval", "must be at least 1s".to_owned()));
        }
        let is_code = |code: &String| {
            let letters = code.split('-').next().unwrap_or_default();
            (2..=3).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_alphabetic())
        };
        if self.language.as_ref().is_some_and(|code| !is_code(code)) {
            return Err(("language", "expected a BCP 47 code such as `id`".to_owned()));
        }
        if self.publisher.as_ref().is_some_and(|publisher| publisher.trim().is_empty()) {
            return Err(("publisher", "is blank".to_owned()));
        }
        let Self { publisher, publisher_country, language, .. } = self;
        Ok(Feed { url, publisher, publisher_country, language, interval })
    }
}

/// A URL without user, password and query.
pub(super) fn public_name(url: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, ""), |(address, _)| (address, "?…"));
    let address = address.split('#').next().unwrap_or_default();
    match address.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            let host = host.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{path}{query}")
        }
        None => format!("{address}{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Feed>, String> {
        parse(Path::new("feeds.toml"), text, Duration::from_secs(300)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_feed_needs_only_its_address() {
        let text = "[[feed]]\nurl = \"https://a.example/rss\"\n\n[[feed]]\nurl = \"http://b.example\"\npublisher = \"B\"\n\
                    publisher_country = \"ID\"\nlanguage = \"id\"\ninterval = \"90s\"\n";
        let feeds = read(text).unwrap();
        assert_eq!(
            (feeds.len(), feeds[0].interval, feeds[1].interval.as_secs()),
            (2, Duration::from_secs(300), 90)
        );
        assert_eq!(feeds[1].publisher_country.map(|c| c.to_string()).as_deref(), Some("ID"));
    }

    #[test]
    fn mistakes_are_named_with_feed_field_and_line() {
        let feed =
            |more: &str| format!("\n[[feed]]\nurl = \"https://u:secret@a.example/rss?key=secret\"\n{more}\n");
        let twice = format!("{}{}", feed(""), feed(""));
        for (text, words) in [
            (feed("interval = \"10ms\""), ["feeds.toml:2: ", "https://a.example/rss?…", "`interval`", "1s"]),
            (
                feed("language = \"Indonesian\""),
                ["feeds.toml:2: ", "https://a.example/rss?…", "`language`", "BCP 47"],
            ),
            (
                feed("publisher = \" \""),
                ["feeds.toml:2: ", "https://a.example/rss?…", "`publisher`", "blank"],
            ),
            (feed("publisher_country = \"Java\""), ["feeds.toml:4: ", "Java", "", ""]),
            (feed("color = \"red\""), ["feeds.toml:4: ", "color", "", ""]),
            (feed("[["), ["feeds.toml:4: ", "", "", ""]),
            (twice, ["feeds.toml:6: ", "https://a.example/rss?…", "`url`", "line 2 already"]),
            (
                "[[feed]]\nurl = \"ftp://a.example\"".to_owned(),
                ["feeds.toml:1: ", "ftp://a.example", "`url`", "https"],
            ),
            (
                "[[feed]]\nurl = \"a.example\"".to_owned(),
                ["feeds.toml:1: ", "a.example", "`url`", "relative"],
            ),
            ("# nothing".to_owned(), ["feeds.toml:1: ", "[[feed]]", "", ""]),
        ] {
            let error = read(&text).unwrap_err();
            assert!(
                words.iter().all(|word| error.contains(word)) && !error.contains("secret"),
                "{text}: {error}"
            );
        }
    }
}
