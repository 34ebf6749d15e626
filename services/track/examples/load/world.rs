//! Happenings that are made up, and how they are told: some reports leave out the day, the place or the doer.

use serde_json::{Value, json};
use siaga_schemas::Moment;
use xxhash_rust::xxh3::xxh3_64;

const DAY: i64 = 86_400_000;

const TYPES: [&str; 8] = [
    "strike",
    "missile_test",
    "bomb_attack",
    "armed_clash",
    "incursion",
    "maritime_incident",
    "abduction",
    "security_operation",
];

/// How much happens.
pub(crate) struct World {
    /// Midnight of the first day, in milliseconds since 1970.
    pub(crate) beginning: i64,
    pub(crate) happenings: u64,
    pub(crate) days: u64,
    /// Reports of each happening.
    pub(crate) reports: u64,
}

/// A record of `events.security`.
pub(crate) struct Record {
    pub(crate) value: Vec<u8>,
    pub(crate) timestamp: i64,
}

/// A number below `below` that depends on what is asked alone.
fn pick(what: &str, number: u64, below: u64) -> u64 {
    xxh3_64(format!("{what} {number}").as_bytes()) % below
}

fn country(number: u64) -> String {
    let letter = |number: u64| char::from(b'A' + u8::try_from(number % 26).unwrap_or(0));
    format!("{}{}", letter(number), letter(number / 26))
}

impl World {
    /// The mention of this number, in order of time.
    pub(crate) fn record(&self, number: u64) -> Record {
        // Reports of neighbours mix.
        let near = (number / self.reports + pick("near", number, 40)).min(self.happenings - 1);
        self.report(near, number, 0)
    }

    /// Another report of one of the last happenings.
    #[cfg_attr(test, expect(dead_code, reason = "the tests have enough of the others"))]
    pub(crate) fn more(&self, number: u64) -> Record {
        let near = self.happenings - 1 - pick("more", number, self.happenings.min(5_000));
        self.report(near, 1_000_000_000 + number, 1)
    }

    fn report(&self, happening: u64, number: u64, days_later: i64) -> Record {
        let day = i64::try_from(happening * self.days / self.happenings).unwrap_or(0);
        let timestamp =
            self.beginning + (day + days_later) * DAY + i64::try_from(number % 80_000_000).unwrap_or(0);
        let published = Moment::from_millis(timestamp);
        let date = Moment::from_millis(self.beginning + day * DAY).date().to_string();
        let tells = |what: &str, of_hundred: u64| pick(what, number, 100) < of_hundred;
        let quote = |text: &str| json!({"text": text, "span": {"field": "body", "start": 10, "end": 20}});
        let party = |code: &str| json!([{"country": code, "group": null, "text": code, "span": {"field": "body", "start": 1, "end": 3}}]);
        let (land, doer) = (country(pick("land", happening, 120)), country(pick("doer", happening, 120)));
        let town = pick("town", happening, 400);
        let place = tells("place", 70);
        let dead = pick("dead", happening, 30) + pick("drift", number, 3);
        let words =
            "The ministry said on Sunday that the attack had begun before dawn and went on for hours. "
                .repeat(6);
        let value: Value = json!({
            "article": {
                "id": format!("article-{number}"), "version": "0123456789abcdef0123456789abcdef",
                "url": format!("https://news-{}.example/world/{number}", number % 500),
                "publisher": format!("news-{}.example", number % 500), "language": "en",
                "published_at": published.to_string(), "title": "Officials say an attack hit the north of the country before dawn",
            },
            "origin": {
                "agencies": if tells("credit", 40) { vec![format!("Agency {}", number % 20)] } else { Vec::new() },
                "signature": format!("{:016x}", xxh3_64(&number.to_le_bytes())),
            },
            "excerpts": [words],
            "id": format!("{:032x}", number), "type": TYPES[usize::try_from(happening % 8).unwrap_or(0)],
            "status": "occurred", "flagged": true, "confidence": 0.83, "severity": "medium",
            "severity_reasons": ["strike: medium", "killed: high"],
            "actors": if tells("doer", 80) { party(&doer) } else { json!([]) },
            "targets": party(&land),
            "location": {
                "country": land, "place": place.then(|| quote("the town")),
                "place_id": place.then(|| format!("{land}/{:02}/{town}", town % 20)),
                "launch_site": null, "impact": null, "precision": if place { "place" } else { "country" },
            },
            "date": tells("date", 75).then(|| json!({
                "start": date, "end": date, "precision": "day", "basis": "relative", "quote": quote("on Sunday"),
            })),
            "count": null, "killed": {"min": dead, "max": dead, "text": "dead", "span": {"field": "body", "start": 1, "end": 5}},
            "injured": null,
            "weapon": {"class": "drone", "name": null, "text": "drones", "span": {"field": "body", "start": 1, "end": 7}},
            "claimed_by": [], "confirmed_by": [{"country": land, "body": "ministry", "span": {"field": "body", "start": 4, "end": 12}}],
            "denied_by": [], "reported_by": [],
            "evidence": [{"field": "body", "start": 0, "end": 88, "text": "The ministry said on Sunday that the attack had begun before dawn and went on for hours."}],
            "crosswalk": {"plover": "ASSAULT", "cameo": "195", "acled": "Air/drone strike"}, "incident_id": null,
            "versions": {"program": "0.1.0", "lexicon": "0123456789abcdef", "models": {}},
        });
        Record { value: value.to_string().into_bytes(), timestamp }
    }
}
