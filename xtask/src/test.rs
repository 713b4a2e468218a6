//! `cargo xtask test`: everything that CI checks, in the order in which it is cheapest to fail.

use std::fs;
use std::process::Command;
use std::time::Instant;

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::{
    Outcome, codegen, comparison, conformance, consumer, fuzz, planted, published, root,
    rust_version, size,
};

/// A check: its name and what runs it.
type Check = (&'static str, fn() -> Result<Outcome, String>);

const CHECKS: &[Check] = &[
    ("format", format),
    ("codegen", generated),
    ("size", size::check),
    ("rust-version", rust_version::check),
    ("clippy", clippy),
    ("tests", tests),
    ("docs", docs),
    ("packages", consumer::check),
    ("conformance", conformance::check),
    ("fuzz", fuzz::check),
    ("planted", planted::check),
];

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The checks to run; all when none is named.
    #[arg(value_parser = PossibleValuesParser::new(CHECKS.iter().map(|(name, _)| *name)))]
    checks: Vec<String>,
}

/// Runs the checks and says which failed.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let wanted = |name: &str| {
        arguments.checks.is_empty() || arguments.checks.iter().any(|check| check == name)
    };
    let (summary, outcome) = run_all(CHECKS.iter().filter(|(name, _)| wanted(name)));
    print!("\n{summary}");
    outcome
}

/// Runs each of the checks, also after one has failed or could not run. Gives a line for each, and what they come to.
fn run_all<'c>(checks: impl Iterator<Item = &'c Check>) -> (String, Result<Outcome, String>) {
    let mut clean = true;
    let mut not_run = Vec::new();
    let mut summary = String::new();
    for (name, check) in checks {
        eprintln!("==> {name}");
        let start = Instant::now();
        let (word, why) = match check() {
            Ok(Outcome::Clean) => ("passed", String::new()),
            Ok(Outcome::Failed) => {
                clean = false;
                ("FAILED", String::new())
            }
            Err(message) => {
                eprintln!("error: {message}");
                not_run.push(*name);
                ("FAILED", format!("  could not run: {message}"))
            }
        };
        let seconds = start.elapsed().as_secs_f32();
        summary.push_str(&format!("{name:<14} {word} {seconds:>8.1} s{why}\n"));
    }
    let outcome = match (not_run.is_empty(), clean) {
        (true, true) => Ok(Outcome::Clean),
        (true, false) => Ok(Outcome::Failed),
        (false, _) => Err(format!("could not run: {}", not_run.join(", "))),
    };
    (summary, outcome)
}

fn format() -> Result<Outcome, String> {
    let mut outcome = cargo(&["fmt", "--all", "--check"], &[])?;
    // Workspaces of their own, which the root one does not reach.
    for manifest in [comparison::MANIFEST, fuzz::MANIFEST] {
        if let Outcome::Failed = cargo(&["fmt", "--manifest-path", manifest, "--check"], &[])? {
            outcome = Outcome::Failed;
        }
    }
    Ok(outcome)
}

fn generated() -> Result<Outcome, String> {
    codegen::run(&codegen::Arguments::check())
}

fn clippy() -> Result<Outcome, String> {
    let mut arguments = vec!["clippy", "--workspace", "--all-targets", "--locked"];
    let features = features()?;
    arguments.extend(features.iter().map(String::as_str));
    arguments.extend(["--", "-D", "warnings"]);
    cargo(&arguments, &[])
}

fn tests() -> Result<Outcome, String> {
    let mut arguments = vec!["test", "--workspace", "--locked", "--no-fail-fast"];
    let features = features()?;
    arguments.extend(features.iter().map(String::as_str));
    cargo(&arguments, &[])
}

fn docs() -> Result<Outcome, String> {
    let mut arguments = vec!["doc", "--workspace", "--no-deps", "--locked"];
    let features = features()?;
    arguments.extend(features.iter().map(String::as_str));
    cargo(&arguments, &[("RUSTDOCFLAGS", "-D warnings")])
}

/// All features, or all that build without OpenSSL where its development files are not installed.
fn features() -> Result<Vec<String>, String> {
    let openssl = Command::new("pkg-config")
        .args(["--exists", "openssl"])
        .status();
    if cfg!(not(target_os = "linux")) || openssl.is_ok_and(|status| status.success()) {
        Ok(vec!["--all-features".to_owned()])
    } else {
        eprintln!(
            "OpenSSL's development files are not installed: the feature `native-tls` is not checked"
        );
        Ok(vec!["--features".to_owned(), without_native_tls()?])
    }
}

/// All features of the published crates but `native-tls`.
fn without_native_tls() -> Result<String, String> {
    let root = root()?;
    let mut all = Vec::new();
    for package in published::crates(&root)? {
        let file = format!("crates/{package}/Cargo.toml");
        let failed = |error: &dyn std::fmt::Display| format!("reading {file}: {error}");
        let text = fs::read_to_string(root.join(&file)).map_err(|error| failed(&error))?;
        let manifest: toml_edit::DocumentMut = text.parse().map_err(|error| failed(&error))?;
        let features = manifest.get("features").and_then(toml_edit::Item::as_table);
        let names = features
            .into_iter()
            .flat_map(|table| table.iter().map(|(name, _)| name));
        all.extend(
            names
                .filter(|name| *name != "native-tls")
                .map(|name| format!("{package}/{name}")),
        );
    }
    Ok(all.join(","))
}

/// Runs cargo at the root of the workspace.
pub(crate) fn cargo(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Outcome, String> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(program)
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(root()?)
        .status()
        .map_err(|error| format!("starting cargo {}: {error}", arguments.join(" ")))?;
    Ok(if status.success() {
        Outcome::Clean
    } else {
        Outcome::Failed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes() -> Result<Outcome, String> {
        Ok(Outcome::Clean)
    }

    fn fails() -> Result<Outcome, String> {
        Ok(Outcome::Failed)
    }

    fn cannot_run() -> Result<Outcome, String> {
        Err("no such program".to_owned())
    }

    fn lines(summary: &str) -> Vec<String> {
        let words = |line: &str| {
            let mut words: Vec<&str> = line.split_whitespace().collect();
            words.drain(2..4);
            words.join(" ")
        };
        summary.lines().map(words).collect()
    }

    #[test]
    fn check_that_cannot_run_is_a_failed_one_and_the_others_run() {
        let checks: [Check; 3] = [("a", cannot_run), ("b", fails), ("c", passes)];
        let (summary, outcome) = run_all(checks.iter());
        assert_eq!(
            lines(&summary),
            [
                "a FAILED could not run: no such program",
                "b FAILED",
                "c passed"
            ]
        );
        assert_eq!(outcome.err().as_deref(), Some("could not run: a"));
    }

    #[test]
    fn check_that_fails_fails_the_run() {
        let checks: [Check; 2] = [("a", fails), ("b", passes)];
        let (summary, outcome) = run_all(checks.iter());
        assert_eq!(lines(&summary), ["a FAILED", "b passed"]);
        assert!(matches!(outcome, Ok(Outcome::Failed)));
        assert!(matches!(run_all(checks[1..].iter()).1, Ok(Outcome::Clean)));
    }

    #[test]
    fn features_without_native_tls_are_all_others() {
        let features = without_native_tls().expect("the manifests can be read");
        let features: Vec<&str> = features.split(',').collect();
        for feature in [
            "maps-core/xml",
            "maps-core/test-kit",
            "maps-types/arbitrary",
            "maps-route/blocking",
            "maps-route-models/operations",
        ] {
            assert!(features.contains(&feature), "{feature} of {features:?}");
        }
        let native = features.iter().find(|name| name.contains("native-tls"));
        assert_eq!(native, None);
    }
}
