//! The launches of 13 September 2023, as four languages could have told them: one incident, whatever comes first.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use siaga_analysis::{Knowledge, classify, detect};
use siaga_schemas::{Incident, Mention, RawArticle};
use siaga_track::{Arrival, Change, Tracker, Tracking};

/// Told by an agency, with the launch of the month before as background.
const WIRE: &str = "SEOUL, Sept 13 (Reuters) - North Korea fired two short-range ballistic missiles toward the sea off its \
     east coast on Wednesday, South Korea's Joint Chiefs of Staff said, as its leader was on his way to a meeting in \
     Russia's far east.\n\n\
     Officials in Seoul said that both of them came down outside Japan's exclusive economic zone.\n\n\
     On Aug. 30, North Korea launched two short-range ballistic missiles from an airfield near Pyongyang.";

fn article(id: &str, publisher: &str, at: &str, title: &str, body: &str) -> RawArticle {
    RawArticle {
        id: Some(id.to_owned()),
        publisher: Some(publisher.to_owned()),
        published_at: Some(at.parse().unwrap()),
        title: Some(title.to_owned()),
        body: Some(body.to_owned()),
        ..RawArticle::default()
    }
}

/// In the order of their publication.
fn articles() -> Vec<RawArticle> {
    let headline = "North Korea fires two ballistic missiles as leader heads for Russia";
    vec![
        article(
            "ko-flash",
            "hangang.example",
            "2023-09-13T11:52:00+09:00",
            "북한, 동해상으로 탄도미사일 발사",
            "북한이 13일 동해상으로 탄도미사일 1발을 발사했다고 한국 합동참모본부가 밝혔다. 군은 추가 발사에 대비해 감시를 강화했다.",
        ),
        article(
            "ja",
            "minato.example",
            "2023-09-13T12:10:00+09:00",
            "北朝鮮が弾道ミサイルを発射",
            "北朝鮮は13日、少なくとも1発の弾道ミサイルを日本海に向けて発射した。日本の海上保安庁が発表した。船舶への被害は確認されていない。",
        ),
        article("wire", "daily.example", "2023-09-13T05:30:00Z", headline, WIRE),
        article("copy", "herald.example", "2023-09-13T06:15:00Z", headline, WIRE),
        article(
            "id-buried",
            "kabar.example",
            "2023-09-13T18:20:00+07:00",
            "Rusia tawarkan kerja sama antariksa kepada Korea Utara",
            "Presiden Rusia menjamu pemimpin Korea Utara di kosmodrom di Timur Jauh pada Rabu (13/9/2023). Keduanya \
             membahas satelit, pertanian, dan jalur kereta api.\n\n\
             Para pengamat menilai Moskow mencari dukungan, sedangkan Pyongyang membutuhkan teknologi dan pangan.\n\n\
             Pada Rabu pagi, Korea Utara menembakkan sedikitnya dua rudal balistik ke laut di lepas pantai timurnya, \
             kata militer Korea Selatan dan penjaga pantai Jepang.",
        ),
    ]
}

fn mentions(knowledge: &Knowledge) -> Vec<Mention> {
    let found =
        articles().into_iter().map(|raw| detect(knowledge, classify(knowledge, &raw, 0).unwrap()).mentions);
    found.flatten().collect()
}

/// Incidents that hold reports, in the end.
fn track<'m>(mentions: impl Iterator<Item = &'m Mention>) -> Vec<Arc<Incident>> {
    let mut tracker = Tracker::new(Tracking::default(), "test");
    let mut topic = std::collections::BTreeMap::new();
    for mention in mentions {
        let timestamp = mention.article.published_at.timestamp().as_millisecond();
        for change in
            tracker.mention(mention.clone(), Arrival { timestamp, lane: "live" }).unwrap_or_default()
        {
            match change {
                Change::Put(incident) => drop(topic.insert(incident.incident_id.clone(), incident)),
                Change::Forget(id) => drop(topic.remove(&id)),
            }
        }
    }
    topic.into_values().filter(|incident| !incident.reports.is_empty()).collect()
}

#[track_caller]
fn assert_told(incidents: &[Arc<Incident>]) {
    let on = |day: &str| -> Vec<&Arc<Incident>> {
        let is_on = |incident: &&Arc<Incident>| {
            incident.date.as_ref().is_some_and(|date| date.start.to_string() == day)
        };
        incidents.iter().filter(is_on).collect()
    };
    let [launch] = on("2023-09-13")[..] else { panic!("{incidents:#?}") };
    let [earlier] = on("2023-08-30")[..] else { panic!("{incidents:#?}") };
    assert_eq!(incidents.len(), 2, "{incidents:#?}");
    assert!(launch.flagged && !earlier.flagged);
    assert_eq!(
        (launch.report_count, launch.publishers, launch.independent_origins),
        (5, 5, 4),
        "{:#?}",
        launch.origins
    );
    assert_eq!(
        launch.origins.iter().find(|origin| origin.name == "Reuters").unwrap().articles,
        ["copy", "wire"]
    );
    let count = launch.count.as_ref().unwrap();
    assert_eq!((count.min, count.max), (Some(2), Some(2)));
    let conflict = launch.conflicts.iter().find(|conflict| conflict.slot == "count").unwrap();
    let told: Vec<&str> = conflict.values.iter().map(|told| told.text.as_str()).collect();
    assert_eq!(told[0], "2");
    assert!(told.contains(&"1") && told.contains(&"at least 2"), "{told:?}");
    let confirming: Vec<&str> = launch
        .confirmed_by
        .iter()
        .filter_map(|authority| authority.country.as_ref())
        .map(|c| c.as_str())
        .collect();
    assert!(confirming.contains(&"KR") && confirming.contains(&"JP"), "{confirming:?}");
    assert_eq!(launch.actors[0].country.unwrap().as_str(), "KP");
    let languages: std::collections::BTreeSet<&str> =
        launch.reports.iter().map(|report| report.article.language.as_str()).collect();
    assert_eq!(languages.into_iter().collect::<Vec<_>>(), ["en", "id", "ja", "ko"]);
}

#[test]
fn one_launch_told_in_four_languages_is_one_incident_and_that_of_the_month_before_is_another() {
    let knowledge = Knowledge::built_in().unwrap();
    let mentions = mentions(&knowledge);
    assert_told(&track(mentions.iter()));
    assert_told(&track(mentions.iter().rev()));
}
