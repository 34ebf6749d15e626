//! `siaga demo`: every stage in one process, over a broker that needs no Kafka.

mod articles;

mod feeder;
mod input;
mod interrupts;
mod ledger;
mod page;
mod show;
mod totals;
mod view;

use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use clap::Args;
use console::Term;
use jiff::Timestamp;
use prometheus::Registry;
use siaga_alert::deliver::Ownership;
use siaga_alert::policy::Policies;
use siaga_alert::{Alerter, DecisionMetrics};
use siaga_analysis::Knowledge;
use siaga_classify::Classifier;
use siaga_detect::Detector;
use siaga_ingest::input::Entry;
use siaga_runtime::exit::Failure;
use siaga_schemas::topics::{DEFAULT_PREFIX, Topic, catalogue, dead_letter_topic};
use siaga_stream::in_process::InProcess;
use siaga_track::{Joiner, Tracking};

use feeder::Feeder;
use input::Input;
use interrupts::Interrupts;
use show::Show;
use view::View;

/// Articles a second where the bundled ones are shown: one can read along.
const READABLE: f64 = 2.0;

/// Most partitions of a topic: more would only cost requests.
const PARTITIONS: i32 = 3;

/// Who is told.
const POLICIES: &str = include_str!("../../demo/policies.toml");

/// What waits to be told by the feeder.
const TOLD: usize = 1024;

/// Shows the whole pipeline at work, with nothing to install.
#[derive(Debug, Args)]
#[command(
    after_help = "Articles go through the same stages as with a real Kafka: ingest, classify, detect, track, alert.\n\
    The console stays until Ctrl-C, and with --no-console the demo ends by itself. Where articles are on their way,\n\
    they are finished first; a second Ctrl-C does not wait."
)]
pub(crate) struct Options {
    /// Articles of one's own instead of the bundled ones: JSON Lines, a page as .txt or .html, or a folder of such files.
    #[arg(long, value_name = "FILE|DIR")]
    input: Option<PathBuf>,

    /// Articles a second; 2 for the bundled ones, as fast as they go for one's own.
    #[arg(long, value_name = "NUMBER", value_parser = rate)]
    rate: Option<f64>,

    /// Where the console is; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", conflicts_with = "no_console")]
    console: SocketAddr,

    /// Only the terminal, and an end.
    #[arg(long)]
    no_console: bool,
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if (0.001..=1_000_000.0).contains(&rate) => Ok(rate),
        _ => Err("expected articles a second, from 0.001 to 1000000".to_owned()),
    }
}

type Entries = Box<dyn Iterator<Item = Result<Entry, input::Error>> + Send>;

/// Runs the demo until all articles are shown.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let failed = |error: &dyn std::error::Error| Failure::failed(error);
    let interrupts = Interrupts::listen()?;
    let view = View::new(Term::stdout().size_checked().map(|(_, columns)| columns));
    let (entries, rate, words) = source(options)?;
    let (stop, open) = mpsc::channel();
    let (tell, told) = mpsc::sync_channel(TOLD);
    let mut show = Show::new(view, told, stop, interrupts);
    let knowledge = Arc::new(Knowledge::built_in().map_err(|error| failed(&error))?);
    let topics: Vec<(String, i32)> = catalogue(DEFAULT_PREFIX)
        .into_iter()
        .map(|spec| (spec.name, spec.partitions.min(PARTITIONS)))
        .collect();
    let mut broker = InProcess::start(DEFAULT_PREFIX, &topics).map_err(|error| failed(&error))?;
    let console = match options.no_console {
        true => None,
        false => Some(page::start(&mut broker, options.console)?),
    };
    show.begin(&words, console);
    let ends = [
        Topic::ArticlesEnriched.name(DEFAULT_PREFIX),
        Topic::EventsSecurity.name(DEFAULT_PREFIX),
        Topic::Alerts.name(DEFAULT_PREFIX),
        dead_letter_topic(&Topic::ArticlesRaw.name(DEFAULT_PREFIX)),
        dead_letter_topic(&Topic::ArticlesClassified.name(DEFAULT_PREFIX)),
    ];
    let reader = broker.reader("demo", &ends).map_err(|error| failed(&error))?;
    start(&mut broker, &knowledge)?;
    let feeder = Feeder {
        entries,
        sender: siaga_ingest::Config::default().sender(),
        writer: broker.writer("ingest").map_err(|error| failed(&error))?,
        topic: Topic::ArticlesRaw.name(DEFAULT_PREFIX),
        pace: rate.map(|rate| Duration::from_secs_f64(1.0 / rate)),
        open,
        tell,
    };
    let feed = move || {
        feeder.run();
        Ok(())
    };
    broker.spawn("ingest", feed).map_err(|error| failed(&error))?;
    show.run(&broker, reader)
}

/// The articles, how many a second, and what to say of them.
fn source(options: &Options) -> Result<(Entries, Option<f64>, String), Failure> {
    match &options.input {
        Some(path) => {
            let input = Input::open(path).map_err(|error| Failure::failed(&error))?;
            Ok((Box::new(input), options.rate, format!("articles of {}", path.display())))
        }
        None => {
            let entries = articles::bundled();
            let words = format!("{} articles of our own writing, all names invented", entries.len());
            let rate = Some(options.rate.unwrap_or(READABLE));
            Ok((Box::new(entries.into_iter().map(Ok)), rate, words))
        }
    }
}

fn start(broker: &mut InProcess, knowledge: &Arc<Knowledge>) -> Result<(), Failure> {
    let failed = |error: &dyn std::error::Error| Failure::failed(error);
    let policies = Policies::parse(Path::new("demo/policies.toml"), POLICIES);
    let policies = Arc::new(policies.map_err(|mistake| failed(&mistake))?);
    let registry = Registry::new();
    let decisions = DecisionMetrics::new(&registry, &[]).map_err(|error| failed(&error))?;
    let reports = siaga_track::Metrics::new(&registry).map_err(|error| failed(&error))?;
    let joiner = move || Joiner::new(tracking(), reports.clone());
    let alerter = move || {
        let clock = Arc::new(Timestamp::now);
        Alerter::new(Arc::clone(&policies), clock, Ownership::default(), decisions.clone())
    };
    run_stages(broker, knowledge, joiner, alerter).map_err(|error| failed(&error))
}

/// Articles keep their days whenever the demo runs: nothing is closed or forgotten because they are long past.
fn tracking() -> Tracking {
    Tracking { close_after_days: NonZeroU16::MAX, ..Tracking::of_all_times() }
}

fn run_stages(
    broker: &mut InProcess,
    knowledge: &Arc<Knowledge>,
    joiner: impl Fn() -> Joiner + Send + 'static,
    alerter: impl Fn() -> Alerter + Send + 'static,
) -> Result<(), siaga_stream::Error> {
    let topics = siaga_classify::DEFINITION.topics(DEFAULT_PREFIX);
    broker.run("classify", topics, Classifier::new(Arc::clone(knowledge)))?;
    let topics = siaga_detect::DEFINITION.topics(DEFAULT_PREFIX);
    broker.run("detect", topics, Detector::new(Arc::clone(knowledge)))?;
    broker.run_stateful("track", siaga_track::DEFINITION.topics(DEFAULT_PREFIX), joiner)?;
    broker.run_stateful("alert", siaga_alert::service::DEFINITION.topics(DEFAULT_PREFIX), alerter)
}
