//! Which lexicon is measured: the built-in one, or a folder as it stands now.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use siaga_analysis::lexicon::SourceFile;
use siaga_analysis::{Knowledge, built_in_files};

/// The folders that every language needs.
const SHARED: [&str; 2] = ["common", "places"];

/// Loads the built-in lexicon, or that of a folder; of some languages alone where `only` names any.
pub(crate) fn load(folder: Option<&Path>, only: &[String]) -> Result<Knowledge> {
    let mut files = Vec::new();
    match folder {
        Some(folder) => read(folder, folder, &mut files)?,
        None => files = built_in_files(),
    }
    if !only.is_empty() {
        files.retain(|file| {
            let first = file.path.split('/').next().unwrap_or_default();
            SHARED.contains(&first) || only.iter().any(|o| o == first)
        });
    }
    Ok(Knowledge::load(&files)?)
}

fn read(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) -> Result<()> {
    let mut entries: Vec<_> =
        fs::read_dir(folder).with_context(|| folder.display().to_string())?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for path in entries.iter().map(std::fs::DirEntry::path) {
        if path.is_dir() {
            read(root, &path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "tsv") {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            files.push(SourceFile { path: path.strip_prefix(root)?.to_string_lossy().into_owned(), text });
        }
    }
    Ok(())
}
