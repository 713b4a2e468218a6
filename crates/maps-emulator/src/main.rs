//! The emulator as a process.

use std::error::Error as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use maps_emulator::{Credentials, Emulator, Error, FaultRule};
use tracing_subscriber::filter::LevelFilter;

const EXAMPLE: &str = "Example:
  maps-emulator --data ./maps-data --speed 100 --key my-key";

/// A local Azure Maps: Data Registry, Creator datasets and Route.
///
/// Prints one line, `listening on http://127.0.0.1:PORT`, and serves until SIGINT or SIGTERM: then it answers what is
/// under way and ends with status 0. It ends with 1 when it cannot start, and with 2 for arguments that it does not know.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLE)]
struct Arguments {
    /// Port of 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    port: u16,

    /// Folder that keeps the state; without it the state is lost at the end
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Folder of JSON files with the state to start in, only read
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,

    /// JSON file with a list of fault rules that make answers go wrong
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,

    /// Decides which requests the fault rules with a probability pick
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    fault_seed: u64,

    /// How many times as fast as the clock the emulator's time passes, 0 to 1000000
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR")]
    speed: f64,

    /// Subscription key to accept; may be repeated. Without any credential: maps-emulator-key
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,

    /// SAS token to accept; may be repeated. Without any credential: maps-emulator-sas-token
    #[arg(long, value_name = "TOKEN")]
    sas_token: Vec<String>,

    /// Microsoft Entra token to accept; may be repeated. Without any credential: maps-emulator-entra-token
    #[arg(long, value_name = "TOKEN")]
    entra_token: Vec<String>,

    /// Host name to answer to, beside loopback names; may be repeated
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,

    /// Retry-After of Data Registry operations that run
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    retry_after: u32,

    /// What to log to standard error: off, error, warn, info, debug or trace
    #[arg(long, default_value = "warn", value_name = "LEVEL")]
    log: LevelFilter,

    /// Items on a page of a list
    #[arg(long, default_value_t = 25, value_name = "ITEMS")]
    page_size: usize,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            report(&err);
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Error> {
    tracing_subscriber::fmt()
        .with_max_level(arguments.log)
        .with_writer(io::stderr)
        .with_ansi(false)
        .init();
    // Before anything is announced, so that a signal right after the announcement is heard.
    let mut signals = Signals::new()?;
    let mut credentials = Credentials::none();
    credentials.keys = arguments.key;
    credentials.sas_tokens = arguments.sas_token;
    credentials.entra_tokens = arguments.entra_token;
    let mut builder = Emulator::builder()
        .port(arguments.port)
        .speed(arguments.speed)
        .credentials(credentials)
        .retry_after(arguments.retry_after)
        .page_size(arguments.page_size)
        .fault_seed(arguments.fault_seed);
    if let Some(folder) = arguments.data {
        builder = builder.data_folder(folder);
    }
    if let Some(folder) = arguments.state {
        builder = builder.state_from(folder);
    }
    if let Some(file) = arguments.faults {
        for rule in fault_rules(&file)? {
            builder = builder.fault(rule);
        }
    }
    for name in arguments.allow_host {
        builder = builder.allow_host(name);
    }
    let emulator = builder.start().await?;
    announce(&emulator.url());
    signals.next().await;
    tokio::select! {
        () = emulator.stop() => {}
        // Whoever asks again does not want to wait for requests under way.
        () = signals.next() => {}
    }
    Ok(())
}

fn fault_rules(file: &Path) -> Result<Vec<FaultRule>, Error> {
    let refuse =
        |why: String| Error::Setting(format!("the fault rules in {}: {why}", file.display()));
    let text = std::fs::read(file).map_err(|err| refuse(err.to_string()))?;
    let rules: Vec<FaultRule> =
        serde_json::from_slice(&text).map_err(|err| refuse(err.to_string()))?;
    for (index, rule) in rules.iter().enumerate() {
        rule.check()
            .map_err(|err| refuse(format!("/{index}: {err}")))?;
    }
    Ok(rules)
}

fn announce(url: &str) {
    let mut out = io::stdout().lock();
    // Nobody may be reading; the emulator serves all the same.
    let _ = writeln!(out, "listening on {url}").and_then(|()| out.flush());
}

fn report(err: &Error) {
    let mut message = format!("maps-emulator: {err}");
    let mut source = err.source();
    while let Some(cause) = source {
        message.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    // Standard error may be closed; the exit code says the rest.
    let _ = writeln!(io::stderr(), "{message}");
}

/// The signals that end the emulator.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Result<Self, Error> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(Error::Thread)?,
            terminate: signal(SignalKind::terminate()).map_err(Error::Thread)?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The signals that end the emulator.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Result<Self, Error> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // Without a handler the process ends at once, which loses nothing that was answered.
        let _ = tokio::signal::ctrl_c().await;
    }
}
