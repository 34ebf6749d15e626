//! Pages of our own writing, and what strangers may send.

use std::fmt::Write;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    Knowledge::read([
        ("common/page.toml", include_str!("../../../lexicon/common/page.toml")),
        ("id/page.toml", include_str!("../../../lexicon/id/page.toml")),
        ("en/page.toml", include_str!("../../../lexicon/en/page.toml")),
    ])
    .unwrap()
});

fn page(html: &str) -> HtmlPage {
    read(html, None, &KNOWLEDGE).unwrap()
}

fn paragraphs(found: &HtmlPage) -> Vec<&str> {
    found.page.body.split("\n\n").collect()
}

/// Time, site and language as the page states them.
fn stated(found: &HtmlPage) -> (Option<String>, Option<&str>, Option<&str>) {
    let published = found.page.published_at.map(|at| at.to_string());
    (published, found.page.publisher.as_deref(), found.language.as_deref())
}

#[test]
fn an_indonesian_page_of_many_boxes() {
    let found = page(include_str!("tests/id.html"));
    assert_eq!(found.page.title, "Kapal Patroli Cegat Perahu Tanpa Bendera di Natuna");
    let published = Some("2026-11-05T09:30:00+07:00".to_owned());
    assert_eq!(stated(&found), (published, Some("Kabar Pesisir"), Some("id-ID")));
    assert_eq!(found.url.as_deref(), Some("https://kabarpesisir.example/2026/11/cegat-perahu"));
    assert_eq!(found.page.byline.as_ref().unwrap().text, "Ratna Wulandari, Bima Saputra");
    assert_eq!(found.page.captions, ["Kapal patroli kembali ke dermaga. (Foto: Dinas Pelabuhan)"]);
    let paragraphs = paragraphs(&found);
    let starts = ["RANAI, KABAR PESISIR - Sebuah", "Perahu itu", "\"Kami membawa", "Nelayan setempat"];
    assert_eq!(paragraphs.len(), starts.len(), "{paragraphs:#?}");
    assert!(paragraphs.iter().zip(starts).all(|(p, start)| p.starts_with(start)), "{paragraphs:#?}");
    assert_eq!(found.page.dateline.as_ref().unwrap().place.as_deref(), Some("RANAI"));
}

#[test]
fn an_english_page_whose_paragraphs_nobody_closed() {
    let found = page(include_str!("tests/en.html"));
    assert_eq!(found.page.title, "Drill closes strait for two days");
    let published = Some("2026-11-05T07:15:00+01:00".to_owned());
    assert_eq!(stated(&found), (published, Some("Harbour Gazette"), Some("en")));
    assert!(found.page.byline.as_ref().unwrap().text.contains("Ada Finch"));
    let paragraphs = paragraphs(&found);
    assert_eq!(paragraphs.len(), 4, "{paragraphs:#?}");
    assert!(paragraphs[0].starts_with("Two navies") && paragraphs[3].ends_with("the statement said."));
    assert!(paragraphs[2].starts_with("“Nobody needs to worry,”"), "{paragraphs:#?}");
}

#[test]
fn a_japanese_page_with_lines_broken_in_words() {
    let found = page(include_str!("tests/ja.html"));
    assert_eq!(found.page.title, "港で合同訓練、二日間の予定");
    let published = Some("2026-11-05T18:00:00+09:00".to_owned());
    assert_eq!(stated(&found), (published, Some("みなと新報"), Some("ja")));
    let paragraphs = paragraphs(&found);
    assert_eq!(paragraphs.len(), 3, "{paragraphs:#?}");
    assert!(paragraphs[0].contains("始めたと発表した"), "{paragraphs:#?}");
}

#[test]
fn an_arabic_page_of_tables_and_line_breaks() {
    let found = page(include_str!("tests/ar.html"));
    assert_eq!(found.page.title, "إغلاق المضيق ليومين بسبب مناورة");
    let published = Some("2026-11-05T10:00:00+03:00".to_owned());
    assert_eq!(stated(&found), (published, Some("جريدة الميناء"), Some("ar")));
    let paragraphs = paragraphs(&found);
    assert_eq!(paragraphs.len(), 3, "{paragraphs:#?}");
    assert!(paragraphs[2].ends_with("وفق البيان."));
}

#[test]
fn a_fragment_of_a_feed_is_all_article() {
    let html =
        "<p>Satu kapal tiba.</p><img src=x><ul><li>Dua awak sakit.</li></ul>Tiga lagi menyusul&hellip;";
    let found = read(html, Some("Kapal tiba"), &KNOWLEDGE).unwrap();
    assert_eq!(found.page.title, "Kapal tiba");
    assert_eq!(paragraphs(&found), ["Satu kapal tiba.", "Dua awak sakit.", "Tiga lagi menyusul…"]);
    assert_eq!(stated(&found), (None, None, None));
}

#[test]
fn the_text_that_a_page_states_stands_in_for_one_that_scripts_fill() {
    let html = r#"<html><head><title>T</title><script type="application/ld+json">[{"@type":["NewsArticle"],
        "headline":"A &quot;quiet&quot; night","publisher":{"name":"The Post"},"articleBody":"One ship left.\nAnother &amp; its crew stayed."}]</script>
        </head><body><div id="app"></div><noscript>Please turn scripts on.</noscript></body></html>"#;
    let found = page(html);
    assert_eq!(found.page.title, "A \"quiet\" night");
    assert_eq!(paragraphs(&found), ["One ship left.", "Another & its crew stayed."]);
    assert_eq!(found.page.publisher.as_deref(), Some("The Post"));
}

#[test]
fn the_headline_is_what_the_page_agrees_on() {
    let title = |head: &str, body: &str| {
        let text = "<p>One ship left the port today, the harbour master said.</p>";
        page(&format!("<html><head>{head}</head><body>{body}<article>{text}</article></body></html>"))
            .page
            .title
    };
    for (head, body, expected) in [
        (
            "<title>A ship leaves | The Post</title>",
            "<h1>The Post</h1><h1>A ship leaves</h1>",
            "A ship leaves",
        ),
        ("<title>Ship | Post</title>", "<h1>A ship leaves the port</h1>", "A ship leaves the port"),
        ("<title>A ship leaves | Post</title>", "<h1>Post</h1>", "A ship leaves | Post"),
        (
            "<title>x</title><meta property=og:title content='A ship leaves - Post'><meta property=og:site_name content=Post>",
            "",
            "A ship leaves",
        ),
        (
            "<meta property=og:title content='A ship leaves, with all hands and ca…'>",
            "<h1>A ship leaves, with all hands and cargo</h1>",
            "A ship leaves, with all hands and cargo",
        ),
        ("<title>A ship leaves</title>", "", "A ship leaves"),
        ("<title>Post: a ship leaves</title>", "<h1>a ship leaves</h1>", "a ship leaves"),
    ] {
        assert_eq!(title(head, body), expected, "{head}{body}");
    }
}

#[test]
fn a_placeholder_is_no_time_of_publication() {
    let html =
        |meta: &str| format!("<html><head>{meta}</head><body><p>One ship left the port today.</p></body>");
    for (meta, expected) in [
        ("<meta property=article:published_time content=0001-01-01T00:00:00Z>", None),
        ("<meta property=article:published_time content=soon>", None),
        ("<meta name=date content='2026/11/05 08:00'>", Some("2026-11-05T08:00:00Z")),
        ("<meta name=date content='2026-11-05T08:00:00.000+0700'>", Some("2026-11-05T08:00:00+07:00")),
    ] {
        assert_eq!(stated(&page(&html(meta))).0.as_deref(), expected, "{meta}");
    }
}

#[test]
fn a_page_without_text_says_so() {
    for html in ["<p> </p>", "<script>x</script>", "<html><body><nav>Menu</nav></body></html>", "\0", "<"] {
        let found = read(html, None, &KNOWLEDGE);
        assert!(found == Err(Error::NoText) || html == "<" || html == "\0", "{html}: {found:?}");
    }
}

/// Repeats a text until it is as long as a megabyte.
fn megabyte(text: &str) -> String {
    text.repeat(1_000_000 / text.len())
}

/// A megabyte of numbered texts.
fn numbered(before: &str, after: &str) -> String {
    let mut html = String::new();
    for number in 0.. {
        if html.len() > 1_000_000 {
            break;
        }
        write!(html, "{before}{number:x}{after}").unwrap();
    }
    html
}

#[test]
fn hostile_pages_meet_a_bound() {
    let unclosed = format!("<p>{}{}", &numbered("<b id=", ">")[..500_000], &megabyte("<p>x")[..500_000]);
    for (html, expected) in [
        (megabyte("<div>"), Error::TooDeep),
        (megabyte("<table><tr><td>"), Error::TooDeep),
        (megabyte("<svg><g>x"), Error::TooDeep),
        (unclosed, Error::TooDeep),
        (megabyte("<p>x"), Error::TooManyNodes),
        (megabyte("<br>"), Error::TooManyNodes),
        (megabyte(&format!("{}x{}", "<div>".repeat(250), "</div>".repeat(250))), Error::TooManyNodes),
        (format!("<a {}>", numbered("a", " ")), Error::TooManyAttributes),
        (format!("<a {}>", numbered("a=\">\"b", "/")), Error::TooManyAttributes),
        ("x".repeat(LARGEST + 1), Error::TooLarge(LARGEST + 1)),
    ] {
        assert_eq!(read(&html, None, &KNOWLEDGE), Err(expected), "{}", &html[..40]);
    }
}

/// Each took seconds or more before it was bounded; that this test ends is what it shows.
#[test]
fn hostile_pages_below_the_bounds_are_read_in_time() {
    let nested = format!("{}{}{}", "<div class=x>".repeat(200), "<p>One, two.</p>", "</div>".repeat(200));
    for html in [
        format!("<body>{}", megabyte("&")),
        format!("<body>{}", megabyte("<")),
        format!("<body><a href=\"{}\">x</a>", megabyte("&")),
        numbered("<html a", ">"),
        format!("<body>{}", &megabyte(&nested)),
        format!("<body>{}", megabyte(&"word, ".repeat(30)).replace("word, word, word", "<p>word word")),
        megabyte("\u{FFFD}\0\u{85}\u{2028}"),
        format!("<script type=application/ld+json>{}", megabyte("[")),
        format!("<script type=application/ld+json>{}", megabyte("{\"@graph\":[{\"@type\":\"x\"},")),
        format!("<title>{}", megabyte("&amp;")),
    ] {
        drop(read(&html, None, &KNOWLEDGE));
    }
}

#[test]
fn the_same_page_gives_the_same_answer() {
    let html = include_str!("tests/id.html")
        .replace("</body>", &"<div><p>Satu, dua, tiga, empat, lima, enam.</p></div>".repeat(300));
    assert_eq!(page(&html), page(&html));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_tags_are_read_or_refused(
        pieces in prop::collection::vec(prop_oneof![
            prop::sample::select(vec![
                "<p>", "</p>", "<div>", "</div>", "<table>", "<td>", "</table>", "<b>", "<a href=x>", "</a>", "<svg>",
                "<style>", "</style>", "<script>", "</script>", "<!--", "-->", "<template>", "<select>", "<option>",
                "<math>", "<annotation-xml encoding=text/html>", "<body>", "<frameset>", "<h1>", "<figure>", "<pre>", "<br><br>",
                "<ul><li>", "<form>", "<noscript><img>", "<img>", "<font>", "<![CDATA[", "<?x", "&#x0;", "&amp;", "<time datetime=2026>",
            ]).prop_map(str::to_owned),
            "[a-zA-Z ,.]{0,60}",
            any::<String>(),
        ], 0..60),
        whole in any::<bool>(),
    ) {
        let html = format!("{}{}", if whole { "<body>" } else { "" }, pieces.concat());
        let found = read(&html, None, &KNOWLEDGE);
        prop_assert!(found != Err(Error::Broken), "{html}");
        prop_assert_eq!(&found, &read(&html, None, &KNOWLEDGE));
    }
}
