//! The lexicon that a stage works with: the built-in one, with an operator's files laid over it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use siaga_analysis::lexicon::SourceFile;
use siaga_analysis::{Knowledge, built_in_files};

use crate::Lexicon;

/// Why a lexicon cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// A file or folder cannot be read.
    #[error("{path}: {error}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A mistake in a file.
    #[error(transparent)]
    Wrong(#[from] siaga_analysis::lexicon::Error),
}

/// Loads the lexicon.
pub(crate) fn load(settings: &Lexicon) -> Result<Knowledge, Unusable> {
    let mut files: BTreeMap<String, String> =
        built_in_files().into_iter().map(|f| (f.path, f.text)).collect();
    if let Some(folder) = &settings.folder {
        overlay(folder, folder, &mut files)?;
    }
    let files: Vec<SourceFile> = files.into_iter().map(|(path, text)| SourceFile { path, text }).collect();
    Ok(Knowledge::load(&files)?)
}

fn overlay(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> Result<(), Unusable> {
    let unreadable = |path: &Path| {
        let path = path.to_path_buf();
        move |error| Unusable::Unreadable { path, error }
    };
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        // Kubernetes mounts a ConfigMap through hidden folders and links.
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            overlay(root, &path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "tsv") {
            let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
            let inside = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.insert(inside, text);
        }
    }
    Ok(())
}
