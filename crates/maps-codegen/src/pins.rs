//! Hashes of documents in `services.toml`: a document that changes while its version stays is seen.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};
use toml_edit::{DocumentMut, Item, Table, value};

use crate::config::Config;
use crate::diagnostics::Diagnostic;
use crate::load::Documents;

/// A document whose pin was brought up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Its path below `spec/`.
    pub document: String,
    /// Whether it had another pin before, and not none.
    pub was_pinned: bool,
}

/// SHA-256 of a document in hexadecimal. How lines end makes no difference, because git changes it.
pub fn hash(text: &[u8]) -> String {
    let mut hasher = Sha256::new();
    let mut lines = text.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        if lines.peek().is_some() {
            hasher.update(line.strip_suffix(b"\r").unwrap_or(line));
            hasher.update(b"\n");
        } else {
            hasher.update(line);
        }
    }
    let digest = hasher.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares every document that was read from `folder` with its pin.
pub fn check(config: &Config, folder: &Path, documents: &Documents) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for version in config.service.iter().flat_map(|service| &service.version) {
        for (at, document) in version.documents.iter().enumerate() {
            let file = folder.join(&document.path);
            // What is wrong with one that cannot be read has been reported.
            let is_read = documents.by_path(&file).is_some();
            let Some(text) = is_read.then(|| fs::read(&file).ok()).flatten() else {
                continue;
            };
            let path = &document.path;
            let (code, message, place) = match &document.sha256 {
                None => (
                    "unpinned-document",
                    format!("`{path}` has no `sha256`"),
                    version.document_place(at, "path"),
                ),
                Some(pin) if *pin != hash(&text) => (
                    "changed-document",
                    format!("`{path}` is not the text that `sha256` pins"),
                    version.document_place(at, "sha256"),
                ),
                Some(_) => continue,
            };
            let help = "`cargo xtask api-diff` with the text of before says what changed; \
                        `cargo xtask codegen --accept` pins the text of now";
            found.push(Diagnostic::error(code, message).at_maybe(place).help(help));
        }
    }
    found
}

/// Pins every document of `spec/services.toml` below `root` as it is.
///
/// # Errors
///
/// A message when the file or a document cannot be read or written.
pub fn accept(root: &Path) -> Result<Vec<Accepted>, String> {
    let folder = root.join("spec");
    let file = folder.join("services.toml");
    let failed = |what: &str, error: &dyn std::fmt::Display| format!("{what}: {error}");
    let text =
        fs::read_to_string(&file).map_err(|error| failed("reading spec/services.toml", &error))?;
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error| failed("reading spec/services.toml", &error))?;
    let mut accepted = Vec::new();
    for service in tables(document.get_mut("service")) {
        for version in tables(service.get_mut("version")) {
            for entry in tables(version.get_mut("documents")) {
                let Some(path) = entry.get("path").and_then(Item::as_str) else {
                    continue;
                };
                let path = path.to_owned();
                let text = fs::read(folder.join(&path))
                    .map_err(|error| failed(&format!("reading spec/{path}"), &error))?;
                let is = hash(&text);
                let was = entry.get("sha256").and_then(Item::as_str);
                if was != Some(is.as_str()) {
                    accepted.push(Accepted {
                        document: path,
                        was_pinned: was.is_some(),
                    });
                    entry["sha256"] = value(is);
                }
            }
        }
    }
    if !accepted.is_empty() {
        fs::write(&file, document.to_string())
            .map_err(|error| failed("writing spec/services.toml", &error))?;
    }
    Ok(accepted)
}

/// Tables of an array of tables.
fn tables(item: Option<&mut Item>) -> impl Iterator<Item = &mut Table> {
    let tables = item.and_then(Item::as_array_of_tables_mut);
    tables.into_iter().flat_map(|tables| tables.iter_mut())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_other_tools_and_line_ends_make_no_difference() {
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash(b"abc"), known);
        assert_eq!(hash(b"{\r\n}\r\n"), hash(b"{\n}\n"));
        assert_ne!(hash(b"{\n}\n"), hash(b"{\n}"));
    }

    #[test]
    fn a_changed_document_is_reported_until_it_is_accepted_and_the_rest_of_the_file_stays() {
        let temp = tempfile::tempdir().unwrap();
        let spec = temp.path().join("spec");
        fs::create_dir(&spec).unwrap();
        let before = "# Why.\n[[service]]\nname = \"a\"\ndefault-version = \"1\"\n\n[[service.version]]\nversion = \"1\" # so\n\n\
                      [[service.version.documents]]\npath = \"a.json\"\nsource = \"s\"\n\n[[fixup]]\ndocument = \"a.json\"\nat = \"#/x\"\nkind = \"remove\"\nexpect = 1\nreason = \"r\"\n";
        fs::write(spec.join("services.toml"), before).unwrap();
        fs::write(spec.join("a.json"), "{}").unwrap();
        let found = || {
            let text = fs::read_to_string(spec.join("services.toml")).unwrap();
            let config = Config::read("spec/services.toml", &text).unwrap();
            let mut documents = Documents::new(temp.path());
            documents.read(&spec.join("a.json"));
            let found = check(&config, &spec, &documents);
            let place = |found: &Diagnostic| found.place.as_ref().map(|place| place.line);
            found
                .iter()
                .map(|found| (found.code, place(found)))
                .collect::<Vec<_>>()
        };
        let accepted = |was_pinned| {
            vec![Accepted {
                document: "a.json".to_owned(),
                was_pinned,
            }]
        };
        assert_eq!(found(), [("unpinned-document", Some(10))]);
        assert_eq!(accept(temp.path()), Ok(accepted(false)));
        assert_eq!(found(), []);
        fs::write(spec.join("a.json"), "{ }").unwrap();
        assert_eq!(found(), [("changed-document", Some(12))]);
        assert_eq!(accept(temp.path()), Ok(accepted(true)));
        assert_eq!(accept(temp.path()), Ok(Vec::new()));

        let after = fs::read_to_string(spec.join("services.toml")).unwrap();
        let pin = format!("sha256 = \"{}\"\n", hash(b"{ }"));
        assert_eq!(after.replace(&pin, ""), before);
    }
}
