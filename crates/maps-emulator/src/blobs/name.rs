//! Names of blobs, and the URLs that mean them.

use std::fmt;
use std::path::Path;

use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// Most parts of a name; Azure Storage allows more, file systems get slow.
pub(crate) const MAX_SEGMENTS: usize = 32;

/// Longest part of a name in bytes, as file systems have it.
const MAX_SEGMENT: usize = 255;

/// Path of the blob endpoint.
const ENDPOINT: &str = "/_emulator/blobs/";

/// Hosts of Azure Storage accounts end like this.
const STORAGE_HOST: &str = ".blob.core.windows.net";

/// `account/container/path` of a blob: relative, and without dots that lead anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct BlobName(String);

/// Why a URL or name means no blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameError {
    /// Not an absolute URL, or one with a query, a fragment, a user.
    Url,
    /// The URL of something else than a blob that the emulator can have.
    Elsewhere,
    /// Too long, empty parts, dots.
    Name,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "The value is not an absolute https URL.",
            Self::Elsewhere => {
                "The emulator reads blobs of its own endpoint and files of its own folder only."
            }
            Self::Name => "The value does not name a blob of the form account/container/path.",
        })
    }
}

impl BlobName {
    /// A name from its decoded form, `account/container/path`.
    pub(crate) fn parse(name: &str) -> Result<Self, NameError> {
        let segments: Vec<_> = name.split('/').collect();
        Self::from_segments(&segments)
    }

    fn from_segments<S: AsRef<str>>(segments: &[S]) -> Result<Self, NameError> {
        let good = |segment: &str| {
            !segment.is_empty()
                && segment.len() <= MAX_SEGMENT
                && segment != "."
                && segment != ".."
                && !segment.contains(['/', '\\'])
                && !segment.contains(char::is_control)
        };
        let hidden = segments
            .first()
            .is_some_and(|first| first.as_ref().starts_with('.'));
        if hidden
            || !(3..=MAX_SEGMENTS).contains(&segments.len())
            || !segments.iter().all(|segment| good(segment.as_ref()))
        {
            return Err(NameError::Name);
        }
        let segments: Vec<_> = segments.iter().map(AsRef::as_ref).collect();
        Ok(Self(segments.join("/")))
    }

    /// A name from the path of a request to the blob endpoint, whose segments are still encoded.
    pub(crate) fn from_encoded_path(path: &str) -> Result<Self, NameError> {
        let segments: Vec<_> = path
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8())
            .collect::<Result<_, _>>()
            .map_err(|_| NameError::Name)?;
        Self::from_segments(&segments)
    }

    /// The blob that a `blobUrl` means: one of the emulator's own endpoint, of an Azure Storage account (which the
    /// emulator plays), or a `file:` URL below `folder`.
    pub(crate) fn from_url(text: &str, port: u16, folder: &Path) -> Result<Self, NameError> {
        let url = Url::parse(text).map_err(|_| NameError::Url)?;
        if url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return Err(NameError::Url);
        }
        if url.scheme() == "file" {
            let path = url.to_file_path().map_err(|()| NameError::Elsewhere)?;
            let name = path
                .strip_prefix(folder)
                .map_err(|_| NameError::Elsewhere)?;
            return Self::parse(name.to_str().ok_or(NameError::Name)?);
        }
        match (url.scheme(), url.host()) {
            ("http" | "https", Some(host)) if is_loopback(&host) => {
                if url.port_or_known_default() != Some(port) {
                    return Err(NameError::Elsewhere);
                }
                let path = url.path().strip_prefix(ENDPOINT);
                Self::from_encoded_path(path.ok_or(NameError::Elsewhere)?)
            }
            ("https", Some(Host::Domain(host))) => {
                let account = host
                    .strip_suffix(STORAGE_HOST)
                    .ok_or(NameError::Elsewhere)?;
                let path = url.path().strip_prefix('/').unwrap_or_default();
                Self::from_encoded_path(&format!("{account}/{path}"))
            }
            ("http" | "https", Some(_)) => Err(NameError::Elsewhere),
            _ => Err(NameError::Url),
        }
    }

    /// The URL of the blob in the Azure Storage account that the emulator plays; it means the same wherever that is.
    pub(crate) fn storage_url(&self) -> String {
        let encoded = self.endpoint_path();
        let name = encoded.strip_prefix(ENDPOINT).unwrap_or_default();
        let (account, rest) = name.split_once('/').unwrap_or_default();
        format!("https://{account}{STORAGE_HOST}/{rest}")
    }

    pub(crate) fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Path of the blob on the emulator's endpoint.
    pub(crate) fn endpoint_path(&self) -> String {
        use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
        const KEPT: &AsciiSet = &NON_ALPHANUMERIC
            .remove(b'/')
            .remove(b'-')
            .remove(b'_')
            .remove(b'.')
            .remove(b'~');
        format!("{ENDPOINT}{}", utf8_percent_encode(&self.0, KEPT))
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(url: &str) -> Result<String, NameError> {
        BlobName::from_url(url, 8080, Path::new("/data/blobs")).map(|name| name.0)
    }

    #[test]
    fn urls_of_blobs_are_understood() {
        for url in [
            "https://acc.blob.core.windows.net/box/a%20b/x.zip",
            "http://127.0.0.1:8080/_emulator/blobs/acc/box/a%20b/x.zip",
            "http://localhost:8080/_emulator/blobs/acc/box/a%20b/x.zip",
            "http://[::1]:8080/_emulator/blobs/acc/box/a%20b/x.zip",
            "file:///data/blobs/acc/box/a%20b/x.zip",
        ] {
            assert_eq!(name(url), Ok("acc/box/a b/x.zip".to_owned()), "{url}");
        }
    }

    #[test]
    fn urls_of_other_things_are_refused() {
        for (url, error) in [
            ("contosomapsdata/areas/2024.geojson", NameError::Url),
            ("ftp://acc.blob.core.windows.net/box/x", NameError::Url),
            (
                "https://acc.blob.core.windows.net/box/x?sig=1",
                NameError::Url,
            ),
            (
                "https://u:p@acc.blob.core.windows.net/box/x",
                NameError::Url,
            ),
            (
                "http://acc.blob.core.windows.net/box/x",
                NameError::Elsewhere,
            ),
            ("https://evil.com/box/x", NameError::Elsewhere),
            (
                "https://acc.blob.core.windows.net.evil.com/box/x",
                NameError::Elsewhere,
            ),
            (
                "http://127.0.0.1:8081/_emulator/blobs/acc/box/x",
                NameError::Elsewhere,
            ),
            (
                "http://127.0.0.1:8080/_emulator/clock",
                NameError::Elsewhere,
            ),
            (
                "http://169.254.169.254/_emulator/blobs/acc/box/x",
                NameError::Elsewhere,
            ),
            ("file:///etc/passwd", NameError::Elsewhere),
            ("file:///data/blobs/../state.redb", NameError::Elsewhere),
            ("file://host/data/blobs/acc/box/x", NameError::Elsewhere),
            (
                "file:///data/blobs/acc/box/..%2F..%2F..%2Fx",
                NameError::Name,
            ),
            (
                "https://acc.blob.core.windows.net/box/%2e%2e%2f%2e%2e/x",
                NameError::Name,
            ),
            ("https://acc.blob.core.windows.net/box//x", NameError::Name),
            ("https://acc.blob.core.windows.net/box", NameError::Name),
            ("https://acc.blob.core.windows.net/box/%00", NameError::Name),
        ] {
            assert_eq!(name(url), Err(error), "{url}");
        }
    }

    #[test]
    fn names_stay_inside() {
        for bad in [
            "",
            "a/b",
            "a/b/..",
            "a/b/.",
            "../b/c",
            ".uploads/b/c",
            "a/b/c\\d",
            "a/b/\n",
        ] {
            assert_eq!(BlobName::parse(bad), Err(NameError::Name), "{bad:?}");
        }
        assert!(BlobName::parse(&format!("a/b/{}", "x".repeat(256))).is_err());
        assert!(BlobName::parse(&["a"; 33].join("/")).is_err());
        assert!(BlobName::parse("a/b/.hidden").is_ok());
    }

    #[test]
    fn endpoint_paths_are_encoded() {
        let name = BlobName::parse("a/b/ä ?.json").unwrap();
        assert_eq!(
            name.endpoint_path(),
            "/_emulator/blobs/a/b/%C3%A4%20%3F.json"
        );
        assert_eq!(
            BlobName::from_encoded_path("a/b/%C3%A4%20%3F.json"),
            Ok(name)
        );
    }
}
