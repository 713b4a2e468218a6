//! Why an emulator does not start, or refuses what its owner asks.

use std::fmt;
use std::path::PathBuf;
use std::{error, io};

/// An error of the emulator's own interface.
///
/// The message says what to do about it where that can be known.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A setting cannot be used.
    Setting(String),
    /// The port is taken, or may not be listened on.
    Port {
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The folder cannot be read and written.
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another emulator uses the folder.
    FolderInUse(PathBuf),
    /// The folder holds something that this emulator cannot read.
    Database(String),
    /// A state folder cannot be used.
    State {
        /// The folder.
        path: PathBuf,
        /// What is wrong, each as `FILE: POINTER: PROBLEM`.
        problems: Vec<String>,
    },
    /// A call of [`Emulator`](crate::Emulator) was refused, or its work failed.
    Refused(String),
    /// The system gave no thread.
    Thread(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting(message) => f.write_str(message),
            Self::Port { port, source } if source.kind() == io::ErrorKind::AddrInUse => {
                write!(f, "port {port} is in use; choose another, or 0 for any")
            }
            Self::Port { port, .. } => write!(f, "cannot listen on port {port}"),
            Self::Folder { path, .. } => {
                write!(f, "cannot read and write the folder {}", path.display())
            }
            Self::FolderInUse(path) => write!(
                f,
                "the folder {} is in use by another emulator",
                path.display()
            ),
            Self::Database(message) => write!(f, "cannot open the database: {message}"),
            Self::State { path, problems } => {
                write!(f, "the state in {} cannot be used:", path.display())?;
                problems
                    .iter()
                    .try_for_each(|problem| write!(f, "\n  {problem}"))
            }
            Self::Refused(message) => f.write_str(message),
            Self::Thread(_) => f.write_str("cannot start a thread"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            // That a port is in use is the whole story.
            Self::Port { source, .. } if source.kind() == io::ErrorKind::AddrInUse => None,
            Self::Port { source, .. } | Self::Folder { source, .. } | Self::Thread(source) => {
                Some(source)
            }
            _ => None,
        }
    }
}
