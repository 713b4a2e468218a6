//! A small HTTP server on loopback that sees every request, and a clock that does not wait.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use maps_core::service::{HostParameter, HostSettings, KeyPlacement, Operation, Service};
use maps_core::{BoxFuture, ClientOptions, Clock, Credential, Method, Pipeline, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A service with its key in a header.
pub(crate) static SERVICE: Service = Service {
    name: "maps-test",
    version: "0.1.0",
    api_version: "2025-01-01",
    host: "{endpoint}",
    host_parameters: &[HostParameter {
        name: "endpoint",
        default: None,
    }],
    base_path: "",
    key: Some(KeyPlacement::Header("subscription-key")),
    scopes: &["https://atlas.microsoft.com/.default"],
};

/// The same with its key in the query.
pub(crate) static QUERY_SERVICE: Service = Service {
    key: Some(KeyPlacement::Query("subscription-key")),
    ..SERVICE
};

pub(crate) static GET: Operation = Operation {
    id: "Things_Get",
    method: Method::GET,
    path: "/things",
    accept: "application/json",
    redirects: &[],
};
pub(crate) static POST: Operation = Operation {
    id: "Things_Post",
    method: Method::POST,
    ..GET
};
pub(crate) static PUT: Operation = Operation {
    id: "Things_Put",
    method: Method::PUT,
    ..GET
};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) bytes: Vec<u8>,
    pub(crate) then: Then,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Then {
    KeepOpen,
    Close,
    /// Says nothing more and keeps the connection.
    Hang,
}

/// An answer with its length.
pub(crate) fn reply(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut text = format!(
        "HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    Reply {
        bytes,
        then: Then::KeepOpen,
    }
}

/// Bytes as they are, and the end of the connection.
pub(crate) fn raw(bytes: impl Into<Vec<u8>>, then: Then) -> Reply {
    Reply {
        bytes: bytes.into(),
        then,
    }
}

type Handler = dyn Fn(&Seen, usize) -> Reply + Send + Sync;

pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Answers the n-th request, counted from 0, with what `handler` says.
    pub(crate) async fn start(
        handler: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let handler: Arc<Handler> = Arc::new(handler);
        tokio::spawn(accept(listener, Arc::clone(&seen), handler));
        Self { url, seen }
    }

    /// Answers all with one reply.
    pub(crate) async fn always(answer: Reply) -> Self {
        Self::start(move |_, _| answer.clone()).await
    }

    /// Answers with these in their order, the last one again and again.
    pub(crate) async fn script(answers: Vec<Reply>) -> Self {
        Self::start(move |_, at| answers[at.min(answers.len() - 1)].clone()).await
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("lock").clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.seen.lock().expect("lock").len()
    }

    pub(crate) fn pipeline(
        &self,
        service: &'static Service,
        credential: impl Into<Option<Credential>>,
        options: ClientOptions,
    ) -> Pipeline {
        pipeline(&self.url, service, credential.into(), options).expect("valid settings")
    }
}

pub(crate) fn pipeline(
    url: &str,
    service: &'static Service,
    credential: Option<Credential>,
    options: ClientOptions,
) -> Result<Pipeline> {
    let mut host = HostSettings::new();
    host.endpoint(url);
    Pipeline::new(service, &host, credential, None, options)
}

async fn accept(listener: TcpListener, seen: Arc<Mutex<Vec<Seen>>>, handler: Arc<Handler>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&seen), Arc::clone(&handler)));
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Vec<Seen>>>, handler: Arc<Handler>) {
    let mut buffer = Vec::new();
    loop {
        let Some(request) = read(&mut stream, &mut buffer).await else {
            return;
        };
        let answer = {
            let mut seen = seen.lock().expect("lock");
            seen.push(request.clone());
            let at = seen.len() - 1;
            drop(seen);
            handler(&request, at)
        };
        if stream.write_all(&answer.bytes).await.is_err() {
            return;
        }
        match answer.then {
            Then::KeepOpen => {}
            Then::Close => return,
            Then::Hang => std::future::pending::<()>().await,
        }
    }
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Seen> {
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(buffer[..head_end].to_vec()).ok()?;
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().expect("length"));
    let body_start = head_end + 4;
    while buffer.len() < body_start + length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    let body = buffer[body_start..body_start + length].to_vec();
    buffer.drain(..body_start + length);
    Some(Seen {
        method,
        target,
        headers,
        body,
    })
}

/// A clock that jumps ahead where the SDK waits, and notes the waits; limits run in real time.
#[derive(Debug)]
pub(crate) struct JumpClock {
    start: Instant,
    ahead: AtomicU64,
    slept: Mutex<Vec<Duration>>,
}

impl JumpClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            start: Instant::now(),
            ahead: AtomicU64::new(0),
            slept: Mutex::default(),
        })
    }

    pub(crate) fn slept(&self) -> Vec<Duration> {
        self.slept.lock().expect("lock").clone()
    }

    pub(crate) fn advance(&self, duration: Duration) {
        let nanos = u64::try_from(duration.as_nanos()).expect("short");
        self.ahead.fetch_add(nanos, Ordering::SeqCst);
    }

    fn ahead(&self) -> Duration {
        Duration::from_nanos(self.ahead.load(Ordering::SeqCst))
    }
}

impl Clock for JumpClock {
    fn now(&self) -> Instant {
        self.start + self.ahead()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000) + self.ahead()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.slept.lock().expect("lock").push(duration);
        self.advance(duration);
        Box::pin(std::future::ready(()))
    }

    fn limit(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target)
    }
}
