//! `cargo xtask corpus`: the generator over every OpenAPI 2.0 document of a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use maps_codegen::corpus::{self, Summary};

use crate::Outcome;

mod compile;
mod pool;
mod worker;

pub(crate) use worker::{Arguments as WorkerArguments, run as run_worker};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A folder of definitions, for example a clone of a public collection.
    dir: PathBuf,
    /// Type-checks the output of so many documents, chosen by the seed.
    #[arg(long, value_name = "N", default_value_t = 0)]
    compile: usize,
    /// Chooses other documents to type-check.
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Seconds after which a document counts as one that hangs the generator.
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    limit: u64,
    /// Documents at a time; as many as there are processors by default.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let folder = &arguments.dir;
    let absolute = fs::canonicalize(folder)
        .map_err(|error| format!("reading {}: {error}", folder.display()))?;
    let documents = corpus::documents(&absolute)
        .map_err(|error| format!("listing {}: {error}", folder.display()))?;
    if documents.is_empty() {
        return Err(format!(
            "no OpenAPI 2.0 document below {}",
            folder.display()
        ));
    }
    eprintln!("{} documents below {}", documents.len(), folder.display());
    let jobs = arguments.jobs.unwrap_or_else(processors).max(1);
    let start = Instant::now();
    let limit = Duration::from_secs(arguments.limit.max(1));
    let examined = pool::Pool::new(&worker_command(&absolute)?, limit).run(&documents, jobs)?;
    let elapsed = start.elapsed();

    let summary = Summary::of(&examined);
    print!("{summary}");
    eprintln!(
        "{:.1} s by the clock with {jobs} at a time",
        elapsed.as_secs_f64()
    );
    let mut clean = summary.is_sound() && summary.refused == 0;
    if arguments.compile > 0 {
        let sample = compile::sample(&examined, arguments.compile, arguments.seed);
        let report = compile::check(&absolute, &sample)?;
        print!("\n{report}");
        clean &= report.is_clean();
    }
    Ok(match clean {
        true => Outcome::Clean,
        false => Outcome::Failed,
    })
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// How a worker is started: this program with its hidden command.
fn worker_command(folder: &Path) -> Result<Vec<std::ffi::OsString>, String> {
    let program =
        std::env::current_exe().map_err(|error| format!("finding this program: {error}"))?;
    Ok(vec![program.into(), "corpus-worker".into(), folder.into()])
}
