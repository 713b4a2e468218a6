//! What a download gives, and when it ends.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use maps_core::{
    CallOptions, ClientOptions, Credential, ErrorKind, Limits, Method, Stream, SubscriptionKey,
    Timeouts,
};
use tokio::io::AsyncWrite;

use super::server::{JumpClock, SERVICE, Server, Then, raw, reply};
use super::{PARTS, broken, open, options, part, rest, retries, script, whole};

#[tokio::test]
async fn body_comes_whole_beside_its_status_and_headers() {
    let headers = [("content-type", "application/zip"), ("etag", "\"a\"")];
    let server = Server::always(reply(200, &headers, "0123456789")).await;
    // A limit of bodies in memory does not count here.
    let options = options().limits(Limits::new().body(4));
    let mut download = open(&server, options).await.expect("open");
    assert_eq!(download.status(), 200);
    assert_eq!(download.content_type(), Some("application/zip"));
    assert_eq!(download.content_length(), Some(10));
    assert_eq!(download.total(), Some(10));
    assert_eq!(download.validator(), Some("\"a\""));
    assert_eq!(download.position(), 0);
    assert_eq!(whole(&mut download).await, "0123456789");
    assert_eq!(download.position(), 10);
    assert!(download.chunk().await.expect("ended").is_none());
}

#[tokio::test]
async fn body_without_length_ends_with_its_last_chunk() {
    let answer = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n";
    let server = Server::always(raw(answer, Then::KeepOpen)).await;
    let mut download = open(&server, options()).await.expect("open");
    assert_eq!(download.content_length(), None);
    assert_eq!(whole(&mut download).await, "0123456789");
}

#[tokio::test]
async fn answers_without_body_are_at_their_end() {
    let server = Server::start(|seen, _| match seen.method.as_str() {
        "HEAD" => raw(
            "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n",
            Then::KeepOpen,
        ),
        _ => raw("HTTP/1.1 204 No Content\r\n\r\n", Then::KeepOpen),
    })
    .await;
    for method in [Method::HEAD, Method::DELETE] {
        let pipeline = server.pipeline(&SERVICE, None, options());
        let mut download = pipeline
            .raw(method, "/file")
            .download()
            .await
            .expect("open");
        assert_eq!(whole(&mut download).await, "");
    }
}

#[tokio::test]
async fn error_status_is_retried_and_read_as_an_error() {
    let body = r#"{"error":{"code":"NotThere","message":"no such file"}}"#;
    let server = script(vec![
        reply(503, &[], ""),
        reply(404, &[("x-ms-request-id", "7")], body),
    ])
    .await;
    let error = open(&server, options()).await.expect_err("404");
    assert_eq!(error.code(), Some("NotThere"));
    assert_eq!(error.request_id(), Some("7"));
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn redirect_to_a_foreign_origin_is_refused() {
    let other = Server::always(reply(200, &[], "0123456789")).await;
    let location = format!("{}/file", other.url);
    let server = Server::always(reply(302, &[("location", &location)], "")).await;
    let error = open(&server, options()).await.expect_err("foreign");
    assert_eq!(error.kind(), ErrorKind::Untrusted);
    assert_eq!(other.count(), 0);
}

#[tokio::test]
async fn redirect_to_a_trusted_origin_is_signed_and_read() {
    let other = Server::always(reply(200, &[], "0123456789")).await;
    let location = format!("{}/elsewhere", other.url);
    let server = Server::always(reply(302, &[("location", &location)], "")).await;
    let key = Credential::from(SubscriptionKey::new("k"));
    let options = options().trusted_origin(other.url.clone());
    let pipeline = server.pipeline(&SERVICE, key, options);
    let mut download = pipeline
        .raw(Method::GET, "/file")
        .download()
        .await
        .expect("open");
    assert_eq!(whole(&mut download).await, "0123456789");
    assert_eq!(other.seen()[0].header("subscription-key"), Some("k"));
}

#[tokio::test]
async fn body_beyond_its_limit_is_an_error_that_stays() {
    let server = Server::always(reply(200, &[], "0123456789")).await;
    let mut download = open(&server, options()).await.expect("open").limit(9);
    let (text, outcome) = rest(&mut download).await;
    assert_eq!(text, "");
    let error = outcome.expect_err("too long");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("9 bytes"), "{error}");
    assert!(download.chunk().await.is_err());
    let mut download = open(&server, options()).await.expect("open").limit(10);
    assert_eq!(whole(&mut download).await, "0123456789");
}

#[tokio::test]
async fn progress_counts_the_bytes_that_arrive() {
    let server = script(vec![broken(PARTS, "0123"), part(4, 9)]).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    let mut download = open(&server, options())
        .await
        .expect("open")
        .on_progress(move |progress| noted.lock().expect("lock").push(progress));
    whole(&mut download).await;
    let seen = seen.lock().expect("lock");
    let places: Vec<_> = seen.iter().map(|at| (at.position, at.total)).collect();
    assert_eq!(places, [(4, Some(10)), (10, Some(10))]);
}

#[tokio::test]
async fn stream_ends_after_an_error() {
    let server = Server::always(broken("", "0123")).await;
    let mut download = open(&server, options()).await.expect("open");
    let mut items = Vec::new();
    while let Some(item) = poll_fn(|cx| Pin::new(&mut download).poll_next(cx)).await {
        items.push(item.map_err(|error| error.kind()));
    }
    assert_eq!(items, [Ok("0123".into()), Err(ErrorKind::Transport)]);
}

#[tokio::test]
async fn time_of_the_client_ends_with_the_headers() {
    let clock = JumpClock::new();
    let server = Server::always(reply(200, &[], "0123456789")).await;
    let times = Timeouts::new().call(Duration::from_secs(5));
    let options = ClientOptions::new().clock(clock.clone()).timeouts(times);
    let mut download = open(&server, options).await.expect("open");
    clock.advance(Duration::from_secs(86_400));
    assert_eq!(whole(&mut download).await, "0123456789");
}

#[tokio::test]
async fn time_of_the_call_ends_with_the_last_byte() {
    let clock = JumpClock::new();
    let server = Server::always(reply(200, &[("etag", "\"a\"")], "0123456789")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new().clock(clock.clone()));
    let mut download = pipeline
        .raw(Method::GET, "/file")
        .call_options(CallOptions::new().timeout(Duration::from_secs(5)))
        .download()
        .await
        .expect("open");
    clock.advance(Duration::from_secs(6));
    let error = download.chunk().await.expect_err("late");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("0 of 10 bytes"), "{error}");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn error_of_a_good_status_keeps_the_body() {
    let body = r#"{"error":{"code":"Odd","message":"not what it seems"}}"#;
    let server = Server::always(reply(203, &[], body)).await;
    let download = open(&server, options()).await.expect("open");
    let error = download.into_error().await;
    assert_eq!(error.status().map(|status| status.as_u16()), Some(203));
    assert_eq!(error.code(), Some("Odd"));
}

/// Takes three bytes each time, and is not ready every other time.
#[derive(Default)]
struct Slow {
    taken: Vec<u8>,
    ready: bool,
    room: Option<usize>,
    flushed: bool,
}

impl AsyncWrite for Slow {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        self.ready = !self.ready;
        if !self.ready {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let taken = bytes.len().min(3);
        if self
            .room
            .is_some_and(|room| self.taken.len() + taken > room)
        {
            return Poll::Ready(Err(std::io::ErrorKind::StorageFull.into()));
        }
        self.taken.extend_from_slice(&bytes[..taken]);
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.flushed = true;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn copy_writes_and_flushes_all_that_is_left() {
    let server = script(vec![broken(PARTS, "0123"), part(4, 9)]).await;
    let mut download = open(&server, options()).await.expect("open");
    let mut sink = Slow::default();
    assert_eq!(download.copy_to(&mut sink).await.expect("copied"), 10);
    assert_eq!(sink.taken, b"0123456789");
    assert!(sink.flushed);
    assert_eq!(download.copy_to(&mut sink).await.expect("nothing left"), 0);
}

#[tokio::test]
async fn sink_that_fails_loses_no_byte() {
    let server = Server::always(reply(200, &[], "0123456789")).await;
    let mut download = open(&server, options()).await.expect("open");
    let mut full = Slow {
        room: Some(5),
        ..Slow::default()
    };
    let error = download.copy_to(&mut full).await.expect_err("full");
    assert_eq!(error.kind(), ErrorKind::Io);
    assert_eq!(
        (full.taken.as_slice(), download.position()),
        (&b"012"[..], 3)
    );
    assert_eq!(whole(&mut download).await, "3456789");
}

#[tokio::test]
async fn dropped_at_any_poll_nothing_is_lost_and_nothing_asked_twice() {
    let server = script(vec![broken(PARTS, "0123"), part(4, 9)]).await;
    let mut download = open(&server, options()).await.expect("open");
    let mut sink = Slow::default();
    loop {
        // Every future is polled once and dropped.
        let once = {
            let mut copy = pin!(download.copy_to(&mut sink));
            poll_fn(|cx| Poll::Ready(copy.as_mut().poll(cx))).await
        };
        if let Poll::Ready(outcome) = once {
            outcome.expect("copied");
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(sink.taken, b"0123456789");
    assert_eq!(server.count(), 2);
}

#[test]
fn download_goes_on_where_another_runtime_reads_it() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("runtime")
    };
    // The server lives on.
    let servers = runtime();
    let hang =
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\naccept-ranges: bytes\r\netag: \"a\"\r\n\r\n0123";
    let server = servers.block_on(script(vec![raw(hang, Then::Hang), part(4, 9)]));
    let stop = Arc::new(tokio::sync::Notify::new());
    let stopped = Arc::clone(&stop);
    let serving = std::thread::spawn(move || servers.block_on(stopped.notified()));
    let first = runtime();
    let mut download = first.block_on(open(&server, retries(3))).expect("open");
    let front = first.block_on(download.chunk()).expect("front");
    assert_eq!(front.as_deref(), Some(&b"0123"[..]));
    drop(first);
    let text = runtime().block_on(whole(&mut download));
    assert_eq!(text, "456789");
    stop.notify_one();
    serving.join().expect("served");
}
