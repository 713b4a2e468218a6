//! Options of one call.

use std::fmt;
use std::time::Duration;

use crate::request::OF_ONE_REQUEST;

/// Options of one call.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use maps_core::CallOptions;
///
/// // For `call_options` of a request: `client.route_matrix(&request).call_options(options).await?`.
/// let options = CallOptions::new().timeout(Duration::from_secs(5)).repeatable();
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) try_timeout: Option<Duration>,
    pub(crate) repeatable: bool,
    pub(crate) client_request_id: Option<Box<str>>,
    pub(crate) headers: Vec<(String, String)>,
}

impl CallOptions {
    /// The client's options.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same for another request of the same list.
    pub(crate) fn behind_the_first(&self) -> Self {
        let mut options = self.clone();
        let is_of_one = |name: &str| {
            let mut names = OF_ONE_REQUEST.iter();
            names.any(|of| of.as_str().eq_ignore_ascii_case(name))
        };
        options.headers.retain(|(name, _)| !is_of_one(name));
        options
    }

    pub(crate) fn is_default(&self) -> bool {
        self.timeout.is_none()
            && self.try_timeout.is_none()
            && !self.repeatable
            && self.client_request_id.is_none()
            && self.headers.is_empty()
    }

    /// Limit of the call with its retries, in place of [`Timeouts::call`](crate::Timeouts::call).
    ///
    /// It bounds a [`Download`](crate::Download) up to its last byte.
    ///
    /// On a long-running operation or a list it bounds each request, not the whole:
    /// [`PollingOptions::timeout`](crate::PollingOptions::timeout) bounds an operation. A call without time (zero) is a
    /// [`Timeout`](crate::ErrorKind::Timeout) at once; nothing is sent.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Limit of one try, in place of [`Timeouts::one_try`](crate::Timeouts::one_try).
    ///
    /// Longer than the call's it has no effect.
    pub fn try_timeout(mut self, limit: Duration) -> Self {
        self.try_timeout = Some(limit);
        self
    }

    /// Says that doing the request twice does no harm, so that a POST is retried like a GET.
    ///
    /// Without it a POST is retried only when no connection was made and after 429 and 503, with which a service says
    /// that it did nothing.
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// The id under which the service logs the call, in place of the UUID that the client makes.
    ///
    /// Sent as `x-ms-client-request-id` with all tries of the call, and of a long-running operation or a list with all
    /// its requests. Where a definition declares that header as a parameter, the parameter's value goes before this one.
    /// An id that a header cannot carry is the error of the call.
    ///
    /// # Examples
    ///
    /// ```
    /// use maps_core::CallOptions;
    ///
    /// // The id of the request that the program itself is answering.
    /// let options = CallOptions::new().client_request_id("7f3c1c5e-5d0f-4b61-9f0e-2f9d4f0a8f11");
    /// ```
    pub fn client_request_id(mut self, id: impl Into<String>) -> Self {
        self.client_request_id = Some(id.into().into_boxed_str());
        self
    }

    /// A header beside those of the operation, in place of one of the same name.
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
            .field("client_request_id", &self.client_request_id)
            .field("headers", &names)
            .finish()
    }
}
