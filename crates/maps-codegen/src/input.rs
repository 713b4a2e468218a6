//! A pair of crates from one document outside `spec/`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::build::{self, Options};
use crate::config::{ServiceConfig, VersionConfig};
use crate::diagnostics::{Diagnostic, arrange, has_errors};
use crate::generate::{Built, Front, Package, Pair, Run, check, one};
use crate::load::{Document, Documents};
use crate::name::{self, lock::Locked};
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

/// Whether the crates of a pair are a workspace or part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workspace {
    /// Each crate is a workspace of its own, whatever folder it is put into.
    Own,
    /// The crates are members of a workspace around them.
    Member,
}

/// A document outside `spec/` with every file that it refers to.
#[derive(Debug)]
pub struct Outside {
    documents: Documents,
    position: Option<usize>,
    diagnostics: Vec<Diagnostic>,
}

impl Outside {
    /// Reads a document. What is wrong with it is reported by [`Outside::build`].
    ///
    /// # Errors
    ///
    /// A message when there is no such file.
    pub fn read(document: &Path) -> Result<Self, String> {
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
        Ok(Self {
            documents,
            position,
            diagnostics,
        })
    }

    /// The document itself, when it is JSON.
    pub fn document(&self) -> Option<&Document> {
        self.documents.get(self.position?)
    }

    /// What the stages before `emit` make of it, under the name of a service; nothing when there are errors.
    pub fn build(&self, name: &str) -> Front {
        self.front(name, |documents, position, service, version, built| {
            one(
                documents,
                &[position],
                service,
                version,
                Options::default(),
                built,
            )
        })
    }

    /// The same in spite of errors, as far as that goes: to be compared, and never to be emitted.
    pub fn draft(&self, name: &str) -> Front {
        self.front(name, |documents, position, service, version, built| {
            let (model, mut found) =
                build::service(documents, &[position], service, version, Options::default());
            if let Some(service) = model {
                let (names, more) = name::names(&service, &HashMap::new(), Locked::default());
                found.extend(more);
                built.push(Built {
                    service,
                    names,
                    is_default: true,
                });
            }
            found
        })
    }

    fn front(
        &self,
        name: &str,
        build: impl FnOnce(
            &Documents,
            usize,
            &ServiceConfig,
            &VersionConfig,
            &mut Vec<Built>,
        ) -> Vec<Diagnostic>,
    ) -> Front {
        let mut diagnostics = self.diagnostics.clone();
        diagnostics.extend(check(&self.documents));
        let mut built = Vec::new();
        if let Some(position) = self.position {
            let version = self
                .document()
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
            diagnostics.extend(build(
                &self.documents,
                position,
                &service,
                &version,
                &mut built,
            ));
        }
        arrange(&mut diagnostics);
        Front {
            built,
            diagnostics,
            sources: self.documents.sources().clone(),
        }
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
    let Front {
        built,
        diagnostics,
        sources,
    } = Outside::read(document)?.build(name);
    if has_errors(&diagnostics) || built.is_empty() {
        return Ok(Run {
            diagnostics,
            sources,
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
        trees: trees(name, out, core, Workspace::Own, &built)?,
        unreachable,
        diagnostics,
        sources,
    })
}

/// The folders of a pair of crates below `out`.
///
/// # Errors
///
/// A message when the generator made something that is no Rust.
pub fn trees(
    name: &str,
    out: &Path,
    core: &CoreDependency,
    workspace: Workspace,
    built: &[Built],
) -> Result<Vec<Tree>, String> {
    let pair = Pair {
        models: format!("{name}-models"),
        client: name.to_owned(),
    };
    let mut trees = Vec::new();
    for Package { name, files } in pair.generate(built)? {
        let outer = manifest::files(&name, &pair, core, workspace, built);
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
