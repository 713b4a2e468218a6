//! Blobs: files in a folder that no name and no link leads out of.

mod name;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, File};
use tokio::io::AsyncWriteExt;

pub(crate) use name::{BlobName, MAX_SEGMENTS, NameError};

/// Folder of uploads under way. No account's name starts with a dot.
const UPLOADS: &str = ".uploads";

/// The blobs. Clones share the folder.
#[derive(Debug, Clone)]
pub(crate) struct Blobs {
    // Files are opened below this handle, and symbolic links that leave it are refused by cap-std.
    folder: Arc<Dir>,
    path: PathBuf,
    limits: Limits,
    used: Arc<AtomicU64>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) one: u64,
    pub(crate) all: u64,
}

/// Why a blob was not stored.
#[derive(Debug)]
pub(crate) enum UploadError {
    /// It is larger than one blob may be.
    TooLarge,
    /// All blobs together are larger than they may be.
    Full,
    /// The name is that of a folder, or runs through a blob.
    Name,
    /// The body ended early.
    Body(String),
    Io(io::Error),
}

impl std::fmt::Display for UploadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLarge => f.write_str("it is larger than a blob may be"),
            Self::Full => f.write_str("all blobs would be larger than they may be"),
            Self::Name => f.write_str("its name is that of a folder, or leads through a blob"),
            Self::Body(message) => f.write_str(message),
            Self::Io(err) => err.fmt(f),
        }
    }
}

impl From<io::Error> for UploadError {
    fn from(err: io::Error) -> Self {
        Self::Io(err)
    }
}

impl Blobs {
    pub(crate) fn open(path: &Path, limits: Limits) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        let path = path.canonicalize()?;
        let folder = Dir::open_ambient_dir(&path, ambient_authority())?;
        // What an earlier run did not finish is of no use.
        if folder.exists(UPLOADS) {
            folder.remove_dir_all(UPLOADS)?;
        }
        folder.create_dir(UPLOADS)?;
        let used = size_of(&folder, 0)?;
        Ok(Self {
            folder: Arc::new(folder),
            path,
            limits,
            used: Arc::new(AtomicU64::new(used)),
        })
    }

    /// The folder in the file system.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Starts an upload, which counts nothing and shows nothing until it is finished.
    pub(crate) fn upload(&self) -> io::Result<Upload> {
        let temporary = format!("{UPLOADS}/{}", uuid::Uuid::new_v4());
        let file = self.folder.create(&temporary)?;
        Ok(Upload {
            blobs: self.clone(),
            temporary: Some(temporary),
            file: tokio::fs::File::from_std(file.into_std()),
            size: 0,
        })
    }

    /// Opens a blob to read. Blocks.
    pub(crate) fn read(&self, name: &BlobName) -> io::Result<(File, u64)> {
        // Looked at before it is opened: opening a pipe would wait for a writer.
        let metadata = self.folder.metadata(name.as_path())?;
        if !metadata.is_file() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let file = self.folder.open(name.as_path())?;
        let metadata = file.metadata()?;
        Ok((file, metadata.len()))
    }

    /// Removes a blob. Blocks.
    pub(crate) fn remove(&self, name: &BlobName) -> io::Result<()> {
        let size = self.folder.symlink_metadata(name.as_path())?.len();
        self.folder.remove_file(name.as_path())?;
        self.release(size);
        Ok(())
    }

    /// The names of all blobs, in order. Blocks.
    pub(crate) fn names(&self) -> io::Result<Vec<BlobName>> {
        let mut names = Vec::new();
        collect_names(&self.folder, "", &mut names)?;
        names.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        Ok(names)
    }

    /// Removes all blobs. Blocks.
    pub(crate) fn clear(&self) -> io::Result<()> {
        for entry in self.folder.entries()? {
            let entry = entry?;
            let name = entry.file_name();
            // Uploads under way go on, and are counted.
            if name == UPLOADS {
                continue;
            }
            if entry.file_type()?.is_dir() {
                let sizes = size_of(&entry.open_dir()?, 1)?;
                self.folder.remove_dir_all(&name)?;
                self.release(sizes);
            } else {
                let size = entry.metadata()?.len();
                self.folder.remove_file(&name)?;
                self.release(size);
            }
        }
        Ok(())
    }

    /// Copies a file of the system into a blob. Blocks.
    pub(crate) fn import(&self, name: &BlobName, from: &Path) -> Result<(), UploadError> {
        let mut source = std::fs::File::open(from)?;
        let size = source.metadata()?.len();
        if size > self.limits.one {
            return Err(UploadError::TooLarge);
        }
        self.reserve(size)?;
        let temporary = format!("{UPLOADS}/{}", uuid::Uuid::new_v4());
        let copied = self.folder.create(&temporary).and_then(|mut file| {
            let mut source = io::Read::take(&mut source, size);
            io::copy(&mut source, &mut file)?;
            file.sync_all()
        });
        let stored = copied
            .map_err(UploadError::Io)
            .and_then(|()| self.publish(&temporary, name));
        stored.inspect_err(|_| {
            self.release(size);
            // It may not have been made.
            let _ = self.folder.remove_file(&temporary);
        })
    }

    fn reserve(&self, size: u64) -> Result<(), UploadError> {
        let add = |used: u64| {
            let sum = used.saturating_add(size);
            (sum <= self.limits.all).then_some(sum)
        };
        let reserved = self
            .used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        reserved.map(drop).map_err(|_| UploadError::Full)
    }

    fn release(&self, size: u64) {
        let subtract = |used: u64| Some(used.saturating_sub(size));
        // The closure never refuses.
        let _ = self
            .used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, subtract);
    }

    /// Moves an upload to its name, for good. Blocks.
    fn publish(&self, temporary: &str, name: &BlobName) -> Result<(), UploadError> {
        let path = name.as_path();
        if let Some(parent) = path.parent() {
            self.folder.create_dir_all(parent).map_err(named)?;
        }
        let replaced = self.folder.symlink_metadata(path).map(|old| old.len());
        self.folder
            .rename(temporary, &self.folder, path)
            .map_err(named)?;
        #[cfg(unix)]
        self.sync_folders(path)?;
        self.release(replaced.unwrap_or(0));
        Ok(())
    }

    /// Flushes the folders above a blob: their entries must outlive a loss of power, like the contents.
    ///
    /// Elsewhere than on Unix a folder cannot be opened like a file, and its entries are the system's affair.
    #[cfg(unix)]
    fn sync_folders(&self, path: &Path) -> io::Result<()> {
        for folder in path.ancestors().skip(1) {
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            self.folder.open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

fn named(err: io::Error) -> UploadError {
    match err.kind() {
        io::ErrorKind::NotADirectory
        | io::ErrorKind::IsADirectory
        | io::ErrorKind::AlreadyExists
        | io::ErrorKind::DirectoryNotEmpty
        | io::ErrorKind::PermissionDenied => UploadError::Name,
        _ => UploadError::Io(err),
    }
}

fn collect_names(folder: &Dir, above: &str, names: &mut Vec<BlobName>) -> io::Result<()> {
    for entry in folder.entries()? {
        let entry = entry?;
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() && name != UPLOADS && name.split('/').count() < MAX_SEGMENTS {
            collect_names(&entry.open_dir()?, &format!("{name}/"), names)?;
        } else if kind.is_file() {
            // Files that are no blobs may lie about in the folder.
            names.extend(BlobName::parse(&name).ok());
        }
    }
    Ok(())
}

/// Bytes of the files below a folder, links not followed.
fn size_of(folder: &Dir, depth: usize) -> io::Result<u64> {
    let mut sum = 0u64;
    // Names have at most `name::MAX_SEGMENTS` parts.
    if depth > name::MAX_SEGMENTS {
        return Ok(0);
    }
    for entry in folder.entries()? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            sum = sum.saturating_add(size_of(&entry.open_dir()?, depth + 1)?);
        } else if kind.is_file() {
            sum = sum.saturating_add(entry.metadata()?.len());
        }
    }
    Ok(sum)
}

/// A blob on its way in. Dropping it forgets it.
#[derive(Debug)]
pub(crate) struct Upload {
    blobs: Blobs,
    temporary: Option<String>,
    file: tokio::fs::File,
    size: u64,
}

impl Upload {
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), UploadError> {
        let more = bytes.len() as u64;
        if self.size.saturating_add(more) > self.blobs.limits.one {
            return Err(UploadError::TooLarge);
        }
        self.blobs.reserve(more)?;
        self.size += more;
        self.file.write_all(bytes).await?;
        Ok(())
    }

    /// Stores the blob under its name; on return it is on the disk.
    pub(crate) async fn finish(mut self, name: BlobName) -> Result<u64, UploadError> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let size = self.size;
        let task = tokio::task::spawn_blocking(move || {
            if let Some(temporary) = self.temporary.take() {
                self.blobs.publish(&temporary, &name).inspect_err(|_| {
                    // Removed and no longer counted, like an upload that is dropped.
                    self.temporary = Some(temporary);
                })?;
            }
            Ok(size)
        });
        task.await.map_err(io::Error::other)?
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            self.blobs.release(self.size);
            if let Err(err) = self.blobs.folder.remove_file(temporary) {
                tracing::warn!(error = %err, "an unfinished upload could not be removed");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn blobs(folder: &Path) -> Blobs {
        Blobs::open(folder, Limits { one: 10, all: 15 }).unwrap()
    }

    async fn put(blobs: &Blobs, name: &str, bytes: &[u8]) -> Result<u64, UploadError> {
        let mut upload = blobs.upload().unwrap();
        upload.write(bytes).await?;
        upload.finish(BlobName::parse(name).unwrap()).await
    }

    fn get(blobs: &Blobs, name: &str) -> io::Result<String> {
        let mut text = String::new();
        blobs
            .read(&BlobName::parse(name).unwrap())?
            .0
            .read_to_string(&mut text)?;
        Ok(text)
    }

    #[tokio::test]
    async fn a_blob_comes_back_and_can_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path());
        put(&blobs, "acc/box/a/b.json", b"one").await.unwrap();
        put(&blobs, "acc/box/a/b.json", b"two").await.unwrap();
        assert_eq!(get(&blobs, "acc/box/a/b.json").unwrap(), "two");
        assert_eq!(blobs.used.load(Ordering::Relaxed), 3);
        assert!(get(&blobs, "acc/box/a").is_err());
        assert_eq!(
            super::Blobs::open(folder.path(), blobs.limits)
                .unwrap()
                .used
                .load(Ordering::Relaxed),
            3
        );
    }

    #[tokio::test]
    async fn sizes_are_limited_and_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path());
        assert!(matches!(
            put(&blobs, "a/b/c", &[0; 11]).await,
            Err(UploadError::TooLarge)
        ));
        put(&blobs, "a/b/c", &[0; 10]).await.unwrap();
        assert!(matches!(
            put(&blobs, "a/b/d", &[0; 6]).await,
            Err(UploadError::Full)
        ));
        blobs.remove(&BlobName::parse("a/b/c").unwrap()).unwrap();
        put(&blobs, "a/b/d", &[0; 6]).await.unwrap();
        assert_eq!(blobs.used.load(Ordering::Relaxed), 6);
    }

    #[tokio::test]
    async fn a_name_through_a_blob_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path());
        put(&blobs, "a/b/c/d", b"x").await.unwrap();
        assert!(matches!(
            put(&blobs, "a/b/c/d/e", b"x").await,
            Err(UploadError::Name)
        ));
        assert!(matches!(
            put(&blobs, "a/b/c", b"x").await,
            Err(UploadError::Name)
        ));
        assert_eq!(blobs.used.load(Ordering::Relaxed), 1);
        assert_eq!(
            std::fs::read_dir(folder.path().join(UPLOADS))
                .unwrap()
                .count(),
            0
        );
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn links_out_of_the_folder_are_not_followed() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret"), "secret").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path());
        std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("a/b/out")).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("a/b/file")).unwrap();
        assert!(get(&blobs, "a/b/out/secret").is_err());
        assert!(get(&blobs, "a/b/file").is_err());
        assert!(put(&blobs, "a/b/out/new", b"x").await.is_err());
        assert!(!outside.path().join("new").exists());
    }
}
