//! Launches of a public list told in sentences of our own, in English and Japanese: are they found as launches of their
//! kind, with day and number?
//!
//! The list (day, site, missile, class) stands beside the repository; the sentences are made here, three ways of telling
//! by turns.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use jiff::civil::Date;
use serde::Deserialize;
use siaga_analysis::{Knowledge, enrich};
use siaga_schemas::{EventType, RawArticle, SecurityEvent};

use crate::data;
use crate::floors::Figure;

/// A row of the list: one missile.
#[derive(Debug, Deserialize)]
struct Row {
    lang: String,
    date: String,
    facility: String,
    missile: String,
    missile_type: String,
}

/// A salvo: what was fired of one kind from one site on one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Salvo {
    lang: String,
    date: String,
    facility: String,
    missile: String,
    class: String,
}

/// Figures by language; nothing where the list is absent.
pub(crate) fn figures(knowledge: &Knowledge, shared: &Path) -> Result<Vec<Figure>> {
    let salvos = salvos(shared)?;
    let mut tallies: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (number, (salvo, count)) in salvos.iter().enumerate() {
        let Ok(day) = salvo.date.parse::<Date>() else { continue };
        let Some(text) = told(salvo, *count, day, number % 3) else { continue };
        let event = find(knowledge, salvo, &text, day)?;
        let mut add = |what: &str, right: bool| {
            let tally = tallies.entry(format!("launches told {}: {what}", salvo.lang)).or_default();
            tally.0 += usize::from(right);
            tally.1 += 1;
        };
        add("kind", event.is_some());
        if let Some(event) = event {
            add("day", event.date.as_ref().is_some_and(|d| d.start == day && d.end == day));
            let count = u32::try_from(*count).ok();
            add("number", event.count.as_ref().is_some_and(|c| c.min == count && c.max == count));
        }
    }
    Ok(tallies
        .into_iter()
        .map(|(name, (right, all))| Figure { name, value: right as f64 / all.max(1) as f64, over: all })
        .collect())
}

/// Each salvo as an article, with the day.
pub(crate) fn articles(shared: &Path) -> Result<Vec<(String, RawArticle)>> {
    let mut articles = Vec::new();
    for (number, (salvo, count)) in salvos(shared)?.iter().enumerate() {
        let Ok(day) = salvo.date.parse::<Date>() else { continue };
        let Some(text) = told(salvo, *count, day, number % 3) else { continue };
        articles.push((salvo.date.clone(), article(salvo, &text, day)?));
    }
    Ok(articles)
}

/// The salvos of the list with their missiles; none where it is absent.
fn salvos(shared: &Path) -> Result<BTreeMap<Salvo, usize>> {
    let path = shared.join("data/knowledge/nk-missile-tests/launches-1984-2021.jsonl");
    let mut salvos: BTreeMap<Salvo, usize> = BTreeMap::new();
    if !path.exists() {
        return Ok(salvos);
    }
    for row in data::rows::<Row>(&path)? {
        let Row { lang, date, facility, missile, missile_type: class } = row;
        *salvos.entry(Salvo { lang, date, facility, missile, class }).or_default() += 1;
    }
    Ok(salvos)
}

/// A text of the day after.
fn article(salvo: &Salvo, text: &str, day: Date) -> Result<RawArticle> {
    let published = format!("{}T12:00:00+09:00", day.tomorrow()?).parse()?;
    // Two salvos may be told in the same words.
    let id = [&salvo.lang, &salvo.date, &salvo.facility, &salvo.missile].map(String::as_str).join("/");
    Ok(RawArticle {
        id: Some(id),
        body: Some(text.to_owned()),
        language: Some(salvo.lang.clone()),
        published_at: Some(published),
        ..RawArticle::default()
    })
}

/// The flagged launch of the salvo's kind that is found in a text of the day after.
fn find(knowledge: &Knowledge, salvo: &Salvo, text: &str, day: Date) -> Result<Option<SecurityEvent>> {
    let raw = article(salvo, text, day)?;
    let fits = |event: &SecurityEvent| {
        let satellite = salvo.class == "SLV" && event.event_type == EventType::SpaceLaunch;
        event.flagged && (satellite || event.event_type == EventType::MissileTest)
    };
    Ok(enrich(knowledge, &raw, 0)?.events.into_iter().find(fits))
}

/// A salvo in the words of a newsroom; none where the list does not know the missile.
fn told(salvo: &Salvo, count: usize, day: Date, way: usize) -> Option<String> {
    let name = salvo.missile.split(" (").next().unwrap_or_default();
    match salvo.lang.as_str() {
        "en" => english(salvo, name, count, day, way),
        "ja" => japanese(salvo, name, count, day, way),
        _ => None,
    }
}

fn english(salvo: &Salvo, name: &str, count: usize, day: Date, way: usize) -> Option<String> {
    const NUMBERS: [&str; 10] = ["a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let class = match salvo.class.as_str() {
        "SRBM" => "short-range ballistic missile",
        "MRBM" => "medium-range ballistic missile",
        "IRBM" => "intermediate-range ballistic missile",
        "ICBM" => "intercontinental ballistic missile",
        "SLBM" => "submarine-launched ballistic missile",
        "HGV" => "hypersonic missile",
        "SLV" => "long-range rocket with a satellite on board",
        _ => return None,
    };
    let several = if count == 1 || salvo.class == "SLV" { "" } else { "s" };
    let (number, site) = (NUMBERS.get(count.checked_sub(1)?)?, &salvo.facility);
    let weekday = day.strftime("%A");
    Some(match way {
        0 => format!(
            "North Korea fired {number} {class}{several} from {site} on {weekday}, South Korea's Joint Chiefs of Staff said."
        ),
        1 => {
            let (verb, date) = (if count == 1 { "was" } else { "were" }, day.strftime("%B %-d, %Y"));
            let number = if count == 1 { "A" } else { *number };
            format!(
                "{number} {class}{several} {verb} launched from {site} in North Korea on {date}, Japan's defence ministry said."
            )
        }
        _ => {
            format!("Pyongyang launched {number} {name} {class}{several} on {weekday}, state media reported.")
        }
    })
}

fn japanese(salvo: &Salvo, name: &str, count: usize, day: Date, way: usize) -> Option<String> {
    let class = match salvo.class.as_str() {
        "SRBM" => "短距離弾道ミサイル",
        "MRBM" => "準中距離弾道ミサイル",
        "IRBM" => "中距離弾道ミサイル",
        "ICBM" => "大陸間弾道ミサイル",
        "SLBM" => "潜水艦発射弾道ミサイル",
        "HGV" => "極超音速ミサイル",
        "SLV" => "人工衛星を載せた長距離弾道ミサイル",
        _ => return None,
    };
    let (site, year, month, date) = (&salvo.facility, day.year(), day.month(), day.day());
    Some(match way {
        0 => format!(
            "北朝鮮は{month}月{date}日、{site}から{class}「{name}」{count}発を発射した。韓国軍の合同参謀本部が発表した。"
        ),
        1 => format!("{year}年{month}月{date}日、北朝鮮から{class}{count}発が発射されたと防衛省が発表した。"),
        _ => format!("北朝鮮が{date}日、日本海に向けて{class}{count}発を発射した。朝鮮中央通信が報じた。"),
    })
}
