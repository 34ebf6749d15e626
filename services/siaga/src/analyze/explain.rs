//! What was found, where and why, for a person: the text with its spans marked, each slot with its quote, each
//! decision with its reason.

use std::fmt::Write as _;

use siaga_analysis::Decision;
use siaga_schemas::{Authority, EnrichedArticle, Field, Interval, Party, Quote, Region, SecurityEvent, Span};

/// How to mark words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Colours of a terminal.
    Colour,
    /// Brackets and labels.
    Plain,
}

/// A stretch of a field with the name of the slot that it fills.
struct Mark {
    span: Span,
    label: &'static str,
}

/// Renders an article with all that was found in it.
pub(super) fn render(enriched: &EnrichedArticle, decisions: &[Decision], style: Style) -> String {
    let mut out = String::new();
    heading(&mut out, enriched, style);
    let marks = marks(&enriched.events);
    for (field, text) in fields(enriched) {
        if !text.is_empty() {
            let marked = marked(text, &marks, field, style);
            push_line(&mut out, &paint(&format!("{field:?}").to_lowercase(), Paint::Dim, style));
            push_line(&mut out, &marked);
            out.push('\n');
        }
    }
    topics_and_regions(&mut out, enriched);
    for (number, event) in (1..).zip(&enriched.events) {
        self::event(&mut out, number, event, style);
    }
    if enriched.events.is_empty() {
        push_line(&mut out, "no security event\n");
    }
    decided(&mut out, enriched, decisions);
    out
}

fn fields(enriched: &EnrichedArticle) -> [(Field, &str); 3] {
    let article = &enriched.article;
    [(Field::Title, &article.title), (Field::Subtitle, &article.subtitle), (Field::Body, &article.body)]
}

fn heading(out: &mut String, enriched: &EnrichedArticle, style: Style) {
    let article = &enriched.article;
    let publisher = article.publisher.as_deref().unwrap_or("unknown publisher");
    let language = &article.language;
    let line = format!(
        "{}  {}  {} ({:.2})  published {} ({:?})",
        article.id,
        publisher,
        language.code,
        language.confidence,
        article.published_at,
        article.published_at_basis
    );
    push_line(out, &paint(&line, Paint::Bold, style));
    if let Some(dateline) = &article.dateline {
        let country = dateline.country.map_or_else(String::new, |c| format!(" ({c})"));
        push_line(out, &format!("dateline: {}{country}", dateline.place));
    }
    if let Some(byline) = &article.byline {
        push_line(out, &format!("byline: {byline}"));
    }
    out.push('\n');
}

fn marks(events: &[SecurityEvent]) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut add = |span: Span, label| marks.push(Mark { span, label });
    for event in events {
        for party in &event.actors {
            add(party.quote.span, "actor");
        }
        for party in &event.targets {
            add(party.quote.span, "target");
        }
        for (interval, label) in
            [(&event.count, "count"), (&event.killed, "killed"), (&event.injured, "injured")]
        {
            interval.iter().for_each(|i| add(i.quote.span, label));
        }
        event.weapon.iter().for_each(|w| add(w.quote.span, "weapon"));
        event.date.iter().filter_map(|d| d.quote.as_ref()).for_each(|q| add(q.span, "date"));
        let location = &event.location;
        for (quote, label) in
            [(&location.place, "place"), (&location.launch_site, "launch site"), (&location.impact, "impact")]
        {
            quote.iter().for_each(|q| add(q.span, label));
        }
        for (authorities, label) in [
            (&event.claimed_by, "claimed by"),
            (&event.confirmed_by, "confirmed by"),
            (&event.denied_by, "denied by"),
        ] {
            authorities.iter().for_each(|a| add(a.span, label));
        }
    }
    marks.sort_by_key(|m| (m.span, m.label));
    marks.dedup_by_key(|m| (m.span, m.label));
    marks
}

/// The field with its marks; where marks overlap the first and longest is shown.
fn marked(text: &str, marks: &[Mark], field: Field, style: Style) -> String {
    let mut own: Vec<&Mark> = marks.iter().filter(|m| m.span.field == field).collect();
    own.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end)));
    let mut out = String::new();
    let mut letters = text.chars();
    let mut at = 0u32;
    let mut take = |out: &mut String, until: u32, at: &mut u32| {
        while *at < until {
            let Some(letter) = letters.next() else { return };
            out.push(if letter.is_control() && letter != '\n' { '\u{FFFD}' } else { letter });
            *at += 1;
        }
    };
    for mark in own {
        if mark.span.start < at {
            continue;
        }
        take(&mut out, mark.span.start, &mut at);
        let mut words = String::new();
        take(&mut words, mark.span.end, &mut at);
        match style {
            Style::Colour => out.push_str(&paint(&words, Paint::Mark, style)),
            Style::Plain => drop(write!(out, "[{}: {words}]", mark.label)),
        }
    }
    take(&mut out, u32::MAX, &mut at);
    out
}

fn topics_and_regions(out: &mut String, enriched: &EnrichedArticle) {
    for topic in &enriched.topics {
        push_line(
            out,
            &format!(
                "topic   {} {} {:.2}  by {}",
                topic.code,
                topic.label,
                topic.score,
                topic.terms.join(", ")
            ),
        );
    }
    for region in &enriched.regions {
        push_line(out, &format!("region  {} {:.2}  {}", region.country, region.score, roles(region)));
    }
    for bloc in &enriched.blocs {
        push_line(out, &format!("bloc    {} {}", bloc.code, quoted(&bloc.quote)));
    }
    out.push('\n');
}

fn roles(region: &Region) -> String {
    let names: Vec<String> = region
        .roles
        .iter()
        .filter_map(|r| serde_json::to_value(r).ok()?.as_str().map(str::to_owned))
        .collect();
    names.join(", ")
}

fn event(out: &mut String, number: usize, event: &SecurityEvent, style: Style) {
    let flag = if event.flagged { "FLAGGED" } else { "not flagged" };
    let line = format!(
        "{number}. {}  {}  {flag}  confidence {:.2}  {}",
        event.event_type, event.status, event.confidence, event.severity
    );
    push_line(out, &paint(&line, if event.flagged { Paint::Alert } else { Paint::Bold }, style));
    let mut slot = |name: &str, value: String| push_line(out, &format!("   {name:<13} {value}"));
    event.actors.iter().for_each(|p| slot("actor", party(p)));
    event.targets.iter().for_each(|p| slot("target", party(p)));
    for (name, value) in [("count", &event.count), ("killed", &event.killed), ("injured", &event.injured)] {
        value.iter().for_each(|i| slot(name, interval(i)));
    }
    if let Some(weapon) = &event.weapon {
        let name = weapon.name.as_deref().map_or_else(String::new, |n| format!(" {n}"));
        slot("weapon", format!("{}{name}  {}", weapon.class, quoted(&weapon.quote)));
    }
    if let Some(country) = event.location.country {
        slot("country", country.to_string());
    }
    let location = &event.location;
    for (name, value) in
        [("place", &location.place), ("launch site", &location.launch_site), ("impact", &location.impact)]
    {
        value.iter().for_each(|q| slot(name, quoted(q)));
    }
    if let Some(date) = &event.date {
        let quote = date.quote.as_ref().map_or_else(String::new, quoted);
        slot("date", format!("{} to {} ({:?})  {quote}", date.start, date.end, date.basis));
    }
    for (name, value) in [
        ("claimed by", &event.claimed_by),
        ("confirmed by", &event.confirmed_by),
        ("denied by", &event.denied_by),
    ] {
        value.iter().for_each(|a| slot(name, authority(a)));
    }
    event.reported_by.iter().for_each(|r| slot("reported by", r.name.clone()));
    event.severity_reasons.iter().for_each(|r| slot("severity", r.clone()));
    event.evidence.as_slice().iter().for_each(|e| {
        slot("evidence", format!("{:?} {}-{} \u{201C}{}\u{201D}", e.field, e.start, e.end, visible(&e.text)));
    });
    out.push('\n');
}

fn party(party: &Party) -> String {
    let country = party.country.map(|c| c.to_string());
    let who = [country, party.group.clone(), party.name.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    format!("{who}  {}", quoted(&party.quote))
}

fn interval(interval: &Interval) -> String {
    let bound = |b: Option<u32>| b.map_or_else(|| "-".to_owned(), |b| b.to_string());
    format!("{{{}, {}}}  {}", bound(interval.min), bound(interval.max), quoted(&interval.quote))
}

fn authority(authority: &Authority) -> String {
    let country = authority.country.map_or_else(|| "--".to_owned(), |c| c.to_string());
    let span = authority.span;
    format!(
        "{country}  {:?} {}-{} \u{201C}{}\u{201D}",
        span.field,
        span.start,
        span.end,
        visible(&authority.body)
    )
}

fn quoted(quote: &Quote) -> String {
    let span = quote.span;
    format!("{:?} {}-{} \u{201C}{}\u{201D}", span.field, span.start, span.end, visible(&quote.text))
}

/// On one line, without signs that would steer a terminal.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '\n' {
                ' '
            } else if c.is_control() {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect()
}

fn decided(out: &mut String, enriched: &EnrichedArticle, decisions: &[Decision]) {
    if decisions.is_empty() {
        return;
    }
    push_line(out, "words that tell of events, and what was decided:");
    for decision in decisions {
        let text =
            fields(enriched).into_iter().find(|(f, _)| *f == decision.span.field).map_or("", |(_, t)| t);
        let length = (decision.span.end - decision.span.start) as usize;
        let words: String = text.chars().skip(decision.span.start as usize).take(length).collect();
        let verdict = if decision.taken { "event" } else { "no event" };
        push_line(
            out,
            &format!(
                "   {:?} {}-{} \u{201C}{}\u{201D} ({}): {verdict}: {}",
                decision.span.field,
                decision.span.start,
                decision.span.end,
                visible(&words),
                decision.trigger,
                decision.reason
            ),
        );
    }
    out.push('\n');
}

#[derive(Clone, Copy)]
enum Paint {
    Bold,
    Dim,
    Mark,
    Alert,
}

fn paint(text: &str, paint: Paint, style: Style) -> String {
    let code = match paint {
        Paint::Bold => "1",
        Paint::Dim => "2",
        Paint::Mark => "1;36",
        Paint::Alert => "1;31",
    };
    match style {
        Style::Colour => format!("\x1b[{code}m{text}\x1b[0m"),
        Style::Plain => text.to_owned(),
    }
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}
