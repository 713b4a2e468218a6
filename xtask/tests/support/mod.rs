//! Copies of the workspace, and the program that works on them.

#![allow(dead_code, reason = "each test uses a part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the workspace").to_path_buf()
}

pub(crate) fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).expect("the file can be copied");
        return;
    }
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("the entry can be read");
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

/// A copy of the workspace with what a pair of crates needs.
pub(crate) fn workspace_copy(name: &str) -> PathBuf {
    let from = workspace();
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("crates")).expect("the folder can be made");
    fs::create_dir_all(root.join("tests/rust-version")).expect("the folder can be made");
    for path in [
        "tests/rust-version/Cargo.toml",
        "spec",
        "Cargo.toml",
        "Cargo.lock",
        "LICENSE",
        "crates/maps-core",
        "crates/maps-types",
        "crates/maps-data-registry",
        "crates/maps-data-registry-models",
    ] {
        copy(&from.join(path), &root.join(path));
    }
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("the manifest is there");
    // Generated code of other services lies in crates/ too, without their manifests.
    let members = r#""crates/maps-core", "crates/maps-t*", "crates/maps-data-registry*""#;
    let wide = r#""crates/*", "tests/*", "xtask""#;
    assert!(manifest.contains(wide), "{manifest}");
    let manifest = manifest.replace(wide, members);
    fs::write(root.join("Cargo.toml"), manifest).expect("the manifest can be written");
    root
}

pub(crate) fn xtask(root: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .arg("--root")
        .arg(root)
        .output()
        .expect("xtask starts");
    (output.status.code().unwrap_or(-1), text(&output))
}

pub(crate) fn text(output: &Output) -> String {
    let (out, error) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    format!("{out}{error}")
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs cargo on a package of a copy, without what would download or build TLS.
pub(crate) fn cargo(root: &Path, command: &str, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args([command, "--offline", "--quiet", "--no-default-features"])
        .args(arguments)
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures/target"),
        )
        .env("RUSTFLAGS", "-D warnings")
        .current_dir(root)
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", text(&output));
}
