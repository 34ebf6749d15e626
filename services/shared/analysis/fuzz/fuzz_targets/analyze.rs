//! The whole analysis over any bytes: as text with a language's code before it, and as HTML. Whatever comes, it answers,
//! and every quote re-reads.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use siaga_analysis::{Knowledge, enrich};
use siaga_schemas::{Field, RawArticle};

static KNOWLEDGE: LazyLock<Knowledge> =
    LazyLock::new(|| Knowledge::built_in().expect("the built-in lexicon loads"));

const LANGUAGES: [&str; 17] =
    ["id", "ms", "en", "es", "fr", "de", "pt", "tr", "ru", "uk", "ar", "fa", "hi", "ko", "ja", "zh", "vi"];

fuzz_target!(|input: (u8, bool, String, String)| {
    let (language, html, title, text) = input;
    let language = LANGUAGES[usize::from(language) % LANGUAGES.len()];
    let (body, html) = if html { (None, Some(text)) } else { (Some(text), None) };
    let raw = RawArticle {
        title: Some(title),
        body,
        html,
        language: Some(language.to_owned()),
        published_at: "2026-11-05T12:00:00Z".parse().ok(),
        ..RawArticle::default()
    };
    let Ok(enriched) = enrich(&KNOWLEDGE, &raw, 0) else { return };
    for event in &enriched.events {
        for passage in event.evidence.as_slice() {
            let field = match passage.field {
                Field::Title => &enriched.article.title,
                Field::Subtitle => &enriched.article.subtitle,
                Field::Body => &enriched.article.body,
            };
            let (start, end) = (passage.start as usize, passage.end as usize);
            let read: String = field.chars().skip(start).take(end - start).collect();
            assert_eq!(read, passage.text);
        }
    }
});
