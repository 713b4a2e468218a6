//! Runs three asynchronous operations of Azure Maps through the generated clients and prints their results.
//!
//! All three run against an emulator inside this process. With `AZURE_MAPS_KEY` set, the route matrix goes to the real
//! service instead.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what this program is for"
)]

mod dataset;
mod progress;
mod registry;
mod route;

use std::error::Error;
use std::process::ExitCode;

use std::time::Duration;

use maps_core::{ClientOptions, PollingOptions};
use maps_emulator::Emulator;

/// Key of the emulator; it guards nothing.
const EMULATOR_KEY: &str = "demo-key";

/// How much faster than the service the emulator's clock runs, so that a person need not wait.
const SPEED: f64 = 20.0;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::builder()
        .key(EMULATOR_KEY)
        .speed(SPEED)
        .start()
        .await?;
    println!("The emulator listens on {}.\n", emulator.url());
    route::run(&emulator).await?;
    registry::run(&emulator).await?;
    dataset::run(&emulator).await?;
    emulator.stop().await;
    Ok(())
}

/// Polls as much faster as the emulator's clock runs.
fn options() -> ClientOptions {
    let first = Duration::from_millis(100);
    let polling = PollingOptions::new()
        .first_wait(first)
        .hint_limits(first, Duration::from_secs(1));
    ClientOptions::new().polling(polling)
}
