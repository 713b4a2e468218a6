//! What a test says about a request that went out.

use std::fmt;
use std::ops::Deref;

use serde::Serialize;
use serde_json::Value;

use crate::transport::HttpRequest;

/// A request that went out, with assertions that can be chained.
///
/// Each assertion panics when it does not hold, and says what there was instead. The values of headers that hold
/// secrets are not shown. It derefs to [`HttpRequest`], whose fields are public.
///
/// # Examples
///
/// ```no_run
/// # fn test(script: maps_core::test_kit::ScriptedTransport) {
/// script
///     .request(0)
///     .assert_method("POST")
///     .assert_path("/route/matrix:async")
///     .assert_query("api-version", "2025-01-01")
///     .assert_header("content-type", "application/geo+json")
///     .assert_no_header("authorization");
/// # }
/// ```
#[derive(Clone)]
pub struct SentRequest(HttpRequest);

impl SentRequest {
    pub(super) fn new(request: HttpRequest) -> Self {
        Self(request)
    }

    /// The operation, by its `operationId`; polls are of the one that was submitted.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.context.operation
    }

    /// The values of a query parameter, decoded.
    #[must_use]
    pub fn query(&self, name: &str) -> Vec<String> {
        let pairs = self.0.url.query_pairs();
        pairs
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
            .collect()
    }

    /// The body as JSON; `None` when there is none or it is something else.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.0.body.as_ref()?.as_bytes()?).ok()
    }

    /// The request is of this operation, by its `operationId`.
    ///
    /// # Panics
    ///
    /// When it is not.
    #[track_caller]
    pub fn assert_operation(&self, operation: &str) -> &Self {
        self.check(
            self.operation() == operation,
            "operation",
            operation,
            self.operation(),
        )
    }

    /// The request has this method.
    ///
    /// # Panics
    ///
    /// When it has not.
    #[track_caller]
    pub fn assert_method(&self, method: &str) -> &Self {
        let own = self.0.method.as_str();
        self.check(own == method, "method", method, own)
    }

    /// The path, percent-encoded as it goes out, is this one.
    ///
    /// # Panics
    ///
    /// When it is not.
    #[track_caller]
    pub fn assert_path(&self, path: &str) -> &Self {
        let own = self.0.url.path();
        self.check(own == path, "path", path, own)
    }

    /// The query has this parameter once, with this value.
    ///
    /// # Panics
    ///
    /// When it has not.
    #[track_caller]
    pub fn assert_query(&self, name: &str, value: &str) -> &Self {
        let own = self.query(name);
        let holds = own.len() == 1 && own[0] == value;
        self.check(holds, &format!("query parameter `{name}`"), value, own)
    }

    /// The query does not have this parameter.
    ///
    /// # Panics
    ///
    /// When it has.
    #[track_caller]
    pub fn assert_no_query(&self, name: &str) -> &Self {
        let own = self.query(name);
        self.check(
            own.is_empty(),
            &format!("query parameter `{name}`"),
            "absent",
            own,
        )
    }

    /// The request has this header once, with this value.
    ///
    /// # Panics
    ///
    /// When it has not.
    #[track_caller]
    pub fn assert_header(&self, name: &str, value: &str) -> &Self {
        let own: Vec<_> = self.0.headers.get_all(name).iter().collect();
        let holds = own.len() == 1 && own[0].as_bytes() == value.as_bytes();
        // `Debug` of a header value that holds a secret shows none.
        let secret = own.iter().any(|value| value.is_sensitive());
        let expected = if secret { "(a secret)" } else { value };
        self.check(holds, &format!("header `{name}`"), expected, own)
    }

    /// The request does not have this header.
    ///
    /// # Panics
    ///
    /// When it has.
    #[track_caller]
    pub fn assert_no_header(&self, name: &str) -> &Self {
        let own: Vec<_> = self.0.headers.get_all(name).iter().collect();
        self.check(own.is_empty(), &format!("header `{name}`"), "absent", own)
    }

    /// The body is JSON of this value.
    ///
    /// # Panics
    ///
    /// When it is not.
    #[track_caller]
    pub fn assert_json(&self, value: &impl Serialize) -> &Self {
        let expected = serde_json::to_value(value).ok();
        let own = self.json();
        self.check(
            expected.is_some() && own == expected,
            "body",
            &expected.map_or_else(
                || "a value that is no JSON".to_owned(),
                |value| value.to_string(),
            ),
            own.map(|value| value.to_string()),
        )
    }

    #[track_caller]
    fn check(&self, holds: bool, what: &str, expected: &str, own: impl fmt::Debug) -> &Self {
        assert!(
            holds,
            "{what} of {} {}: expected {expected:?}, was {own:?}",
            self.0.method,
            self.0.url.path()
        );
        self
    }
}

impl Deref for SentRequest {
    type Target = HttpRequest;

    fn deref(&self) -> &HttpRequest {
        &self.0
    }
}

impl fmt::Debug for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
