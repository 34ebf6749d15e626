//! How well Siaga reads, measured: on cases of our own, and on labelled data beside the repository where it is present.
#![forbid(unsafe_code)]

mod articles;
mod confidence;
mod data;
mod events;
mod floors;
mod incidents;
mod languages;
mod launches;
mod lexicon;
mod shared;
mod speed;
mod topics;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Parser, Subcommand};
use siaga_analysis::{Knowledge, explain};
use siaga_schemas::RawArticle;

use crate::floors::{Figure, Floors};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures how well Siaga reads.
#[derive(Debug, Parser)]
struct Arguments {
    /// A lexicon folder, read as it stands now; the built-in lexicon where it is left out.
    #[arg(long, global = true)]
    lexicon: Option<PathBuf>,
    /// Only these languages, separated by commas.
    #[arg(long, global = true, value_delimiter = ',')]
    only: Vec<String>,
    /// Folder of labelled data.
    #[arg(long, global = true, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared"))]
    shared: PathBuf,
    /// Leave out the labelled data, though they are present.
    #[arg(long)]
    own: bool,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Speed of the pure functions on one core.
    Speed,
    /// Names the language of sentences.
    Languages {
        /// Which split to read; all where it is left out.
        #[arg(long)]
        split: Option<String>,
        /// Only the first words of each.
        #[arg(long)]
        words: Option<usize>,
    },
    /// Prints what is found in raw articles, one a line.
    Analyze {
        /// JSON Lines of raw articles, or one page as `.txt`.
        file: PathBuf,
        /// Tell the decision on each trigger.
        #[arg(long)]
        explain: bool,
    },
    /// Runs the cases of events and tells what differs.
    Cases {
        /// Only cases whose name contains this.
        #[arg(long, default_value = "")]
        name: String,
    },
    /// First topics of the training sentences, by language and label.
    Topics {
        /// How many misses to print.
        #[arg(long, default_value_t = 0)]
        misses: usize,
        /// Which split to read.
        #[arg(long, default_value = "train")]
        split: String,
    },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let knowledge = lexicon::load(arguments.lexicon.as_deref(), &arguments.only)?;
    let Some(part) = &arguments.part else { return measure(&knowledge, &arguments) };
    match part {
        Part::Speed => speed::print(&arguments.only),
        Part::Languages { split, words } => {
            print_languages(&knowledge, &arguments.shared, split.as_deref(), *words)
        }
        Part::Analyze { file, explain } => analyze(&knowledge, file, *explain),
        Part::Cases { name } => print_cases(&knowledge, &arguments.only, name),
        Part::Topics { misses, split } => {
            print_topics(&knowledge, &arguments.shared, split, &arguments.only, *misses)
        }
    }
}

/// Measures everything, prints it beside the floors, and fails where a figure fell below its floor.
fn measure(knowledge: &Knowledge, arguments: &Arguments) -> Result<()> {
    let mut figures = Vec::new();
    let (all, failed) = articles::measure(knowledge)?;
    for (name, wrong) in &failed {
        println!("{name}\n    {}", wrong.join("\n    "));
    }
    figures.push(share("own articles", all - failed.len(), all));
    for (language, outcome) in events::measure(knowledge, &arguments.only, "")? {
        for (name, wrong) in &outcome.failed {
            println!("{language}: {name}\n    {}", wrong.join("\n    "));
        }
        figures.push(share(
            &format!("own event cases {language}"),
            outcome.all - outcome.failed.len(),
            outcome.all,
        ));
    }
    if !arguments.own {
        figures.extend(of_shared(knowledge, &arguments.shared)?);
    }
    let fallen = Floors::read()?.compare(&figures);
    anyhow::ensure!(fallen.is_empty(), "below their floors: {}", fallen.join(", "));
    Ok(())
}

fn of_shared(knowledge: &Knowledge, folder: &Path) -> Result<Vec<Figure>> {
    let Some(mut figures) = shared::figures(knowledge, folder)? else {
        println!("LEFT OUT: there are no labelled data in {}", folder.display());
        return Ok(Vec::new());
    };
    figures.extend(launches::figures(knowledge, folder)?);
    figures.extend(incidents::figures(knowledge, folder)?);
    let (by_language, _) = topics::sentences(knowledge, folder, "dev", &[])?;
    let mut accuracies = Vec::new();
    for (language, labels) in by_language {
        let (right, all) = labels.values().fold((0, 0), |(a, b), (x, y)| (a + x, b + y));
        let figure = share(&format!("held-out sentences {language}: first topic"), right, all);
        accuracies.push(figure.value);
        figures.push(figure);
    }
    let mean = accuracies.iter().sum::<f64>() / accuracies.len().max(1) as f64;
    figures.push(Figure {
        name: "held-out sentences: first topic".to_owned(),
        value: mean,
        over: accuracies.len(),
    });
    Ok(figures)
}

fn share(name: &str, part: usize, all: usize) -> Figure {
    Figure { name: name.to_owned(), value: part as f64 / all.max(1) as f64, over: all }
}

fn print_languages(
    knowledge: &Knowledge,
    shared: &Path,
    split: Option<&str>,
    words: Option<usize>,
) -> Result<()> {
    for (language, tally) in languages::measure(knowledge, shared, split, words)? {
        let mut named: Vec<(&String, &usize)> = tally.named.iter().filter(|(n, _)| **n != language).collect();
        named.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
        let named: Vec<String> = named.iter().take(4).map(|(n, count)| format!("{n} {count}")).collect();
        println!("{language:8} {:.3} of {}   {}", tally.accuracy(&language), tally.all, named.join(", "));
    }
    Ok(())
}

fn analyze(knowledge: &Knowledge, file: &Path, explaining: bool) -> Result<()> {
    let articles: Vec<RawArticle> = if file.extension().is_some_and(|e| e == "txt") {
        vec![RawArticle { text: Some(std::fs::read_to_string(file)?), ..RawArticle::default() }]
    } else {
        data::rows(file)?
    };
    if explaining {
        for raw in &articles {
            let (enriched, decisions) = explain(knowledge, raw, 0)?;
            println!("{}", serde_json::to_string(&enriched)?);
            decisions.iter().for_each(|decision| println!("{decision:?}"));
        }
        return Ok(());
    }
    for enriched in incidents::joined(knowledge, &articles)? {
        println!("{}", serde_json::to_string(&enriched)?);
    }
    Ok(())
}

fn print_cases(knowledge: &Knowledge, only: &[String], name: &str) -> Result<()> {
    for (language, outcome) in events::measure(knowledge, only, name)? {
        for (name, wrong) in &outcome.failed {
            println!("{language}: {name}\n    {}", wrong.join("\n    "));
        }
        let passed = outcome.all - outcome.failed.len();
        println!("{language}: {passed} of {} cases pass, {} of them flagged", outcome.all, outcome.flagged);
    }
    Ok(())
}

fn print_topics(
    knowledge: &Knowledge,
    shared: &Path,
    split: &str,
    only: &[String],
    most: usize,
) -> Result<()> {
    let (by_language, misses) = topics::sentences(knowledge, shared, split, only)?;
    for miss in misses.iter().take(most) {
        let found: Vec<String> =
            miss.found.iter().map(|t| format!("{} {} {:?}", t.label, t.score, t.terms)).collect();
        println!(
            "{} {}: {}\n    {}",
            miss.sentence.lang,
            miss.sentence.label,
            miss.sentence.text,
            found.join("; ")
        );
    }
    for (language, labels) in by_language {
        let (right, all) = labels.values().fold((0, 0), |(a, b), (x, y)| (a + x, b + y));
        let parts: Vec<String> = labels.iter().map(|(label, (x, y))| format!("{label} {x}/{y}")).collect();
        println!("{language}: {:.3} ({})", right as f64 / all.max(1) as f64, parts.join(", "));
    }
    Ok(())
}
