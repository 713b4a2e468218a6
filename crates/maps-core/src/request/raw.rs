//! Requests beyond the definitions.

use std::future::IntoFuture;

use futures_core::future::BoxFuture;
use http::{HeaderName, Method};
use serde::Serialize;

use super::{Request, Target, has_dots};
use crate::download::Download;
use crate::error::Result;
use crate::options::CallOptions;
use crate::pipeline::Pipeline;
use crate::response::RawResponse;
use crate::upload::Upload;

/// Any request to a service, through the client's pipeline, credentials and origin check.
///
/// Setters never fail: the first fault is the error of [`send`](Self::send).
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited or sent"]
pub struct RawRequest {
    pipeline: Pipeline,
    request: Request,
}

impl RawRequest {
    /// A request of an encoded path, which may have a query; `api-version` is added when it has none and the
    /// service knows one.
    pub fn new(pipeline: Pipeline, method: Method, path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let target = Target::Path(path.to_owned());
        let mut request = Request::to("request", method, target);
        if !path.starts_with('/') || path.contains(['#', '\\']) || path.contains(char::is_control) {
            request.fail(
                "a path starts with `/` and has neither fragment, backslash nor control characters"
                    .into(),
            );
        } else if has_dots(path) {
            request.fail("a segment of the path is `.` or `..`".into());
        }
        if query.contains('#') || query.contains(char::is_control) {
            request.fail("a query has neither fragment nor control characters".into());
        }
        query.clone_into(&mut request.0.query);
        let has_version = query.split('&').any(|pair| {
            pair.split('=')
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("api-version"))
        });
        if !has_version && !pipeline.api_version().is_empty() {
            request.0.query = match request.0.query.as_str() {
                "" => format!("api-version={}", pipeline.api_version()),
                query => format!("{query}&api-version={}", pipeline.api_version()),
            };
        }
        Self { pipeline, request }
    }

    /// Gives a parameter of the query its value.
    pub fn query(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.request.clear_query(name);
        self.request.push_query(name, &value.to_string());
        self
    }

    /// Sets a header.
    pub fn header(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(header) => self.request.header_value(header, name, &value.to_string()),
            Err(_) => self.request.fail(format!("`{name}` is not a header name")),
        }
        self
    }

    /// Sets the body to JSON.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        self.request.json("application/json", body);
        self
    }

    /// Sets the body to bytes of a media type, or a stream of them.
    pub fn bytes(mut self, content_type: &str, body: impl Into<Upload>) -> Self {
        self.request.bytes(content_type, body);
        self
    }

    /// Asks for what is behind the first `offset` bytes, to go on with a download whose front is there already.
    ///
    /// [`download`](Self::download) then fails when the service gives anything else than that part, and is at its end
    /// at once when there is nothing behind them. Say with [`if_range`](Self::if_range) which state the front is of.
    pub fn range_from(self, offset: u64) -> Self {
        self.header("Range", format_args!("bytes={offset}-"))
    }

    /// Asks for a part only as long as what is there has not changed since `validator` was given.
    ///
    /// The validator is [`Download::validator`] of the download that broke off.
    pub fn if_range(self, validator: &str) -> Self {
        self.header("If-Range", validator)
    }

    /// Sets the options of the call.
    pub fn call_options(mut self, options: CallOptions) -> Self {
        self.request.options(options);
        self
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// A status of 400 or more, and a redirect that is not followed, is [`ErrorKind::Service`](crate::ErrorKind::Service),
    /// as for any operation. The error has status, headers and body of the answer.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the request; the service may have seen it.
    pub async fn send(self) -> Result<RawResponse> {
        self.pipeline.send(self.request).await
    }

    /// Sends the request and leaves the body to be read piece by piece, whatever its size.
    ///
    /// # Errors
    ///
    /// Those of [`Pipeline::download`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the request; the service may have seen it.
    pub async fn download(self) -> Result<Download> {
        self.pipeline.download(self.request).await
    }
}

impl IntoFuture for RawRequest {
    type Output = Result<RawResponse>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
