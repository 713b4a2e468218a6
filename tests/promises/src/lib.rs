//! Holds what the docs promise to the sources and tests that keep it: reads tables, and finds tests by their names.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

/// A row of a table in Markdown whose last column names tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The heading above the table, without its `#`.
    pub section: String,
    /// The first column.
    pub statement: String,
    /// What is in backquotes in the last column.
    pub tests: Vec<String>,
}

/// The rows of all tables of a page, in their order.
#[must_use]
pub fn rows(page: &str) -> Vec<Row> {
    let mut section = "";
    let mut rows = Vec::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with('#') {
            section = line.trim_start_matches('#').trim();
        }
        // A head is known by the line below it, which is no row either.
        let is_head = lines.peek().is_some_and(|next| next.starts_with("|-"));
        if !line.starts_with("| ") || is_head {
            continue;
        }
        let cells: Vec<&str> = line.trim().trim_matches('|').split(" | ").collect();
        let quoted = |cell: &str| -> Vec<String> {
            let texts = cell.split('`').skip(1).step_by(2);
            texts.map(str::to_owned).collect()
        };
        rows.push(Row {
            section: section.to_owned(),
            statement: cells[0].trim().to_owned(),
            tests: cells.last().map(|cell| quoted(cell)).unwrap_or_default(),
        });
    }
    rows
}

/// Names of the functions of a source that stand behind a test attribute and are not ignored.
#[must_use]
pub fn tests_of(source: &str) -> BTreeSet<String> {
    let mut is_test = false;
    let mut found = BTreeSet::new();
    for line in source.lines().map(str::trim_start) {
        if line.starts_with("#[tokio::test") || line == "#[test]" {
            is_test = true;
        } else if line.starts_with("#[ignore") {
            is_test = false;
        } else if let Some(name) = line.trim_start_matches("async ").strip_prefix("fn ")
            && std::mem::take(&mut is_test)
        {
            found.insert(name.split(['(', '<']).next().unwrap_or(name).to_owned());
        }
    }
    found
}

/// Whether there is a test of this name, given as `path/from/the/root.rs::name`.
///
/// # Errors
///
/// When the file cannot be read.
pub fn is_test(root: &Path, name: &str) -> io::Result<bool> {
    let Some((path, name)) = name.split_once("::") else {
        return Ok(false);
    };
    Ok(tests_of(&fs::read_to_string(root.join(path))?).contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_their_section_and_tests() {
        let page = "# A\n\n| what | test |\n|---|---|\n| x, `y` | `a.rs::b`, `a.rs::c` |\n## B\n| z | 3 s | `d` |\n";
        let found = rows(page);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].statement, "x, `y`");
        assert_eq!(found[0].tests, ["a.rs::b", "a.rs::c"]);
        assert_eq!((found[1].section.as_str(), found[1].tests.len()), ("B", 1));
    }

    #[test]
    fn tests_are_functions_behind_their_attribute() {
        let source = "#[test]\nfn a() {}\nfn b() {}\n    #[tokio::test(start_paused = true)]\n    \
                      async fn c() {}\n#[test]\n#[ignore = \"slow\"]\nfn d() {}\n";
        let found: Vec<String> = tests_of(source).into_iter().collect();
        assert_eq!(found, ["a", "c"]);
    }
}
