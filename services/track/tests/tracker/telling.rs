//! Mentions for tests: each states what it needs and leaves the rest unknown.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use siaga_schemas::{Incident, IncidentState, Mention};
use siaga_track::{Arrival, Change, Tracker, Tracking};

/// Milliseconds of 2023-09-13T00:00:00Z.
pub(crate) const DAY_0: i64 = 1_694_563_200_000;
pub(crate) const HOUR: i64 = 3_600_000;
pub(crate) const DAY: i64 = 24 * HOUR;

/// A mention in the making.
#[derive(Clone, Debug)]
pub(crate) struct Telling {
    value: Value,
    pub(crate) timestamp: i64,
    pub(crate) lane: &'static str,
}

/// A mention of an event in an article; it is recorded and published at noon of 13 September 2023.
pub(crate) fn tell(article: &str, event_type: &str) -> Telling {
    let value = json!({
        "article": {
            "id": article, "version": "1", "publisher": format!("{article}.example"), "language": "en",
            "published_at": "2023-09-13T12:00:00Z", "title": "A headline",
        },
        "origin": {"agencies": [], "signature": format!("{:016x}", signature(article))},
        "excerpts": [],
        "id": format!("{article}-{event_type}"),
        "type": event_type, "status": "occurred", "flagged": true, "confidence": 0.9,
        "severity": "medium", "severity_reasons": [],
        "actors": [], "targets": [],
        "location": {"country": null, "place": null, "launch_site": null, "impact": null, "precision": "unknown"},
        "date": null, "count": null, "killed": null, "injured": null, "weapon": null,
        "claimed_by": [], "confirmed_by": [], "denied_by": [], "reported_by": [],
        "evidence": [{"field": "body", "start": 0, "end": 4, "text": "word"}],
        "crosswalk": {"plover": null, "cameo": null, "acled": null},
        "incident_id": null,
        "versions": {"program": "0", "lexicon": "l", "models": {}},
    });
    Telling { value, timestamp: DAY_0 + 12 * HOUR, lane: "live" }
}

/// Signatures far from each other.
fn signature(article: &str) -> u64 {
    article.bytes().chain(0..8).fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3).rotate_left(23)
    })
}

fn quote(text: &str) -> Value {
    json!({"text": text, "span": {"field": "body", "start": 0, "end": text.chars().count()}})
}

fn with_quote(mut value: Value, text: &str) -> Value {
    value.as_object_mut().unwrap().extend(quote(text).as_object().unwrap().clone());
    value
}

impl Telling {
    pub(crate) fn set(mut self, path: &str, to: Value) -> Self {
        *self.value.pointer_mut(path).unwrap_or_else(|| panic!("no {path}")) = to;
        self
    }

    pub(crate) fn by(self, country: &str) -> Self {
        let party = with_quote(json!({"country": country, "group": null}), country);
        self.set("/actors", json!([party]))
    }

    pub(crate) fn by_group(self, group: &str) -> Self {
        let party = with_quote(json!({"country": null, "group": group}), group);
        self.set("/actors", json!([party]))
    }

    pub(crate) fn hitting(self, country: &str) -> Self {
        let party = with_quote(json!({"country": country, "group": null}), country);
        self.set("/targets", json!([party]))
    }

    pub(crate) fn inside(self, country: &str) -> Self {
        self.set("/location/country", json!(country)).set("/location/precision", json!("country"))
    }

    pub(crate) fn at(mut self, id: &str, words: &str, precision: &str) -> Self {
        if !id.is_empty() {
            self.value["location"]["place_id"] = json!(id);
        }
        self.set("/location/place", quote(words)).set("/location/precision", json!(precision))
    }

    pub(crate) fn on(self, day: &str) -> Self {
        self.between(day, day, "day")
    }

    pub(crate) fn between(self, start: &str, end: &str, precision: &str) -> Self {
        self.set("/date", json!({"start": start, "end": end, "precision": precision, "basis": "explicit"}))
    }

    pub(crate) fn counting(self, slot: &str, min: Option<u32>, max: Option<u32>) -> Self {
        self.set(&format!("/{slot}"), with_quote(json!({"min": min, "max": max}), "number"))
    }

    pub(crate) fn with_weapon(self, class: &str) -> Self {
        self.set("/weapon", with_quote(json!({"class": class, "name": null}), class))
    }

    pub(crate) fn confirmed_by(self, country: &str, body: &str) -> Self {
        let authority =
            json!({"country": country, "body": body, "span": {"field": "body", "start": 0, "end": 1}});
        self.set("/confirmed_by", json!([authority]))
    }

    pub(crate) fn status(self, status: &str) -> Self {
        let flagged = matches!(status, "occurred" | "ongoing");
        self.set("/status", json!(status)).set("/flagged", json!(flagged))
    }

    pub(crate) fn language(self, language: &str) -> Self {
        self.set("/article/language", json!(language))
    }

    pub(crate) fn publisher(self, publisher: &str) -> Self {
        self.set("/article/publisher", json!(publisher))
    }

    pub(crate) fn crediting(self, agency: &str) -> Self {
        self.set("/origin/agencies", json!([agency]))
    }

    pub(crate) fn version(self, version: &str) -> Self {
        self.set("/article/version", json!(version))
    }

    pub(crate) fn part(mut self, number: u32, of: u32) -> Self {
        self.value["part"] = json!({"number": number, "of": of});
        self
    }

    /// Published and recorded so many hours after the beginning of 13 September 2023.
    pub(crate) fn hours(mut self, hours: i64) -> Self {
        self.timestamp = DAY_0 + hours * HOUR;
        let at = siaga_schemas::Moment::from_millis(self.timestamp).to_string();
        self.set("/article/published_at", json!(at))
    }

    pub(crate) fn lane(mut self, lane: &'static str) -> Self {
        self.lane = lane;
        self
    }

    pub(crate) fn mention(&self) -> Mention {
        serde_json::from_value(self.value.clone()).unwrap()
    }

    pub(crate) fn id(&self) -> &str {
        self.value["id"].as_str().unwrap()
    }
}

/// A tracker, and what its topic holds after compaction.
pub(crate) struct Desk {
    pub(crate) tracker: Tracker,
    pub(crate) topic: BTreeMap<String, Arc<Incident>>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with(Tracking::default())
    }

    pub(crate) fn with(settings: Tracking) -> Self {
        Self { tracker: Tracker::new(settings, "test"), topic: BTreeMap::new() }
    }

    pub(crate) fn of(tellings: &[Telling]) -> Self {
        let mut desk = Self::new();
        tellings.iter().for_each(|telling| drop(desk.hear(telling)));
        desk
    }

    /// Takes a mention; the reason where it changes nothing.
    pub(crate) fn hear(&mut self, telling: &Telling) -> Result<Vec<Change>, &'static str> {
        let arrival = Arrival { timestamp: telling.timestamp, lane: telling.lane };
        let changes =
            self.tracker.mention(telling.mention(), arrival).map_err(|unchanged| unchanged.reason)?;
        self.note(&changes);
        Ok(changes)
    }

    pub(crate) fn note(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Put(incident) => {
                    self.topic.insert(incident.incident_id.clone(), Arc::clone(incident));
                }
                Change::Forget(id) => drop(self.topic.remove(id)),
            }
        }
    }

    /// Incidents that hold reports, by the events of their reports.
    pub(crate) fn partition(&self) -> Vec<Vec<String>> {
        let live = self.topic.values().filter(|incident| !incident.reports.is_empty());
        let mut partition: Vec<Vec<String>> = live
            .map(|incident| {
                let mut events: Vec<String> =
                    incident.reports.iter().map(|report| report.event.id.clone()).collect();
                events.sort();
                events
            })
            .collect();
        partition.sort();
        partition
    }

    /// The one incident that holds reports.
    pub(crate) fn only(&self) -> &Incident {
        let live: Vec<_> = self.topic.values().filter(|incident| !incident.reports.is_empty()).collect();
        assert_eq!(live.len(), 1, "{:?}", self.partition());
        live[0]
    }

    pub(crate) fn of_event(&self, event: &Telling) -> &Incident {
        let id = self.tracker.incident_of(event.id()).unwrap_or_else(|| panic!("{} is not held", event.id()));
        &self.topic[id]
    }

    pub(crate) fn states(&self) -> Vec<IncidentState> {
        self.topic.values().map(|incident| incident.state).collect()
    }
}

/// Two mentions are one happening.
#[track_caller]
pub(crate) fn assert_one(tellings: &[Telling]) {
    let desk = Desk::of(tellings);
    assert_eq!(desk.partition().len(), 1, "{:?}", desk.partition());
}

/// Each mention is a happening of its own.
#[track_caller]
pub(crate) fn assert_apart(tellings: &[Telling]) {
    let desk = Desk::of(tellings);
    assert_eq!(desk.partition().len(), tellings.len(), "{:?}", desk.partition());
}
