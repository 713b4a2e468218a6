//! Many documents: which are definitions, what the generator makes of each, and what that says about the generator.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::diagnostics::{Diagnostic, Severity, Sources, Style};
use crate::generate::{Front, Pair};
use crate::input::Outside;
use crate::load::At;

mod summary;

pub use summary::Summary;

/// What became of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examined {
    /// Its path below the folder of the run, with slashes.
    pub document: String,
    /// What it holds.
    pub counts: Counts,
    /// How it ended.
    pub outcome: Outcome,
    /// Everything found that is worth counting: errors and warnings.
    pub findings: Vec<Finding>,
    /// From the first byte read to the last byte generated.
    pub time: Duration,
}

/// How the generator ended with one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// A pair of crates of this many bytes.
    Generated {
        /// Bytes of Rust.
        bytes: usize,
    },
    /// Diagnostics say why not.
    Refused,
    /// The root says something other than `"swagger": "2.0"`: no document of the corpus.
    OtherFormat,
    /// The generator panicked, which is a fault of its own.
    Panicked(String),
    /// It took longer than the limit.
    OutOfTime,
    /// The process that held it ended, for example because the stack overflowed.
    Crashed(String),
}

/// What a document holds, counted in its text: the same whether or not it generates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Operations, those of `x-ms-paths` too.
    pub operations: usize,
    /// Those with `x-ms-long-running-operation`.
    pub long_running: usize,
    /// Those with `x-ms-pageable`.
    pub pageable: usize,
}

/// A diagnostic without what only a person needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its kind.
    pub code: String,
    /// Whether it kept the document from generating.
    pub is_error: bool,
    /// It, with its place, line and help, for the first one of its kind in a document; empty for the rest.
    pub text: String,
}

/// Every file below `folder` that may be an OpenAPI 2.0 document, sorted, as paths relative to it.
///
/// Only the text is looked at: a document with broken JSON is one too.
///
/// # Errors
///
/// When a folder cannot be listed.
pub fn documents(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    walk(folder, Path::new(""), &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, below: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        let kind = entry.file_type()?;
        // A link could lead back up; what it leads to is met elsewhere, or was left out on purpose.
        if kind.is_dir() {
            walk(folder, &path, found)?;
        } else if kind.is_file()
            && path
                .extension()
                .is_some_and(|extension| extension == "json")
        {
            let text = fs::read(folder.join(&path))?;
            if says_version_two(&String::from_utf8_lossy(&text)) {
                found.push(path);
            }
        }
    }
    Ok(())
}

/// Whether `"swagger": "2.0"` stands in a text.
fn says_version_two(text: &str) -> bool {
    text.match_indices("\"swagger\"").any(|(at, key)| {
        text[at + key.len()..]
            .trim_start()
            .strip_prefix(':')
            .is_some_and(|rest| rest.trim_start().starts_with("\"2.0\""))
    })
}

/// Generates a pair of crates from `document` below `folder`, in memory. A panic of the generator is a result.
pub fn examine(folder: &Path, document: &Path) -> Examined {
    let start = Instant::now();
    let mut examined = Examined {
        document: document.to_string_lossy().replace('\\', "/"),
        counts: Counts::default(),
        outcome: Outcome::Refused,
        findings: Vec::new(),
        time: Duration::ZERO,
    };
    // What a panic leaves behind is counts and findings that were complete when they were assigned.
    let run = catch_unwind(AssertUnwindSafe(|| {
        generate(&folder.join(document), &mut examined)
    }));
    match run {
        Ok(Ok(outcome)) => examined.outcome = outcome,
        Ok(Err(message)) => examined.findings.push(Finding {
            code: "generator-failed".to_owned(),
            is_error: true,
            text: message,
        }),
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
            examined.outcome = Outcome::Panicked(text.unwrap_or_default());
        }
    }
    examined.time = start.elapsed();
    examined
}

fn generate(document: &Path, examined: &mut Examined) -> Result<Outcome, String> {
    let outside = Outside::read(document)?;
    if let Some(document) = outside.document() {
        let root = document.root();
        if root.str("swagger") != Some("2.0") {
            return Ok(Outcome::OtherFormat);
        }
        examined.counts = counts(root);
    }
    let Front {
        built,
        diagnostics,
        sources,
    } = outside.build("corpus");
    examined.findings = findings(&diagnostics, &sources);
    if built.is_empty() || examined.findings.iter().any(|found| found.is_error) {
        return Ok(Outcome::Refused);
    }
    let pair = Pair {
        models: "corpus-models".to_owned(),
        client: "corpus".to_owned(),
    };
    let packages = pair.generate(&built)?;
    let bytes = packages
        .iter()
        .flat_map(|package| package.files.values())
        .map(String::len)
        .sum();
    Ok(Outcome::Generated { bytes })
}

fn counts(root: At<'_>) -> Counts {
    const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch"];
    let mut counts = Counts::default();
    let sections = ["paths", "x-ms-paths"].into_iter();
    let items = sections
        .filter_map(|section| root.get(section))
        .flat_map(At::members);
    for (_, item) in items {
        for operation in METHODS.iter().filter_map(|method| item.get(method)) {
            counts.operations += 1;
            let long_running = operation.bool("x-ms-long-running-operation");
            counts.long_running += usize::from(long_running == Some(true));
            counts.pageable += usize::from(operation.get("x-ms-pageable").is_some());
        }
    }
    counts
}

fn findings(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let telling = diagnostics
        .iter()
        .filter(|found| found.severity != Severity::Note);
    telling
        .map(|found| Finding {
            code: found.code.to_owned(),
            is_error: found.severity == Severity::Error,
            text: match seen.insert((found.severity, found.code)) {
                true => found.render(sources, Style::Plain),
                false => String::new(),
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    const SMALL: &str = r#"{
        "swagger": "2.0", "info": {"title": "T", "version": "1.0"}, "host": "h.example",
        "paths": {"/x": {
            "get": {"operationId": "X_List", "responses": {"200": {"description": "d"}}},
            "delete": {"operationId": "X_Delete", "x-ms-long-running-operation": true, "responses": {"202": {"description": "d"}}}
        }}
    }"#;

    #[test]
    fn only_documents_of_the_format_are_found_and_examples_are_not() {
        let folder = folder(&[
            ("b/two.json", "\u{feff}{ // why\n \"swagger\" :\n \"2.0\" }"),
            ("a.json", SMALL),
            ("b/broken.json", "{ \"swagger\": \"2.0\", "),
            ("b/three.json", "{ \"openapi\": \"3.0.0\" }"),
            ("b/examples/x.json", "{ \"parameters\": {} }"),
            ("a.txt", SMALL),
        ]);
        let found = documents(folder.path()).unwrap();
        let shown: Vec<_> = found.iter().map(|path| path.to_string_lossy()).collect();
        assert_eq!(shown, ["a.json", "b/broken.json", "b/two.json"]);
    }

    #[test]
    fn a_document_is_counted_and_generated() {
        let folder = folder(&[("a.json", SMALL)]);
        let examined = examine(folder.path(), Path::new("a.json"));
        assert!(
            matches!(examined.outcome, Outcome::Generated { bytes } if bytes > 1000),
            "{examined:?}"
        );
        let Counts {
            operations,
            long_running,
            pageable,
        } = examined.counts;
        assert_eq!((operations, long_running, pageable), (2, 1, 0));
    }

    #[test]
    fn a_refused_document_says_why_and_is_counted_all_the_same() {
        let text = SMALL.replace(
            "\"host\"",
            "\"x-unheard-of\": 1, \"parameters\": {\"A\": {\"$ref\": \"#/nowhere\"}}, \"host\"",
        );
        let text = text.replace(
            "\"responses\"",
            "\"parameters\": [{\"$ref\": \"#/parameters/A\"}], \"responses\"",
        );
        let folder = folder(&[("a.json", &text), ("broken.json", "{\"swagger\": \"2.0\",")]);
        let examined = examine(folder.path(), Path::new("a.json"));
        assert_eq!(
            (&examined.outcome, examined.counts.operations),
            (&Outcome::Refused, 2)
        );
        assert!(
            examined
                .findings
                .iter()
                .any(|found| found.is_error && found.code == "unresolved-ref"),
            "{examined:?}"
        );
        let broken = examine(folder.path(), Path::new("broken.json"));
        assert_eq!(broken.outcome, Outcome::Refused);
        assert_eq!(broken.findings[0].code, "malformed-json");
    }
}
