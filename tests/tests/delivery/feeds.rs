//! `siaga ingest` with a list of feeds: items are in the topic once, and read by the stage after it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use siaga_schemas::topics::Topic;
use siaga_test_kafka::Broker;

use crate::services::{Pipeline, wait_until};

/// A site with one feed; whoever knows its last state hears that nothing is new.
#[derive(Default)]
struct Site {
    items: Vec<(&'static str, &'static str)>,
    unchanged: usize,
}

fn serve(site: Arc<Mutex<Site>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // Who breaks off is no concern of the site's.
            drop(answer(stream.unwrap(), &site));
        }
    });
    address
}

fn answer(mut stream: TcpStream, site: &Mutex<Site>) -> std::io::Result<()> {
    let mut known = None;
    for line in BufReader::new(stream.try_clone()?).lines() {
        let line = line?;
        if let Some((name, text)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("if-none-match")
        {
            known = Some(text.to_owned());
        }
        if line.is_empty() {
            break;
        }
    }
    let mut site = site.lock().unwrap();
    let etag = format!("\"{}\"", site.items.len());
    if known.as_ref() == Some(&etag) {
        site.unchanged += 1;
        return write!(stream, "HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\nConnection: close\r\n\r\n");
    }
    let item = |(id, text): &(&str, &str)| {
        format!(
            "<item><guid isPermaLink=\"false\">{id}</guid><title>Judul {id}</title><description><![CDATA[<p>{text}</p>\
             <p>Bagikan</p>]]></description><pubDate>Thu, 05 Nov 2026 09:30:00 +0700</pubDate></item>"
        )
    };
    let items: String = site.items.iter().map(item).collect();
    let body = format!("<rss version=\"2.0\"><channel><title>Kabar</title>{items}</channel></rss>");
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nETag: {etag}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

#[test]
fn items_of_a_feed_are_in_the_topic_once_and_keep_their_ids_over_a_restart() {
    let Some(broker) = Broker::start() else { return };
    let pipeline = Pipeline::new(&broker, "feeds");
    let site = Arc::new(Mutex::new(Site {
        items: vec![("1", "Dua kapal tiba di pelabuhan Ranai."), ("2", "Pasar ikan dibuka kembali.")],
        ..Site::default()
    }));
    let address = serve(Arc::clone(&site));
    // Of the two feeds one never answers: nothing listens there.
    let list = pipeline.write(
        "feeds.toml",
        &format!(
            "[[feed]]\nurl = \"http://127.0.0.1:1/rss\"\n\n[[feed]]\nurl = \"http://{address}/rss\"\npublisher = \"Kabar Pesisir\"\n\
             language = \"id\"\ninterval = \"1s\"\n"
        ),
    );
    let settings = format!(
        "[http]\naddress = \"127.0.0.1:0\"\n[feeds]\nlist = \"{}\"\nspread = \"0s\"\nallow_networks = [\"127.0.0.1\"]\n",
        list.display()
    );
    let mut ingest = pipeline.start_with("ingest", "a", &settings);
    let raw = pipeline.name(Topic::ArticlesRaw);
    let sent = || -> Vec<(String, Value)> {
        let text = |bytes: Option<Vec<u8>>| String::from_utf8(bytes.unwrap()).unwrap();
        let record = |r: siaga_stream::reader::OwnedRecord| {
            (text(r.key), serde_json::from_str(&text(r.payload)).unwrap())
        };
        pipeline.read(&raw).into_iter().map(record).collect()
    };
    wait_until("the items are in the topic and the site says that nothing is new", || {
        ingest.assert_runs();
        sent().len() == 2 && site.lock().unwrap().unchanged > 0
    });
    site.lock().unwrap().items.push(("3", "Hujan lebat di Natuna."));
    wait_until("the third item is in the topic", || sent().len() == 3);
    ingest.stop();
    let first: BTreeMap<String, Value> = sent().into_iter().collect();
    assert_eq!(first.len(), 3);

    let mut again = pipeline.start_with("ingest", "a", &settings);
    wait_until("a new process has sent what it does not know", || sent().len() == 6);
    again.stop();
    let all: BTreeMap<String, Value> = sent().into_iter().collect();
    assert_eq!(all, first, "the same ids and the same articles");

    let mut classify = pipeline.start("classify", "a");
    let classified = pipeline.name(Topic::ArticlesClassified);
    let mut articles = Vec::new();
    wait_until("the items are read", || {
        classify.assert_runs();
        articles = pipeline.read(&classified);
        articles.len() == 6
    });
    classify.stop();
    let article: Value = serde_json::from_slice(articles[0].payload.as_ref().unwrap()).unwrap();
    let article = &article["article"];
    assert_eq!(
        (article["publisher"].as_str(), article["language"]["code"].as_str()),
        (Some("Kabar Pesisir"), Some("id"))
    );
    assert_eq!(article["published_at"].as_str(), Some("2026-11-05T09:30:00+07:00"));
    let body = article["body"].as_str().unwrap();
    assert!(body.ends_with('.') && !body.contains('<'), "{body}");
}
