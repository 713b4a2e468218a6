//! A server on loopback that answers from a script and keeps every request it saw.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use maps_core::{Clock, TokioClock};

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Method in capitals.
    pub method: String,
    /// Path as sent, still percent-encoded.
    pub path: String,
    /// Query as sent, without the question mark.
    pub query: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
    /// When it arrived, by the clock that the server was started with.
    pub at: Instant,
}

impl Seen {
    /// The value of a header as text, if the request carried it.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// All values of a query parameter, decoded.
    pub fn query_values(&self, name: &str) -> Vec<String> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .collect()
    }
}

/// One answer of the script.
#[derive(Debug, Clone)]
pub struct Answer {
    status: StatusCode,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

impl Answer {
    /// An answer with a status, without headers or body.
    pub fn status(status: u16) -> Self {
        let status = StatusCode::from_u16(status).expect("the test names a valid status");
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// An answer with a JSON body.
    pub fn json(status: u16, body: &str) -> Self {
        Self::status(status)
            .header("content-type", "application/json")
            .body(body.to_owned())
    }

    /// Adds a header; `{origin}` in the value becomes the server's own origin.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sets the body; `{origin}` in it becomes the server's own origin.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }
}

/// A server that gives its answers in turn, the last one again and again.
#[derive(Debug)]
pub struct ScriptedServer {
    origin: String,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    origin: String,
    clock: Arc<dyn Clock>,
    answers: Mutex<VecDeque<Answer>>,
    seen: Mutex<Vec<Seen>>,
}

impl ScriptedServer {
    /// Starts a server on a free port of loopback.
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::start_with_clock(Arc::new(TokioClock), answers).await
    }

    /// Starts a server that notes by this clock when each request arrived.
    pub async fn start_with_clock(
        clock: Arc<dyn Clock>,
        answers: impl IntoIterator<Item = Answer>,
    ) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("loopback has a free port");
        let port = listener
            .local_addr()
            .expect("a bound listener has an address")
            .port();
        let origin = format!("http://127.0.0.1:{port}");
        let shared = Arc::new(Shared {
            origin: origin.clone(),
            clock,
            answers: Mutex::new(answers.into_iter().collect()),
            seen: Mutex::default(),
        });
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            axum::serve(listener, app)
                .await
                .expect("the server runs until the test ends");
        });
        Self {
            origin,
            shared,
            task,
        }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.shared.seen).clone()
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 16 << 20).await.unwrap_or_default();
    lock(&shared.seen).push(Seen {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body,
        at: shared.clock.now(),
    });
    let next = {
        let mut answers = lock(&shared.answers);
        if answers.len() > 1 {
            answers.pop_front()
        } else {
            answers.front().cloned()
        }
    };
    let next = next.unwrap_or_else(|| Answer::status(500));
    let mut response = Response::builder().status(next.status);
    for (name, value) in &next.headers {
        response = response.header(*name, value.replace("{origin}", &shared.origin));
    }
    let body = match std::str::from_utf8(&next.body) {
        Ok(text) => Bytes::from(text.replace("{origin}", &shared.origin)),
        Err(_) => next.body,
    };
    response
        .body(Body::from(body))
        .expect("the test names valid headers")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
