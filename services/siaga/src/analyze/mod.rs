//! `siaga analyze`: raw articles in, enriched ones out, in order.

mod explain;
mod incidents;
mod output;
mod parallel;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use siaga_analysis::Knowledge;
use siaga_ingest::input::{Entries, Entry};
use siaga_runtime::exit::Failure;
use siaga_schemas::{EnrichedArticle, Mention, Message, Moment, RawArticle};

use explain::Style;
use incidents::Waiting;
use output::{Ended, Output};

/// Says what is in articles, without Kafka.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Raw articles as JSON Lines, or one page as text or .html; `-` is standard input.
    #[arg(value_name = "FILE", default_value = siaga_ingest::input::STANDARD_INPUT)]
    files: Vec<PathBuf>,

    /// Print for a person what was found, where, and why.
    #[arg(long)]
    explain: bool,

    /// Join the events of all articles into incidents, and say of each event which one it is of; prints at the end.
    #[arg(long, conflicts_with = "explain")]
    incidents: bool,

    /// Counts as time of publication where an article tells none; as RFC 3339.
    #[arg(long, value_name = "TIME", default_value = "1970-01-01T00:00:00Z")]
    received: Moment,

    /// Articles that are read at the same time; the order of the output stays.
    #[arg(long, value_name = "NUMBER", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: u8,
}

/// How one article comes out.
struct Renderer {
    knowledge: Knowledge,
    received: i64,
    /// None: as JSON.
    explain: Option<Style>,
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    let knowledge = Knowledge::built_in().map_err(|error| Failure::failed(&error))?;
    let style = if std::io::stdout().is_terminal() { Style::Colour } else { Style::Plain };
    let renderer = Arc::new(Renderer {
        knowledge,
        received: options.received.timestamp().as_millisecond(),
        explain: options.explain.then_some(style),
    });
    let mut output = Output::standard();
    let mut waiting = Waiting::new();
    for file in &options.files {
        let entries = Entries::open(file).map_err(|error| Failure::failed(&error))?;
        let renderer = Arc::clone(&renderer);
        if options.incidents {
            let results =
                parallel::in_order(entries, usize::from(options.threads), move |entry| match entry {
                    Ok(entry) => renderer.detect(&entry),
                    Err(unreadable) => Err(unreadable.to_string()),
                });
            output.hear(results, |(article, mentions)| waiting.take(article, mentions))?;
            continue;
        }
        let results = parallel::in_order(entries, usize::from(options.threads), move |entry| match entry {
            Ok(entry) => renderer.render(&entry),
            Err(unreadable) => Err(unreadable.to_string()),
        });
        if output.take(results)? == Ended::NobodyListens {
            return Ok(());
        }
    }
    if options.incidents && output.print(waiting.lines())? == Ended::NobodyListens {
        return Ok(());
    }
    output.finish()
}

impl Renderer {
    /// One article with its mentions; the error names file and line.
    fn detect(&self, entry: &Entry) -> Result<(EnrichedArticle, Vec<Mention>), String> {
        let raw: RawArticle = entry.article().map_err(|error| format!("{}: {error}", entry.place()))?;
        let classified = siaga_analysis::classify(&self.knowledge, &raw, self.received)
            .map_err(|error| format!("{}: {error}", entry.place()))?;
        let detected = siaga_analysis::detect(&self.knowledge, classified);
        Ok((detected.enriched, detected.mentions))
    }

    /// The text of one article; the error names file and line.
    fn render(&self, entry: &Entry) -> Result<String, String> {
        let refused = |error: &dyn std::error::Error| format!("{}: {error}", entry.place());
        let raw = entry.article().map_err(|error| refused(&error))?;
        match self.explain {
            None => {
                let enriched = siaga_analysis::enrich(&self.knowledge, &raw, self.received)
                    .map_err(|error| refused(&error))?;
                let line = enriched.encode().map_err(|error| refused(&error))?;
                String::from_utf8(line).map(|line| line + "\n").map_err(|error| refused(&error))
            }
            Some(style) => {
                let (enriched, decisions) = siaga_analysis::explain(&self.knowledge, &raw, self.received)
                    .map_err(|error| refused(&error))?;
                Ok(explain::render(&enriched, &decisions, style))
            }
        }
    }
}
