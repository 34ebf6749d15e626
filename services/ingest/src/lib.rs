//! Accepts articles over HTTP and from files and puts them on articles.raw.
#![forbid(unsafe_code)]

pub mod article;
pub mod http;
pub mod input;
pub mod metrics;
pub mod sink;
