//! What `emit` hands over, and how it gets to disk.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;

/// One file of generated Rust.
#[derive(Debug, Clone)]
pub struct GeneratedFile {
    /// Path relative to `src/generated`, with slashes: `v2025_01_01/structs.rs`.
    pub path: String,
    /// Its content.
    pub tokens: TokenStream,
}

/// A folder and what it should hold. As a rule it belongs to the generator, whole.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Where it is.
    pub folder: PathBuf,
    /// Its path as shown to people.
    pub shown: String,
    /// Texts by path relative to the folder, with slashes.
    pub files: BTreeMap<String, String>,
    /// Whether other files may be in the folder.
    pub keeps_others: bool,
}

/// How a file on disk differs from what it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It has other bytes.
    Stale(String),
    /// It is not there.
    Missing(String),
    /// It should not be there.
    Orphaned(String),
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale(path) => write!(f, "stale     {path}"),
            Self::Missing(path) => write!(f, "missing   {path}"),
            Self::Orphaned(path) => write!(f, "orphaned  {path}"),
        }
    }
}

impl Tree {
    /// How the folder differs, by path.
    ///
    /// # Errors
    ///
    /// When a file or folder cannot be read.
    pub fn changes(&self) -> io::Result<Vec<Change>> {
        let mut present = Vec::new();
        if self.keeps_others {
            present.extend(
                self.files
                    .keys()
                    .filter(|path| self.folder.join(path).is_file())
                    .cloned(),
            );
        } else {
            list(&self.folder, "", &mut present)?;
        }
        let mut changes = Vec::new();
        for (path, text) in &self.files {
            if !present.contains(path) {
                changes.push(Change::Missing(self.show(path)));
            } else if fs::read(self.folder.join(path))? != text.as_bytes() {
                changes.push(Change::Stale(self.show(path)));
            }
        }
        let orphans = present
            .iter()
            .filter(|path| !self.files.contains_key(*path));
        changes.extend(orphans.map(|path| Change::Orphaned(self.show(path))));
        Ok(changes)
    }

    /// Makes the folder what it should be. Files whose bytes are right are not touched.
    ///
    /// # Errors
    ///
    /// When a file or folder cannot be read, written or removed.
    pub fn write(&self) -> io::Result<Vec<Change>> {
        let changes = self.changes()?;
        for change in &changes {
            match change {
                Change::Stale(shown) | Change::Missing(shown) => {
                    let path = self.relative(shown);
                    let target = self.folder.join(path);
                    if let Some(folder) = target.parent() {
                        fs::create_dir_all(folder)?;
                    }
                    fs::write(
                        &target,
                        self.files
                            .get(path)
                            .map(String::as_bytes)
                            .unwrap_or_default(),
                    )?;
                }
                Change::Orphaned(shown) => {
                    let target = self.folder.join(self.relative(shown));
                    fs::remove_file(&target)?;
                    remove_empty(target.parent(), &self.folder);
                }
            }
        }
        Ok(changes)
    }

    fn show(&self, path: &str) -> String {
        format!("{}/{path}", self.shown)
    }

    fn relative<'s>(&self, shown: &'s str) -> &'s str {
        shown
            .strip_prefix(&self.shown)
            .and_then(|path| path.strip_prefix('/'))
            .unwrap_or(shown)
    }
}

/// Files below a folder, sorted; a folder that is not there has none.
fn list(folder: &Path, prefix: &str, out: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut entries = entries.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{path}/"), out)?;
        } else {
            out.push(path);
        }
    }
    Ok(())
}

/// Removes folders that became empty, up to the generator's own.
fn remove_empty(folder: Option<&Path>, stop: &Path) {
    let mut next = folder;
    while let Some(folder) = next.filter(|folder| *folder != stop && folder.starts_with(stop)) {
        // Fails on a folder that holds something, which ends the walk.
        if fs::remove_dir(folder).is_err() {
            return;
        }
        next = folder.parent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_names_what_write_mends_and_right_files_stay() {
        let temp = tempfile::tempdir().unwrap();
        let files = [("mod.rs", "a"), ("v1/b.rs", "b")];
        let tree = Tree {
            folder: temp.path().join("generated"),
            shown: "crates/x/src/generated".to_owned(),
            files: files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect(),
            keeps_others: false,
        };
        assert_eq!(tree.write().unwrap().len(), 2);
        assert_eq!(tree.changes().unwrap(), []);
        let before = fs::metadata(tree.folder.join("mod.rs"))
            .unwrap()
            .modified()
            .unwrap();

        fs::write(tree.folder.join("v1/b.rs"), "edited").unwrap();
        fs::create_dir_all(tree.folder.join("v0")).unwrap();
        fs::write(tree.folder.join("v0/old.rs"), "old").unwrap();
        let expected = [
            Change::Stale("crates/x/src/generated/v1/b.rs".to_owned()),
            Change::Orphaned("crates/x/src/generated/v0/old.rs".to_owned()),
        ];
        assert_eq!(tree.changes().unwrap(), expected);
        assert_eq!(tree.write().unwrap(), expected);
        assert_eq!(tree.changes().unwrap(), []);
        assert!(!tree.folder.join("v0").exists());
        assert_eq!(
            fs::metadata(tree.folder.join("mod.rs"))
                .unwrap()
                .modified()
                .unwrap(),
            before
        );
    }
}
