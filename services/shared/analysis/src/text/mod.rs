//! Text as the analysis reads it: folded for matching, cut into sentences, counted in code points.

pub(crate) mod chars;
pub(crate) mod fold;
pub(crate) mod sentences;
mod simplify;

pub(crate) use chars::CharIndex;
pub(crate) use fold::Folded;
