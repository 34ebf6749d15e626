//! The console of the demo: it reads the topics of the in-process broker, and answers on an address of this machine.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use prometheus::Registry;
use siaga_console::Model;
use siaga_console::decisions::{Decisions, Published, with_message};
use siaga_console::feed::take;
use siaga_console::http::access::Access;
use siaga_console::http::{Console, Limits};
use siaga_console::model::{Bounds, Input};
use siaga_runtime::exit::Failure;
use siaga_schemas::Control;
use siaga_schemas::topics::{DEFAULT_PREFIX, Topic};
use siaga_stream::in_process::{InProcess, Reader, Sent, Writer};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Longest wait for a record.
const WAIT: Duration = Duration::from_millis(20);

/// What an operator signs in with. It guards nothing: who can reach the demo has started it.
pub(super) const TOKEN: &str = "operator-of-the-demo";

/// Takes decisions to the topic `control`.
#[derive(Debug)]
struct ToBroker {
    writer: Writer,
    topic: String,
}

impl Decisions for ToBroker {
    fn publish(&self, control: &Control) -> Published {
        let sent = with_message(control, |message| self.writer.send(&self.topic, message));
        let told = match sent {
            Ok(Sent::Written) => Ok(()),
            Ok(Sent::TooLarge) => Err("the decision is too large".to_owned()),
            Ok(Sent::Stopped) => Err("the demo is ending".to_owned()),
            Err(reason) => Err(reason),
        };
        Box::pin(std::future::ready(told))
    }
}

/// Starts it; says where it is. It ends with the process.
///
/// # Errors
/// Where the address cannot be used.
pub(super) fn start(broker: &mut InProcess, address: SocketAddr) -> Result<SocketAddr, Failure> {
    let failed = |error: &dyn std::error::Error| Failure::failed(error);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| failed(&error))?;
    let listener = runtime.block_on(TcpListener::bind(address)).map_err(|error| {
        let way = "`--console 127.0.0.1:0` takes a free port, `--no-console` goes without";
        Failure::Failed(format!("console: {address} cannot be used: {error}; {way}"))
    })?;
    let address = listener.local_addr().map_err(|error| failed(&error))?;
    let model = Arc::new(Model::new(Bounds::default()));
    let inputs: BTreeMap<String, Input> =
        Input::all().into_iter().map(|input| (input.topic(DEFAULT_PREFIX), input)).collect();
    let topics: Vec<String> = inputs.keys().cloned().collect();
    let reader = broker.reader("console", &topics).map_err(|error| failed(&error))?;
    let control = Topic::Control.name(DEFAULT_PREFIX);
    let writer = broker.writer("console").map_err(|error| failed(&error))?;
    let decisions = Arc::new(ToBroker { writer, topic: control });
    let token = format!("[[token]]\nname = \"operator\"\nrole = \"operator\"\ntoken = \"{TOKEN}\"");
    let access = Access::read(&token, true).map_err(|error| failed(&error))?;
    let stop = CancellationToken::new();
    let console =
        Console::new(Arc::clone(&model), decisions, access, Limits::default(), &Registry::new(), stop)
            .map_err(|error| failed(&error))?;
    broker.spawn("console", move || feed(reader, &inputs, &model)).map_err(|error| failed(&error))?;
    let serve = move || {
        if let Err(error) = runtime.block_on(console.serve(listener)) {
            tracing::error!(%error, "the console no longer answers");
        }
    };
    std::thread::Builder::new().name("http".to_owned()).spawn(serve).map_err(|error| failed(&error))?;
    Ok(address)
}

fn feed(
    mut reader: Reader,
    inputs: &BTreeMap<String, Input>,
    model: &Model,
) -> Result<(), siaga_stream::Error> {
    while !reader.is_over() {
        reader.next(WAIT, |record| {
            if let Some(input) = inputs.get(record.topic()) {
                take(model, *input, record);
            }
        })?;
    }
    Ok(())
}
