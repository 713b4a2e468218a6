//! Statuses and headers that nobody expects, and answers that are no HTTP.

use std::time::Duration;

use maps_core::ErrorKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::answers::{get, hasty, send};
use crate::server::{GET, SERVICE, Then, pipeline, reply};
use crate::{SECRET, check, key};

#[tokio::test]
async fn a_status_below_400_that_is_no_redirect_is_an_answer_and_all_others_are_refusals() {
    for status in [200, 203, 206, 226, 299, 300, 304, 305, 306, 399] {
        let response = send(&GET, reply(status, &[], ""))
            .await
            .expect("no refusal");
        assert_eq!(response.status().as_u16(), status);
    }
    for status in [
        301, 302, 303, 307, 308, 400, 401, 402, 418, 421, 451, 499, 500, 505, 511, 599, 600, 999,
    ] {
        let error = send(&GET, reply(status, &[], "{\"code\":\"C\"}"))
            .await
            .expect_err("refusal");
        assert_eq!(error.kind(), ErrorKind::Service, "{status}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.code(), Some("C"));
    }
}

#[tokio::test]
async fn statuses_without_a_body_have_none_whatever_follows() {
    for status in [204, 304] {
        let text = format!("HTTP/1.1 {status} x\r\ncontent-length: 5\r\n\r\nhello");
        let response = get(text, Then::Close).await.expect("an answer");
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.bytes().len(), 0, "{status}");
    }
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_a_transport_error() {
    let long = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "a".repeat(2_000_000));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(10_000));
    for text in [
        "",
        "\r\n\r\n",
        "hello",
        "hello\r\n\r\n",
        "<html></html>",
        "\0\0\0\0",
        "HTTP/0.9 200 OK\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 99999 OK\r\n\r\n",
        "HTTP/1.1 -1 OK\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.9\r\n",
        "220 mail ESMTP\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: empty name\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nna me: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nname : x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx: a\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1, 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx: y",
        &long,
        &many,
    ] {
        let case: String = text.chars().take(60).collect();
        let error = get(text, Then::Close).await.expect_err(&case);
        assert_eq!(error.kind(), ErrorKind::Transport, "{case:?}: {error}");
        assert!(error.may_have_been_sent(), "{case:?}");
    }
}

#[tokio::test]
async fn half_a_head_is_given_up() {
    let mut cases = Vec::new();
    for text in [
        "",
        "H",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nx: y\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
    ] {
        cases.push(tokio::spawn(async move {
            let error = get(text, Then::Hang).await.expect_err(text);
            assert_eq!(error.kind(), ErrorKind::Timeout, "{text:?}: {error}");
        }));
    }
    for case in cases {
        case.await.expect("the assertions hold");
    }
}

#[tokio::test]
async fn headers_that_are_not_ascii_are_kept_and_harm_nothing() {
    let mut bytes =
        b"HTTP/1.1 503 No\r\ncontent-length: 0\r\nretry-after: \xff1\r\nx-ms-request-id: \xe4\r\n"
            .to_vec();
    bytes.extend_from_slice(b"x-ms-error-code: \x80\r\nlocation: \xff\r\ncontent-type: \xff\r\ncontent-encoding: \xff\r\n\r\n");
    let error = get(&bytes, Then::Close).await.expect_err("503");
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(
        (error.retry_after(), error.request_id(), error.code()),
        (None, None, None)
    );
    assert_eq!(
        error.headers().expect("headers")["x-ms-request-id"].as_bytes(),
        b"\xe4"
    );
}

#[tokio::test]
async fn a_header_that_repeats_the_key_in_its_name_is_not_shown() {
    let text = format!("HTTP/1.1 200 OK\r\ncontent-length: 1\r\nx-{SECRET}: y\r\n\r\n{{");
    let response = get(&text, Then::Close).await.expect("200");
    let shown = format!("{response:?}");
    assert!(!shown.contains(SECRET), "{shown}");
    check(&response.into_error(), "an answer as an error");
}

/// A server that says the same again and again.
async fn storm(text: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                while stream.write_all(text.as_bytes()).await.is_ok() {
                    tokio::task::yield_now().await;
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn what_never_ends_is_given_up() {
    let mut cases = Vec::new();
    for text in [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx: ",
        "\r\n",
        "a",
    ] {
        cases.push(tokio::spawn(async move {
            let client = pipeline(&storm(text).await, &SERVICE, key(), hasty()).expect("settings");
            let call = client.send(client.request(&GET));
            let outcome = tokio::time::timeout(Duration::from_secs(20), call).await;
            let error = outcome.expect("bounded").expect_err(text);
            let gave_up = matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Transport);
            assert!(gave_up, "{text:?}: {error}");
        }));
    }
    for case in cases {
        case.await.expect("the assertions hold");
    }
}

#[tokio::test]
async fn a_protocol_that_nobody_asked_for_gives_no_result() {
    let text = "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n{}";
    match get(text, Then::Close).await {
        Ok(response) => {
            let error = response
                .json::<serde_json::Value, ()>()
                .map(|_| ())
                .expect_err("no body");
            assert_eq!(error.kind(), ErrorKind::Decode);
        }
        Err(error) => assert_eq!(error.kind(), ErrorKind::Transport),
    }
}
