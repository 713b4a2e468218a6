//! The published libraries build with the Rust version that they state: no crate they depend on asks for a newer one.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::{Outcome, published, root};

/// What depends on the published crates with the versions that their oldest Rust gets, and with all features that do not need a newer one.
pub(crate) const MANIFEST: &str = "tests/rust-version/Cargo.toml";

/// Compares the `rust-version` of everything below the published crates with theirs.
pub(crate) fn check() -> Result<Outcome, String> {
    let too_new = too_new(&metadata()?, &published::crates(&root()?)?);
    for line in &too_new {
        println!("{line}");
    }
    Ok(if too_new.is_empty() {
        Outcome::Clean
    } else {
        Outcome::Failed
    })
}

/// The manifest with the crates of one more service.
pub(crate) fn with_dependencies(
    manifest: &str,
    client: &str,
    models: &str,
) -> Result<String, String> {
    let mut lines: Vec<String> = manifest.lines().map(str::to_owned).collect();
    let start = lines.iter().position(|line| line == "[dependencies]");
    let start = start.ok_or_else(|| format!("{MANIFEST} has no `[dependencies]`"))? + 1;
    let path = |name: &str| format!("{name} = {{ path = \"../../crates/{name}\"");
    for line in [
        format!("{} }}", path(client)),
        format!("{}, features = [\"operations\"] }}", path(models)),
    ] {
        let before = lines[start..].iter().take_while(|other| **other < line);
        let at = start + before.count();
        lines.insert(at, line);
    }
    Ok(lines.join("\n") + "\n")
}

fn metadata() -> Result<Value, String> {
    let failed =
        |error: &dyn std::fmt::Display| format!("reading the metadata of the workspace: {error}");
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--manifest-path", MANIFEST])
        .current_dir(root()?)
        .output()
        .map_err(|error| failed(&error))?;
    if !output.status.success() {
        return Err(failed(&String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| failed(&error))
}

fn too_new(metadata: &Value, published: &[String]) -> Vec<String> {
    let packages: BTreeMap<&str, &Value> = array(&metadata["packages"])
        .map(|p| (text(&p["id"]), p))
        .collect();
    let nodes: BTreeMap<&str, &Value> = array(&metadata["resolve"]["nodes"])
        .map(|n| (text(&n["id"]), n))
        .collect();
    let mut todo = Vec::new();
    let mut found = Vec::new();
    for name in published {
        let is_it = |(_, package): &(&&str, &&Value)| {
            text(&package["name"]) == name && package["source"].is_null()
        };
        match packages.iter().find(is_it) {
            Some((id, _)) => todo.push(*id),
            None => found.push(format!("{name} is no dependency in {MANIFEST}")),
        }
    }
    let Some(ours) = todo
        .iter()
        .map(|id| version(&packages[id]["rust_version"]))
        .min()
    else {
        return vec!["no published crate is in the workspace".to_owned()];
    };
    let mut seen = BTreeSet::new();
    while let Some(id) = todo.pop() {
        if seen.insert(id) {
            let normal = |dep: &&Value| array(&dep["dep_kinds"]).any(|kind| kind["kind"] != "dev");
            todo.extend(
                array(&nodes[id]["deps"])
                    .filter(normal)
                    .map(|dep| text(&dep["pkg"])),
            );
        }
    }
    let newer = seen
        .into_iter()
        .map(|id| packages[id])
        .filter(|package| version(&package["rust_version"]) > ours)
        .map(|package| {
            format!(
                "{} {} asks for Rust {}",
                package["name"], package["version"], package["rust_version"]
            )
        });
    found.extend(newer);
    found
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Major and minor; a crate that states none builds with anything.
fn version(value: &Value) -> (u32, u32) {
    let mut parts = text(value).split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_dependency_and_a_crate_that_is_not_checked_are_named_and_a_dev_dependency_is_not() {
        let metadata = serde_json::json!({
            "packages": [
                {"id": "core", "name": "maps-core", "version": "1.0.0", "source": null, "rust_version": "1.85"},
                {"id": "new", "name": "new", "version": "2.0.0", "source": "registry", "rust_version": "1.90.1"},
                {"id": "dev", "name": "dev", "version": "2.0.0", "source": "registry", "rust_version": "1.99"},
            ],
            "resolve": {"nodes": [
                {"id": "core", "deps": [
                    {"pkg": "new", "dep_kinds": [{"kind": null}]},
                    {"pkg": "dev", "dep_kinds": [{"kind": "dev"}]},
                ]},
                {"id": "new", "deps": []},
            ]},
        });
        assert_eq!(
            too_new(
                &metadata,
                &["maps-core".to_owned(), "maps-tides".to_owned()]
            ),
            [
                "maps-tides is no dependency in tests/rust-version/Cargo.toml",
                r#""new" "2.0.0" asks for Rust "1.90.1""#
            ]
        );
    }
}
