//! `siaga ingest FILE…`: articles from files, each acknowledged by Kafka before the command ends.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tokio::sync::oneshot;

use crate::article::{Refusal, Sender, Trace, now};
use crate::input::{Entries, Entry, Unreadable};
use crate::sink::{Delivered, Sink, Undelivered};

/// Most articles that wait for Kafka.
const WAITING: usize = 4096;

/// What became of the articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Acknowledged by Kafka.
    pub accepted: u64,
    /// Listed with their reasons in the file of refusals.
    pub refused: u64,
}

/// Why not all articles were read and sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Kafka does not take an article.
    #[error("{place}: {reason}; {accepted} articles before it are in the topic")]
    Undelivered {
        /// File and line.
        place: String,
        /// Why.
        reason: Undelivered,
        /// Articles acknowledged so far.
        accepted: u64,
    },
    /// Refusals cannot be written down.
    #[error("refusals cannot be written to {}: {source}", path.display())]
    Refusals {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// An article on its way.
struct Waiting {
    place: String,
    size: usize,
    outcome: oneshot::Receiver<Result<Delivered, Undelivered>>,
}

/// Sends articles from files.
#[derive(Debug)]
pub struct FileSender<'a> {
    /// Takes the records.
    pub sink: &'a dyn Sink,
    /// Makes the records.
    pub sender: &'a Sender,
    /// Most bytes that wait for Kafka.
    pub waiting_bytes: usize,
    /// Takes refusals as JSON Lines; made anew with the first one.
    pub refusals: &'a Path,
}

impl FileSender<'_> {
    /// Sends all articles of the files; `progress` hears of the bytes of each one that is done. Blocks.
    ///
    /// # Errors
    /// At the first file that cannot be read, and at the first article that Kafka does not take.
    pub fn send(&self, files: &[PathBuf], mut progress: impl FnMut(u64)) -> Result<Summary, Error> {
        let mut refusals = Refusals { path: self.refusals, out: None, count: 0 };
        let mut window = Window { waiting: VecDeque::new(), bytes: 0, accepted: 0 };
        let sent = self.send_all(files, &mut refusals, &mut window, &mut progress);
        // What was sent before a failure is waited for all the same: the summary says what is in the topic.
        let drained = window.drain();
        refusals.finish()?;
        sent.and(drained)?;
        Ok(Summary { accepted: window.accepted, refused: refusals.count })
    }

    fn send_all(
        &self,
        files: &[PathBuf],
        refusals: &mut Refusals<'_>,
        window: &mut Window,
        progress: &mut impl FnMut(u64),
    ) -> Result<(), Error> {
        for file in files {
            for entry in Entries::open(file)? {
                let entry = entry?;
                match self.sender.record(&entry, &Trace::default(), now()) {
                    Ok(record) => {
                        window.make_room(record.value.len(), self.waiting_bytes)?;
                        let size = record.value.len();
                        let (done, outcome) = oneshot::channel();
                        self.sink.send(record, done);
                        window.push(Waiting { place: entry.place(), size, outcome });
                    }
                    Err(refusal) => refusals.add(&entry, &refusal)?,
                }
                progress(entry.size);
            }
        }
        Ok(())
    }
}

/// Articles that wait for Kafka, oldest first.
struct Window {
    waiting: VecDeque<Waiting>,
    bytes: usize,
    accepted: u64,
}

impl Window {
    fn push(&mut self, waiting: Waiting) {
        self.bytes += waiting.size;
        self.waiting.push_back(waiting);
    }

    fn make_room(&mut self, size: usize, most: usize) -> Result<(), Error> {
        while !self.waiting.is_empty() && (self.waiting.len() >= WAITING || self.bytes + size > most) {
            self.wait_for_the_oldest()?;
        }
        Ok(())
    }

    fn drain(&mut self) -> Result<(), Error> {
        let mut first = Ok(());
        while !self.waiting.is_empty() {
            let result = self.wait_for_the_oldest();
            first = first.and(result);
        }
        first
    }

    fn wait_for_the_oldest(&mut self) -> Result<(), Error> {
        let Some(waiting) = self.waiting.pop_front() else { return Ok(()) };
        self.bytes -= waiting.size;
        let gone = |_| Err(Undelivered::Unacknowledged("the producer has ended".to_owned()));
        match waiting.outcome.blocking_recv().unwrap_or_else(gone) {
            Ok(_) => {
                self.accepted += 1;
                Ok(())
            }
            Err(reason) => Err(Error::Undelivered { place: waiting.place, reason, accepted: self.accepted }),
        }
    }
}

/// The file of refusals, made with the first one.
struct Refusals<'a> {
    path: &'a Path,
    out: Option<BufWriter<File>>,
    count: u64,
}

#[derive(Serialize)]
struct RefusedLine<'a> {
    file: String,
    #[serde(flatten)]
    refusal: &'a Refusal,
}

impl Refusals<'_> {
    fn add(&mut self, entry: &Entry, refusal: &Refusal) -> Result<(), Error> {
        self.count += 1;
        self.write(entry, refusal).map_err(|source| Error::Refusals { path: self.path.to_owned(), source })
    }

    fn write(&mut self, entry: &Entry, refusal: &Refusal) -> io::Result<()> {
        let out = match &mut self.out {
            Some(out) => out,
            None => self.out.insert(BufWriter::new(File::create(self.path)?)),
        };
        let line = RefusedLine { file: entry.file.display().to_string(), refusal };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")
    }

    fn finish(&mut self) -> Result<(), Error> {
        let flushed = self.out.as_mut().map_or(Ok(()), Write::flush);
        flushed.map_err(|source| Error::Refusals { path: self.path.to_owned(), source })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::sink::{Done, Outgoing};

    /// Acknowledges up to `room` records, then none.
    #[derive(Debug)]
    struct Topic {
        room: usize,
        keys: Mutex<Vec<String>>,
    }

    impl Sink for Topic {
        fn send(&self, record: Outgoing, done: Done) {
            let mut keys = self.keys.lock().unwrap();
            let result = if keys.len() < self.room {
                keys.push(record.key);
                Ok(Delivered { partition: 0, offset: 0 })
            } else {
                Err(Undelivered::Unacknowledged("broker away".into()))
            };
            done.send(result).unwrap();
        }
    }

    fn send(content: &str, room: usize) -> (Result<Summary, Error>, Vec<String>, Option<String>, u64) {
        let folder = tempfile::tempdir().unwrap();
        let (file, refusals) = (folder.path().join("in.jsonl"), folder.path().join("refused.jsonl"));
        std::fs::write(&file, content).unwrap();
        let topic = Topic { room, keys: Mutex::default() };
        let sender = Sender { largest_record: 1000, lane: "live".into() };
        let files = FileSender { sink: &topic, sender: &sender, waiting_bytes: 50, refusals: &refusals };
        let mut bytes = 0;
        let result = files.send(&[file], |more| bytes += more);
        let refused = std::fs::read_to_string(refusals).ok();
        let refused = refused.map(|text| text.replace(&format!("{}/", folder.path().display()), ""));
        (result, topic.keys.into_inner().unwrap(), refused, bytes)
    }

    #[test]
    fn refused_lines_stand_in_a_file_and_the_others_in_the_topic() {
        let content = "{\"id\":\"a\",\"body\":\"x\"}\n{\"body\":2}\n\n{\"id\":\"b\",\"body\":\"y\"}\n{";
        let (result, keys, refused, bytes) = send(content, 100);
        assert_eq!(result.unwrap(), Summary { accepted: 2, refused: 2 });
        assert_eq!(keys, ["a", "b"]);
        let refused: Vec<serde_json::Value> =
            refused.unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(
            (refused[0]["file"].as_str(), refused[0]["line"].as_u64(), refused[0]["field"].as_str()),
            (Some("in.jsonl"), Some(2), Some("body"))
        );
        assert_eq!((refused[1]["line"].as_u64(), refused[1]["code"].as_str()), (Some(5), Some("not_json")));
        // All but the blank line.
        assert_eq!(bytes, content.len() as u64 - 1);
    }

    #[test]
    fn no_file_of_refusals_without_refusals() {
        let (result, _, refused, _) = send("{\"id\":\"a\",\"body\":\"x\"}\n", 100);
        assert_eq!((result.unwrap().accepted, refused), (1, None));
    }

    #[test]
    fn the_first_article_that_kafka_does_not_take_is_named() {
        let lines: String = (0..9).map(|n| format!("{{\"id\":\"{n}\",\"body\":\"x\"}}\n")).collect();
        let (result, keys, _, _) = send(&lines, 3);
        let error = result.unwrap_err().to_string();
        assert!(error.contains("in.jsonl:4: record is not acknowledged: broker away; 3 articles"), "{error}");
        assert_eq!(keys, ["0", "1", "2"]);
    }
}
