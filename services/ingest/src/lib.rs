//! Accepts articles over HTTP, from files and from feeds and puts them on articles.raw.
#![forbid(unsafe_code)]

pub mod article;
mod config;
pub mod feeds;
pub mod files;
pub mod http;
pub mod input;
pub mod kafka;
pub mod metrics;
pub mod service;
pub mod sink;

pub use config::{Articles, Config, Feeds, Http};
