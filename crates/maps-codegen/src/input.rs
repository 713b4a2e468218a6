//! A pair of crates from one document outside `spec/`.

use std::path::{Path, PathBuf};

use crate::build::Options;
use crate::config::{ServiceConfig, VersionConfig};
use crate::diagnostics::{arrange, has_errors};
use crate::generate::{Built, Package, Pair, Run, check, one};
use crate::load::Documents;
use crate::output::Tree;

pub mod manifest;

/// Where generated crates find the runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoreDependency {
    /// A folder that holds `maps-core` itself; `maps-types` is beside it.
    Path(PathBuf),
    /// A version of both.
    Version(String),
}

impl CoreDependency {
    /// Reads an argument: what begins with a digit is a version.
    ///
    /// # Errors
    ///
    /// When a path leads to nothing.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with(|c: char| c.is_ascii_digit() || "=^~".contains(c)) {
            return Ok(Self::Version(text.to_owned()));
        }
        let path = std::path::absolute(text).map_err(|error| format!("reading {text}: {error}"))?;
        if !path.join("Cargo.toml").is_file() {
            return Err(format!(
                "{text} is not the folder of maps-core: it has no Cargo.toml"
            ));
        }
        Ok(Self::Path(path))
    }
}

/// Generates the crates `name` and `name-models` below `out` from one document, without writing them.
///
/// # Errors
///
/// A message when the name cannot be one of a package or the generator itself fails.
pub fn pair(document: &Path, name: &str, out: &Path, core: &CoreDependency) -> Result<Run, String> {
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if !is_name {
        return Err(format!("`{name}` cannot be the name of a package"));
    }
    let document = std::path::absolute(document)
        .map_err(|error| format!("reading {}: {error}", document.display()))?;
    if !document.is_file() {
        return Err(format!("reading {}: not found", document.display()));
    }
    // Names in output must not depend on where the document lies.
    let base = document.parent().map(Path::to_path_buf).unwrap_or_default();
    let mut documents = Documents::new(base);
    let (position, mut diagnostics) = documents.read(&document);
    diagnostics.extend(documents.read_referenced());
    diagnostics.extend(check(&documents));
    let Some(position) = position else {
        return Ok(Run {
            diagnostics,
            ..Run::default()
        });
    };
    let version = documents
        .get(position)
        .and_then(|document| document.root().get("info")?.string("version"))
        .unwrap_or_else(|| "1.0".to_owned());
    let service = ServiceConfig {
        name: name.to_owned(),
        default_version: version.clone(),
        ..ServiceConfig::default()
    };
    let version = VersionConfig {
        version,
        ..VersionConfig::default()
    };
    let mut built = Vec::new();
    diagnostics.extend(one(
        &documents,
        &[position],
        &service,
        &version,
        Options::default(),
        &mut built,
    ));
    arrange(&mut diagnostics);
    if has_errors(&diagnostics) {
        return Ok(Run {
            diagnostics,
            ..Run::default()
        });
    }
    let unreachable = built
        .iter()
        .map(|built| {
            (
                built.service.documents.join(", "),
                built.service.unreachable.clone(),
            )
        })
        .collect();
    Ok(Run {
        trees: trees(name, out, core, &built)?,
        unreachable,
        diagnostics,
    })
}

fn trees(
    name: &str,
    out: &Path,
    core: &CoreDependency,
    built: &[Built],
) -> Result<Vec<Tree>, String> {
    let pair = Pair {
        models: format!("{name}-models"),
        client: name.to_owned(),
    };
    let mut trees = Vec::new();
    for Package { name, files } in pair.generate(built)? {
        let outer = manifest::files(&name, &pair, core, built);
        let folder = out.join(&name);
        let shown = folder.to_string_lossy().replace('\\', "/");
        let generated_folder = (
            folder.join("src/generated"),
            format!("{shown}/src/generated"),
        );
        trees.push(Tree {
            folder,
            shown,
            files: outer,
            keeps_others: true,
        });
        trees.push(Tree {
            folder: generated_folder.0,
            shown: generated_folder.1,
            files,
            keeps_others: false,
        });
    }
    Ok(trees)
}
