//! `cargo xtask codegen`.

use std::path::{Path, PathBuf};

use clap::Args;
use maps_codegen::diagnostics::{Diagnostic, Severity};
use maps_codegen::generate::{self, Run};
use maps_codegen::input::{self, CoreDependency};
use maps_codegen::keywords;
use maps_codegen::output::{Change, Tree};
use maps_codegen::pins::{self, Accepted};

use crate::{Outcome, findings, root};

#[derive(Debug, Default, Args)]
pub(crate) struct Arguments {
    /// Writes nothing; lists stale, missing and orphaned files.
    #[arg(long)]
    check: bool,
    /// Pins the documents as they are, after their changes were read.
    #[arg(long, conflicts_with_all = ["input", "check"])]
    accept: bool,
    /// Refuses keywords and extensions that are neither handled nor ignored for a reason.
    #[arg(long)]
    deny_unhandled: bool,
    /// Prints renamed items and unreachable definitions too.
    #[arg(long)]
    verbose: bool,
    /// The workspace to work on: the folder of spec/ and crates/; this one by default.
    #[arg(long, value_name = "DIR", conflicts_with = "input")]
    root: Option<PathBuf>,
    /// Generates a pair of crates from this OpenAPI 2.0 document instead of from spec/.
    #[arg(long, value_name = "DOC.json", requires_all = ["name", "out"])]
    input: Option<PathBuf>,
    /// Name of the client's crate; the models' is NAME-models.
    #[arg(long, requires = "input")]
    name: Option<String>,
    /// Folder for the two crates.
    #[arg(long, value_name = "DIR", requires = "input")]
    out: Option<PathBuf>,
    /// Where the runtime crates are: the folder of maps-core, or a version.
    #[arg(
        long,
        value_name = "PATH|VERSION",
        default_value = env!("CARGO_PKG_VERSION"),
        requires = "input"
    )]
    core: String,
}

impl Arguments {
    /// What CI asks: `--check --deny-unhandled`.
    pub(crate) fn check() -> Self {
        Self {
            check: true,
            deny_unhandled: true,
            ..Self::default()
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let mut run = match (&arguments.input, &arguments.name, &arguments.out) {
        (Some(document), Some(name), Some(out)) => {
            let core = CoreDependency::parse(&arguments.core)?;
            input::pair(document, name, out, &core)?
        }
        _ => {
            let root = arguments.root.clone().map_or_else(root, Ok)?;
            if arguments.accept {
                accept(&root)?;
            }
            let mut run = generate::spec(&root)?;
            run.trees.extend(docs(&root));
            run
        }
    };
    if arguments.deny_unhandled {
        keywords::deny_unhandled(&mut run.diagnostics);
    }
    report(&run, arguments.verbose);
    if run
        .diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error)
    {
        return Ok(Outcome::Failed);
    }
    if arguments.check {
        check(&run.trees, arguments.input.is_some())
    } else {
        write(&run.trees)
    }
}

/// Pages that are made of the generator's own tables, where the workspace is that of the generator.
fn docs(root: &Path) -> Option<Tree> {
    let shown = "crates/maps-codegen/docs";
    let page = ("keywords.md".to_owned(), keywords::markdown());
    root.join("crates/maps-codegen").is_dir().then(|| Tree {
        folder: root.join(shown),
        shown: shown.to_owned(),
        files: [page].into(),
        keeps_others: true,
    })
}

fn accept(root: &Path) -> Result<(), String> {
    for Accepted {
        document,
        was_pinned,
    } in pins::accept(root)?
    {
        let word = if was_pinned { "repinned" } else { "pinned  " };
        println!("{word} spec/{document}");
    }
    Ok(())
}

/// Prints what was found: problems in full, the rest as a count unless asked for.
pub(crate) fn report(run: &Run, verbose: bool) {
    let shown = |found: &&Diagnostic| verbose || found.severity != Severity::Note;
    let found = run.diagnostics.iter().filter(shown);
    anstream::print!("{}", findings::shown(found, &run.sources));
    for (documents, names) in run
        .unreachable
        .iter()
        .filter(|(_, names)| !names.is_empty())
    {
        if verbose {
            println!(
                "not reached by an operation, not generated ({documents}): {}",
                names.join(", ")
            );
        } else {
            eprintln!(
                "{documents}: {} definitions that no operation reaches are not generated",
                names.len()
            );
        }
    }
    let count = |severity| {
        let found = run.diagnostics.iter();
        found.filter(|found| found.severity == severity).count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if errors + warnings > 0 {
        eprintln!("{errors} errors, {warnings} warnings");
    }
    let notes = count(Severity::Note);
    if notes > 0 && !verbose {
        eprintln!("{notes} notes (renamed items and the like), shown with --verbose");
    }
}

fn check(trees: &[Tree], is_outside: bool) -> Result<Outcome, String> {
    let changes = changes(trees, Tree::changes)?;
    if changes.is_empty() {
        eprintln!("generated code is up to date");
        return Ok(Outcome::Clean);
    }
    changes.iter().for_each(|change| println!("{change}"));
    let command = match is_outside {
        true => "the same command without `--check`",
        false => "`cargo xtask codegen`",
    };
    println!("help: run {command}");
    Ok(Outcome::Failed)
}

pub(crate) fn write(trees: &[Tree]) -> Result<Outcome, String> {
    let changes = changes(trees, Tree::write)?;
    changes
        .iter()
        .for_each(|change| println!("{}", done(change)));
    let files: usize = trees.iter().map(|tree| tree.files.len()).sum();
    eprintln!("{files} files, {} changed", changes.len());
    Ok(Outcome::Clean)
}

fn changes(
    trees: &[Tree],
    of: impl Fn(&Tree) -> std::io::Result<Vec<Change>>,
) -> Result<Vec<Change>, String> {
    let mut all = Vec::new();
    for tree in trees {
        all.extend(of(tree).map_err(|error| format!("writing {}: {error}", tree.shown))?);
    }
    Ok(all)
}

fn done(change: &Change) -> String {
    match change {
        Change::Stale(path) => format!("changed  {path}"),
        Change::Missing(path) => format!("added    {path}"),
        Change::Orphaned(path) => format!("removed  {path}"),
    }
}
