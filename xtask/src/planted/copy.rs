//! A small workspace that holds copies of some crates of this one.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

/// Copies crates with what they inherit from the workspace. Files that are the same already are left alone, so that
/// cargo builds again only what has changed.
pub(super) fn crates(from: &Path, to: &Path, names: &[&str]) -> io::Result<()> {
    for name in names {
        let folder = Path::new("crates").join(name);
        folder_as_it_is(&from.join(&folder), &to.join(&folder))?;
    }
    let manifest = fs::read_to_string(from.join("Cargo.toml"))?;
    write(
        &to.join("Cargo.toml"),
        members(&manifest, names)?.as_bytes(),
    )?;
    // The versions that the workspace has tried; cargo drops what these crates do not need.
    if !to.join("Cargo.lock").exists() {
        fs::copy(from.join("Cargo.lock"), to.join("Cargo.lock"))?;
    }
    Ok(())
}

/// The root's manifest with other members.
fn members(manifest: &str, names: &[&str]) -> io::Result<String> {
    let mut found = false;
    let mut lines = Vec::new();
    for line in manifest.lines() {
        if line.starts_with("members = [") && line.ends_with(']') {
            found = true;
            let names: Vec<String> = names
                .iter()
                .map(|name| format!("\"crates/{name}\""))
                .collect();
            lines.push(format!("members = [{}]", names.join(", ")));
        } else {
            lines.push(line.to_owned());
        }
    }
    if !found {
        return Err(io::Error::other("Cargo.toml lists no members in one line"));
    }
    lines.push(String::new());
    Ok(lines.join("\n"))
}

fn folder_as_it_is(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let mut kept = BTreeSet::<OsString>::new();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let copy = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            folder_as_it_is(&entry.path(), &copy)?;
        } else {
            write(&copy, &fs::read(entry.path())?)?;
        }
        kept.insert(entry.file_name());
    }
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        if kept.contains(&entry.file_name()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    fs::write(path, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_follows_its_source_and_touches_nothing_that_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        let source = from.join("crates/a/src");
        fs::create_dir_all(source.join("old")).unwrap();
        let manifest = "[workspace]\nmembers = [\"crates/*\"]\n";
        for (path, text) in [
            (from.join("Cargo.toml"), manifest),
            (from.join("Cargo.lock"), ""),
            (source.join("lib.rs"), "one"),
            (source.join("old/gone.rs"), "two"),
        ] {
            fs::write(path, text).unwrap();
        }
        crates(&from, &to, &["a"]).unwrap();
        let changed = |path: &str| fs::metadata(to.join(path)).unwrap().modified().unwrap();
        let before = changed("crates/a/src/lib.rs");
        fs::remove_dir_all(source.join("old")).unwrap();
        fs::write(source.join("new.rs"), "three").unwrap();
        crates(&from, &to, &["a"]).unwrap();
        assert_eq!(changed("crates/a/src/lib.rs"), before);
        assert!(to.join("crates/a/src/new.rs").exists());
        assert!(!to.join("crates/a/src/old").exists());
        let manifest = fs::read_to_string(to.join("Cargo.toml")).unwrap();
        assert!(manifest.contains("members = [\"crates/a\"]"));
    }

    #[test]
    fn a_manifest_without_members_is_an_error() {
        assert!(members("[workspace]\n", &["a"]).is_err());
    }
}
