//! What is said about broken definitions: one document, or one folder with a `services.toml`, for each class of refusal.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use maps_codegen::diagnostics::{Diagnostic, Severity, Sources, Style};
use maps_codegen::generate;
use maps_codegen::input::{self, CoreDependency};

#[test]
fn broken_definitions_are_refused_with_place_line_and_help() {
    for path in broken() {
        let (diagnostics, sources) = run(&path);
        let text: Vec<String> = diagnostics
            .iter()
            .map(|found| found.render(&sources, Style::Plain) + "\n")
            .collect();
        assert!(
            diagnostics
                .iter()
                .any(|found| found.severity < Severity::Note),
            "{}",
            path.display()
        );
        for found in &diagnostics {
            // A note about a name may be about the client as a whole.
            let is_note = found.severity == Severity::Note;
            let is_helpful = found.help.is_some() && found.place.is_some();
            assert!(is_helpful || is_note, "{found:?}");
        }
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "broken" }, {
            insta::assert_snapshot!(stem(&path), text.join("\n"));
        });
    }
}

/// A code that only a broken disk or a fault of the generator itself brings about.
const WITHOUT_A_DOCUMENT: &[&str] = &[];

#[test]
fn every_code_that_the_sources_hold_has_a_broken_definition() {
    let mut seen = BTreeSet::new();
    for path in broken() {
        seen.extend(run(&path).0.iter().map(|found| found.code.to_owned()));
    }
    let fixtures = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"));
    for path in fixtures.iter().filter(|path| is_json(path)) {
        // Notes come with documents that are fine.
        let notes = run(path).0.into_iter();
        let notes = notes.filter(|found| found.severity == Severity::Note);
        seen.extend(notes.map(|found| found.code.to_owned()));
    }
    let mut held = BTreeSet::new();
    codes(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut held,
    );
    assert!(held.len() > 40, "{held:?}");
    let missing: Vec<&String> = held
        .iter()
        .filter(|code| !seen.contains(*code) && !WITHOUT_A_DOCUMENT.contains(&code.as_str()))
        .collect();
    assert_eq!(missing, Vec::<&String>::new());
}

/// Codes of the diagnostics that sources make: the first argument of `error`, `warning` and `note`.
fn codes(folder: &Path, held: &mut BTreeSet<String>) {
    for path in entries(folder) {
        if path.is_dir() {
            codes(&path, held);
            continue;
        }
        let text = fs::read_to_string(&path).expect("the file can be read");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for maker in ["error", "warning", "note"] {
            for rest in text.split(&format!("Diagnostic::{maker}(")).skip(1) {
                let code = rest.trim_start().strip_prefix('"');
                let code = code.and_then(|code| code.split('"').next());
                let code = code.unwrap_or_else(|| {
                    panic!("a code that is not written out, in {}", path.display())
                });
                held.insert(code.to_owned());
            }
        }
    }
}

fn run(path: &Path) -> (Vec<Diagnostic>, Sources) {
    if path.is_dir() {
        let front = generate::front(path).expect("services.toml can be read");
        return (front.diagnostics, front.sources);
    }
    let core = CoreDependency::Version("0.1".to_owned());
    let run = input::pair(path, "broken", Path::new("nowhere"), &core)
        .expect("the generator does not fail");
    (run.diagnostics, run.sources)
}

fn broken() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut all = entries(&folder);
    all.retain(|path| is_json(path) || path.join("spec").is_dir());
    all
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("the entry can be read").path());
    let mut paths: Vec<PathBuf> = paths.collect();
    paths.sort();
    paths
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "json")
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .and_then(|stem| stem.to_str())
        .expect("fixtures have plain names")
        .to_owned()
}
