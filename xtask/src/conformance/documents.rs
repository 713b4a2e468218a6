//! The documents of the test server, and the crates that are generated from them as for any user.

use std::fs;
use std::path::{Path, PathBuf};

use maps_codegen::diagnostics::Severity;
use maps_codegen::generate::Run;
use maps_codegen::input::{self, CoreDependency};
use serde_json::Value;

/// A document of the test server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    /// The file's name without its extension.
    pub(super) name: String,
    /// The package of its client.
    pub(super) package: String,
    /// How many operations it has.
    pub(super) operations: usize,
}

/// The documents in `folder`, by name.
pub(super) fn list(folder: &Path) -> Result<Vec<Document>, String> {
    let fail = |error: &dyn std::fmt::Display| format!("listing {}: {error}", folder.display());
    let mut documents = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| fail(&error))? {
        let path = entry.map_err(|error| fail(&error))?.path();
        let Some(name) = path
            .file_name()
            .and_then(|name| name.to_str()?.strip_suffix(".json"))
        else {
            continue;
        };
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("reading {}: {error}", path.display()))?;
        documents.push(Document {
            name: name.to_owned(),
            package: package(name),
            operations: operations(&text)
                .map_err(|error| format!("reading {}: {error}", path.display()))?,
        });
    }
    documents.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(documents)
}

/// The name of a document as that of a package: `custom-baseUrl` is `custom-base-url`.
fn package(name: &str) -> String {
    let mut package = String::with_capacity(name.len() + 2);
    for c in name.chars() {
        match c {
            '.' | '_' => package.push('-'),
            c if c.is_ascii_uppercase() => {
                if !package.is_empty() && !package.ends_with('-') {
                    package.push('-');
                }
                package.push(c.to_ascii_lowercase());
            }
            c => package.push(c),
        }
    }
    package
}

/// How many operations a document declares, counted without the generator, so that one it loses shows.
fn operations(text: &str) -> Result<usize, String> {
    let document: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| error.to_string())?;
    let count = ["paths", "x-ms-paths"]
        .iter()
        .filter_map(|paths| document[*paths].as_object())
        .flat_map(|paths| paths.values().filter_map(Value::as_object))
        .flat_map(|item| item.values())
        .filter(|operation| operation["responses"].is_object())
        .count();
    Ok(count)
}

/// Generates the pair of crates of a document, with what the generator says about it.
pub(super) fn generate(
    document: &Document,
    folder: &Path,
    out: &Path,
    core: &Path,
) -> Result<Run, String> {
    let path: PathBuf = folder.join(format!("{}.json", document.name));
    let core = CoreDependency::Path(core.to_path_buf());
    let run = input::pair(&path, &document.package, out, &core)?;
    let is_refused = run
        .diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error);
    if !is_refused {
        for tree in &run.trees {
            tree.write()
                .map_err(|error| format!("writing {}: {error}", tree.shown))?;
        }
    }
    Ok(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_named_as_cargo_likes_it() {
        for (name, expected) in [
            ("lro", "lro"),
            ("additionalProperties", "additional-properties"),
            ("body-boolean.quirks", "body-boolean-quirks"),
            ("custom-baseUrl-paging", "custom-base-url-paging"),
            ("media_types", "media-types"),
            ("subscriptionId-apiVersion", "subscription-id-api-version"),
            ("dpg-update1", "dpg-update1"),
        ] {
            assert_eq!(package(name), expected);
        }
    }

    #[test]
    fn operations_of_both_kinds_of_paths_count_and_shared_parameters_do_not() {
        let text = "\u{feff}{
            \"paths\": {\"/a\": {\"parameters\": [], \"get\": {\"responses\": {}}, \"put\": {\"responses\": {}}}},
            \"x-ms-paths\": {\"/a?b=c\": {\"get\": {\"responses\": {}}}}
        }";
        assert_eq!(operations(text), Ok(3));
        assert_eq!(operations("{\"paths\": {}}"), Ok(0));
    }
}
