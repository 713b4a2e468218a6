//! Hashes of documents in `services.toml`: a document that changes while its version stays is seen.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};
use toml_edit::{DocumentMut, Item, TableLike, Value, value};

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
            let fault = match &document.sha256 {
                None => {
                    let message = format!("`{path}` has no `sha256`");
                    Diagnostic::error("unpinned-document", message)
                        .at_maybe(version.document_place(at, "path"))
                        .help("`cargo xtask codegen --accept` pins the text of now")
                }
                Some(pin) if *pin != hash(&text) => {
                    let message = format!("`{path}` is not the text that `sha256` pins");
                    let help = "`cargo xtask api-diff` with the text of before says what changed; \
                                `cargo xtask codegen --accept` pins the text of now";
                    Diagnostic::error("changed-document", message)
                        .at_maybe(version.document_place(at, "sha256"))
                        .help(help)
                }
                Some(_) => continue,
            };
            found.push(fault);
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
                    close_up(entry);
                    entry.insert("sha256", value(is));
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

/// Tables of a list of tables, under headers of their own or in one line.
fn tables(item: Option<&mut Item>) -> Vec<&mut dyn TableLike> {
    match item {
        Some(Item::ArrayOfTables(tables)) => tables.iter_mut().map(like).collect(),
        Some(Item::Value(Value::Array(values))) => values
            .iter_mut()
            .filter_map(Value::as_inline_table_mut)
            .map(like)
            .collect(),
        _ => Vec::new(),
    }
}

/// Removes the space behind the last value of a table in one line, where a comma is to come.
fn close_up(table: &mut dyn TableLike) {
    let last = table.iter_mut().last();
    if let Some(value) = last.and_then(|(_, item)| item.as_value_mut()) {
        let decor = value.decor_mut();
        let suffix = decor.suffix().and_then(|suffix| suffix.as_str());
        if suffix.is_some_and(|suffix| suffix.trim().is_empty()) {
            decor.set_suffix("");
        }
    }
}

fn like<T: TableLike>(table: &mut T) -> &mut dyn TableLike {
    table
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

    #[test]
    fn documents_in_one_line_are_pinned_too() {
        let temp = tempfile::tempdir().unwrap();
        let spec = temp.path().join("spec");
        fs::create_dir(&spec).unwrap();
        let before = "[[service]]\nname = \"a\"\ndefault-version = \"1\"\n\
                      version = [{ version = \"1\", documents = [{ path = \"a.json\", source = \"s\" }] }]\n";
        fs::write(spec.join("services.toml"), before).unwrap();
        fs::write(spec.join("a.json"), "{}").unwrap();
        let accepted = Accepted {
            document: "a.json".to_owned(),
            was_pinned: false,
        };
        assert_eq!(accept(temp.path()), Ok(vec![accepted]));
        assert_eq!(accept(temp.path()), Ok(Vec::new()));
        let after = fs::read_to_string(spec.join("services.toml")).unwrap();
        let pinned = format!("source = \"s\", sha256 = \"{}\" }}", hash(b"{}"));
        assert_eq!(after, before.replace("source = \"s\" }", &pinned));
    }
}
