//! The way of a request: per-call policies, retry, per-try policies, signing, transport.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::header::{Entry, USER_AGENT};
use http::{HeaderValue, Method};
use percent_encoding::utf8_percent_encode;
use tracing::Instrument;
use url::Url;

use crate::clock::ClockRef;
use crate::credential::{Credential, Secret, Signer, redact};
use crate::error::{Error, ErrorKind, Result};
use crate::host::{HostSettings, check_secure};
use crate::options::{ClientOptions, PollingOptions, Timeouts};
use crate::policy::Next;
use crate::request::{RESERVED, RawRequest, Request};
use crate::response::{Call, RawResponse, Response};
use crate::runtime::Runtime;
use crate::service::{Operation, Service};
use crate::transport::{HttpRequest, Purpose, ReqwestTransport, Transport};
use crate::trust::{Trust, TrustedUrl};

mod assembly;
mod budget;
mod exchange;
#[cfg(feature = "rate-limit")]
mod rate_limit;
mod request_ids;
mod retry;
mod spans;
mod streaming;

#[cfg(feature = "rate-limit")]
pub(crate) use rate_limit::Limiter;
pub(crate) use request_ids::CLIENT_REQUEST_ID;
pub(crate) use retry::retry_after;

use budget::Budget;
use request_ids::RequestIds;

/// The way that the requests of one client take. Clones are the same pipeline.
#[derive(Clone)]
pub struct Pipeline(Arc<Inner>);

struct Inner {
    service: &'static Service,
    base: Url,
    /// Encoded, as the query carries it.
    api_version: String,
    signer: Signer,
    trust: Trust,
    user_agent: HeaderValue,
    transport: TransportRef,
    budget: Budget,
    #[cfg(feature = "rate-limit")]
    rate_limit: Option<Arc<Limiter>>,
    request_ids: RequestIds,
    options: ClientOptions,
}

enum TransportRef {
    Reqwest(ReqwestTransport),
    Custom(Arc<dyn Transport>),
}

impl Pipeline {
    /// The pipeline of a client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when host, credential, api-version or options cannot work together.
    pub fn new(
        service: &'static Service,
        host: &HostSettings,
        credential: Option<Credential>,
        api_version: Option<String>,
        options: ClientOptions,
    ) -> Result<Self> {
        let base = host.resolve(service, &options.cloud)?;
        if api_version
            .as_ref()
            .is_some_and(|given| given.trim().is_empty())
        {
            return Err(Error::argument("the api-version is empty"));
        }
        let api_version = api_version.unwrap_or_else(|| service.api_version.to_owned());
        let scopes: Vec<String> = match &options.cloud.scope {
            Some(scope) => vec![scope.clone()],
            None => service
                .scopes
                .iter()
                .map(|&scope| scope.to_owned())
                .collect(),
        };
        let signer = Signer::new(credential, service.key, &scopes)?;
        if !signer.is_none() {
            check_secure(&base)?;
        }
        let trust = Trust::new(&base, service, &options)?;
        #[cfg(feature = "rate-limit")]
        let rate_limit = match &options.rate_limit {
            Some(limit) => Some(limit.limiter(&options.clock)?),
            None => None,
        };
        let transport = match &options.transport {
            Some(transport) => TransportRef::Custom(Arc::clone(transport)),
            None => {
                if base.scheme() == "https" && !ReqwestTransport::HAS_TLS {
                    return Err(Error::argument(
                        "the endpoint is https and this build of maps-core has no TLS: enable one of its features `rustls`, `rustls-ring`, `native-tls`",
                    ));
                }
                TransportRef::Reqwest(connections(&options)?)
            }
        };
        Ok(Self(Arc::new(Inner {
            service,
            base,
            api_version: utf8_percent_encode(&api_version, RESERVED).to_string(),
            signer,
            trust,
            user_agent: user_agent(service, options.application_id.as_deref())?,
            transport,
            budget: Budget::new(options.retry.budget),
            #[cfg(feature = "rate-limit")]
            rate_limit,
            request_ids: RequestIds::new(&options.jitter),
            options,
        })))
    }

    /// A request of an operation, `api-version` in its query where the service has one.
    #[must_use]
    pub fn request(&self, operation: &'static Operation) -> Request {
        Request::new(operation, &self.0.api_version)
    }

    /// A request of an operation that declares no `api-version` though others of its service do.
    #[must_use]
    pub fn request_without_version(&self, operation: &'static Operation) -> Request {
        Request::new(operation, "")
    }

    /// A request beyond the definition, of an encoded path that may have a query.
    pub fn raw(&self, method: Method, path: &str) -> RawRequest {
        RawRequest::new(self.clone(), method, path)
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Service`] for a status of 400 or more, and for a redirect that is not followed unless the operation
    /// declares its status as an answer; what [`ErrorKind`] lists for everything that can happen before there is one.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the request; the service may have seen it.
    pub async fn send(&self, request: Request) -> Result<RawResponse> {
        let mut request = self.prepare(request)?;
        let response = self.in_span(&mut request).await?;
        if response.is_refusal() {
            return Err(self.service_error(&response));
        }
        Ok(response)
    }

    /// Sends a request whose answer is only whether something is there: 404 is `false`.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), 404 apart.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the request.
    pub async fn exists<H>(&self, request: Request) -> Result<Response<bool, H>> {
        let mut request = self.prepare(request)?;
        let response = self.in_span(&mut request).await?;
        match response.status.as_u16() {
            404 => Ok(response.with_body(false)),
            _ if response.is_refusal() => Err(self.service_error(&response)),
            _ => Ok(response.with_body(true)),
        }
    }

    fn prepare(&self, request: Request) -> Result<Box<HttpRequest>> {
        self.check_runtime()?;
        let mut request = request.into_http(&self.0.base)?;
        if let Entry::Vacant(agent) = request.headers.entry(USER_AGENT) {
            agent.insert(self.0.user_agent.clone());
        }
        if let Entry::Vacant(id) = request.headers.entry(CLIENT_REQUEST_ID) {
            id.insert(self.0.request_ids.next());
        }
        Ok(request)
    }

    async fn in_span(&self, request: &mut HttpRequest) -> Result<RawResponse> {
        let span = spans::call(request, self.0.service.name);
        // One path for both: a second await would double what the future holds.
        let outcome = self.run(request).instrument(span.clone()).await;
        let outcome = outcome.map_err(|error| error.of_call(self, &Call::of(request)));
        if !span.is_disabled() {
            spans::record(self, &span, &outcome);
        }
        // A policy or transport of the caller may have put what it saw into its error.
        outcome.map_err(|error| error.redacted(self))
    }

    async fn run(&self, request: &mut HttpRequest) -> Result<RawResponse> {
        if self.0.options.per_call_policies.is_empty() {
            return self.retry(request).await;
        }
        // The deadline of the retry stage does not bind the policies before it.
        let limit = self.call_limit(request);
        let chain = Chain {
            pipeline: self,
            stage: Stage::Call(0),
        }
        .send(&mut *request);
        match self.clock().within(limit, chain).await {
            Some(outcome) => outcome,
            None => Err(Error::new(
                ErrorKind::Timeout,
                format!("the call took longer than {limit:?}"),
            )
            .with_may_have_been_sent(request.context.sent || request.context.sent_before)),
        }
    }

    fn call_limit(&self, request: &HttpRequest) -> Duration {
        request
            .context
            .timeout
            .unwrap_or(self.0.options.timeouts.call)
    }
}

/// What poller and pager need.
impl Pipeline {
    pub(crate) fn clock(&self) -> &ClockRef {
        &self.0.options.clock
    }

    pub(crate) fn polling(&self) -> &PollingOptions {
        &self.0.options.polling
    }

    pub(crate) fn timeouts(&self) -> &Timeouts {
        &self.0.options.timeouts
    }

    /// Refuses to start what would panic: tokio's timers and sockets do without a runtime.
    pub(crate) fn check_runtime(&self) -> Result<()> {
        let needed = matches!(self.clock(), ClockRef::Tokio)
            || matches!(self.0.transport, TransportRef::Reqwest(_));
        if needed && Runtime::current().is_none() {
            return Err(Error::argument("no tokio runtime is running here"));
        }
        Ok(())
    }

    /// Name of the client's crate.
    pub(crate) fn service_name(&self) -> &'static str {
        self.0.service.name
    }

    /// The client's endpoint with its path prefix.
    pub(crate) fn base(&self) -> &Url {
        &self.0.base
    }

    /// The encoded api-version; empty where the service has none.
    pub(crate) fn api_version(&self) -> &str {
        &self.0.api_version
    }

    pub(crate) fn trust(&self) -> &Trust {
        &self.0.trust
    }

    /// Where a request goes, its key not in it.
    pub(crate) fn url_of(&self, request: &Request) -> Result<Url> {
        request.url(&self.0.base)
    }

    /// A GET of a link; a trusted one that has no api-version is given the client's.
    ///
    /// Also after an operation that declares none: its links may lead to one that does.
    pub(crate) fn follow(
        &self,
        operation: &'static str,
        link: TrustedUrl,
        purpose: Purpose,
    ) -> Request {
        let link = link.with_api_version(&self.0.api_version);
        Request::follow(operation, link, purpose)
    }

    /// A text with the client's secrets blotted out.
    pub(crate) fn redact(&self, text: &str) -> String {
        String::from_utf8_lossy(&redact(&self.secrets(), text.as_bytes())).into_owned()
    }

    /// Bytes with the client's secrets blotted out.
    pub(crate) fn redact_bytes(&self, bytes: &Bytes) -> Bytes {
        match redact(&self.secrets(), bytes) {
            Cow::Borrowed(_) => bytes.clone(),
            Cow::Owned(shown) => shown.into(),
        }
    }

    /// The random part of a wait, in `[0, 1)`.
    pub(crate) fn jitter(&self) -> f64 {
        self.0.options.jitter.next()
    }

    /// Makes the next request sign in anew, because the service refused the token of a request sent at `asked`.
    pub(crate) fn forget_token(&self, asked: Instant) {
        self.0.signer.forget_token(asked);
    }

    /// Whether a text has one of the client's secrets in it, in any escape.
    pub(crate) fn holds_secret(&self, text: &str) -> bool {
        matches!(redact(&self.secrets(), text.as_bytes()), Cow::Owned(_))
    }

    /// An error that holds an answer, the client's secrets blotted out of both.
    pub(crate) fn answer_error(
        &self,
        kind: ErrorKind,
        message: impl Into<String>,
        response: &RawResponse,
    ) -> Error {
        let secrets = self.secrets();
        let mut headers = response.headers.clone();
        for value in headers.values_mut() {
            let shown = redact(&secrets, value.as_bytes());
            if shown != value.as_bytes() {
                *value = HeaderValue::from_bytes(&shown).unwrap_or(HeaderValue::from_static("***"));
            }
        }
        // A header whose very name is a secret says nothing else.
        for name in response.headers.keys() {
            if matches!(redact(&secrets, name.as_str().as_bytes()), Cow::Owned(_)) {
                headers.remove(name);
            }
        }
        let kept = response.body.len().min(self.0.options.limits.error_body);
        let body = Bytes::copy_from_slice(&redact(&secrets, &response.body[..kept]));
        #[cfg(feature = "xml")]
        let in_json = {
            let (status, headers) = (response.status, &response.headers);
            let declared = &response.call.declared;
            // From the bytes as they came: comments and sections of XML can hide a secret that the value shows.
            let value = declared.xml_in_json(status, headers, &response.body[..kept]);
            value.map(|value| Bytes::copy_from_slice(&redact(&secrets, &value)))
        };
        #[cfg(not(feature = "xml"))]
        let in_json = None;
        let wait = retry_after(&response.headers, self.clock());
        Error::new(kind, message)
            .with_answer(response.status, headers, body, in_json)
            .with_retry_after(wait)
            .of_call(self, &response.call)
    }

    pub(crate) fn service_error(&self, response: &RawResponse) -> Error {
        let status = response.status;
        let message = match status.canonical_reason() {
            Some(reason) => format!("status {} ({reason})", status.as_u16()),
            None => format!("status {}", status.as_u16()),
        };
        self.answer_error(ErrorKind::Service, message, response)
    }

    fn secrets(&self) -> Vec<Secret> {
        self.0.signer.secrets()
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline")
            .field("service", &self.0.service.name)
            .field("origin", &crate::trust::origin(&self.0.base))
            .field("api_version", &self.0.api_version)
            .finish_non_exhaustive()
    }
}

/// The steps from one on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chain<'a> {
    pipeline: &'a Pipeline,
    stage: Stage,
}

#[derive(Debug, Clone, Copy)]
enum Stage {
    Call(usize),
    Try(usize),
}

impl<'a> Chain<'a> {
    pub(crate) fn send(self, request: &'a mut HttpRequest) -> BoxFuture<'a, Result<RawResponse>> {
        let pipeline = self.pipeline;
        let options = &pipeline.0.options;
        let (policy, next) = match self.stage {
            Stage::Call(at) => (options.per_call_policies.get(at), Stage::Call(at + 1)),
            Stage::Try(at) => (options.per_try_policies.get(at), Stage::Try(at + 1)),
        };
        match (policy, self.stage) {
            (Some(policy), _) => {
                let chain = Chain {
                    pipeline,
                    stage: next,
                };
                policy.send(request, Next { chain })
            }
            (None, Stage::Call(_)) => Box::pin(pipeline.retry(request)),
            (None, Stage::Try(_)) => Box::pin(pipeline.exchange(request)),
        }
    }
}

/// The connections that all clients with these options share.
fn connections(options: &ClientOptions) -> Result<ReqwestTransport> {
    if let Some(transport) = options.connections.get() {
        return Ok(transport.clone());
    }
    let transport = ReqwestTransport::new(options.timeouts.connect)?;
    Ok(options.connections.get_or_init(|| transport).clone())
}

fn user_agent(service: &Service, application: Option<&str>) -> Result<HeaderValue> {
    let own = format!(
        "azsdk-rust-{}/{} ({}; {})",
        service.name,
        service.version,
        std::env::consts::OS,
        std::env::consts::ARCH
    );
    let text = match application {
        Some(application) => format!("{application} {own}"),
        None => own,
    };
    HeaderValue::try_from(text).map_err(|error| {
        Error::argument("the application id has characters that a header cannot carry")
            .with_source(error)
    })
}
