//! What an error keeps, and what it hides.

#[path = "support/server.rs"]
mod server;

use std::error::Error as _;
use std::time::Duration;

use maps_core::{
    BasicCredential, ClientOptions, Error, ErrorKind, Limits, Response, RetryOptions, SasToken,
    SubscriptionKey,
};
use serde::Deserialize;

use server::{GET, QUERY_SERVICE, Reply, SERVICE, Server, Then, raw, reply};

async fn fail(answer: Reply) -> Error {
    let server = Server::always(answer).await;
    let options = ClientOptions::new().retry(RetryOptions::none());
    let pipeline = server.pipeline(&SERVICE, None, options);
    pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("an error")
}

#[derive(Debug, Deserialize)]
struct Body {
    error: Detail,
}

#[derive(Debug, Deserialize)]
struct Detail {
    code: String,
    details: Vec<Detail>,
}

#[tokio::test]
async fn documented_body_is_read_and_kept() {
    let body = r#"{"error":{"code":"NotFound","message":"no such thing","details":[{"code":"Inner","details":[]}],"innererror":{"code":"Deep"}}}"#;
    let error = fail(reply(
        404,
        &[("x-ms-request-id", "r-1"), ("retry-after", "7")],
        body,
    ))
    .await;
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert_eq!(
        (error.code(), error.message()),
        (Some("NotFound"), Some("no such thing"))
    );
    assert_eq!(error.inner_codes(), ["Deep"]);
    assert_eq!(error.request_id(), Some("r-1"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.body().expect("kept"), body);
    let typed: Body = error.body_as().expect("declared shape");
    assert_eq!(
        (
            typed.error.code.as_str(),
            typed.error.details[0].code.as_str()
        ),
        ("NotFound", "Inner")
    );
    assert!(error.body_as::<Vec<u8>>().is_none());
    assert_eq!(
        error.to_string(),
        format!(
            "status 404 (Not Found) (NotFound: no such thing) [operation Things_Get, request id r-1, client request id {}]",
            error.client_request_id().expect("sent")
        )
    );
}

/// What a request may be told in XML.
mod in_xml {
    use maps_core::service::xml::{Element, Field, Object, Shape};

    #[derive(Debug, PartialEq, serde::Deserialize)]
    pub(crate) struct Problem {
        pub(crate) code: String,
        pub(crate) retries: Option<u32>,
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    pub(crate) struct Closure {
        pub(crate) until: u32,
    }

    pub(crate) static PROBLEM: Element = Element::new(
        "Error",
        Shape::Object(&Object {
            fields: &[
                Field::element("code", Shape::Text).named("Code"),
                Field::element("message", Shape::Text).named("Message"),
                Field::attribute("retries", Shape::Number),
            ],
            others: None,
        }),
    );
    pub(crate) static CLOSURE: Element = Element::new(
        "Closure",
        Shape::Object(&Object {
            fields: &[Field::element("until", Shape::Number)],
            others: None,
        }),
    );
}

/// The error of a request whose operation declares one in XML for 409 and one for all other statuses.
async fn fail_in_xml(status: u16, content_type: &str, body: &str) -> Error {
    let server = Server::always(reply(status, &[("content-type", content_type)], body)).await;
    let options = ClientOptions::new().retry(RetryOptions::none());
    let key = SubscriptionKey::new("k3y-of-the-client");
    let pipeline = server.pipeline(&SERVICE, Some(key.into()), options);
    let mut request = pipeline.request(&GET);
    request.xml_errors(const { &[(Some(409), &in_xml::CLOSURE), (None, &in_xml::PROBLEM)] });
    pipeline.send(request).await.expect_err("an error")
}

#[tokio::test]
async fn body_in_xml_is_read_as_its_status_declares() {
    let body = r#"<?xml version="1.0"?><Error retries="3"><Code>Gone</Code><Message>a &lt; b</Message></Error>"#;
    for media in [
        "application/xml",
        "Text/XML; charset=utf-8",
        "application/a+xml",
    ] {
        let error = fail_in_xml(404, media, body).await;
        let expected = in_xml::Problem {
            code: "Gone".to_owned(),
            retries: Some(3),
        };
        assert_eq!(error.body_as(), Some(expected), "{media}");
        assert_eq!(
            (error.code(), error.message()),
            (Some("Gone"), Some("a < b"))
        );
        assert_eq!(error.body().expect("kept"), body);
        assert!(error.body_as::<in_xml::Closure>().is_none());
    }
    let closed = "<Closure><until>7</until></Closure>";
    let error = fail_in_xml(409, "application/xml", closed).await;
    assert_eq!(error.body_as(), Some(in_xml::Closure { until: 7 }));
}

#[tokio::test]
async fn body_that_is_not_the_xml_it_may_be_is_read_as_json() {
    let expected = || in_xml::Problem {
        code: "Gone".to_owned(),
        retries: None,
    };
    for media in ["application/json", "application/xml"] {
        let error = fail_in_xml(404, media, r#"{"code":"Gone"}"#).await;
        assert_eq!(error.body_as(), Some(expected()), "{media}");
        assert_eq!(error.code(), Some("Gone"));
    }
    let cut = fail_in_xml(404, "application/xml", "<Error><Code>Gone</Co").await;
    assert!(cut.body_as::<in_xml::Problem>().is_none());
    assert_eq!((cut.code(), cut.message()), (None, None));
}

#[tokio::test]
async fn secret_that_xml_takes_apart_is_blotted_out_of_what_it_says() {
    let body = "<Error><Code>k3y-of<!-- -->-the-client</Code><Message>k3y-<![CDATA[of-the]]>-client</Message></Error>";
    let error = fail_in_xml(403, "application/xml", body).await;
    assert_eq!((error.code(), error.message()), (Some("***"), Some("***")));
    let problem: in_xml::Problem = error.body_as().expect("declared shape");
    assert_eq!(problem.code, "***");
}

#[tokio::test]
async fn odd_bodies_are_still_errors_with_status_and_bytes() {
    for (body, code, message) in [
        ("{}", None, None),
        ("<html>gone</html>", None, None),
        ("gone", None, Some("gone")),
        ("", None, None),
        (r#"{"error":"gone"}"#, None, Some("gone")),
        ("\u{feff}{\"error\":{\"code\":\"X\"}}", Some("X"), None),
        (r#"{"error":{"code":"X""#, None, None),
    ] {
        let error = fail(reply(400, &[("content-type", "text/plain")], body)).await;
        assert_eq!(
            error.status().map(|status| status.as_u16()),
            Some(400),
            "{body}"
        );
        assert_eq!((error.code(), error.message()), (code, message), "{body}");
        assert_eq!(error.body().expect("kept"), body);
    }
    let error = fail(reply(400, &[], [0xFF, 0xFE, 0x00])).await;
    assert_eq!(error.body().expect("kept").as_ref(), [0xFF, 0xFE, 0x00]);
    let error = fail(reply(403, &[("x-ms-error-code", "Forbidden")], "")).await;
    assert_eq!(error.code(), Some("Forbidden"));
}

#[tokio::test]
async fn statuses_never_seen_are_errors_from_400_on() {
    for status in [400, 499, 599, 600, 999] {
        assert_eq!(
            fail(reply(status, &[], ""))
                .await
                .status()
                .map(|status| status.as_u16()),
            Some(status)
        );
    }
    let server = Server::always(reply(299, &[], "{}")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    assert_eq!(
        pipeline
            .send(pipeline.request(&GET))
            .await
            .expect("success")
            .status()
            .as_u16(),
        299
    );
}

#[tokio::test]
async fn body_of_an_error_is_cut_at_its_limit() {
    let error = fail(reply(500, &[], vec![b'x'; 100 * 1024])).await;
    assert_eq!(error.body().map(|body| body.len()), Some(64 * 1024));
    let endless = raw(
        "HTTP/1.1 500 X\r\ncontent-length: 99999999\r\n\r\n".to_owned() + &"y".repeat(70 * 1024),
        Then::Hang,
    );
    let error = fail(endless).await;
    assert_eq!(error.body().map(|body| body.len()), Some(64 * 1024));
}

#[tokio::test]
async fn broken_body_of_an_error_keeps_the_status_and_what_came() {
    let error = fail(raw(
        "HTTP/1.1 409 X\r\ncontent-length: 100\r\n\r\npart",
        Then::Close,
    ))
    .await;
    assert_eq!(error.status().map(|status| status.as_u16()), Some(409));
    assert_eq!(error.body().expect("kept"), "part");
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoded and not read")]
struct Thing {
    features: Vec<Feature>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoded and not read")]
struct Feature {
    id: u32,
}

async fn decode(body: impl AsRef<[u8]>) -> Result<Thing, Error> {
    let server = Server::always(reply(200, &[], body)).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let response: Response<Thing> = pipeline.send(pipeline.request(&GET)).await?.json()?;
    Ok(response.into_body())
}

#[tokio::test]
async fn decode_failure_tells_its_path() {
    let error = decode(r#"{"features":[{"id":1},{"id":"two"}]}"#)
        .await
        .expect_err("not a number");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.json_path(), Some("features[1].id"));
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert!(error.body().is_some());
    assert!(error.to_string().contains("features[1].id"), "{error}");
}

#[tokio::test]
async fn bodies_that_are_no_json_are_decode_errors() {
    let deep = "[".repeat(100_000);
    for body in [
        "",
        " ",
        "nonsense",
        r#"{"features":[]} more"#,
        r#"{"features":[}"#,
        &deep,
    ] {
        assert_eq!(
            decode(body).await.expect_err(body).kind(),
            ErrorKind::Decode
        );
    }
    assert_eq!(
        decode([b'"', 0xFF, b'"'])
            .await
            .expect_err("no UTF-8")
            .kind(),
        ErrorKind::Decode
    );
    decode("\u{feff}{\"features\":[],\"more\":1}")
        .await
        .expect("a byte order mark and an unknown field");
}

#[tokio::test]
async fn optional_body_is_none_when_it_is_empty() {
    let server = Server::script(vec![
        reply(200, &[], ""),
        reply(200, &[], r#"{"features":[]}"#),
    ])
    .await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    for there in [false, true] {
        let raw = pipeline.send(pipeline.request(&GET)).await.expect("sent");
        let response: Response<Option<Thing>> = raw.json_optional().expect("decoded");
        assert_eq!(response.body().is_some(), there);
    }
}

#[tokio::test]
async fn echoed_secrets_show_nowhere() {
    const CANARY: &str = "cAnArY+/1234567890=";
    let escaped = "cAnArY%2B%2F1234567890%3D";
    let body = format!(
        r#"{{"error":{{"code":"Bad","message":"key {CANARY} or {escaped} is bad","innererror":{{"code":"{CANARY}"}}}}}}"#
    );
    let answers = [
        reply(
            401,
            &[("www-authenticate", CANARY), ("x-ms-request-id", CANARY)],
            &body,
        ),
        reply(401, &[("x-ms-error-code", CANARY)], CANARY),
        reply(
            302,
            &[(
                "location",
                &format!("https://evil.example/{CANARY}?subscription-key={escaped}"),
            )],
            "",
        ),
        reply(
            302,
            &[("location", &format!("https://{CANARY}@evil.example/"))],
            "",
        ),
        reply(200, &[], format!(r#"{{"features":"{CANARY}"}}"#)),
        raw("", Then::Close),
    ];
    for answer in answers {
        for credential in [
            SubscriptionKey::new(CANARY).into(),
            SasToken::new(CANARY).into(),
            BasicCredential::new("surveyor", CANARY).into(),
        ] {
            for service in [&SERVICE, &QUERY_SERVICE] {
                let server = Server::always(answer.clone()).await;
                let options = ClientOptions::new().retry(RetryOptions::none());
                let pipeline = server.pipeline(
                    service,
                    Some(maps_core::Credential::clone(&credential)),
                    options,
                );
                let error = match pipeline.send(pipeline.request(&GET)).await {
                    Ok(raw) => raw
                        .json::<Thing, maps_core::HeaderMap>()
                        .expect_err("malformed"),
                    Err(error) => error,
                };
                let mut shown = format!(
                    "{error} {error:?} {error:#?} {:?} {:?} {:?}",
                    error.headers(),
                    error.body(),
                    error.link()
                );
                let mut source = error.source();
                while let Some(cause) = source {
                    shown.push_str(&format!("{cause} {cause:?}"));
                    source = cause.source();
                }
                shown.push_str(&format!(
                    "{pipeline:?} {credential:?} {:?}",
                    error.inner_codes()
                ));
                assert!(!shown.contains("cAnArY"), "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn limits_can_be_set() {
    let server = Server::always(reply(500, &[], "0123456789")).await;
    let options = ClientOptions::new()
        .retry(RetryOptions::none())
        .limits(Limits::new().error_body(4));
    let pipeline = server.pipeline(&SERVICE, None, options);
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("500");
    assert_eq!(error.body().expect("cut"), "0123");
}

#[tokio::test]
async fn echoed_key_does_not_show_in_the_debug_of_an_answer() {
    let server = Server::always(reply(200, &[("x-echo", "canary")], r#"["canary",1]"#)).await;
    let credential = SubscriptionKey::new("canary").into();
    let pipeline = server.pipeline(&SERVICE, Some(credential), ClientOptions::new());
    let raw = pipeline.send(pipeline.request(&GET)).await.expect("200");
    let mut shown = format!("{raw:?}");
    let response: Response<serde_json::Value> = raw.json().expect("JSON");
    shown.push_str(&format!("{response:?} {response:#?}"));
    assert!(
        shown.contains("***") && !shown.contains("canary"),
        "{shown}"
    );
}

#[tokio::test]
async fn display_is_one_line_whatever_the_service_says() {
    let error = fail(reply(
        400,
        &[],
        r#"{"error":{"code":"Bad\nINFO forged","message":"a\r\u001b[2Jb \u00e4"}}"#,
    ))
    .await;
    let shown = error.to_string();
    let start = r"status 400 (Bad Request) (Bad\nINFO forged: a\r\u{1b}[2Jb ä) [operation";
    assert!(shown.starts_with(start), "{shown}");
    assert_eq!(error.code(), Some("Bad\nINFO forged"));
}

#[tokio::test]
async fn a_key_across_the_limit_of_an_error_body_shows_little_of_itself() {
    const CANARY: &str = "cAnArY-1234567890-abcdef";
    let limits = Limits::new().error_body(40);
    for cut in 9..CANARY.len() {
        let body = format!("{}{CANARY}", "x".repeat(40 - cut));
        let server = Server::always(reply(400, &[], body)).await;
        let options = ClientOptions::new().limits(limits.clone());
        let key = SubscriptionKey::new(CANARY).into();
        let pipeline = server.pipeline(&SERVICE, Some(key), options);
        let error = pipeline
            .send(pipeline.request(&GET))
            .await
            .expect_err("status 400");
        let shown = format!("{:?} {error} {error:?}", error.body());
        assert!(!shown.contains("cAnArY-1"), "{shown}");
    }
}

#[test]
fn debug_of_a_transports_answer_shows_no_header_value() {
    let mut headers = maps_core::HeaderMap::new();
    headers.insert("x-echo", maps_core::HeaderValue::from_static("canary"));
    let answer = maps_core::HttpResponse::new(maps_core::StatusCode::OK, headers, "canary");
    let shown = format!("{answer:?}");
    assert!(
        shown.contains("x-echo") && !shown.contains("canary"),
        "{shown}"
    );
}

/// The predicates that hold, by name.
fn holding(error: &Error) -> Vec<&'static str> {
    [
        ("throttled", error.is_throttled()),
        ("unauthorized", error.is_unauthorized()),
        ("forbidden", error.is_forbidden()),
        ("not_found", error.is_not_found()),
        ("timeout", error.is_timeout()),
        ("connect", error.is_connect()),
        ("transient", error.is_transient()),
        ("credential", error.is_credential()),
        ("untrusted", error.is_untrusted()),
        ("decode", error.is_decode()),
    ]
    .into_iter()
    .filter_map(|(name, holds)| holds.then_some(name))
    .collect()
}

#[tokio::test]
async fn each_status_has_its_predicates() {
    for (status, expected) in [
        (400, &[][..]),
        (401, &["unauthorized"]),
        (403, &["forbidden"]),
        (404, &["not_found"]),
        (408, &["transient"]),
        (409, &[]),
        (429, &["throttled", "transient"]),
        (500, &["transient"]),
        (501, &["transient"]),
        (503, &["transient"]),
        (599, &["transient"]),
        (600, &[]),
    ] {
        let error = fail(reply(status, &[], "")).await;
        assert_eq!(holding(&error), expected, "{status}");
    }
}

#[test]
fn each_kind_has_its_predicates() {
    for (kind, expected) in [
        (ErrorKind::InvalidArgument, &[][..]),
        (ErrorKind::Credential, &["credential"]),
        (ErrorKind::Connect, &["connect", "transient"]),
        (ErrorKind::Transport, &["transient"]),
        (ErrorKind::Timeout, &["timeout", "transient"]),
        (ErrorKind::Service, &[]),
        (ErrorKind::Decode, &["decode"]),
        (ErrorKind::Operation, &[]),
        (ErrorKind::Untrusted, &["untrusted"]),
        (ErrorKind::ResumeToken, &[]),
    ] {
        assert_eq!(holding(&Error::new(kind, "test")), expected, "{kind:?}");
    }
}

#[tokio::test]
async fn a_status_counts_only_as_the_services_refusal() {
    // The body of a 404 that the caller wants decoded, say, or a policy's own words.
    let server = Server::always(reply(404, &[], "")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let there: Response<bool> = pipeline.exists(pipeline.request(&GET)).await.expect("404");
    assert!(!there.body());
    let error = Error::new(ErrorKind::Decode, "not_found");
    assert!(!error.is_not_found());
}

#[tokio::test]
async fn an_error_before_the_pipeline_shows_its_message_alone() {
    let error = Error::new(ErrorKind::InvalidArgument, "`id` is empty");
    assert_eq!(error.to_string(), "`id` is empty");
    assert_eq!(
        (
            error.operation(),
            error.client_request_id(),
            error.request_id(),
            error.status(),
            error.code(),
            error.message(),
            error.retry_after(),
        ),
        (None, None, None, None, None, None, None)
    );
    assert!(error.headers().is_none() && error.body().is_none() && error.link().is_none());
    assert!(error.inner_codes().is_empty() && error.json_path().is_none());
    assert!(error.resume_token().is_none() && error.operation_id().is_none());
}

#[tokio::test]
async fn request_id_is_found_under_each_name_in_order() {
    for (headers, id) in [
        (
            &[("request-id", "b"), ("x-ms-request-id", "a")][..],
            Some("a"),
        ),
        (
            &[("x-ms-correlation-request-id", "c"), ("request-id", "b")],
            Some("b"),
        ),
        (&[("x-ms-correlation-request-id", "c")], Some("c")),
        (&[], None),
    ] {
        assert_eq!(fail(reply(400, headers, "")).await.request_id(), id);
    }
}

#[tokio::test]
async fn debug_shows_what_is_set_and_neither_headers_nor_body() {
    let body = r#"{"error":{"code":"Bad","message":"no","target":"hidden-in-body"}}"#;
    let answer = reply(400, &[("x-any", "hidden-in-header")], body);
    let shown = format!("{:?}", fail(answer).await);
    for part in [
        "kind: Service",
        "Things_Get",
        "status: 400",
        "Bad",
        "client_request_id",
        "body_bytes: 65",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(!shown.contains("hidden"), "{shown}");
}
