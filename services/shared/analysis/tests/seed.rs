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

/// The event of the seed article told anew, in four languages: the sentence of the launch and the sentences around it.
const RETOLD: [(&str, &str, [&str; 4]); 4] = [
    (
        "id",
        "Militer Korea Selatan menyatakan Korea Utara menembakkan setidaknya dua rudal balistik di lepas pantai timurnya pada Rabu.",
        [
            "Presiden Rusia menerima pemimpin Korea Utara di sebuah kosmodrom dan menawarkan bantuan teknologi antariksa.",
            "Keduanya membahas kerja sama ekonomi selama empat jam.",
            "Para tamu lalu dijamu makan malam.",
            "Kunjungan itu berlangsung dua hari.",
        ],
    ),
    (
        "en",
        "South Korea's military said North Korea fired at least two ballistic missiles off its east coast on Wednesday.",
        [
            "Russia's president received the North Korean leader at a cosmodrome and offered help with space technology.",
            "The two talked about economic ties for four hours.",
            "The guests were then invited to dinner.",
            "The visit lasted two days.",
        ],
    ),
    (
        "ko",
        "한국군은 북한이 13일 동해안 앞바다로 최소 두 발의 탄도미사일을 발사했다고 밝혔다.",
        [
            "러시아 대통령은 우주기지에서 북한 지도자를 맞이하고 우주 기술 지원을 제안했다.",
            "두 사람은 네 시간 동안 경제 협력을 논의했다.",
            "이어 만찬이 열렸다.",
            "방문은 이틀간 이어졌다.",
        ],
    ),
    (
        "ar",
        "قال الجيش الكوري الجنوبي إن كوريا الشمالية أطلقت صاروخين باليستيين على الأقل قبالة ساحلها الشرقي يوم الأربعاء.",
        [
            "استقبل الرئيس الروسي زعيم كوريا الشمالية في مركز فضائي وعرض المساعدة في تكنولوجيا الفضاء.",
            "وبحث الجانبان العلاقات الاقتصادية لأربع ساعات.",
            "ثم دعي الضيوف إلى العشاء.",
            "واستمرت الزيارة يومين.",
        ],
    ),
];

#[test]
fn the_launch_is_the_same_event_wherever_it_stands_in_four_languages() {
    let knowledge = Knowledge::built_in().unwrap();
    let mut wrong = Vec::new();
    for (language, launch, around) in RETOLD {
        for at in [0, 2, 4] {
            let mut sentences = around.to_vec();
            sentences.insert(at, launch);
            let raw = siaga_schemas::RawArticle {
                body: Some(sentences.join("\n\n")),
                language: Some(language.to_owned()),
                published_at: Some("2023-09-13T14:50:00+07:00".parse().unwrap()),
                ..Default::default()
            };
            let article = enrich(&knowledge, &raw, 0).unwrap();
            let flagged: Vec<_> = article.events.iter().filter(|e| e.flagged).collect();
            let told = flagged.iter().map(|e| {
                let actors: Vec<_> = e.actors.iter().filter_map(|a| a.country).collect();
                let confirmed: Vec<_> = e.confirmed_by.iter().filter_map(|a| a.country).collect();
                let count = e.count.as_ref().map(|c| (c.min, c.max));
                let weapon = e.weapon.as_ref().map(|w| w.class);
                let day = e.date.as_ref().map(|d| d.start.to_string());
                (e.event_type, e.status, actors, confirmed, count, weapon, day)
            });
            let expected = (
                EventType::MissileTest,
                Status::Occurred,
                vec![country("KP")],
                vec![country("KR")],
                Some((Some(2), None)),
                Some(WeaponClass::BallisticMissile),
                Some("2023-09-13".to_owned()),
            );
            let told: Vec<_> = told.collect();
            if told != [expected] {
                wrong.push(format!("{language}, sentence {at}: {told:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
