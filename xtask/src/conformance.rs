//! `cargo xtask conformance`: the public test server for Azure client generators, against crates made from its documents.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use clap::Args;
use maps_codegen::diagnostics::Severity;

use crate::{Outcome, findings, root};

mod documents;
mod driver;
mod server;
mod table;

use self::documents::Document;
use self::driver::Driver;
use self::server::Installed;
use self::table::{Expected, Findings, GROUPS};

const PAGE: &str = "crates/maps-codegen/docs/conformance.md";

/// What stands above the tables.
const HEAD: &str = "# Conformance

Written by `cargo xtask conformance`, which installs the public test server for Azure client generators, generates a client
from each of its documents, and calls it as a user would. A key counts as reached when the server counted it and the
scenario of that name passed, which asserts its own result: values, errors, headers, the number of requests. A document's
scenarios beyond its keys are what a client has to refuse, and operations that the server does not count.

Some answers of the server contradict their document: a null in a list of numbers, no body where one is declared. The
scenario then asserts the decode error: 96 of those that are named for a key do, with the path where the value lies within
the body, and ten more on long-running operations whose answers do not say what they have to.

Three scenarios send through `client.request` what a typed client does not allow: `put_complex_array_valid` and
`put_complex_dictionary_valid` a null among strings, `request_with_secrets` a body on an operation that declares none.
";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The groups of the driver to run, for example `lro`; all when none is named.
    groups: Vec<String>,
    /// Writes nothing; fails when the page in the docs is not what this run would write, and lints the driver.
    #[arg(long, conflicts_with = "groups")]
    check: bool,
}

/// What `cargo xtask test` runs.
pub(crate) fn check() -> Result<Outcome, String> {
    run(&Arguments {
        groups: Vec::new(),
        check: true,
    })
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let root = root()?;
    let source = root.join("tests/conformance");
    let target = root.join("target/conformance");
    let driver = Driver::new(
        source.clone(),
        target.join("build"),
        &root.join("Cargo.lock"),
    )?;
    let groups = chosen(&driver, &arguments.groups)?;
    let is_whole = arguments.groups.is_empty();

    let installed = Installed::new(&source.join("server"), target.join("server"))?;
    let all = documents::list(&installed.documents())?;
    let mut faults = generate(&all, &installed.documents(), &root, &target.join("crates"))?;
    eprintln!("building the driver");
    for message in driver.build(&groups)? {
        eprintln!("{}\n", message.text);
        let what = match message.is_error {
            true => "does not compile",
            false => "compiles with a warning",
        };
        faults.push(format!("{} {what}", message.package));
    }
    if arguments.check {
        faults.extend(driver.lint()?);
    }

    let server = installed.start()?;
    let mut scenarios = Vec::new();
    for group in &groups {
        eprintln!("==> {group}");
        scenarios.extend(driver.run(group, server.url())?);
    }
    let reports = GROUPS
        .iter()
        .map(|group| Ok((*group, server.report(group)?)))
        .collect::<Result<BTreeMap<_, _>, String>>()?;
    drop(server);

    let is_chosen = |document: &Document| {
        let module = document.package.replace('-', "_");
        let mut modules = groups
            .iter()
            .filter_map(|group| driver.groups().get(*group));
        is_whole || modules.any(|modules| modules.contains(&module))
    };
    let version = installed.version()?;
    let findings = Findings {
        documents: &all.into_iter().filter(is_chosen).collect::<Vec<_>>(),
        scenarios: &scenarios,
        reports: &reports,
        expected: &expected(&source.join("expected-failures.toml"))?,
        is_whole,
    };
    faults.extend(findings.faults());
    print!("{findings}");
    if is_whole {
        let page = format!(
            "{HEAD}\nVersion {version} of the npm package `{}`.\n\n{findings}",
            server::PACKAGE
        );
        faults.extend(publish(&root, &page, arguments.check)?);
    }
    for fault in &faults {
        println!("missing: {fault}");
    }
    Ok(match faults.is_empty() {
        true => Outcome::Clean,
        false => Outcome::Failed,
    })
}

/// The groups to run.
fn chosen<'d>(driver: &'d Driver, named: &[String]) -> Result<Vec<&'d str>, String> {
    let known = driver.groups();
    if let Some(unknown) = named.iter().find(|name| !known.contains_key(*name)) {
        let known: Vec<&str> = known.keys().map(String::as_str).collect();
        return Err(format!(
            "no group `{unknown}`: there are {}",
            known.join(", ")
        ));
    }
    Ok(known
        .keys()
        .filter(|name| named.is_empty() || named.contains(name))
        .map(String::as_str)
        .collect())
}

/// Generates the crates of all documents in place of those of an earlier run, with the same settings for each.
fn generate(
    documents: &[Document],
    folder: &Path,
    root: &Path,
    out: &Path,
) -> Result<Vec<String>, String> {
    match fs::remove_dir_all(out) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(format!("clearing {}: {error}", out.display()));
        }
        _ => {}
    }
    let mut faults = Vec::new();
    for document in documents {
        let run = documents::generate(document, folder, out, &root.join("crates/maps-core"))?;
        let found = || run.diagnostics.iter();
        let problems = found().filter(|found| found.severity != Severity::Note);
        anstream::eprint!("{}", findings::shown(problems, &run.sources));
        if found().any(|found| found.severity == Severity::Error) {
            faults.push(format!("{}.json does not generate", document.name));
        }
    }
    eprintln!("{} documents, {} refused", documents.len(), faults.len());
    Ok(faults)
}

/// The keys that are not to be reached, each with its reason.
fn expected(path: &Path) -> Result<Expected, String> {
    let fail = |error: &dyn std::fmt::Display| format!("reading {}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| fail(&error))?;
    let table: toml_edit::DocumentMut = text.parse().map_err(|error| fail(&error))?;
    table
        .iter()
        .map(|(key, reason)| match reason.as_str() {
            Some(reason) if !reason.is_empty() => Ok((key.to_owned(), reason.to_owned())),
            _ => Err(fail(&format!("{key} has no reason"))),
        })
        .collect()
}

/// Writes the page, or compares it with the one that is there.
fn publish(root: &Path, page: &str, is_check: bool) -> Result<Option<String>, String> {
    let path = root.join(PAGE);
    if fs::read_to_string(&path).is_ok_and(|there| there == page) {
        return Ok(None);
    }
    if is_check {
        return Ok(Some(format!(
            "{PAGE} is not what this run found: run `cargo xtask conformance`"
        )));
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .map_err(|error| format!("making a folder for {PAGE}: {error}"))?;
    }
    fs::write(&path, page).map_err(|error| format!("writing {PAGE}: {error}"))?;
    eprintln!("wrote {PAGE}");
    Ok(None)
}
