//! Texts, packed: a record of an incident is a quarter of its size then.

use std::io::{Read, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// Bytes of a record, packed.
#[derive(Clone, Debug)]
pub(super) struct Packed(Arc<[u8]>);

impl Packed {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::fast());
        // A vector takes every byte.
        drop(encoder.write_all(bytes));
        Self(encoder.finish().unwrap_or_default().into())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The bytes as they were.
    pub(super) fn unpack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() * 4);
        // What was packed here can be unpacked.
        drop(DeflateDecoder::new(&*self.0).read_to_end(&mut bytes));
        bytes
    }
}
