//! Trains the models of the analysis from labelled data; the same data give the same bytes.
#![forbid(unsafe_code)]

mod data;
mod language;
mod softmax;
mod topics;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Trains a model and writes it into the tree.
#[derive(Debug, Parser)]
struct Arguments {
    /// Which model.
    model: Model,
    /// Folder of the labelled data.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"))]
    data: PathBuf,
    /// Learn languages from the split `train` alone, to measure on the rest. Topics never learn from another.
    #[arg(long)]
    hold_out: bool,
    /// Folder of the models.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../services/shared/analysis/models"))]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Model {
    /// Names languages.
    Language,
    /// Names topics.
    Topics,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let (name, bytes) = match arguments.model {
        Model::Topics => ("topics.bin", topics::model(&arguments.data)?),
        Model::Language => ("language.bin", language::model(&arguments.data, arguments.hold_out)?),
    };
    let path = arguments.out.join(name);
    fs::write(&path, &bytes).with_context(|| path.display().to_string())?;
    println!("{name}: {} bytes", bytes.len());
    Ok(())
}
