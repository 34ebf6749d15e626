//! `siaga ingest`: articles over HTTP and from feeds, or from files.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Arg, ArgMatches, Command, value_parser};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use siaga_ingest::files::{FileSender, Summary};
use siaga_ingest::kafka::KafkaSink;
use siaga_ingest::{Config, service};
use siaga_runtime::config::{self, Loaded};
use siaga_runtime::exit::Failure;
use siaga_runtime::health::Probe;
use siaga_runtime::service::{Context, Process, Work};
use siaga_runtime::version::Version;
use siaga_schemas::topics::Topic;
use siaga_stream::Publishing;

use crate::settings;

const VERSION: Version = Version { service: "ingest", version: env!("CARGO_PKG_VERSION") };

const FILES: &str = "files";
const REFUSED: &str = "refused";

/// The command, with a flag for each setting.
pub(crate) fn command() -> Command {
    let files = Arg::new(FILES).value_name("FILE").num_args(0..).value_parser(value_parser!(PathBuf)).help(
        "Articles as JSON Lines, pages as .txt or .html; without any, they come over HTTP and from feeds",
    );
    let refused = Arg::new(REFUSED)
        .long("refused")
        .value_name("FILE")
        .default_value("refused.jsonl")
        .value_parser(value_parser!(PathBuf))
        .help("Takes the lines that are no articles, with reasons; made with the first one");
    let command = Command::new("ingest")
        .about("Accepts articles over HTTP, from feeds or from files and writes them to articles.raw")
        .arg(files)
        .arg(refused);
    config::add_flags(command, &Config::default())
}

/// Runs it.
pub(crate) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let loaded: Loaded<Config> = settings::load(&Config::default(), matches)?;
    let files: Vec<PathBuf> = matches.get_many(FILES).into_iter().flatten().cloned().collect();
    if files.is_empty() {
        return serve(loaded);
    }
    let default = PathBuf::from("refused.jsonl");
    send(&loaded, &files, matches.get_one::<PathBuf>(REFUSED).unwrap_or(&default))
}

fn sink(loaded: &Loaded<Config>) -> Result<KafkaSink, Failure> {
    let config = &loaded.config;
    let publishing = Publishing {
        buffer_kib: config.articles.write_behind_kib,
        acknowledge_timeout: config.http.acknowledge_timeout,
    };
    let topic = Topic::ArticlesRaw.name(&config.kafka.prefix);
    KafkaSink::new(&config.kafka, topic, publishing).map_err(|error| settings::failure(loaded, error))
}

fn serve(loaded: Loaded<Config>) -> Result<(), Failure> {
    let config = &loaded.config;
    let process = Process {
        version: VERSION,
        log: config.log.clone(),
        admin: config.admin.clone(),
        shutdown: config.shutdown.clone(),
        settings: loaded.effective.set(),
    };
    siaga_runtime::service::run(&process, |context: &Context<'_>| {
        let sink = Arc::new(sink(&loaded)?);
        let (live, ready) = (Arc::clone(&sink), Arc::clone(&sink));
        context.health.add(Probe::Live, "producer", move || live.live());
        context.health.add(Probe::Ready, "producer", move || ready.ready());
        let Work { stop, join } = service::serve(&loaded, sink, context)?;
        Ok(Work { stop, join })
    })
}

/// Sends the articles of files, with a bar where somebody looks.
fn send(loaded: &Loaded<Config>, files: &[PathBuf], refusals: &Path) -> Result<(), Failure> {
    let sink = sink(loaded)?;
    let sender = loaded.config.sender();
    let waiting_bytes = loaded.config.articles.write_behind_kib * 1024 / 2;
    let files_to_kafka = FileSender { sink: &sink, sender: &sender, waiting_bytes, refusals };
    let bar = bar(files);
    let sent = files_to_kafka.send(files, |bytes| bar.inc(bytes));
    bar.finish_and_clear();
    sink.close(Duration::from_secs(1));
    let summary = sent.map_err(|error| Failure::failed(&error))?;
    report(summary, refusals);
    Ok(())
}

fn report(summary: Summary, refusals: &Path) {
    eprintln!("{} articles are in the topic", summary.accepted);
    if summary.refused > 0 {
        eprintln!(
            "{} lines are refused, listed with their reasons in {}",
            summary.refused,
            refusals.display()
        );
    }
}

fn bar(files: &[PathBuf]) -> ProgressBar {
    let sizes = files.iter().map(|file| std::fs::metadata(file).map(|m| m.len()));
    let total: u64 = sizes.filter_map(Result::ok).sum();
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(total), target);
    let template = "{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
    // The default style serves as well where the template is not taken.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
