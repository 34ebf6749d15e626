//! What the terminal shows of an article, and the totals.

use console::{Style, measure_text_width, truncate_str};
use siaga_schemas::{EnrichedArticle, Interval, Language, Party, SecurityEvent, Severity};

/// Widest line, however wide the terminal is: longer ones are hard to read.
const WIDEST: usize = 120;
/// Narrowest line that can be laid out.
const NARROWEST: usize = 60;
/// Width of time and publisher.
const TIME_WIDTH: usize = 12;
const PUBLISHER_WIDTH: usize = 18;
/// Columns before the title: gutter, time, publisher, language, and the blanks between them.
const INDENT: usize = 2 + TIME_WIDTH + 2 + PUBLISHER_WIDTH + 1 + 2 + 2;

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

    /// The lines of an article: one or two, and two more for each flagged event.
    pub(super) fn article(&self, enriched: &EnrichedArticle) -> String {
        let article = &enriched.article;
        let worst = enriched.events.iter().filter(|e| e.flagged).map(|e| e.severity).max();
        let gutter = worst.map_or_else(|| "  ".to_owned(), |severity| self.paint(&colour(severity), "▌ "));
        let time = article.published_at.civil().strftime("%d %b %H:%M").to_string();
        let publisher = article.publisher.as_deref().unwrap_or("-");
        let title = headline(&article.title, &article.body);
        let room = self.width - INDENT;
        let title = truncate_str(&title, room, "…").into_owned();
        let mut lines = format!(
            "{gutter}{}  {} {}  {}\n",
            self.dim(&pad(&time, TIME_WIDTH)),
            self.paint(&Style::new().cyan(), &pad(publisher, PUBLISHER_WIDTH)),
            self.dim(&pad(&language(&article.language), 2)),
            if worst.is_some() { self.bold(&title) } else { title },
        );
        let topics: Vec<&str> = enriched.topics.iter().map(|topic| topic.label.as_str()).collect();
        if !topics.is_empty() {
            let topics = truncate_str(&topics.join(" · "), room, "…").into_owned();
            self.push(&mut lines, &gutter, &self.dim(&topics));
        }
        for event in &enriched.events {
            self.event(&mut lines, &gutter, event);
        }
        lines
    }

    /// The line of a record that a stage could not use.
    pub(super) fn dead_letter(&self, key: &str, code: &str, reason: &str) -> String {
        let text = printable(&format!("dead letter · {code} · {reason} · {key}"));
        let room = self.width - 2;
        format!("{}{}\n", self.paint(&Style::new().magenta(), "✗ "), truncate_str(&text, room, "…"))
    }

    fn event(&self, lines: &mut String, gutter: &str, event: &SecurityEvent) {
        let room = self.width - INDENT;
        let name = event.event_type.code().replace('_', " ");
        if !event.flagged {
            let text = format!("{name} · {} · not flagged", event.status);
            return self.push(lines, gutter, &self.dim(&truncate_str(&text, room, "…")));
        }
        let badge = format!(" {} ", name.to_uppercase());
        let slots = slots(event);
        let left = room.saturating_sub(measure_text_width(&badge) + 1);
        let line = format!(
            "{} {}",
            self.paint(&colour(event.severity).reverse(), &badge),
            self.paint(&colour(event.severity), &truncate_str(&slots, left, "…"))
        );
        self.push(lines, gutter, &line);
        let quote = event.evidence.first().text.split_whitespace().collect::<Vec<_>>().join(" ");
        let quote = format!("“{}”", truncate_str(&printable(&quote), room.saturating_sub(2), "…"));
        self.push(lines, gutter, &self.paint(&Style::new().italic(), &quote));
    }

    fn push(&self, lines: &mut String, gutter: &str, text: &str) {
        lines.push_str(gutter);
        lines.push_str(&" ".repeat(INDENT - 2));
        lines.push_str(text);
        lines.push('\n');
    }

    /// A line across the width with a word in it.
    pub(super) fn rule(&self, word: &str) -> String {
        let rest = self.width.saturating_sub(measure_text_width(word) + 4);
        self.dim(&format!("── {word} {}", "─".repeat(rest)))
    }

    /// A text as lines that are not wider than the width, broken between words.
    pub(super) fn fold(&self, text: &str) -> String {
        let mut folded = String::new();
        let mut used = 0;
        for word in text.split(' ') {
            let width = measure_text_width(word);
            if used > 0 && used + 1 + width > self.width {
                folded.push_str("\n  ");
                used = 2;
            } else if used > 0 {
                folded.push(' ');
                used += 1;
            }
            folded.push_str(word);
            used += width;
        }
        folded + "\n"
    }
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

fn pad(text: &str, width: usize) -> String {
    let text = printable(text);
    let cut = truncate_str(&text, width, "…");
    format!("{cut}{}", " ".repeat(width.saturating_sub(measure_text_width(&cut))))
}

fn language(language: &Language) -> String {
    if language.code == "und" { "??".to_owned() } else { language.code.clone() }
}

/// The title, or the start of the text where there is none.
fn headline(title: &str, body: &str) -> String {
    let text = if title.trim().is_empty() { body } else { title };
    printable(&text.split_whitespace().take(40).collect::<Vec<_>>().join(" "))
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
    slots.extend(event.weapon.as_ref().map(|weapon| weapon.class.code().replace('_', " ")));
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
