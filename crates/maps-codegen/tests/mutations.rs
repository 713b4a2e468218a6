//! Documents with one fault each, made from the fixtures: whatever is wrong, nothing panics and what passes is Rust.

use std::fs;
use std::path::{Path, PathBuf};

use maps_codegen::build::Options;
use maps_codegen::config::{ServiceConfig, VersionConfig};
use maps_codegen::diagnostics::has_errors;
use maps_codegen::generate::{Pair, check, one};
use maps_codegen::load::Documents;
use serde_json::{Value, json};

#[test]
fn a_document_with_one_value_changed_never_panics() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let entries = fs::read_dir(&folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("the entry can be read").path());
    let paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    let (mut tried, mut generated) = (0, 0);
    for path in paths {
        let text = fs::read_to_string(&path).expect("the fixture can be read");
        let Ok(document) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        let pointers = pointers(&document);
        for (at, pointer) in pointers.iter().enumerate() {
            let changes = [
                None,
                Some(json!(null)),
                Some(json!([])),
                Some(json!({})),
                Some(json!("x")),
                // Nested in itself, and a reference to what it stands in.
                document
                    .pointer(pointer)
                    .map(|value| json!({ "properties": value, "items": value })),
                pointer
                    .rsplit_once('/')
                    .map(|(parent, _)| json!({ "$ref": format!("#{parent}") })),
                // Another part of the document in its place.
                document
                    .pointer(&pointers[(at + 7) % pointers.len()])
                    .cloned(),
            ];
            // Three of the eight at each place, in turn: all of them at all places take a quarter of a minute.
            for change in (0..3).map(|turn| changes[(at + 3 * turn) % changes.len()].clone()) {
                let mut mutant = document.clone();
                apply(&mut mutant, pointer, change);
                tried += 1;
                generated += usize::from(generates(&path, &mutant.to_string()));
            }
        }
    }
    assert!(tried > 1000 && generated > 100, "{generated} of {tried}");
}

/// Whether a document passes; what passes must be Rust.
fn generates(path: &Path, text: &str) -> bool {
    let mut documents = Documents::new(path.parent().expect("a fixture is in a folder"));
    let (position, mut found) = documents.add(path, text.to_owned(), true);
    found.extend(documents.read_referenced());
    found.extend(check(&documents));
    let Some(position) = position else {
        return false;
    };
    let service = ServiceConfig {
        name: "mutant".to_owned(),
        default_version: "1".to_owned(),
        ..ServiceConfig::default()
    };
    let version = VersionConfig {
        version: "1".to_owned(),
        ..VersionConfig::default()
    };
    let mut built = Vec::new();
    found.extend(one(
        &documents,
        &[position],
        &service,
        &version,
        Options::default(),
        &mut built,
    ));
    if has_errors(&found) {
        return false;
    }
    let pair = Pair {
        models: "mutant-models".to_owned(),
        client: "mutant".to_owned(),
    };
    pair.generate(&built)
        .unwrap_or_else(|message| panic!("{message}\n{text}"));
    true
}

fn pointers(value: &Value) -> Vec<String> {
    let mut out = Vec::new();
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, child)| (name.replace('~', "~0").replace('/', "~1"), child))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, child)| (at.to_string(), child))
            .collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        out.push(format!("/{name}"));
        out.extend(pointers(child).iter().map(|rest| format!("/{name}{rest}")));
    }
    out
}

/// Replaces the value at a pointer, or removes it.
fn apply(document: &mut Value, pointer: &str, change: Option<Value>) {
    if let Some(change) = change {
        if let Some(value) = document.pointer_mut(pointer) {
            *value = change;
        }
        return;
    }
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer has a slash");
    let name = name.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.remove(&name);
        }
        Some(Value::Array(items)) => {
            items.remove(name.parse().expect("an index"));
        }
        _ => {}
    }
}

/// The definitions in `spec/` are large: about forty places of each are changed.
#[test]
fn a_definition_of_spec_with_one_value_changed_never_panics() {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec");
    let mut tried = 0;
    for document in [
        "route/2025-01-01/route.json",
        "data-registry/2023-06-01/data-registry.json",
        "creator/2.0/dataset.json",
    ] {
        let path = spec.join(document);
        let text = fs::read_to_string(&path).expect("the definition can be read");
        let document: Value = serde_json::from_str(&text).expect("it is JSON");
        let pointers = pointers(&document);
        // Odd, so that the steps do not fall into the rhythm of a document's objects.
        let step = (pointers.len() / 40).max(1) | 1;
        for (at, pointer) in pointers.iter().enumerate().step_by(step) {
            let changes = [
                None,
                Some(json!([1])),
                pointer
                    .rsplit_once('/')
                    .map(|(parent, _)| json!({ "$ref": format!("#{parent}") })),
                document
                    .pointer(&pointers[(at * 3 + 1) % pointers.len()])
                    .cloned(),
            ];
            let mut mutant = document.clone();
            apply(
                &mut mutant,
                pointer,
                changes[(at / step) % changes.len()].clone(),
            );
            tried += 1;
            generates(&path, &mutant.to_string());
        }
    }
    assert!(tried > 100, "{tried}");
}
