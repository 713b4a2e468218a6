//! Whether registered data is what it is said to be.

mod archive;
mod geo;

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

use super::operations::Outcome;
use crate::blobs::{BlobName, Blobs};
use crate::problem::Fault;

/// What a validation stops at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) blob: u64,
    pub(super) geojson: u64,
    pub(super) unpacked: u64,
    pub(super) files: usize,
}

/// Most problems that an error lists.
const MAX_PROBLEMS: usize = 10;

/// Problems of the data, of which the first ones are kept.
#[derive(Debug, Default)]
struct Problems {
    count: usize,
    first: Vec<Fault>,
}

impl Problems {
    fn add(&mut self, code: &str, target: impl Into<String>, message: impl Into<String>) {
        self.count += 1;
        if self.first.len() < MAX_PROBLEMS {
            let target = target.into();
            let mut fault = Fault::new(code, message);
            fault.target = (!target.is_empty()).then_some(target);
            self.first.push(fault);
        }
    }

    fn into_error(self, what: &str) -> Option<Fault> {
        let count = match self.count {
            0 => return None,
            1 => "1 problem was found".to_owned(),
            count => format!("{count} problems were found"),
        };
        let message = format!("The data is not a valid {what}: {count}.");
        Some(invalid(message).because(self.first))
    }
}

fn invalid(message: impl Into<String>) -> Fault {
    Fault::new("InvalidData", message).at("azureBlob")
}

/// The error of data that cannot be had at all.
pub(super) fn unreadable(reason: String) -> Fault {
    invalid("The data could not be read.")
        .because([Fault::new("BlobNotFound", reason).at("azureBlob.blobUrl")])
}

/// Reads and checks a blob. `None` when it was told to stop. Blocks.
pub(super) fn check(
    blobs: &Blobs,
    name: &BlobName,
    format: &str,
    limits: Limits,
    stopping: &AtomicBool,
) -> Option<Outcome> {
    let checked = try_check(blobs, name, format, limits, stopping);
    if stopping.load(Ordering::Relaxed) {
        return None;
    }
    Some(checked.unwrap_or_else(|err| {
        let reason = match err.kind() {
            io::ErrorKind::NotFound => format!("There is no blob {}.", name.as_str()),
            _ => format!("The blob {} cannot be read.", name.as_str()),
        };
        tracing::debug!(error = %err, "a registered blob could not be read");
        Outcome::Invalid(unreadable(reason))
    }))
}

fn try_check(
    blobs: &Blobs,
    name: &BlobName,
    format: &str,
    limits: Limits,
    stopping: &AtomicBool,
) -> io::Result<Outcome> {
    let (file, size) = blobs.read(name)?;
    let most = match format {
        "zip" => limits.blob,
        _ => limits.geojson.min(limits.blob),
    };
    if size > most {
        let message = format!("The blob has {size} bytes, at most {most} are allowed.");
        let fault = Fault::new("BlobTooLarge", message).at("azureBlob.blobUrl");
        return Ok(Outcome::Invalid(
            invalid("The data is too large.").because([fault]),
        ));
    }
    let mut reader = BufReader::new(Stoppable { file, stopping });
    let md5 = hash(&mut reader, size)?;
    reader.seek(SeekFrom::Start(0))?;
    let error = match format {
        "zip" => archive::check(reader, limits.files, limits.unpacked).into_error("ZIP archive"),
        _ => geo::check(reader.take(most)).into_error("GeoJSON document"),
    };
    Ok(match error {
        Some(error) => Outcome::Invalid(error),
        None => Outcome::Valid { size, md5 },
    })
}

/// MD5 of the first `size` bytes, in Base64.
fn hash(reader: &mut impl Read, size: u64) -> io::Result<String> {
    let mut md5 = Md5::new();
    let mut left = size;
    let mut piece = vec![0; 64 * 1024];
    while left > 0 {
        let most = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let length = reader.read(&mut piece[..most])?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        md5.update(&piece[..length]);
        left -= length as u64;
    }
    Ok(STANDARD.encode(md5.finalize()))
}

/// A file that fails to read once the emulator stops.
struct Stoppable<'a, F> {
    file: F,
    stopping: &'a AtomicBool,
}

impl<F: Read> Read for Stoppable<'_, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err(io::Error::other("the emulator is stopping"));
        }
        self.file.read(buffer)
    }
}

impl<F: Seek> Seek for Stoppable<'_, F> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.file.seek(position)
    }
}
