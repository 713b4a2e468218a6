//! Answers.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, HeaderValue, StatusCode};
use maps_types::formats::{ReadAs, WireFormat};
use serde::de::DeserializeOwned;
use url::Url;

use crate::declared::Declared;
#[cfg(feature = "xml")]
use crate::decode::from_value;
use crate::decode::{DecodeFault, from_json};
use crate::error::{Error, Result, strip_bom};
use crate::pipeline::{CLIENT_REQUEST_ID, Pipeline};
use crate::transport::{Body, HttpRequest, names};
#[cfg(feature = "xml")]
use crate::xml::Element;

/// A complete answer whose body is not decoded.
#[derive(Clone)]
pub struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// What of the body a download still has to read.
    pub(crate) unread: Option<Unread>,
    /// Where the answer came from, redirects followed, without the key.
    pub(crate) url: Url,
    pub(crate) call: Call,
    pub(crate) pipeline: Pipeline,
}

/// What tells one call from the others.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) operation: &'static str,
    pub(crate) declared: Declared,
    pub(crate) client_request_id: Option<HeaderValue>,
}

impl Call {
    /// The call that a request belongs to.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        Self {
            operation: request.context.operation,
            declared: request.context.declared,
            client_request_id: request.headers.get(CLIENT_REQUEST_ID).cloned(),
        }
    }

    pub(crate) fn client_request_id(&self) -> Option<&str> {
        self.client_request_id.as_ref()?.to_str().ok()
    }
}

/// Statuses that say where to ask instead.
pub(crate) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301..=303 | 307 | 308)
}

/// The id that the service gave an exchange, under the names that services use.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    [
        "x-ms-request-id",
        "request-id",
        "x-ms-correlation-request-id",
    ]
    .iter()
    .find_map(|name| headers.get(*name)?.to_str().ok())
}

/// A body that is still on its way; clones are the same one.
#[derive(Debug, Clone)]
pub(crate) struct Unread(Arc<Mutex<Option<Body>>>);

impl Unread {
    pub(crate) fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(Some(body))))
    }

    /// The body, for the first who asks.
    pub(crate) fn take(&self) -> Option<Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl RawResponse {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as it came.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// Identifier that the service gave the exchange, which its support asks for.
    ///
    /// The header `x-ms-request-id`, or `request-id` or `x-ms-correlation-request-id` without it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// Identifier that the client gave the call, sent as `x-ms-client-request-id` with each of its tries.
    #[must_use]
    pub fn client_request_id(&self) -> Option<&str> {
        self.call.client_request_id()
    }

    /// Whether what was asked for was not done: a redirect that was not followed says so too.
    pub(crate) fn is_refusal(&self) -> bool {
        match self.status.as_u16() {
            ..300 => false,
            300..400 => is_redirect(self.status) && !self.is_declared(),
            400.. => true,
        }
    }

    /// Whether it is a success, or a redirect that the definition declares as an answer.
    pub(crate) fn is_good(&self) -> bool {
        self.status.is_success() || self.is_declared()
    }

    fn is_declared(&self) -> bool {
        self.call.declared.is_answer(self.status)
    }

    /// Where it came from.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Decodes the body as JSON, whatever its content type says.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) with the path of the value that does not fit.
    pub fn json<T: DeserializeOwned, H>(self) -> Result<Response<T, H>> {
        let body = self.decode()?;
        Ok(self.with_body(body))
    }

    /// Decodes the body as JSON whose values have a format of their own: dates, bytes, lists of them.
    ///
    /// # Errors
    ///
    /// As [`json`](Self::json).
    pub fn json_as<F: WireFormat, H>(self) -> Result<Response<F::Value, H>> {
        let ReadAs(body) = self.decode::<ReadAs<F>>()?;
        Ok(self.with_body(body))
    }

    /// Decodes the body as JSON when there is one that is not `null`.
    ///
    /// # Errors
    ///
    /// As [`json`](Self::json).
    pub fn json_optional<T: DeserializeOwned, H>(self) -> Result<Response<Option<T>, H>> {
        self.json_or_null(Self::json)
    }

    /// Decodes the body as [`json_as`](Self::json_as) does, when there is one that is not `null`.
    ///
    /// # Errors
    ///
    /// As [`json`](Self::json).
    pub fn json_as_optional<F: WireFormat, H>(self) -> Result<Response<Option<F::Value>, H>> {
        self.json_or_null(Self::json_as::<F, H>)
    }

    fn json_or_null<T, H>(
        self,
        read: impl FnOnce(Self) -> Result<Response<T, H>>,
    ) -> Result<Response<Option<T>, H>> {
        if strip_bom(&self.body).trim_ascii() == b"null" {
            return Ok(self.with_body(None));
        }
        self.optional(read)
    }

    /// Reads the body by `read` when there is one.
    ///
    /// # Errors
    ///
    /// Those of `read`.
    pub fn optional<T, H>(
        self,
        read: impl FnOnce(Self) -> Result<Response<T, H>>,
    ) -> Result<Response<Option<T>, H>> {
        if strip_bom(&self.body).iter().all(u8::is_ascii_whitespace) {
            return Ok(self.with_body(None));
        }
        read(self).map(|response| response.map(Some))
    }

    /// Decodes the body as XML, as `element` says, whatever its root is called.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when it is not XML, or with the path of the value that does
    /// not fit.
    #[cfg(feature = "xml")]
    pub fn xml<T: DeserializeOwned, H>(self, element: &Element) -> Result<Response<T, H>> {
        let read = crate::xml::read(element, &self.body);
        let read = read.map_err(|fault| DecodeFault::new(format!("not XML: {fault}")));
        let body = read.and_then(from_value);
        let body = body.map_err(|fault| fault.into_error(&self))?;
        Ok(self.with_body(body))
    }

    /// Reads the body as text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when it is not UTF-8.
    pub fn text<H>(self) -> Result<Response<String, H>> {
        let text = self.as_text()?.to_owned();
        Ok(self.with_body(text))
    }

    /// Reads the body as the text of a value, space around it left out.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when it is not UTF-8, or when `read` gives an error.
    pub fn text_with<T, E: fmt::Display, H>(
        self,
        read: impl FnOnce(&str) -> std::result::Result<T, E>,
    ) -> Result<Response<T, H>> {
        let value = read(self.as_text()?.trim()).map_err(|error| self.decode_error(&error))?;
        Ok(self.with_body(value))
    }

    fn as_text(&self) -> Result<&str> {
        std::str::from_utf8(strip_bom(&self.body)).map_err(|error| self.decode_error(&error))
    }

    /// An error that says why the body is not what the definition says.
    fn decode_error(&self, reason: &dyn fmt::Display) -> Error {
        DecodeFault::new(reason.to_string()).into_error(self)
    }

    /// An answer whose body says nothing.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn empty<H>(self) -> Result<Response<(), H>> {
        Ok(self.with_body(()))
    }

    /// An answer whose body is no JSON.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn bytes_body<H>(self) -> Result<Response<Bytes, H>> {
        let body = self.body.clone();
        Ok(self.with_body(body))
    }

    /// Decodes the body as JSON and keeps the answer.
    pub(crate) fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        from_json(&self.body).map_err(|fault| fault.into_error(self))
    }

    /// The error that the answer is, whatever its status.
    #[must_use]
    pub fn into_error(self) -> Error {
        self.pipeline.service_error(&self)
    }

    /// Why the body is not what it seems: the server encoded it, which no request asks for.
    pub(crate) fn encoding_fault(&self) -> Option<String> {
        const KNOWN: [&str; 6] = ["gzip", "x-gzip", "deflate", "br", "zstd", "compress"];
        let encoding = self.headers.get(CONTENT_ENCODING)?.as_bytes();
        if encoding.trim_ascii().is_empty() || encoding.eq_ignore_ascii_case(b"identity") {
            return None;
        }
        // Only names that are known are repeated.
        let known = KNOWN
            .iter()
            .find(|name| encoding.eq_ignore_ascii_case(name.as_bytes()));
        let name = known.unwrap_or(&"something unknown");
        Some(format!(
            "the body of the answer is encoded as {name}, which was not asked for"
        ))
    }

    /// Names of the headers, the client's secrets blotted out: a name can hold one as well as a value.
    fn header_names(&self) -> Vec<String> {
        let names = names(&self.headers).into_iter();
        names.map(|name| self.pipeline.redact(name)).collect()
    }

    pub(crate) fn with_body<T, H>(self, value: T) -> Response<T, H> {
        Response {
            raw: self,
            value,
            typed: PhantomData,
        }
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status.as_u16())
            .field("headers", &self.header_names())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// An answer: status, headers, body decoded as `T` and as it came.
///
/// `H` is the type of the headers that the definition declares, [`HeaderMap`] when there are none.
#[derive(Clone)]
pub struct Response<T, H = HeaderMap> {
    raw: RawResponse,
    value: T,
    typed: PhantomData<fn() -> H>,
}

impl<T, H> Response<T, H> {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// Identifier that the service gave the exchange, which its support asks for.
    ///
    /// The header `x-ms-request-id`, or `request-id` or `x-ms-correlation-request-id` without it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.raw.request_id()
    }

    /// Identifier that the client gave the call, sent as `x-ms-client-request-id` with each of its tries.
    ///
    /// A random UUID, or what [`CallOptions::client_request_id`](crate::CallOptions::client_request_id) said.
    #[must_use]
    pub fn client_request_id(&self) -> Option<&str> {
        self.raw.client_request_id()
    }

    /// The decoded body.
    #[must_use]
    pub fn body(&self) -> &T {
        &self.value
    }

    /// The decoded body alone.
    #[must_use]
    pub fn into_body(self) -> T {
        self.value
    }

    /// The body as it came.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.raw.body
    }

    /// The declared headers as their types.
    #[must_use]
    pub fn typed_headers(&self) -> H
    where
        H: From<HeaderMap>,
    {
        H::from(self.raw.headers.clone())
    }

    /// The same answer with its body changed.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U, H> {
        Response {
            raw: self.raw,
            value: change(self.value),
            typed: PhantomData,
        }
    }
}

impl<T: fmt::Debug, H> fmt::Debug for Response<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The service may repeat the client's key in any field.
        let value = if f.alternate() {
            format!("{:#?}", self.value)
        } else {
            format!("{:?}", self.value)
        };
        let value = self.raw.pipeline.redact(&value);
        f.debug_struct("Response")
            .field("status", &self.raw.status.as_u16())
            .field("body", &format_args!("{value}"))
            .finish_non_exhaustive()
    }
}
