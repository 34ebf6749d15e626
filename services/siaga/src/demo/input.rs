//! Articles of one's own: a file, or every file of a folder, one article at a time however large they are.

use std::path::{Path, PathBuf};

use siaga_ingest::input::{Entries, Entry, Unreadable};

/// Names of files that are taken from a folder end so.
const ENDINGS: [&str; 6] = ["jsonl", "ndjson", "json", "txt", "html", "htm"];

/// Why articles cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// A file or folder cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// There is no file of a known kind.
    #[error("{0} holds no .jsonl, .ndjson, .json, .txt or .html file")]
    Nothing(String),
}

/// The articles of some files, in the order of their names.
#[derive(Debug)]
pub(super) struct Input {
    /// Files that are still to be opened, the next one last.
    files: Vec<PathBuf>,
    entries: Option<Entries>,
}

impl Input {
    /// Finds the files: `path` itself, or those of known endings in it and below.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        if !path.is_dir() {
            return Ok(Self { files: Vec::new(), entries: Some(Entries::open(path)?) });
        }
        let mut files = Vec::new();
        collect(path, &mut files)?;
        if files.is_empty() {
            return Err(Error::Nothing(path.display().to_string()));
        }
        files.sort();
        files.reverse();
        Ok(Self { files, entries: None })
    }

    fn next_entry(&mut self) -> Result<Option<Entry>, Error> {
        loop {
            if let Some(entry) = self.entries.as_mut().and_then(Iterator::next) {
                return Ok(Some(entry?));
            }
            let Some(path) = self.files.pop() else { return Ok(None) };
            self.entries = Some(Entries::open(&path)?);
        }
    }
}

impl Iterator for Input {
    type Item = Result<Entry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_entry().transpose()
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Unreadable> {
    let unreadable = |source| Unreadable { path: folder.to_owned(), source };
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        // Symbolic links are not followed: they could lead back.
        let kind = entry.file_type().map_err(unreadable)?;
        let path = entry.path();
        let known = path.extension().is_some_and(|e| ENDINGS.iter().any(|k| e.eq_ignore_ascii_case(k)));
        if kind.is_dir() {
            collect(&path, files)?;
        } else if kind.is_file() && known {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_in_the_order_of_names() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("b")).unwrap();
        std::fs::write(folder.path().join("b/one.txt"), "Judul\n\nIsi.").unwrap();
        std::fs::write(folder.path().join("a.jsonl"), "{\"body\":\"x\"}\n\n  \r\nbroken\r\n").unwrap();
        std::fs::write(folder.path().join("c.md"), "not read").unwrap();
        let entries: Vec<Entry> = Input::open(folder.path()).unwrap().map(Result::unwrap).collect();
        let found: Vec<&[u8]> = entries.iter().map(|entry| entry.bytes.as_slice()).collect();
        assert_eq!(found, [b"{\"body\":\"x\"}".as_slice(), b"broken", b"Judul\n\nIsi."]);
        assert!(entries[1].place().ends_with("a.jsonl:4"), "{}", entries[1].place());
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let nothing = Input::open(folder.path()).unwrap_err().to_string();
        assert!(nothing.ends_with("holds no .jsonl, .ndjson, .json, .txt or .html file"), "{nothing}");
        let missing = Input::open(&folder.path().join("missing.jsonl")).unwrap_err().to_string();
        assert!(missing.contains("missing.jsonl"), "{missing}");
    }
}
