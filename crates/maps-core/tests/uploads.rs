//! Bodies of requests that are streams: on the wire, with their progress, and when a try fails.

#[path = "support/server.rs"]
mod server;

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use maps_core::service::{HostSettings, Operation};
use maps_core::test_kit::{Answer, ScriptedTransport};
use maps_core::{
    Bytes, ClientOptions, Content, Error, ErrorKind, FormFile, Method, Pipeline, Progress, Request,
    Result, RetryOptions, Stream, Upload,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use server::{POST, PUT, SERVICE};

/// A stream of these pieces.
struct Pieces(VecDeque<io::Result<Bytes>>);

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front())
    }
}

fn pieces(texts: &[&'static str]) -> Pieces {
    Pieces(texts.iter().map(|text| Ok(Bytes::from(*text))).collect())
}

/// What one connection carries until the body is there, with 200 as the answer.
async fn on_the_wire(body: impl Into<Upload>) -> (Result<()>, String) {
    wire(|request| request.bytes("application/octet-stream", body)).await
}

/// The same of a request that is filled in by `fill`.
async fn wire(fill: impl FnOnce(&mut Request)) -> (Result<()>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let seen = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("a connection");
        let mut seen = Vec::new();
        let mut piece = [0; 4096];
        while !is_whole(&seen) {
            match socket.read(&mut piece).await {
                Ok(0) | Err(_) => break,
                Ok(count) => seen.extend_from_slice(&piece[..count]),
            }
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let _ = socket.write_all(answer).await;
        String::from_utf8_lossy(&seen).into_owned()
    });
    let mut settings = HostSettings::new();
    settings.endpoint(format!("http://{address}"));
    let options = ClientOptions::new().retry(RetryOptions::none());
    let pipeline = Pipeline::new(&SERVICE, &settings, None, None, options).expect("complete");
    let mut request = pipeline.request(&PUT);
    fill(&mut request);
    let sent = pipeline.send(request).await.map(drop);
    let seen = tokio::time::timeout(Duration::from_secs(10), seen);
    (sent, seen.await.expect("in time").expect("no panic"))
}

fn is_whole(seen: &[u8]) -> bool {
    let text = String::from_utf8_lossy(seen).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.split("content-length: ").nth(1);
    let length = length.and_then(|rest| rest.lines().next()?.parse().ok());
    match length {
        Some(length) => body.len() >= length,
        None => body.ends_with("0\r\n\r\n"),
    }
}

#[tokio::test]
async fn stream_of_known_length_has_it_in_its_head() {
    let body = Upload::stream(pieces(&["abc", "", "de"])).with_len(5);
    let (sent, seen) = on_the_wire(body).await;
    sent.expect("sent");
    assert!(
        seen.to_lowercase().contains("content-length: 5\r\n"),
        "{seen}"
    );
    assert!(seen.ends_with("\r\n\r\nabcde"), "{seen}");
}

#[tokio::test]
async fn stream_of_unknown_length_goes_out_in_chunks() {
    let (sent, seen) = on_the_wire(Upload::stream(pieces(&["abc", "de"]))).await;
    sent.expect("sent");
    assert!(
        seen.to_lowercase()
            .contains("transfer-encoding: chunked\r\n"),
        "{seen}"
    );
    assert!(seen.ends_with("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), "{seen}");
}

#[tokio::test]
async fn fault_of_the_stream_is_the_error_of_the_call() {
    let broken = Pieces([Ok(Bytes::from("abc")), Err(io::Error::other("disk"))].into());
    let (sent, _) = on_the_wire(Upload::stream(broken)).await;
    let error = sent.expect_err("the disk failed");
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.may_have_been_sent());
    assert!(std::error::Error::source(&error).is_some_and(|cause| cause.to_string() == "disk"));

    for (len, texts) in [
        (3, &["ab", "cd"][..]),
        (9, &["ab"]),
        // Where the length is full whoever sends asks for no more.
        (3, &["abc", "de"]),
        (3, &["abc", "", "d"]),
    ] {
        let (sent, _) = on_the_wire(Upload::stream(pieces(texts)).with_len(len)).await;
        let error = sent.expect_err("another length");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    }
}

fn pipeline(script: &ScriptedTransport) -> Pipeline {
    let retry = RetryOptions::new().first_delay(Duration::ZERO);
    let options = ClientOptions::new()
        .transport(Arc::new(script.clone()))
        .retry(retry);
    let mut settings = HostSettings::new();
    settings.endpoint("https://things.example");
    Pipeline::new(&SERVICE, &settings, None, None, options).expect("complete")
}

async fn send(
    script: &ScriptedTransport,
    operation: &'static Operation,
    body: Upload,
) -> Result<(), Error> {
    send_filled(script, operation, |request| {
        request.bytes("text/plain", body);
    })
    .await
}

async fn send_filled(
    script: &ScriptedTransport,
    operation: &'static Operation,
    fill: impl FnOnce(&mut Request),
) -> Result<(), Error> {
    let pipeline = pipeline(script);
    let mut request = pipeline.request(operation);
    fill(&mut request);
    pipeline.send(request).await.map(drop)
}

fn bodies(script: &ScriptedTransport) -> Vec<String> {
    let requests = script.requests().into_iter();
    let text = |body: Option<Upload>| {
        let bytes = body.and_then(|body| body.as_bytes().cloned());
        String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
    };
    requests.map(|request| text(request.body)).collect()
}

#[tokio::test]
async fn what_is_read_once_is_sent_once() {
    let script = ScriptedTransport::new()
        .answer(Answer::status(503))
        .answer(Answer::status(200));
    let error = send(&script, &PUT, Upload::stream(pieces(&["a", "b"]))).await;
    let error = error.expect_err("nothing is left to send");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
    assert_eq!(bodies(&script), ["ab"]);
}

#[tokio::test]
async fn what_is_made_anew_is_sent_again_and_tells_its_progress() {
    let opened = Arc::new(AtomicUsize::new(0));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (count, note) = (Arc::clone(&opened), Arc::clone(&seen));
    let body = Upload::repeatable(move || {
        count.fetch_add(1, Ordering::Relaxed);
        pieces(&["ab", "c"])
    })
    .with_len(3)
    .on_progress(
        move |Progress {
                  position, total, ..
              }| {
            note.lock().expect("no panic").push((position, total));
        },
    );
    let script = ScriptedTransport::new()
        .answer(Answer::status(503))
        .answer(Answer::status(200));
    send(&script, &PUT, body).await.expect("sent again");
    assert_eq!(bodies(&script), ["abc", "abc"]);
    assert_eq!(opened.load(Ordering::Relaxed), 2);
    let once = [(2, Some(3)), (3, Some(3))];
    assert_eq!(*seen.lock().expect("no panic"), [once, once].concat());
}

#[tokio::test]
async fn bytes_tell_their_progress_piece_by_piece() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&seen);
    let body = Upload::from(vec![b'x'; 100_000])
        .on_progress(move |progress| note.lock().expect("no panic").push(progress.position));
    assert_eq!(body.len(), Some(100_000));
    let script = ScriptedTransport::new().answer(Answer::status(200));
    send(&script, &POST, body).await.expect("sent");
    assert_eq!(*seen.lock().expect("no panic"), [65_536, 100_000]);
}

#[tokio::test]
async fn redirect_that_asks_for_a_stream_again_is_an_error() {
    static MOVED: Operation = Operation {
        id: "Things_Put",
        method: Method::PUT,
        path: "/things",
        accept: "",
        redirects: &[],
    };
    let script = ScriptedTransport::new()
        .answer(Answer::status(307).header("location", "/elsewhere"))
        .answer(Answer::status(200));
    let error = send(&script, &MOVED, Upload::stream(pieces(&["a"]))).await;
    let error = error.expect_err("read before");
    assert!(
        error.to_string().contains("asks for the body again"),
        "{error}"
    );
    let script = ScriptedTransport::new()
        .answer(Answer::status(307).header("location", "/elsewhere"))
        .answer(Answer::status(200));
    let again = Upload::repeatable(|| pieces(&["a"]));
    send(&script, &MOVED, again).await.expect("sent again");
    assert_eq!(bodies(&script), ["a", "a"]);
}

#[tokio::test]
async fn stream_that_was_read_is_not_needed_behind_a_303() {
    let script = ScriptedTransport::new()
        .answer(Answer::status(303).header("location", "/done"))
        .answer(Answer::status(302).header("location", "/there"))
        .answer(Answer::status(200));
    let sent = send(&script, &PUT, Upload::stream(pieces(&["a"]))).await;
    sent.expect("what it led to was read");
}

#[tokio::test]
async fn errors_of_a_stream_tell_whether_something_of_it_was_sent() {
    let broken = |first: &[&'static str]| {
        let first = first.iter().map(|text| Ok(Bytes::from(*text)));
        Pieces(first.chain([Err(io::Error::other("disk"))]).collect())
    };
    let mut untouched = Upload::stream(broken(&[])).into_stream();
    let error = untouched
        .next()
        .await
        .expect("an item")
        .expect_err("broken");
    assert!(!error.may_have_been_sent());
    let mut half = Upload::stream(broken(&["ab"])).into_stream();
    assert_eq!(half.next().await.expect("an item").expect("good"), "ab");
    let error = half.next().await.expect("an item").expect_err("broken");
    assert!(error.may_have_been_sent());
}

#[tokio::test]
async fn content_of_another_media_type_may_be_a_stream() {
    let table = Content::bytes("text/csv", Upload::stream(pieces(&["7,", "2"])).with_len(3));
    let (sent, seen) = wire(|request| {
        request.content(table, |request, numbers: &[f64]| {
            request.json("application/json", numbers);
        });
    })
    .await;
    sent.expect("sent");
    let head = seen.to_lowercase();
    assert!(head.contains("content-type: text/csv\r\n"), "{seen}");
    assert!(head.contains("content-length: 3\r\n"), "{seen}");
    assert!(seen.ends_with("\r\n\r\n7,2"), "{seen}");
}

/// The form in what a connection carried, its random boundary as `B`.
fn form(seen: &str) -> String {
    let (head, body) = seen.split_once("\r\n\r\n").expect("a body");
    let (_, rest) = head.split_once("boundary=").expect("a form");
    let boundary = rest.lines().next().expect("a boundary");
    body.replace(boundary, "B")
}

#[tokio::test]
async fn form_of_streams_of_known_length_has_a_length() {
    let (sent, seen) = wire(|request| {
        request.form_field("title", "lanes");
        let stream = Upload::stream(pieces(&["7,", "2"])).with_len(3);
        request.form_files("table", [FormFile::new(stream), "8,3".into()]);
    })
    .await;
    sent.expect("sent");
    let part = "\r\n--B\r\nContent-Disposition: form-data; name=\"table\"; filename=\"file\"\r\n\
                Content-Type: application/octet-stream\r\n\r\n";
    let expected = format!(
        "--B\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nlanes{part}7,2{part}8,3\r\n--B--\r\n"
    );
    assert_eq!(form(&seen), expected);
    let body = seen.split_once("\r\n\r\n").expect("a body").1;
    let length = format!("content-length: {}\r\n", body.len());
    assert!(seen.to_lowercase().contains(&length), "{seen}");
}

#[tokio::test]
async fn form_with_a_stream_of_unknown_length_goes_out_in_chunks() {
    let (sent, seen) = wire(|request| {
        request.form_file("table", Upload::stream(pieces(&["7,", "2"])));
    })
    .await;
    sent.expect("sent");
    assert!(
        seen.to_lowercase()
            .contains("transfer-encoding: chunked\r\n"),
        "{seen}"
    );
    assert!(form(&seen).contains("\r\n2\r\n7,\r\n1\r\n2\r\n"), "{seen}");
    assert!(form(&seen).ends_with("--B--\r\n\r\n0\r\n\r\n"), "{seen}");
}

#[tokio::test]
async fn fault_of_a_file_is_the_error_of_its_form() {
    let (sent, _) = wire(|request| {
        request.form_file("table", Upload::stream(pieces(&["abc"])).with_len(9));
    })
    .await;
    let error = sent.expect_err("shorter than it said");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    assert!(error.may_have_been_sent(), "the head of the file was");
}

#[tokio::test]
async fn form_is_sent_again_where_each_file_can_be_read_again() {
    let script = || {
        ScriptedTransport::new()
            .answer(Answer::status(503))
            .answer(Answer::status(200))
    };
    let (seen, tries) = (Arc::new(Mutex::new(Vec::new())), script());
    let note = Arc::clone(&seen);
    let again = Upload::repeatable(|| pieces(&["ab", "c"]))
        .on_progress(move |progress| note.lock().expect("no panic").push(progress.position));
    let sent = send_filled(&tries, &PUT, |request| {
        request.form_files("files", [FormFile::new(again), "d".into()]);
    });
    sent.await.expect("sent again");
    let bodies = bodies(&tries);
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(*seen.lock().expect("no panic"), [2, 3, 2, 3]);

    let tries = script();
    let sent = send_filled(&tries, &PUT, |request| {
        let files = [Upload::stream(pieces(&["a"])), Upload::from("b")];
        request.form_files("files", files);
    });
    let error = sent.await.expect_err("one file is gone");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
    assert_eq!(tries.requests().len(), 1);
}
