//! Security events of an article: found by their words, understood by clause, quoted, and joined inside the article.
//!
//! A message's way through this module: [`sentence`] cuts the fields and makes items of the words; [`dates`],
//! [`numbers`] and [`parties`] put items together; [`mention`] reads each trigger in its [`scene`] with [`sense`] (what it
//! means), [`roles`] (who, whom: [`doers`], [`word_order`], [`cases`], [`verb_final`]), [`status`] (whether), [`locate`] (where), [`counts`] (how many) and [`speech`] (who says so);
//! [`draft`] joins mentions of one event; [`build`] makes the record, with [`attribution`], [`confidence`], [`severity`] and [`crosswalk`].

mod attribution;
mod build;
mod cases;
mod confidence;
mod counts;
mod crosswalk;
mod dates;
mod doers;
mod draft;
mod explain;
mod item;
mod locate;
mod mention;
mod numbers;
mod parties;
mod roles;
mod scene;
mod sense;
mod sentence;
mod severity;
mod speech;
mod status;
mod verb_final;
mod word_order;
mod written_dates;

use siaga_schemas::{Article, Basis, Field, Region, SecurityEvent, Topic};

pub use explain::Decision;

use crate::article;
use crate::knowledge::Knowledge;
use crate::places;
use crate::vocabulary::Meaning;
use draft::{Draft, Spot};
use explain::Trace;
use sentence::{Context, Reading};

/// How many sentences behind its last mention an event may be gone on about.
const CONTINUES: usize = 2;

/// What was found in an article.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The events, in order of appearance.
    pub events: Vec<SecurityEvent>,
    /// The paragraphs of each event's evidence, at most 2 kB together.
    pub excerpts: Vec<Vec<String>>,
    /// Agencies and media that the text credits, in order of appearance.
    pub agencies: Vec<String>,
    /// Decisions on triggers, where asked for.
    pub decisions: Vec<Decision>,
}

/// Finds the security events of an article. Pure: the same article and knowledge give the same events.
pub(crate) fn detect(
    knowledge: &Knowledge,
    article: &Article,
    topics: &[Topic],
    regions: &[Region],
    explain: bool,
) -> Found {
    let Some(language) = knowledge.language(&article.language.code) else { return Found::default() };
    let fields =
        [(Field::Title, &article.title), (Field::Subtitle, &article.subtitle), (Field::Body, &article.body)];
    let readings: Vec<Reading<'_>> = fields
        .into_iter()
        .map(|(field, text)| {
            let dateline = if field == Field::Body { article::dateline_bytes(article) } else { 0 };
            Reading::new(field, text, dateline, language)
        })
        .collect();
    if readings.iter().all(|r| r.sentences.is_empty()) {
        return Found::default();
    }
    let names = readings.iter().flat_map(|r| r.hits()).filter_map(|h| match h.meaning {
        Meaning::Place(name) => Some(name),
        _ => None,
    });
    let texts: Vec<&str> = readings.iter().map(Reading::text).collect();
    let places = places::resolve(&language.gazetteer, &names.collect(), &texts);
    let kinds = readings.iter().flat_map(|r| r.hits()).filter_map(|h| match h.meaning {
        Meaning::Noun(noun) => Some(language.noun(noun).kind.as_str()),
        Meaning::Group(_) => Some("group"),
        _ => None,
    });
    let kinds = kinds.collect();
    let published = article.published_at.date();
    let dated =
        article.published_at_basis != Basis::Record || article.published_at.timestamp().as_second() > 0;
    let context = Context { language, places: &places, published, dated, kinds: &kinds };
    let mut drafts = Vec::new();
    let mut decisions = Vec::new();
    for (index, reading) in readings.iter().enumerate() {
        let mut trace = Trace::new(explain);
        read(reading, index, context, &mut drafts, &mut trace);
        decisions.extend(trace.drain(|start, end| reading.span(start, end)));
    }
    let surroundings = build::Surroundings { article, topics, regions, readings: &readings, context };
    let (events, excerpts) = build::events(&surroundings, drafts).into_iter().unzip();
    Found { events, excerpts, agencies: build::agencies(&surroundings), decisions }
}

/// Reads a field sentence by sentence.
fn read(
    reading: &Reading<'_>,
    index: usize,
    context: Context<'_>,
    drafts: &mut Vec<Draft>,
    trace: &mut Trace,
) {
    let mut last: Option<(usize, usize)> = None;
    for (number, sentence) in reading.sentences.iter().enumerate() {
        let goes_on = last.filter(|(_, s)| number - s <= CONTINUES);
        let triggered = reading.has_trigger(sentence);
        if !triggered && goes_on.is_none() {
            continue;
        }
        let items = reading.items(sentence, context);
        let mentions =
            if triggered { mention::read(&items, reading.text(), context, trace) } else { Vec::new() };
        let range = sentence.range.clone();
        let unlisted_place = !mentions.is_empty() && locate::is_unlisted(reading, &range, &items);
        let spot = Spot { reading: index, sentence: number, range, unlisted_place };
        if mentions.is_empty()
            && let Some((draft, _)) = goes_on
        {
            let aside = mention::aside(&items, reading.text(), context);
            if let Some(draft) = drafts.get_mut(draft) {
                draft.continue_with(&aside, &spot);
            }
        }
        for mention in &mentions {
            last = draft::add(drafts, mention, &spot).map(|draft| (draft, number)).or(last);
        }
    }
}
