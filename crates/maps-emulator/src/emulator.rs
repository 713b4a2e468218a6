//! A running emulator.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use maps_types::faults::{FaultReport, FaultRule};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::admin;
use crate::app::{App, router};
use crate::blobs::BlobName;
use crate::builder::Builder;
use crate::clock::is_speed;
use crate::conversion::Conversion;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::journal::RecordedRequest;
use crate::problem::Problem;
use crate::reset;
use crate::server;
use crate::services::{data_registry, dataset};
use crate::state;

/// The subscription key that is accepted when no credentials are set. It is no secret.
pub const DEFAULT_KEY: &str = "maps-emulator-key";

/// The SAS token that is accepted when no credentials are set. It is no secret.
pub const DEFAULT_SAS_TOKEN: &str = "maps-emulator-sas-token";

/// The Microsoft Entra token that is accepted when no credentials are set. It is no secret.
pub const DEFAULT_ENTRA_TOKEN: &str = "maps-emulator-entra-token";

/// Threads that answer requests.
const WORKERS: usize = 2;

/// Time that work outside of requests gets to end.
const WORK_GRACE: Duration = Duration::from_secs(5);

/// A running emulator of Azure Maps.
///
/// Dropping it stops it at once, and waits until its folder is closed; [`stop`](Self::stop) lets requests under way finish.
///
/// # Examples
///
/// ```
/// # async fn run() -> Result<(), maps_emulator::Error> {
/// use maps_emulator::{Conversion, Emulator};
///
/// let emulator = Emulator::builder().speed(100.0).start().await?;
/// emulator.add_conversion(Conversion::new("harbour-tower")).await?;
/// let fences = emulator
///     .put_blob("account/sites/fences.geojson", r#"{"type":"Point","coordinates":[7.5,47.5]}"#)
///     .await?;
/// println!("endpoint {}, key {}, blob {fences}", emulator.url(), maps_emulator::DEFAULT_KEY);
/// emulator.stop().await;
/// # Ok(()) }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Debug)]
pub struct Emulator {
    address: SocketAddr,
    /// Its end asks for a graceful stop.
    running: Option<oneshot::Sender<()>>,
    /// Its end asks for a stop at once.
    alive: Option<oneshot::Sender<()>>,
    ended: Option<oneshot::Receiver<()>>,
    thread: Option<JoinHandle<()>>,
    runtime: Handle,
    app: Arc<App>,
}

/// What the thread hands over once it serves.
struct Started {
    address: SocketAddr,
    runtime: Handle,
    app: Arc<App>,
}

impl Emulator {
    /// Starts an emulator with default settings: any free port, state in memory, the well-known credentials.
    ///
    /// # Errors
    ///
    /// As [`Builder::start`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops the emulator.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// Settings of an emulator that is about to start.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) async fn run(builder: Builder) -> Result<Self, Error> {
        builder.check()?;
        let (running, stopped) = oneshot::channel();
        let (alive, dropped) = oneshot::channel();
        let stop = Stop { stopped, dropped };
        let (started, starting) = oneshot::channel();
        let (ending, ended) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("maps-emulator".to_owned())
            .spawn(move || run(builder, started, stop, ending))
            .map_err(Error::Thread)?;
        let outcome = starting.await.unwrap_or_else(|_| {
            let message = "the thread of the emulator ended before it served".to_owned();
            Err(Error::Refused(message))
        });
        let started: Started = outcome?;
        Ok(Self {
            address: started.address,
            running: Some(running),
            alive: Some(alive),
            ended: Some(ended),
            thread: Some(thread),
            runtime: started.runtime,
            app: started.app,
        })
    }

    /// The endpoint for clients: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address that the emulator listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts these credentials from now on, and no others: a test of key rotation.
    pub fn set_credentials(&self, credentials: Credentials) {
        self.app.gate.replace(credentials);
    }

    /// Adds a conversion that datasets can be made from, or replaces the one of this id.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the id is empty or too long, or the emulator is full.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves open whether the conversion is added.
    pub async fn add_conversion(&self, conversion: Conversion) -> Result<(), Error> {
        let added = dataset::add_conversion(&self.app, conversion).await;
        added.map_err(|problem| refused(&problem))
    }

    /// Stores a blob under `account/container/path` and gives its URL, which can be registered.
    ///
    /// `https://account.blob.core.windows.net/container/path` means the same blob to the Data Registry.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the name has fewer than three parts or leads elsewhere, or the blob is too large.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves open whether the blob is stored; it is never stored in part.
    pub async fn put_blob(
        &self,
        name: &str,
        content: impl Into<Bytes> + Send,
    ) -> Result<String, Error> {
        let name = BlobName::parse(name).map_err(|err| Error::Refused(err.to_string()))?;
        let url = format!("{}{}", self.url(), name.endpoint_path());
        let piece = futures_util::stream::iter([Ok(content.into())]);
        let app = Arc::clone(&self.app);
        // On the emulator's runtime: the caller's may be another kind, or have its time paused.
        let stored = self
            .runtime
            .spawn(async move { admin::receive_blob(&app, name, piece).await });
        let refused = |reason: String| Error::Refused(format!("the blob was not stored: {reason}"));
        match stored.await {
            Ok(Ok(_)) => Ok(url),
            Ok(Err(err)) => Err(refused(err.to_string())),
            Err(_) => Err(refused("the emulator stopped".to_owned())),
        }
    }

    /// Moves the emulator's time forward.
    pub fn advance(&self, step: Duration) {
        self.app.timeline.advance(step);
    }

    /// Lets time pass this many times as fast as the clock from now on; 0 stops it.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] when the speed is not between 0 and 1,000,000.
    pub fn set_speed(&self, speed: f64) -> Result<(), Error> {
        if !is_speed(speed) {
            let message = format!("the speed {speed} is not between 0 and 1,000,000");
            return Err(Error::Setting(message));
        }
        self.app.timeline.set_speed(speed);
        Ok(())
    }

    /// Makes answers go wrong, and gives the number of the rule.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] when the rule cannot be followed or there are too many.
    pub fn add_fault(&self, rule: FaultRule) -> Result<u64, Error> {
        let added = self.app.faults.add(rule);
        added.map_err(|err| Error::Setting(format!("a fault rule: {err}")))
    }

    /// The fault rules, and how many requests each has seen and hit.
    pub fn faults(&self) -> Vec<FaultReport> {
        self.app.faults.report()
    }

    /// Forgets the fault rule of this number. Whether there was one.
    pub fn remove_fault(&self, id: u64) -> bool {
        self.app.faults.remove(id)
    }

    /// Forgets all fault rules.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// The last requests to the services, the oldest first, as many as [`Builder::record_requests`] says.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.app.journal.all()
    }

    /// Goes back to the state of the start: that of [`Builder::state_from`], or else nothing at all.
    ///
    /// Also what a data folder held before this emulator started is gone then. Time, speed and fault rules are those of
    /// the start again; requests are no longer remembered. Requests under way may see either state.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the files of the state can no longer be read.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves the reset to go on.
    pub async fn reset(&self) -> Result<(), Error> {
        let app = Arc::clone(&self.app);
        let done = self.runtime.spawn(async move { reset::reset(&app).await });
        match done.await {
            Ok(done) => done.map_err(|problem| refused(&problem)),
            Err(_) => Err(Error::Refused("the emulator stopped".to_owned())),
        }
    }

    /// Writes the state as it is into a new or empty folder, from which [`Builder::state_from`] starts.
    ///
    /// # Errors
    ///
    /// [`Error::Folder`] when the folder cannot be written or has something in it.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves open how much of the folder is written.
    pub async fn export_state(&self, folder: impl Into<PathBuf>) -> Result<(), Error> {
        let (app, path) = (Arc::clone(&self.app), folder.into());
        let done = self.runtime.spawn(async move {
            let export = state::export(&app)
                .await
                .map_err(|problem| refused(&problem))?;
            let task = tokio::task::spawn_blocking(move || {
                let written = export.to_folder(&path);
                written.map_err(|source| Error::Folder { path, source })
            });
            task.await.map_err(|err| Error::Refused(err.to_string()))?
        });
        let stopped = |_| Err(Error::Refused("the emulator stopped".to_owned()));
        done.await.unwrap_or_else(stopped)
    }

    /// Stops: accepts nothing new, answers what is under way, and closes the folder.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops at once.
    pub async fn stop(mut self) {
        self.running = None;
        if let Some(ended) = self.ended.take() {
            // An error means that the thread is gone, which is what was asked for.
            let _ = ended.await;
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.alive = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported already.
            let _ = thread.join();
        }
    }
}

fn refused(problem: &Problem) -> Error {
    Error::Refused(problem.message())
}

/// How the thread learns that it should end. Nothing is ever sent; the ends of the senders say it all.
struct Stop {
    stopped: oneshot::Receiver<()>,
    dropped: oneshot::Receiver<()>,
}

/// The emulator's thread.
fn run(
    builder: Builder,
    started: oneshot::Sender<Result<Started, Error>>,
    stop: Stop,
    ended: oneshot::Sender<()>,
) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("maps-emulator-worker")
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(err) => {
            drop(started.send(Err(Error::Thread(err))));
            return;
        }
    };
    runtime.block_on(async {
        match open(builder).await {
            Ok((listener, ready)) => {
                let app = Arc::clone(&ready.app);
                if started.send(Ok(ready)).is_ok() {
                    serve(listener, app, stop).await;
                }
            }
            Err(err) => drop(started.send(Err(err))),
        }
    });
    runtime.shutdown_timeout(WORK_GRACE);
    // Nobody may be waiting.
    let _ = ended.send(());
}

async fn open(builder: Builder) -> Result<(TcpListener, Started), Error> {
    // Before it listens.
    let state = builder.read_state()?;
    let port = builder.port_number();
    let failed = |source| Error::Port { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    // This thread has nothing else to do yet.
    let app = Arc::new(builder.open(address.port(), state)?);
    data_registry::resume(&app).map_err(|problem| Error::Database(problem.message()))?;
    let runtime = Handle::current();
    let started = Started {
        address,
        runtime,
        app,
    };
    Ok((listener, started))
}

async fn serve(listener: TcpListener, app: Arc<App>, stop: Stop) {
    let stopped = async {
        let _ = stop.stopped.await;
    };
    let served = async {
        server::serve(listener, router(&app), app.limits.connections, stopped).await;
        app.validations.stop();
        // Nothing is shown any more, so the next run need not start ahead of what was.
        if let Err(err) = app.store.rest_clock(app.timeline.now()).await {
            tracing::warn!(error = %err, "the clock could not be recorded");
        }
    };
    tokio::select! {
        () = served => {}
        _ = stop.dropped => app.validations.stop(),
    }
}
