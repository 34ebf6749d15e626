//! Polls of a server on this machine.

mod documents;
mod polls;
mod server;
