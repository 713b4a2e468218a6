//! What leads to a page of a list.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Leads to one page of a list, here or in another process.
///
/// A short text, by serde or with `to_string` and `from`. It holds the link to the page without key and signature
/// parameters. A client refuses one that leads to an origin that it does not trust.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContinuationToken(String);

/// Parameters that are secrets by their name, in lower case.
const SECRET: [&str; 8] = [
    "subscription-key",
    "key",
    "sig",
    "code",
    "access_token",
    "token",
    "api-key",
    "authorization",
];

impl ContinuationToken {
    pub(super) fn to_page(url: &url::Url) -> Self {
        let mut url = url.clone();
        if let Some(query) = url.query() {
            let kept: Vec<&str> = query
                .split('&')
                .filter(|pair| {
                    let name = pair.split('=').next().unwrap_or_default();
                    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
                    !SECRET.contains(&name.to_ascii_lowercase().as_str())
                })
                .collect();
            let kept = kept.join("&");
            url.set_query(Some(kept.as_str()).filter(|query| !query.is_empty()));
        }
        Self(url.into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn map(self, change: impl FnOnce(&str) -> String) -> Self {
        Self(change(&self.0))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_keeps_what_names_the_page_and_no_secret() {
        let url = "https://a/list?api-version=2.0&%24skip=a%2Bb&Subscription-Key=K&sig=S&x";
        let token = ContinuationToken::to_page(&url::Url::parse(url).unwrap());
        assert_eq!(
            token.to_string(),
            "https://a/list?api-version=2.0&%24skip=a%2Bb&x"
        );
        let json = serde_json::to_string(&token).unwrap();
        assert_eq!(
            serde_json::from_str::<ContinuationToken>(&json).unwrap(),
            token
        );
    }
}
