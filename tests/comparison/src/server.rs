//! A small HTTP server on this machine that notes what it sees.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) at: Instant,
}

impl Seen {
    pub(crate) fn has(&self, header: &str) -> bool {
        self.headers.iter().any(|(name, _)| name == header)
    }
}

/// What the server does with a request.
pub(crate) enum Reply {
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Closes the connection without a word.
    Cut,
}

pub(crate) fn json(status: u16, body: &str) -> Reply {
    let kind = ("content-type", "application/json".to_owned());
    Reply::Answer(status, vec![kind], body.to_owned())
}

impl Reply {
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Answer(_, headers, _) = &mut self {
            headers.push((name, value.into()));
        }
        self
    }
}

type Handler = dyn Fn(&Seen, usize) -> Reply + Send + Sync;

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Answers with what `handler` says of a request and of how many with its method and path came before.
    pub(crate) async fn start(
        handler: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let port = listener.local_addr().expect("bound").port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let server = Self {
            port,
            seen: Arc::clone(&seen),
        };
        let handler: Arc<Handler> = Arc::new(handler);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&seen), Arc::clone(&handler)));
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("lock").clone()
    }

    /// How many requests there were of a method.
    pub(crate) fn count(&self, method: &str) -> usize {
        let seen = self.seen();
        seen.iter().filter(|seen| seen.method == method).count()
    }
}

/// An operation that is submitted by POST and goes through these bodies, the last one again and again.
pub(crate) async fn operation(statuses: &'static [&'static str]) -> Server {
    Server::start(move |seen, earlier| match seen.method.as_str() {
        "POST" => submitted(seen),
        _ => json(200, statuses[earlier.min(statuses.len() - 1)]),
    })
    .await
}

/// The answer to a submit: 202, and where the operation is.
pub(crate) fn submitted(seen: &Seen) -> Reply {
    let host = seen.headers.iter().find(|(name, _)| name == "host");
    let host = host.map(|(_, host)| host.as_str()).unwrap_or_default();
    json(202, r#"{"id":"1","status":"InProgress"}"#)
        .header("operation-location", format!("http://{host}/operations/1"))
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Vec<Seen>>>, handler: Arc<Handler>) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        let reply = {
            let mut seen = seen.lock().expect("lock");
            let same =
                |other: &&Seen| (&other.method, &other.path) == (&request.method, &request.path);
            let earlier = seen.iter().filter(same).count();
            seen.push(request.clone());
            drop(seen);
            handler(&request, earlier)
        };
        let Reply::Answer(status, headers, body) = reply else {
            return;
        };
        let mut text = format!(
            "HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(&body);
        if stream.write_all(text.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Seen> {
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?);
    let path = target.split('?').next()?.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, value)| value.parse().unwrap_or(0));
    while buffer.len() < end + 4 + length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    buffer.drain(..end + 4 + length);
    Some(Seen {
        method,
        path,
        headers,
        at: Instant::now(),
    })
}
