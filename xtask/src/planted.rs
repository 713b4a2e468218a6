//! `cargo xtask planted`: proof that tests can fail.
//!
//! Each bug of a table is planted alone into a copy of the crates it is about, and the test that guards against it has
//! to fail there. The crates of the workspace are not touched.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::Value;

use crate::{Outcome, root};

mod bugs;
mod copy;

use bugs::{BUGS, Bug, Test};

/// The crates that are copied: those of the bugs and what they are built on.
const CRATES: &[&str] = &["maps-types", "maps-core"];

/// A test that runs longer has lost a bound; unplanted ones take seconds.
const LONGEST: Duration = Duration::from_secs(120);

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The bugs to plant; all when none is named.
    #[arg(value_parser = PossibleValuesParser::new(BUGS.iter().map(|bug| bug.name)))]
    bugs: Vec<String>,
}

/// How a bug fared.
enum Fate {
    /// The test failed: these did.
    Caught(String),
    /// The test passed.
    Survived,
    /// The crates do not compile with it, which proves nothing.
    NoBug,
}

/// Plants all bugs, one after the other.
pub(crate) fn check() -> Result<Outcome, String> {
    run(&Arguments { bugs: Vec::new() })
}

/// Plants the bugs that are named.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let wanted = |bug: &&Bug| {
        arguments.bugs.is_empty() || arguments.bugs.iter().any(|name| name == bug.name)
    };
    let bugs: Vec<&Bug> = BUGS.iter().filter(wanted).collect();
    let root = root()?;
    let field = Field::new(&root)?;
    field.check_texts(&bugs)?;

    let tests: BTreeSet<Test> = bugs.iter().map(|bug| bug.test).collect();
    for test in tests {
        eprintln!("==> without a bug: {}", shown(test));
        field.passes(test)?;
    }
    let mut clean = true;
    let mut table = String::from("\n");
    for bug in bugs {
        eprintln!("==> {}: {}", bug.name, bug.file);
        let start = Instant::now();
        let fate = field.plant(bug)?;
        let (word, by) = match &fate {
            Fate::Caught(by) => ("caught", by.as_str()),
            Fate::Survived => ("SURVIVED", ""),
            Fate::NoBug => ("DOES NOT COMPILE", ""),
        };
        clean &= matches!(fate, Fate::Caught(_));
        table.push_str(&format!(
            "{:<24} {word:<9} {:>6.1} s  {}\n{:<24} {by}\n",
            bug.name,
            start.elapsed().as_secs_f32(),
            bug.guarantee,
            "",
        ));
    }
    print!("{table}");
    Ok(if clean {
        Outcome::Clean
    } else {
        Outcome::Failed
    })
}

/// The copy in which bugs are planted.
struct Field<'a> {
    root: &'a Path,
    copy: PathBuf,
    build: PathBuf,
}

impl<'a> Field<'a> {
    fn new(root: &'a Path) -> Result<Self, String> {
        let copy = root.join("target/planted/workspace");
        copy::crates(root, &copy, CRATES)
            .map_err(|error| format!("copying the crates to {}: {error}", copy.display()))?;
        Ok(Self {
            root,
            copy,
            build: root.join("target/planted/build"),
        })
    }

    /// Every text to find stands in its file exactly once.
    fn check_texts(&self, bugs: &[&Bug]) -> Result<(), String> {
        let mut faults = Vec::new();
        for bug in bugs {
            let text = read(&self.root.join(bug.file))?;
            match text.matches(bug.find).count() {
                1 => {}
                0 => faults.push(format!("{}: its text is not in {}", bug.name, bug.file)),
                times => faults.push(format!(
                    "{}: its text is in {} {times} times",
                    bug.name, bug.file
                )),
            }
        }
        if faults.is_empty() {
            return Ok(());
        }
        Err(format!(
            "{}\nbring xtask/src/planted/bugs.rs up to date",
            faults.join("\n")
        ))
    }

    /// The test passes without a bug, and there is something to pass.
    fn passes(&self, test: Test) -> Result<(), String> {
        let program = self
            .compile(test)?
            .map_err(|said| format!("{} does not compile:\n{said}", shown(test)))?;
        let Some((passed, said)) = self.run(test, &program)? else {
            return Err(format!("{} takes longer than {LONGEST:?}", shown(test)));
        };
        if !passed {
            return Err(format!("{} fails without a bug:\n{said}", shown(test)));
        }
        if said.contains("test result: ok. 0 passed") {
            return Err(format!("{} runs no test", shown(test)));
        }
        Ok(())
    }

    fn plant(&self, bug: &Bug) -> Result<Fate, String> {
        let path = self.copy.join(bug.file);
        let sound = read(&path)?;
        write(&path, &sound.replacen(bug.find, bug.replace, 1))?;
        let fate = self.fate(bug);
        // Also after an error, so that the next run begins with sound crates.
        write(&path, &sound)?;
        fate
    }

    fn fate(&self, bug: &Bug) -> Result<Fate, String> {
        let program = match self.compile(bug.test)? {
            Ok(program) => program,
            Err(said) => {
                eprintln!("{said}");
                return Ok(Fate::NoBug);
            }
        };
        Ok(match self.run(bug.test, &program)? {
            Some((true, _)) => Fate::Survived,
            Some((false, said)) => Fate::Caught(failed(&said)),
            None => Fate::Caught(format!("it did not end within {LONGEST:?}")),
        })
    }

    /// The test's program, or what the compiler said instead.
    fn compile(&self, test: Test) -> Result<Result<PathBuf, String>, String> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["test", "--no-run", "--message-format", "json", "--quiet"])
            .args(["--package", test.package, "--test", test.target])
            .arg("--target-dir")
            .arg(&self.build)
            .current_dir(&self.copy)
            // What is built again and again is built quickly, and nobody debugs it.
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "1")
            .env("CARGO_TERM_COLOR", "never")
            .output()
            .map_err(|error| format!("starting cargo test --no-run: {error}"))?;
        let messages = String::from_utf8_lossy(&output.stdout);
        let messages = messages
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
        let mut program = None;
        for message in messages {
            let is_test = message["target"]["name"] == test.target;
            if let Some(path) = message["executable"].as_str().filter(|_| is_test) {
                program = Some(PathBuf::from(path));
            }
            if message["message"]["level"] == "error" {
                said.push_str(message["message"]["rendered"].as_str().unwrap_or_default());
            }
        }
        if !output.status.success() {
            return Ok(Err(said));
        }
        Ok(program.ok_or_else(|| format!("cargo built no program for {}:\n{said}", shown(test))))
    }

    /// Runs a test: whether it passed and what it said, or `None` when it did not end.
    fn run(&self, test: Test, program: &Path) -> Result<Option<(bool, String)>, String> {
        let fault = |error| format!("running {}: {error}", shown(test));
        let log = self.build.join("output");
        let mut child = Command::new(program)
            .args(Some(test.names).filter(|names| !names.is_empty()))
            .env("RUST_BACKTRACE", "0")
            .current_dir(self.copy.join("crates").join(test.package))
            .stdout(fs::File::create(&log).map_err(fault)?)
            .stderr(Stdio::null())
            .spawn()
            .map_err(fault)?;
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().map_err(fault)? {
                break status;
            }
            if start.elapsed() > LONGEST {
                child.kill().map_err(fault)?;
                child.wait().map_err(fault)?;
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        Ok(Some((status.success(), read(&log)?)))
    }
}

fn shown(test: Test) -> String {
    format!("{}/tests/{} {}", test.package, test.target, test.names)
}

/// The names of the tests that failed, shortened.
fn failed(output: &str) -> String {
    let names: Vec<&str> = output
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"))
        .collect();
    match names.as_slice() {
        [] => "the test process ended early".to_owned(),
        [name] => (*name).to_owned(),
        [name, rest @ ..] => format!("{name} and {} more", rest.len()),
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("reading {}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("writing {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bug_finds_its_text_once_and_has_a_name_of_its_own() {
        let root = root().unwrap();
        let mut names = BTreeSet::new();
        for bug in BUGS {
            let text = fs::read_to_string(root.join(bug.file)).unwrap();
            assert_eq!(text.matches(bug.find).count(), 1, "{}", bug.name);
            assert!(names.insert(bug.name), "{} twice", bug.name);
            assert_ne!(bug.find, bug.replace);
        }
    }

    #[test]
    fn failed_tests_are_named() {
        let output = "test a::b ... FAILED\ntest c ... ok\ntest d ... FAILED\n";
        assert_eq!(failed(output), "a::b and 1 more");
        assert_eq!(failed("test c ... ok"), "the test process ended early");
    }
}
