//! Commands of the workspace: `cargo xtask` alone lists them.
//!
//! Exit codes: 0 clean, 1 drift or a bad definition, 2 could not run. Results go to stdout, progress to stderr.

// A command line tool prints.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that prints"
)]

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use clap::{CommandFactory, Parser, Subcommand};

mod add_service;
mod add_version;
mod api_diff;
mod codegen;
mod comparison;
mod compiler;
mod conformance;
mod consumer;
mod corpus;
mod demo;
mod facts;
mod findings;
mod fuzz;
mod planted;
mod published;
mod rust_version;
mod size;
mod test;

/// The generator makes and drops millions of small tokens, on which the system's allocator spends a quarter of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Commands of the workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Begins the hand-written half of a new pair of crates, and generates the rest.
    AddService(add_service::Arguments),
    /// Brings an API version in beside those that are there, and says what is different in it.
    AddVersion(add_version::Arguments),
    /// Says what changed between two documents, workspaces or generations, and which release that asks for.
    ApiDiff(api_diff::Arguments),
    /// Generates the crates from the definitions in spec/, or a pair of crates from any document.
    Codegen(codegen::Arguments),
    /// Runs the same cases on this SDK and on azure_core, and writes the table of crates/maps-core/docs/comparison.md.
    Comparison,
    /// Runs the public test server for Azure client generators against clients made from its documents.
    Conformance(conformance::Arguments),
    /// Runs the generator over every OpenAPI 2.0 document below a folder, and says how it went.
    Corpus(corpus::Arguments),
    #[command(hide = true)]
    CorpusWorker(corpus::WorkerArguments),
    /// Generates, starts the embedded emulator, and runs three long-running operations through the clients.
    Demo,
    /// Lists what the definitions say after fixups, one fact a line.
    Facts(facts::Arguments),
    /// Feeds arbitrary answers of a service to the SDK, in search of a panic, a leak or a wait without end.
    Fuzz(fuzz::Arguments),
    /// Plants bugs into a copy of the crates, one at a time, and expects the tests to fail.
    Planted(planted::Arguments),
    /// Counts what is generated for each crate, and measures how long it takes to compile.
    Size(size::Arguments),
    /// Runs everything that CI checks, or the checks that are named.
    Test(test::Arguments),
}

/// How a command ends.
enum Outcome {
    /// Nothing to say.
    Clean,
    /// Drift, a bad definition, a failed check.
    Failed,
}

fn main() -> ExitCode {
    let Some(command) = Arguments::parse().command else {
        return match Arguments::command().print_help() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(2),
        };
    };
    // Definitions that lead from one to the next are followed by functions that call themselves.
    let worker = thread::Builder::new().stack_size(STACK);
    let outcome = worker
        .spawn(move || run(command))
        .map_err(|error| format!("starting a thread: {error}"))
        .and_then(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

/// Address space of the stack, most of which is never touched: tens of thousands of definitions in a row.
const STACK: usize = 1 << 29;

fn run(command: Command) -> Result<Outcome, String> {
    match command {
        Command::AddService(arguments) => add_service::run(&arguments),
        Command::AddVersion(arguments) => add_version::run(&arguments),
        Command::ApiDiff(arguments) => api_diff::run(&arguments),
        Command::Codegen(arguments) => codegen::run(&arguments),
        Command::Comparison => comparison::run(),
        Command::Conformance(arguments) => conformance::run(&arguments),
        Command::Corpus(arguments) => corpus::run(&arguments),
        Command::CorpusWorker(arguments) => corpus::run_worker(&arguments),
        Command::Demo => demo::run(),
        Command::Facts(arguments) => facts::run(&arguments),
        Command::Fuzz(arguments) => fuzz::run(&arguments),
        Command::Planted(arguments) => planted::run(&arguments),
        Command::Size(arguments) => size::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
    }
}

/// The folder of the workspace: that of this package's parent, wherever the command is started.
fn root() -> Result<PathBuf, String> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .map(PathBuf::from)
        .ok_or_else(|| "the workspace has no folder".to_owned())
}
