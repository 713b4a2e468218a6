//! The default transport. Nothing else in the crate names reqwest.

use std::time::Duration;

use bytes::Bytes;

use super::{Body, HttpRequest, HttpResponse};
use crate::error::{Error, ErrorKind, Result};

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
            *outgoing.body_mut() = request.body.map(reqwest::Body::from);
            Ok(self.client().execute(outgoing))
        };
        async move {
            let mut response = pending?.await.map_err(send_error)?;
            let status = response.status();
            let headers = std::mem::take(response.headers_mut());
            let body = Body::reqwest(ReqwestBody(response));
            Ok(HttpResponse::new(status, headers, body))
        }
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
    use crate::transport::Context;

    #[tokio::test]
    async fn https_is_ready_without_a_process_wide_provider_or_refused() {
        let transport = ReqwestTransport::new(Duration::from_secs(5)).expect("set up");
        let request = HttpRequest {
            method: http::Method::GET,
            // Nobody listens on the discard port.
            url: url::Url::parse("https://127.0.0.1:9/").expect("a URL"),
            headers: http::HeaderMap::new(),
            body: None,
            context: Context::default(),
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
