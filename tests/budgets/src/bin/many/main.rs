//! Watches thousands of matrices on a local emulator, by the SDK and by hand, and compares what both take.
//!
//! `many N` runs both, each in a process of its own against an emulator in another. README.md holds what it gave.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program"
)]

mod by_hand;
mod emulator;
mod sdk;
mod usage;

use std::error::Error;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};
use std::time::Duration;

use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixAsyncRequest, RouteMatrixTypeEnum,
};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Requests in flight, of each of both.
const IN_FLIGHT: usize = 32;

/// From the submit of a matrix to its end.
const JOB: Duration = Duration::from_secs(60);

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments[..] {
        ["emulator"] => emulator::serve().await,
        ["sdk", url, count] => sdk::run(url, count).await,
        ["by-hand", url, count] => by_hand::run(url, count).await,
        [count] => compare(count),
        _ => Err("usage: many COUNT".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn compare(count: &str) -> Outcome {
    println!(
        "{count} matrices of {} s, at most {IN_FLIGHT} requests in flight",
        JOB.as_secs()
    );
    for side in ["by-hand", "sdk"] {
        let (mut emulator, mut output) = start(&["emulator"])?;
        let mut url = String::new();
        output.read_line(&mut url)?;
        let (mut side_process, mut figures) = start(&[side, url.trim(), count])?;
        let mut text = String::new();
        figures.read_to_string(&mut text)?;
        let ended = side_process.wait()?;
        // The end of its input ends the emulator.
        drop(emulator.stdin.take());
        output.read_to_string(&mut text)?;
        emulator.wait()?;
        println!("{side}\n{text}");
        if !ended.success() {
            return Err(format!("{side} has failed").into());
        }
    }
    Ok(())
}

fn start(arguments: &[&str]) -> Outcome<(Child, BufReader<ChildStdout>)> {
    let mut command = Command::new(std::env::current_exe()?);
    let command = command.args(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().ok_or("no output")?;
    Ok((child, BufReader::new(output)))
}

/// From one place to two.
fn matrix() -> RouteMatrixAsyncRequest {
    let points = |side, positions: &[[f64; 2]]| {
        InputRouteMatrixFeaturesItem::new(
            GeoJsonMultiPoint::new(positions.iter().copied()),
            InputRouteMatrixProperties::new().with_point_type(side),
        )
    };
    RouteMatrixAsyncRequest::new([
        points(RouteMatrixTypeEnum::Origins, &[[4.4777, 51.9244]]),
        points(
            RouteMatrixTypeEnum::Destinations,
            &[[6.9603, 50.9375], [6.1319, 49.6116]],
        ),
    ])
}
