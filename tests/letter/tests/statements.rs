//! The table of statements and the tests agree.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_statement_names_a_test_that_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("STATEMENTS.md")).unwrap();
    let stated: Vec<String> = table
        .lines()
        .filter(|line| line.starts_with("| ") && line.ends_with("` |"))
        .map(|line| line.rsplit('`').nth(1).unwrap().to_owned())
        .collect();
    let unique: BTreeSet<&String> = stated.iter().collect();
    assert_eq!(unique.len(), stated.len(), "a test stands in two rows");

    let mut present = BTreeSet::new();
    for entry in fs::read_dir(root.join("tests")).unwrap() {
        let path = entry.unwrap().path();
        let Some(file) = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .filter(|stem| *stem != "statements")
        else {
            continue;
        };
        if path.is_file() {
            present.extend(
                tests_of(&fs::read_to_string(&path).unwrap()).map(|test| format!("{file}::{test}")),
            );
        }
    }
    let stated: BTreeSet<String> = stated.into_iter().collect();
    let missing: Vec<_> = stated.difference(&present).collect();
    let unstated: Vec<_> = present.difference(&stated).collect();
    assert!(
        missing.is_empty() && unstated.is_empty(),
        "no such test: {missing:?}; in no row: {unstated:?}"
    );
    assert!(stated.len() > 40);
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
