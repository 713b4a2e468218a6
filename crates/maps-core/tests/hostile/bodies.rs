//! Bodies that are cut, endless, encoded, deep, or not what they claim.

use maps_core::ErrorKind;

use crate::SECRET;
use crate::answers::{get, json, monitor, refusal, send};
use crate::server::{GET, Then, raw};

#[tokio::test]
async fn bodies_shorter_than_they_say_are_transport_errors() {
    for head in [
        "content-length: 100\r\n\r\n{}",
        "transfer-encoding: chunked\r\n\r\n5\r\n{}",
        "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n",
        "transfer-encoding: chunked\r\n\r\n-2\r\n{}\r\n",
        "transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n",
        "transfer-encoding: chunked\r\n\r\n2;ext=\"\r\n\r\n\r\n",
    ] {
        let error = get(format!("HTTP/1.1 200 OK\r\n{head}"), Then::Close)
            .await
            .expect_err(head);
        assert_eq!(error.kind(), ErrorKind::Transport, "{head:?}: {error}");
        assert!(error.may_have_been_sent(), "{head:?}");
    }
}

#[tokio::test]
async fn bytes_behind_the_end_of_a_body_are_no_answer_to_the_next_request() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n";
    let server = crate::server::Server::always(raw(answer, Then::KeepOpen)).await;
    let pipeline = server.pipeline(&crate::server::SERVICE, None, crate::answers::options());
    for _ in 0..3 {
        let response = pipeline.send(pipeline.request(&GET)).await.expect("200");
        assert_eq!(response.bytes(), "{}");
    }
}

#[tokio::test]
async fn a_body_that_stalls_is_given_up() {
    for head in [
        "content-length: 100\r\n\r\n{",
        "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n",
        "\r\n{",
    ] {
        let error = get(format!("HTTP/1.1 200 OK\r\n{head}"), Then::Hang)
            .await
            .expect_err(head);
        assert_eq!(error.kind(), ErrorKind::Timeout, "{head:?}: {error}");
    }
    // What a refusal has said before is enough.
    let text = "HTTP/1.1 500 No\r\ncontent-length: 100\r\n\r\nbecause";
    let error = get(text, Then::Hang).await.expect_err("500");
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Service, Some("because"))
    );
}

#[tokio::test]
async fn a_refusal_without_end_is_cut() {
    let text = format!("HTTP/1.1 500 No\r\n\r\n{}", "no ".repeat(100_000));
    let error = send(&GET, raw(text, Then::Hang)).await.expect_err("500");
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.body().map(|body| body.len()), Some(64 * 1024));
    assert!(error.to_string().len() < 400, "{error}");
}

#[tokio::test]
async fn an_encoded_body_is_not_decoded_and_the_error_says_so() {
    // The beginning of a gzip stream.
    let bytes = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03";
    for (encoding, shown) in [
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("deflate", "deflate"),
        ("gzip, gzip", "something unknown"),
        (SECRET, "something unknown"),
    ] {
        let headers = [
            ("content-encoding", encoding),
            ("content-type", "application/json"),
        ];
        let errors = [
            json(bytes, &headers).await.expect_err("encoded"),
            monitor(bytes, &headers).await.expect_err("encoded"),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Decode);
            let says = format!("encoded as {shown}, which was not asked for");
            assert!(error.to_string().contains(&says), "{error}");
        }
        let error = refusal(bytes, &headers).await;
        assert_eq!((error.kind(), error.message()), (ErrorKind::Service, None));
    }
    let response = send(
        &GET,
        crate::server::reply(200, &[("content-encoding", "gzip")], bytes),
    );
    assert_eq!(response.await.expect("as it came").bytes().as_ref(), bytes);
    let plain = json("{}", &[("content-encoding", "identity")]).await;
    assert_eq!(plain.expect("not encoded"), serde_json::json!({}));
}

#[tokio::test]
async fn nesting_of_ten_thousand_levels_is_an_error_and_no_overflow() {
    for (open, close) in [
        ("[", "]"),
        ("{\"a\":", "}"),
        ("{\"status\":", "}"),
        ("{\"properties\":", "}"),
        ("{\"error\":{\"innererror\":", "}}"),
    ] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        for text in [deep.as_str(), &open.repeat(10_000)] {
            let error = json(text, &[]).await.expect_err("too deep");
            assert_eq!(error.kind(), ErrorKind::Decode, "{open}");
            let error = monitor(text, &[]).await.expect_err("too deep");
            assert_eq!(error.kind(), ErrorKind::Decode, "{open}");
            let error = refusal(text, &[]).await;
            assert_eq!(
                (error.kind(), error.code()),
                (ErrorKind::Service, None),
                "{open}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_no_json_is_a_decode_error_whatever_it_claims_to_be() {
    for body in [
        &b""[..],
        b" ",
        b"\0",
        b"{}\0",
        b"{\"a\":\0}",
        b"{\"a\":\"\0\"}",
        b"{\"a\":\"\xff\"}",
        b"\xff\xfe{\0}\0",
        b"{\"a\":1e999}",
        b"{\"a\":NaN}",
        b"{\"a\":01}",
        b"{\"a\":\"\\ud800\"}",
        b"{\"a\":\"\\u00\"}",
        b"{} {}",
        b"{\"a\"",
        b"nul",
        b"<html><body>Bad gateway</body></html>",
    ] {
        for content_type in ["application/json", "text/html", "image/png", "a/b/c;;", ""] {
            let error = json(body, &[("content-type", content_type)])
                .await
                .expect_err("no JSON");
            assert_eq!(error.kind(), ErrorKind::Decode, "{}", body.escape_ascii());
            let error = monitor(body, &[("content-type", content_type)])
                .await
                .expect_err("no JSON");
            assert_eq!(error.kind(), ErrorKind::Decode, "{}", body.escape_ascii());
        }
    }
}

#[tokio::test]
async fn odd_json_is_read_whatever_its_content_type_says() {
    for (body, pointer, expected) in [
        (
            "\u{feff}{\"status\":\"Running\"}",
            "/status",
            serde_json::json!("Running"),
        ),
        // Of two the last counts.
        (
            "{\"status\":\"x\",\"a\":1,\"a\":2}",
            "/a",
            serde_json::json!(2),
        ),
        (
            "{\"status\":\"x\",\"a\":123456789012345678901234567890}",
            "/a",
            serde_json::json!(1.234_567_890_123_456_8e29),
        ),
        (
            "{\"status\":\"\\u0000\\u001b[31m\",\"a\":-0.0}",
            "/a",
            serde_json::json!(-0.0),
        ),
    ] {
        for content_type in ["application/json", "text/html", "image/png", "a/b/c;;"] {
            let read = [
                json(body, &[("content-type", content_type)])
                    .await
                    .expect(body),
                monitor(body, &[("content-type", content_type)])
                    .await
                    .expect(body),
            ];
            for value in read {
                assert_eq!(value.pointer(pointer), Some(&expected), "{body}");
            }
        }
    }
}

#[tokio::test]
async fn a_web_page_in_place_of_a_refusal_is_not_quoted() {
    let page = "<!DOCTYPE html><html><title>502</title></html>";
    for content_type in ["text/html", "application/json", ""] {
        let error = refusal(page, &[("content-type", content_type)]).await;
        assert_eq!((error.code(), error.message()), (None, None));
        assert!(!error.to_string().contains("DOCTYPE"), "{error}");
        assert_eq!(error.body().map(AsRef::as_ref), Some(page.as_bytes()));
    }
}

#[tokio::test]
async fn a_refusal_that_repeats_the_key_shows_it_nowhere() {
    let escaped: String = SECRET
        .bytes()
        .map(|byte| format!("\\u{byte:04x}"))
        .collect();
    let percent: String = SECRET.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for secret in [SECRET, &escaped, &percent] {
        let body = format!(
            r#"{{"error":{{"code":"{secret}","message":"no {secret}","innererror":{{"code":"{secret}"}}}}}}"#
        );
        let error = refusal(&body, &[("x-ms-request-id", secret), ("x-echo", secret)]).await;
        let shown = format!(
            "{error} {error:?} {:?} {:?} {:?}",
            error.headers(),
            error.body(),
            error.inner_codes()
        );
        for secret in [SECRET, &escaped, &percent] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(
            error.code().is_some_and(|code| code.contains("***")),
            "{shown}"
        );
    }
}
