//! `cargo xtask add-version`: an API version beside those that are there, or a changed document of one.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use maps_codegen::config::Config;
use maps_codegen::diagnostics::has_errors;
use maps_codegen::diff::{self, Difference};
use maps_codegen::generate::{self, Built, Front};
use maps_codegen::pins;

use crate::{Outcome, codegen, findings, root};

mod entry;
mod features;
pub(crate) mod staged;

use staged::{Staged, copy, title};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The service, as spec/services.toml names it.
    service: String,
    /// The version, as `api-version` has it.
    version: String,
    /// The document. What it refers to is found beside it, or where the document will be.
    doc: PathBuf,
    /// Takes the place of the document that the version has.
    #[arg(long)]
    replace: bool,
    /// Where the facts of the document come from; its title and version by default.
    #[arg(long)]
    source: Option<String>,
    /// The workspace to work on; this one by default.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let root = arguments.root.clone().map_or_else(root, Ok)?;
    let staged = Staged::of(&root)?;
    let config = staged.config()?;
    let addition = Addition::of(arguments, &config)?;
    if addition.is_known && has(&staged, &addition)? {
        eprintln!("spec/{} is this document already", addition.path);
        return Ok(Outcome::Clean);
    }
    // What is there must be right before anything can be compared with it.
    let Some(before) = built(generate::front(&root)?) else {
        return Ok(Outcome::Failed);
    };
    add(&staged, &addition)?;
    let front = settle(&staged, &addition)?;
    let after = built(front);
    let difference = after
        .as_deref()
        .and_then(|after| addition.compare(&before, after));
    if let Some(difference) = &difference {
        println!("{difference}");
    }
    if addition.is_known && !arguments.replace {
        println!(
            "spec/{} has changed while its version has not\nhelp: `--replace` takes the new document",
            addition.path
        );
        return Ok(Outcome::Failed);
    }
    for path in staged.publish(&root)? {
        println!("written  {path}");
    }
    if !addition.is_known {
        for path in features::add(&root, &arguments.service, &arguments.version)? {
            println!("changed  {path}");
        }
    }
    if after.is_none() {
        println!("help: add fixups to spec/services.toml, then run `cargo xtask codegen`");
        return Ok(Outcome::Failed);
    }
    let run = generate::spec(&root)?;
    codegen::report(&run, false);
    match has_errors(&run.diagnostics) {
        true => Ok(Outcome::Failed),
        false => codegen::write(&run.trees),
    }
}

/// What was built, or nothing after its errors were printed.
fn built(front: Front) -> Option<Vec<Built>> {
    let shown = findings::errors(&front.diagnostics, &front.sources);
    anstream::print!("{shown}");
    (!has_errors(&front.diagnostics)).then_some(front.built)
}

/// What is to be added.
struct Addition<'a> {
    arguments: &'a Arguments,
    /// Path of the document below spec/.
    path: String,
    /// Whether the version has this document.
    is_known: bool,
    /// Whether the version is there, with this document or others.
    has_version: bool,
    /// The version that it continues: itself where it is known, the default one otherwise.
    model: String,
    /// Path of the document of the version before, whose fixups are tried on the new one.
    forerunner: Option<String>,
}

impl<'a> Addition<'a> {
    fn of(arguments: &'a Arguments, config: &Config) -> Result<Self, String> {
        let Arguments {
            service: name,
            version,
            doc,
            ..
        } = arguments;
        let names = || config.service.iter().map(|known| known.name.as_str());
        let service = config
            .service
            .iter()
            .find(|known| known.name == *name)
            .ok_or_else(|| {
                format!(
                    "spec/services.toml has no service `{name}` but {}; `cargo xtask add-service` adds one",
                    names().collect::<Vec<_>>().join(", ")
                )
            })?;
        let is_version = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if version.is_empty() || !version.chars().all(is_version) {
            return Err(format!("`{version}` cannot be a version"));
        }
        let file = doc
            .file_name()
            .and_then(|file| file.to_str())
            .ok_or_else(|| format!("{} names no file", doc.display()))?;
        let known = service
            .version
            .iter()
            .find(|known| known.version == *version);
        let path = format!("{name}/{version}/{file}");
        let documents = service
            .version
            .iter()
            .filter(|known| known.version == service.default_version)
            .flat_map(|model| &model.documents);
        let same_file = documents
            .clone()
            .find(|document| document.path.rsplit('/').next() == Some(file));
        let forerunner = same_file.or_else(|| documents.clone().next());
        Ok(Self {
            arguments,
            is_known: known
                .is_some_and(|known| known.documents.iter().any(|document| document.path == path)),
            has_version: known.is_some(),
            model: known
                .map_or(&service.default_version, |known| &known.version)
                .clone(),
            forerunner: forerunner
                .map(|document| document.path.clone())
                .filter(|forerunner| *forerunner != path),
            path,
        })
    }

    fn compare(&self, before: &[Built], after: &[Built]) -> Option<Difference> {
        let pick = |one: &&Built, version: &str| {
            one.service.name == self.arguments.service && one.service.version == version
        };
        let old = before.iter().find(|one| pick(one, &self.model))?;
        let new = after
            .iter()
            .find(|one| pick(one, &self.arguments.version))?;
        Some(diff::built(old, new))
    }
}

/// Whether the document is there as it is to be added.
fn has(staged: &Staged, addition: &Addition<'_>) -> Result<bool, String> {
    let hash_of = |path: &Path| {
        fs::read(path)
            .map(|text| pins::hash(&text))
            .map_err(|error| format!("reading {}: {error}", path.display()))
    };
    let there = staged.spec().join(&addition.path);
    Ok(hash_of(&addition.arguments.doc)? == hash_of(&there)?)
}

/// Puts the document where it belongs, with what it brings along, and its entry into services.toml.
fn add(staged: &Staged, addition: &Addition<'_>) -> Result<(), String> {
    let target = staged.spec().join(&addition.path);
    copy(&addition.arguments.doc, &target)?;
    staged.bring_along(&addition.arguments.doc, &target)?;
    if !addition.is_known {
        let source = match &addition.arguments.source {
            Some(source) => source.clone(),
            None => title(&addition.arguments.doc)?,
        };
        let mut document = staged.document()?;
        entry::add(&mut document, addition, &source)?;
        staged.write(&document)?;
    }
    pins::accept(staged.root()).map(|_| ())
}

/// Builds everything, after the entries were taken out that the new document has no use for.
fn settle(staged: &Staged, addition: &Addition<'_>) -> Result<Front, String> {
    loop {
        let front = generate::front(staged.root())?;
        let text = staged.text()?;
        let config = staged.config()?;
        let mut document = staged.document()?;
        let left_out =
            entry::leave_out(&mut document, &config, &text, addition, &front.diagnostics);
        if addition.is_known || left_out.is_empty() {
            return Ok(front);
        }
        for what in left_out {
            println!("not taken over: {what}");
        }
        staged.write(&document)?;
    }
}
