//! Hashes of documents in `services.toml`, and of what they refer to: one that changes while its version stays is seen.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike, Value, value};

use crate::config::Config;
use crate::diagnostics::Diagnostic;
use crate::generate;
use crate::load::{Documents, normalize};

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

/// Compares every document that was read from `folder`, and every part of one, with its pin.
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
            match &document.sha256 {
                None => found.push(unpinned(path).at_maybe(version.document_place(at, "path"))),
                Some(pin) if *pin != hash(&text) => {
                    found.push(changed(path).at_maybe(version.document_place(at, "sha256")));
                }
                Some(_) => {}
            }
        }
    }
    let mut parts = parts(config, folder, documents);
    for (at, part) in config.part.iter().enumerate() {
        let path = &part.path;
        let file = folder.join(path);
        if parts.remove(path) {
            if fs::read(&file).is_ok_and(|text| hash(&text) != part.sha256) {
                found.push(changed(path).at_maybe(config.part_place(at, "sha256")));
            }
        } else if !documents.failed(&file) {
            let message = format!("no document refers to `{path}`");
            let fault = Diagnostic::warning("unused-part", message).help("remove its entry");
            found.push(fault.at_maybe(config.part_place(at, "path")));
        }
    }
    found.extend(parts.iter().map(|path| unpinned(path)));
    found
}

fn unpinned(path: &str) -> Diagnostic {
    Diagnostic::error("unpinned-document", format!("`{path}` has no `sha256`"))
        .help("`cargo xtask codegen --accept` pins the text of now")
}

fn changed(path: &str) -> Diagnostic {
    let message = format!("`{path}` is not the text that `sha256` pins");
    let help = "`cargo xtask api-diff` with the text of before says what changed; \
                `cargo xtask codegen --accept` pins the text of now";
    Diagnostic::error("changed-document", message).help(help)
}

/// Paths below `folder` of the definitions that documents refer to and no version lists.
fn parts(config: &Config, folder: &Path, documents: &Documents) -> BTreeSet<String> {
    let versions = config.service.iter().flat_map(|service| &service.version);
    let listed: BTreeSet<usize> = versions
        .flat_map(|version| &version.documents)
        .filter_map(|document| documents.by_path(&folder.join(&document.path)))
        .collect();
    let folder = normalize(folder);
    let read = documents.iter().filter(|read| read.is_definition);
    read.filter(|read| !listed.contains(&read.index))
        .filter_map(|read| read.path.strip_prefix(&folder).ok())
        .map(|path| path.to_string_lossy().replace('\\', "/"))
        .collect()
}

/// Pins every document of `spec/services.toml` below `root`, and what they refer to, as it is.
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
    let mut pin = |path: &str, entry: &mut dyn TableLike| -> Result<(), String> {
        let text = fs::read(folder.join(path))
            .map_err(|error| failed(&format!("reading spec/{path}"), &error))?;
        let is = hash(&text);
        let was = entry.get("sha256").and_then(Item::as_str);
        if was != Some(is.as_str()) {
            accepted.push(Accepted {
                document: path.to_owned(),
                was_pinned: was.is_some(),
            });
            close_up(entry);
            entry.insert("sha256", value(is));
        }
        Ok(())
    };
    for service in tables(document.get_mut("service")) {
        for version in tables(service.get_mut("version")) {
            for entry in tables(version.get_mut("documents")) {
                let Some(path) = entry.get("path").and_then(Item::as_str) else {
                    continue;
                };
                let path = path.to_owned();
                pin(&path, entry)?;
            }
        }
    }
    let read = generate::definitions(root)?;
    let mut parts = parts(&read.config, &folder, &read.documents);
    for entry in tables(document.get_mut("part")) {
        let path = entry.get("path").and_then(Item::as_str).map(str::to_owned);
        if let Some(path) = path.filter(|path| parts.remove(path)) {
            pin(&path, entry)?;
        }
    }
    for path in parts {
        let mut entry = Table::new();
        entry.insert("path", value(&path));
        pin(&path, &mut entry)?;
        document
            .entry("part")
            .or_insert(Item::ArrayOfTables(ArrayOfTables::new()))
            .as_array_of_tables_mut()
            .ok_or("writing spec/services.toml: a `part` that is no `[[part]]`")?
            .push(entry);
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
    fn what_documents_refer_to_is_pinned_below_the_rest_of_the_file() {
        let temp = tempfile::tempdir().unwrap();
        let spec = temp.path().join("spec");
        fs::create_dir_all(spec.join("common")).unwrap();
        let listed = r#"{ "definitions": { "A": { "$ref": "../common/1.json#/definitions/A" } } }"#;
        let between = r#"{ "definitions": { "A": { "$ref": "2.json#/definitions/A" } } }"#;
        let last = r#"{ "definitions": { "A": { "type": "object" } } }"#;
        let before = format!(
            "[[service]]\nname = \"a\"\ndefault-version = \"1\"\n\n[[service.version]]\nversion = \"1\"\n\n\
             [[service.version.documents]]\npath = \"a/a.json\"\nsource = \"s\"\nsha256 = \"{}\"\n",
            hash(listed.as_bytes())
        );
        fs::create_dir(spec.join("a")).unwrap();
        fs::write(spec.join("services.toml"), &before).unwrap();
        fs::write(spec.join("a/a.json"), listed).unwrap();
        fs::write(spec.join("common/1.json"), between).unwrap();
        fs::write(spec.join("common/2.json"), last).unwrap();
        let found = || {
            let read = generate::definitions(temp.path()).unwrap();
            let of_pins = ["unpinned-document", "changed-document", "unused-part"];
            let found = read.diagnostics.into_iter();
            found
                .filter(|found| of_pins.contains(&found.code))
                .map(|found| (found.code, found.place.map(|place| place.line)))
                .collect::<Vec<_>>()
        };
        let accepted = |path: &str, was_pinned| Accepted {
            document: path.to_owned(),
            was_pinned,
        };
        assert_eq!(found(), [("unpinned-document", None); 2]);
        assert_eq!(
            accept(temp.path()),
            Ok(vec![
                accepted("common/1.json", false),
                accepted("common/2.json", false)
            ])
        );
        assert_eq!(found(), []);
        let after = fs::read_to_string(spec.join("services.toml")).unwrap();
        let part = |path: &str, text: &str| {
            let hash = hash(text.as_bytes());
            format!("\n[[part]]\npath = \"common/{path}\"\nsha256 = \"{hash}\"\n")
        };
        let parts = part("1.json", between) + &part("2.json", last);
        assert_eq!(after, before + &parts);

        fs::write(spec.join("common/2.json"), last.replace("object", "string")).unwrap();
        assert_eq!(found(), [("changed-document", Some(19))]);
        assert_eq!(
            accept(temp.path()),
            Ok(vec![accepted("common/2.json", true)])
        );
        assert_eq!(found(), []);
        fs::write(spec.join("common/1.json"), last).unwrap();
        assert_eq!(
            found(),
            [("changed-document", Some(15)), ("unused-part", Some(18))]
        );
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
