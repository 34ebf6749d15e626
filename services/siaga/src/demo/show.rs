//! Shows what comes out of the pipeline as it comes, and the totals at the end.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use std::time::Duration;

use siaga_runtime::exit::Failure;
use siaga_schemas::topics::{DEFAULT_PREFIX, Topic};
use siaga_schemas::{Alert, EnrichedArticle, Message};
use siaga_stream::Record;
use siaga_stream::in_process::{InProcess, Reader};

use super::feeder::Told;
use super::interrupts::Interrupts;
use super::ledger::Ledger;
use super::page::TOKEN;
use super::totals::Totals;
use super::view::View;

/// Longest wait for a record before the other things are looked at.
const WAIT: Duration = Duration::from_millis(20);

/// Code of a dead letter that does not say it.
const UNKNOWN: &str = "unknown";

/// The stages whose records are articles.
const ARTICLE_STAGES: [&str; 2] = ["classify", "detect"];

/// The end of the pipeline.
pub(super) struct Show {
    view: View,
    told: Receiver<Told>,
    /// The feeder feeds while it is there.
    feeding: Option<Sender<()>>,
    interrupts: Interrupts,
    ledger: Ledger,
    totals: Totals,
    /// Whether the feeder has told all.
    fed: bool,
    /// Why not all of the input could be read.
    unreadable: Option<String>,
    out: BufWriter<StdoutLock<'static>>,
    enriched: String,
    events: String,
    alerts: String,
    /// Where the console is; it stays when all is shown.
    console: Option<SocketAddr>,
}

impl Show {
    pub(super) fn new(view: View, told: Receiver<Told>, stop: Sender<()>, interrupts: Interrupts) -> Self {
        Self {
            view,
            told,
            feeding: Some(stop),
            interrupts,
            ledger: Ledger::default(),
            totals: Totals::default(),
            fed: false,
            unreadable: None,
            out: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
            enriched: Topic::ArticlesEnriched.name(DEFAULT_PREFIX),
            events: Topic::EventsSecurity.name(DEFAULT_PREFIX),
            alerts: Topic::Alerts.name(DEFAULT_PREFIX),
            console: None,
        }
    }

    /// Says what is to come.
    pub(super) fn begin(&mut self, words: &str, console: Option<SocketAddr>) {
        self.console = console;
        let head = format!("{words}; ingest → classify → detect → track → alert over an in-process broker");
        let mut text = format!("{}\n{}", self.view.rule("siaga demo"), self.view.fold(&head));
        if let Some(address) = console {
            let line = format!("console: http://{address} (to decide as an operator, sign in with {TOKEN})");
            text.push_str(&self.view.bold(&self.view.fold(&line)));
        }
        // Where nobody listens, the next line finds out.
        drop(self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()));
    }

    /// Shows everything, then the totals.
    ///
    /// # Errors
    /// Where the pipeline fails, the input cannot be read, or the totals do not add up.
    pub(super) fn run(mut self, broker: &InProcess, mut reader: Reader) -> Result<(), Failure> {
        let ended = self.until_the_end(broker, &mut reader);
        let finished = ended.and_then(|()| self.finish(broker));
        match finished.and_then(|()| self.stay(broker, &mut reader)) {
            // Whoever read the output has gone, as `head` does; that is no failure.
            Err(Problem::Pipe(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(Problem::Pipe(error)) => {
                Err(Failure::Failed(format!("standard output cannot be written: {error}")))
            }
            Err(Problem::Failed(failure)) => Err(failure),
            Ok(()) => self.verdict(),
        }
    }

    fn until_the_end(&mut self, broker: &InProcess, reader: &mut Reader) -> Result<(), Problem> {
        loop {
            if let Some(reason) = broker.failure() {
                return Err(Problem::Failed(Failure::Failed(reason)));
            }
            if self.interrupts.count() > 0 && self.feeding.take().is_some() {
                self.out.flush()?;
                say("ending: what is on its way is finished first");
            }
            if self.interrupts.count() > 1 {
                return Ok(());
            }
            // Looked at before the pipeline: what is not drained now is shown in a later round.
            let over = self.fed && broker.is_drained();
            self.listen()?;
            match reader.next(WAIT, |record| self.record(record)).map_err(failed)? {
                Some(shown) => shown?,
                None if over => return Ok(()),
                None => self.out.flush()?,
            }
        }
    }

    /// Hears what the feeder has told so far.
    fn listen(&mut self) -> Result<(), Problem> {
        loop {
            match self.told.try_recv() {
                Ok(Told::Fed(key)) => {
                    self.ledger.open(key);
                    self.totals.fed += 1;
                }
                Ok(Told::Refused(place, refusal)) => {
                    *self.totals.refused.entry(refusal.code).or_default() += 1;
                    self.out.flush()?;
                    say(&format!("{place}: {}", refusal.reason));
                }
                Ok(Told::Unreadable(error)) => self.unreadable = Some(error.to_string()),
                Ok(Told::End) => {}
                Err(TryRecvError::Empty) => return Ok(()),
                Err(TryRecvError::Disconnected) => {
                    self.fed = true;
                    return Ok(());
                }
            }
        }
    }

    fn record(&mut self, record: &Record<'_>) -> Result<(), Problem> {
        if record.topic() == self.events {
            self.totals.event_records += 1;
            return Ok(());
        }
        if record.topic() == self.alerts {
            let Some(payload) = record.payload() else { return Ok(()) };
            let alert = Alert::decode(payload).map_err(failed)?;
            self.totals.alerts += 1;
            let text = self.view.alert(&alert);
            return self.write(&text);
        }
        // It was told before it was fed, so it is known by now.
        self.listen()?;
        let key = String::from_utf8_lossy(record.key().unwrap_or_default()).into_owned();
        if !self.ledger.close(&key) {
            self.totals.doubled += 1;
        }
        if record.topic() == self.enriched {
            let enriched = EnrichedArticle::decode(record.payload().unwrap_or_default()).map_err(failed)?;
            self.totals.count(&enriched);
            let text = self.view.article(&enriched);
            return self.write(&text);
        }
        let header = |name: &str| record.header(name).map(String::from_utf8_lossy);
        let code = header("__streams.errors.exception").unwrap_or_else(|| UNKNOWN.into()).into_owned();
        let reason = header("__streams.errors.message").unwrap_or_default();
        let text = self.view.dead_letter(&key, &code, &reason);
        *self.totals.dead_letters.entry(code).or_default() += 1;
        self.write(&text)
    }

    fn write(&mut self, text: &str) -> Result<(), Problem> {
        self.out.write_all(text.as_bytes())?;
        // A person reads along; a file takes it in large pieces.
        if io::stdout().is_terminal() {
            self.out.flush()?;
        }
        Ok(())
    }

    fn finish(&mut self, broker: &InProcess) -> Result<(), Problem> {
        self.listen()?;
        self.totals.skipped = ARTICLE_STAGES.iter().map(|stage| broker.skipped(stage)).sum();
        self.totals.under_way = self.ledger.records().saturating_sub(self.totals.skipped);
        let text = self.totals.render(&self.view);
        self.write(&text)?;
        Ok(self.out.flush()?)
    }

    /// Keeps the console until it is interrupted.
    fn stay(&mut self, broker: &InProcess, reader: &mut Reader) -> Result<(), Problem> {
        let Some(address) = self.console.filter(|_| self.interrupts.count() == 0) else { return Ok(()) };
        say(&format!("the console stays at http://{address}; Ctrl-C ends it"));
        while self.interrupts.count() == 0 {
            if let Some(reason) = broker.failure() {
                return Err(Problem::Failed(Failure::Failed(reason)));
            }
            if let Some(shown) = reader.next(WAIT, |record| self.record(record)).map_err(failed)? {
                shown?;
                self.out.flush()?;
            }
        }
        Ok(())
    }

    fn verdict(self) -> Result<(), Failure> {
        if !self.totals.add_up() {
            return Err(Failure::Failed("the totals do not add up".to_owned()));
        }
        self.unreadable.map_or(Ok(()), |reason| Err(Failure::Failed(reason)))
    }
}

/// What ends the show early.
enum Problem {
    Pipe(io::Error),
    Failed(Failure),
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Pipe(error)
    }
}

fn failed(error: impl std::error::Error) -> Problem {
    Problem::Failed(Failure::failed(&error))
}

fn say(words: &str) {
    // Without a standard error there is nobody to tell.
    drop(io::stderr().write_all(format!("siaga: {words}\n").as_bytes()));
}
