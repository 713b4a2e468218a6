//! The other side of the pool: a process that examines documents, so that one which kills it is known.

use std::cell::RefCell;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use maps_codegen::corpus::{self, Outcome as Examination};

use crate::Outcome;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    folder: PathBuf,
}

thread_local! {
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Reads paths as JSON strings, one a line, and writes what became of each, one a line.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    // The payload of a panic does not say where it was.
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.to_string().replace('\n', " ");
        LAST_PANIC.with(|last| last.replace(Some(text)));
    }));
    let mut answers = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line.map_err(|error| format!("reading a path: {error}"))?;
        let path: String =
            serde_json::from_str(&line).map_err(|error| format!("reading a path: {error}"))?;
        let mut examined = corpus::examine(&arguments.folder, Path::new(&path));
        if let Examination::Panicked(text) = &mut examined.outcome
            && let Some(full) = LAST_PANIC.take()
        {
            *text = full;
        }
        let answer = serde_json::to_string(&examined)
            .map_err(|error| format!("writing an answer: {error}"))?;
        writeln!(answers, "{answer}")
            .and_then(|()| answers.flush())
            .map_err(|error| format!("writing an answer: {error}"))?;
    }
    Ok(Outcome::Clean)
}
