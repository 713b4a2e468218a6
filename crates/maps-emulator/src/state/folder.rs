//! Reads a state folder, without understanding what is in its files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{BLOBS, CLOCK, Clock, File};
use crate::blobs::{BlobName, MAX_SEGMENTS};
use crate::clock::Moment;
use crate::error::Error;

/// Most problems that an error lists.
const MAX_PROBLEMS: usize = 20;

/// What is wrong with a state, up to a number of problems.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<String>);

impl Problems {
    pub(crate) fn add(&mut self, place: impl AsRef<str>, what: impl AsRef<str>) {
        if self.0.len() < MAX_PROBLEMS {
            self.0
                .push(format!("{}: {}", place.as_ref(), what.as_ref()));
        }
    }

    /// A value in which no problem was found.
    pub(crate) fn unless_any<T>(self, value: T, path: &Path) -> Result<T, Error> {
        if self.0.is_empty() {
            return Ok(value);
        }
        Err(Error::State {
            path: path.to_owned(),
            problems: self.0,
        })
    }
}

/// A state folder as it was when it was read. Nothing in it is ever changed.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    /// The time at which the state begins; that of the computer when absent.
    pub(crate) now: Option<Moment>,
    pub(crate) items: Vec<(File, Vec<Value>)>,
    pub(crate) blobs: Vec<(BlobName, PathBuf)>,
}

impl Folder {
    /// Reads a folder, and notes what is wrong with it. Blocks.
    pub(crate) fn read(path: &Path, problems: &mut Problems) -> Self {
        let mut folder = Self {
            path: path.to_owned(),
            now: None,
            items: Vec::new(),
            blobs: Vec::new(),
        };
        if let Err(err) = folder.check_names(problems) {
            problems.add(".", err.to_string());
            return folder;
        }
        let clock = read_json::<Clock>(&path.join(CLOCK), problems);
        folder.now = clock.map(|clock| clock.now.0);
        for file in File::ALL {
            let items = read_json::<Vec<Value>>(&path.join(file.name()), problems);
            folder.items.extend(items.map(|items| (file, items)));
        }
        if let Err(err) = folder.find_blobs(&path.join(BLOBS), 0, problems) {
            problems.add(BLOBS, err.to_string());
        }
        folder
    }

    /// A file whose name is misspelt must not be left out in silence.
    fn check_names(&self, problems: &mut Problems) -> io::Result<()> {
        let known: Vec<_> = File::ALL
            .map(File::name)
            .into_iter()
            .chain([CLOCK])
            .collect();
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            // For people and their tools.
            let aside = name.starts_with('.') || name.ends_with(".md");
            if !aside && name != BLOBS && !known.contains(&name.as_ref()) {
                let what = format!("is no file of a state; those are {}", known.join(", "));
                problems.add(name, what);
            }
        }
        Ok(())
    }

    fn find_blobs(
        &mut self,
        folder: &Path,
        depth: usize,
        problems: &mut Problems,
    ) -> io::Result<()> {
        let entries = match fs::read_dir(folder) {
            // A state may have none.
            Err(err) if depth == 0 && err.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        let mut entries: Vec<_> = entries.collect::<Result<_, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let kind = entry.file_type()?;
            let path = entry.path();
            let place = path.strip_prefix(&self.path).unwrap_or(&path);
            let place = place.to_string_lossy().replace('\\', "/");
            if kind.is_dir() && depth < MAX_SEGMENTS {
                self.find_blobs(&path, depth + 1, problems)?;
            } else if kind.is_file() {
                let name = place.strip_prefix("blobs/").unwrap_or_default();
                match BlobName::parse(name) {
                    Ok(name) => self.blobs.push((name, path)),
                    Err(err) => problems.add(place, err.to_string()),
                }
            } else {
                problems.add(place, "is neither a file nor a folder of blobs");
            }
        }
        Ok(())
    }
}

/// What a file holds; nothing when it is missing or has a problem.
fn read_json<T: DeserializeOwned>(path: &Path, problems: &mut Problems) -> Option<T> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(err) if err.kind() == io::ErrorKind::NotFound => return None,
        Err(err) => {
            problems.add(name, err.to_string());
            return None;
        }
    };
    match serde_json::from_slice(&bytes) {
        Ok(value) => Some(value),
        Err(err) => {
            problems.add(name, err.to_string());
            None
        }
    }
}
