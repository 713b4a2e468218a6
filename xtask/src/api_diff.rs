//! `cargo xtask api-diff`: what changed between two documents, two workspaces or two folders of generated Rust.

use std::path::{Path, PathBuf};

use clap::Args;
use maps_codegen::diagnostics::has_errors;
use maps_codegen::diff::{self, Difference};
use maps_codegen::generate::{self, Built, Front};
use maps_codegen::input::Outside;

use crate::{Outcome, findings};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A document, a workspace (with spec/services.toml), or a folder of generated Rust.
    old: PathBuf,
    /// Another one of the same sort.
    new: PathBuf,
    /// Prints Markdown.
    #[arg(long)]
    markdown: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let Arguments { old, new, markdown } = arguments;
    let compared = match (sort(old)?, sort(new)?) {
        (Sort::Document, Sort::Document) => documents(old, new)?,
        (Sort::Workspace, Sort::Workspace) => workspaces(old, new)?,
        (Sort::Rust, Sort::Rust) => Compared {
            differences: vec![rust(old, new)?],
            is_whole: true,
        },
        (a, b) => {
            return Err(format!(
                "{} is {a}, {} is {b}: nothing to compare",
                old.display(),
                new.display()
            ));
        }
    };
    for difference in &compared.differences {
        match markdown {
            true => println!("{}", difference.markdown()),
            false => println!("{difference}"),
        }
    }
    Ok(match compared.is_whole {
        true => Outcome::Clean,
        false => Outcome::Failed,
    })
}

/// What came of a comparison.
#[derive(Default)]
struct Compared {
    differences: Vec<Difference>,
    /// Whether both sides were understood in full.
    is_whole: bool,
}

/// What a path leads to.
enum Sort {
    Document,
    Workspace,
    Rust,
}

impl std::fmt::Display for Sort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Document => "a document",
            Self::Workspace => "a workspace",
            Self::Rust => "a folder of Rust",
        })
    }
}

fn sort(path: &Path) -> Result<Sort, String> {
    if path.is_file() {
        Ok(Sort::Document)
    } else if path.join("spec/services.toml").is_file() {
        Ok(Sort::Workspace)
    } else if path.is_dir() {
        Ok(Sort::Rust)
    } else {
        Err(format!("reading {}: not found", path.display()))
    }
}

/// Compares two documents. Errors of either are printed; what they are about may be missing on its side.
fn documents(old: &Path, new: &Path) -> Result<Compared, String> {
    let mut is_whole = true;
    let mut read = |path: &Path| {
        if let Some(built) = of_workspace(path)? {
            return Ok::<_, String>(Some(built));
        }
        let mut front = Outside::read(path)?.draft("service");
        is_whole &= !report(&front);
        Ok(front.built.pop())
    };
    let (Some(before), Some(after)) = (read(old)?, read(new)?) else {
        return Ok(Compared::default());
    };
    if !is_whole {
        eprintln!("compared in spite of errors: what they are about may be missing");
    }
    let title = format!(
        "{} ({}) -> {} ({})",
        old.display(),
        before.service.version,
        new.display(),
        after.service.version
    );
    Ok(Compared {
        differences: vec![Difference {
            title,
            ..diff::built(&before, &after)
        }],
        is_whole,
    })
}

/// The version of a workspace that consists of this document, with its fixups and entries.
fn of_workspace(document: &Path) -> Result<Option<Built>, String> {
    let document = std::path::absolute(document)
        .map_err(|error| format!("reading {}: {error}", document.display()))?;
    let root = document
        .ancestors()
        .find(|folder| folder.join("spec/services.toml").is_file());
    let Some((root, below)) = root.and_then(|root| Some((root, document.strip_prefix(root).ok()?)))
    else {
        return Ok(None);
    };
    let shown = below.to_string_lossy().replace('\\', "/");
    let built = generate::front(root)?.built;
    Ok(built
        .into_iter()
        .find(|built| built.service.documents == [shown.as_str()]))
}

fn workspaces(old: &Path, new: &Path) -> Result<Compared, String> {
    let (old, new) = (generate::front(old)?, generate::front(new)?);
    let is_whole = ![&old, &new].map(report).contains(&true);
    Ok(match is_whole {
        true => Compared {
            differences: diff::all(&old.built, &new.built),
            is_whole,
        },
        false => Compared::default(),
    })
}

fn rust(old: &Path, new: &Path) -> Result<Difference, String> {
    let title = format!("{} -> {}", old.display(), new.display());
    Ok(diff::compare(
        title,
        &diff::rust::of(old)?,
        &diff::rust::of(new)?,
    ))
}

/// Prints errors; whether there are any.
fn report(front: &Front) -> bool {
    let shown = findings::errors(&front.diagnostics, &front.sources);
    anstream::eprint!("{shown}");
    has_errors(&front.diagnostics)
}
