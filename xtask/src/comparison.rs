//! `cargo xtask comparison`: runs the same cases on this SDK and on azure_core, and writes what came of it.

use std::fs;
use std::process::{Command, Stdio};

use crate::{Outcome, root};

/// A workspace of its own, so that the features of azure_core do not unify into those of the SDK.
pub(crate) const MANIFEST: &str = "tests/comparison/Cargo.toml";

const PAGE: &str = "crates/maps-core/docs/comparison.md";

/// What stands above the table.
const HEAD: &str = "# The same cases on this SDK and on azure_core

Written by `cargo xtask comparison`: every cell is what a run found, over real HTTP on one machine, each side of each
case in a process of its own. How the cases are set up, and what is not comparable, is in the
[README](https://github.com/azure-maps-rust/azure-maps-rust/blob/main/tests/comparison/README.md) of the program.

";

pub(crate) fn run() -> Result<Outcome, String> {
    let root = root()?;
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(["run", "--quiet", "--locked", "--manifest-path", MANIFEST])
        .args(["--target-dir", "target/comparison"])
        .current_dir(&root)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("starting the comparison: {error}"))?;
    if !output.status.success() {
        return Err("the comparison could not be run".to_owned());
    }
    let table = String::from_utf8(output.stdout)
        .map_err(|error| format!("reading the comparison: {error}"))?;
    let page = root.join(PAGE);
    if let Some(folder) = page.parent() {
        fs::create_dir_all(folder)
            .map_err(|error| format!("making a folder for {PAGE}: {error}"))?;
    }
    fs::write(&page, format!("{HEAD}{table}"))
        .map_err(|error| format!("writing {PAGE}: {error}"))?;
    print!("{table}");
    Ok(Outcome::Clean)
}
