//! The default transport. Nothing else in the crate names reqwest.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};

use super::{Body, HttpRequest, HttpResponse};
use crate::error::{Error, ErrorKind, Result};
use crate::upload::{Upload, UploadStream};

/// Connections by reqwest, shared by clones.
#[derive(Debug, Clone)]
pub(crate) struct ReqwestTransport {
    client: reqwest::Client,
    /// Those of blocking calls: while a thread is blocked, the connections of its own runtime stand still.
    #[cfg(feature = "blocking")]
    blocking: reqwest::Client,
}

/// A body as reqwest reads it.
#[derive(Debug)]
pub(crate) struct ReqwestBody(reqwest::Response);

impl ReqwestTransport {
    /// Whether this build can do https.
    pub(crate) const HAS_TLS: bool = cfg!(any(
        feature = "rustls",
        feature = "rustls-ring",
        feature = "native-tls"
    ));

    pub(crate) fn new(connect: Duration) -> Result<Self> {
        Ok(Self {
            client: client(connect)?,
            #[cfg(feature = "blocking")]
            blocking: client(connect)?,
        })
    }

    /// The connections of the runtime that asks.
    fn client(&self) -> &reqwest::Client {
        #[cfg(feature = "blocking")]
        if crate::blocking::is_here() {
            return &self.blocking;
        }
        &self.client
    }

    /// Hands the request over at once, so that the future holds no copy of it.
    pub(crate) fn exchange(
        &self,
        request: HttpRequest,
    ) -> impl Future<Output = Result<HttpResponse>> + use<> {
        let pending = if request.url.scheme() == "https" && !Self::HAS_TLS {
            Err(Error::argument(
                "this build of maps-core has no TLS, so that no https goes out",
            ))
        } else {
            let mut outgoing = reqwest::Request::new(request.method, request.url);
            *outgoing.headers_mut() = request.headers;
            let mut fault = None;
            *outgoing.body_mut() = request.body.map(|body| match body.as_bytes() {
                Some(bytes) => reqwest::Body::from(bytes.clone()),
                None => {
                    let outgoing = Outgoing::new(body);
                    fault = Some(Arc::clone(&outgoing.fault));
                    reqwest::Body::wrap(outgoing)
                }
            });
            Ok((self.client().execute(outgoing), fault))
        };
        async move {
            let (pending, fault) = pending?;
            let mut response = match pending.await {
                Ok(response) => response,
                Err(error) => {
                    return Err(fault.and_then(taken).unwrap_or_else(|| send_error(error)));
                }
            };
            let status = response.status();
            let headers = std::mem::take(response.headers_mut());
            let body = Body::reqwest(ReqwestBody(response));
            Ok(HttpResponse::new(status, headers, body))
        }
    }
}

/// The body of a request as reqwest reads it.
struct Outgoing {
    /// In a mutex that nobody shares: reqwest asks for bodies that are `Sync`.
    stream: Mutex<UploadStream>,
    /// What the stream failed with, which reqwest would hide behind an error of its own.
    fault: Fault,
}

type Fault = Arc<Mutex<Option<Error>>>;

impl Outgoing {
    fn new(body: Upload) -> Self {
        Self {
            stream: Mutex::new(body.into_stream()),
            fault: Fault::default(),
        }
    }
}

fn taken(fault: Fault) -> Option<Error> {
    let mut fault = fault.lock().unwrap_or_else(PoisonError::into_inner);
    Some(fault.take()?.with_may_have_been_sent(true))
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let stream = self
            .stream
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let next = ready!(Pin::new(stream).poll_next(cx));
        Poll::Ready(next.map(|piece| {
            piece.map(Frame::data).map_err(|error| {
                *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                io::Error::other("the body broke off")
            })
        }))
    }

    fn size_hint(&self) -> SizeHint {
        let stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        stream
            .len()
            .map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}

impl ReqwestBody {
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>> {
        self.0.chunk().await.map_err(|error| {
            Error::new(ErrorKind::Transport, "the answer broke off")
                .with_source(error.without_url())
        })
    }
}

fn client(connect: Duration) -> Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        // reqwest would carry a key header to another host: the pipeline follows, behind its trust check.
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // What the environment says about proxies decides over keys; a caller who wants one gives a transport.
        .no_proxy()
        // Another crate may have turned reqwest's decoders on for all: an answer of a kilobyte could unpack to
        // gigabytes behind the limit of bodies, and requests would ask for what they do not expect.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(connect);
    tls(builder)?.build().map_err(|error| {
        Error::new(
            ErrorKind::InvalidArgument,
            "the HTTP client cannot be set up",
        )
        .with_source(error)
    })
}

// A function and not `From`, which would make reqwest part of the API.
fn send_error(error: reqwest::Error) -> Error {
    let (kind, message) = if error.is_connect() {
        (ErrorKind::Connect, "no connection was made")
    } else if error.is_timeout() {
        (ErrorKind::Timeout, "the connection timed out")
    } else if error.is_builder() {
        (
            ErrorKind::InvalidArgument,
            "the request cannot be sent as it is (a URL of more than 64 KiB?)",
        )
    } else {
        (
            ErrorKind::Transport,
            "the exchange broke off before an answer",
        )
    };
    // reqwest prints the URL, and a subscription key may be in its query.
    Error::new(kind, message).with_source(error.without_url())
}

#[cfg(feature = "rustls")]
fn tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder> {
    Ok(builder.tls_backend_rustls())
}

/// reqwest panics when it finds no provider for the whole process, so it is given a ready configuration.
#[cfg(all(feature = "rustls-ring", not(feature = "rustls")))]
fn tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder> {
    use std::sync::Arc;

    use rustls_platform_verifier::BuilderVerifierExt;

    let failed = |error: rustls::Error| {
        Error::new(ErrorKind::InvalidArgument, "TLS cannot be set up").with_source(error)
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .with_platform_verifier()
        .map_err(failed)?
        .with_no_client_auth();
    if cfg!(feature = "http2") {
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    }
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(all(
    feature = "native-tls",
    not(any(feature = "rustls", feature = "rustls-ring"))
))]
fn tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder> {
    Ok(builder.tls_backend_native())
}

#[cfg(not(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
fn tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder> {
    Ok(builder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport;

    #[tokio::test]
    async fn https_is_ready_without_a_process_wide_provider_or_refused() {
        let transport = ReqwestTransport::new(Duration::from_secs(5)).expect("set up");
        let request = HttpRequest {
            method: http::Method::GET,
            // Nobody listens on the discard port.
            url: url::Url::parse("https://127.0.0.1:9/").expect("a URL"),
            headers: http::HeaderMap::new(),
            body: None,
            context: transport::Context::default(),
        };
        let error = transport.exchange(request).await.expect_err("nobody there");
        let kind = if ReqwestTransport::HAS_TLS {
            ErrorKind::Connect
        } else {
            ErrorKind::InvalidArgument
        };
        assert_eq!(error.kind(), kind);
        assert!(!error.may_have_been_sent());
    }
}
