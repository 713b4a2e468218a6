//! `cargo xtask corpus --compile` type-checks what it generates, tests included.

use std::process::Command;

mod support;

use support::{copy, text, workspace};

#[test]
fn a_sample_is_type_checked_with_its_tests() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let fixtures = workspace().join("crates/maps-codegen/tests/fixtures");
    for document in ["examples.json", "secrets.json"] {
        copy(&fixtures.join(document), &folder.path().join(document));
    }
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("corpus")
        .arg(folder.path())
        .args(["--jobs", "1", "--compile", "2"])
        .output()
        .expect("xtask starts");
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    for part in [
        "type-checked   2 pairs of crates",
        "with errors  0",
        "with warnings 0",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let made = workspace().join("target/corpus/crates/sample-0000/src/generated");
    assert!(made.is_dir(), "{said}");
}
