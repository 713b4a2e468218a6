//! One try: sign, send, follow redirects, read the body.

use std::pin::pin;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, LOCATION};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use super::assembly::Assembly;
use super::{Pipeline, TransportRef};
use crate::error::{Error, ErrorKind, Result};
use crate::request::OF_ONE_REQUEST;
use crate::response::{Call, RawResponse, Unread};
use crate::transport::{Body, HttpRequest, HttpResponse};
use crate::upload::Upload;

/// As many as browsers follow, halved.
const MAX_REDIRECTS: usize = 10;

impl Pipeline {
    pub(super) async fn exchange(&self, request: &mut HttpRequest) -> Result<RawResponse> {
        let mut url = request.url.clone();
        let mut method = request.method.clone();
        let mut redirects = 0;
        // A foreign server must not have the client sign a request that it chose, so this stays once it is set.
        let mut foreign = false;
        loop {
            // By a policy in this try, or before a redirect.
            let earlier = request.context.sent;
            let outgoing = self.outgoing(request, &method, &url, &mut foreign).await;
            let outgoing = outgoing.map_err(|error| {
                let sent = earlier || error.may_have_been_sent();
                error.with_may_have_been_sent(sent)
            })?;
            request.context.sent = true;
            let response = match &self.0.transport {
                TransportRef::Reqwest(transport) => transport.exchange(outgoing).await,
                TransportRef::Custom(transport) => transport.send(outgoing).await,
            };
            let HttpResponse {
                status,
                headers,
                mut body,
            } = response.map_err(|error| {
                // A redirect that cannot be followed was still answered by the service.
                let sent = earlier || error.may_have_been_sent();
                request.context.sent = sent;
                // A transport of the caller sees the signed URL.
                error.redacted(self).with_may_have_been_sent(sent)
            })?;
            let mut raw = RawResponse {
                status,
                headers,
                body: Bytes::new(),
                unread: None,
                url,
                call: Call::of(request),
                pipeline: self.clone(),
            };
            self.check_headers(&raw.headers)?;
            let Some(link) = redirect(&method, raw.status, &raw.headers) else {
                if request.context.unread && !raw.is_refusal() {
                    raw.unread = Some(Unread::new(body));
                } else {
                    raw.body = self.read(&method, &raw, &mut body).await?;
                }
                return Ok(raw);
            };
            if redirects == MAX_REDIRECTS {
                let message = format!("more than {MAX_REDIRECTS} redirects");
                return Err(self.answer_error(ErrorKind::Service, message, &raw));
            }
            redirects += 1;
            if raw.status == StatusCode::SEE_OTHER && !is_safe(&method) {
                // The request itself is answered: what is left is to read what it led to.
                method = Method::GET;
                request.context.answered = true;
            }
            let body = request.body.as_ref().filter(|_| method == request.method);
            if !body.is_none_or(Upload::is_readable) {
                let message =
                    "a redirect asks for the body again, whose stream was read".to_owned();
                return Err(self.answer_error(ErrorKind::Service, message, &raw));
            }
            let target = crate::trust::resolve_redirect(link, &raw.url, self)?;
            if target.is_foreign() && (!is_safe(&method) || body.is_some()) {
                let why = "is not trusted, and what is sent would be done or read there";
                return Err(crate::trust::refused(target.url(), why)
                    .redacted(self)
                    .with_link(self.redact(link)));
            }
            url = target.into_url();
            tracing::debug!(
                target: "maps_core::redirect",
                {
                    server.address = url.host_str().map(|host| self.redact(host)),
                    http.response.status_code = i64::from(raw.status.as_u16()),
                    redirect = redirects as i64,
                },
                "following a redirect",
            );
        }
    }

    /// The request as it goes to a URL: signed, or without anything that says who asks.
    async fn outgoing(
        &self,
        request: &mut HttpRequest,
        method: &Method,
        url: &Url,
        foreign: &mut bool,
    ) -> Result<HttpRequest> {
        // What goes out has room for more headers, which a clone has not.
        let kept = request.headers.clone();
        let mut outgoing = HttpRequest {
            method: method.clone(),
            url: url.clone(),
            headers: std::mem::replace(&mut request.headers, kept),
            body: request.body.clone(),
            context: request.context,
        };
        if *method != request.method {
            outgoing.body = None;
            for name in OF_ONE_REQUEST {
                outgoing.headers.remove(name);
            }
        }
        let trusted = self.0.trust.check(url);
        *foreign |= !trusted.map_err(|error| error.redacted(self))?;
        if *foreign {
            self.0.trust.anonymise(&mut outgoing);
        } else {
            let limit = self.0.options.timeouts.token;
            let signer = &self.0.signer;
            signer.sign(&mut outgoing, self.clock(), limit).await?;
        }
        Ok(outgoing)
    }

    fn check_headers(&self, headers: &HeaderMap) -> Result<()> {
        let limit = self.0.options.limits.headers;
        let bytes: usize = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len() + 4)
            .sum();
        if bytes > limit {
            return Err(Error::new(
                ErrorKind::Decode,
                format!("the headers of the answer are longer than {limit} bytes"),
            )
            .with_may_have_been_sent(true));
        }
        Ok(())
    }

    /// Reads a body up to its limit: a longer one is an error, unless it belongs to an error.
    async fn read(&self, method: &Method, head: &RawResponse, body: &mut Body) -> Result<Bytes> {
        let is_error = head.is_refusal();
        let limits = &self.0.options.limits;
        let limit = if is_error {
            limits.error_body
        } else {
            limits.body
        };
        let announced = head
            .headers
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        let too_long = || {
            let message = format!("the body of the answer is longer than {limit} bytes");
            self.answer_error(ErrorKind::Decode, message, head)
        };
        // The length in an answer to HEAD is that of the body which GET would give.
        let has_body = *method != Method::HEAD;
        if has_body && !is_error && announced.is_some_and(|bytes| bytes > limit) {
            return Err(too_long());
        }
        let stalled = self.0.options.timeouts.stalled_body;
        // The wait for the first byte is the server's thinking, which the limit of the try covers.
        let first = match body.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return Ok(Bytes::new()),
            Err(_) if is_error => return Ok(Bytes::new()),
            Err(error) => return Err(error),
        };
        // A body of one piece, the usual case, is not copied.
        let mut single = first;
        let mut whole: Option<Box<Assembly>> = None;
        let finish = |whole: Option<Box<Assembly>>, mut single: Bytes| match whole {
            Some(whole) => whole.finish(limit),
            None => {
                single.truncate(limit);
                single
            }
        };
        loop {
            let so_far = whole.as_ref().map_or(single.len(), |whole| whole.len());
            if so_far > limit && !is_error {
                return Err(too_long());
            }
            if so_far >= limit && is_error {
                return Ok(finish(whole, single));
            }
            let next = {
                let chunk = pin!(body.chunk());
                self.clock().within(stalled, chunk).await
            };
            let next = match next {
                Some(next) => next,
                None => Err(Error::new(
                    ErrorKind::Timeout,
                    format!("no byte of the body for {stalled:?}"),
                )),
            };
            match next {
                Ok(Some(chunk)) => {
                    let whole = whole.get_or_insert_with(|| {
                        let mut whole = Box::new(Assembly::new(announced, limit));
                        whole.push(&std::mem::take(&mut single));
                        whole
                    });
                    whole.push(&chunk);
                }
                // An error answer that breaks off still says what the error is.
                Err(error) if !is_error => return Err(error),
                Ok(None) | Err(_) => return Ok(finish(whole, single)),
            }
        }
    }
}

/// Where a redirect leads that is followed without asking: never one that would change what is done.
///
/// 300 offers a choice, whose `Location` is the service's own. After 303 nothing is left to do but to read.
fn redirect<'a>(method: &Method, status: StatusCode, headers: &'a HeaderMap) -> Option<&'a str> {
    let safe = is_safe(method);
    let follow = match status.as_u16() {
        300..=302 => safe,
        303 | 307 | 308 => true,
        _ => false,
    };
    if !follow {
        return None;
    }
    headers.get(LOCATION)?.to_str().ok()
}

/// Whether a request only asks.
fn is_safe(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}
