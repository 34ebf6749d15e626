//! Writes results to standard output and complaints to standard error.

use std::io::{self, BufWriter, ErrorKind, Write};

use siaga_runtime::exit::Failure;

use super::parallel::InOrder;

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// All results are written.
    AllWritten,
    /// Whoever read the output has gone, as `head` does; that is no failure.
    NobodyListens,
}

/// Where results go.
pub(super) struct Output {
    out: BufWriter<Box<dyn Write>>,
    refused: usize,
}

impl Output {
    pub(super) fn standard() -> Self {
        Self::to(Box::new(io::stdout().lock()))
    }

    fn to(out: Box<dyn Write>) -> Self {
        Self { out: BufWriter::with_capacity(1 << 16, out), refused: 0 }
    }

    /// Writes results as they come: what is done is shown before the next one is waited for.
    pub(super) fn take(&mut self, mut results: InOrder<Result<String, String>>) -> Result<Ended, Failure> {
        match self.write(&mut results) {
            Ok(()) => Ok(Ended::AllWritten),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Ended::NobodyListens),
            Err(error) => Err(Failure::Failed(format!("standard output cannot be written: {error}"))),
        }
    }

    fn write(&mut self, results: &mut InOrder<Result<String, String>>) -> io::Result<()> {
        while let Some(result) = results.next_or(|| self.out.flush())? {
            match result {
                Ok(text) => self.out.write_all(text.as_bytes())?,
                Err(complaint) => {
                    self.refused += 1;
                    say(&complaint);
                }
            }
        }
        self.out.flush()
    }

    /// Fails where something was refused.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self.refused {
            0 => Ok(()),
            1 => Err(Failure::Failed("one article could not be read".to_owned())),
            refused => Err(Failure::Failed(format!("{refused} articles could not be read"))),
        }
    }
}

fn say(complaint: &str) {
    // Without a standard error there is nobody to tell.
    drop(io::stderr().write_all(format!("{complaint}\n").as_bytes()));
}
