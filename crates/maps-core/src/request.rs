//! Requests as generated clients build them.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, ACCEPT, CONTENT_TYPE, InvalidHeaderValue};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use maps_types::formats::{WireFormat, WriteAs};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use url::Url;

use crate::credential::sensitive_name;
use crate::declared::Declared;
use crate::error::{Error, Result};
use crate::options::CallOptions;
use crate::pipeline::CLIENT_REQUEST_ID;
use crate::service::{Check, Collection, Operation};
use crate::transport::{Context, HttpRequest, Purpose, names};
use crate::trust::TrustedUrl;
use crate::upload::Upload;
#[cfg(feature = "xml")]
use crate::xml::Element;

mod content;
mod form;
mod list;
mod raw;
mod target;

pub use content::Content;
pub use form::FormFile;
pub use raw::RawRequest;

use form::Form;
use list::{Place, encode};
use target::Target;
pub(crate) use target::{has_dots, is_part_of_a_path};

/// Everything but the characters that no URL part needs to escape.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Headers of a body, and conditions on one answer: nothing of them goes with another request.
pub(crate) const OF_ONE_REQUEST: [HeaderName; 11] = [
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LENGTH,
    header::CONTENT_LOCATION,
    header::CONTENT_TYPE,
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
];

/// A request that is being put together.
///
/// Setters never fail: the first fault is kept and is the error of [`Pipeline::send`](crate::Pipeline::send).
#[derive(Clone)]
pub struct Request(Box<Parts>);

// Boxed, because a request is moved from one future into the next.
#[derive(Clone)]
struct Parts {
    operation: &'static str,
    purpose: Purpose,
    declared: Declared,
    method: Method,
    target: Target,
    /// Encoded pairs; those of a link are in its URL.
    query: String,
    headers: HeaderMap,
    /// The body and its media type.
    body: Option<(HeaderValue, Upload)>,
    /// The form that is the body in its place.
    form: Option<Box<Form>>,
    options: CallOptions,
    operation_id: Option<&'static str>,
    fault: Option<Box<str>>,
}

impl Request {
    /// `api_version` is empty for an operation that declares none.
    pub(crate) fn new(operation: &'static Operation, api_version: &str) -> Self {
        let target = Target::Template(operation.path, Vec::new());
        let mut request = Self::to(operation.id, operation.method.clone(), target);
        request.set_version(api_version);
        request.0.declared.redirects = operation.redirects;
        if !operation.accept.is_empty() {
            let value = Bytes::from_static(operation.accept.as_bytes());
            request.insert(ACCEPT, "Accept", HeaderValue::from_maybe_shared(value));
        }
        request
    }

    /// A GET of a path template.
    pub(crate) fn get(operation: &'static str, path: &'static str, api_version: &str) -> Self {
        let mut request = Self::to(operation, Method::GET, Target::Template(path, Vec::new()));
        request.set_version(api_version);
        request
    }

    /// A GET of a link that passed the trust check.
    pub(crate) fn follow(operation: &'static str, link: TrustedUrl, purpose: Purpose) -> Self {
        let mut request = Self::to(operation, Method::GET, Target::Link(link));
        request.0.purpose = purpose;
        request
            .0
            .headers
            .insert(ACCEPT, HeaderValue::from_static("application/json"));
        request
    }

    fn to(operation: &'static str, method: Method, target: Target) -> Self {
        Self(Box::new(Parts {
            operation,
            purpose: Purpose::Call,
            declared: Declared::default(),
            method,
            target,
            query: String::new(),
            headers: HeaderMap::new(),
            body: None,
            form: None,
            options: CallOptions::default(),
            operation_id: None,
            fault: None,
        }))
    }

    /// Makes `api-version` the first pair of the query, with room for others.
    fn set_version(&mut self, encoded: &str) {
        if !encoded.is_empty() {
            self.0.query = String::with_capacity(64);
            self.0.query.push_str("api-version=");
            self.0.query.push_str(encoded);
        }
    }

    /// Notes that a parameter which the operation requires was not given.
    pub fn missing(&mut self, name: &'static str) {
        self.fail(format!("`{name}` is required and was not given"));
    }

    /// Gives a parameter of the path its value, percent-encoded as one segment or part of one.
    ///
    /// An empty value, a whole segment of `.` or `..`, and one that breaks its check are refused.
    pub fn path(
        &mut self,
        name: &'static str,
        value: impl AsRef<str>,
        check: Option<&'static Check>,
    ) {
        let value = value.as_ref();
        if self.check(name, value, check) {
            let encoded = Cow::from(utf8_percent_encode(value, RESERVED)).into_owned();
            self.path_value(name, encoded);
        }
    }

    /// Gives a parameter of the path the one value that its definition allows, which may be empty.
    pub fn path_constant(&mut self, name: &'static str, value: &str) {
        let encoded = Cow::from(utf8_percent_encode(value, RESERVED)).into_owned();
        self.path_value(name, encoded);
    }

    /// Gives a parameter of the path a list of values; an empty one is refused.
    pub fn path_list<I>(
        &mut self,
        name: &'static str,
        values: I,
        collection: Collection,
        check: Option<&'static Check>,
    ) where
        I: IntoIterator,
        I::Item: fmt::Display,
    {
        let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        let plain = values.join(collection.separator());
        if !self.check(name, &plain, check) {
            return;
        }
        if let Some(encoded) = self.list(name, values, collection, Place::Path).pop() {
            self.path_value(name, encoded);
        }
    }

    /// Gives a parameter of the path a value that is encoded already.
    ///
    /// It may have several segments, none of them `.`, `..` or empty, and neither query nor fragment.
    pub fn path_unencoded(
        &mut self,
        name: &'static str,
        value: impl AsRef<str>,
        check: Option<&'static Check>,
    ) {
        let value = value.as_ref();
        if !self.check(name, value, check) {
            return;
        }
        if is_part_of_a_path(value) {
            self.path_value(name, value.trim_start_matches('/').to_owned());
        } else {
            self.fail(format!("`{name}` is not part of a path"));
        }
    }

    /// Gives a parameter of the query its value.
    ///
    /// A parameter that is set twice has its last value.
    pub fn query(&mut self, name: &'static str, value: impl fmt::Display) {
        self.clear_query(name);
        self.push_query(name, &value.to_string());
    }

    /// Gives a parameter of the query a value that is encoded already, and may go on with other parameters.
    ///
    /// One with a fragment, a space or control characters is refused.
    pub fn query_unencoded(&mut self, name: &'static str, value: impl fmt::Display) {
        let value = value.to_string();
        if value.contains(|char: char| char == '#' || char == ' ' || char.is_control()) {
            self.fail(format!("`{name}` is not part of a query"));
            return;
        }
        self.query(name, "");
        self.0.query.push_str(&value);
    }

    /// Gives a parameter of the query a list of values.
    pub fn query_list<I>(&mut self, name: &'static str, values: I, collection: Collection)
    where
        I: IntoIterator,
        I::Item: fmt::Display,
    {
        self.clear_query(name);
        for value in self.list(name, values, collection, Place::Query) {
            self.push_name(name);
            self.0.query.push_str(&value);
        }
    }

    /// Sets a header.
    ///
    /// A value with line ends or other control characters is refused.
    pub fn header(&mut self, name: &'static str, value: impl fmt::Display) {
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(header) => self.header_value(header, name, &value.to_string()),
            Err(_) => self.fail(format!("`{name}` is not a header name")),
        }
    }

    /// Sets a header to a list of values; an empty one leaves it out.
    pub fn header_list<I>(&mut self, name: &'static str, values: I, collection: Collection)
    where
        I: IntoIterator,
        I::Item: fmt::Display,
    {
        if let Some(value) = self.list(name, values, collection, Place::Header).pop() {
            self.header(name, value);
        }
    }

    /// Sets a header for each pair, its name behind a prefix that the definition gives.
    pub fn header_map<K, V>(
        &mut self,
        prefix: &'static str,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) where
        K: AsRef<str>,
        V: fmt::Display,
    {
        for (key, value) in pairs {
            let name = format!("{prefix}{}", key.as_ref());
            match HeaderName::from_bytes(name.as_bytes()) {
                Ok(header) => self.header_value(header, &name, &value.to_string()),
                Err(_) => self.fail(format!("`{name}` is not a header name")),
            }
        }
    }

    /// Sets a header whose value has limits.
    pub fn header_checked(
        &mut self,
        name: &'static str,
        value: impl fmt::Display,
        check: &'static Check,
    ) {
        let value = value.to_string();
        match check.check(&value) {
            Ok(()) => self.header(name, value),
            Err(error) => self.fail(error.to_string()),
        }
    }

    /// Sets the body to JSON; it is encoded here and now.
    pub fn json<T: Serialize + ?Sized>(&mut self, content_type: &'static str, body: &T) {
        match serde_json::to_vec(body) {
            Ok(bytes) => self.bytes(content_type, bytes),
            Err(error) => self.fail(format!("the body cannot be written as JSON: {error}")),
        }
    }

    /// Sets the body to JSON whose values have a format of their own: dates, bytes, lists of them.
    pub fn json_as<F: WireFormat>(&mut self, content_type: &'static str, body: &F::Lent) {
        self.json(content_type, &WriteAs::<F>(body));
    }

    /// Sets the body to XML, as `element` says; it is encoded here and now.
    #[cfg(feature = "xml")]
    pub fn xml<T: Serialize + ?Sized>(
        &mut self,
        content_type: &'static str,
        element: &Element,
        body: &T,
    ) {
        let value = serde_json::to_value(body).map_err(|error| error.to_string());
        match value.and_then(|value| crate::xml::write(element, &value)) {
            Ok(document) => self.bytes(content_type, document),
            Err(fault) => self.fail(format!("the body cannot be written as XML: {fault}")),
        }
    }

    /// Says what errors are in XML, by status; `None` stands for all others.
    ///
    /// [`Error::body_as`] reads them so where the answer says that it is XML.
    #[cfg(feature = "xml")]
    pub fn xml_errors(&mut self, errors: &'static [(Option<u16>, &'static Element)]) {
        self.0.declared.xml_errors = errors;
    }

    /// Sets the body to text.
    pub fn text(&mut self, content_type: &str, body: impl fmt::Display) {
        self.bytes(content_type, body.to_string());
    }

    /// Sets the body to bytes or a stream of them; a header `Content-Type` that is set says what they are in place of
    /// `content_type`.
    pub fn bytes(&mut self, content_type: &str, body: impl Into<Upload>) {
        if let Ok(content_type) = HeaderValue::from_str(content_type) {
            self.0.body = Some((content_type, body.into()));
        } else {
            self.fail("the media type of the body is not that of a header".to_owned());
        }
    }

    /// Sets the options of the call.
    pub fn options(&mut self, options: CallOptions) {
        self.0.options = options;
    }

    /// Names the operation that the request starts, in a header of the definition.
    ///
    /// Without a value a new UUID is made. All tries carry the same one, so that the service can tell a
    /// repeated try from a second operation.
    pub fn operation_id(
        &mut self,
        header: &'static str,
        value: Option<String>,
        check: Option<&'static Check>,
    ) {
        self.0.operation_id = Some(header);
        let value = value.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        match check {
            Some(check) => self.header_checked(header, value, check),
            None => self.header(header, value),
        }
    }

    /// The identifier that [`operation_id`](Self::operation_id) set.
    #[must_use]
    pub fn named_operation(&self) -> Option<&str> {
        self.0.headers.get(self.0.operation_id?)?.to_str().ok()
    }

    pub(crate) fn operation(&self) -> &'static str {
        self.0.operation
    }

    pub(crate) fn method(&self) -> &Method {
        &self.0.method
    }

    /// Sets the limit of the call.
    pub(crate) fn limit(&mut self, limit: Duration) {
        self.0.options.timeout = Some(limit);
    }

    pub(crate) fn call_options(&self) -> &CallOptions {
        &self.0.options
    }

    /// The encoded api-version, where it has one.
    pub(crate) fn api_version(&self) -> Option<&str> {
        let mut pairs = self
            .0
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        pairs.find_map(|(name, value)| name.eq_ignore_ascii_case("api-version").then_some(value))
    }

    /// The encoded query.
    pub(crate) fn query_text(&self) -> &str {
        &self.0.query
    }

    /// Takes over the headers of another request that do not belong to its body, or to what it alone asks for.
    pub(crate) fn headers_of(&mut self, other: &Self) {
        for (name, value) in &other.0.headers {
            if !OF_ONE_REQUEST.contains(name) {
                self.0.headers.insert(name.clone(), value.clone());
            }
        }
    }

    /// Where a path leads that has this request's values and another one, which is encoded already.
    pub(crate) fn at_template(
        &self,
        base: &Url,
        template: &str,
        other: (&'static str, &str),
    ) -> Result<Url> {
        self.0.target.at_template(base, template, other)
    }

    /// Where it goes, its key not in it.
    pub(crate) fn url(&self, base: &Url) -> Result<Url> {
        if let Some(fault) = &self.0.fault {
            return Err(Error::argument(fault.clone()));
        }
        self.0.target.url(base, &self.0.query)
    }

    /// What goes through the pipeline.
    pub(crate) fn into_http(mut self, base: &Url) -> Result<Box<HttpRequest>> {
        let url = self.url(base)?;
        if let Some(id) = self.0.options.client_request_id.take() {
            // A parameter of the definition comes before an option of the call.
            if !self.0.headers.contains_key(CLIENT_REQUEST_ID) {
                self.header_value(CLIENT_REQUEST_ID, CLIENT_REQUEST_ID.as_str(), &id);
            }
        }
        for (name, value) in std::mem::take(&mut self.0.options.headers) {
            let header = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| Error::argument(format!("`{name}` is not a header name")))?;
            self.header_value(header, &name, &value);
        }
        let form = self.0.form.take().map(|form| form.encode());
        if let Some((content_type, _)) = &form {
            self.header_value(CONTENT_TYPE, "Content-Type", content_type);
        }
        if let Some(fault) = self.0.fault {
            return Err(Error::argument(fault));
        }
        let body = self.0.body.map(|(content_type, body)| {
            self.0.headers.entry(CONTENT_TYPE).or_insert(content_type);
            body
        });
        let body = form.map(|(_, body)| body).or(body);
        let template = match self.0.target {
            Target::Template(template, _) => template,
            Target::Path(_) | Target::Link(_) => "",
        };
        // Boxed, because the futures of a call hold it and are moved.
        Ok(Box::new(HttpRequest {
            method: self.0.method,
            url,
            headers: self.0.headers,
            body,
            context: Context {
                operation: self.0.operation,
                template,
                declared: self.0.declared,
                purpose: self.0.purpose,
                timeout: self.0.options.timeout,
                try_timeout: self.0.options.try_timeout,
                repeatable: self.0.options.repeatable,
                unread: false,
                answered: false,
                sent: false,
                sent_before: false,
            },
        }))
    }

    fn check(&mut self, name: &str, value: &str, check: Option<&Check>) -> bool {
        if value.is_empty() {
            self.fail(format!("`{name}` is empty"));
            return false;
        }
        if let Some(Err(error)) = check.map(|check| check.check(value)) {
            self.fail(error.to_string());
            return false;
        }
        true
    }

    fn path_value(&mut self, name: &'static str, encoded: String) {
        if let Target::Template(_, values) = &mut self.0.target {
            values.retain(|(known, _)| *known != name);
            values.push((name, encoded));
        }
    }

    fn push_query(&mut self, name: &str, value: &str) {
        self.push_name(name);
        self.0.query.extend(utf8_percent_encode(value, RESERVED));
    }

    fn push_name(&mut self, name: &str) {
        if !self.0.query.is_empty() {
            self.0.query.push('&');
        }
        self.0.query.extend(utf8_percent_encode(name, RESERVED));
        self.0.query.push('=');
    }

    /// The texts of a list in its place; of one that cannot be written there is none.
    fn list<I>(
        &mut self,
        name: &'static str,
        values: I,
        collection: Collection,
        place: Place,
    ) -> Vec<String>
    where
        I: IntoIterator,
        I::Item: fmt::Display,
    {
        encode(values, collection, place).unwrap_or_else(|fault| {
            self.fail(format!("`{name}`: {fault}"));
            Vec::new()
        })
    }

    fn clear_query(&mut self, name: &str) {
        let name = utf8_percent_encode(name, RESERVED).to_string();
        let is_name = |pair: &&str| pair.split('=').next() == Some(&name);
        if self.0.query.split('&').any(|pair| is_name(&pair)) {
            let kept: Vec<&str> = self
                .0
                .query
                .split('&')
                .filter(|pair| !is_name(pair))
                .collect();
            self.0.query = kept.join("&");
        }
    }

    fn header_value(&mut self, name: HeaderName, shown: &str, value: &str) {
        self.insert(name, shown, HeaderValue::from_str(value));
    }

    fn insert(
        &mut self,
        name: HeaderName,
        shown: &str,
        value: Result<HeaderValue, InvalidHeaderValue>,
    ) {
        match value {
            Ok(mut value) => {
                value.set_sensitive(sensitive_name(&name));
                self.0.headers.insert(name, value);
            }
            // The value stays out: it may be a secret.
            Err(_) => self.fail(format!(
                "the header `{shown}` has characters that it cannot carry"
            )),
        }
    }

    fn fail(&mut self, fault: String) {
        self.0.fault.get_or_insert(fault.into_boxed_str());
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Request");
        debug
            .field("operation", &self.0.operation)
            .field("method", &self.0.method);
        match &self.0.target {
            Target::Template(template, _) => debug.field("path", template),
            Target::Path(path) => debug.field("path", path),
            Target::Link(link) => debug.field("link", link),
        };
        debug
            .field("headers", &names(&self.0.headers))
            .field(
                "body_bytes",
                &self.0.body.as_ref().and_then(|(_, body)| body.len()),
            )
            .field("fault", &self.0.fault)
            .finish_non_exhaustive()
    }
}
