//! Requests as generated clients build them.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use url::Url;

use crate::credential::sensitive_name;
use crate::error::{Error, Result};
use crate::options::CallOptions;
use crate::pipeline::CLIENT_REQUEST_ID;
use crate::service::{Check, Collection, Operation};
use crate::transport::{Context, HttpRequest, Purpose, names};
use crate::trust::TrustedUrl;

mod raw;

pub use raw::RawRequest;

/// Everything but the characters that no URL part needs to escape.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A request that is being put together.
///
/// Setters never fail: the first fault is kept and is the error of [`Pipeline::send`](crate::Pipeline::send).
#[derive(Clone)]
pub struct Request {
    operation: &'static str,
    purpose: Purpose,
    method: Method,
    target: Target,
    /// Encoded pairs; those of a link are in its URL.
    query: String,
    headers: HeaderMap,
    body: Option<Bytes>,
    options: CallOptions,
    operation_id: Option<&'static str>,
    fault: Option<Box<str>>,
}

#[derive(Clone)]
enum Target {
    /// A path template and the encoded values of its parameters.
    Template(&'static str, Vec<(&'static str, String)>),
    /// An encoded path.
    Path(String),
    /// A link of the service.
    Link(TrustedUrl),
}

impl Request {
    pub(crate) fn new(operation: &'static Operation, api_version: &str) -> Self {
        let target = Target::Template(operation.path, Vec::new());
        let mut request = Self::to(operation.id, operation.method.clone(), target);
        request.query.push_str("api-version=");
        request.query.push_str(api_version);
        if !operation.accept.is_empty() {
            request.header_value(ACCEPT, "Accept", operation.accept);
        }
        request
    }

    /// A GET of a path template.
    pub(crate) fn get(operation: &'static str, path: &'static str, api_version: &str) -> Self {
        let mut request = Self::to(operation, Method::GET, Target::Template(path, Vec::new()));
        request.query.push_str("api-version=");
        request.query.push_str(api_version);
        request
    }

    /// A GET of a link that passed the trust check.
    pub(crate) fn follow(operation: &'static str, link: TrustedUrl, purpose: Purpose) -> Self {
        let mut request = Self::to(operation, Method::GET, Target::Link(link));
        request.purpose = purpose;
        request
            .headers
            .insert(ACCEPT, HeaderValue::from_static("application/json"));
        request
    }

    fn to(operation: &'static str, method: Method, target: Target) -> Self {
        Self {
            operation,
            purpose: Purpose::Call,
            method,
            target,
            query: String::new(),
            headers: HeaderMap::new(),
            body: None,
            options: CallOptions::default(),
            operation_id: None,
            fault: None,
        }
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
            let encoded = utf8_percent_encode(value, RESERVED).to_string();
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
        let legal = !value.contains(['?', '#', '\\']) && !value.contains(char::is_control);
        if legal
            && value
                .trim_matches('/')
                .split('/')
                .all(|segment| !is_dots(segment) && !segment.is_empty())
        {
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

    /// Gives a parameter of the query a list of values.
    pub fn query_list<I>(&mut self, name: &'static str, values: I, collection: Collection)
    where
        I: IntoIterator,
        I::Item: fmt::Display,
    {
        self.clear_query(name);
        let separator = match collection {
            Collection::Csv => ",",
            Collection::Ssv => " ",
            Collection::Tsv => "\t",
            Collection::Pipes => "|",
            Collection::Multi => {
                for value in values {
                    self.push_query(name, &value.to_string());
                }
                return;
            }
        };
        let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        if !values.is_empty() {
            self.push_query(name, &values.join(separator));
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

    /// Sets the body to bytes.
    pub fn bytes(&mut self, content_type: &str, body: impl Into<Bytes>) {
        self.header_value(CONTENT_TYPE, "Content-Type", content_type);
        self.body = Some(body.into());
    }

    /// Sets the options of the call.
    pub fn options(&mut self, options: CallOptions) {
        self.options = options;
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
        self.operation_id = Some(header);
        let value = value.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        match check {
            Some(check) => self.header_checked(header, value, check),
            None => self.header(header, value),
        }
    }

    /// The identifier that [`operation_id`](Self::operation_id) set.
    #[must_use]
    pub fn named_operation(&self) -> Option<&str> {
        self.headers.get(self.operation_id?)?.to_str().ok()
    }

    pub(crate) fn operation(&self) -> &'static str {
        self.operation
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    /// Sets the limit of the call.
    pub(crate) fn limit(&mut self, limit: Duration) {
        self.options.timeout = Some(limit);
    }

    pub(crate) fn call_options(&self) -> &CallOptions {
        &self.options
    }

    /// Where it goes, its key not in it.
    pub(crate) fn url(&self, base: &Url) -> Result<Url> {
        if let Some(fault) = &self.fault {
            return Err(Error::argument(fault.clone()));
        }
        let mut url = match &self.target {
            Target::Link(link) => {
                let mut url = link.url().clone();
                if !self.query.is_empty() {
                    let query = match url.query() {
                        Some(query) if !query.is_empty() => format!("{query}&{}", self.query),
                        _ => self.query.clone(),
                    };
                    url.set_query(Some(&query));
                }
                return Ok(url);
            }
            Target::Path(path) => at_path(base, path),
            Target::Template(template, values) => at_path(base, &fill(template, values)?),
        };
        if !self.query.is_empty() {
            url.set_query(Some(&self.query));
        }
        Ok(url)
    }

    /// What goes through the pipeline.
    pub(crate) fn into_http(mut self, base: &Url) -> Result<HttpRequest> {
        let url = self.url(base)?;
        if let Some(id) = self.options.client_request_id.take() {
            // A parameter of the definition comes before an option of the call.
            if !self.headers.contains_key(CLIENT_REQUEST_ID) {
                self.header_value(CLIENT_REQUEST_ID, CLIENT_REQUEST_ID.as_str(), &id);
            }
        }
        for (name, value) in std::mem::take(&mut self.options.headers) {
            let header = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| Error::argument(format!("`{name}` is not a header name")))?;
            self.header_value(header, &name, &value);
        }
        if let Some(fault) = self.fault {
            return Err(Error::argument(fault));
        }
        let template = match self.target {
            Target::Template(template, _) => template,
            Target::Path(_) | Target::Link(_) => "",
        };
        Ok(HttpRequest {
            method: self.method,
            url,
            headers: self.headers,
            body: self.body,
            context: Context {
                operation: self.operation,
                template,
                purpose: self.purpose,
                timeout: self.options.timeout,
                try_timeout: self.options.try_timeout,
                repeatable: self.options.repeatable,
                unread: false,
                sent: false,
                sent_before: false,
            },
        })
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
        if let Target::Template(_, values) = &mut self.target {
            values.retain(|(known, _)| *known != name);
            values.push((name, encoded));
        }
    }

    fn push_query(&mut self, name: &str, value: &str) {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.extend(utf8_percent_encode(name, RESERVED));
        self.query.push('=');
        self.query.extend(utf8_percent_encode(value, RESERVED));
    }

    fn clear_query(&mut self, name: &str) {
        let name = utf8_percent_encode(name, RESERVED).to_string();
        let is_name = |pair: &&str| pair.split('=').next() == Some(&name);
        if self.query.split('&').any(|pair| is_name(&pair)) {
            let kept: Vec<&str> = self
                .query
                .split('&')
                .filter(|pair| !is_name(pair))
                .collect();
            self.query = kept.join("&");
        }
    }

    fn header_value(&mut self, name: HeaderName, shown: &str, value: &str) {
        match HeaderValue::from_str(value) {
            Ok(mut value) => {
                value.set_sensitive(sensitive_name(&name));
                self.headers.insert(name, value);
            }
            // The value stays out: it may be a secret.
            Err(_) => self.fail(format!(
                "the header `{shown}` has characters that it cannot carry"
            )),
        }
    }

    fn fail(&mut self, fault: String) {
        self.fault.get_or_insert(fault.into_boxed_str());
    }
}

/// The base with a path behind its own.
fn at_path(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    let prefix = base.path().trim_end_matches('/');
    if prefix.is_empty() {
        url.set_path(path);
    } else {
        url.set_path(&format!("{prefix}{path}"));
    }
    url
}

fn is_dots(segment: &str) -> bool {
    matches!(
        segment.to_ascii_lowercase().replace("%2e", ".").as_str(),
        "." | ".."
    )
}

/// Puts the encoded values into their places.
fn fill(template: &str, values: &[(&'static str, String)]) -> Result<String> {
    let mut path = String::with_capacity(template.len() + 40);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            return Err(Error::argument(format!(
                "the path {template} has an open brace"
            )));
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => path.push_str(value),
            None => return Err(Error::argument(format!("`{name}` has no value"))),
        }
        rest = after;
    }
    path.push_str(rest);
    // The URL parser would climb out of the path.
    if path.split('/').any(is_dots) {
        return Err(Error::argument("a segment of the path is `.` or `..`"));
    }
    Ok(path)
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Request");
        debug
            .field("operation", &self.operation)
            .field("method", &self.method);
        match &self.target {
            Target::Template(template, _) => debug.field("path", template),
            Target::Path(path) => debug.field("path", path),
            Target::Link(link) => debug.field("link", link),
        };
        debug
            .field("headers", &names(&self.headers))
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}
