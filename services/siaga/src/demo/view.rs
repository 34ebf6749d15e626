//! What the terminal shows of an article, and the totals.

use console::{Style, measure_text_width, truncate_str};
use siaga_schemas::{
    Alert, AlertState, EnrichedArticle, Interval, Language, Party, SecurityEvent, Severity, WeaponClass,
};

/// Widest line, however wide the terminal is: longer ones are hard to read.
const WIDEST: usize = 120;
/// Narrowest line that can be laid out.
const NARROWEST: usize = 40;
/// Columns before an event.
const INDENT: usize = 4;
/// Most lines of a quote.
const QUOTED_LINES: usize = 2;

/// How lines are laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    width: usize,
    colour: bool,
}

impl View {
    /// For a terminal of so many columns, or for a file where there is none.
    pub(super) fn new(columns: Option<u16>) -> Self {
        let width = columns.map_or(WIDEST, |columns| usize::from(columns).clamp(NARROWEST, WIDEST));
        Self { width, colour: columns.is_some() && console::colors_enabled() }
    }

    fn paint(&self, style: &Style, text: &str) -> String {
        style.clone().force_styling(self.colour).apply_to(text).to_string()
    }

    fn dim(&self, text: &str) -> String {
        self.paint(&Style::new().dim(), text)
    }

    pub(super) fn bold(&self, text: &str) -> String {
        self.paint(&Style::new().bold(), text)
    }

    /// The lines of an article: its title, where it comes from and what it is about, and its events with their
    /// evidence.
    pub(super) fn article(&self, enriched: &EnrichedArticle) -> String {
        let article = &enriched.article;
        let worst = enriched.events.iter().filter(|e| e.flagged).map(|e| e.severity).max();
        let gutter = worst.map_or_else(|| "  ".to_owned(), |severity| self.paint(&colour(severity), "▌ "));
        let title = self.cut(&headline(enriched), 2);
        let mut lines = String::new();
        push(&mut lines, &gutter, &if worst.is_some() { self.bold(&title) } else { title });
        let time = article.published_at.civil().strftime("%d %b %H:%M").to_string();
        let publisher = article.publisher.as_deref().unwrap_or("-");
        let topics: Vec<&str> = enriched.topics.iter().map(|topic| topic.label.as_str()).collect();
        let from = [&time, publisher, language(&article.language)].into_iter().chain(topics);
        push(&mut lines, &gutter, &self.dim(&self.cut(&from.collect::<Vec<_>>().join(" · "), 2)));
        for event in &enriched.events {
            self.event(&mut lines, &gutter, event);
        }
        lines
    }

    /// A text that fits into one line behind so many columns.
    fn cut(&self, text: &str, before: usize) -> String {
        truncate_str(&printable(text), self.width - before, "…").into_owned()
    }

    /// The line of a record that a stage could not use.
    pub(super) fn dead_letter(&self, key: &str, code: &str, reason: &str) -> String {
        let text = printable(&format!("dead letter · {code} · {reason} · {key}"));
        let room = self.width - 2;
        format!("{}{}\n", self.paint(&Style::new().magenta(), "✗ "), truncate_str(&text, room, "…"))
    }

    /// The line of what is told of an incident.
    pub(super) fn alert(&self, alert: &Alert) -> String {
        let state = match (alert.silenced_by.as_deref(), alert.state, alert.changes.is_empty()) {
            (Some(by), ..) => format!("silenced by {by}"),
            (None, AlertState::Resolved, _) => "over".to_owned(),
            (None, AlertState::Firing, true) => alert.severity.to_string(),
            (None, AlertState::Firing, false) => alert.changes.join(", "),
        };
        let text = self.cut(&format!("alert · {state} · {}", alert.title), 2);
        format!("{}{}\n", self.paint(&Style::new().red(), "▲ "), self.bold(&text))
    }

    fn event(&self, lines: &mut String, gutter: &str, event: &SecurityEvent) {
        let gutter = format!("{gutter}  ");
        let name = event.event_type.code().replace('_', " ");
        if !event.flagged {
            let text = format!("{name} · {} · not flagged", event.status);
            return push(lines, &gutter, &self.dim(&self.cut(&text, INDENT)));
        }
        let badge = format!(" {} ", name.to_uppercase());
        let slots = self.cut(&slots(event), INDENT + measure_text_width(&badge) + 1);
        let style = colour(event.severity);
        let line = format!("{} {}", self.paint(&style.clone().reverse(), &badge), self.paint(&style, &slots));
        push(lines, &gutter, &line);
        let quote = event.evidence.first().text.split_whitespace().collect::<Vec<_>>().join(" ");
        let quote =
            truncate_str(&printable(&quote), (self.width - INDENT) * QUOTED_LINES * 9 / 10, "…").into_owned();
        for line in wrap(&format!("“{quote}”"), self.width - INDENT) {
            push(lines, &gutter, &self.paint(&Style::new().italic(), &line));
        }
    }

    /// A line across the width with a word in it.
    pub(super) fn rule(&self, word: &str) -> String {
        let rest = self.width.saturating_sub(measure_text_width(word) + 4);
        self.dim(&format!("── {word} {}", "─".repeat(rest)))
    }

    /// A text as lines that are not wider than the width, broken between words.
    pub(super) fn fold(&self, text: &str) -> String {
        wrap(text, self.width - 2).join("\n  ") + "\n"
    }
}

fn push(lines: &mut String, gutter: &str, text: &str) {
    lines.push_str(gutter);
    lines.push_str(text);
    lines.push('\n');
}

/// Breaks a text between words; a word that is wider than a line is broken too, as scripts without blanks need it.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let width = measure_text_width(word);
        if used > 0 && used + 1 + width <= room {
            used += 1;
            lines.last_mut().into_iter().for_each(|line| line.push(' '));
        } else if used > 0 {
            used = 0;
            lines.push(String::new());
        }
        if width <= room {
            used += width;
            lines.last_mut().into_iter().for_each(|line| line.push_str(word));
            continue;
        }
        for sign in word.chars() {
            let width = measure_text_width(sign.encode_utf8(&mut [0; 4]));
            if used + width > room {
                used = 0;
                lines.push(String::new());
            }
            used += width;
            lines.last_mut().into_iter().for_each(|line| line.push(sign));
        }
    }
    lines
}

fn colour(severity: Severity) -> Style {
    match severity {
        Severity::Critical | Severity::High => Style::new().red(),
        Severity::Medium => Style::new().yellow(),
        Severity::Low | Severity::Info => Style::new().green(),
    }
}

/// Letters only: an article must not move the cursor.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn language(language: &Language) -> &str {
    if language.code == "und" { "language unknown" } else { &language.code }
}

/// The title, or the start of the text where there is none, or the id where there is no text either.
fn headline(enriched: &EnrichedArticle) -> String {
    let article = &enriched.article;
    if enriched.withdrawn {
        return format!("withdrawn: {}", article.id);
    }
    let texts = [&article.title, &article.body, &article.id];
    let text = texts.into_iter().find(|text| !text.trim().is_empty()).map_or("", String::as_str);
    text.split_whitespace().take(40).collect::<Vec<_>>().join(" ")
}

/// Status, who, whom, where, how many: what is known of them.
fn slots(event: &SecurityEvent) -> String {
    let mut slots = vec![event.status.to_string()];
    let (actors, targets) = (parties(&event.actors), parties(&event.targets));
    match (actors.is_empty(), targets.is_empty()) {
        (false, false) => slots.push(format!("{actors} → {targets}")),
        (false, true) => slots.push(actors),
        (true, false) => slots.push(format!("→ {targets}")),
        (true, true) => {}
    }
    let location = &event.location;
    let places = [&location.place, &location.launch_site, &location.impact];
    let place = places.into_iter().flatten().next().map(|quote| quote.text.clone());
    slots.extend(place.or_else(|| location.country.map(|country| format!("in {country}"))));
    let weapon = event.weapon.as_ref().filter(|weapon| weapon.class != WeaponClass::Other);
    slots.extend(weapon.map(|weapon| weapon.class.code().replace('_', " ")));
    slots.extend(event.count.as_ref().map(|count| format!("count {}", interval(count))));
    slots.extend(event.killed.as_ref().map(|killed| format!("{} killed", interval(killed))));
    slots.extend(event.injured.as_ref().map(|injured| format!("{} injured", interval(injured))));
    printable(&slots.join(" · "))
}

fn parties(parties: &[Party]) -> String {
    let mut names: Vec<String> = Vec::new();
    for party in parties {
        let country = party.country.map(|country| country.to_string());
        let name = party.group.clone().or(country).or_else(|| party.name.clone());
        let name = name.unwrap_or_else(|| party.quote.text.clone());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

fn interval(interval: &Interval) -> String {
    match (interval.min, interval.max) {
        (Some(min), Some(max)) if min == max => min.to_string(),
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("{min} or more"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "some".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use siaga_analysis::{Knowledge, enrich};

    use super::super::articles;
    use super::*;

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let knowledge = Knowledge::built_in().unwrap();
        for entry in articles::bundled() {
            let enriched = enrich(&knowledge, &entry.article().unwrap(), 0).unwrap();
            for columns in [40, 80, 120, 300] {
                let view = View::new(Some(columns));
                for line in view.article(&enriched).lines() {
                    assert!(measure_text_width(line) <= usize::from(columns), "{columns}: {line}");
                }
            }
        }
    }

    #[test]
    fn text_is_broken_between_words_and_in_what_has_none() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a 導彈試射成功 b", 8), ["a", "導彈試射", "成功 b"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn an_article_cannot_move_the_cursor() {
        let view = View::new(None);
        let line = view.dead_letter("\u{1b}[2J", "wrong_field", "a\nb\u{9b}1A");
        assert!(line.trim_end().chars().all(|c| !c.is_control()), "{line:?}");
    }
}
