//! ZIP archives.

use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;

use super::Problems;

/// Characters of a file's name that an error repeats.
const MAX_NAME: usize = 256;

/// Unpacks every file into nothing, which compares its checksum.
pub(super) fn check(mut reader: impl Read + Seek, max_files: usize, max_bytes: u64) -> Problems {
    let mut problems = Problems::default();
    // Before the archive is opened: that reads the names of all its files into memory. What cannot be read here
    // cannot be opened either.
    let claimed = claimed_files(&mut reader).ok().flatten();
    if let Some(files) = claimed.filter(|files| *files > max_files as u64) {
        too_many(files, max_files, &mut problems);
        return problems;
    }
    let mut archive = match ZipArchive::new(reader) {
        Ok(archive) => archive,
        Err(err) => {
            problems.add(
                "InvalidArchive",
                "",
                format!("The archive cannot be read: {err}."),
            );
            return problems;
        }
    };
    let files = archive.len();
    if files == 0 {
        problems.add("EmptyArchive", "", "The archive has no files.");
    }
    if files > max_files {
        too_many(files as u64, max_files, &mut problems);
        return problems;
    }
    let mut left = max_bytes;
    for index in 0..files {
        let file = match archive.by_index(index) {
            Ok(file) => file,
            Err(err) => {
                let message = format!("The file cannot be unpacked: {err}.");
                problems.add("InvalidFile", format!("#{index}"), message);
                continue;
            }
        };
        let name = file.name().unwrap_or_default();
        let name: String = name.chars().take(MAX_NAME).collect();
        if name.is_empty() || file.enclosed_name().is_none() {
            let message = "The file's name leads out of the archive.";
            problems.add("InvalidFileName", &*name, message);
        }
        // Sizes in the headers are claims; what comes out is counted.
        match io::copy(&mut file.take(left.saturating_add(1)), &mut io::sink()) {
            Ok(unpacked) if unpacked > left => {
                let message = format!("The archive unpacks to more than {max_bytes} bytes.");
                problems.add("ArchiveTooLarge", "", message);
                return problems;
            }
            Ok(unpacked) => left -= unpacked,
            Err(err) => {
                let message = format!("The file cannot be unpacked: {err}.");
                problems.add("InvalidFile", &*name, message);
            }
        }
    }
    problems
}

fn too_many(files: u64, max_files: usize, problems: &mut Problems) {
    let message = format!("The archive has {files} files, at most {max_files} are allowed.");
    problems.add("TooManyFiles", "", message);
}

/// How many files the end of an archive says it has.
fn claimed_files(reader: &mut (impl Read + Seek)) -> io::Result<Option<u64>> {
    /// The end record, and the longest comment after it.
    const TAIL: u64 = 22 + 65_535;
    /// The number that says: look into the record of large archives.
    const LARGE: u64 = 0xffff;

    let length = reader.seek(SeekFrom::End(0))?;
    let start = length.saturating_sub(TAIL);
    reader.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    reader.take(TAIL).read_to_end(&mut tail)?;
    let Some(end) = tail.windows(4).rposition(|bytes| bytes == b"PK\x05\x06") else {
        return Ok(None);
    };
    let files = number(&tail, end + 10, 2);
    if files != Some(LARGE) {
        return Ok(files);
    }
    let locator = end.checked_sub(20);
    let record = locator.and_then(|locator| number(&tail, locator + 8, 8));
    let Some(record) = record else {
        return Ok(files);
    };
    reader.seek(SeekFrom::Start(record))?;
    let mut large = [0; 40];
    reader.read_exact(&mut large)?;
    Ok(number(&large, 32, 8))
}

/// A little-endian number of up to eight bytes.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(width)?)?;
    let digits = bytes.iter().rev();
    Some(digits.fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::write::SimpleFileOptions;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn codes(bytes: &[u8], max_files: usize, max_bytes: u64) -> Vec<String> {
        let problems = check(Cursor::new(bytes), max_files, max_bytes);
        problems.first.into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn a_good_archive_has_no_problems() {
        let bytes = archive(&[("manifest.json", b"{}"), ("plans/level1.dwg", &[7; 5000])]);
        assert_eq!(codes(&bytes, 2, 5002), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        let bytes = archive(&[("a", &[7; 5000])]);
        assert_eq!(codes(b"", 9, 9), ["InvalidArchive"]);
        assert_eq!(codes(b"PK but no more", 9, 9), ["InvalidArchive"]);
        assert_eq!(
            codes(&bytes[..bytes.len() / 2], 9, 9999),
            ["InvalidArchive"]
        );
        assert_eq!(codes(&archive(&[]), 9, 9), ["EmptyArchive"]);
    }

    #[test]
    fn damaged_files_are_found() {
        let content: Vec<u8> = (0..5000u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        let mut bytes = archive(&[("a", &content)]);
        bytes[4000] ^= 0xff;
        assert_eq!(codes(&bytes, 9, 99_999), ["InvalidFile"]);
    }

    #[test]
    fn files_and_bytes_are_limited() {
        let bomb = archive(&[("zeros", &vec![0; 10_000_000])]);
        assert!(bomb.len() < 100_000);
        assert_eq!(codes(&bomb, 9, 1_000_000), ["ArchiveTooLarge"]);
        let many = archive(&[("a", b""), ("b", b""), ("c", b"")]);
        assert_eq!(codes(&many, 2, 9), ["TooManyFiles"]);
    }

    #[test]
    fn the_end_of_an_archive_says_how_many_files_it_has() {
        let claimed = |bytes: &[u8]| claimed_files(&mut Cursor::new(bytes)).ok().flatten();
        assert_eq!(claimed(b""), None);
        assert_eq!(claimed(b"PK\x05\x06"), None);
        assert_eq!(claimed(&archive(&[("a", b""), ("b", b"")])), Some(2));
        // The record of large archives, the locator that says where it is, and the end record.
        let mut large = b"PK\x06\x06".to_vec();
        large.resize(56, 0);
        large[32..36].copy_from_slice(&70_000u32.to_le_bytes());
        large.extend(b"PK\x06\x07");
        large.resize(76, 0);
        large.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff");
        large.resize(98, 0);
        assert_eq!(claimed(&large), Some(70_000));
        assert_eq!(codes(&large, 10_000, 9), ["TooManyFiles"]);
    }

    #[test]
    fn names_that_lead_out_are_refused() {
        assert_eq!(
            codes(&archive(&[("../x", b"1")]), 9, 9),
            ["InvalidFileName"]
        );
    }
}
