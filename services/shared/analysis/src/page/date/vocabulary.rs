//! Words of dates of one language.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use super::{Calendar, Meaning, Order, Unit};
use crate::page::clock::{self, Half, Kind, Token};
use crate::page::error::{Error, Source};

type Forms = Vec<Spanned<String>>;

/// `[date]` of `page.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::page) struct DateWords {
    order: Option<Order>,
    offset: Option<Spanned<String>>,
    months: Vec<Spanned<Forms>>,
    solar_months: Vec<Spanned<Forms>>,
    lunar_months: Forms,
    weekdays: Vec<Spanned<Forms>>,
    am: Forms,
    pm: Forms,
    night: Forms,
    year: Forms,
    month: Forms,
    day: Forms,
    hour: Forms,
    minute: Forms,
    second: Forms,
    units_lead: bool,
    eras: Vec<Era>,
    published: Forms,
    updated: Forms,
    noise: Forms,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Era {
    names: Forms,
    add: i32,
}

/// `[[zone]]` of `page.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::page) struct Zone {
    names: Forms,
    offset: Spanned<String>,
}

/// What a phrase may be; which of these, its neighbours tell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::page) struct Entry {
    pub(super) meaning: Option<Meaning>,
    pub(super) unit: Option<Unit>,
    pub(super) zone: Option<TimeZone>,
}

/// Phrases and what they may be.
#[derive(Clone, Debug, Default)]
pub(in crate::page) struct Lexemes {
    /// By the phrase's words with blanks between.
    entries: HashMap<String, Entry>,
    /// By the first word of phrases, the most tokens that one of them has.
    starts: HashMap<String, usize>,
}

/// Words of dates of one language.
#[derive(Clone, Debug, Default)]
pub(in crate::page) struct Vocabulary {
    pub(in crate::page) lexemes: Lexemes,
    pub(super) order: Option<Order>,
    /// Where the page names no zone.
    pub(super) offset: Option<TimeZone>,
    /// Whether the words for year, month and day stand before their numbers.
    pub(super) units_lead: bool,
    /// Whether years of the thirteenth to fifteenth century are solar ones.
    pub(super) solar: bool,
    /// The most frequent words of the language.
    pub(in crate::page) frequent: Vec<String>,
}

impl Lexemes {
    fn entry(&mut self, phrase: &str) -> &mut Entry {
        let first = phrase.split(' ').next().unwrap_or_default();
        let most = self.starts.entry(first.to_owned()).or_default();
        *most = (*most).max(phrase.split(' ').count());
        self.entries.entry(phrase.to_owned()).or_default()
    }

    /// The longest phrase that begins at a token, and how many tokens it takes.
    pub(super) fn longest(&self, tokens: &[Token], at: usize) -> Option<(&Entry, usize)> {
        let first = tokens.get(at)?.word()?;
        let most = *self.starts.get(first)?;
        let mut best = self.entries.get(first).map(|entry| (entry, 1));
        let mut phrase = first.to_owned();
        let mut next = at + 1;
        for _ in 1..most {
            // `quinta-feira`, `p. m.`
            let is_inside = |t: &Token| match t.mark() {
                Some('-') => t.glued && tokens.get(next + 1).is_some_and(|t| t.glued),
                Some('.') => t.glued,
                _ => false,
            };
            next += usize::from(tokens.get(next).is_some_and(is_inside));
            let Some(word) = tokens.get(next).and_then(Token::word) else { break };
            phrase.push(' ');
            phrase.push_str(word);
            next += 1;
            if let Some(entry) = self.entries.get(&phrase) {
                best = Some((entry, next - at));
            }
        }
        best
    }

    /// The tokens of a weekday, a month or a word that stands beside them, and whether they say something by
    /// themselves.
    pub(in crate::page) fn word_of_a_day(&self, tokens: &[Token], at: usize) -> Option<(usize, bool)> {
        let (entry, used) = self.longest(tokens, at)?;
        let says = matches!(entry.meaning, Some(Meaning::Month(..) | Meaning::Weekday(_)));
        let of_day = matches!(entry.unit, Some(Unit::Year | Unit::Month | Unit::Day));
        let beside = matches!(entry.meaning, Some(Meaning::Noise | Meaning::Era(_)));
        (says || of_day || beside).then_some((used, says || of_day))
    }

    pub(in crate::page) fn zones(&self) -> impl Iterator<Item = (&str, &TimeZone)> {
        self.entries.iter().filter_map(|(phrase, entry)| Some((phrase.as_str(), entry.zone.as_ref()?)))
    }

    pub(in crate::page) fn zone(&self, phrase: &str) -> Option<&TimeZone> {
        self.entries.get(phrase)?.zone.as_ref()
    }

    /// Sets what zone a phrase names, if any.
    pub(in crate::page) fn set_zone(&mut self, phrase: &str, zone: Option<TimeZone>) {
        self.entry(phrase).zone = zone;
    }

    /// Adds all that is no zone.
    pub(in crate::page) fn absorb(&mut self, other: &Self) {
        for (phrase, entry) in other.entries.iter().filter(|(_, e)| e.meaning.is_some() || e.unit.is_some()) {
            let own = self.entry(phrase);
            own.meaning = own.meaning.or(entry.meaning);
            own.unit = own.unit.or(entry.unit);
        }
    }
}

/// The words of a form as date lines have them, with blanks between.
fn phrase<'a>(form: &Spanned<String>, source: Source<'a>) -> Result<String, Error> {
    let tokens = clock::tokens(form.get_ref());
    let plain = |token: &Token| match &token.kind {
        Kind::Word(word) => Some(Some(word.clone())),
        Kind::Mark('-' | '.') => Some(None),
        _ => None,
    };
    let words: Option<Vec<Option<String>>> = tokens.iter().map(plain).collect();
    let words: Vec<String> = words.unwrap_or_default().into_iter().flatten().collect();
    if words.is_empty() {
        return Err(source.entry(form.span().start, form.get_ref(), "must be words of letters"));
    }
    Ok(words.join(" "))
}

fn add(
    lexemes: &mut Lexemes,
    form: &Spanned<String>,
    meaning: Meaning,
    source: Source<'_>,
) -> Result<(), Error> {
    let entry = lexemes.entry(&phrase(form, source)?);
    match entry.meaning.replace(meaning) {
        Some(other) if other != meaning => {
            Err(source.entry(form.span().start, form.get_ref(), "stands for two different things"))
        }
        _ => Ok(()),
    }
}

impl Vocabulary {
    /// Puts the words of a file together.
    pub(in crate::page) fn new(
        date: &DateWords,
        zones: &[Zone],
        frequent: &[String],
        source: Source<'_>,
    ) -> Result<Self, Error> {
        let mut vocabulary = Self {
            order: date.order,
            offset: date.offset.as_ref().map(|offset| zone_of(offset, source)).transpose()?,
            units_lead: date.units_lead,
            solar: !date.solar_months.is_empty(),
            frequent: frequent.iter().map(|w| crate::page::words::folded(w)).collect(),
            ..Self::default()
        };
        vocabulary.lists(date, source)?;
        let lexemes = &mut vocabulary.lexemes;
        for (forms, meaning) in date.meanings() {
            forms.iter().try_for_each(|form| add(lexemes, form, meaning, source))?;
        }
        for (forms, unit) in date.units() {
            for form in forms {
                lexemes.entry(&phrase(form, source)?).unit = Some(unit);
            }
        }
        for era in &date.eras {
            era.names.iter().try_for_each(|form| add(lexemes, form, Meaning::Era(era.add), source))?;
        }
        for zone in zones {
            let known = zone_of(&zone.offset, source)?;
            for name in &zone.names {
                lexemes.entry(&phrase(name, source)?).zone = Some(known.clone());
            }
        }
        Ok(vocabulary)
    }

    /// Months and weekdays, whose place in the list counts.
    fn lists(&mut self, date: &DateWords, source: Source<'_>) -> Result<(), Error> {
        let weekday = |number| Meaning::Weekday(i8::try_from(number).unwrap_or_default());
        self.list("months", &date.months, 12, |n| Meaning::Month(Calendar::Gregorian, n), source)?;
        self.list("solar_months", &date.solar_months, 12, |n| Meaning::Month(Calendar::Solar, n), source)?;
        self.list("weekdays", &date.weekdays, 7, weekday, source)
    }

    /// A list of `length` lists of forms, each of which means its number, from 1.
    fn list(
        &mut self,
        name: &str,
        lists: &[Spanned<Forms>],
        length: usize,
        meaning: impl Fn(u32) -> Meaning,
        source: Source<'_>,
    ) -> Result<(), Error> {
        if let Some(last) = lists.last().filter(|_| lists.len() != length) {
            let reason = format!("{} lists instead of {length}", lists.len());
            return Err(source.entry(last.span().start, name, reason));
        }
        for (number, forms) in (1u32..).zip(lists) {
            for form in forms.get_ref() {
                add(&mut self.lexemes, form, meaning(number), source)?;
            }
        }
        Ok(())
    }
}

impl DateWords {
    fn meanings(&self) -> [(&Forms, Meaning); 7] {
        [
            (&self.lunar_months, Meaning::Month(Calendar::Lunar, 1)),
            (&self.am, Meaning::Half(Half::Am)),
            (&self.pm, Meaning::Half(Half::Pm)),
            (&self.night, Meaning::Half(Half::Night)),
            (&self.published, Meaning::Published),
            (&self.updated, Meaning::Updated),
            (&self.noise, Meaning::Noise),
        ]
    }

    fn units(&self) -> [(&Forms, Unit); 6] {
        [
            (&self.year, Unit::Year),
            (&self.month, Unit::Month),
            (&self.day, Unit::Day),
            (&self.hour, Unit::Hour),
            (&self.minute, Unit::Minute),
            (&self.second, Unit::Second),
        ]
    }
}

/// An offset, or a rule of summer time as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
fn zone_of(text: &Spanned<String>, source: Source<'_>) -> Result<TimeZone, Error> {
    let tokens = clock::tokens(text.get_ref());
    if let Some((offset, used)) = clock::signed_offset(&tokens)
        && used == tokens.len()
    {
        return Ok(offset.to_time_zone());
    }
    let rule = text.get_ref();
    let refused = || source.entry(text.span().start, rule, "is no offset like \"+07:00\"");
    TimeZone::posix(rule).ok().filter(|_| rule.contains(',')).ok_or_else(refused)
}
