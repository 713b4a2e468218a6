//! The driver: its groups, and what comes of its scenarios.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::compiler::{self, Message};

/// Where the scenarios find the server.
const ENDPOINT: &str = "CONFORMANCE_ENDPOINT";

/// The workspace of the scenarios.
#[derive(Debug)]
pub(super) struct Driver {
    folder: PathBuf,
    target: PathBuf,
    /// The modules of each group: one for each document.
    groups: BTreeMap<String, BTreeSet<String>>,
}

/// A test of the driver, and whether it passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scenario {
    /// Module of its document.
    pub(super) module: String,
    /// Name of the test.
    pub(super) name: String,
    /// Whether it passed.
    pub(super) passed: bool,
}

impl Driver {
    /// The workspace in `folder`, built below `target` with the versions of `lock`.
    pub(super) fn new(folder: PathBuf, target: PathBuf, lock: &Path) -> Result<Self, String> {
        fs::copy(lock, folder.join("Cargo.lock"))
            .map_err(|error| format!("copying the lock file of the workspace: {error}"))?;
        let fail = |error: std::io::Error| format!("listing {}: {error}", folder.display());
        let mut groups = BTreeMap::new();
        for entry in fs::read_dir(&folder).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            let source = path.join("src");
            let Some(name) = path.file_name().and_then(OsStr::to_str) else {
                continue;
            };
            if name != LIBRARY && source.join("lib.rs").is_file() {
                groups.insert(name.to_owned(), modules(&source).map_err(fail)?);
            }
        }
        Ok(Self {
            folder,
            target,
            groups,
        })
    }

    /// The groups, with the modules of each.
    pub(super) fn groups(&self) -> &BTreeMap<String, BTreeSet<String>> {
        &self.groups
    }

    /// Compiles groups and the generated crates that they depend on, and gives what the compiler says.
    pub(super) fn build(&self, groups: &[&str]) -> Result<Vec<Message>, String> {
        let output = self
            .cargo("build", groups)
            .args([
                "--tests",
                "--quiet",
                "--keep-going",
                "--message-format",
                "json",
            ])
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("starting cargo: {error}"))?;
        let messages = compiler::messages(&String::from_utf8_lossy(&output.stdout));
        if output.status.success() || messages.iter().any(|message| message.is_error) {
            Ok(messages)
        } else {
            Err("the driver could not be built, see above".to_owned())
        }
    }

    /// Runs the scenarios of a group.
    pub(super) fn run(&self, group: &str, endpoint: &str) -> Result<Vec<Scenario>, String> {
        let mut process = self
            .cargo("test", &[group])
            .args(["--no-fail-fast", "--quiet", "--", "--format", "pretty"])
            .env(ENDPOINT, endpoint)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("starting cargo: {error}"))?;
        let mut scenarios = Vec::new();
        if let Some(output) = process.stdout.take() {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let found = scenario(&line);
                // What passes is in the table; the rest is progress.
                if found.as_ref().is_none_or(|scenario| !scenario.passed) {
                    eprintln!("{line}");
                }
                scenarios.extend(found);
            }
        }
        process
            .wait()
            .map_err(|error| format!("waiting for cargo: {error}"))?;
        Ok(scenarios)
    }

    /// Looks at the form of the scenarios, and at what clippy says about them.
    pub(super) fn lint(&self) -> Result<Vec<String>, String> {
        let mut form = cargo();
        form.args(["fmt", "--check", "--package", LIBRARY]);
        for group in self.groups.keys() {
            form.args(["--package", &package(group)]);
        }
        let mut clippy = cargo();
        clippy
            .args(["clippy", "--workspace", "--all-targets", "--quiet"])
            .arg("--target-dir")
            .arg(&self.target)
            .args(["--", "-D", "warnings"]);
        let mut faults = Vec::new();
        for (name, mut check) in [("fmt", form), ("clippy", clippy)] {
            let status = check
                .current_dir(&self.folder)
                .status()
                .map_err(|error| format!("starting cargo {name}: {error}"))?;
            if !status.success() {
                faults.push(format!("cargo {name} of the driver did not pass"));
            }
        }
        Ok(faults)
    }

    fn cargo(&self, command: &str, groups: &[&str]) -> Command {
        let mut cargo = cargo();
        cargo
            .args([command, "--target-dir"])
            .arg(&self.target)
            .env_remove("RUSTFLAGS")
            .current_dir(&self.folder);
        for group in groups {
            cargo.args(["--package", &package(group)]);
        }
        cargo
    }
}

fn package(group: &str) -> String {
    format!("conformance-{group}")
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The package that holds what the scenarios share.
const LIBRARY: &str = "testserver";

/// The modules at the root of a package.
fn modules(source: &Path) -> std::io::Result<BTreeSet<String>> {
    let mut modules = BTreeSet::new();
    for entry in fs::read_dir(source)? {
        let path = entry?.path();
        if let (Some(name), true) = (
            path.file_stem().and_then(OsStr::to_str),
            path.extension() == Some(OsStr::new("rs")),
        ) && name != "lib"
        {
            modules.insert(name.to_owned());
        }
    }
    Ok(modules)
}

/// Reads a line of the test harness: `test module::name ... ok`.
fn scenario(line: &str) -> Option<Scenario> {
    let (path, result) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let (module, name) = path.split_once("::")?;
    Some(Scenario {
        module: module.to_owned(),
        name: name.rsplit("::").next()?.to_owned(),
        // An ignored test has not passed.
        passed: result == "ok",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_harness_are_scenarios() {
        let expected = |module: &str, name: &str, passed| {
            Some(Scenario {
                module: module.to_owned(),
                name: name.to_owned(),
                passed,
            })
        };
        assert_eq!(
            scenario("test lro::lro_put_200 ... ok"),
            expected("lro", "lro_put_200", true)
        );
        assert_eq!(
            scenario("test header::responses::byte ... FAILED"),
            expected("header", "byte", false)
        );
        assert_eq!(
            scenario("test lro::later ... ignored"),
            expected("lro", "later", false)
        );
        assert_eq!(scenario("test result: ok. 1 passed; 0 failed"), None);
        assert_eq!(scenario("running 12 tests"), None);
    }
}
