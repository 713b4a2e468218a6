//! Where a request goes.

use url::Url;

use crate::error::{Error, Result};
use crate::trust::TrustedUrl;

#[derive(Clone)]
pub(super) enum Target {
    /// A path template and the encoded values of its parameters.
    Template(&'static str, Vec<(&'static str, String)>),
    /// An encoded path.
    Path(String),
    /// A link of the service.
    Link(TrustedUrl),
}

impl Target {
    /// The whole URL: the base with the path behind its own, and an encoded query; a link has those of its own.
    pub(super) fn url(&self, base: &Url, query: &str) -> Result<Url> {
        let mut url = match self {
            Self::Link(link) => {
                let mut url = link.url().clone();
                if !query.is_empty() {
                    let query = match url.query() {
                        Some(own) if !own.is_empty() => format!("{own}&{query}"),
                        _ => query.to_owned(),
                    };
                    url.set_query(Some(&query));
                }
                return Ok(url);
            }
            Self::Path(path) => at_path(base, path),
            Self::Template(template, values) => at_path(base, &fill(template, values)?),
        };
        if !query.is_empty() {
            url.set_query(Some(query));
        }
        Ok(url)
    }

    /// Where a template leads with these values and another one, which is encoded already.
    pub(super) fn at_template(
        &self,
        base: &Url,
        template: &str,
        other: (&'static str, &str),
    ) -> Result<Url> {
        let mut values = vec![(other.0, other.1.to_owned())];
        if let Self::Template(_, own) = self {
            values.extend(own.iter().cloned());
        }
        Ok(at_path(base, &fill(template, &values)?))
    }
}

/// The base with a path behind its own.
fn at_path(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    let prefix = base.path().trim_end_matches('/');
    if prefix.is_empty() {
        url.set_path(path);
    } else {
        url.set_path(&format!("{prefix}{path}"));
    }
    url
}

/// Whether a segment of a path is `.` or `..`, in any escape.
pub(crate) fn has_dots(path: &str) -> bool {
    path.as_bytes().split(|&byte| byte == b'/').any(is_dots)
}

fn is_dots(mut segment: &[u8]) -> bool {
    let mut dots = 0;
    while let [b'.', rest @ ..] | [b'%', b'2', b'e' | b'E', rest @ ..] = segment {
        segment = rest;
        dots += 1;
    }
    segment.is_empty() && matches!(dots, 1 | 2)
}

/// Whether a text, encoded already, stays where it is put in a path.
pub(crate) fn is_part_of_a_path(text: &str) -> bool {
    let legal = !text.contains(['?', '#', '\\']) && !text.contains(char::is_control);
    let mut segments = text.trim_matches('/').split('/');
    legal && segments.all(|segment| !is_dots(segment.as_bytes()) && !segment.is_empty())
}

/// Puts the encoded values into their places.
fn fill(template: &str, values: &[(&'static str, String)]) -> Result<String> {
    let mut path = String::with_capacity(template.len() + 40);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            return Err(Error::argument(format!(
                "the path {template} has an open brace"
            )));
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => path.push_str(value),
            None => return Err(Error::argument(format!("`{name}` has no value"))),
        }
        rest = after;
    }
    path.push_str(rest);
    // The URL parser would climb out of the path.
    if has_dots(&path) {
        return Err(Error::argument("a segment of the path is `.` or `..`"));
    }
    Ok(path)
}
