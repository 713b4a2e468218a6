//! A new service, from its document to a pair of crates whose tests pass.

use std::fs;

mod support;

use support::{cargo, read, workspace_copy, xtask};

const DOCUMENT: &str = r##"{
  "swagger": "2.0",
  "info": { "title": "Tides", "version": "1.0" },
  "host": "tides.example",
  "securityDefinitions": { "Key": { "type": "apiKey", "in": "header", "name": "Tide-Key" } },
  "produces": ["application/json"],
  "paths": {
    "/tides/{harbour}": {
      "get": {
        "operationId": "Tides_Get",
        "description": "Reads the next tide of a harbour.",
        "parameters": [{ "name": "harbour", "in": "path", "required": true, "type": "string", "description": "The harbour." }],
        "responses": { "200": { "description": "The tide.", "schema": { "$ref": "#/definitions/Tide" } } }
      }
    }
  },
  "definitions": {
    "Tide": { "type": "object", "description": "A tide.", "properties": { "height": { "type": "number", "description": "Metres." } } }
  }
}"##;

#[test]
fn a_new_service_is_a_pair_of_crates_that_pass_their_tests() {
    let root = workspace_copy("add-service");
    let document = root.join("tides.json");
    fs::write(&document, DOCUMENT).expect("the document can be written");
    let doc = document.to_str().expect("the path is text");
    let (code, said) = xtask(
        &root,
        &[
            "add-service",
            "tide-tables",
            "1.0",
            doc,
            "--title",
            "Azure Maps Tide Tables",
        ],
    );
    assert_eq!(code, 0, "{said}");
    let services = read(&root.join("spec/services.toml"));
    let entry = "[[service]]\nname = \"tide-tables\"\ndefault-version = \"1.0\"\n\n[[service.version]]\nversion = \"1.0\"\n\n\
                 [[service.version.documents]]\npath = \"tide-tables/1.0/tides.json\"\nsource = \"Tides 1.0\"\nsha256 = \"";
    assert!(services.contains(entry), "{services}");
    let checked = read(&root.join("tests/rust-version/Cargo.toml"));
    assert!(
        checked.contains("\nmaps-tide-tables = { path = \"../../crates/maps-tide-tables\" }\nmaps-tide-tables-models = {"),
        "{checked}"
    );
    let (code, said) = xtask(&root, &["codegen", "--check"]);
    assert_eq!(code, 0, "{said}");
    let packages = ["-p", "maps-tide-tables", "-p", "maps-tide-tables-models"];
    let features = ["--features", "maps-tide-tables-models/operations"];
    cargo(
        &root,
        "test",
        &[packages.as_slice(), features.as_slice()].concat(),
    );

    // Nothing of it is written over.
    let (code, said) = xtask(&root, &["add-service", "tide-tables"]);
    assert_eq!(
        (code, said.contains("is there already: nothing was written")),
        (2, true),
        "{said}"
    );
    fs::remove_dir_all(&root).expect("the folder can be removed");
}

#[test]
fn a_service_without_a_definition_asks_for_one() {
    let root = workspace_copy("add-service-unknown");
    let (code, said) = xtask(&root, &["add-service", "tides"]);
    assert_eq!(
        (code, said.contains("give its first VERSION and DOC")),
        (2, true),
        "{said}"
    );
    let (code, said) = xtask(&root, &["add-service", "Tides"]);
    assert_eq!(
        (code, said.contains("cannot be the name of a service")),
        (2, true),
        "{said}"
    );
    fs::remove_dir_all(&root).expect("the folder can be removed");
}
