//! Operations that read the pages after the first.

use percent_encoding::{percent_decode_str, utf8_percent_encode};
use url::Url;

use crate::error::{Error, ErrorKind, Result};
use crate::request::{RESERVED, Request, is_part_of_a_path};

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
    /// Where a page is, whole or relative to the page before, with the query that the link has itself.
    ///
    /// # Errors
    ///
    /// The link cannot be a part of a path, or the request for the first page lacks what the path needs.
    pub(super) fn place(&self, link: &str, first: &Request, base: &Url) -> Result<String> {
        let Some((template, name)) = self.path.filter(|_| !is_whole(link)) else {
            return Ok(link.to_owned());
        };
        let link = link.split('#').next().unwrap_or_default();
        let (part, query) = match link.split_once('?') {
            Some((part, query)) => (part, Some(query)),
            None => (link, None),
        };
        if part.is_empty() {
            // Another query of the page before.
            return Ok(link.to_owned());
        }
        if !is_part_of_a_path(part) {
            let message = "the link to the next page is no part of a path";
            return Err(Error::new(ErrorKind::Decode, message).with_may_have_been_sent(true));
        }
        let mut place: String = first.at_template(base, template, (name, part))?.into();
        if let Some(query) = query {
            place.push('?');
            place.push_str(query);
        }
        Ok(place)
    }

    /// The parameters of the query, encoded, that the operation has and a link lacks.
    pub(super) fn parameters(&self, link: &Url, first: &Request) -> Vec<String> {
        let given = link.query().unwrap_or_default();
        let is_given = |name: &str| given.split('&').any(|pair| is_named(pair, name));
        let is_constant = |pair: &str| self.constants.iter().any(|(name, _)| is_named(pair, name));
        let shared = first.query_text().split('&').filter(|pair| {
            let mut names = self.query.iter();
            !is_constant(pair) && names.any(|name| is_named(pair, name) && !is_given(name))
        });
        let constants = self.constants.iter().filter(|(name, _)| !is_given(name));
        let constants = constants.map(|(name, value)| {
            let [name, value] = [name, value].map(|text| utf8_percent_encode(text, RESERVED));
            format!("{name}={value}")
        });
        shared.map(str::to_owned).chain(constants).collect()
    }
}

/// Whether a link says itself where it leads: from the root of the server, or all of it.
fn is_whole(link: &str) -> bool {
    let url = Url::parse(link);
    link.starts_with('/') || url.is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn is_named(pair: &str, name: &str) -> bool {
    let own = pair.split('=').next().unwrap_or_default();
    percent_decode_str(own).decode_utf8_lossy() == name
}
