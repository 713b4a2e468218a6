//! A pair of crates from a document outside `spec/`.

use std::fs;
use std::path::Path;
use std::process::Command;

use maps_codegen::input::{self, CoreDependency};
use maps_codegen::output::Change;

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

#[test]
fn an_outside_document_becomes_a_pair_that_compiles() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the workspace")
        .to_path_buf();
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("input");
    let core = CoreDependency::Path(workspace.join("crates/maps-core"));
    let run = input::pair(&fixture("pageable_next_link.json"), "things", &out, &core)
        .expect("the output is Rust");
    assert_eq!(run.diagnostics, []);
    for tree in &run.trees {
        tree.write().expect("the folder can be written");
        assert_eq!(tree.changes().expect("the folder can be read"), []);
    }
    fs::copy(workspace.join("Cargo.lock"), out.join("things/Cargo.lock"))
        .expect("the workspace has a lock file");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet"])
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures/target"),
        )
        .env_remove("RUSTFLAGS")
        .current_dir(out.join("things"))
        .output()
        .expect("cargo starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_pair_depends_on_published_crates_unless_told_otherwise() {
    let out = tempfile::tempdir().expect("a folder can be made");
    let core = CoreDependency::parse("0.1.0").expect("a version");
    let run = input::pair(&fixture("open_enum.json"), "jobs", out.path(), &core)
        .expect("the output is Rust");
    let manifest = run.trees.iter().find_map(|tree| {
        tree.files
            .get("Cargo.toml")
            .filter(|text| text.contains("\"jobs\""))
    });
    assert!(manifest.is_some_and(|text| text.starts_with("[workspace]")
        && text.contains("maps-core = { version = \"=0.1.0\", default-features = false }")));
    let missing = run
        .trees
        .iter()
        .flat_map(|tree| tree.changes().expect("the folder can be read"));
    assert!(
        missing
            .into_iter()
            .all(|change| matches!(change, Change::Missing(_)))
    );
}

#[test]
fn a_name_that_no_package_can_have_is_refused() {
    let core = CoreDependency::Version("0.1".to_owned());
    assert!(input::pair(&fixture("open_enum.json"), "../x", Path::new("."), &core).is_err());
    assert!(CoreDependency::parse("no/such/folder").is_err());
}
