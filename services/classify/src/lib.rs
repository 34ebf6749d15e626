//! Reads the page, names language, topics and regions of an article
#![forbid(unsafe_code)]
