//! What happens when a body breaks off.

use std::time::Duration;

use maps_core::{ErrorKind, Method, RetryOptions, Timeouts};

use super::server::{JumpClock, SERVICE, Server, Then, raw, reply};
use super::{PARTS, broken, open, options, part, rest, retries, script, whole};

#[tokio::test]
async fn body_that_breaks_off_goes_on_at_the_same_byte() {
    let server = script(vec![broken(PARTS, "0123"), part(4, 6), part(7, 9)]).await;
    let mut download = open(&server, options()).await.expect("open");
    assert_eq!(whole(&mut download).await, "0123456789");
    assert_eq!(download.resumptions(), 2);
    let asked: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| {
            (
                seen.header("range").map(str::to_owned),
                seen.header("if-range").map(str::to_owned),
            )
        })
        .collect();
    let tag = || Some("\"a\"".to_owned());
    assert_eq!(
        asked,
        [
            (None, None),
            (Some("bytes=4-9".to_owned()), tag()),
            (Some("bytes=7-9".to_owned()), tag()),
        ]
    );
}

#[tokio::test]
async fn body_that_stalls_goes_on_over_another_connection() {
    let hang = format!("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n{PARTS}\r\n0123");
    let server = script(vec![raw(hang, Then::Hang), part(4, 9)]).await;
    let times = Timeouts::new().stalled_body(Duration::from_millis(50));
    let mut download = open(&server, options().timeouts(times))
        .await
        .expect("open");
    assert_eq!(whole(&mut download).await, "0123456789");
    assert_eq!(download.resumptions(), 1);
}

#[tokio::test]
async fn body_of_unknown_length_goes_on_to_the_end_that_the_part_tells() {
    let front =
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n{PARTS}\r\n4\r\n0123\r\n");
    let server = script(vec![raw(front, Then::Close), part(4, 9)]).await;
    let mut download = open(&server, options()).await.expect("open");
    assert_eq!(whole(&mut download).await, "0123456789");
    assert_eq!(server.seen()[1].header("range"), Some("bytes=4-"));
    assert_eq!(download.total(), Some(10));
}

#[tokio::test]
async fn part_of_a_file_whose_size_nobody_says_is_not_taken_for_its_end() {
    let front =
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n{PARTS}\r\n4\r\n0123\r\n");
    let headers = [("content-range", "bytes 4-6/*"), ("etag", "\"a\"")];
    let server = script(vec![raw(front, Then::Close), reply(206, &headers, "456")]).await;
    let mut download = open(&server, options()).await.expect("open");
    let (text, outcome) = rest(&mut download).await;
    assert_eq!(text, "0123");
    let error = outcome.expect_err("it may go on behind the part");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(download.position(), 4);
}

#[tokio::test]
async fn bytes_behind_the_part_that_is_given_are_refused() {
    let head = "HTTP/1.1 206 Part\r\ncontent-range: bytes 4-6/10\r\netag: \"a\"\r\ntransfer-encoding: chunked\r\n";
    let long = format!("{head}\r\n6\r\nxxxxxx\r\n0\r\n\r\n");
    let server = script(vec![broken(PARTS, "0123"), raw(long, Then::Close)]).await;
    let mut download = open(&server, options()).await.expect("open");
    let (text, outcome) = rest(&mut download).await;
    assert_eq!(text, "0123");
    let error = outcome.expect_err("what are these bytes?");
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn waits_before_going_on_are_those_of_retries() {
    let clock = JumpClock::new();
    let server = script(vec![broken(PARTS, "0123"), part(4, 9)]).await;
    let options = options().clock(clock.clone()).jitter_seed(7);
    let mut download = open(&server, options).await.expect("open");
    whole(&mut download).await;
    let slept = clock.slept();
    assert_eq!(slept.len(), 1);
    assert!(slept[0] <= Duration::from_millis(500), "{slept:?}");
}

#[tokio::test]
async fn what_cannot_go_on_says_how_many_bytes_there_are() {
    for headers in [
        "",
        "accept-ranges: bytes\r\n",
        "etag: \"a\"\r\n",
        "accept-ranges: none\r\netag: \"a\"\r\n",
        "accept-ranges: bytes\r\netag: W/\"a\"\r\n",
    ] {
        let server = script(vec![broken(headers, "0123"), part(4, 9)]).await;
        let mut download = open(&server, options()).await.expect("open");
        let (text, outcome) = rest(&mut download).await;
        assert_eq!(text, "0123", "{headers}");
        let error = outcome.expect_err(headers);
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert!(error.to_string().contains("after 4 of 10 bytes"), "{error}");
        assert!(error.may_have_been_sent());
        assert_eq!(download.position(), 4);
        assert!(download.chunk().await.is_err(), "not taken for the end");
        assert_eq!(server.count(), 1, "{headers}");
    }
}

#[tokio::test]
async fn post_is_not_asked_again() {
    let server = script(vec![broken(PARTS, "0123"), part(4, 9)]).await;
    let pipeline = server.pipeline(&SERVICE, None, options());
    let request = pipeline.raw(Method::POST, "/file");
    let mut download = request.download().await.expect("open");
    let (text, outcome) = rest(&mut download).await;
    assert_eq!(text, "0123");
    assert!(outcome.is_err());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn answer_that_is_not_the_rest_is_never_added() {
    let other =
        |range: &str, tag: &str| reply(206, &[("content-range", range), ("etag", tag)], "xxxxxx");
    for answer in [
        reply(200, &[("etag", "\"b\"")], "xxxxxxxxxx"),
        reply(200, &[("etag", "\"a\"")], "xxxxxxxxxx"),
        reply(206, &[("etag", "\"a\"")], "xxxxxx"),
        other("bytes 3-8/10", "\"a\""),
        other("bytes 4-9/11", "\"a\""),
        other("bytes 4-10/11", "\"a\""),
        other("bytes 4-9/10", "\"b\""),
        reply(204, &[], ""),
    ] {
        let shown = String::from_utf8_lossy(&answer.bytes).into_owned();
        let server = script(vec![broken(PARTS, "0123"), answer]).await;
        let mut download = open(&server, options()).await.expect("open");
        let (text, outcome) = rest(&mut download).await;
        assert_eq!(text, "0123", "{shown}");
        let error = outcome.expect_err(&shown);
        assert_eq!(error.kind(), ErrorKind::Decode, "{shown}");
        assert!(error.to_string().contains("after 4 of 10 bytes"), "{error}");
    }
}

#[tokio::test]
async fn refused_request_for_the_rest_is_the_error() {
    let body = r#"{"error":{"code":"Gone","message":"no longer there"}}"#;
    let server = script(vec![broken(PARTS, "0123"), reply(404, &[], body)]).await;
    let mut download = open(&server, options()).await.expect("open");
    let (_, outcome) = rest(&mut download).await;
    let error = outcome.expect_err("404");
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.code(), Some("Gone"));
    assert!(error.to_string().contains("after 4 of 10 bytes"), "{error}");
}

#[tokio::test]
async fn connections_that_break_in_a_row_are_counted() {
    let front = |first: usize| {
        let length = 10 - first;
        let head = format!(
            "HTTP/1.1 206 Part\r\ncontent-length: {length}\r\ncontent-range: bytes {first}-9/10\r\netag: \"a\"\r\n\r\n{first}"
        );
        raw(head, Then::Close)
    };
    let mut answers = vec![broken(PARTS, "0")];
    answers.extend((1..10).map(front));
    let server = script(answers).await;
    let mut download = open(&server, retries(3)).await.expect("open");
    let (text, outcome) = rest(&mut download).await;
    assert_eq!(text, "0123");
    assert!(outcome.is_err());
    assert_eq!((server.count(), download.resumptions()), (4, 3));
    // Whoever asks again goes on, with a new count.
    let (text, _) = rest(&mut download).await;
    assert_eq!(text, "456");
}

#[tokio::test]
async fn retry_budget_of_the_client_bounds_going_on() {
    let server = script(vec![broken(PARTS, "0123"), part(4, 9)]).await;
    let retry = RetryOptions::new().budget(Some(4));
    let mut download = open(&server, options().retry(retry)).await.expect("open");
    let (text, outcome) = rest(&mut download).await;
    assert_eq!(text, "0123");
    assert!(outcome.is_err());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn policy_sees_each_request_for_a_part() {
    use maps_core::{BoxFuture, HttpRequest, Next, Policy, RawResponse, Result};

    #[derive(Debug)]
    struct Stamp;

    impl Policy for Stamp {
        fn send<'a>(
            &'a self,
            request: &'a mut HttpRequest,
            next: Next<'a>,
        ) -> BoxFuture<'a, Result<RawResponse>> {
            request
                .headers
                .append("x-stamp", maps_core::HeaderValue::from_static("1"));
            Box::pin(async move {
                let response = next.send(request).await?;
                assert!(response.bytes().is_empty(), "the body is still on its way");
                Ok(response)
            })
        }
    }

    let server = Server::script(vec![broken(PARTS, "0123"), part(4, 9)]).await;
    let options = options().per_call_policy(std::sync::Arc::new(Stamp));
    let mut download = open(&server, options).await.expect("open");
    assert_eq!(whole(&mut download).await, "0123456789");
    for seen in server.seen() {
        let stamps = seen.headers.iter().filter(|(name, _)| name == "x-stamp");
        assert_eq!(stamps.count(), 1);
    }
}
