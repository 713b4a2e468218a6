//! The other side: a client on azure_core, as the examples of its `Poller::new` and of its service crates are written.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use azure_core::Result;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::http::headers::{HeaderName, RETRY_AFTER, RETRY_AFTER_MS, X_MS_RETRY_AFTER_MS};
use azure_core::http::policies::Policy;
use azure_core::http::policies::auth::BearerTokenAuthorizationPolicy;
use azure_core::http::poller::{
    Poller, PollerContinuation, PollerOptions, PollerResult, PollerState, PollerStatus,
    StatusMonitor, get_retry_after,
};
use azure_core::http::{
    AsyncRawResponse, ClientOptions, HttpClient, JsonFormat, Method, Pipeline, RawResponse,
    Request, Response, RetryOptions, Transport, Url, new_http_client,
};
use azure_core::json;
use azure_core::time::{Duration, OffsetDateTime};
use serde::Deserialize;

const OPERATION_LOCATION: HeaderName = HeaderName::from_static("operation-location");

/// The status monitor of its documentation.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct OperationResult {
    pub(crate) status: Option<PollerStatus>,
}

impl StatusMonitor for OperationResult {
    type Output = OperationResult;
    type Format = JsonFormat;

    fn status(&self) -> PollerStatus {
        self.status.clone().unwrap_or_default()
    }
}

#[derive(Clone)]
pub(crate) struct Client {
    endpoint: Url,
    pipeline: Pipeline,
}

impl Client {
    pub(crate) fn new(endpoint: &str, credential: Option<Arc<dyn TokenCredential>>) -> Self {
        Self::with(endpoint, credential, ClientOptions::default())
    }

    pub(crate) fn without_retries(endpoint: &str) -> Self {
        let options = ClientOptions {
            retry: RetryOptions::none(),
            ..Default::default()
        };
        Self::with(endpoint, None, options)
    }

    fn with(
        endpoint: &str,
        credential: Option<Arc<dyn TokenCredential>>,
        mut options: ClientOptions,
    ) -> Self {
        let mut policies: Vec<Arc<dyn Policy>> = Vec::new();
        if let Some(credential) = credential {
            // Its policy signs nothing that is not https; what is below it speaks plain HTTP to this machine.
            options.transport = Some(Transport::new(Arc::new(Plain(new_http_client(None)))));
            let scopes = ["https://atlas.microsoft.com/.default"];
            policies.push(Arc::new(BearerTokenAuthorizationPolicy::new(
                credential, scopes,
            )));
        }
        Self {
            endpoint: endpoint.parse().expect("a URL"),
            pipeline: Pipeline::new(
                option_env!("CARGO_PKG_NAME"),
                option_env!("CARGO_PKG_VERSION"),
                options,
                Vec::new(),
                policies,
                None,
            ),
        }
    }

    pub(crate) fn begin(&self) -> Poller<OperationResult> {
        let url = self.endpoint.join("things").expect("a URL");
        let mut req = Request::new(url, Method::Post);
        req.insert_header("accept", "application/json");
        let pipeline = self.pipeline.clone();
        // The shortest that it takes; its default is 30 s.
        let options = PollerOptions {
            frequency: Duration::seconds(1),
            ..Default::default()
        };
        Poller::new(
            move |state: PollerState, options: PollerOptions<'static>| {
                let pipeline = pipeline.clone();
                let mut req = req.clone();
                Box::pin(async move {
                    if let PollerState::More(continuation) = state {
                        let next_link = match continuation {
                            PollerContinuation::Links { next_link, .. } => next_link,
                            _ => unreachable!(),
                        };
                        *req.url_mut() = next_link;
                        req.set_method(Method::Get);
                    }
                    let mut next_link = req.url().clone();
                    let resp = pipeline.send(&options.context, &mut req, None).await?;
                    let (status, headers, body) = resp.deconstruct();
                    if let Some(link) = headers.get_optional_str(&OPERATION_LOCATION) {
                        next_link = link.parse()?;
                    }
                    let retry_after = get_retry_after(
                        &headers,
                        &[RETRY_AFTER_MS, X_MS_RETRY_AFTER_MS, RETRY_AFTER],
                        &options,
                    );
                    let result: OperationResult = json::from_json(&body)?;
                    let final_body = body.clone();
                    let resp: Response<OperationResult> =
                        RawResponse::from_bytes(status, headers.clone(), body).into();
                    Ok(match result.status() {
                        PollerStatus::InProgress => PollerResult::InProgress {
                            response: resp,
                            retry_after,
                            continuation: PollerContinuation::Links {
                                next_link,
                                final_link: None,
                            },
                        },
                        PollerStatus::Succeeded => PollerResult::Succeeded {
                            response: resp,
                            target: Box::new(move || {
                                Box::pin(async move {
                                    Ok(RawResponse::from_bytes(status, headers, final_body).into())
                                })
                            }),
                        },
                        _ => PollerResult::Done { response: resp },
                    })
                })
            },
            Some(options),
        )
    }

    pub(crate) async fn get(&self) -> Result<()> {
        self.send(Method::Get, &[]).await
    }

    pub(crate) async fn post(&self) -> Result<()> {
        self.send(Method::Post, &[]).await
    }

    /// A GET with its key in the query, which is where half of the Azure Maps services take it.
    pub(crate) async fn get_with_key(&self, key: &str) -> Result<()> {
        self.send(Method::Get, &[("subscription-key", key)]).await
    }

    async fn send(&self, method: Method, query: &[(&str, &str)]) -> Result<()> {
        let mut url = self.endpoint.join("things")?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = Request::new(url, method);
        request.insert_header("accept", "application/json");
        let context = azure_core::http::Context::new();
        self.pipeline
            .send(&context, &mut request, None)
            .await
            .map(drop)
    }
}

/// Speaks plain HTTP to servers whose URL says https: what a proxy on this machine that ends TLS would do.
#[derive(Debug)]
struct Plain(Arc<dyn HttpClient>);

#[async_trait]
impl HttpClient for Plain {
    async fn execute_request(&self, request: &Request) -> Result<AsyncRawResponse> {
        let mut request = request.clone();
        let port = request.url().port_or_known_default();
        let url = request.url_mut();
        // A URL that can have a host takes both.
        let _ = url.set_scheme("http");
        let _ = url.set_port(port);
        self.0.execute_request(&request).await
    }
}

/// Gives tokens that live as long as they are told to, and takes its time.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) calls: Arc<AtomicUsize>,
    /// The first token's, then that of all others.
    pub(crate) lifetimes: [u64; 2],
    /// From the second token on.
    pub(crate) delay: std::time::Duration,
}

#[async_trait]
impl TokenCredential for Tokens {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> Result<AccessToken> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        if call > 0 {
            tokio::time::sleep(self.delay).await;
        }
        let lifetime = Duration::seconds(self.lifetimes[call.min(1)] as i64);
        Ok(AccessToken::new(
            "canary-token",
            OffsetDateTime::now_utc() + lifetime,
        ))
    }
}
