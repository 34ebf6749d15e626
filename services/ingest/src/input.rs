//! Articles in files: JSON Lines, or one page as text or HTML; read one at a time however large the files are.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use siaga_schemas::{DecodeError, Message, RawArticle};

/// Largest article that is read from a file, in bytes. Topics take less.
pub const LARGEST_ARTICLE: usize = 16 * 1024 * 1024;

/// Names the standard input where a file is asked for.
pub const STANDARD_INPUT: &str = "-";

/// How articles stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One JSON object a line.
    JsonLines,
    /// The whole file is one page as text.
    Page,
    /// The whole file is one page as HTML.
    Html,
}

/// One article as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The file as it was named; `-` for standard input.
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
    /// How it stands there.
    pub form: Form,
    /// Its bytes, without line end; cut where it is larger than [`LARGEST_ARTICLE`].
    pub bytes: Vec<u8>,
    /// Bytes that it takes in the file.
    pub size: u64,
}

/// Why an entry is no article.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is no raw article.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// It is not even read.
    #[error("article is larger than {0} bytes")]
    TooLarge(usize),
}

/// A file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be read: {source}", path.display())]
pub struct Unreadable {
    /// As it was named.
    pub path: PathBuf,
    /// What the system says.
    pub source: io::Error,
}

impl Entry {
    /// The error with the line in the file: the parser counts from the entry's.
    fn counted(&self, mut error: DecodeError) -> DecodeError {
        if let DecodeError::NotJson { line, .. } | DecodeError::TooDeep { line, .. } = &mut error {
            *line += self.line - 1;
        }
        error
    }

    /// File and line.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file.display(), self.line)
    }

    /// The article.
    ///
    /// # Errors
    /// Where the entry is none.
    pub fn article(&self) -> Result<RawArticle, Unusable> {
        if self.bytes.len() > LARGEST_ARTICLE {
            return Err(Unusable::TooLarge(LARGEST_ARTICLE));
        }
        match self.form {
            Form::JsonLines => {
                RawArticle::decode(&self.bytes).map_err(|error| Unusable::Decode(self.counted(error)))
            }
            Form::Page | Form::Html => {
                let page = std::str::from_utf8(&self.bytes)
                    .map_err(|error| DecodeError::NotUtf8 { valid_up_to: error.valid_up_to() })?;
                let mut article = RawArticle::default();
                let field = if self.form == Form::Page { &mut article.text } else { &mut article.html };
                *field = Some(page.to_owned());
                article.check()?;
                Ok(article)
            }
        }
    }
}

/// The entries of a file, in order; blank lines are left out.
pub struct Entries {
    path: PathBuf,
    form: Form,
    reader: Box<dyn BufRead + Send>,
    line: usize,
    ended: bool,
}

impl std::fmt::Debug for Entries {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entries").field("path", &self.path).field("line", &self.line).finish_non_exhaustive()
    }
}

impl Entries {
    /// Opens a file, or standard input where it is called `-`. The form is told by the end of the name: `.txt`, `.html`,
    /// `.jsonl` and the like; else a file is JSON Lines where its first sign is `{`, and a page as text where not.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn open(path: &Path) -> Result<Self, Unreadable> {
        let reader: Box<dyn BufRead + Send> = if path == Path::new(STANDARD_INPUT) {
            Box::new(BufReader::new(io::stdin()))
        } else {
            Box::new(File::open(path).map(BufReader::new).map_err(|source| unreadable(path, source))?)
        };
        Self::read(path, reader)
    }

    /// Reads entries from anywhere; `path` only names them.
    ///
    /// # Errors
    /// Where the first bytes cannot be read.
    pub fn read(path: &Path, mut reader: Box<dyn BufRead + Send>) -> Result<Self, Unreadable> {
        let (form, line) = look(path, reader.as_mut()).map_err(|source| unreadable(path, source))?;
        Ok(Self { path: path.to_owned(), form, reader, line, ended: false })
    }

    fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        match self.form {
            Form::JsonLines => self.next_line(),
            Form::Page | Form::Html => self.page(),
        }
    }

    fn next_line(&mut self) -> io::Result<Option<Entry>> {
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let limit = LARGEST_ARTICLE as u64 + 2;
            let mut size = (&mut self.reader).take(limit).read_until(b'\n', &mut bytes)? as u64;
            if size == 0 {
                return Ok(None);
            }
            if size == limit && bytes.last() != Some(&b'\n') {
                size += self.reader.skip_until(b'\n')? as u64;
            }
            self.line += 1;
            if !bytes.iter().all(u8::is_ascii_whitespace) {
                let end = bytes.iter().rposition(|b| !b.is_ascii_whitespace()).map_or(0, |last| last + 1);
                bytes.truncate(end);
                return Ok(Some(self.entry(bytes, size)));
            }
        }
    }

    fn page(&mut self) -> io::Result<Option<Entry>> {
        if self.ended {
            return Ok(None);
        }
        self.ended = true;
        self.line = 1;
        let mut bytes = Vec::new();
        (&mut self.reader).take(LARGEST_ARTICLE as u64 + 1).read_to_end(&mut bytes)?;
        let size = bytes.len() as u64;
        Ok(Some(self.entry(bytes, size)))
    }

    fn entry(&self, bytes: Vec<u8>, size: u64) -> Entry {
        Entry { file: self.path.clone(), line: self.line, form: self.form, bytes, size }
    }
}

impl Iterator for Entries {
    type Item = Result<Entry, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended && self.form == Form::JsonLines {
            return None;
        }
        let found = self.next_entry().map_err(|source| unreadable(&self.path, source));
        self.ended |= found.is_err();
        found.transpose()
    }
}

/// Tells the form by the first sign, and passes over a byte order mark and the lines before it.
fn look(path: &Path, reader: &mut dyn BufRead) -> io::Result<(Form, usize)> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    if reader.fill_buf()?.starts_with(MARK) {
        reader.consume(MARK.len());
    }
    let ends_in =
        |ends: &[&str]| path.extension().is_some_and(|e| ends.iter().any(|k| e.eq_ignore_ascii_case(k)));
    if ends_in(&["txt"]) {
        return Ok((Form::Page, 0));
    }
    if ends_in(&["html", "htm"]) {
        return Ok((Form::Html, 0));
    }
    if ends_in(&["jsonl", "ndjson", "json"]) {
        return Ok((Form::JsonLines, 0));
    }
    let mut lines = 0;
    loop {
        match reader.fill_buf()?.first() {
            Some(b'\n') => lines += 1,
            Some(byte) if byte.is_ascii_whitespace() => {}
            Some(b'{') => return Ok((Form::JsonLines, lines)),
            None => return Ok((Form::JsonLines, lines)),
            Some(_) => return Ok((Form::Page, 0)),
        }
        reader.consume(1);
    }
}

fn unreadable(path: &Path, source: io::Error) -> Unreadable {
    Unreadable { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(name: &str, content: &[u8]) -> Vec<Entry> {
        let reader = Box::new(io::Cursor::new(content.to_vec()));
        Entries::read(Path::new(name), reader).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn lines_keep_their_numbers_over_blank_ones() {
        let found = entries("-", b"\xEF\xBB\xBF\n\n{\"body\":\"one\"}\r\n  \n{broken\n{\"body\":\"two\"}");
        let places: Vec<String> = found.iter().map(Entry::place).collect();
        assert_eq!(places, ["-:3", "-:5", "-:6"]);
        assert_eq!(found[0].article().unwrap().body.as_deref(), Some("one"));
        assert!(matches!(found[1].article(), Err(Unusable::Decode(DecodeError::NotJson { line: 5, .. }))));
        assert_eq!(found[2].article().unwrap().body.as_deref(), Some("two"));
        assert_eq!(found.iter().map(|e| e.size).sum::<u64>(), 16 + 8 + 14);
    }

    #[test]
    fn a_text_is_one_page_whatever_its_first_sign() {
        for (name, content) in [("a.txt", "{not JSON}\n\nIsi."), ("-", "Judul\n\nIsi."), ("page", "Judul")] {
            let found = entries(name, content.as_bytes());
            assert_eq!((found.len(), found[0].form, found[0].line), (1, Form::Page, 1), "{name}");
            assert_eq!(found[0].article().unwrap().text.as_deref(), Some(content));
        }
        let found = entries("a.html", b"<p>Isi.</p>\n");
        assert_eq!(found[0].article().unwrap().html.as_deref(), Some("<p>Isi.</p>\n"));
        let blank = entries("a.txt", b" \n");
        assert!(blank[0].article().is_err());
        assert!(entries("-", b"").is_empty());
    }

    #[test]
    fn a_page_that_is_no_utf8_says_where() {
        let error = entries("a.txt", b"ab\xFF")[0].article().unwrap_err();
        assert_eq!(error.to_string(), "record is not UTF-8 from byte 2 on");
    }

    #[test]
    fn a_line_without_end_is_refused_and_the_next_one_is_read() {
        let mut content = vec![b'{'; LARGEST_ARTICLE + 100];
        content.extend(b"\n{\"body\":\"x\"}\n");
        let found = entries("-", &content);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].article(), Err(Unusable::TooLarge(LARGEST_ARTICLE)));
        assert_eq!(found[0].size, LARGEST_ARTICLE as u64 + 101);
        assert!(found[1].article().is_ok());
    }
}
