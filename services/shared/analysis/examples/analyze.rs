//! Reads raw articles (JSON Lines, or one page as `.txt`) and prints the enriched ones, one a line.
//!
//! `cargo run --release -p siaga-analysis --example analyze -- FILE [--explain]`; for work on the lexicon, without
//! the services around the analysis.

use std::error::Error;

use siaga_analysis::{Knowledge, explain};
use siaga_schemas::RawArticle;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let explaining = arguments.iter().any(|a| a == "--explain");
    let path = arguments.iter().find(|a| !a.starts_with("--")).ok_or("name a file")?;
    let text = std::fs::read_to_string(path)?;
    let knowledge = Knowledge::built_in()?;
    let articles: Vec<RawArticle> = if path.ends_with(".txt") {
        vec![RawArticle { text: Some(text), ..RawArticle::default() }]
    } else {
        text.lines().filter(|l| !l.trim().is_empty()).map(serde_json::from_str).collect::<Result<_, _>>()?
    };
    for raw in &articles {
        let (enriched, decisions) = explain(&knowledge, raw, 0)?;
        println!("{}", serde_json::to_string(&enriched)?);
        for decision in decisions.iter().filter(|_| explaining) {
            eprintln!("{:?}", decision);
        }
    }
    Ok(())
}
