//! What continues a long-running operation elsewhere.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use url::Url;

use crate::error::{Error, ErrorKind, Result};
use crate::trust::LONGEST;

/// Layout of the fields below; a token of another one is refused.
const VERSION: u64 = 1;

/// What the value of a field has to be in JSON.
type Test = fn(&serde_json::Value) -> bool;

/// The fields, and what each is in JSON.
const FIELDS: &[(&str, Test)] = &[
    ("version", serde_json::Value::is_u64),
    ("operation", serde_json::Value::is_string),
    ("origin", serde_json::Value::is_string),
    ("found", serde_json::Value::is_string),
    ("link", serde_json::Value::is_string),
    ("original", serde_json::Value::is_string),
    ("location", serde_json::Value::is_string),
    ("deadline", serde_json::Value::is_u64),
];

/// Three links of the longest sort and their names; a longer text is not read.
const MAX_LENGTH: usize = 3 * LONGEST + 4 * 1024;

/// Continues a long-running operation, here or in another process.
///
/// A token is a small JSON object, by serde or as text with `to_string` and `parse`. It names the operation,
/// the origin and paths of its links and the time by which it should have ended, and holds no secret: of a
/// link only the path and the `api-version` are kept. An operation whose link needs other query parameters can
/// be watched to its end, but not resumed.
///
/// Tokens belong to one operation of one service. A client refuses another operation's, another version's and
/// one whose origin it does not trust, with [`ErrorKind::ResumeToken`].
///
/// # Examples
///
/// ```
/// use maps_core::ResumeToken;
///
/// # fn main() -> maps_core::Result<()> {
/// let text = r#"{"version":1,"operation":"Route_PostRouteMatrixAsync","origin":"https://atlas.microsoft.com",
///     "found":"monitor","link":"/route/operations/bc3f9365-3ee0-4564-aa27-825016325557?api-version=2025-01-01",
///     "deadline":1760000000000}"#;
/// let token: ResumeToken = text.parse()?;
/// assert_eq!(token.operation(), "Route_PostRouteMatrixAsync");
/// assert_eq!(token.to_string().parse::<ResumeToken>()?, token);
/// assert!("{}".parse::<ResumeToken>().is_err());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumeToken {
    pub(crate) operation: String,
    /// Scheme, host and port of [`link`](Self::link).
    pub(crate) origin: String,
    pub(crate) found: Found,
    /// What is polled: path and api-version. Empty when there is nothing left to poll.
    pub(crate) link: String,
    /// What the submit went to, when the result is there. Absolute when its origin is another one.
    pub(crate) original: Option<String>,
    /// The submit's `Location`, when the result is there. Absolute when its origin is another one.
    pub(crate) location: Option<String>,
    /// Milliseconds since the epoch.
    pub(crate) deadline: u64,
}

/// How the state of an operation is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// `Operation-Location`, `Azure-AsyncOperation` or an id: a status monitor with a status of its own.
    Monitor,
    /// `Location`: 202 until the operation has ended.
    Location,
    /// The resource itself, with its provisioning state.
    Resource,
}

impl Found {
    fn as_str(self) -> &'static str {
        match self {
            Self::Monitor => "monitor",
            Self::Location => "location",
            Self::Resource => "resource",
        }
    }
}

impl ResumeToken {
    /// The `operationId` of the operation that was submitted, for example `Route_PostRouteMatrixAsync`.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// When the operation should have ended.
    ///
    /// A poller that is resumed later than that still asks once.
    #[must_use]
    pub fn deadline(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
            .checked_add(Duration::from_millis(self.deadline))
            .unwrap_or(SystemTime::UNIX_EPOCH)
    }

    /// What is polled, as an absolute URL.
    pub(crate) fn url(&self, link: &str) -> Result<Url> {
        let origin = Url::parse(&self.origin).map_err(|err| {
            refused("the origin of the resume token is not a URL").with_source(err)
        })?;
        origin
            .join(link)
            .map_err(|err| refused("a link of the resume token is not a URL").with_source(err))
    }
}

/// An error of kind [`ErrorKind::ResumeToken`].
pub(crate) fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::ResumeToken, message)
}

/// Origin of a URL as text, for example `https://atlas.microsoft.com`.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Path and api-version of a URL, which is all of it that a token may hold; with its origin in front where that is
/// not `origin`.
pub(crate) fn reduce(url: &Url, origin_of_token: &str) -> String {
    let origin = origin(url);
    let mut text = if origin == origin_of_token {
        String::new()
    } else {
        origin
    };
    text.push_str(url.path());
    if let Some((name, value)) = url
        .query_pairs()
        .find(|(name, _)| name.eq_ignore_ascii_case("api-version"))
    {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair(&name, &value);
        text.push('?');
        text.push_str(&query.finish());
    }
    text
}

impl fmt::Display for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for ResumeToken {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.len() > MAX_LENGTH {
            return Err(refused("the text is too long for a resume token"));
        }
        // In steps: an error of the last one may quote what it read, which may be long, or a secret given by mistake.
        let value: serde_json::Value = serde_json::from_str(text)
            .map_err(|err| refused(format!("not a resume token: {err}")))?;
        let Some(fields) = value.as_object() else {
            return Err(refused("not a resume token: not a JSON object"));
        };
        for (name, is_right) in FIELDS {
            if fields
                .get(*name)
                .is_some_and(|value| !value.is_null() && !is_right(value))
            {
                return Err(refused(format!(
                    "not a resume token: `{name}` is of the wrong type"
                )));
            }
        }
        serde_json::from_value(value).map_err(|err| refused(format!("not a resume token: {err}")))
    }
}

impl Serialize for ResumeToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Formats that write no names need every field in its place, and all but the version as what they are read as.
        let has_names = serializer.is_human_readable();
        let left_out = |link: &Option<String>| has_names && link.is_none();
        let fields = 8 - [&self.original, &self.location]
            .map(left_out)
            .map(usize::from)
            .iter()
            .sum::<usize>();
        let mut token = serializer.serialize_struct("ResumeToken", fields)?;
        token.serialize_field("version", &VERSION)?;
        token.serialize_field("operation", &Some(&self.operation))?;
        token.serialize_field("origin", &Some(&self.origin))?;
        token.serialize_field("found", &Some(self.found.as_str()))?;
        token.serialize_field("link", &Some(&self.link))?;
        for (name, link) in [("original", &self.original), ("location", &self.location)] {
            if left_out(link) {
                token.skip_field(name)?;
            } else {
                token.serialize_field(name, link)?;
            }
        }
        token.serialize_field("deadline", &Some(self.deadline))?;
        token.end()
    }
}

impl<'de> Deserialize<'de> for ResumeToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Everything optional, so that a token of another version is refused for its version.
        #[derive(serde::Deserialize)]
        struct Fields {
            version: u64,
            operation: Option<String>,
            origin: Option<String>,
            found: Option<String>,
            link: Option<String>,
            original: Option<String>,
            location: Option<String>,
            deadline: Option<u64>,
        }
        let fields = Fields::deserialize(deserializer)?;
        if fields.version != VERSION {
            return Err(D::Error::custom(format_args!(
                "resume token of version {}, expected version {VERSION}",
                fields.version
            )));
        }
        let found = match fields.found.as_deref() {
            Some("monitor") => Found::Monitor,
            Some("location") => Found::Location,
            Some("resource") => Found::Resource,
            Some(_) => return Err(D::Error::custom("unknown `found` of a resume token")),
            None => return Err(D::Error::missing_field("found")),
        };
        let missing = D::Error::missing_field;
        Ok(Self {
            operation: fields.operation.ok_or_else(|| missing("operation"))?,
            origin: fields.origin.ok_or_else(|| missing("origin"))?,
            found,
            link: fields.link.ok_or_else(|| missing("link"))?,
            original: fields.original,
            location: fields.location,
            deadline: fields.deadline.ok_or_else(|| missing("deadline"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> ResumeToken {
        ResumeToken {
            operation: "Dataset_Create".into(),
            origin: "https://us.atlas.microsoft.com".into(),
            found: Found::Monitor,
            link: "/datasets/operations/a?api-version=2.0".into(),
            original: None,
            location: Some("https://eu.atlas.microsoft.com/datasets/b".into()),
            deadline: 1_760_000_000_000,
        }
    }

    #[test]
    fn text_is_small_json_and_reads_back() {
        let text = token().to_string();
        assert_eq!(
            text,
            r#"{"version":1,"operation":"Dataset_Create","origin":"https://us.atlas.microsoft.com","found":"monitor","link":"/datasets/operations/a?api-version=2.0","location":"https://eu.atlas.microsoft.com/datasets/b","deadline":1760000000000}"#
        );
        assert_eq!(text.parse::<ResumeToken>().unwrap(), token());
        assert_eq!(serde_json::from_str::<ResumeToken>(&text).unwrap(), token());
    }

    #[test]
    fn other_versions_and_garbage_are_refused_by_kind() {
        let other = token()
            .to_string()
            .replace("\"version\":1", "\"version\":2");
        for (text, says) in [
            (other.as_str(), "version 2"),
            ("", "not a resume token"),
            ("null", "not a resume token"),
            ("{\"version\":1}", "missing field `found`"),
            (
                "{\"version\":\"not shown\"}",
                "`version` is of the wrong type",
            ),
            ("{\"version\":1,\"link\":[]}", "`link` is of the wrong type"),
            ("{\"version\":99,\"new\":true}", "version 99"),
            (&"x".repeat(MAX_LENGTH + 1), "too long"),
        ] {
            let error = text.parse::<ResumeToken>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ResumeToken);
            assert!(error.to_string().contains(says), "{error}");
        }
    }

    #[test]
    fn only_path_and_api_version_of_a_link_are_kept() {
        let url = Url::parse(
            "https://atlas.microsoft.com/a%20b/c?subscription-key=KEY&API-Version=2.0&sig=S#frag",
        )
        .unwrap();
        assert_eq!(
            reduce(&url, "https://atlas.microsoft.com"),
            "/a%20b/c?API-Version=2.0"
        );
        assert_eq!(
            reduce(&url, "https://other"),
            "https://atlas.microsoft.com/a%20b/c?API-Version=2.0"
        );
    }

    #[test]
    fn a_deadline_beyond_all_time_does_not_panic() {
        let mut token = token();
        token.deadline = u64::MAX;
        assert!(token.deadline() > SystemTime::UNIX_EPOCH || token.deadline == u64::MAX);
        token.origin = "no url".into();
        assert_eq!(token.url("/a").unwrap_err().kind(), ErrorKind::ResumeToken);
    }
}
