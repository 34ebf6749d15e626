//! `siaga analyze --incidents`: the tracker over the events of a file.

use siaga_runtime::exit::Failure;
use siaga_schemas::{EnrichedArticle, Mention, Message};
use siaga_track::{Arrival, Tracker, Tracking};

/// Articles that wait for the last one, since it may still join two incidents.
pub(super) struct Waiting {
    tracker: Tracker,
    articles: Vec<EnrichedArticle>,
}

impl Waiting {
    pub(super) fn new() -> Self {
        let tracker = Tracker::new(Tracking::of_all_times(), env!("CARGO_PKG_VERSION"));
        Self { tracker, articles: Vec::new() }
    }

    /// Takes an article with its mentions; the time of publication stands for that of the record.
    pub(super) fn take(&mut self, article: EnrichedArticle, mentions: Vec<Mention>) {
        for mention in mentions {
            let timestamp = mention.article.published_at.timestamp().as_millisecond();
            // A mention that changes nothing, of a plan for example, is of no incident.
            drop(self.tracker.mention(mention, Arrival { timestamp, lane: "live" }));
        }
        self.articles.push(article);
    }

    /// The articles with the incidents of their events, one a line.
    pub(super) fn lines(self) -> impl Iterator<Item = Result<String, Failure>> {
        let tracker = self.tracker;
        self.articles.into_iter().map(move |mut article| {
            for event in &mut article.events {
                event.incident_id = tracker.incident_of(&event.id).map(str::to_owned);
            }
            let line = article.encode().map_err(|error| Failure::failed(&error))?;
            String::from_utf8(line).map(|line| line + "\n").map_err(|error| Failure::failed(&error))
        })
    }
}
