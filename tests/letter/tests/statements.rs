//! The table of statements and the tests agree.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use maps_promises::{rows, tests_of};

/// What the statements are about; every one of these has rows.
const SECTIONS: [&str; 10] = [
    "Statuses",
    "Bodies and failures",
    "Results",
    "Submits",
    "Waiting",
    "Ids",
    "Signing in",
    "Where to",
    "Blocking",
    "Local Azure Maps",
];

/// Fewest rows there have ever to be: a row and its test do not go together unseen.
const ROWS: usize = 99;

#[test]
fn every_statement_names_a_test_that_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("STATEMENTS.md")).unwrap();
    let rows = rows(&table);
    let mut sections: Vec<&str> = rows.iter().map(|row| row.section.as_str()).collect();
    sections.dedup();
    assert_eq!(sections, SECTIONS);
    assert!(rows.len() >= ROWS, "{} rows", rows.len());
    assert!(
        rows.iter().all(|row| row.tests.len() == 1),
        "one test a row"
    );
    let stated: Vec<String> = rows.into_iter().flat_map(|row| row.tests).collect();
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
            let tests = tests_of(&source).into_iter();
            found.extend(tests.map(|test| format!("{prefix}{file}::{test}")));
        }
    }
    found
}
