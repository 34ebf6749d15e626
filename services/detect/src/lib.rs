//! Finds the security events of an article with their evidence
#![forbid(unsafe_code)]
