//! `cargo xtask api-diff` as people run it.

use std::fs;
use std::path::Path;
use std::process::Command;

mod support;

use support::{read, text, workspace, workspace_copy};

fn api_diff(arguments: &[&Path]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("api-diff")
        .args(arguments)
        .output()
        .expect("xtask starts");
    (output.status.code().unwrap_or(-1), text(&output))
}

const REGISTRY: &str = "spec/data-registry/2023-06-01/data-registry.json";

#[test]
fn documents_workspaces_and_generations_show_the_same_change() {
    let (old, new) = (workspace(), workspace_copy("api-diff"));
    let document = new.join(REGISTRY);
    let changed = read(&document).replace("\"format\": \"int64\"", "\"format\": \"int32\"");
    fs::write(&document, changed).expect("the document can be written");
    // With the fixups of its workspace on one side, and in spite of a fault on the other.
    let alone = new.join("data-registry.json");
    let text = read(&document)
        .replace("../../common", "spec/common")
        .replace(
            "\"format\": \"int32\"",
            "\"format\": \"int32\", \"properties\": \"none\"",
        )
        .replace("\"examples/", "\"spec/data-registry/2023-06-01/examples/");
    fs::write(&alone, text).expect("the document can be written");
    let (code, said) = api_diff(&[&old.join(REGISTRY), &alone]);
    assert_eq!(code, 1, "{said}");
    for line in [
        "error[wrong-type]",
        "compared in spite of errors",
        "retyped  property AzureBlob.sizeInBytes: i64 to i32",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }

    let (code, said) = api_diff(&[&old, &new]);
    assert_eq!(
        (code, said.contains("error[changed-document]")),
        (1, true),
        "{said}"
    );
    maps_codegen::pins::accept(&new).expect("the document is there");
    let (code, said) = api_diff(&[&old, &new]);
    assert_eq!(code, 0, "{said}");
    let lines = "data-registry 2023-06-01 -> data-registry 2023-06-01\n  \
                 major wire  retyped  property AzureBlob.sizeInBytes: i64 to i32\n";
    assert!(said.contains(lines), "{said}");
    assert!(
        said.contains("route 2025-01-01 -> route 2025-01-01\n  verdict: no change"),
        "{said}"
    );

    for tree in maps_codegen::generate::spec(&new)
        .expect("the generator runs")
        .trees
    {
        tree.write().expect("the folder can be written");
    }
    let models = "crates/maps-data-registry-models";
    let (code, said) = api_diff(&[&old.join(models), &new.join(models)]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("major wire  retyped  property v2023_06_01::AzureBlob.sizeInBytes: Option<i64> to Option<i32>"),
        "{said}"
    );
    assert!(
        said.contains("function v2023_06_01::AzureBlob.with_size_in_bytes, signature"),
        "{said}"
    );
    let (code, _) = api_diff(&[&old.join(models), &new]);
    assert_eq!(code, 2);
    fs::remove_dir_all(&new).expect("the folder can be removed");
}
