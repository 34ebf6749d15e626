//! Accepts articles over HTTP and from files and puts them on articles.raw.
#![forbid(unsafe_code)]

pub mod input;
