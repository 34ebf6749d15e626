//! An invented story, for tests, the browser and measurements: one launch told in three languages, one clash on which
//! authorities differ, one article by somebody who means harm; and many more where many are wanted.

use serde_json::{Value, json};
use siaga_console::Model;
use siaga_console::model::{Arrival, Input};

/// A launch, told in Indonesian, Korean and Arabic.
pub(crate) const SEED: &str = "incident-launch";
/// A clash that one side denies.
pub(crate) const CLASH: &str = "incident-clash";
/// An article full of markup, control characters and bidirectional overrides.
pub(crate) const HOSTILE: &str = "incident-hostile";

/// 2026-09-13T08:00:00Z
const NOON: i64 = 1_789_286_400_000;

const VERSIONS: fn() -> Value = || json!({"program": "0.1.0", "lexicon": "sample", "models": {}});

struct Told<'a> {
    id: &'a str,
    publisher: &'a str,
    language: &'a str,
    title: &'a str,
    body: &'a str,
    evidence: &'a str,
    actor: (&'a str, &'a str),
    place: &'a str,
    count: Option<(u32, &'a str)>,
    confirmed: Option<(&'a str, &'a str)>,
    denied: Option<(&'a str, &'a str)>,
}

fn span(body: &str, words: &str) -> Value {
    let at = body.find(words).unwrap_or_else(|| panic!("`{words}` stands in the body"));
    let start = body[..at].chars().count();
    json!({"field": "body", "start": start, "end": start + words.chars().count()})
}

fn quote(body: &str, words: &str) -> Value {
    json!({"text": words, "span": span(body, words)})
}

impl Told<'_> {
    fn published(&self, minutes: i64) -> String {
        siaga_schemas::Moment::from_millis(NOON + minutes * 60_000).to_string()
    }

    fn event(&self, kind: &str, severity: &str) -> Value {
        let body = self.body;
        let mut evidence = span(body, self.evidence);
        evidence["text"] = self.evidence.into();
        let authority = |(country, words): (&str, &str)| json!([{"country": country, "body": words, "span": span(body, words)}]);
        let flight = (kind == "missile_test").then(|| quote(body, self.place));
        let count = self.count.map(|(min, words)| {
            let mut count = quote(body, words);
            count["min"] = min.into();
            count["max"] = Value::Null;
            count
        });
        let mut actor = quote(body, self.actor.1);
        actor["country"] = self.actor.0.into();
        actor["group"] = Value::Null;
        json!({
            "id": format!("event-{}", self.id), "type": kind, "status": "occurred", "flagged": true,
            "confidence": 0.9, "severity": severity, "severity_reasons": ["by the rule of its type"],
            "actors": [actor], "targets": [],
            "location": {"country": self.actor.0, "place": quote(body, self.place), "launch_site": null,
                "impact": flight, "precision": "waters"},
            "date": null, "count": count, "killed": null, "injured": null,
            "weapon": null, "claimed_by": [],
            "confirmed_by": self.confirmed.map_or(json!([]), authority),
            "denied_by": self.denied.map_or(json!([]), authority),
            "reported_by": [], "evidence": [evidence],
            "crosswalk": {"plover": null, "cameo": null, "acled": null}, "incident_id": null,
        })
    }

    fn article(&self, minutes: i64) -> Value {
        json!({"id": self.id, "version": "v1", "url": format!("https://news.example/{}", self.id),
            "publisher": self.publisher, "language": {"code": self.language, "confidence": 0.98},
            "published_at": self.published(minutes), "published_at_basis": "given", "title": self.title,
            "body": self.body})
    }

    fn reference(&self, minutes: i64) -> Value {
        json!({"id": self.id, "version": "v1", "url": format!("https://news.example/{}", self.id),
            "publisher": self.publisher, "language": self.language, "published_at": self.published(minutes),
            "title": self.title})
    }
}

const LAUNCH: [Told<'static>; 3] = [
    Told {
        id: "launch-id",
        publisher: "Kabar Contoh",
        language: "id",
        title: "Korut tembakkan dua rudal balistik ke Laut Timur",
        body: "SEOUL - Korea Utara menembakkan sedikitnya dua rudal balistik dari Sunan ke arah Laut Timur pada \
               Rabu pagi.\n\nKepala Staf Gabungan Korea Selatan mengatakan kedua rudal terbang sekitar 400 \
               kilometer sebelum jatuh ke laut. Tidak ada kerusakan yang dilaporkan.",
        evidence: "Korea Utara menembakkan sedikitnya dua rudal balistik dari Sunan ke arah Laut Timur",
        actor: ("KP", "Korea Utara"),
        place: "Laut Timur",
        count: Some((2, "sedikitnya dua")),
        confirmed: Some(("KR", "Kepala Staf Gabungan Korea Selatan")),
        denied: None,
    },
    Told {
        id: "launch-ko",
        publisher: "예시일보",
        language: "ko",
        title: "북한, 동해상으로 탄도미사일 발사",
        body: "북한이 수요일 아침 동해상으로 탄도미사일 세 발을 발사했다고 합동참모본부가 밝혔다.\n\n군은 추가 발사에 대비해 \
               감시를 강화하고 있다고 설명했다.",
        evidence: "북한이 수요일 아침 동해상으로 탄도미사일 세 발을 발사했다고",
        actor: ("KP", "북한"),
        place: "동해",
        count: Some((3, "세 발")),
        confirmed: Some(("KR", "합동참모본부")),
        denied: None,
    },
    Told {
        id: "launch-ar",
        publisher: "صحيفة المثال",
        language: "ar",
        title: "كوريا الشمالية تطلق صاروخين باليستيين",
        body: "أطلقت كوريا الشمالية صاروخين باليستيين باتجاه بحر اليابان صباح الأربعاء.\n\nوأكد خفر السواحل الياباني \
               سقوط الصاروخين خارج المنطقة الاقتصادية الخالصة.",
        evidence: "أطلقت كوريا الشمالية صاروخين باليستيين باتجاه بحر اليابان",
        actor: ("KP", "كوريا الشمالية"),
        place: "بحر اليابان",
        count: Some((2, "صاروخين")),
        confirmed: Some(("JP", "خفر السواحل الياباني")),
        denied: None,
    },
];

const BORDER: [Told<'static>; 1] = [Told {
    id: "clash-en",
    publisher: "Example Wire",
    language: "en",
    title: "Troops exchange fire in the Gulf of Aden, one side denies it",
    body: "Naval infantry and armed boats exchanged fire in the Gulf of Aden late on Tuesday, the Yemeni coast guard \
           said.\n\nThe ministry of defence in Djibouti said that no such exchange took place.",
    evidence: "Naval infantry and armed boats exchanged fire in the Gulf of Aden late on Tuesday",
    actor: ("YE", "Naval infantry"),
    place: "Gulf of Aden",
    count: None,
    confirmed: Some(("YE", "the Yemeni coast guard")),
    denied: Some(("DJ", "The ministry of defence in Djibouti")),
}];

const HARM: Told<'static> = Told {
    id: "hostile",
    publisher: "<img src=x onerror=alert(1)>",
    language: "en",
    title: "<script>window.harmed = true</script> \u{202e}desrever\u{202c} \u{7}\u{1b}[31m &lt;b&gt;",
    body: "<script>window.harmed = true</script> A bomb <b>exploded</b> \u{202e}ereh\u{2066} \u{0}\u{8} near \
           <img src=x onerror=\"window.harmed = true\"> a depot in Exampletown.\n\n\
           javascript:window.harmed=true {{7*7}} ${7*7} </body></html>",
    evidence: "A bomb <b>exploded</b> \u{202e}ereh\u{2066} \u{0}\u{8} near",
    actor: ("ZZ", "a depot"),
    place: "Exampletown",
    count: None,
    confirmed: None,
    denied: None,
};

/// Takes the story, at offsets from 0.
pub(crate) fn story(model: &Model) {
    // Words without an end, which a page could grow wide by.
    let (body, title) =
        (format!("{}{}", HARM.body, "W".repeat(200_000)), format!("{}{}", HARM.title, "M".repeat(5_000)));
    let publisher = format!("{}{}", HARM.publisher, "\u{644}".repeat(5_000));
    let harm = [Told { body: &body, title: &title, publisher: &publisher, ..HARM }];
    for (offset, told) in LAUNCH.iter().chain(&BORDER).chain(&harm).enumerate() {
        let (kind, severity) = kind(told);
        let enriched = json!({
            "article": told.article(i64::try_from(offset).unwrap_or(0)),
            "topics": [{"code": "16000000", "label": "conflict, war and peace", "score": 0.9}],
            "regions": [{"country": told.actor.0, "roles": ["about"], "score": 0.8, "spans": []}],
            "events": [told.event(kind, severity)], "flagged": true, "versions": VERSIONS(),
        });
        take(model, Input::Articles, i64::try_from(offset).unwrap_or(0), told.id, &enriched);
    }
    let conflict = json!([{"slot": "count", "values": [
        {"text": "sedikitnya dua", "sources": ["event-launch-id", "event-launch-ar"]},
        {"text": "세 발", "sources": ["event-launch-ko"]}]}]);
    let mut launch = incident(SEED, &LAUNCH, "high", 0);
    launch["conflicts"] = conflict;
    launch["location"]["launch_site"] = json!({"text": "Sunan", "sources": ["event-launch-id"]});
    take(model, Input::Incidents, 0, SEED, &launch);
    take(model, Input::Incidents, 1, CLASH, &incident(CLASH, &BORDER, "critical", 60));
    take(model, Input::Incidents, 2, HOSTILE, &incident(HOSTILE, &harm, "low", 120));
}

fn kind(told: &Told<'_>) -> (&'static str, &'static str) {
    match told.id {
        "clash-en" => ("armed_clash", "critical"),
        "hostile" => ("bomb_attack", "low"),
        _ => ("missile_test", "high"),
    }
}

/// Takes so many more incidents, each from the offset behind the story on, the latest last.
pub(crate) fn many(model: &Model, count: usize) {
    (0..count).for_each(|index| one(model, index));
}

/// Takes an alert of an incident, or how telling a sink of it went.
#[allow(dead_code, reason = "not every user of the samples tells")]
pub(crate) fn alert(model: &Model, offset: i64, incident: &str, sink: Option<&str>) {
    let at = siaga_schemas::Moment::from_millis(NOON).to_string();
    let id = format!("{incident}/desk");
    let mut alert = json!({
        "alert_id": id, "incident_id": incident, "revision": 1, "route": "desk", "policy": "all", "state": "firing",
        "severity": "high", "title": "missile test", "decided_at": at, "idempotency_key": format!("{id}/1"),
        "deliveries": [{"sink": "hook", "outcome": "delivered", "attempts": 1, "at": at, "error": null}], "told": {},
    });
    let key = match sink {
        Some(sink) => {
            alert["sink"] = sink.into();
            format!("{id}/{sink}")
        }
        None => id,
    };
    take(model, Input::Alerts, offset, &key, &alert);
}

/// Takes the incident of a number.
pub(crate) fn one(model: &Model, index: usize) {
    let (id, incident) = numbered(index);
    take(model, Input::Incidents, 3 + i64::try_from(index).unwrap_or(0), &id, &incident);
}

/// Takes the incident of a number as one that comes now; a client compares its `updated_at` with its own clock.
#[allow(dead_code, reason = "for measurements")]
pub(crate) fn arrive(model: &Model, index: usize, now: i64) {
    let (id, mut incident) = numbered(index);
    incident["updated_at"] = siaga_schemas::Moment::from_millis(now).to_string().into();
    take(model, Input::Incidents, 3 + i64::try_from(index).unwrap_or(0), &id, &incident);
}

fn numbered(index: usize) -> (String, Value) {
    const KINDS: [&str; 6] =
        ["strike", "armed_clash", "bomb_attack", "military_exercise", "incursion", "security_operation"];
    const SEVERITIES: [&str; 4] = ["info", "low", "medium", "high"];
    const COUNTRIES: [&str; 8] = ["UA", "SY", "MM", "SD", "PH", "ML", "YE", "CO"];
    const PLACES: [&str; 4] = ["Black Sea", "Red Sea", "Sulu Sea", "Exampletown"];
    let (country, place) = (COUNTRIES[index % 8], PLACES[index / 8 % 4]);
    let body = format!("Forces fired at positions near {place} on day {index}, officials said.");
    let title = format!("Report {index}: forces fire at positions near {place}");
    let id = format!("incident-{index:06}");
    let told = Told {
        id: &id,
        publisher: "Example Wire",
        language: "en",
        title: &title,
        body: &body,
        evidence: "Forces fired at positions",
        actor: (country, "Forces"),
        place,
        count: None,
        confirmed: index.is_multiple_of(3).then_some((country, "officials")),
        denied: None,
    };
    let minutes = -14_400 + i64::try_from(index % 14_000).unwrap_or(0);
    let mut incident = incident(&id, &[told], SEVERITIES[index / 3 % 4], minutes);
    incident["type"] = KINDS[index % 6].into();
    (id, incident)
}

fn incident(id: &str, told: &[Told<'_>], severity: &str, minutes: i64) -> Value {
    let first = &told[0];
    let (kind, _) = kind(first);
    let sources: Vec<String> = told.iter().map(|told| format!("event-{}", told.id)).collect();
    let first_at = first.published(minutes);
    let last_at = told[told.len() - 1].published(minutes + 12);
    let listed = |is_denial: bool| -> Vec<Value> {
        let pick = |told: &Told<'_>| {
            if is_denial { told.denied } else { told.confirmed }.map(|(country, body)| {
            json!({"country": country, "body": body, "sources": [format!("event-{}", told.id)]})
        })
        };
        told.iter().filter_map(pick).collect()
    };
    let reports: Vec<Value> = told
        .iter()
        .map(|told| {
            json!({"article": told.reference(minutes), "origin": {"agencies": [], "signature": "00"},
                "excerpts": [told.body], "event": told.event(kind, severity), "lane": "live",
                "recorded_at": first_at})
        })
        .collect();
    let origins: Vec<Value> = told
        .iter()
        .map(|told| json!({"name": told.publisher, "articles": [told.id], "why": "publisher"}))
        .collect();
    let place = json!({"text": first.place, "sources": sources});
    json!({
        "incident_id": id, "revision": told.len(), "state": "open", "type": kind, "types": [kind],
        "status": "occurred", "flagged": true, "confidence": 0.9, "severity": severity,
        "severity_reasons": ["by the rule of its type"],
        "actors": [{"country": first.actor.0, "group": null, "sources": sources}], "targets": [],
        "location": {"country": first.actor.0, "place": place, "launch_site": null,
            "impact": (kind == "missile_test").then_some(place.clone()), "precision": "waters"},
        "date": {"start": "2026-09-13", "end": "2026-09-13", "precision": "day", "sources": sources},
        "count": first.count.map(|(min, _)| json!({"min": min, "max": null, "sources": sources})),
        "killed": null, "injured": null, "weapon": null, "claimed_by": [],
        "confirmed_by": listed(false), "denied_by": listed(true), "conflicts": [], "reports": reports,
        "report_count": told.len(), "publishers": told.len(), "independent_origins": told.len(),
        "origins": origins,
        "why": [{"kind": "founded", "subject": sources[0], "reason": "first report of it", "at": first_at}],
        "changed": ["count"], "lane": "live", "first_report_at": first_at, "last_report_at": last_at,
        "updated_at": last_at, "versions": VERSIONS(),
    })
}

fn take(model: &Model, input: Input, offset: i64, key: &str, value: &Value) {
    let payload = value.to_string();
    let arrival = Arrival {
        input,
        partition: 0,
        offset,
        timestamp: NOON,
        key: Some(key.as_bytes()),
        payload: Some(payload.as_bytes()),
        reason: None,
    };
    model.take(&arrival, NOON + 800).unwrap_or_else(|error| panic!("sample {key}: {error}"));
}
