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

    /// Hands results on as they come, and says what was refused.
    pub(super) fn hear<T>(
        &mut self,
        mut results: InOrder<Result<T, String>>,
        mut take: impl FnMut(T),
    ) -> Result<(), Failure> {
        while let Ok::<_, std::convert::Infallible>(Some(result)) = results.next_or(|| Ok(())) {
            match result {
                Ok(thing) => take(thing),
                Err(complaint) => {
                    self.refused += 1;
                    say(&complaint);
                }
            }
        }
        Ok(())
    }

    /// Writes lines that are all there.
    pub(super) fn print(
        &mut self,
        lines: impl Iterator<Item = Result<String, Failure>>,
    ) -> Result<Ended, Failure> {
        for line in lines {
            match self.out.write_all(line?.as_bytes()) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Ended::NobodyListens),
                Err(error) => {
                    return Err(Failure::Failed(format!("standard output cannot be written: {error}")));
                }
            }
        }
        match self.out.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Ended::NobodyListens),
            Err(error) => Err(Failure::Failed(format!("standard output cannot be written: {error}"))),
            Ok(()) => Ok(Ended::AllWritten),
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
