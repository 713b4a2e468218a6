//! Bodies that are read piece by piece.

#[path = "../support/server.rs"]
mod server;

mod going_on;
mod parts;
mod reading;

use std::sync::Arc;

use maps_core::{ClientOptions, Download, Method, Result, RetryOptions};

use server::{JumpClock, Reply, SERVICE, Server, Then, raw};

/// What the service says of a file that can be given in parts.
const PARTS: &str = "accept-ranges: bytes\r\netag: \"a\"\r\n";

/// The front of `0123456789`, and the end of the connection.
fn broken(headers: &str, front: &str) -> Reply {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n{headers}\r\n{front}");
    raw(head, Then::Close)
}

/// A part of `0123456789`.
fn part(first: usize, last: usize) -> Reply {
    let range = format!("bytes {first}-{last}/10");
    let headers = [("content-range", range.as_str()), ("etag", "\"a\"")];
    server::reply(206, &headers, &"0123456789"[first..=last])
}

/// Options that wait for nothing but sockets.
fn options() -> ClientOptions {
    ClientOptions::new().clock(JumpClock::new())
}

fn retries(retries: u32) -> ClientOptions {
    options().retry(RetryOptions::new().max_retries(retries))
}

async fn open(server: &Server, options: ClientOptions) -> Result<Download> {
    let pipeline = server.pipeline(&SERVICE, None, options);
    pipeline.raw(Method::GET, "/file").download().await
}

/// All that is left, and the error that ended it.
async fn rest(download: &mut Download) -> (String, Result<()>) {
    let mut text = Vec::new();
    let outcome = loop {
        match download.chunk().await {
            Ok(Some(chunk)) => text.extend_from_slice(&chunk),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    (String::from_utf8(text).expect("digits"), outcome)
}

/// All of it.
async fn whole(download: &mut Download) -> String {
    let (text, outcome) = rest(download).await;
    outcome.expect("whole");
    text
}

async fn script(answers: Vec<Reply>) -> Arc<Server> {
    Arc::new(Server::script(answers).await)
}
