//! What a poll asks for, what it takes, and what it refuses.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use prometheus::Registry;
use tokio_util::sync::CancellationToken;

use super::super::client::Error;
use super::super::poll::{Counts, Failure, Polled, State};
use super::super::{Feeds, list};
use super::server::{Answer, NEVER, Server, feed, poll};
use crate::article::Sender;
use crate::config;
use crate::metrics::FeedMetrics;

/// A feed of items: id and title, which is the text too.
fn rss(items: &[(&str, &str)]) -> String {
    let item = |(id, title): &(&str, &str)| {
        format!("<item><guid>{id}</guid><title>{title}</title><description>{title}</description></item>")
    };
    let items: String = items.iter().map(item).collect();
    format!("<rss version=\"2.0\"><channel><title>Kabar</title>{items}</channel></rss>")
}

fn counts(polled: Result<Polled, Failure>) -> (u64, u64, u64) {
    match polled.unwrap() {
        Polled::Read(Counts { new, duplicate, refused }) => (new, duplicate, refused),
        other => panic!("{other:?}"),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn only_what_is_new_is_sent() {
    let server = Server::start().await;
    let (poller, feed, mut state) = (server.poller(), server.feed("/rss"), State::default());
    server.set("/rss", Answer::of(rss(&[("1", "satu"), ("2", "dua")])));
    assert_eq!(counts(poll(&poller, &feed, &mut state).await), (2, 0, 0));
    assert_eq!(counts(poll(&poller, &feed, &mut state).await), (0, 2, 0));
    // A third one, a correction, and one that is listed twice.
    server.set(
        "/rss",
        Answer::of(rss(&[("3", "tiga"), ("1", "satu, ralat"), ("2", "dua"), ("3", "tiga lagi")])),
    );
    assert_eq!(counts(poll(&poller, &feed, &mut state).await), (2, 2, 0));
    assert_eq!(server.topic.titles(), ["satu", "dua", "tiga", "satu, ralat"]);
    let keys: Vec<String> = server.topic.records().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys[0], keys[3], "a correction has the id of what it corrects");
    // After a restart the same articles have the same ids.
    let again = server.poller();
    assert_eq!(counts(poll(&again, &feed, &mut State::default()).await), (3, 1, 0));
    assert!(server.topic.records()[4..].iter().all(|(key, _)| keys.contains(key)));
}

#[tokio::test]
async fn one_article_in_two_feeds_is_sent_once() {
    let server = Server::start().await;
    let poller = server.poller();
    for path in ["/world", "/asia"] {
        server.set(path, Answer::of(rss(&[("https://kabar.example/1", "satu")])));
    }
    assert_eq!(counts(poll(&poller, &server.feed("/world"), &mut State::default()).await), (1, 0, 0));
    assert_eq!(counts(poll(&poller, &server.feed("/asia"), &mut State::default()).await), (0, 1, 0));
}

#[tokio::test]
async fn servers_are_asked_for_changes_only() {
    let server = Server::start().await;
    let (poller, feed, mut state) = (server.poller(), server.feed("/rss"), State::default());
    let modified = "Thu, 05 Nov 2026 09:30:00 GMT";
    server.set(
        "/rss",
        Answer::of(rss(&[("1", "satu")])).with("etag", "\"v1\"").with("last-modified", modified),
    );
    assert_eq!(counts(poll(&poller, &feed, &mut state).await), (1, 0, 0));
    server.set("/rss", Answer::status(304));
    assert!(matches!(poll(&poller, &feed, &mut state).await, Ok(Polled::Unchanged)));
    let etags: Vec<_> = server.asked("if-none-match").into_iter().map(|(_, etag)| etag).collect();
    assert_eq!(etags, [None, Some("\"v1\"".to_owned())]);
    assert_eq!(server.asked("if-modified-since")[1].1.as_deref(), Some(modified));
    assert_eq!(server.asked("user-agent")[0].1.as_deref(), Some("siaga/test"));
}

#[tokio::test]
async fn what_kafka_did_not_take_is_asked_for_again() {
    let server = Server::start().await;
    let (poller, feed, mut state) = (server.poller(), server.feed("/rss"), State::default());
    server.set(
        "/rss",
        Answer::of(rss(&[("https://a.example/1", "satu"), ("https://a.example/2", "dua")]))
            .with("etag", "\"v1\""),
    );
    let items =
        super::super::document::read(rss(&[("https://a.example/2", "dua")]).as_bytes(), &feed.url, &feed);
    server.topic.refuse(vec![items.unwrap().remove(0).id]);
    let failure = poll(&poller, &feed, &mut state).await.unwrap_err();
    assert_eq!(failure.reason(), "kafka");
    assert!(
        matches!(failure, Failure::Undelivered { counts: Counts { new: 1, .. }, failed: 1, .. }),
        "{failure:?}"
    );
    server.topic.refuse(Vec::new());
    assert_eq!(counts(poll(&poller, &feed, &mut state).await), (1, 1, 0));
    assert_eq!(server.topic.titles(), ["satu", "dua"]);
    assert_eq!(server.asked("if-none-match")[1].1, None, "the answer must not be that nothing is new");
}

#[tokio::test]
async fn compressed_feeds_are_read_and_bombs_are_not() {
    let server = Server::start().await;
    let (poller, feed) = (server.poller(), server.feed("/rss"));
    server.set("/rss", Answer::of(gzip(rss(&[("1", "satu")]).as_bytes())).with("content-encoding", "gzip"));
    assert_eq!(counts(poll(&poller, &feed, &mut State::default()).await), (1, 0, 0));
    assert!(server.asked("accept-encoding")[0].1.as_deref().unwrap().contains("gzip"));
    let bomb = gzip(&vec![b' '; 10_000_000]);
    assert!(bomb.len() < 20_000);
    server.set("/rss", Answer::of(bomb).with("content-encoding", "gzip"));
    let failure = poll(&poller, &feed, &mut State::default()).await.unwrap_err();
    assert_eq!(
        (failure.reason(), failure.to_string().contains("feeds.max_body_bytes")),
        ("too_large", true),
        "{failure}"
    );
}

#[tokio::test]
async fn failures_are_named_and_what_was_known_stays_known() {
    let server = Server::start().await;
    let (poller, feed, mut state) = (server.poller(), server.feed("/rss"), State::default());
    server.set("/rss", Answer::of(rss(&[("1", "satu")])));
    assert_eq!(counts(poll(&poller, &feed, &mut state).await), (1, 0, 0));
    for (answer, reason, words) in [
        (Answer::of("x".repeat(20_001)), "too_large", "feeds.max_body_bytes"),
        (Answer::of("<html>Sorry</html>"), "no_feed", "is no feed"),
        (Answer::of("<rss version=\"2.0\"><channel><item>"), "no_feed", "is no feed"),
        (Answer::of("no gzip").with("content-encoding", "gzip"), "broken", "broke off"),
        (Answer::status(404), "status", "404"),
        (Answer::status(304), "status", "304"),
        (Answer::status(302), "redirect", "nowhere"),
        (Answer::status(302).with("location", "file:///etc/passwd"), "redirect", "file:///etc/passwd"),
        (Answer::status(302).with("location", "/rss"), "redirect", "feeds.max_redirects"),
    ] {
        server.set("/rss", answer);
        let failure = poll(&poller, &feed, &mut state).await.unwrap_err();
        assert_eq!(failure.reason(), reason, "{failure}");
        assert!(failure.to_string().contains(words), "{failure}");
    }
    server.set("/rss", Answer::of(rss(&[("1", "satu")])));
    assert_eq!(counts(poll(&poller, &feed, &mut state).await), (0, 1, 0));
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_not_waited_for() {
    let server = Server::start().await;
    server.set("/rss", Answer { silent: true, ..Answer::default() });
    let failure =
        poll(&server.impatient_poller(), &server.feed("/rss"), &mut State::default()).await.unwrap_err();
    assert_eq!((failure.reason(), failure.to_string().contains("feeds.timeout")), ("timeout", true));
    let closed = feed("http://127.0.0.1:1/rss");
    let failure = poll(&server.poller(), &closed, &mut State::default()).await.unwrap_err();
    assert_eq!(failure.reason(), "unreachable", "{failure}");
}

#[tokio::test]
async fn servers_may_ask_to_wait() {
    let server = Server::start().await;
    for (status, asked, expected) in [(429, "120", 120), (503, "Thu, 05 Nov 1970 09:30:00 GMT", 0)] {
        server.set("/rss", Answer::status(status).with("retry-after", asked));
        let failure = poll(&server.poller(), &server.feed("/rss"), &mut State::default()).await.unwrap_err();
        assert_eq!(failure.retry_after(), Some(Duration::from_secs(expected)), "{asked}");
    }
    server.set("/rss", Answer::status(429).with("retry-after", "later"));
    let failure = poll(&server.poller(), &server.feed("/rss"), &mut State::default()).await.unwrap_err();
    assert_eq!(failure.retry_after(), None);
}

#[tokio::test]
async fn redirects_are_followed_as_far_as_they_are_allowed() {
    let server = Server::start().await;
    let (poller, feed, mut state) = (server.poller(), server.feed("/old"), State::default());
    server.set("/old", Answer::status(301).with("location", "/new").with("etag", "\"old\""));
    server.set("/new", Answer::of(rss(&[("1", "satu")])).with("etag", "\"new\""));
    assert_eq!(counts(poll(&poller, &feed, &mut state).await), (1, 0, 0));
    assert_eq!(counts(poll(&poller, &feed, &mut state).await), (0, 1, 0));
    let asked = server.asked("if-none-match");
    let expected = [("/old", None), ("/new", None), ("/old", None), ("/new", Some("\"new\""))];
    assert_eq!(
        asked,
        expected.map(|(path, etag)| (path.to_owned(), etag.map(str::to_owned))),
        "a state is told to its own server"
    );
    let port = server.address.port();
    for target in [
        format!("http://127.0.0.2:{port}/new"),
        format!("//[::1]:{port}/new"),
        format!("http://[::ffff:127.0.0.2]:{port}/new"),
        format!("http://2130706434:{port}/new"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://10.0.0.1/".to_owned(),
    ] {
        server.set("/old", Answer::status(307).with("location", target.clone()));
        let failure = poll(&poller, &feed, &mut state).await.unwrap_err();
        assert_eq!(failure.reason(), "forbidden_address", "{target}: {failure}");
        assert!(failure.to_string().contains("feeds.allow_networks"), "{failure}");
    }
}

#[tokio::test]
async fn names_that_lead_to_this_machine_are_refused_once_they_are_resolved() {
    let server = Server::start().await;
    server.set("/rss", Answer::of(rss(&[("1", "satu")])));
    let feed = feed(&format!("http://localhost:{}/rss", server.address.port()));
    let failure = poll(&server.poller_allowing(&[], NEVER), &feed, &mut State::default()).await.unwrap_err();
    assert!(matches!(&failure, Failure::Fetch(Error::Forbidden(f)) if f.host == "localhost"), "{failure:?}");
    assert!(server.asked("host").is_empty());
    assert_eq!(counts(poll(&server.poller(), &feed, &mut State::default()).await), (1, 0, 0));
}

#[tokio::test]
async fn a_feed_that_fails_stops_no_other_and_all_stop_when_told() {
    let server = Server::start().await;
    server.set("/good", Answer::of(rss(&[("1", "satu"), ("2", &"besar ".repeat(2000))])));
    server.set("/bad", Answer::status(500));
    server.set("/hangs", Answer { silent: true, ..Answer::default() });
    let feeds: Vec<list::Feed> = ["/bad", "/hangs", "/good"].iter().map(|path| server.feed(path)).collect();
    let settings = config::Feeds {
        allow_networks: vec!["127.0.0.1".to_owned()],
        spread: Duration::ZERO,
        timeout: NEVER,
        ..config::Feeds::default()
    };
    let metrics = FeedMetrics::new(&Registry::new()).unwrap();
    let sender = Sender { largest_record: 5000, lane: "live".to_owned() };
    let feeds = Feeds::new(&settings, feeds, server.topic.clone(), sender, NEVER, metrics.clone()).unwrap();
    let stop = CancellationToken::new();
    let running = tokio::spawn(feeds.run(stop.clone()));
    let polls = |outcome: &str| metrics.polls.with_label_values(&[outcome]).get();
    while polls("changed") == 0 || polls("failed") == 0 || server.asked("host").len() < 3 {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    running.await.unwrap();
    let items = |outcome: &str| metrics.items.with_label_values(&[outcome]).get();
    assert_eq!((items("new"), items("refused"), metrics.feeds.get()), (1, 1, 3));
    assert_eq!(metrics.failures.with_label_values(&["status"]).get(), 1);
    let name = server.feed("/good").name();
    assert!(metrics.last_success.with_label_values(&[&name]).get() > 1_700_000_000);
    assert_eq!(server.topic.titles(), ["satu"]);
}
