//! What holds for every input: no panic, quotes that re-read, the same answer twice, and work that grows with length.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::let_underscore_must_use)]

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use siaga_analysis::{Knowledge, enrich};
use siaga_schemas::{EnrichedArticle, Field, RawArticle, Span};

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::built_in().unwrap());

fn article(title: &str, body: &str, language: &str) -> RawArticle {
    RawArticle {
        id: Some("a".into()),
        title: Some(title.into()),
        body: Some(body.into()),
        language: Some(language.into()),
        published_at: Some("2026-11-05T08:00:00+07:00".parse().unwrap()),
        ..RawArticle::default()
    }
}

/// Words that mean something to the analysis, beside ones that mean nothing.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "Korut", "meluncurkan", "dua", "rudal", "balistik", "Rabu", "(4/11/2026)", "menewaskan", "orang", "di",
            "Jepang", "oleh", "militer", "bahwa", "yang", ",", ".", "\n\n", "\u{201C}", "tidak", "North Korea", "fired",
            "at least", "3", "missiles", "killed", "by", "Houthi", "said", "September", "13", "2023", "last", "week",
            "serangan", "Israel", "1.500", "31/02/2024", "99999999999", "\u{202E}", "İ", "ﬁ", "\u{FF12}",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => any::<char>().prop_map(String::from),
    ]
}

fn reads(article: &EnrichedArticle, span: Span) -> String {
    let text = match span.field {
        Field::Title => &article.article.title,
        Field::Subtitle => &article.article.subtitle,
        Field::Body => &article.article.body,
    };
    text.chars().skip(span.start as usize).take((span.end - span.start) as usize).collect()
}

fn quotes_re_read(article: &EnrichedArticle) {
    for event in &article.events {
        for passage in event.evidence.as_slice() {
            let span = Span { field: passage.field, start: passage.start, end: passage.end };
            assert_eq!(reads(article, span), passage.text);
        }
        let parties = event.actors.iter().chain(&event.targets).map(|p| &p.quote);
        let numbers = [&event.count, &event.killed, &event.injured].into_iter().flatten().map(|i| &i.quote);
        let places = [&event.location.place, &event.location.launch_site, &event.location.impact];
        let others =
            event.weapon.iter().map(|w| &w.quote).chain(event.date.iter().filter_map(|d| d.quote.as_ref()));
        for quote in parties.chain(numbers).chain(places.into_iter().flatten()).chain(others) {
            assert_eq!(reads(article, quote.span), quote.text);
        }
        for authority in event.claimed_by.iter().chain(&event.confirmed_by).chain(&event.denied_by) {
            assert_eq!(reads(article, authority.span), authority.body);
        }
        assert_eq!(event.flagged, event.status.is_flagged());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_in_any_order_are_read(title in vec(word(), 0..8), body in vec(word(), 0..120), english in any::<bool>()) {
        let language = if english { "en" } else { "id" };
        let raw = article(&title.join(" "), &body.join(" "), language);
        let first = enrich(&KNOWLEDGE, &raw, 0);
        if let Ok(enriched) = &first {
            quotes_re_read(enriched);
        }
        let again = enrich(&KNOWLEDGE, &raw, 0);
        prop_assert_eq!(first.ok(), again.ok());
    }

    #[test]
    fn any_text_is_read_as_a_page(text in "\\PC{0,400}", lines in vec("[\\PC\n]{0,60}", 0..12)) {
        let raw = RawArticle { text: Some(format!("{text}\n{}", lines.join("\n"))), ..RawArticle::default() };
        if let Ok(enriched) = enrich(&KNOWLEDGE, &raw, 1_700_000_000_000) {
            quotes_re_read(&enriched);
        }
    }

    #[test]
    fn any_bytes_decode_or_are_refused(bytes in vec(any::<u8>(), 0..600)) {
        if let Ok(raw) = serde_json::from_slice::<RawArticle>(&bytes) {
            let _ = enrich(&KNOWLEDGE, &raw, 0).is_ok();
        }
    }
}

/// Instructions cannot be counted here, so work is bounded by what must not happen: inputs that make quadratic
/// programs run for hours end within the test.
#[test]
fn hostile_lengths_end() {
    let bodies = [
        "rudal ".repeat(100_000),
        "Korut meluncurkan rudal dan ".repeat(40_000),
        "7".repeat(1_000_000),
        "1 2 3 4 5 6 7 8 9 ".repeat(50_000),
        "(".repeat(500_000),
        "\u{201C}\u{200B}".repeat(200_000),
        "a\n".repeat(300_000),
        "Korut meluncurkan rudal ke Jepang.\n\n".repeat(10_000),
    ];
    for body in bodies {
        let enriched = enrich(&KNOWLEDGE, &article("", &body, "id"), 0).unwrap();
        quotes_re_read_sampled(&enriched);
    }
}

fn quotes_re_read_sampled(article: &EnrichedArticle) {
    for event in article.events.iter().take(3) {
        let passage = event.evidence.first();
        let span = Span { field: passage.field, start: passage.start, end: passage.end };
        assert_eq!(reads(article, span), passage.text);
    }
}
