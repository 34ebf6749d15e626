//! A language made of files alone, and what the engine does with it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use siaga_analysis::Knowledge;
use siaga_analysis::lexicon::SourceFile;
use siaga_schemas::{EnrichedArticle, EventType, RawArticle, SecurityEvent, Status};

macro_rules! files {
    ($($name:literal => $path:literal),+ $(,)?) => {
        vec![$(SourceFile { path: $path.to_owned(), text: include_str!(concat!("language/", $name)).to_owned() }),+]
    };
}

fn files() -> Vec<SourceFile> {
    files! {
        "language.toml" => "id/language.toml",
        "grammar.toml" => "id/grammar.toml",
        "time.toml" => "id/time.toml",
        "nouns.toml" => "id/nouns.toml",
        "actors.toml" => "id/actors.toml",
        "events.toml" => "id/events.toml",
        "idioms.toml" => "id/idioms.toml",
        "topics.toml" => "id/topics.toml",
        "places.toml" => "places/id.toml",
    }
}

fn enrich(title: &str, body: &str) -> EnrichedArticle {
    let knowledge = Knowledge::load(&files()).unwrap();
    let raw = RawArticle {
        id: Some("a".into()),
        title: Some(title.into()),
        body: Some(body.into()),
        language: Some("id".into()),
        published_at: Some("2026-11-05T08:00:00+07:00".parse().unwrap()),
        ..RawArticle::default()
    };
    siaga_analysis::enrich(&knowledge, &raw, 0).unwrap()
}

fn only(body: &str) -> SecurityEvent {
    let enriched = enrich("", body);
    assert_eq!(enriched.events.len(), 1, "{:#?}", enriched.events);
    enriched.events.into_iter().next().unwrap()
}

fn codes(parties: &[siaga_schemas::Party]) -> Vec<String> {
    parties
        .iter()
        .map(|p| p.country.map_or_else(|| p.group.clone().unwrap_or_default(), |c| c.to_string()))
        .collect()
}

#[test]
fn a_test_is_told_with_its_slots() {
    let event = only(
        "Sementara, di tengah lawatan itu, Korut kembali meluncurkan setidaknya dua rudal balistik di lepas pantai \
         timurnya pada Rabu (4/11/2026). Militer Korea Selatan dan penjaga pantai Jepang mengonfirmasi peluncuran \
         rudal tersebut.",
    );
    assert_eq!((event.event_type, event.status), (EventType::MissileTest, Status::Occurred));
    assert_eq!(codes(&event.actors), ["KP"]);
    let count = event.count.unwrap();
    assert_eq!((count.min, count.max), (Some(2), None));
    assert_eq!(event.weapon.unwrap().class, siaga_schemas::WeaponClass::BallisticMissile);
    assert_eq!(event.location.country.unwrap().as_str(), "KP");
    assert_eq!(event.location.impact.unwrap().text, "di lepas pantai timurnya");
    assert_eq!(event.date.unwrap().start.to_string(), "2026-11-04");
    let confirmed: Vec<(String, &str)> =
        event.confirmed_by.iter().map(|a| (a.country.unwrap().to_string(), a.body.as_str())).collect();
    assert_eq!(confirmed, [("KR".into(), "Militer Korea Selatan"), ("JP".into(), "penjaga pantai Jepang")]);
}

#[test]
fn a_hit_makes_it_a_strike() {
    let event = only(
        "Dua rudal yang ditembakkan oleh Houthi menghantam sebuah gudang di Jeddah. Tiga warga tewas dan tujuh luka-luka.",
    );
    assert_eq!(event.event_type, EventType::Strike);
    assert_eq!(codes(&event.actors), ["Houthis"]);
    assert_eq!(event.location.country.unwrap().as_str(), "SA");
    assert_eq!((event.killed.unwrap().min, event.injured.unwrap().min), (Some(3), Some(7)));
}

#[test]
fn status_follows_the_words() {
    let status = |body: &str| only(body).status;
    assert_eq!(status("Korut akan meluncurkan rudal balistik."), Status::Planned);
    assert_eq!(status("Korut tidak meluncurkan rudal balistik."), Status::Denied);
    assert_eq!(status("Korut mungkin meluncurkan rudal balistik."), Status::Hypothetical);
    assert_eq!(status("Jika Korut meluncurkan rudal balistik, Jepang membalas."), Status::Hypothetical);
    assert_eq!(status("Korut meluncurkan rudal balistik pada 3 Maret 2017."), Status::Historical);
    assert_eq!(status("Korut meluncurkan rudal balistik kemarin."), Status::Occurred);
}

#[test]
fn quiet_where_nothing_is_told() {
    assert!(enrich("", "Menteri itu wafat karena serangan jantung di Jepang.").events.is_empty());
    assert!(enrich("", "Perusahaan Jepang meluncurkan ponsel.").events.is_empty());
}

#[test]
fn every_quote_re_reads() {
    let enriched = enrich(
        "Korut luncurkan “rudal”",
        "“Serangan Rusia” – Rusia menyerang Yaman dengan rudal, kata Putin…",
    );
    let body: Vec<char> = enriched.article.body.chars().collect();
    for event in &enriched.events {
        for passage in event.evidence.as_slice() {
            let (start, end) = (passage.start as usize, passage.end as usize);
            assert_eq!(body[start..end].iter().collect::<String>(), passage.text);
        }
    }
    assert!(!enriched.events.is_empty());
}

#[test]
fn mistakes_name_file_line_and_entry() {
    let mut files = files();
    let events = files.iter_mut().find(|f| f.path == "id/events.toml").unwrap();
    events.text = events.text.replace("object = [\"missile\"]\n\n", "object = [\"mistle\"]\n\n");
    let error = Knowledge::load(&files).unwrap_err().to_string();
    assert!(error.starts_with("id/events.toml:1: entry `launch`") && error.contains("mistle"), "{error}");

    let mut files = self::files();
    let nouns = files.iter_mut().find(|f| f.path == "id/nouns.toml").unwrap();
    nouns.text = nouns.text.replace("kind = \"building\"", "kynd = \"building\"");
    let error = Knowledge::load(&files).unwrap_err().to_string();
    assert!(error.starts_with("id/nouns.toml:12:") && error.contains("kynd"), "{error}");
}
