//! Documents with one fault each, made from the fixtures: whatever is wrong, nothing panics and what passes is Rust.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

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

/// What any document takes at most, on a machine that has other things to do.
const LIMIT: Duration = Duration::from_secs(20);

/// Several changes at once, drawn by seed. `MUTATIONS` says how many documents, `MUTATIONS_IN` names a further folder of
/// documents, `MUTATIONS_FROM` the first seed; in the folder `MUTATIONS_TO` are kept those that generate, for
/// `cargo xtask corpus --compile`.
#[test]
fn documents_with_drawn_changes_end_in_time_and_never_panic() {
    let setting = |name: &str| std::env::var(name).ok();
    let number = |name: &str| setting(name).and_then(|text| text.parse::<u64>().ok());
    let from = number("MUTATIONS_FROM").unwrap_or(0);
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    documents(&tests.join("tests/fixtures"), &mut paths);
    documents(&tests.join("../../spec"), &mut paths);
    if let Some(folder) = setting("MUTATIONS_IN") {
        documents(Path::new(&folder), &mut paths);
    }
    let read = paths.into_iter().filter_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        let document: Value = serde_json::from_str(&text).ok()?;
        let is_whole = document.get("swagger").is_some();
        is_whole.then(|| (path, pointers(&document), document))
    });
    let documents: Vec<(PathBuf, Vec<String>, Value)> = read.collect();
    let last = Path::new(env!("CARGO_TARGET_TMPDIR")).join("last_mutant.json");
    let kept = setting("MUTATIONS_TO").map(PathBuf::from);
    let (mut tried, mut generated, mut slowest) = (0, 0, (Duration::ZERO, 0));
    for seed in from..from + number("MUTATIONS").unwrap_or(300) {
        let mut random = fastrand::Rng::with_seed(seed);
        let (path, pointers, document) = &documents[random.usize(..documents.len())];
        let mut mutant = document.clone();
        for _ in 0..random.usize(1..4) {
            mutate(&mut mutant, document, pointers, &mut random);
        }
        let text = mutant.to_string();
        // What overflows the stack leaves no message: the document stays here.
        fs::write(&last, &text).expect("the folder can be written");
        let start = Instant::now();
        let (sender, receiver) = mpsc::channel();
        let name = path.clone();
        let worker = thread::spawn(move || {
            let passed = generates(&name, &text);
            let _ = sender.send(passed);
        });
        match receiver.recv_timeout(LIMIT) {
            Ok(true) => {
                generated += 1;
                if let Some(kept) = &kept {
                    fs::copy(&last, kept.join(format!("{seed}.json"))).expect("it can be kept");
                }
            }
            Ok(false) => {}
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("seed {seed}: no end"),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                let _ = worker.join();
                panic!(
                    "seed {seed} of {} panics, see {}",
                    path.display(),
                    last.display()
                );
            }
        }
        tried += 1;
        slowest = slowest.max((start.elapsed(), seed));
    }
    println!("{tried} tried, {generated} generated, slowest {slowest:?}");
    assert!(generated > 0 && generated < tried, "{generated} of {tried}");
}

/// Makes one change: a value dropped, another in its place, retyped, nested, made a cycle, its key renamed.
fn mutate(mutant: &mut Value, document: &Value, pointers: &[String], random: &mut fastrand::Rng) {
    let pointer = &pointers[random.usize(..pointers.len())];
    let other = &pointers[random.usize(..pointers.len())];
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    let value = || document.pointer(pointer).cloned().unwrap_or_default();
    let odd = [
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("/"),
        json!("{}"),
        json!("}{"),
        json!("\u{0}"),
        json!("ﬀ€\u{202e}\u{1f600}"),
        json!("*/ \" \\ #![x] ```"),
        json!("9"),
        json!("self"),
        json!("[a](b"),
        json!([[]]),
        json!([{}]),
    ];
    let change = match random.u8(..8) {
        0 => None,
        1 => document.pointer(other).cloned(),
        2 => Some(odd[random.usize(..odd.len())].clone()),
        3 => Some(json!({ "properties": { "a": value() }, "items": value(), "allOf": [value()] })),
        4 => Some(json!([value(), value()])),
        5 => Some(json!({ "$ref": format!("#{parent}") })),
        6 => Some(json!({ "$ref": format!("#{other}") })),
        _ => {
            rename(
                mutant,
                pointer,
                other.rsplit('/').next().unwrap_or_default(),
            );
            return;
        }
    };
    if mutant.pointer(pointer).is_some() {
        apply(mutant, pointer, change);
    }
}

/// Puts a member under another key.
fn rename(mutant: &mut Value, pointer: &str, to: &str) {
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        return;
    };
    if let Some(Value::Object(members)) = mutant.pointer_mut(parent) {
        let name = name.replace("~1", "/").replace("~0", "~");
        if let Some(value) = members.remove(&name) {
            members.insert(to.replace("~1", "/").replace("~0", "~"), value);
        }
    }
}

fn documents(folder: &Path, out: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the entry can be read").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            documents(&path, out);
        } else if path.extension().is_some_and(|end| end == "json") {
            out.push(path);
        }
    }
}
