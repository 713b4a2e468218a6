//! What `api-diff` says about one change of a document at a time.

use std::fs;

use maps_codegen::diff::{self, Difference, Level, Side};
use maps_codegen::input::Outside;

const BASE: &str = r##"{
  "swagger": "2.0",
  "info": { "title": "Jobs", "version": "1.0" },
  "host": "jobs.example",
  "produces": ["application/json"],
  "consumes": ["application/json"],
  "paths": {
    "/jobs/{id}": {
      "get": {
        "operationId": "Jobs_Get",
        "description": "Reads a job.",
        "parameters": [
          { "name": "id", "in": "path", "required": true, "type": "string", "maxLength": 8 },
          { "name": "top", "in": "query", "type": "integer", "format": "int32" }
        ],
        "responses": {
          "200": { "description": "The job.", "schema": { "$ref": "#/definitions/Job" }, "headers": { "ETag": { "type": "string" } } },
          "default": { "description": "An error.", "schema": { "$ref": "#/definitions/Fault" } }
        }
      },
      "put": {
        "operationId": "Jobs_Put",
        "parameters": [
          { "name": "id", "in": "path", "required": true, "type": "string" },
          { "name": "job", "in": "body", "required": true, "schema": { "$ref": "#/definitions/Job" } }
        ],
        "responses": { "200": { "description": "The job.", "schema": { "$ref": "#/definitions/Job" } } }
      }
    }
  },
  "definitions": {
    "Job": {
      "type": "object",
      "required": ["name"],
      "properties": {
        "name": { "type": "string" },
        "count": { "type": "integer", "format": "int32" },
        "state": { "$ref": "#/definitions/State" }
      }
    },
    "State": { "type": "string", "enum": ["Running", "Done"], "x-ms-enum": { "name": "State", "modelAsString": true } },
    "Fault": { "type": "object", "properties": { "code": { "type": "string" } } }
  }
}"##;

fn difference(old: &str, new: &str) -> Difference {
    let built = |text: &str| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("jobs.json");
        fs::write(&path, text).expect("the document can be written");
        let front = Outside::read(&path).expect("it is there").build("jobs");
        let found = front.diagnostics;
        front
            .built
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("{found:#?}"))
    };
    diff::built(&built(old), &built(new))
}

/// The lines of the report between title and verdict, after replacements in the document.
fn lines(replacements: &[(&str, &str)]) -> Vec<String> {
    let mut text = BASE.to_owned();
    for (from, to) in replacements {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    let report = difference(BASE, &text).to_string();
    let lines: Vec<&str> = report.lines().map(str::trim).collect();
    lines[1..lines.len() - 1]
        .iter()
        .map(|line| (*line).to_owned())
        .collect()
}

#[test]
fn the_same_document_has_no_difference() {
    let difference = difference(BASE, BASE);
    assert_eq!(difference.changes, []);
    assert_eq!(difference.verdict(), None);
}

#[test]
fn words_alone_are_a_patch() {
    let difference = difference(BASE, &BASE.replace("Reads a job.", "Gets one job."));
    assert_eq!(difference.verdict(), Some(Level::Patch));
    assert!(
        difference
            .to_string()
            .contains("documentation differs in 1 places")
    );
}

#[test]
fn a_new_optional_property_and_a_new_value_break_nobody() {
    assert_eq!(
        lines(&[
            (
                "\"count\":",
                "\"note\": { \"type\": \"string\" }, \"count\":"
            ),
            ("\"Done\"]", "\"Done\", \"Lost\"]"),
        ]),
        [
            "minor wire  added    property Job.note",
            "minor wire  added    value State.\"Lost\"",
        ]
    );
}

#[test]
fn what_is_gone_breaks_its_callers() {
    assert_eq!(
        lines(&[
            ("\"Running\", ", ""),
            (
                "\"headers\": { \"ETag\": { \"type\": \"string\" } }",
                "\"headers\": {}"
            )
        ]),
        [
            "major wire  removed  header Jobs_Get.200.ETag",
            "major wire  removed  value State.\"Running\"",
        ]
    );
}

#[test]
fn optional_becomes_required_and_a_type_another_one() {
    assert_eq!(
        lines(&[
            ("[\"name\"]", "[\"name\", \"count\"]"),
            (
                "\"in\": \"query\", \"type\": \"integer\", \"format\": \"int32\"",
                "\"in\": \"query\", \"type\": \"string\""
            ),
        ]),
        [
            "major wire  retyped  parameter Jobs_Get.query top: i32 to string",
            "major wire  changed  property Job.count: optional to required",
            "minor wire  changed  parameter Jobs_Get.query top, limits: format int32 to none",
        ]
    );
}

#[test]
fn arguments_that_change_places_break_callers_whatever_their_types() {
    let base = BASE.replace("[\"name\"]", "[\"name\", \"count\"]").replace(
        "\"in\": \"query\", \"type\"",
        "\"in\": \"query\", \"required\": true, \"type\"",
    );
    let id =
        r#"{ "name": "id", "in": "path", "required": true, "type": "string", "maxLength": 8 }"#;
    let top = r#"{ "name": "top", "in": "query", "required": true, "type": "integer", "format": "int32" }"#;
    assert!(base.contains(id) && base.contains(top), "{base}");
    let swapped = base
        .replace("[\"name\", \"count\"]", "[\"count\", \"name\"]")
        .replace(id, "0")
        .replace(top, id)
        .replace("0,", &format!("{top},"));
    let report = difference(&base, &swapped).to_string();
    for line in [
        "major Rust  changed  operation Jobs_Get, order of arguments: path id, query top to query top, path id",
        "major Rust  changed  type Job, order of arguments: name, count to count, name",
    ] {
        assert!(report.contains(line), "{report}");
    }
    // The order of properties is none.
    let text = BASE.replace("\"name\": { \"type\": \"string\" },\n", "");
    let count = "\"state\": { \"$ref\": \"#/definitions/State\" }\n";
    let text = text.replace(
        count,
        &format!(
            "{}, \"name\": {{ \"type\": \"string\" }}\n",
            count.trim_end()
        ),
    );
    assert_ne!(text, BASE);
    assert_eq!(difference(BASE, &text).changes, []);
}

#[test]
fn a_renamed_type_is_one_change_and_not_one_for_each_use() {
    assert_eq!(
        lines(&[
            ("#/definitions/Job\"", "#/definitions/Task\""),
            ("\"Job\":", "\"Task\":")
        ]),
        [
            "major Rust  renamed  type Task: Job to Task",
            "patch Rust  renamed  type Task: Job to Task",
        ]
    );
}

#[test]
fn a_renamed_operation_is_found_by_its_path() {
    let lines = lines(&[("Jobs_Get", "Jobs_Read")]);
    assert_eq!(
        lines,
        [
            "major Rust  renamed  operation Jobs_Read: get to read",
            "patch Rust  renamed  operation Jobs_Read: Jobs_Get to Jobs_Read",
        ]
    );
}

#[test]
fn a_client_name_changes_the_rust_alone_and_a_wire_name_the_wire_alone() {
    let named = "\"count\": { \"x-ms-client-name\": \"number\",";
    let rust = difference(BASE, &BASE.replace("\"count\": {", named));
    let seen: Vec<_> = rust
        .changes
        .iter()
        .map(|change| (change.side, change.level))
        .collect();
    assert_eq!(seen, [(Side::Rust, Level::Major)]);

    let base = BASE.replace("\"count\": {", named);
    let wire = difference(&base, &base.replace("\"count\": {", "\"total\": {"));
    let seen: Vec<_> = wire
        .changes
        .iter()
        .map(|change| (change.side, change.level))
        .collect();
    assert_eq!(seen, [(Side::Wire, Level::Minor)]);
    assert!(
        wire.to_string()
            .contains("renamed  property Job.total: count to total"),
        "{wire}"
    );
}

#[test]
fn limits_paths_and_defaults_are_seen_on_the_wire() {
    assert_eq!(
        lines(&[
            ("\"maxLength\": 8", "\"maxLength\": 9"),
            ("/jobs/{id}", "/v2/jobs/{id}")
        ]),
        [
            "minor wire  changed  operation Jobs_Get, path: /jobs/{id} to /v2/jobs/{id}",
            "minor wire  changed  parameter Jobs_Get.path id, limits: at most 8 characters to at most 9 characters",
            "minor wire  changed  operation Jobs_Put, path: /jobs/{id} to /v2/jobs/{id}",
        ]
    );
}

#[test]
fn markdown_is_a_table_with_the_verdict() {
    let text = BASE.replace("[\"name\"]", "[\"name\", \"count\"]");
    let markdown = difference(BASE, &text).markdown();
    assert_eq!(
        markdown,
        "### jobs 1.0 → jobs 1.0\n\n\
         | asks for | seen in | change |\n|---|---|---|\n\
         | major | wire | changed property `Job.count`: optional to required |\n\n\
         Verdict: **major (callers may have to change)**\n"
    );
}
