//! Counts of a run, and whether they add up.

use std::collections::BTreeMap;

use siaga_schemas::{EnrichedArticle, EventType, Status};

use super::view::View;

/// What went in and what came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    /// Records that were put into `articles.raw`.
    pub(super) fed: u64,
    /// Records that are no articles and were not let in, by code.
    pub(super) refused: BTreeMap<&'static str, u64>,
    /// Records of `articles.enriched`.
    enriched: u64,
    /// Records that a stage could not use, by code.
    pub(super) dead_letters: BTreeMap<String, u64>,
    /// Records that ended without an output.
    pub(super) skipped: u64,
    /// Records that came out although none of their key was on its way.
    pub(super) doubled: u64,
    /// Records still on their way.
    pub(super) under_way: u64,
    /// Records of `events.security`.
    pub(super) event_records: u64,
    /// Alerts, each change of one too.
    pub(super) alerts: u64,
    flagged_articles: u64,
    languages: BTreeMap<String, u64>,
    flagged: BTreeMap<EventType, u64>,
    not_flagged: BTreeMap<Status, u64>,
}

impl Totals {
    /// Counts an article that came out.
    pub(super) fn count(&mut self, enriched: &EnrichedArticle) {
        self.enriched += 1;
        self.flagged_articles += u64::from(enriched.flagged);
        *self.languages.entry(enriched.article.language.code.clone()).or_default() += 1;
        for event in &enriched.events {
            if event.flagged {
                *self.flagged.entry(event.event_type).or_default() += 1;
            } else {
                *self.not_flagged.entry(event.status).or_default() += 1;
            }
        }
    }

    fn dead(&self) -> u64 {
        self.dead_letters.values().sum()
    }

    /// Records that came to an end in the pipeline.
    fn ended(&self) -> u64 {
        self.enriched + self.dead() + self.skipped
    }

    /// Whether each record that was fed ended once or is known to be on its way.
    pub(super) fn add_up(&self) -> bool {
        self.doubled == 0 && self.ended() + self.under_way == self.fed
    }

    /// The totals as lines.
    pub(super) fn render(&self, view: &View) -> String {
        let mut lines = vec![view.rule("totals")];
        lines
            .push(with_list(format!("{} articles read", self.enriched), list(&self.languages, Clone::clone)));
        let flagged: u64 = self.flagged.values().sum();
        let types = list(&self.flagged, |kind| kind.code().replace('_', " "));
        let flagged = format!("{flagged} flagged events in {} of them", self.flagged_articles);
        lines.push(with_list(view.bold(&flagged), types));
        if !self.not_flagged.is_empty() {
            let others: u64 = self.not_flagged.values().sum();
            let statuses = list(&self.not_flagged, ToString::to_string);
            lines.push(with_list(format!("{others} events not flagged"), statuses));
        }
        lines.push(format!("{} records in events.security", self.event_records));
        lines.push(format!("{} alerts", self.alerts));
        if !self.dead_letters.is_empty() {
            let codes = list(&self.dead_letters, Clone::clone);
            lines.push(with_list(format!("{} dead letters", self.dead()), codes));
        }
        let refused: u64 = self.refused.values().sum();
        if refused > 0 {
            let codes = list(&self.refused, |code| (*code).to_owned());
            lines.push(with_list(format!("{refused} records refused"), codes));
        }
        lines.push(self.sum(refused));
        let folded: String = lines.iter().map(|line| view.fold(line)).collect();
        format!("{}\n{folded}", view.rule("totals"))
    }

    /// The line that shows what became of all records.
    fn sum(&self, refused: u64) -> String {
        let mut parts = vec![format!("{} read", self.enriched)];
        let others = [
            (self.dead(), "dead letters"),
            (self.skipped, "skipped"),
            (self.under_way, "still on their way"),
            (refused, "refused"),
        ];
        parts.extend(others.into_iter().filter(|(n, _)| *n > 0).map(|(n, name)| format!("{n} {name}")));
        let total = self.fed + refused;
        let sum = parts.join(" + ");
        if self.add_up() {
            format!("{total} {} = {sum}", if total == 1 { "record" } else { "records" })
        } else {
            format!("these do not add up: {total} records, {sum}, {} more than once", self.doubled)
        }
    }
}

fn with_list(text: String, list: String) -> String {
    if list.is_empty() { text } else { format!("{text}: {list}") }
}

/// `5 strike, 3 missile test`, the most frequent first.
fn list<K: Ord>(counts: &BTreeMap<K, u64>, name: impl Fn(&K) -> String) -> String {
    let mut entries: Vec<(&K, u64)> = counts.iter().map(|(key, count)| (key, *count)).collect();
    entries.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    entries.iter().map(|(key, count)| format!("{count} {}", name(key))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals() -> Totals {
        Totals {
            fed: 7,
            enriched: 4,
            dead_letters: BTreeMap::from([("unreadable".to_owned(), 2)]),
            refused: BTreeMap::from([("not_json", 3)]),
            under_way: 1,
            ..Totals::default()
        }
    }

    #[test]
    fn what_adds_up_is_shown_as_a_sum() {
        let totals = totals();
        assert!(totals.add_up());
        let text = totals.render(&View::new(None));
        assert!(
            text.ends_with("10 records = 4 read + 2 dead letters + 1 still on their way + 3 refused\n"),
            "{text}"
        );
    }

    #[test]
    fn what_does_not_add_up_is_said() {
        let (lost, doubled) = (
            Totals { under_way: 0, ..totals() },
            Totals { doubled: 1, enriched: 5, under_way: 0, ..totals() },
        );
        for totals in [lost, doubled] {
            assert!(!totals.add_up());
            assert!(totals.render(&View::new(None)).contains("do not add up"));
        }
    }
}
