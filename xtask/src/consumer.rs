//! A crate outside the workspace builds against what `cargo package` makes of the published crates.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Outcome, published, root, test};

const MANIFEST: &str = r#"[package]
name = "consumer"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
"#;

/// The consumer: the crates a team would add, and a line that uses each.
const PROGRAM: &str = r#"//! A consumer of the packaged crates.

use maps_core::SubscriptionKey;

fn main() -> maps_core::Result<()> {
    let key = SubscriptionKey::new("key");
    let _route = maps_route::RouteClient::builder().credential(key.clone()).build()?;
    let _registry = maps_data_registry::DataRegistryClient::builder()
        .credential(key.clone())
        .geography(maps_data_registry::models::Geography::Eu)
        .build()?;
    let _creator = maps_creator::CreatorClient::builder().credential(key).build()?;
    Ok(())
}
"#;

/// Packages the crates, unpacks them beside a new crate and checks that crate.
pub(crate) fn check() -> Result<Outcome, String> {
    let root = root()?;
    let mut arguments = vec![
        "package",
        "--no-verify",
        "--allow-dirty",
        "--locked",
        "--target-dir",
        "target/packaged",
    ];
    let crates = published::crates(&root)?;
    for name in &crates {
        arguments.extend(["--package", name]);
    }
    if let Outcome::Failed = test::cargo(&arguments, &[])? {
        return Ok(Outcome::Failed);
    }
    let folder = root.join("target/consumer");
    write(&root, &folder, &crates)
        .map_err(|error| format!("writing a consumer of the packages: {error}"))?;
    let manifest = folder.join("Cargo.toml");
    let manifest = manifest
        .to_str()
        .ok_or("the path of the workspace is not text")?;
    test::cargo(
        &[
            "check",
            "--target-dir",
            "target/consumer-build",
            "--manifest-path",
            manifest,
        ],
        &[],
    )
}

fn write(root: &Path, folder: &Path, crates: &[String]) -> std::io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder.join("src"))?;
    let version = env!("CARGO_PKG_VERSION");
    let mut dependencies = String::new();
    let mut patches = String::new();
    for name in crates {
        let archive = root.join(format!("target/packaged/package/{name}-{version}.crate"));
        let status = Command::new("tar")
            .arg("-xzf")
            .arg(&archive)
            .current_dir(folder)
            .status()?;
        if !status.success() {
            return Err(std::io::Error::other(format!(
                "unpacking {}",
                archive.display()
            )));
        }
        dependencies.push_str(&format!("{name} = \"{version}\"\n"));
        patches.push_str(&format!("{name} = {{ path = \"{name}-{version}\" }}\n"));
    }
    let manifest = format!("{MANIFEST}{dependencies}\n[patch.crates-io]\n{patches}");
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/main.rs"), PROGRAM)?;
    // The versions that the workspace has tried; cargo drops what the consumer does not need.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}
