//! What the tests of the three status endpoints share: a server that answers from a script, and clients that talk to it.

mod clients;
mod round_trip;
mod server;

pub use clients::{CLIENT_ID, KEY, SAS, TOKEN, Who, creator, data_registry, options, route};
pub use round_trip::round_trip;
pub use server::{Answer, ScriptedServer, Seen};

/// An operation id of Route and Data Registry.
pub const ID: &str = "bc3f9365-3ee0-4564-aa27-825016325557";

/// An operation id of Dataset: a real one, and no UUID, for it holds an `i`.
pub const DATASET_ID: &str = "8b1288fa-1958-4a2b-b68e-13a7i5af7d7c";

/// A matrix of a single cell, as Route's result operation answers with it.
pub const MATRIX: &str = r#"{"kind":"RouteMatrix","type":"Feature","geometry":null,"properties":{"summary":{"totalCount":1,"successfulCount":1}}}"#;

/// The id of a registry entry.
pub const UDID: &str = "f6495f62-94f8-0ec2-c252-45626f82fcb2";

/// The program of the workspace's README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
