//! `siaga analyze`.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::program::{Folder, run, run_with_input, siaga};

const ARTICLE: &str = r#"{"id":"a-1","title":"North Korea fires two ballistic missiles","body":"SEOUL, Nov 4 - North Korea fired two ballistic missiles into the sea on Wednesday, South Korea's military said.","published_at":"2026-11-04T08:00:00Z"}"#;

fn ids(out: &str) -> Vec<String> {
    let id = |line: &str| {
        let article: Value = serde_json::from_str(line).unwrap();
        article["article"]["id"].as_str().unwrap().to_owned()
    };
    out.lines().map(id).collect()
}

#[test]
fn articles_come_from_standard_input_and_from_files_in_order() {
    let many: String = (0..100).map(|n| ARTICLE.replace("a-1", &format!("a-{n}")) + "\n").collect();
    let expected: Vec<String> = (0..100).map(|n| format!("a-{n}")).collect();
    let piped = run_with_input(&["analyze"], &many);
    assert_eq!((piped.code, piped.err.as_str()), (Some(0), ""));
    assert_eq!(ids(&piped.out), expected);
    let folder = Folder::new();
    let (one, two) = (folder.file("one.jsonl", &many), folder.file("two.jsonl", ARTICLE));
    let read = run(&["analyze", &one, &two, "--threads", "3"]);
    assert_eq!((read.code, ids(&read.out)), (Some(0), [expected, vec!["a-1".to_owned()]].concat()));
    // Byte for byte the same, whatever the number of threads.
    assert!(read.out.starts_with(&piped.out));
}

#[test]
fn a_page_as_html_is_read_like_its_text() {
    let page = "<!DOCTYPE html><html lang=en><head><title>Two missiles | Post</title><meta property=og:site_name content=Post></head>\
        <body><nav><a href=/>Home</a></nav><article><h1>North Korea fires two ballistic missiles</h1><p>SEOUL, Nov 4 - North Korea fired \
        two ballistic missiles into the sea on Wednesday, South Korea's military said.</p></article></body></html>";
    let folder = Folder::new();
    let ended = run(&["analyze", &folder.file("page.html", page)]);
    let article: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(article["article"]["title"], "North Korea fires two ballistic missiles");
    assert_eq!((&article["flagged"], &article["events"][0]["type"]), (&true.into(), &"missile_test".into()));
}

#[test]
fn an_article_is_enriched_with_its_event() {
    let ended = run_with_input(&["analyze", "-"], ARTICLE);
    let article: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(article["article"]["language"]["code"], "en");
    assert_eq!((&article["flagged"], &article["events"][0]["type"]), (&true.into(), &"missile_test".into()));
}

#[test]
fn a_page_is_one_article() {
    let folder = Folder::new();
    let page =
        folder.file("page.txt", "Judul Berita\n\nJAKARTA - Isi berita pertama.\n\nIsi berita kedua.\n");
    let ended = run(&["analyze", &page]);
    assert_eq!((ended.code, ended.out.lines().count()), (Some(0), 1), "{}", ended.err);
    let explained = run(&["analyze", &page, "--explain"]);
    assert_eq!(explained.code, Some(0));
    assert!(explained.out.contains("Judul Berita"), "{}", explained.out);
    assert!(!explained.out.contains('\u{1b}'), "no colours where nobody looks");
}

#[test]
fn a_malformed_line_is_named_and_the_others_come() {
    let folder = Folder::new();
    let file = folder.file("a.jsonl", format!("{ARTICLE}\n\n{{broken\n{{\"id\":\"n\"}}\n{ARTICLE}\n"));
    let ended = run(&["analyze", &file]);
    assert_eq!((ended.code, ids(&ended.out)), (Some(1), vec!["a-1".to_owned(), "a-1".to_owned()]));
    assert!(ended.err.contains(&format!("{file}:3: ")), "{}", ended.err);
    assert!(ended.err.contains(&format!("{file}:4: ")), "{}", ended.err);
    assert!(ended.err.contains("2 articles could not be read"), "{}", ended.err);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let ended = run(&["analyze", "/no/such.jsonl"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
    assert!(ended.err.contains("/no/such.jsonl"), "{}", ended.err);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::new();
    let line = ARTICLE.to_owned() + "\n";
    // More than fits into any pipe.
    let file = folder.file("a.jsonl", line.repeat(2_000));
    let mut child = siaga(&["analyze", &file]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    out.read_line(&mut first).unwrap();
    drop(out);
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), b"".as_slice()));
    assert_eq!(ids(&first), ["a-1"]);
}
