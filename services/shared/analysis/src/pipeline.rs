//! The two steps of the analysis, as the services run them.

use std::collections::BTreeSet;

use siaga_schemas::{
    Article, ArticleRef, ClassifiedArticle, Correction, EnrichedArticle, Field, Mention, Part, RawArticle,
    Withdrawal, identity,
};

use crate::article::{self, Unreadable};
use crate::events::{self, Decision};
use crate::knowledge::{Knowledge, Language};
use crate::matcher::Hit;
use crate::places::{self, Prose, Resolved};
use crate::regions::{self, FieldHits};
use crate::text::{Folded, fold};
use crate::topics::Evidence;
use crate::vocabulary::Meaning;
use crate::{origin, topics};

/// What `detect` publishes of an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Detected {
    /// For `articles.enriched`.
    pub enriched: EnrichedArticle,
    /// For `events.security`: one for each event.
    pub mentions: Vec<Mention>,
    /// For `events.security`, where the article holds no event and could be a correction of one that did.
    pub correction: Option<Correction>,
    /// For `events.security`, where the article is taken back.
    pub withdrawal: Option<Withdrawal>,
}

/// Reads a raw article and names its language, topics and regions. `received` is the record's timestamp in
/// milliseconds since 1970.
///
/// # Errors
/// Where the raw article holds no text that can be read.
pub fn classify(
    knowledge: &Knowledge,
    raw: &RawArticle,
    received: i64,
) -> Result<ClassifiedArticle, Unreadable> {
    let mut article = article::read(knowledge, raw, received)?;
    let mut classified = ClassifiedArticle {
        topics: Vec::new(),
        regions: Vec::new(),
        blocs: Vec::new(),
        withdrawn: raw.withdrawn,
        versions: knowledge.versions().clone(),
        article: article.clone(),
    };
    if raw.withdrawn {
        return Ok(classified);
    }
    if let Some(language) = knowledge.language(&article.language.code) {
        let texts = [
            (Field::Title, &article.title),
            (Field::Subtitle, &article.subtitle),
            (Field::Body, &article.body),
        ];
        let folded: Vec<Folded> = texts.iter().map(|(_, text)| fold::fold(text)).collect();
        let mut hits: Vec<Vec<Hit>> = texts
            .iter()
            .zip(&folded)
            .map(|((_, text), folded)| language.topics().find(text, folded))
            .collect();
        let mut prose: Vec<Prose<'_>> = texts
            .iter()
            .zip(folded.iter().zip(&mut hits))
            .skip(1)
            .map(|((_, original), (folded, hits))| Prose { original, folded, hits })
            .collect();
        places::drop_persons(&language.gazetteer, &language.function_words, &mut prose);
        let places = resolve(language, &hits, &folded);
        let fields: Vec<FieldHits<'_>> = texts
            .iter()
            .zip(folded.iter().zip(&hits))
            .map(|((field, original), (folded, hits))| FieldHits {
                field: *field,
                original,
                folded,
                hits,
                dateline: if *field == Field::Body { article::dateline_bytes(&article) } else { 0 },
            })
            .collect();
        let topic_fields: Vec<(&Folded, &[Hit])> =
            folded.iter().zip(hits.iter().map(Vec::as_slice)).collect();
        classified.topics = knowledge.classifier().classify(language, &topic_fields);
        classified.regions = regions::find(knowledge, &fields, &places);
        classified.blocs = regions::blocs(language, &fields);
    }
    regions::dateline_country(&classified.regions, &mut article.dateline);
    classified.article = article;
    Ok(classified)
}

/// What a text in a language shows of its topics; nothing where the language is not known.
pub fn topic_evidence(knowledge: &Knowledge, code: &str, title: &str, body: &str) -> Option<Evidence> {
    let language = knowledge.language(code)?;
    let folded = [fold::fold(title), fold::fold(body)];
    let hits = [language.topics().find(title, &folded[0]), language.topics().find(body, &folded[1])];
    let fields: Vec<(&Folded, &[Hit])> = folded.iter().zip(hits.iter().map(Vec::as_slice)).collect();
    Some(topics::show(language, &fields))
}

fn resolve(language: &Language, hits: &[Vec<Hit>], folded: &[Folded]) -> Resolved {
    let names: BTreeSet<u32> = hits
        .iter()
        .flatten()
        .filter_map(|h| match h.meaning {
            Meaning::Place(name) => Some(name),
            _ => None,
        })
        .collect();
    let texts: Vec<&str> = folded.iter().map(Folded::text).collect();
    places::resolve(&language.gazetteer, &names, &texts)
}

/// Finds the security events of a classified article.
pub fn detect(knowledge: &Knowledge, classified: ClassifiedArticle) -> Detected {
    detect_explained(knowledge, classified, false).0
}

fn detect_explained(
    knowledge: &Knowledge,
    classified: ClassifiedArticle,
    explain: bool,
) -> (Detected, Vec<Decision>) {
    let ClassifiedArticle { article, topics, mut regions, blocs, withdrawn, .. } = classified;
    let versions = knowledge.versions().clone();
    let found = if withdrawn {
        events::Found::default()
    } else {
        events::detect(knowledge, &article, &topics, &regions, explain)
    };
    regions::add_event_roles(knowledge, &mut regions, &found.events);
    let reference = reference(&article);
    let mentions: Vec<Mention> = if found.events.is_empty() {
        Vec::new()
    } else {
        let origin = origin::of(
            found.agencies,
            &article.credits,
            &article.title,
            &article.body[article::dateline_bytes(&article)..],
        );
        let numbered = (1..).zip(found.events.iter().zip(found.excerpts));
        let of = u32::try_from(found.events.len()).unwrap_or(u32::MAX);
        let mention =
            |(number, (event, excerpts)): (u32, (&siaga_schemas::SecurityEvent, Vec<String>))| Mention {
                article: reference.clone(),
                origin: origin.clone(),
                excerpts,
                event: event.clone(),
                part: Some(Part { number, of }),
                versions: versions.clone(),
            };
        numbered.map(mention).collect()
    };
    let withdrawal = withdrawn.then(|| Withdrawal { article: reference.clone(), versions: versions.clone() });
    let silent = mentions.is_empty() && !withdrawn && identity::can_be_corrected(&article.id);
    let correction = silent.then(|| Correction { article: reference, versions: versions.clone() });
    let flagged = found.events.iter().any(|e| e.flagged);
    let enriched = EnrichedArticle {
        article,
        topics,
        regions,
        blocs,
        events: found.events,
        flagged,
        withdrawn,
        versions,
    };
    (Detected { enriched, mentions, correction, withdrawal }, found.decisions)
}

fn reference(article: &Article) -> ArticleRef {
    ArticleRef {
        id: article.id.clone(),
        version: article.version.clone(),
        url: article.url.clone(),
        publisher: article.publisher.clone(),
        publisher_country: article.publisher_country,
        language: article.language.code.clone(),
        published_at: article.published_at,
        title: article.title.clone(),
    }
}

/// Reads, classifies and searches a raw article.
///
/// # Errors
/// Where the raw article holds no text that can be read.
pub fn enrich(knowledge: &Knowledge, raw: &RawArticle, received: i64) -> Result<EnrichedArticle, Unreadable> {
    Ok(detect(knowledge, classify(knowledge, raw, received)?).enriched)
}

/// Like [`enrich`], with the decision on each trigger.
///
/// # Errors
/// Where the raw article holds no text that can be read.
pub fn explain(
    knowledge: &Knowledge,
    raw: &RawArticle,
    received: i64,
) -> Result<(EnrichedArticle, Vec<Decision>), Unreadable> {
    let (detected, decisions) = detect_explained(knowledge, classify(knowledge, raw, received)?, true);
    Ok((detected.enriched, decisions))
}
