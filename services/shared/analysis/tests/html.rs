//! Articles whose text comes as HTML.
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use siaga_analysis::{Knowledge, enrich};
use siaga_schemas::{Basis, RawArticle, identity};

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::built_in().unwrap());

const RECEIVED: i64 = 1_793_840_000_000;

const PAGE: &str = r#"<!DOCTYPE html><html lang="id"><head><title>Dua kapal tiba | Kabar Pesisir</title>
    <meta property="og:site_name" content="Kabar Pesisir"><link rel="canonical" href="https://kabar.example/dua-kapal">
    <meta property="article:published_time" content="2026-11-05T09:30:00+07:00"></head><body><nav><a href="/">Beranda</a></nav>
    <article><h1>Dua kapal tiba</h1><p>RANAI - Dua kapal perang Jepang tiba di pelabuhan Ranai pada Kamis, kata juru bicara
    pelabuhan, dan akan tinggal selama tiga hari untuk mengisi bahan bakar serta air bersih.</p></article></body></html>"#;

fn raw() -> RawArticle {
    RawArticle { html: Some(PAGE.into()), ..RawArticle::default() }
}

#[test]
fn what_the_record_leaves_open_is_found_on_the_page() {
    let article = enrich(&KNOWLEDGE, &raw(), RECEIVED).unwrap().article;
    assert_eq!(article.title, "Dua kapal tiba");
    assert!(article.body.starts_with("RANAI - Dua kapal perang Jepang tiba"), "{}", article.body);
    assert_eq!(article.url.as_deref(), Some("https://kabar.example/dua-kapal"));
    assert_eq!(article.publisher.as_deref(), Some("Kabar Pesisir"));
    assert_eq!(article.published_at.to_string(), "2026-11-05T09:30:00+07:00");
    assert_eq!((article.published_at_basis, article.language.code.as_str()), (Basis::Text, "id"));
    assert_eq!(article.dateline.unwrap().place, "RANAI");
}

#[test]
fn what_the_record_states_wins() {
    let stated = RawArticle {
        id: Some("a-1".into()),
        url: Some("https://mirror.example/1".into()),
        publisher: Some("Mirror".into()),
        title: Some("Dua kapal Jepang singgah".into()),
        published_at: Some("2026-11-06T00:00:00Z".parse().unwrap()),
        ..raw()
    };
    let article = enrich(&KNOWLEDGE, &stated, RECEIVED).unwrap().article;
    assert_eq!((article.id.as_str(), article.title.as_str()), ("a-1", "Dua kapal Jepang singgah"));
    assert_eq!(article.url.as_deref(), Some("https://mirror.example/1"));
    assert_eq!(article.publisher.as_deref(), Some("Mirror"));
    assert_eq!(article.published_at.to_string(), "2026-11-06T00:00:00Z");
    assert_eq!(article.published_at_basis, Basis::Given);
}

#[test]
fn another_headline_over_the_same_html_is_a_correction() {
    let titled = |title: &str| RawArticle { title: Some(title.into()), ..raw() };
    assert_ne!(identity::text_version(&titled("Satu")), identity::text_version(&titled("Dua")));
    assert_eq!(identity::text_version(&raw()), identity::text_version(&raw()));
}

#[test]
fn html_that_cannot_be_read_says_why() {
    for (html, reason) in [
        ("<script>x()</script>".to_owned(), "`html` holds no text of an article"),
        ("<div>".repeat(1000), "`html` is nested more than 256 levels deep"),
        ("<br>".repeat(70_000), "`html` holds more than 60000 elements and texts"),
    ] {
        let broken = RawArticle { html: Some(html), ..RawArticle::default() };
        assert_eq!(enrich(&KNOWLEDGE, &broken, RECEIVED).unwrap_err().to_string(), reason);
    }
}
