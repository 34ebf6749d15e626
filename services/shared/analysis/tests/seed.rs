//! The article that the product began with, field by field: section 4 of the labelling guide.
//!
//! It belongs to its publisher and stays outside of the repository; where it is not there, the test says so.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its article fails")]

use std::path::Path;

use siaga_analysis::{Knowledge, enrich};
use siaga_schemas::{Country, EnrichedArticle, EventType, Role, Status, WeaponClass};

fn seed() -> Option<EnrichedArticle> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/spec/seed-article.txt");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("SKIPPED: the seed article is not at {}", path.display());
        return None;
    };
    let raw = siaga_schemas::RawArticle { text: Some(text), ..Default::default() };
    Some(enrich(&Knowledge::built_in().unwrap(), &raw, 0).unwrap())
}

fn country(code: &str) -> Country {
    code.parse().unwrap()
}

#[test]
fn the_page_is_read() {
    let Some(seed) = seed() else { return };
    let article = &seed.article;
    assert_eq!(article.published_at.to_string(), "2023-09-13T14:50:00+07:00");
    assert_eq!(article.title, "Rusia Siap Bantu Korut Kembangkan Teknologi Antariksa");
    assert_eq!(
        article.subtitle,
        "Putin menerima kunjungan Pemimpin Korut Kim Jong-un di Kosmodrom Vostochny"
    );
    assert_eq!(article.language.code, "id");
    assert_eq!(article.dateline.as_ref().unwrap().place, "MOSKOW");
    for cut in ["Baca Juga", "Advertisement", "Berita Lainnya", "AP Photo", "Kamran Dikarma"] {
        assert!(!article.body.contains(cut), "{cut} is left in the body");
    }
    assert!(article.body.ends_with("atas program nuklirnya."));
    let lead = "mengisyaratkan kesiapan negaranya untuk membantu Korea Utara (Korut) mengembangkan teknologi antariksanya.";
    let times =
        article.body.matches(lead).count() + article.captions.iter().filter(|c| c.contains(lead)).count();
    assert_eq!(times, 1, "a caption that repeats the lead stands once");
}

#[test]
fn topics_regions_and_blocs_are_named() {
    let Some(seed) = seed() else { return };
    let mut topics: Vec<&str> =
        seed.topics.iter().map(|t| t.code.as_str()).filter(|c| c.ends_with("000000")).collect();
    topics.sort_unstable();
    assert_eq!(topics, ["11000000", "13000000", "16000000"]);
    let about: Vec<Country> =
        seed.regions.iter().filter(|r| r.roles.contains(&Role::About)).map(|r| r.country).collect();
    assert_eq!(about.len(), 2, "{about:?}");
    assert!(about.contains(&country("RU")) && about.contains(&country("KP")));
    for code in ["KR", "JP"] {
        let region = seed.regions.iter().find(|r| r.country == country(code)).unwrap();
        assert!(region.roles.contains(&Role::Source) && !region.roles.contains(&Role::About), "{region:?}");
    }
    assert!(seed.blocs.iter().any(|b| b.code == "UN"), "{:?}", seed.blocs);
}

#[test]
fn one_event_is_flagged_with_its_slots_and_quotes() {
    let Some(seed) = seed() else { return };
    let flagged: Vec<_> = seed.events.iter().filter(|e| e.flagged).collect();
    assert_eq!(flagged.len(), 1, "{flagged:#?}");
    let event = flagged[0];
    assert_eq!((event.event_type, event.status), (EventType::MissileTest, Status::Occurred));
    assert_eq!(event.actors.len(), 1);
    assert_eq!(event.actors[0].country, Some(country("KP")));
    assert!(event.targets.is_empty());
    let count = event.count.as_ref().unwrap();
    assert_eq!((count.min, count.max, count.quote.text.as_str()), (Some(2), None, "setidaknya dua"));
    let weapon = event.weapon.as_ref().unwrap();
    assert_eq!((weapon.class, weapon.quote.text.as_str()), (WeaponClass::BallisticMissile, "rudal balistik"));
    assert_eq!(event.location.country, Some(country("KP")));
    assert_eq!(event.location.impact.as_ref().unwrap().text, "di lepas pantai timurnya");
    assert!(event.location.launch_site.is_none(), "off the east coast is no launch site");
    if let Some(date) = &event.date {
        assert_eq!(date.start.to_string(), "2023-09-13");
    }
    let confirmed: Vec<(Option<Country>, &str)> =
        event.confirmed_by.iter().map(|a| (a.country, a.body.as_str())).collect();
    assert_eq!(
        confirmed,
        [
            (Some(country("KR")), "Militer Korea Selatan (Korsel)"),
            (Some(country("JP")), "penjaga pantai Jepang")
        ]
    );
    for passage in event.evidence.as_slice() {
        let (start, end) = (passage.start as usize, passage.end as usize);
        let read: String = seed.article.body.chars().skip(start).take(end - start).collect();
        assert_eq!(read, passage.text);
    }
}

#[test]
fn the_sanctions_since_2006_are_history_and_the_talk_of_arms_is_nothing() {
    let Some(seed) = seed() else { return };
    let sanctions: Vec<Status> =
        seed.events.iter().filter(|e| e.event_type == EventType::Sanction).map(|e| e.status).collect();
    assert_eq!(sanctions, [Status::Historical]);
    assert!(seed.events.iter().all(|e| e.event_type != EventType::ArmsTransfer));
    assert_eq!(seed.events.len(), 2);
}
