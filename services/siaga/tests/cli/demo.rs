//! `siaga demo`.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use crate::program::{Ended, Folder, run, siaga, signal};

/// The number before a word in the totals.
fn total(ended: &Ended, word: &str) -> u64 {
    let sum = ended.out.lines().last().unwrap_or_default();
    let parts = sum.split(['=', '+']).map(str::trim);
    let number = parts.filter_map(|part| part.strip_suffix(word)).next();
    number.map_or(0, |number| number.trim().parse().unwrap())
}

fn article(id: &str, words: usize) -> String {
    format!(
        "{{\"id\":\"{id}\",\"title\":\"Harga beras\",\"body\":\"{}\"}}\n",
        "harga beras naik ".repeat(words)
    )
}

#[test]
fn the_bundled_articles_are_shown_and_it_ends_by_itself() {
    let ended = run(&["demo", "--no-console", "--rate", "1000000"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert!(!ended.out.contains('\u{1b}'), "no colours where nobody looks");
    for words in ["Korut Kembali Luncurkan Rudal Balistik ke Arah Laut Jepang", "MISSILE TEST", "“", "totals"]
    {
        assert!(ended.out.contains(words), "{words}");
    }
    assert!(ended.out.ends_with("64 records = 64 read\n"), "{}", ended.out);
}

#[test]
fn records_far_past_what_the_broker_keeps_end_once_each() {
    // 24 MB of raw articles: at least 5 MB for the fullest of three partitions, in each of three topics.
    const ARTICLES: u64 = 4_000;
    let folder = Folder::new();
    let lines: String = (0..ARTICLES).map(|n| article(&format!("article-{n}-end"), 350)).collect();
    assert!(lines.len() > 23_000_000);
    let file = folder.file("many.jsonl", lines);
    let ended = run(&["demo", "--no-console", "--input", &file]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert!(ended.out.ends_with("4000 records = 4000 read\n"), "{}", &ended.out[ended.out.len() - 300..]);
    let shown = ended.out.lines().filter(|line| line.trim() == "Harga beras").count();
    assert_eq!(shown as u64, ARTICLES);
}

#[test]
fn bad_records_end_once_each_among_good_ones() {
    let folder = Folder::new();
    let mut lines = String::new();
    for number in 0..50 {
        lines.push_str(&article(&format!("a-{number}"), 10));
        lines.push_str("{broken\n");
        lines.push_str(&format!("{{\"id\":\"page-{number}\",\"html\":\"<script>x</script>\"}}\n"));
        lines.push_str("{\"id\":\"same\",\"body\":\"the same again\"}\n");
    }
    lines.push_str("{\"body\":17}\n");
    // Larger than a topic takes, and larger than is read at all.
    lines.push_str(&article("large", 150_000));
    lines.push_str(&article("huge", 1_200_000));
    lines.push_str(&article("last", 10));
    let file = folder.file("mixed.jsonl", lines);
    folder.file("page.txt", "Judul Berita\n\nJAKARTA - Isi berita pertama.\n");
    folder.file("latin.txt", b"Judul\n\ncaf\xE9");
    let ended = run(&["demo", "--no-console", "--input", &folder.path().display().to_string()]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let totals = ["read", "dead letters", "refused", "skipped"].map(|word| total(&ended, word));
    // Good: 50, the same one 50 times, the last, the page. Refused: 50 broken, a number, two too large, one no UTF-8.
    assert_eq!(totals, [102, 50, 54, 0], "{}", ended.out);
    assert!(ended.out.contains("206 records = "), "{}", ended.out);
    assert!(ended.out.contains("2 too_large"), "{}", ended.out);
    assert!(ended.out.contains("page-17"), "dead letters are shown");
    assert!(ended.err.contains(&format!("{file}:2: ")), "refused lines are named: {}", ended.err);
}

#[test]
fn the_largest_articles_arrive() {
    let folder = Folder::new();
    // Just below what a topic takes, several in a row.
    let lines: String = (0..6).map(|n| article(&format!("a-{n}"), 117_000)).collect();
    let ended = run(&["demo", "--no-console", "--input", &folder.file("large.jsonl", lines)]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert_eq!(total(&ended, "read"), 6, "{}", ended.out);
}

#[test]
fn nothing_is_a_total_too() {
    let folder = Folder::new();
    let ended = run(&["demo", "--no-console", "--input", &folder.file("empty.jsonl", "\n")]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.out.ends_with("0 records = 0 read\n"), "{}", ended.out);
}

#[test]
fn input_that_cannot_be_read_is_named() {
    let folder = Folder::new();
    for path in ["/no/such.jsonl".to_owned(), folder.path().display().to_string()] {
        let ended = run(&["demo", "--no-console", "--input", &path]);
        assert_eq!(ended.code, Some(1));
        assert!(ended.err.contains(&path), "{}", ended.err);
    }
}

/// Waits for the first article, signals, and takes the rest.
fn interrupted(name: &str) -> Ended {
    // The second article is due after a quarter of an hour.
    let mut command = siaga(&["demo", "--no-console", "--rate", "0.001"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut shown = String::new();
    while !shown.contains("BI Tahan Suku Bunga Acuan") {
        assert_ne!(out.read_line(&mut shown).unwrap(), 0, "{shown}");
    }
    signal(&child, name);
    out.read_to_string(&mut shown).unwrap();
    let mut ended = Ended::from(child.wait_with_output().unwrap());
    ended.out = shown;
    ended
}

#[test]
fn ctrl_c_and_sigterm_end_it_with_totals() {
    for name in ["INT", "TERM"] {
        let ended = interrupted(name);
        assert_eq!(ended.code, Some(0), "{name}: {}", ended.err);
        assert!(ended.out.contains("totals") && ended.out.ends_with("1 record = 1 read\n"), "{}", ended.out);
        assert!(ended.err.contains("ending"), "{}", ended.err);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut command = siaga(&["demo", "--no-console", "--rate", "1000000"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut String::new()).unwrap();
    drop(out);
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), b"".as_slice()));
}
