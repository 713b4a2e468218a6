//! Every guarantee and every limit of `maps-core` names the tests that prove it, and they exist.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use maps_promises::{is_test, rows};

const GUARANTEES: [&str; 4] = [
    "It never panics",
    "It is cancel-safe",
    "Every wait is bounded",
    "Credentials go where they belong",
];

/// The section with the rows of the table of defaults.
const LIMITS: &str = "Waits and limits";

/// Where links of the docs lead.
const REPOSITORY: &str = "https://github.com/azure-maps-rust/azure-maps-rust/blob/main/";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn every_row_names_tests_that_exist() {
    let rows = rows(&read("crates/maps-core/GUARANTEES.md"));
    let sections: BTreeSet<&str> = rows.iter().map(|row| row.section.as_str()).collect();
    let expected: BTreeSet<&str> = GUARANTEES.into_iter().chain([LIMITS]).collect();
    assert_eq!(sections, expected);
    for row in &rows {
        assert!(!row.tests.is_empty(), "no test: {}", row.statement);
        for test in &row.tests {
            let found = is_test(&root(), test);
            assert!(
                found.as_ref().is_ok_and(|found| *found),
                "{test}: {found:?}"
            );
        }
    }
}

#[test]
fn every_part_of_the_table_of_defaults_has_a_row() {
    let readme = read("crates/maps-core/README.md");
    let table = readme.split("| wait or limit |").nth(1).unwrap();
    let parts: Vec<&str> = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with("| "))
        .map(|line| line.trim_matches('|').split(" | ").next().unwrap().trim())
        .flat_map(|cell| cell.split(" / ").flat_map(|part| part.split("; ")))
        .collect();
    assert!(parts.len() >= 18, "{parts:?}");
    let rows = rows(&read("crates/maps-core/GUARANTEES.md"));
    for part in parts {
        let proven = rows
            .iter()
            .any(|row| row.section == LIMITS && row.statement.contains(part));
        assert!(proven, "no row for `{part}`");
    }
}

#[test]
fn the_front_page_links_each_guarantee_to_its_proof() {
    let readme = read("crates/maps-core/README.md");
    for guarantee in GUARANTEES {
        let text = readme.split(&format!("**{guarantee}.**")).nth(1);
        let text = text.unwrap_or_else(|| panic!("`{guarantee}` is not on the front page"));
        let text = text.split("\n- **").next().unwrap();
        let label = text
            .split("Proof: [")
            .nth(1)
            .and_then(|proof| proof.split(['[', ']']).nth(2));
        let label = label.unwrap_or_else(|| panic!("`{guarantee}` has no proof"));
        let target = format!("\n[{label}]: {REPOSITORY}");
        assert!(readme.contains(&target), "[{label}] leads nowhere");
    }
    for link in readme.split(REPOSITORY).skip(1) {
        let path = link.split([')', '#', '\n', '>']).next().unwrap();
        assert!(root().join(path).exists(), "{path} does not exist");
    }
}
