//! A console fed from memory with invented incidents: what the browser tests and the measurements run against.
//!
//!     cargo run --release -p siaga-console --example memory -- [PORT] [INCIDENTS] [INCIDENTS_A_SECOND]
//!
//! Everybody may read; the token `sample-token-of-an-operator` decides.

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use siaga_console::Model;
use siaga_console::decisions::InMemory;
use siaga_console::http::access::Access;
use siaga_console::http::{Console, Limits};
use siaga_console::model::Bounds;
use tokio_util::sync::CancellationToken;

const TOKENS: &str =
    "[[token]]\nname = \"ana\"\nrole = \"operator\"\ntoken = \"sample-token-of-an-operator\"";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let mut next = || arguments.next().transpose().map(Option::unwrap_or_default);
    let (port, incidents, rate) = (next()?, next()?, next()?);
    let model = Arc::new(Model::new(Bounds::default()));
    samples::story(&model);
    samples::many(&model, incidents);
    let limits = Limits { requests_per_second: 100_000, burst: 100_000, streams: 1000 };
    let decisions = Arc::new(InMemory::new(Arc::clone(&model)));
    let access = Access::read(TOKENS, true)?;
    let registry = prometheus::Registry::new();
    let console =
        Console::new(Arc::clone(&model), decisions, access, limits, &registry, CancellationToken::new())?;
    if rate > 0 {
        std::thread::spawn(move || feed(&model, incidents, rate));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let port = u16::try_from(port)?;
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        println!("http://{}", listener.local_addr()?);
        Ok(console.serve(listener).await?)
    })
}

/// Takes incidents at a rate, for ever.
fn feed(model: &Model, from: usize, rate: usize) {
    let began = Instant::now();
    for index in 0.. {
        let due = Duration::from_secs_f64(index as f64 / rate as f64);
        std::thread::sleep(due.saturating_sub(began.elapsed()));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        samples::arrive(model, from + index, i64::try_from(now.as_millis()).unwrap_or(i64::MAX));
    }
}
