//! Settings of an emulator, and its start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use maps_types::faults::FaultRule;

use crate::app::{App, Start};
use crate::blobs::{self, Blobs};
use crate::clock::{Clock, Timeline, is_speed};
use crate::credentials::{Credentials, Gate};
use crate::emulator::{DEFAULT_ENTRA_TOKEN, DEFAULT_KEY, DEFAULT_SAS_TOKEN, Emulator};
use crate::error::Error;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::reset;
use crate::services::data_registry::Validations;
use crate::settings::{Limits, Settings, Timings};
use crate::state::{Folder, Problems};
use crate::store::{OpenError, OpenedStore};

/// File of the database in a data folder.
const DATABASE: &str = "state.redb";

/// Folder of the blobs in a data folder.
const BLOBS: &str = "blobs";

/// Sets up an [`Emulator`].
#[derive(Debug, Clone, Default)]
#[must_use = "an emulator starts with `start`"]
pub struct Builder {
    settings: Settings,
}

impl Builder {
    /// Listens on this port of 127.0.0.1. Default: 0, any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.settings.port = port;
        self
    }

    /// Keeps state in this folder, which is made when it is missing. By default state is lost at the end.
    ///
    /// What the emulator answered is on the disk before the answer is sent. One emulator at a time can use a folder.
    pub fn data_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.settings.data = Some(folder.into());
        self
    }

    /// Starts in the state of this folder, which is only read; the crate's README describes its files.
    ///
    /// With a [`data_folder`](Self::data_folder) that has a state already, the emulator goes on from that one, and this
    /// is what [`Emulator::reset`] goes back to.
    pub fn state_from(mut self, folder: impl Into<PathBuf>) -> Self {
        self.settings.state = Some(folder.into());
        self
    }

    /// Makes the emulator's time pass this many times as fast as the clock. Default: 1; 0 stops it; at most 1,000,000.
    pub fn speed(mut self, speed: f64) -> Self {
        self.settings.speed = speed;
        self
    }

    /// Reads the time from another clock, for example a [`ManualClock`](crate::ManualClock).
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// Accepts these credentials and no others.
    ///
    /// Without this, and without [`key`](Self::key), [`sas_token`](Self::sas_token) and
    /// [`entra_token`](Self::entra_token), the well-known ones are accepted: [`DEFAULT_KEY`], [`DEFAULT_SAS_TOKEN`] and
    /// [`DEFAULT_ENTRA_TOKEN`].
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.settings.credentials = credentials;
        self
    }

    /// Accepts a subscription key, instead of the well-known credentials.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.settings.credentials = self.settings.credentials.key(key);
        self
    }

    /// Accepts a SAS token, instead of the well-known credentials.
    pub fn sas_token(mut self, token: impl Into<String>) -> Self {
        self.settings.credentials = self.settings.credentials.sas_token(token);
        self
    }

    /// Accepts a Microsoft Entra token, instead of the well-known credentials.
    pub fn entra_token(mut self, token: impl Into<String>) -> Self {
        self.settings.credentials = self.settings.credentials.entra_token(token);
        self
    }

    /// Answers requests to this host name too. By default only loopback names are answered, whatever the port.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.settings.hosts.push(name.into());
        self
    }

    /// Sets the `Retry-After` of Data Registry operations that run, in seconds of the caller. Default: 10.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.settings.retry_after = seconds;
        self
    }

    /// Sets how many items a page of a list has. Default: 25.
    pub fn page_size(mut self, items: usize) -> Self {
        self.settings.page_size = items;
        self
    }

    /// Sets how long operations take.
    pub fn timings(mut self, timings: Timings) -> Self {
        self.settings.timings = timings;
        self
    }

    /// Sets what the emulator stops at.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.settings.limits = limits;
        self
    }

    /// Keeps the last `count` requests, for [`Emulator::requests`]. Default: 0.
    pub fn record_requests(mut self, count: usize) -> Self {
        self.settings.recorded = count;
        self
    }

    /// Makes answers go wrong from the start.
    pub fn fault(mut self, rule: FaultRule) -> Self {
        self.settings.faults.push(rule);
        self
    }

    /// Decides which requests the fault rules with a probability pick. Default: 0.
    pub fn fault_seed(mut self, seed: u64) -> Self {
        self.settings.fault_seed = seed;
        self
    }

    /// Starts the emulator on a thread and a runtime of its own: it serves whatever the caller's runtime does.
    ///
    /// # Errors
    ///
    /// [`Error`] says which setting cannot be used, or that the port or the folder is taken.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops the emulator.
    pub async fn start(self) -> Result<Emulator, Error> {
        Emulator::run(self).await
    }

    pub(crate) fn port_number(&self) -> u16 {
        self.settings.port
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let refuse = |message: String| Err(Error::Setting(message));
        if !is_speed(self.settings.speed) {
            return refuse(format!(
                "the speed {} is not between 0 and 1,000,000",
                self.settings.speed
            ));
        }
        // What a script makes of a variable that is not set.
        if self
            .settings
            .data
            .as_ref()
            .is_some_and(|folder| folder.as_os_str().is_empty())
        {
            return refuse("the data folder has an empty name".to_owned());
        }
        if self.settings.credentials.has_empty() {
            return refuse("a credential is empty".to_owned());
        }
        if self.settings.page_size == 0 {
            return refuse("a page has at least one item".to_owned());
        }
        if self.settings.limits.connections == 0 {
            return refuse("at least one connection is needed".to_owned());
        }
        self.faults().map(drop)
    }

    fn faults(&self) -> Result<Faults, Error> {
        Faults::new(self.settings.fault_seed, &self.settings.faults)
            .map_err(|err| Error::Setting(format!("a fault rule: {err}")))
    }

    /// Reads the state to start from, and checks all of it. Blocks.
    pub(crate) fn read_state(&self) -> Result<Option<Folder>, Error> {
        let Some(path) = &self.settings.state else {
            return Ok(None);
        };
        let mut problems = Problems::default();
        let folder = Folder::read(path, &mut problems);
        let now = Timeline::new(Arc::clone(&self.settings.clock), 1.0, None).now();
        let now = folder.now.unwrap_or(now);
        let (timings, limits) = (&self.settings.timings, &self.settings.limits);
        folder.understand(now, timings, limits, &mut problems);
        problems.unless_any(Some(folder), path)
    }

    /// Opens everything. Blocks.
    pub(crate) fn open(self, port: u16, folder_of_state: Option<Folder>) -> Result<App, Error> {
        let faults = self.faults()?;
        let settings = self.settings;
        let (folder, temporary) = match settings.data {
            Some(folder) => (folder, None),
            None => {
                let temporary = tempfile::Builder::new().prefix("maps-emulator-").tempdir();
                let temporary = temporary.map_err(|source| Error::Folder {
                    path: std::env::temp_dir(),
                    source,
                })?;
                (temporary.path().to_owned(), Some(temporary))
            }
        };
        let failed = |source| Error::Folder {
            path: folder.clone(),
            source,
        };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let file = folder.join(DATABASE);
        let opened = OpenedStore::open(temporary.is_none().then_some(file.as_path()));
        let opened = opened.map_err(|err| match err {
            OpenError::InUse => Error::FolderInUse(folder.clone()),
            OpenError::Io(source) => failed(source),
            OpenError::Other(message) => Error::Database(message),
        })?;
        let limits = settings.limits;
        let blobs = open_blobs(&folder, &limits).map_err(failed)?;
        let timeline = Timeline::new(settings.clock, settings.speed, opened.clock());
        if let (Some(offset), Some(last)) = (opened.offset(), opened.clock()) {
            // It began with a time of its own, and goes on from there.
            let now = timeline.clock_now().ahead_by(offset);
            timeline.restart(now.max(last), settings.speed);
        }
        if let (Some(state), None) = (&folder_of_state, opened.clock()) {
            let now = state.now.unwrap_or_else(|| timeline.now());
            let seed = state.seed(now, &settings.timings, &limits)?;
            reset::import(&blobs, &seed)?;
            let offset = state.now.map(|now| now.ahead_of(timeline.clock_now()));
            let written = opened.write(|writer| reset::write(writer, &seed, now, offset));
            written.map_err(|err| Error::Database(err.to_string()))?;
            timeline.restart(now, settings.speed);
        }
        let timeline = Arc::new(timeline);
        let store = opened.start(Arc::clone(&timeline)).map_err(Error::Thread)?;
        let credentials = if settings.credentials.is_empty() {
            Credentials::none()
                .key(DEFAULT_KEY)
                .sas_token(DEFAULT_SAS_TOKEN)
                .entra_token(DEFAULT_ENTRA_TOKEN)
        } else {
            settings.credentials
        };
        Ok(App {
            store,
            timeline,
            blobs,
            gate: Gate::new(credentials),
            journal: Journal::new(settings.recorded),
            faults,
            start: Start {
                folder: folder_of_state,
                speed: settings.speed,
                resetting: tokio::sync::Mutex::default(),
            },
            validations: Validations::default(),
            hosts: settings.hosts,
            port,
            retry_after: settings.retry_after,
            page_size: settings.page_size,
            timings: settings.timings,
            limits,
            _temporary: temporary,
        })
    }
}

fn open_blobs(folder: &Path, limits: &Limits) -> std::io::Result<Blobs> {
    let limits = blobs::Limits {
        one: limits.blob,
        all: limits.blobs,
    };
    Blobs::open(&folder.join(BLOBS), limits)
}
