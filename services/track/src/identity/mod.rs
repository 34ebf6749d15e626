//! When two reports can be of one happening: by slots, not by likeness of text.
//!
//! A [`Profile`] holds the slots of a report that decide; [`fit`] compares two. Numbers, tolls, hours and weapon classes
//! drift from report to report, so they decide nothing.

mod day;
mod family;
mod fit;
mod profile;

pub(crate) use day::Day;
pub(crate) use family::Family;
pub(crate) use fit::{LEAST_ON_ONE_DAY, LEAST_UNDATED, fit, grounds};
pub(crate) use profile::{Key, Profile, Token};
