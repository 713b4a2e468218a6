//! Options of one call.

use std::fmt;
use std::time::Duration;

/// Options of one call.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use maps_core::CallOptions;
///
/// let options = CallOptions::new().timeout(Duration::from_secs(5)).repeatable();
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) try_timeout: Option<Duration>,
    pub(crate) repeatable: bool,
    pub(crate) headers: Vec<(String, String)>,
}

impl CallOptions {
    /// The client's options.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn is_default(&self) -> bool {
        self.timeout.is_none()
            && self.try_timeout.is_none()
            && !self.repeatable
            && self.headers.is_empty()
    }

    /// Limit of the call with its retries.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Limit of one try.
    pub fn try_timeout(mut self, limit: Duration) -> Self {
        self.try_timeout = Some(limit);
        self
    }

    /// Says that doing the request twice does no harm, so that a POST is retried like a GET.
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// A header beside those of the operation.
    ///
    /// A name or value that is not legal is the error of the call.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("try_timeout", &self.try_timeout)
            .field("repeatable", &self.repeatable)
            .field("headers", &names)
            .finish()
    }
}
