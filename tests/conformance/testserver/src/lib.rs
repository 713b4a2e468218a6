//! What the scenarios share: where the server is, and a session with it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use maps_core::service::Bytes;
use maps_core::{
    BoxFuture, ClientOptions, HeaderMap, HeaderValue, HttpRequest, Method, Next, Policy,
    PollingOptions, RawResponse, Result, RetryOptions, StatusCode, Upload, Url,
};

/// The variable that holds the URL of the server.
pub const ENDPOINT: &str = "CONFORMANCE_ENDPOINT";

/// Root of the server's URLs.
///
/// # Panics
///
/// Outside `cargo xtask conformance`, which starts the server.
#[must_use]
pub fn endpoint() -> String {
    std::env::var(ENDPOINT)
        .unwrap_or_else(|_| panic!("{ENDPOINT} is not set: run `cargo xtask conformance`"))
}

/// Cookies and requests of one scenario.
///
/// The server keeps the step of a scenario of several requests in cookies. The SDK keeps none, as services need none,
/// so a session is also a policy, as a caller would write it.
///
/// # Examples
///
/// ```
/// # fn run() {
/// let session = testserver::Session::new();
/// let options = session.options();
/// assert_eq!(session.count(), 0);
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Session(Arc<State>);

#[derive(Debug, Default)]
struct State {
    cookies: Mutex<BTreeMap<String, String>>,
    exchanges: Mutex<Vec<Exchange>>,
}

/// A request that went out, and the status it was answered with.
#[derive(Clone)]
pub struct Exchange {
    /// The method.
    pub method: Method,
    /// Where it went.
    pub url: Url,
    /// The headers, without those that credentials add.
    pub headers: HeaderMap,
    /// The body, when there was one that is no stream.
    pub body: Option<Bytes>,
    /// The status of the answer; none when the exchange failed.
    pub status: Option<StatusCode>,
}

impl Exchange {
    /// Path and query as they were on the wire.
    #[must_use]
    pub fn target(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    /// Method, path and query: `PUT /things/1?x=2`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target())
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, url, .. } = self;
        write!(f, "{method} {} {:?}", url.path(), self.status)
    }
}

impl Session {
    /// A session without cookies.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Options of a client in this session: short waits, otherwise the defaults.
    pub fn options(&self) -> ClientOptions {
        ClientOptions::new()
            .retry(RetryOptions::new().first_delay(SHORT).max_delay(SHORT))
            .polling(
                PollingOptions::new()
                    .first_wait(SHORT)
                    .max_wait(SHORT)
                    .hint_limits(SHORT, Duration::from_secs(1))
                    .timeout(Duration::from_secs(60)),
            )
            .per_try_policy(Arc::new(self.clone()))
    }

    /// What went out so far, in order.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        lock(&self.0.exchanges).clone()
    }

    /// Path and query of each request that went out so far, as they were on the wire.
    #[must_use]
    pub fn targets(&self) -> Vec<String> {
        lock(&self.0.exchanges)
            .iter()
            .map(Exchange::target)
            .collect()
    }

    /// What went out so far, in order, as `GET /path?query 200`; without a status where the exchange failed.
    #[must_use]
    pub fn trail(&self) -> Vec<String> {
        lock(&self.0.exchanges)
            .iter()
            .map(|exchange| match exchange.status {
                Some(status) => format!("{} {}", exchange.line(), status.as_u16()),
                None => exchange.line(),
            })
            .collect()
    }

    /// How many requests went out so far.
    #[must_use]
    pub fn count(&self) -> usize {
        lock(&self.0.exchanges).len()
    }
}

/// The server answers at once; what it counts does not depend on when it is asked.
const SHORT: Duration = Duration::from_millis(1);

impl Policy for Session {
    fn send<'a>(
        &'a self,
        request: &'a mut HttpRequest,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        Box::pin(async move {
            let cookies: Vec<String> = lock(&self.0.cookies)
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            if let Ok(value) = HeaderValue::try_from(cookies.join("; "))
                && !cookies.is_empty()
            {
                request.headers.insert("cookie", value);
            }
            let position = {
                let mut exchanges = lock(&self.0.exchanges);
                exchanges.push(Exchange {
                    method: request.method.clone(),
                    url: request.url.clone(),
                    headers: request.headers.clone(),
                    body: request.body.as_ref().and_then(Upload::as_bytes).cloned(),
                    status: None,
                });
                exchanges.len() - 1
            };
            let answer = next.send(request).await?;
            if let Some(exchange) = lock(&self.0.exchanges).get_mut(position) {
                exchange.status = Some(answer.status());
            }
            for cookie in answer.headers().get_all("set-cookie") {
                let pair = cookie.to_str().unwrap_or_default().split(';').next();
                if let Some((name, value)) = pair.and_then(|pair| pair.split_once('=')) {
                    lock(&self.0.cookies).insert(name.to_owned(), value.to_owned());
                }
            }
            Ok(answer)
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
