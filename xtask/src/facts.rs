//! `cargo xtask facts`: what the definitions say after fixups, one fact a line.

use std::path::PathBuf;

use clap::Args;
use maps_codegen::diagnostics::has_errors;
use maps_codegen::facts::{self, Listed};

use crate::{Outcome, findings, root};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Documents whose path contains this; all by default.
    #[arg(value_name = "PART")]
    filter: Option<String>,
    /// The workspace to read; this one by default.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let root = arguments.root.clone().map_or_else(root, Ok)?;
    let Listed {
        facts,
        diagnostics,
        sources,
    } = facts::spec(&root)?;
    let filter = arguments.filter.as_deref().unwrap_or_default();
    for facts in facts.iter().filter(|facts| facts.document.contains(filter)) {
        println!("# {}", facts.document);
        facts.lines.iter().for_each(|line| println!("{line}"));
    }
    anstream::eprint!("{}", findings::errors(&diagnostics, &sources));
    Ok(match has_errors(&diagnostics) {
        true => Outcome::Failed,
        false => Outcome::Clean,
    })
}
