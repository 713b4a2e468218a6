//! No keyword goes unnoticed: one that nobody knows, put into every object of every fixture and definition, is reported at
//! each of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use maps_codegen::keywords;
use maps_codegen::load::Documents;
use serde_json::Value;

const UNKNOWN: &str = "x-unheard-of";

/// Keywords whose value is data, in which no keyword means anything: it is taken as it is.
const DATA: &[&str] = &["default", "enum", "example", "examples", "value"];

/// Keywords whose members are named by the author.
const NAMES: &[&str] = &[
    "properties",
    "definitions",
    "headers",
    "securityDefinitions",
    "scopes",
    "x-ms-examples",
];

/// Extensions that are ignored as a whole, whatever they hold; `docs/keywords.md` gives the reasons.
const IGNORED: &[&str] = &[
    "security",
    "x-ms-code-generation-settings",
    "x-ms-identifiers",
];

#[test]
fn an_unknown_keyword_in_any_object_is_reported_there() {
    let (mut documents, mut objects) = (0, 0);
    for path in paths() {
        let text = fs::read_to_string(&path).expect("the document can be read");
        let Ok(mut value) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        if value.get("swagger").is_none() {
            // Shared parts and examples are what a document that refers to them says they are.
            continue;
        }
        let mut planted = BTreeSet::new();
        plant(&mut value, "#", Kind::Keywords, &mut planted);
        let mut read = Documents::new(path.parent().expect("a folder"));
        let (_, found) = read.add(&path, value.to_string(), true);
        assert_eq!(found, [], "{}", path.display());
        // What is missing is missed elsewhere.
        read.read_referenced();
        let reported: BTreeSet<String> = keywords::check(&read)
            .into_iter()
            .filter(|found| found.code == "unhandled-keyword")
            .filter_map(|found| found.place)
            .map(|place| place.pointer)
            .collect();
        let missed: Vec<_> = planted.difference(&reported).collect();
        assert!(missed.is_empty(), "{}: {missed:#?}", path.display());
        documents += 1;
        objects += planted.len();
    }
    assert!(documents > 40 && objects > 2000, "{objects} in {documents}");
}

/// What the members of an object are.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Keywords of the format.
    Keywords,
    /// Names of the author's choice.
    Names,
    /// Parts of an example, some of which are data.
    Example,
}

/// Puts the keyword into every object that holds keywords, and lists the places.
fn plant(value: &mut Value, pointer: &str, kind: Kind, planted: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                plant(item, &format!("{pointer}/{at}"), kind, planted);
            }
        }
        Value::Object(members) => {
            for (name, child) in members.iter_mut() {
                let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                let is_root_section = pointer == "#/parameters" || pointer == "#/responses";
                let name = name.as_str();
                let is_data = DATA.contains(&name) || IGNORED.contains(&name);
                let is_given =
                    kind == Kind::Example && ["parameters", "headers", "body"].contains(&name);
                let of_child = match kind {
                    Kind::Names if pointer.contains("/x-ms-examples/") => Kind::Example,
                    Kind::Names => Kind::Keywords,
                    Kind::Example | Kind::Keywords if is_data || is_given => continue,
                    Kind::Example => Kind::Example,
                    Kind::Keywords if NAMES.contains(&name) || is_root_section => Kind::Names,
                    Kind::Keywords => Kind::Keywords,
                };
                plant(child, &pointer, of_child, planted);
            }
            if kind != Kind::Names {
                members.insert(UNKNOWN.to_owned(), Value::Bool(true));
                planted.insert(format!("{pointer}/{UNKNOWN}"));
            }
        }
        _ => {}
    }
}

fn paths() -> Vec<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut out = Vec::new();
    walk(&tests.join("fixtures"), &mut out);
    walk(&tests.join("../../../spec"), &mut out);
    out
}

fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            walk(&path, out);
        } else if path.extension().is_some_and(|end| end == "json") {
            out.push(path);
        }
    }
}
