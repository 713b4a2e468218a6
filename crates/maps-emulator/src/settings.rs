//! What can be set.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use maps_types::faults::FaultRule;

use crate::clock::{Clock, SystemClock};
use crate::credentials::Credentials;

/// How long operations stay in each state, in the emulator's time.
///
/// The real services take seconds to minutes, depending on the data; these times are made up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timings {
    /// A Data Registry validation runs this long. Default: 20 s.
    pub registry_running: Duration,
    /// A dataset's making waits this long before it runs. Default: 5 s.
    pub dataset_waiting: Duration,
    /// A dataset's making runs this long. Default: 25 s.
    pub dataset_running: Duration,
    /// A route matrix waits this long before it is computed. Default: 2 s.
    pub route_waiting: Duration,
    /// A route matrix is computed this long. Default: 8 s.
    pub route_running: Duration,
    /// A route operation and its result are kept this long after it ended. Default: 24 h, as the service does.
    pub route_retention: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            registry_running: Duration::from_secs(20),
            dataset_waiting: Duration::from_secs(5),
            dataset_running: Duration::from_secs(25),
            route_waiting: Duration::from_secs(2),
            route_running: Duration::from_secs(8),
            route_retention: Duration::from_secs(24 * 60 * 60),
        }
    }
}

impl Timings {
    /// Every operation ends at once: its first status is its last.
    pub fn immediate() -> Self {
        Self {
            registry_running: Duration::ZERO,
            dataset_waiting: Duration::ZERO,
            dataset_running: Duration::ZERO,
            route_waiting: Duration::ZERO,
            route_running: Duration::ZERO,
            ..Self::default()
        }
    }
}

/// Sizes and counts that the emulator stops at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a request body, blobs aside. Default: 16 MiB.
    pub body: usize,
    /// Bytes of one blob. Default: 1 GiB, as the registry has it.
    pub blob: u64,
    /// Bytes of a GeoJSON blob. Default: 256 MiB.
    ///
    /// Features are read one by one; one feature or geometry may take several times the memory of its text.
    pub geojson: u64,
    /// Bytes of all blobs. Default: 8 GiB.
    pub blobs: u64,
    /// Bytes that a ZIP archive may unpack to. Default: 2 GiB.
    pub unpacked: u64,
    /// Files in a ZIP archive. Default: 10,000.
    pub files: usize,
    /// Registry entries, datasets and conversions, of each. Default: 100,000.
    pub items: u64,
    /// Operations of each service. Default: 1,000,000.
    pub operations: u64,
    /// Connections open at once. Default: 10,000.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1 << 20;
        Self {
            body: 16 << 20,
            blob: 1024 * MIB,
            geojson: 256 * MIB,
            blobs: 8 * 1024 * MIB,
            unpacked: 2 * 1024 * MIB,
            files: 10_000,
            items: 100_000,
            operations: 1_000_000,
            connections: 10_000,
        }
    }
}

/// Everything a [`Builder`](crate::Builder) collects.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) port: u16,
    pub(crate) data: Option<PathBuf>,
    pub(crate) state: Option<PathBuf>,
    pub(crate) speed: f64,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) credentials: Credentials,
    pub(crate) hosts: Vec<String>,
    pub(crate) retry_after: u32,
    pub(crate) page_size: usize,
    pub(crate) timings: Timings,
    pub(crate) limits: Limits,
    pub(crate) recorded: usize,
    pub(crate) faults: Vec<FaultRule>,
    pub(crate) fault_seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 0,
            data: None,
            state: None,
            speed: 1.0,
            clock: Arc::new(SystemClock::default()),
            credentials: Credentials::none(),
            hosts: Vec::new(),
            // What the registry's reference shows.
            retry_after: 10,
            page_size: 25,
            timings: Timings::default(),
            limits: Limits::default(),
            recorded: 0,
            faults: Vec::new(),
            fault_seed: 0,
        }
    }
}
