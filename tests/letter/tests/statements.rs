//! The table of statements and the tests agree.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What the statements are about; every one of these has rows.
const SECTIONS: [&str; 9] = [
    "Statuses",
    "Bodies and failures",
    "Results",
    "Submits",
    "Waiting",
    "Ids",
    "Signing in",
    "Where to",
    "Local Azure Maps",
];

/// Fewest rows there have ever to be: a row and its test do not go together unseen.
const ROWS: usize = 96;

#[test]
fn every_statement_names_a_test_that_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("STATEMENTS.md")).unwrap();
    let mut sections = Vec::new();
    let mut stated = Vec::new();
    for line in table.lines() {
        if let Some(section) = line.strip_prefix("## ") {
            sections.push((section, 0));
        } else if line.starts_with("| ") && line.ends_with("` |") {
            stated.push(line.rsplit('`').nth(1).unwrap().to_owned());
            sections.last_mut().unwrap().1 += 1;
        }
    }
    let names: Vec<_> = sections.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, SECTIONS);
    for (name, rows) in sections {
        assert!(rows > 0, "{name} has no rows");
    }
    assert!(stated.len() >= ROWS, "{} rows", stated.len());
    let unique: BTreeSet<&String> = stated.iter().collect();
    assert_eq!(unique.len(), stated.len(), "a test stands in two rows");

    let here = tests_in(&root.join("tests"), "");
    let emulator = tests_in(
        &root.join("../../crates/maps-emulator/tests"),
        "maps-emulator/",
    );
    let stated: BTreeSet<String> = stated.into_iter().collect();
    let present = here.union(&emulator).cloned().collect();
    let missing: Vec<_> = stated.difference(&present).collect();
    // The emulator has more tests than these statements.
    let unstated: Vec<_> = here.difference(&stated).collect();
    assert!(
        missing.is_empty() && unstated.is_empty(),
        "no such test: {missing:?}; in no row: {unstated:?}"
    );
}

/// The tests of the files in a folder, this one left out, as `file::test` after `prefix`.
fn tests_in(folder: &Path, prefix: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_stem().and_then(|stem| stem.to_str()).unwrap();
        if path.is_file() && file != "statements" {
            let source = fs::read_to_string(&path).unwrap();
            found.extend(tests_of(&source).map(|test| format!("{prefix}{file}::{test}")));
        }
    }
    found
}

/// Names of the functions that stand behind a test attribute and are not ignored.
fn tests_of(source: &str) -> impl Iterator<Item = &str> {
    let mut is_test = false;
    source.lines().filter_map(move |line| {
        if line.starts_with("#[tokio::test") || line == "#[test]" {
            is_test = true;
        } else if line.starts_with("#[ignore") {
            is_test = false;
        } else if let Some(name) = line.trim_start_matches("async ").strip_prefix("fn ") {
            return std::mem::take(&mut is_test)
                .then(|| name.split(['(', '<']).next().unwrap_or(name));
        }
        None
    })
}
