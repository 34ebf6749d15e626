//! The one executable of Siaga; the first argument picks the service.
#![forbid(unsafe_code)]

fn main() {}
