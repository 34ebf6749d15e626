//! The one executable of Siaga; the first argument picks the service.
#![forbid(unsafe_code)]

mod alert;
mod analyze;
mod check;
mod cli;
mod console;
mod demo;
mod ingest;
mod settings;
mod stages;
mod topics;
mod track;

use std::process::ExitCode;

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
