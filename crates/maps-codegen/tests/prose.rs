//! Every text of the definitions in `spec/` reaches the output, or is listed here with the reason why it does not.

use std::fs;
use std::path::Path;

use maps_codegen::{generate, pins};
use serde_json::Value;

const SAME_ENUM: &str =
    "enums of one name and equal values are one type, which has the texts of the first";
const TAG: &str = "a discriminator is no field: the variants of the enum stand for its values";
const POLLED: &str = "the poller reads it; the docs of pollers say what it is for";
const SHARED: &str = "a document of shared parts is no service; each part has its own texts";
const SUCCESS: &str = "the texts of the operation and of the returned type say what it gives";

/// Texts that nothing carries, by the end of their pointer (`*` stands for the beginning of a part), and why.
const NOWHERE: &[(&str, &str)] = &[
    ("definitions/*Enum/description", SAME_ENUM),
    (
        "definitions/Ontology/description",
        "each property of the type has a text of its own",
    ),
    (
        "definitions/VehicleSpec/description",
        "a base that is only extended has no type",
    ),
    ("x-ms-enum/values/*/description", SAME_ENUM),
    ("properties/type/description", TAG),
    ("RouteOperationResponse/properties/kind/description", TAG),
    (
        "properties/*/items/description",
        "items have no Rust item of their own; the list's text describes them",
    ),
    ("parameters/*ApiVersion/description", "fixed by the module"),
    ("parameters/ApiVersion2/description", "fixed by the module"),
    (
        "securityDefinitions/*/description",
        "ignored in the table of keywords: the docs of credentials say it",
    ),
    ("common.json#/info/description", SHARED),
    ("common.json#/info/title", SHARED),
    ("types.json#/info/description", SHARED),
    ("types.json#/info/title", SHARED),
    ("geojson.json#/info/description", SHARED),
    ("geojson.json#/info/title", SHARED),
    ("responses/200/description", SUCCESS),
    ("responses/201/description", SUCCESS),
    ("responses/202/description", SUCCESS),
    ("responses/204/description", SUCCESS),
    (
        "responses/default/description",
        "the texts of the error's type say what it holds",
    ),
    (
        "responses/Error/description",
        "the texts of the error's type say what it holds",
    ),
    (
        "responses/MapsError/description",
        "the texts of the error's type say what it holds",
    ),
    (
        "responses/*/headers/x-ms-error-code/description",
        "`Error::code` reads it on every answer",
    ),
    ("responses/OperationAccepted/description", SUCCESS),
    ("responses/OperationEnded/description", SUCCESS),
    ("responses/OperationStatus/description", SUCCESS),
    ("headers/Operation-Id/description", POLLED),
    ("headers/*-Location/description", POLLED),
];

#[test]
fn every_text_of_spec_is_in_the_output() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the workspace");
    let temp = tempfile::tempdir().expect("a folder can be made");
    let mut marks = Vec::new();
    copy_marked(
        &workspace.join("spec"),
        &temp.path().join("spec"),
        "",
        &mut marks,
    );
    pins::accept(temp.path()).expect("the documents can be pinned");
    let run = generate::spec(temp.path()).expect("the generator runs");
    assert!(!run.trees.is_empty(), "{:#?}", run.diagnostics);
    let files = run.trees.iter().flat_map(|tree| tree.files.values());
    // In the middle of a sentence a text begins in lower case, at its start in upper case.
    let output: String = files.map(|text| text.to_lowercase()).collect();
    let unreachable: Vec<&String> = run
        .unreachable
        .iter()
        .flat_map(|(_, names)| names)
        .collect();

    let mut used = vec![false; NOWHERE.len()];
    let mut lost = Vec::new();
    for (mark, place) in &marks {
        let is_generated = !unreachable
            .iter()
            .any(|name| place.contains(&format!("#/definitions/{name}/")));
        if output.contains(mark.as_str()) || !is_generated {
            continue;
        }
        match NOWHERE
            .iter()
            .position(|(pattern, _)| ends_with(place, pattern))
        {
            Some(at) => used[at] = true,
            None => lost.push(place),
        }
    }
    assert!(marks.len() > 500, "{}", marks.len());
    assert!(
        lost.is_empty(),
        "{} of {}: {lost:#?}",
        lost.len(),
        marks.len()
    );
    for ((pattern, reason), used) in NOWHERE.iter().zip(used) {
        assert!(
            used,
            "{pattern} reaches the output: its reason is stale ({reason})"
        );
    }
}

/// Copies a folder with a word of its own in every text of its documents.
fn copy_marked(from: &Path, to: &Path, shown: &str, marks: &mut Vec<(String, String)>) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("the entry can be read");
        let name = entry.file_name().to_string_lossy().into_owned();
        let target = to.join(&name);
        if entry.file_type().expect("the entry has a type").is_dir() {
            copy_marked(&entry.path(), &target, &format!("{shown}{name}/"), marks);
            continue;
        }
        let mut text = fs::read_to_string(entry.path()).expect("the file can be read");
        if name.ends_with(".json") && !shown.ends_with("examples/") {
            let mut document: Value = serde_json::from_str(&text).expect("it is JSON");
            mark(&mut document, &format!("{shown}{name}#"), marks);
            text = document.to_string();
        }
        fs::write(target, text).expect("the file can be written");
    }
}

fn mark(value: &mut Value, place: &str, marks: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, child) in members {
                let place = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
                match child {
                    Value::String(text)
                        if matches!(name.as_str(), "description" | "summary" | "title") =>
                    {
                        let word = format!("mark{:04}x", marks.len());
                        *text = format!("{word} {text}");
                        marks.push((word, place));
                    }
                    child => mark(child, &place, marks),
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                mark(item, &format!("{place}/{at}"), marks);
            }
        }
        _ => {}
    }
}

fn ends_with(place: &str, pattern: &str) -> bool {
    let (place, pattern): (Vec<&str>, Vec<&str>) =
        (place.split('/').collect(), pattern.split('/').collect());
    let Some(start) = place.len().checked_sub(pattern.len()) else {
        return false;
    };
    let fits = |(part, wanted): (&&str, &str)| match wanted.strip_prefix('*') {
        Some(end) => part.ends_with(end),
        None => *part == wanted,
    };
    place[start..].iter().zip(pattern).all(fits)
}
