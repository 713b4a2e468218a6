//! `cargo xtask test`: everything that CI checks, in the order in which it is cheapest to fail.

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

/// Runs the checks, also after one has failed, and says which did.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let wanted = |name: &str| {
        arguments.checks.is_empty() || arguments.checks.iter().any(|check| check == name)
    };
    let mut clean = true;
    let mut summary = String::from("\n");
    for (name, check) in CHECKS.iter().filter(|(name, _)| wanted(name)) {
        eprintln!("==> {name}");
        let start = Instant::now();
        let word = match check()? {
            Outcome::Clean => "passed",
            Outcome::Failed => {
                clean = false;
                "FAILED"
            }
        };
        summary.push_str(&format!(
            "{name:<14} {word} {:>8.1} s\n",
            start.elapsed().as_secs_f32()
        ));
    }
    print!("{summary}");
    Ok(if clean {
        Outcome::Clean
    } else {
        Outcome::Failed
    })
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

/// The features that are additive to the default ones, but for `native-tls`.
fn without_native_tls() -> Result<String, String> {
    let mut features: Vec<String> = ["rustls-ring", "azure-core", "test-kit"]
        .map(|feature| format!("maps-core/{feature}"))
        .into();
    for service in published::services(&root()?)? {
        features.push(format!("maps-{service}-models/operations"));
    }
    Ok(features.join(","))
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
