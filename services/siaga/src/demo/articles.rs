//! The bundled articles: of our own writing, publishers and persons invented.
//!
//! One file an article, in the order of their names: lines of `field: value`, an empty line, the text. With a
//! `title` the text is the body of a raw article, without one it is a page.

use include_dir::{Dir, include_dir};
use serde_json::{Map, Value};
use siaga_ingest::input::{Entry, Form};

static ARTICLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo/articles");

/// The bundled articles.
pub(super) fn bundled() -> Vec<Entry> {
    let mut files: Vec<_> = ARTICLES.files().collect();
    files.sort_by_key(|file| file.path());
    let entry = |file: &include_dir::File<'_>| {
        let bytes = raw_article(file.contents_utf8()?).into_bytes();
        let size = u64::try_from(bytes.len()).ok()?;
        Some(Entry { file: file.path().to_owned(), line: 1, form: Form::JsonLines, bytes, size })
    };
    files.into_iter().filter_map(entry).collect()
}

/// The raw article of a file as JSON.
fn raw_article(file: &str) -> String {
    let (head, text) = file.split_once("\n\n").unwrap_or(("", file));
    let mut article = Map::new();
    for (field, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        article.insert(field.to_owned(), Value::from(value));
    }
    let field = if article.contains_key("title") { "body" } else { "text" };
    article.insert(field.to_owned(), Value::from(text.trim_end()));
    Value::Object(article).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use siaga_schemas::{Content, identity};

    use super::*;

    #[test]
    fn every_bundled_article_is_a_raw_article_with_an_id_of_its_own() {
        let entries = bundled();
        assert!(entries.len() >= 60);
        let mut ids = BTreeSet::new();
        for entry in &entries {
            let name = entry.file.display();
            let raw = entry.article().unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(raw.extra.is_empty(), "{name}: {:?}", raw.extra);
            assert!(raw.url.as_deref().is_some_and(|url| url.contains(".example/")), "{name}");
            let words = match raw.content().unwrap() {
                Content::Body { body, .. } => body,
                Content::Text(text) => text,
                other => panic!("{name}: {other:?}"),
            };
            let count = words.split_whitespace().count();
            assert!((80..=400).contains(&count), "{name}: {count} words");
            assert!(ids.insert(identity::article_id(&raw)), "{name}");
        }
    }
}
