//! `cargo xtask size`: how much is generated, and how long it takes to compile.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use clap::Args;
use maps_codegen::generate;

use crate::{Outcome, root};

/// The report.
const REPORT: &str = "crates/maps-codegen/docs/size.md";

/// What the times are compared with: a crate of the same workspace that is written by hand.
const BY_HAND: &str = "maps-core";

/// Files that consumers do not compile.
const TESTS: &[&str] = &["exchanges.rs", "round_trips.rs"];

/// Behind the feature `operations`, off by default.
const TABLES: &str = "-models/";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Says whether the report is up to date, and writes nothing.
    #[arg(long)]
    check: bool,
    /// Measures the time to compile each crate anew, three times; on a quiet machine.
    #[arg(long, conflicts_with = "check")]
    measure: bool,
}

/// What is counted of one crate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Size {
    /// Lines that consumers compile.
    lines: usize,
    /// Lines of the table of operations.
    tables: usize,
    /// Lines of tests.
    tests: usize,
    /// Public items: types, functions, constants, modules.
    items: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let root = root()?;
    let file = root.join(REPORT);
    let old = fs::read_to_string(&file).unwrap_or_default();
    let sizes = sizes(&root)?;
    let times = match arguments.measure {
        true => measured(&root, sizes.keys().map(String::as_str))?,
        false => times(&old),
    };
    let new = report(&sizes, &times);
    if new == old {
        return Ok(Outcome::Clean);
    }
    if arguments.check {
        println!("stale    {REPORT}: run `cargo xtask size`");
        return Ok(Outcome::Failed);
    }
    let failed = |error: std::io::Error| format!("writing {REPORT}: {error}");
    fs::create_dir_all(file.parent().unwrap_or(&root)).map_err(failed)?;
    fs::write(&file, new).map_err(failed)?;
    println!("changed  {REPORT}");
    Ok(Outcome::Clean)
}

/// Says whether the report is up to date.
pub(crate) fn check() -> Result<Outcome, String> {
    run(&Arguments {
        check: true,
        measure: false,
    })
}

/// The sizes of all generated crates, as the generator makes them now.
fn sizes(root: &Path) -> Result<BTreeMap<String, Size>, String> {
    let run = generate::spec(root)?;
    let mut sizes = BTreeMap::new();
    for tree in &run.trees {
        let shown = tree.shown.strip_prefix("crates/");
        let Some(name) = shown.and_then(|shown| shown.strip_suffix("/src/generated")) else {
            continue;
        };
        let size: &mut Size = sizes.entry(name.to_owned()).or_default();
        for (path, text) in &tree.files {
            let file = path.rsplit('/').next().unwrap_or(path);
            let lines = text.lines().count();
            if TESTS.contains(&file) {
                size.tests += lines;
            } else if file == "operations.rs" && tree.shown.contains(TABLES) {
                size.tables += lines;
            } else {
                size.lines += lines;
                size.items += text.lines().filter(|line| is_item(line)).count();
            }
        }
    }
    match sizes.is_empty() {
        true => Err("the definitions have errors: see `cargo xtask codegen`".to_owned()),
        false => Ok(sizes),
    }
}

/// Whether a line begins a public item.
fn is_item(line: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix("pub ") else {
        return false;
    };
    let word = rest.split([' ', '<', '(']).next().unwrap_or_default();
    [
        "fn", "async", "struct", "enum", "static", "const", "mod", "trait", "type",
    ]
    .contains(&word)
}

fn report(sizes: &BTreeMap<String, Size>, times: &BTreeMap<String, String>) -> String {
    let mut text = String::from(
        "# Size of the generated crates\n\n\
         Written by `cargo xtask size`. Lines are those that consumers compile, empty ones and docs included; tables are behind\n\
         the feature `operations`, tests behind `cfg(test)`. Items are public types, functions, constants and modules.\n\n\
         | crate | lines | items | lines of tables | lines of tests | time to compile |\n|---|--:|--:|--:|--:|--:|\n",
    );
    let time = |name: &str| times.get(name).map_or("not measured", String::as_str);
    let mut whole = Size::default();
    for (name, size) in sizes {
        let Size {
            lines,
            tables,
            tests,
            items,
        } = size;
        whole.lines += lines;
        whole.tables += tables;
        whole.tests += tests;
        whole.items += items;
        let time = time(name);
        let _ = writeln!(
            text,
            "| {name} | {lines} | {items} | {tables} | {tests} | {time} |"
        );
    }
    let Size {
        lines,
        tables,
        tests,
        items,
    } = whole;
    let _ = writeln!(text, "| all | {lines} | {items} | {tables} | {tests} | |");
    let _ = write!(
        text,
        "\nTimes are of the crate alone, its dependencies being compiled, in the dev profile without default features: the best\n\
         of three, `cargo xtask size --measure`, side by side with `{BY_HAND}`, which is written by hand ({}). Nothing asserts\n\
         them.\n",
        time(BY_HAND)
    );
    text
}

/// The times that a report has.
fn times(report: &str) -> BTreeMap<String, String> {
    let rows = report.lines().filter_map(|line| line.strip_prefix("| "));
    let mut times: BTreeMap<String, String> = rows
        .filter_map(|row| {
            let cells: Vec<&str> = row
                .trim_end_matches('|')
                .split('|')
                .map(str::trim)
                .collect();
            let time = cells.last().filter(|time| time.ends_with(" s"))?;
            Some((cells.first()?.to_string(), (*time).to_owned()))
        })
        .collect();
    let by_hand = report.split("written by hand (").nth(1);
    if let Some((time, _)) = by_hand.and_then(|rest| rest.split_once(')')) {
        times.insert(BY_HAND.to_owned(), time.to_owned());
    }
    times
}

fn measured<'a>(
    root: &Path,
    names: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, String>, String> {
    let mut times = BTreeMap::new();
    for name in names.chain([BY_HAND]) {
        compile(root, name)?;
        let mut best = Duration::MAX;
        for _ in 0..3 {
            best = best.min(compile(root, name)?);
        }
        eprintln!("{name}: {:.2} s", best.as_secs_f32());
        times.insert(name.to_owned(), format!("{:.2} s", best.as_secs_f32()));
    }
    Ok(times)
}

/// Compiles a crate whose root has just changed.
fn compile(root: &Path, name: &str) -> Result<Duration, String> {
    let failed = |error: std::io::Error| format!("compiling {name}: {error}");
    let lib = root.join(format!("crates/{name}/src/lib.rs"));
    let now = std::time::SystemTime::now();
    let touched = fs::File::options().append(true).open(lib);
    touched
        .and_then(|file| file.set_modified(now))
        .map_err(failed)?;
    let start = Instant::now();
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(program)
        .args(["build", "--quiet", "--package", name, "--lib"])
        .args(["--no-default-features", "--target-dir", "target/size"])
        // As consumers compile it: whole, not what has changed of it.
        .env("CARGO_INCREMENTAL", "0")
        .current_dir(root)
        .status()
        .map_err(failed)?;
    match status.success() {
        true => Ok(start.elapsed()),
        false => Err(format!("{name} does not compile")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_survive_a_report_that_counts_again() {
        let size = Size {
            lines: 10,
            items: 2,
            ..Size::default()
        };
        let sizes = BTreeMap::from([("maps-tides".to_owned(), size)]);
        let times = BTreeMap::from([
            ("maps-tides".to_owned(), "1.20 s".to_owned()),
            (BY_HAND.to_owned(), "3.40 s".to_owned()),
        ]);
        let text = report(&sizes, &times);
        assert!(
            text.contains("| maps-tides | 10 | 2 | 0 | 0 | 1.20 s |"),
            "{text}"
        );
        assert_eq!(super::times(&text), times);
    }

    #[test]
    fn items_are_what_is_public() {
        for line in [
            "pub struct A {",
            "    pub fn a(&self) {",
            "pub async fn b()",
            "pub enum E<T> {",
        ] {
            assert!(is_item(line), "{line}");
        }
        for line in [
            "    pub name: String,",
            "fn a() {",
            "pub(super) fn new()",
            "pub use a::B;",
        ] {
            assert!(!is_item(line), "{line}");
        }
    }
}
