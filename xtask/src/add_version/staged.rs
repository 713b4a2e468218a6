//! A copy of spec/ to try things in.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use maps_codegen::config::Config;
use maps_codegen::diagnostics::Style;
use maps_codegen::load::Documents;
use toml_edit::DocumentMut;

/// A copy of spec/ in which the addition is tried before anything is written.
#[derive(Debug)]
pub(crate) struct Staged {
    folder: tempfile::TempDir,
}

impl Staged {
    /// Copies spec/ of a workspace.
    pub(crate) fn of(root: &Path) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| format!("making a folder: {error}"))?;
        for path in files(&root.join("spec"))? {
            copy(
                &root.join("spec").join(&path),
                &folder.path().join("spec").join(&path),
            )?;
        }
        Ok(Self { folder })
    }

    /// The folder that stands for the workspace.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Its spec/.
    pub(crate) fn spec(&self) -> PathBuf {
        self.folder.path().join("spec")
    }

    /// Text of services.toml.
    pub(crate) fn text(&self) -> Result<String, String> {
        read(&self.spec().join("services.toml"))
    }

    /// services.toml as the generator reads it.
    pub(crate) fn config(&self) -> Result<Config, String> {
        Config::read("spec/services.toml", &self.text()?)
            .map_err(|error| format!("reading spec/services.toml: {error}"))
    }

    /// Copies files that the document refers to and that are not there, as long as they belong below spec/.
    pub(crate) fn bring_along(&self, from: &Path, to: &Path) -> Result<(), String> {
        let from = fs::canonicalize(from)
            .map_err(|error| format!("reading {}: {error}", from.display()))?;
        let (Some(from_folder), Some(to_folder)) = (from.parent(), to.parent()) else {
            return Ok(());
        };
        let mut documents = Documents::new(from_folder);
        documents.read(&from);
        // What is missing is reported when the staged document is read.
        documents.read_referenced();
        for document in documents.iter() {
            // Files beside the document and below keep their place; others belong to spec/ or are missed there.
            if let Ok(below) = document.path.strip_prefix(from_folder) {
                let target = to_folder.join(below);
                if target != *to {
                    copy(&document.path, &target)?;
                }
            }
        }
        Ok(())
    }

    /// services.toml to be changed.
    pub(crate) fn document(&self) -> Result<DocumentMut, String> {
        self.text()?
            .parse()
            .map_err(|error| format!("reading spec/services.toml: {error}"))
    }

    /// Writes services.toml.
    pub(crate) fn write(&self, document: &DocumentMut) -> Result<(), String> {
        fs::write(self.spec().join("services.toml"), document.to_string())
            .map_err(|error| format!("writing spec/services.toml: {error}"))
    }

    /// Copies what is new or different to the workspace.
    pub(crate) fn publish(&self, root: &Path) -> Result<Vec<String>, String> {
        let mut written = Vec::new();
        for path in files(&self.spec())? {
            let (from, to) = (self.spec().join(&path), root.join("spec").join(&path));
            let text =
                fs::read(&from).map_err(|error| format!("reading {}: {error}", from.display()))?;
            if fs::read(&to).ok().as_ref() != Some(&text) {
                copy(&from, &to)?;
                written.push(format!(
                    "spec/{}",
                    path.to_string_lossy().replace('\\', "/")
                ));
            }
        }
        Ok(written)
    }
}

/// `info.title` and `info.version` of a document.
pub(crate) fn title(document: &Path) -> Result<String, String> {
    let mut documents = Documents::new("");
    let path = fs::canonicalize(document)
        .map_err(|error| format!("reading {}: {error}", document.display()))?;
    let (position, found) = documents.read(&path);
    let info = position
        .and_then(|position| documents.get(position))
        .and_then(|document| document.root().get("info"));
    let text = |key: &str| info.and_then(|info| info.string(key));
    match (text("title"), text("version")) {
        (Some(title), Some(version)) => Ok(format!("{title} {version}")),
        _ => {
            let found = found.iter();
            let found: Vec<String> = found
                .map(|found| found.render(documents.sources(), Style::Plain))
                .collect();
            Err(format!(
                "{} has no title and version\n{}",
                document.display(),
                found.join("\n")
            ))
        }
    }
}

/// Files below a folder, sorted, as paths relative to it.
fn files(folder: &Path) -> Result<BTreeSet<PathBuf>, String> {
    let mut out = BTreeSet::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        let failed = |error| format!("listing {}: {error}", folder.join(&below).display());
        for entry in fs::read_dir(folder.join(&below)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = below.join(entry.file_name());
            if entry.file_type().map_err(failed)?.is_dir() {
                folders.push(path);
            } else {
                out.insert(path);
            }
        }
    }
    Ok(out)
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |error| format!("copying {} to {}: {error}", from.display(), to.display());
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::copy(from, to).map(|_| ()).map_err(failed)
}

pub(crate) fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("reading {}: {error}", path.display()))
}
