//! What must not get worse: a floor for each figure, kept in `floors.toml`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

/// A figure that was measured.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// Its name, as in the file of floors.
    pub name: String,
    /// A fraction; errors of calibration too.
    pub value: f64,
    /// Over how many it is.
    pub over: usize,
}

/// Floors by name of the figure; a name that begins with `error of` is a ceiling.
#[derive(Debug)]
pub(crate) struct Floors(BTreeMap<String, f64>);

impl Floors {
    /// Reads the floors of the tree.
    ///
    /// # Errors
    /// Where the file is no table of numbers.
    pub(crate) fn read() -> Result<Self> {
        Ok(Self(toml::from_str(include_str!("floors.toml")).context("floors.toml")?))
    }

    /// Prints figures beside their floors; the names of those that fell below.
    pub(crate) fn compare(&self, figures: &[Figure]) -> Vec<String> {
        let mut fallen = Vec::new();
        println!("{:58} {:>7} {:>7} {:>7}", "figure", "value", "floor", "over");
        for figure in figures {
            let floor = self.0.get(&figure.name);
            let kept = floor.is_none_or(|floor| match figure.name.starts_with("error of") {
                true => figure.value <= floor + 1e-9,
                false => figure.value >= floor - 1e-9,
            });
            let shown = floor.map_or_else(|| "-".to_owned(), |f| format!("{f:.3}"));
            let mark = if kept { "" } else { "  <- below" };
            println!("{:58} {:7.3} {shown:>7} {:7}{mark}", figure.name, figure.value, figure.over);
            if !kept {
                fallen.push(figure.name.clone());
            }
        }
        fallen
    }
}
