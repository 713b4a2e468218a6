//! `cargo xtask fuzz`: builds the targets of `tests/fuzz` for coverage and runs them, on the stable toolchain.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::{Outcome, root};

/// A workspace of its own, built with compiler flags of its own.
pub(crate) const MANIFEST: &str = "tests/fuzz/Cargo.toml";

/// The binaries of `tests/fuzz`.
const TARGETS: &[&str] = &[
    "decode",
    "error_body",
    "link",
    "pager",
    "resume_token",
    "retry_after",
    "status",
];

/// What counts as covered, for libFuzzer: LLVM's own pass puts it in, so that no nightly compiler is needed.
const COVERAGE: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
];

/// Longer inputs are slow and say no more.
const LONGEST_INPUT: u32 = 4096;

/// An input that takes longer than these seconds is a fault of its own.
const SLOWEST_INPUT: u32 = 20;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The target to run; all, one after the other, when none is named.
    #[arg(value_parser = PossibleValuesParser::new(TARGETS))]
    target: Option<String>,
    /// How long each target runs.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Runs this one input in place of fuzzing, as a crash says.
    #[arg(
        long,
        value_name = "FILE",
        requires = "target",
        conflicts_with = "keep"
    )]
    input: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let folders = Folders::new()?;
    let targets: Vec<&str> = match &arguments.target {
        Some(target) => vec![target],
        None => TARGETS.to_vec(),
    };
    if let Outcome::Failed = folders.build(&targets)? {
        return Ok(Outcome::Failed);
    }
    if let (Some(target), Some(input)) = (targets.first(), &arguments.input) {
        return folders.replay(target, input);
    }
    let mut outcome = Outcome::Clean;
    for target in targets {
        if let Outcome::Failed = folders.fuzz(target, arguments.seconds)? {
            outcome = Outcome::Failed;
        }
    }
    Ok(outcome)
}

/// What `cargo xtask test` runs: the corpus and a few seconds more of each target.
pub(crate) fn check() -> Result<Outcome, String> {
    run(&Arguments {
        target: None,
        seconds: 10,
        input: None,
    })
}

/// Where targets, corpora and findings are.
struct Folders {
    /// The workspace of the targets.
    source: PathBuf,
    /// Binaries, what this machine has found so far, and inputs that crash.
    output: PathBuf,
    /// The machine that the binaries are for. With a target named, cargo keeps the flags off build scripts and macros.
    host: String,
}

impl Folders {
    fn new() -> Result<Self, String> {
        let root = root()?;
        Ok(Self {
            source: root.join("tests/fuzz"),
            output: root.join("target/fuzz"),
            host: host()?,
        })
    }

    fn build(&self, targets: &[&str]) -> Result<Outcome, String> {
        find_compiler()?;
        // The versions that the workspace is tested with; cargo adds what only the targets need.
        let lock = |folder: &Path| folder.join("Cargo.lock");
        fs::copy(lock(&root()?), lock(&self.source))
            .map_err(|error| format!("copying the lock file of the workspace: {error}"))?;
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .args(["build", "--release", "--target", &self.host, "--target-dir"])
            .arg(&self.output)
            .current_dir(&self.source)
            .env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\u{1f}"));
        for target in targets {
            cargo.args(["--bin", target]);
        }
        let status = cargo
            .status()
            .map_err(|error| format!("starting cargo: {error}"))?;
        Ok(match status.success() {
            true => Outcome::Clean,
            false => Outcome::Failed,
        })
    }

    fn binary(&self, target: &str) -> PathBuf {
        self.output.join(&self.host).join("release").join(target)
    }

    /// The corpus that is committed.
    fn seeds(&self, target: &str) -> PathBuf {
        self.source.join("corpus").join(target)
    }

    /// What this machine has found so far.
    fn found(&self, target: &str) -> Result<PathBuf, String> {
        let folder = self.output.join("corpus").join(target);
        make(&folder)?;
        Ok(folder)
    }

    fn fuzz(&self, target: &str, seconds: u32) -> Result<Outcome, String> {
        eprintln!("==> {target}: {seconds} s");
        let crashes = self.output.join("crashes").join(target);
        make(&crashes)?;
        let mut prefix = OsString::from("-artifact_prefix=");
        prefix.push(&crashes);
        prefix.push("/");
        let output = Command::new(self.binary(target))
            .arg(self.found(target)?)
            .arg(self.seeds(target))
            .arg(prefix)
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={LONGEST_INPUT}"))
            .arg(format!("-timeout={SLOWEST_INPUT}"))
            .arg("-print_final_stats=1")
            .env("RUST_BACKTRACE", "1")
            .stdout(Stdio::inherit())
            .output()
            .map_err(|error| format!("starting the target {target}: {error}"))?;
        let log = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            println!("{}", summary(target, &log));
            return Ok(Outcome::Clean);
        }
        eprintln!("{}", without_progress(&log));
        println!("{target:<14} FAILED");
        if let Some(input) = log
            .lines()
            .find_map(|line| line.split_once("Test unit written to "))
        {
            println!("  input:     {}", input.1);
            println!("  reproduce: cargo xtask fuzz {target} --input {}", input.1);
        }
        Ok(Outcome::Failed)
    }

    fn replay(&self, target: &str, input: &Path) -> Result<Outcome, String> {
        let status = Command::new(self.binary(target))
            .arg(input)
            .env("RUST_BACKTRACE", "1")
            .status()
            .map_err(|error| format!("starting the target {target}: {error}"))?;
        Ok(match status.success() {
            true => Outcome::Clean,
            false => Outcome::Failed,
        })
    }
}

fn make(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("making {}: {error}", folder.display()))
}

/// The triple of this machine.
fn host() -> Result<String, String> {
    let program = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(program)
        .arg("-vV")
        .output()
        .map_err(|error| format!("starting rustc: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| "rustc does not say what machine this is".to_owned())
}

/// libFuzzer is C++, compiled with the first target.
fn find_compiler() -> Result<(), String> {
    let program = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    let found = Command::new(&program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match found {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(format!(
            "fuzzing needs a C++ compiler, and `{}` is not there: install g++ or set CXX",
            program.display()
        )),
        Err(error) => Err(format!("starting `{}`: {error}", program.display())),
    }
}

/// Executions, coverage and the size of the corpus, out of libFuzzer's last words.
fn summary(target: &str, log: &str) -> String {
    let statistic = |name: &str| {
        let line = log.lines().rev().find_map(|line| line.strip_prefix(name));
        line.map_or("?", str::trim)
    };
    let last = log.lines().rev().find(|line| line.contains(" cov: "));
    let field = |name: &str| {
        let mut words = last.unwrap_or_default().split_whitespace();
        words.find(|word| *word == name);
        words.next().unwrap_or("?")
    };
    format!(
        "{target:<14} {:>10} executions, {:>5} edges, {:>6} features, corpus {:>12}, {:>5} new inputs",
        statistic("stat::number_of_executed_units:"),
        field("cov:"),
        field("ft:"),
        field("corp:"),
        statistic("stat::new_units_added:"),
    )
}

/// What a crash says, and not the thousand lines before it.
fn without_progress(log: &str) -> String {
    let is_progress = |line: &&str| line.starts_with('#') || line.starts_with("\tNEW_FUNC");
    let lines: Vec<&str> = log.lines().filter(|line| !is_progress(line)).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_is_read_from_the_last_words_of_libfuzzer() {
        let log = "#2\tINITED cov: 1 ft: 1 corp: 1/1b exec/s: 0 rss: 30Mb\n\
            #9\tDONE   cov: 5209 ft: 15142 corp: 1583/77Kb lim: 97 exec/s: 6988 rss: 36Mb\n\
            Done 9 runs in 1 second(s)\n\
            stat::number_of_executed_units: 111811\n\
            stat::new_units_added:          1829\n";
        let expected = "link               111811 executions,  5209 edges,  15142 features, \
            corpus    1583/77Kb,  1829 new inputs";
        assert_eq!(summary("link", log), expected);
        assert!(summary("link", "").contains("? executions"));
    }

    #[test]
    fn every_target_is_a_binary_with_a_corpus() {
        let folders = Folders::new().expect("a host");
        let manifest = fs::read_to_string(folders.source.join("Cargo.toml")).expect("manifest");
        let names = manifest.matches("[[bin]]").count();
        assert_eq!(names, TARGETS.len());
        for target in TARGETS {
            assert!(
                manifest.contains(&format!("name = \"{target}\"")),
                "{target}"
            );
            let mut seeds = fs::read_dir(folders.seeds(target)).expect(target);
            assert!(seeds.next().is_some(), "{target}");
        }
    }
}
