//! Type-checks pairs of crates that were made from documents of a corpus, all in one workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{compiler, root};
use maps_codegen::corpus::{Examined, Outcome};
use maps_codegen::input::{self, CoreDependency, Outside, Workspace};

/// Messages of the compiler that are shown of one pair; the rest is counted. One cause often has hundreds.
const EXAMPLES: usize = 3;

/// What the compiler says about the sample.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// Pairs of crates, by name, with their document.
    pairs: BTreeMap<String, String>,
    /// Pairs with an error, and how many.
    broken: BTreeMap<String, usize>,
    /// Pairs with a warning, and how many.
    warned: BTreeMap<String, usize>,
    /// The first messages of each pair.
    examples: Vec<String>,
    /// Whether cargo itself ended well.
    succeeded: bool,
}

impl Report {
    /// Whether everything compiles, without warnings.
    pub(super) fn is_clean(&self) -> bool {
        self.succeeded && self.broken.is_empty() && self.warned.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "type-checked   {} pairs of crates", self.pairs.len())?;
        for (what, pairs) in [
            ("with errors", &self.broken),
            ("with warnings", &self.warned),
        ] {
            writeln!(f, "  {what:<12} {}", pairs.len())?;
            for (pair, count) in pairs {
                let document = self.pairs.get(pair).map_or("", String::as_str);
                writeln!(f, "    {document} ({pair}): {count}")?;
            }
        }
        if !self.succeeded && self.broken.is_empty() {
            writeln!(f, "  cargo failed, see above")?;
        }
        self.examples
            .iter()
            .try_for_each(|text| writeln!(f, "\n{text}"))
    }
}

/// The documents to compile: `count` of those that generate, the same ones for the same seed and corpus.
pub(super) fn sample(examined: &[Examined], count: usize, seed: u64) -> Vec<String> {
    let mut documents: Vec<String> = examined
        .iter()
        .filter(|one| matches!(one.outcome, Outcome::Generated { .. }))
        .map(|one| one.document.clone())
        .collect();
    documents.sort();
    fastrand::Rng::with_seed(seed).shuffle(&mut documents);
    documents.truncate(count);
    documents.sort();
    documents
}

/// Writes the pairs of `documents` to `target/corpus/` and checks them with one cargo, in one target folder.
pub(super) fn check(folder: &Path, documents: &[String]) -> Result<Report, String> {
    let root = root()?;
    let workspace = root.join("target/corpus");
    let crates = workspace.join("crates");
    match fs::remove_dir_all(&crates) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(format!("clearing {}: {error}", crates.display()));
        }
        _ => {}
    }
    let core = CoreDependency::Path(root.join("crates/maps-core"));
    let mut report = Report::default();
    for (number, document) in documents.iter().enumerate() {
        let name = format!("sample-{number:04}");
        let built = Outside::read(&folder.join(document))?.build(&name).built;
        for tree in input::trees(&name, &crates, &core, Workspace::Member, &built)? {
            tree.write()
                .map_err(|error| format!("writing {}: {error}", tree.shown))?;
        }
        report.pairs.insert(name, document.clone());
    }
    let write = |name: &str, text: &str| {
        fs::write(workspace.join(name), text).map_err(|error| format!("writing {name}: {error}"))
    };
    write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n",
    )?;
    // The versions that the SDK itself was tested with; nothing is fetched.
    let lock = fs::read_to_string(root.join("Cargo.lock"))
        .map_err(|error| format!("reading Cargo.lock: {error}"))?;
    write("Cargo.lock", &lock)?;
    let pairs = report.pairs.keys().map(|pair| format!("{pair}/blocking"));
    let blocking = pairs.collect::<Vec<_>>().join(",");
    eprintln!("type-checking {} pairs of crates", documents.len());
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "check",
            "--workspace",
            // The tests that were generated too.
            "--all-targets",
            // TLS is most of what a client compiles, and none of what was generated.
            "--no-default-features",
            "--features",
            &blocking,
            "--keep-going",
            "--offline",
            "--quiet",
        ])
        .args(["--message-format", "json", "--target-dir"])
        .arg(workspace.join("target"))
        .env_remove("RUSTFLAGS")
        .current_dir(&workspace)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("starting cargo check: {error}"))?;
    read(&String::from_utf8_lossy(&output.stdout), &mut report);
    report.succeeded = output.status.success();
    Ok(report)
}

/// Counts the messages of cargo by pair.
fn read(output: &str, report: &mut Report) {
    // A crate and its tests give the same messages.
    let mut seen = BTreeSet::new();
    for message in compiler::messages(output) {
        let package = &message.package;
        let pair = package.strip_suffix("-models").unwrap_or(package);
        if !report.pairs.contains_key(pair) || !seen.insert((pair.to_owned(), message.text.clone()))
        {
            continue;
        }
        let counts = match message.is_error {
            true => &mut report.broken,
            false => &mut report.warned,
        };
        let count = counts.entry(pair.to_owned()).or_default();
        *count += 1;
        if *count <= EXAMPLES {
            report.examples.push(message.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use maps_codegen::corpus::Counts;

    use super::*;

    #[test]
    fn a_seed_chooses_the_same_documents_again_and_another_seed_others() {
        let examined: Vec<Examined> = (0..40)
            .map(|number| Examined {
                document: format!("{number}.json"),
                counts: Counts::default(),
                outcome: match number % 2 {
                    0 => Outcome::Generated { bytes: 1 },
                    _ => Outcome::Refused,
                },
                findings: Vec::new(),
                time: Duration::ZERO,
            })
            .collect();
        let mut reversed = examined.clone();
        reversed.reverse();
        let chosen = sample(&examined, 5, 1);
        assert_eq!(chosen.len(), 5);
        assert_eq!(chosen, sample(&reversed, 5, 1));
        assert_ne!(chosen, sample(&examined, 5, 2));
        assert_eq!(sample(&examined, 100, 1).len(), 20);
    }

    #[test]
    fn messages_of_the_compiler_count_for_their_pair() {
        let mut report = Report::default();
        report
            .pairs
            .insert("sample-0003".to_owned(), "a.json".to_owned());
        let message = |level: &str, krate: &str, text: &str| {
            format!(
                r#"{{"reason":"compiler-message","target":{{"name":"{krate}"}},"message":{{"level":"{level}","rendered":"{text}\n","spans":[{{}}]}}}}"#
            )
        };
        let lines = [
            message("error", "sample_0003_models", "one"),
            message("error", "sample_0003_models", "one"),
            message("error", "sample_0003", "two"),
            message("warning", "sample_0003", "three"),
            message("warning", "maps_core", "four"),
        ];
        read(&lines.join("\n"), &mut report);
        assert_eq!(report.broken["sample-0003"], 2);
        assert_eq!(report.warned["sample-0003"], 1);
        assert_eq!(report.examples, ["one", "two", "three"]);
        assert!(!report.is_clean());
    }
}
