//! Operations that read the pages after the first.

use percent_encoding::{percent_decode_str, utf8_percent_encode};
use url::Url;

use crate::error::Result;
use crate::request::{RESERVED, Request};

/// The operation that reads the pages after the first, where a definition names one (`operationName`).
///
/// A generated client holds one `static` of these for each such list, and hands it to
/// [`Pager::with_following`](crate::Pager::with_following). What the operation shares with the request for the first page, it
/// takes over from there.
///
/// # Examples
///
/// ```
/// use maps_core::service::FollowingPages;
///
/// // A page says `"next": "page/2?skip=10"`.
/// static FOLLOWING: FollowingPages = FollowingPages {
///     path: Some(("/tenants/{tenant}/things/{next}", "next")),
///     query: &["filter"],
///     constants: &[("expand", "all")],
/// };
/// ```
#[derive(Debug)]
pub struct FollowingPages {
    /// Its path template and the parameter of that which takes the link; without them the link itself is where the page
    /// is.
    pub path: Option<(&'static str, &'static str)>,
    /// Its parameters of the query.
    pub query: &'static [&'static str],
    /// Those of them that have one value.
    pub constants: &'static [(&'static str, &'static str)],
}

impl FollowingPages {
    /// The link to a page, whole or relative to the page before.
    ///
    /// # Errors
    ///
    /// The request for the first page lacks what the path needs.
    pub(super) fn link(&self, link: &str, first: &Request, base: &Url) -> Result<String> {
        let link = link.split('#').next().unwrap_or_default();
        let (place, query) = match link.split_once('?') {
            Some((place, query)) => (place, query),
            None => (link, ""),
        };
        let place = match self.path {
            // A link with a root of its own is no part of a path.
            Some((template, name)) if !place.starts_with('/') && Url::parse(link).is_err() => {
                first.at_template(base, template, (name, place))?.into()
            }
            _ => place.to_owned(),
        };
        let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        let is_given = |name: &str| query.split('&').any(|pair| is_named(pair, name));
        let constants: Vec<String> = self
            .constants
            .iter()
            .filter(|(name, _)| !is_given(name))
            .map(|(name, value)| {
                let [name, value] = [name, value].map(|text| utf8_percent_encode(text, RESERVED));
                format!("{name}={value}")
            })
            .collect();
        let shared = first.query_text().split('&').filter(|pair| {
            let has_one_value = self.constants.iter().any(|(name, _)| is_named(pair, name));
            let mut names = self.query.iter();
            !has_one_value && names.any(|name| is_named(pair, name) && !is_given(name))
        });
        pairs.extend(shared);
        pairs.extend(constants.iter().map(String::as_str));
        Ok(match pairs.is_empty() {
            true => place,
            false => format!("{place}?{}", pairs.join("&")),
        })
    }
}

fn is_named(pair: &str, name: &str) -> bool {
    let own = pair.split('=').next().unwrap_or_default();
    percent_decode_str(own).decode_utf8_lossy() == name
}
