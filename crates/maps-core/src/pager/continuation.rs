//! What leads to a page of a list.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::pipeline::Pipeline;

/// Leads to one page of a list, here or in another process.
///
/// A short text, by serde or with `to_string` and `from`. It holds the link to the page without the parameters that
/// sign a request. A client refuses one that leads to an origin that it does not trust.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContinuationToken(String);

/// Parameters that sign a link, in lower case, which are left out: they end soon, and no page is named by them. The key
/// of the client is in no link any more. `key`, `code` and `token` are not among them: services call the place in a list
/// so.
const SIGNING: [&str; 2] = ["sig", "access_token"];

/// Parameters that are secrets whoever made them, and lead nowhere when they are left out.
const SECRET: [&str; 2] = ["api-key", "authorization"];

impl ContinuationToken {
    /// `None` when the link to the page has a secret that cannot be left out.
    pub(super) fn to_page(url: &Url, pipeline: &Pipeline) -> Option<Self> {
        let mut kept = Vec::new();
        for pair in url.query().unwrap_or_default().split('&') {
            let name = pair.split('=').next().unwrap_or_default();
            let name = percent_decode_str(name).decode_utf8_lossy();
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            if SECRET.into_iter().any(is) {
                return None;
            }
            if !SIGNING.into_iter().any(is) {
                kept.push(pair);
            }
        }
        let mut page = url.clone();
        let kept = kept.join("&");
        page.set_query(Some(kept.as_str()).filter(|query| !query.is_empty()));
        Some(Self(page.into())).filter(|token| !pipeline.holds_secret(&token.0))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContinuationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for ContinuationToken {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for ContinuationToken {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}
