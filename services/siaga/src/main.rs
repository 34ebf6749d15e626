//! The one executable of Siaga; the first argument picks the service.
#![forbid(unsafe_code)]

mod analyze;
mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
