//! Feeds of our own writing in each format, and what becomes of their items.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::document::{self, Item};
use super::server::feed;

fn read(bytes: &[u8]) -> Vec<Item> {
    let feed = feed("https://kabar.example/feeds/all");
    document::read(bytes, &feed.url, &feed).unwrap()
}

fn articles(text: &str) -> Vec<Value> {
    read(text.as_bytes()).iter().map(|item| serde_json::to_value(&item.article).unwrap()).collect()
}

#[test]
fn rss_2_with_full_texts() {
    let found = articles(include_str!("rss2.xml"));
    assert_eq!(found.len(), 3, "an item that says nothing is left out");
    let first = json!({
        "id": found[0]["id"], "url": "https://kabar.example/2026/kapal", "publisher": "Kabar Pesisir & Laut",
        "published_at": "2026-11-05T09:30:00+07:00", "language": "id-id", "title": "Dua kapal \"tiba\" di Ranai",
        "html": "<p>Dua kapal tiba.</p><p>Awaknya sehat.</p>",
    });
    assert_eq!(found[0], first);
    assert!(found[0]["id"].as_str().unwrap().starts_with("feed-"));
    // An id that is an address gives the id which that address has in every channel.
    assert!(found[1]["id"].as_str().unwrap().starts_with("url-"));
    assert_eq!(
        (found[1]["url"].as_str(), found[1]["body"].as_str()),
        (Some("https://kabar.example/2026/pasar"), Some("Pasar dibuka < pukul 6."))
    );
    assert_eq!((found[2]["title"].as_str(), found[2].get("html")), (Some("Hanya judul"), None));
}

#[test]
fn rss_0_9_and_1_0() {
    let found = articles(
        "<?xml version=\"1.0\"?><rss version=\"0.91\"><channel><title>Old</title><language>en</language>\
         <item><title>A ship</title><link>https://old.example/1</link><description>It came.</description></item></channel></rss>",
    );
    assert_eq!(
        (found[0]["body"].as_str(), found[0]["url"].as_str()),
        (Some("It came."), Some("https://old.example/1"))
    );
    let found = articles(
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel rdf:about=\"https://rdf.example\"><title>RDF</title>\
         <link>https://rdf.example</link><description>d</description></channel><item rdf:about=\"https://rdf.example/1\">\
         <title>A boat</title><link>https://rdf.example/1</link><description>It &lt;b&gt;went&lt;/b&gt;.</description>\
         <dc:date>2026-11-05T09:30:00+09:00</dc:date></item></rdf:RDF>",
    );
    assert_eq!(found[0]["html"].as_str(), Some("It <b>went</b>."));
    assert_eq!(found[0]["published_at"].as_str(), Some("2026-11-05T09:30:00+09:00"));
}

#[test]
fn atom_with_relative_addresses() {
    let found = articles(include_str!("atom.xml"));
    assert_eq!(found[0]["url"].as_str(), Some("https://kabar.example/feeds/a/1.html"));
    assert_eq!(found[0]["published_at"].as_str(), Some("2026-11-05T09:30:00+01:00"));
    assert_eq!(
        (found[0]["language"].as_str(), found[0]["title"].as_str()),
        (Some("fr"), Some("Deux navires & un port"))
    );
    assert!(found[0]["html"].as_str().unwrap().contains("<p>Deux navires"), "{}", found[0]);
    // A `tag:` is unique in the world, whichever host lists it.
    let elsewhere = super::server::feed("https://mirror.example/atom");
    let items = document::read(include_bytes!("atom.xml"), &elsewhere.url, &elsewhere).unwrap();
    assert_eq!(Value::from(items[0].id.clone()), found[0]["id"]);
}

#[test]
fn json_feed() {
    let found = articles(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"Harbour","language":"en","items":[
            {"id":"7","url":"https://h.example/7","title":"Seven","content_text":"Seven ships & a boat.","date_published":"2026-11-05T09:30:00-05:00"},
            {"id":"8","content_html":"<p>Eight</p>","summary":"short"}]}"#,
    );
    assert_eq!(
        (found[0]["body"].as_str(), found[0]["language"].as_str()),
        (Some("Seven ships & a boat."), Some("en"))
    );
    assert_eq!(found[0]["published_at"].as_str(), Some("2026-11-05T09:30:00-05:00"));
    assert_eq!((found[1]["html"].as_str(), found[1].get("url")), (Some("<p>Eight</p>"), None));
}

#[test]
fn other_encodings_are_decoded() {
    let mut bytes = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss version=\"2.0\"><channel><title>t</title><item><title>Caf".to_vec();
    bytes.extend_from_slice(b"\xE9</title><guid>1</guid></item></channel></rss>");
    assert_eq!(read(&bytes)[0].article.title.as_deref(), Some("Café"));
}

#[test]
fn what_the_list_says_of_a_feed_holds_for_its_articles() {
    let mut feed = feed("https://kabar.example/rss");
    feed.publisher = Some("Kabar".to_owned());
    feed.publisher_country = Some("ID".parse().unwrap());
    feed.language = Some("ms".to_owned());
    let article = document::read(include_bytes!("rss2.xml"), &feed.url, &feed).unwrap().remove(0).article;
    assert_eq!((article.publisher.as_deref(), article.language.as_deref()), (Some("Kabar"), Some("ms")));
    assert_eq!(article.publisher_country.unwrap().as_str(), "ID");
}

#[test]
fn words_tell_corrections_from_pixels() {
    let item = |title: &str, html: &str| {
        let text = format!(
            "<rss version=\"2.0\"><channel><title>t</title><item><guid>1</guid><title>{title}</title>\
             <description><![CDATA[{html}]]></description></item></channel></rss>"
        );
        read(text.as_bytes()).remove(0)
    };
    let first = item("A", "<p>One ship</p><img src=\"p.gif?r=1\">");
    let again = item("A", "<p>One ship</p>\n<img src=\"p.gif?r=2\">");
    let more = item("A", "<p>Two ships</p><img src=\"p.gif?r=1\">");
    let titled = item("B", "<p>One ship</p>");
    assert_eq!((first.id.as_str(), first.words), (again.id.as_str(), again.words));
    assert!(first.words != more.words && first.words != titled.words && first.id == more.id);
}

#[test]
fn what_is_no_feed_says_so() {
    let feed = feed("https://kabar.example/rss");
    for text in [
        "",
        "hello",
        "<html><body>Not found</body></html>",
        "{\"a\":1}",
        "<rss version=\"2.0\"><channel><item><title>x</chan",
    ] {
        let error = document::read(text.as_bytes(), &feed.url, &feed).unwrap_err().to_string();
        assert!(error.starts_with("is no feed: ") && error.len() < 300, "{text}: {error}");
    }
    // Each took time that grows with the square of its length, or could.
    for text in [
        format!(
            "<rss version=\"2.0\"><channel><item><description>{}</description></item></channel></rss>",
            "&lt;a".repeat(1_000_000)
        ),
        "<a>".repeat(2_000_000),
        "{\"a\":".repeat(1_000_000),
    ] {
        drop(document::read(text.as_bytes(), &feed.url, &feed));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_feeds_are_read_or_refused(pieces in prop::collection::vec(prop_oneof![
        prop::sample::select(vec![
            "<rss version=\"2.0\">", "<feed xmlns=\"http://www.w3.org/2005/Atom\">", "<channel>", "<item>", "</item>", "<entry>",
            "</entry>", "<title>", "</title>", "<link>", "<link href=\"/x\"/>", "<guid>", "</guid>", "<content type=\"xhtml\">", "</content>",
            "<pubDate>", "</pubDate>", "Thu, 05 Nov 2026 24:00:60 XXX", "<![CDATA[", "]]>", "&#x110000;", "&lt;", "<?xml version=\"1.0\" encoding=\"utf-16\"?>",
        ]).prop_map(str::to_owned),
        any::<String>(),
    ], 0..40)) {
        let feed = feed("https://kabar.example/rss");
        drop(document::read(pieces.concat().as_bytes(), &feed.url, &feed));
    }
}
