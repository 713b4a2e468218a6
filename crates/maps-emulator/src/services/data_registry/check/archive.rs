//! ZIP archives.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;

use super::Problems;

/// Characters of a file's name that an error repeats.
const MAX_NAME: usize = 256;

/// Bytes of an archive's directory that each file may take: a name, and what some tools add to it.
const DIRECTORY_ENTRY: u64 = 1_024;

/// Bytes to read for the end of an archive: its last record, the longest comment after it, and room to search.
const DIRECTORY_END: u64 = 256 * 1_024;

/// Unpacks every file into nothing, which compares its checksum.
pub(super) fn check(reader: impl Read + Seek, max_files: usize, max_bytes: u64) -> Problems {
    let mut problems = Problems::default();
    // Opening reads the names of all files into memory, and the archive only claims how many there are: what is read
    // counts.
    let directory = (max_files as u64).saturating_mul(DIRECTORY_ENTRY);
    let left = Cell::new(directory.saturating_add(DIRECTORY_END));
    let metered = Metered {
        reader,
        left: &left,
    };
    let mut archive = match ZipArchive::new(metered) {
        Ok(archive) => archive,
        Err(_) if left.get() == 0 => {
            let message = format!("The archive lists more than {max_files} files, or long ones.");
            problems.add("TooManyFiles", "", message);
            return problems;
        }
        Err(err) => {
            problems.add(
                "InvalidArchive",
                "",
                format!("The archive cannot be read: {err}."),
            );
            return problems;
        }
    };
    left.set(u64::MAX);
    let files = archive.len();
    if files == 0 {
        problems.add("EmptyArchive", "", "The archive has no files.");
    }
    if files > max_files {
        let message = format!("The archive has {files} files, at most {max_files} are allowed.");
        problems.add("TooManyFiles", "", message);
        return problems;
    }
    // Sizes in the headers are claims; what comes out is counted, also of files that turn out to be damaged. One byte
    // more tells too many from just enough.
    let room = Cell::new(max_bytes.saturating_add(1));
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
        let mut file = Metered {
            reader: file,
            left: &room,
        };
        let outcome = io::copy(&mut file, &mut io::sink());
        if room.get() == 0 {
            let message = format!("The archive unpacks to more than {max_bytes} bytes.");
            problems.add("ArchiveTooLarge", "", message);
            return problems;
        }
        if let Err(err) = outcome {
            let message = format!("The file cannot be unpacked: {err}.");
            problems.add("InvalidFile", &*name, message);
        }
    }
    problems
}

/// A reader that stops after so many bytes.
struct Metered<'a, R> {
    reader: R,
    left: &'a Cell<u64>,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 && !buffer.is_empty() {
            return Err(io::Error::other("too much was read"));
        }
        let most = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let length = self.reader.read(&mut buffer[..most])?;
        self.left.set(left - length as u64);
        Ok(length)
    }
}

impl<R: Seek> Seek for Metered<'_, R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.reader.seek(position)
    }
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

    /// An archive whose directory lists one damaged file so many times.
    fn listed_again(content: &[u8], times: u16) -> Vec<u8> {
        let mut bytes = archive(&[("a", content)]);
        let directory = bytes.windows(4).position(|four| four == b"PK\x01\x02");
        let end = bytes.windows(4).rposition(|four| four == b"PK\x05\x06");
        let (directory, end) = (directory.unwrap(), end.unwrap());
        // The checksum that the directory claims.
        bytes[directory + 16] ^= 0xff;
        let entry = bytes[directory..end].to_vec();
        let mut tail = bytes.split_off(end);
        for number in 1..times {
            let mut entry = entry.clone();
            // Another name of the same length.
            entry[46] += u8::try_from(number).unwrap();
            bytes.extend(entry);
        }
        let size = u32::from(times) * u32::try_from(entry.len()).unwrap();
        tail[8..10].copy_from_slice(&times.to_le_bytes());
        tail[10..12].copy_from_slice(&times.to_le_bytes());
        tail[12..16].copy_from_slice(&size.to_le_bytes());
        bytes.extend(tail);
        bytes
    }

    #[test]
    fn what_damaged_files_unpack_to_counts() {
        let content = vec![0; 1_000_000];
        let thrice = listed_again(&content, 3);
        assert!(thrice.len() < 10_000);
        assert_eq!(codes(&thrice, 9, 3_000_000), ["InvalidFile"; 3]);
        assert_eq!(
            codes(&thrice, 9, 2_500_000),
            ["InvalidFile", "InvalidFile", "ArchiveTooLarge"]
        );
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
    fn a_directory_is_not_read_beyond_what_the_files_need() {
        let name = |n: u32| format!("{n:05}{}", "x".repeat(200));
        let names: Vec<String> = (0..5_000).map(name).collect();
        let files: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &b""[..])).collect();
        let mut bytes = archive(&files);
        assert_eq!(codes(&bytes, 5_000, 9), Vec::<String>::new());
        assert_eq!(codes(&bytes, 100, 9), ["TooManyFiles"]);
        // In the comment the end of another archive, which claims one file and is none.
        let comment = b"PK\x05\x06\0\0\0\0\x01\0\x01\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0";
        let length = bytes.len();
        bytes[length - 2] = u8::try_from(comment.len()).unwrap();
        bytes.extend(comment);
        assert_eq!(codes(&bytes, 100, 9), ["TooManyFiles"]);
    }

    #[test]
    fn names_that_lead_out_are_refused() {
        assert_eq!(
            codes(&archive(&[("../x", b"1")]), 9, 9),
            ["InvalidFileName"]
        );
    }
}
