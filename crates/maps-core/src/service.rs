//! What generated clients are made of.
//!
//! Users of the SDK need nothing of this module; whoever writes a client for another service does.
//!
//! It goes with the generator of the same version and no other: a version that is compatible for users may add a field
//! to what generated code writes out. A crate that uses this module asks for exactly one version of `maps-core`, as in
//! `maps-core = "=0.1.0"`.

use std::str::FromStr;
use std::sync::OnceLock;

use http::{HeaderMap, Method};

use crate::error::{Error, ErrorKind, Result};

pub use bytes::Bytes;
pub use futures_core::Stream;
pub use futures_core::future::BoxFuture;
pub use maps_types::operations::KeyPlacement;
pub use maps_types::private::Redacted;
pub use maps_types::request::AsRequest;
pub use maps_types::{base64, base64url, date, date_time, date_time_rfc1123, formats, unix_time};
pub use time::{Date, OffsetDateTime};

#[cfg(feature = "xml")]
pub mod xml {
    //! How values are written in XML.

    pub use crate::xml::{Element, Field, Object, OneOf, Shape};
}

pub use crate::host::HostSettings;
pub use crate::long_running::{LongRunning, ResultSource, StatusOperation};
pub use crate::pager::FollowingPages;

/// One API version of a service, as its definition declares it.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// Name of the service's crate, for example `maps-route`.
    pub name: &'static str,
    /// Version of that crate.
    pub version: &'static str,
    /// The value of the query parameter `api-version`; empty where no operation declares it.
    pub api_version: &'static str,
    /// Scheme and host, with parameters: `https://{geography}.atlas.microsoft.com`, or `{endpoint}`.
    pub host: &'static str,
    /// Parameters of the host.
    pub host_parameters: &'static [HostParameter],
    /// What stands before the path of each operation.
    pub base_path: &'static str,
    /// Where requests carry a subscription key.
    pub key: Option<KeyPlacement>,
    /// What tokens are asked for.
    pub scopes: &'static [&'static str],
}

/// A parameter of a service's host.
#[derive(Debug, Clone, Copy)]
pub struct HostParameter {
    /// Its name between the braces.
    pub name: &'static str,
    /// Its value when the caller gives none.
    pub default: Option<&'static str>,
}

/// One method on one path.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The `operationId`, for example `Route_GetRouteOperationsStatus`.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// Path template, for example `/route/operations/{id}`.
    pub path: &'static str,
    /// The header `Accept`; empty for none.
    pub accept: &'static str,
    /// Statuses of redirects (301, 302, 303, 307, 308) that the definition declares as answers: where one is not
    /// followed it is an answer. All others are errors then.
    pub redirects: &'static [u16],
}

/// Limits of a path, header or id value, checked before anything is sent.
#[derive(Debug)]
pub struct Check {
    /// Name of the value in error messages.
    pub name: &'static str,
    /// Fewest characters.
    pub min_length: Option<usize>,
    /// Most characters.
    pub max_length: Option<usize>,
    /// Regular expression that matches somewhere in the value.
    pub pattern: Option<Pattern>,
}

impl Check {
    /// Checks a value.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when it breaks a limit.
    pub fn check(&self, value: &str) -> Result<()> {
        let name = self.name;
        let length = value.chars().count();
        if self.min_length.is_some_and(|min| length < min) {
            let min = self.min_length.unwrap_or_default();
            return Err(Error::argument(format!(
                "`{name}` has {length} characters, fewer than {min}"
            )));
        }
        if self.max_length.is_some_and(|max| length > max) {
            let max = self.max_length.unwrap_or_default();
            return Err(Error::argument(format!(
                "`{name}` has {length} characters, more than {max}"
            )));
        }
        match &self.pattern {
            Some(pattern) if !pattern.is_match(value) => Err(Error::argument(format!(
                "`{name}` does not match {}",
                pattern.source
            ))),
            _ => Ok(()),
        }
    }
}

/// A regular expression that is compiled when it is first needed.
#[derive(Debug)]
pub struct Pattern {
    source: &'static str,
    matcher: OnceLock<Matcher>,
}

#[derive(Debug)]
enum Matcher {
    Guid,
    Regex(regex_lite::Regex),
    /// A pattern that the regex crate does not know matches everything; the generator warns of it.
    Unknown,
}

/// How definitions spell the pattern of a GUID. It guards nearly every id, and comparing 36 bytes takes a hundredth of
/// what the regex crate takes.
const GUID: [&str; 2] = [
    "^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$",
    "^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}$",
];

impl Pattern {
    /// A pattern in the syntax of the definition.
    #[must_use]
    pub const fn new(source: &'static str) -> Self {
        Self {
            source,
            matcher: OnceLock::new(),
        }
    }

    /// Whether it matches somewhere in the value.
    ///
    /// A pattern that the regex crate does not know matches everything; the generator warns of it.
    #[must_use]
    pub fn is_match(&self, value: &str) -> bool {
        let matcher = self.matcher.get_or_init(|| {
            if GUID.contains(&self.source) {
                return Matcher::Guid;
            }
            regex_lite::Regex::new(self.source).map_or(Matcher::Unknown, Matcher::Regex)
        });
        match matcher {
            Matcher::Guid => is_guid(value),
            Matcher::Regex(regex) => regex.is_match(value),
            Matcher::Unknown => true,
        }
    }
}

/// Whether a text is a GUID in its form of 36 characters, letters in either case.
fn is_guid(text: &str) -> bool {
    let expected = |(position, byte): (usize, u8)| match position {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(expected)
}

/// How a list is written into one parameter.
///
/// Where a separator can be told from the same character within an item, it is: in a path, a query and a form the comma
/// between items stands for itself and one within an item is escaped, and a space within an item of [`Ssv`](Self::Ssv) is
/// the `+` of forms. Elsewhere (headers, multipart forms, tabs and `|`) such an item is an error before anything is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Collection {
    /// `a,b`
    Csv,
    /// `a b`
    Ssv,
    /// `a<tab>b`
    Tsv,
    /// `a|b`
    Pipes,
    /// The parameter once for each value.
    Multi,
}

/// Reads a header that the definition gives a type.
///
/// # Errors
///
/// [`ErrorKind::Decode`] when the header is there and not of that type.
pub fn typed_header<T: FromStr>(headers: &HeaderMap, name: &str) -> Result<Option<T>> {
    typed_header_with(headers, name, str::parse)
}

/// Reads a header whose value has a format of its own: a date, or bytes.
///
/// # Errors
///
/// [`ErrorKind::Decode`] when the header is there and `read` gives an error.
pub fn typed_header_with<T, E>(
    headers: &HeaderMap,
    name: &str,
    read: impl FnOnce(&str) -> std::result::Result<T, E>,
) -> Result<Option<T>> {
    let Some(value) = headers.get(name) else {
        return Ok(None);
    };
    match value.to_str().ok().and_then(|text| read(text.trim()).ok()) {
        Some(value) => Ok(Some(value)),
        // The value stays out: it may be a secret.
        None => Err(Error::new(
            ErrorKind::Decode,
            format!("the header `{name}` is not what the definition says"),
        )
        .with_may_have_been_sent(true)),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    static GUID: Check = Check {
        name: "id",
        min_length: None,
        max_length: Some(36),
        pattern: Some(Pattern::new(
            "^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$",
        )),
    };

    #[test]
    fn id_that_breaks_its_pattern_is_refused() {
        let good = "bc3f9365-3ee0-4564-aa27-825016325557";
        assert!(GUID.check(good).is_ok());
        assert!(GUID.check(&good.to_uppercase()).is_ok());
        for bad in [
            "bc3f93653ee04564aa27825016325557",
            "{bc3f9365-3ee0-4564-aa27-825016325557}",
            "urn:uuid:bc3f9365-3ee0-4564-aa27-825016325557",
            "bc3f9365-3ee0-4564-aa27-82501632555",
            "bc3f9365-3ee0-4564-aa27-8250163255577",
            "bc3f9365-3ee0-4564-aa27-825016325557\n",
            "",
        ] {
            let error = GUID.check(bad).expect_err(bad);
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        }
    }

    #[test]
    fn length_counts_characters() {
        let check = Check {
            name: "text",
            min_length: Some(2),
            max_length: Some(3),
            pattern: None,
        };
        assert!(check.check("ä").is_err());
        assert!(check.check("äöü").is_ok());
        assert!(check.check("äöüß").is_err());
    }

    #[test]
    fn typed_header_is_read_absent_or_refused() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_static(" 10 "));
        headers.insert("junk", HeaderValue::from_static("ten"));
        assert_eq!(
            typed_header::<i32>(&headers, "retry-after").expect("number"),
            Some(10)
        );
        assert_eq!(
            typed_header::<i32>(&headers, "absent").expect("absent"),
            None
        );
        let error = typed_header::<i32>(&headers, "junk").expect_err("text");
        assert_eq!(error.kind(), ErrorKind::Decode);
    }

    #[test]
    fn header_with_a_format_is_read_absent_or_refused() {
        let mut headers = HeaderMap::new();
        headers.insert("good", HeaderValue::from_static(" 2010-01-01 "));
        headers.insert("junk", HeaderValue::from_static("2010-13-01"));
        let read = |name| typed_header_with(&headers, name, date::parse);
        let expected = Date::from_calendar_date(2010, time::Month::January, 1);
        assert_eq!(read("good").expect("date"), expected.ok());
        assert_eq!(read("absent").expect("absent"), None);
        let error = read("junk").expect_err("no month");
        assert_eq!(error.kind(), ErrorKind::Decode);
    }

    #[test]
    fn guid_is_what_its_patterns_match() {
        let good = "bc3F9365-3ee0-4564-aA27-825016325557";
        let mut texts = vec![
            String::new(),
            format!("{good}\n"),
            format!("\n{good}"),
            format!("é{}", &good[2..]),
        ];
        for (position, _) in good.char_indices() {
            for other in [
                "", "-", "0", "g", "G", "/", ":", "@", "`", " ", "\0", "é", "00",
            ] {
                texts.push(format!(
                    "{}{other}{}",
                    &good[..position],
                    &good[position + 1..]
                ));
            }
        }
        texts.push(good.to_owned());
        for source in super::GUID {
            let regex = regex_lite::Regex::new(source).expect("regex");
            let pattern = Pattern::new(source);
            for text in &texts {
                assert_eq!(
                    pattern.is_match(text),
                    regex.is_match(text),
                    "{source} {text:?}"
                );
            }
            assert!(pattern.is_match(good));
        }
    }
}
