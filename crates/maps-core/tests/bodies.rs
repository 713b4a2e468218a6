//! Bodies of every kind, as they go over the wire and come back.

#[path = "support/server.rs"]
mod server;

use std::collections::BTreeMap;

use maps_core::service::{Date, OffsetDateTime, formats};
use maps_core::{ClientOptions, ErrorKind, RawResponse, Request, Response};

use server::{GET, PUT, SERVICE, Seen, Server, reply};

/// The request that `build` makes, as it arrived.
async fn sent(build: impl FnOnce(&mut Request)) -> Seen {
    let server = Server::always(reply(200, &[], "")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let mut request = pipeline.request(&PUT);
    build(&mut request);
    pipeline.send(request).await.expect("sent");
    server.seen().remove(0)
}

/// An answer with this body.
async fn answer(headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> RawResponse {
    let server = Server::always(reply(200, headers, body)).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    pipeline.send(pipeline.request(&GET)).await.expect("sent")
}

fn day(text: &str) -> Date {
    maps_core::service::date::parse(text).expect("a date")
}

#[tokio::test]
async fn dates_that_are_the_whole_body_are_written_in_their_format() {
    let days = [day("2025-01-31"), day("2025-02-01")];
    let seen =
        sent(|request| request.json_as::<Vec<formats::Date>>("application/json", &days)).await;
    assert_eq!(seen.body, br#"["2025-01-31","2025-02-01"]"#);
    assert_eq!(seen.header("content-type"), Some("application/json"));

    let opening = OffsetDateTime::from_unix_timestamp(1_738_324_800).expect("in range");
    let seen = sent(|request| request.json_as::<formats::UnixTime>("text/json", &opening)).await;
    assert_eq!(seen.body, b"1738324800");

    let seen = sent(|request| request.json_as::<formats::Base64>("text/json", &[0xFB, 0xFF])).await;
    assert_eq!(seen.body, br#""+/8=""#);
}

#[tokio::test]
async fn dates_that_are_the_whole_answer_are_read_in_their_format() {
    let body = r#"{"north":"Sun, 06 Nov 1994 08:49:37 GMT","south":null}"#;
    let read: Response<BTreeMap<String, Option<OffsetDateTime>>> = answer(&[], body)
        .await
        .json_as::<BTreeMap<String, Option<formats::DateTimeRfc1123>>, _>()
        .expect("dates");
    let read = read.into_body();
    assert_eq!(
        read["north"].map(OffsetDateTime::unix_timestamp),
        Some(784_111_777)
    );
    assert_eq!(read["south"], None);
}

#[tokio::test]
async fn date_of_another_format_is_a_decode_error_with_its_path() {
    let error = answer(&[], r#"["2025-01-31","soon"]"#)
        .await
        .json_as::<Vec<formats::Date>, ()>()
        .expect_err("no date");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.json_path(), Some("[1]"));
}

#[tokio::test]
async fn body_that_may_be_absent_is_none_when_it_is() {
    let read = |response: RawResponse| response.json_as::<formats::Date, ()>();
    let absent = answer(&[], "").await.optional(read).expect("nothing");
    assert_eq!(absent.into_body(), None);
    let present = answer(&[], r#""2025-01-31""#).await.optional(read);
    assert_eq!(
        present.expect("a date").into_body(),
        Some(day("2025-01-31"))
    );
}

#[tokio::test]
async fn text_goes_out_and_comes_back_as_it_is() {
    let seen = sent(|request| request.text("text/plain; charset=utf-8", "Grüße\n")).await;
    assert_eq!(seen.body, "Grüße\n".as_bytes());
    assert_eq!(
        seen.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    let text: Response<String> = answer(&[], "\u{feff} Grüße\n").await.text().expect("text");
    assert_eq!(text.body(), " Grüße\n");
}

#[tokio::test]
async fn text_of_a_value_is_read_without_space_around_it() {
    let number: Response<i32> = answer(&[], " 42\r\n")
        .await
        .text_with(str::parse)
        .expect("a number");
    assert_eq!(*number.body(), 42);
    let read: Response<Date> = answer(&[], "2025-01-31")
        .await
        .text_with(maps_core::service::date::parse)
        .expect("a date");
    assert_eq!(*read.body(), day("2025-01-31"));
}

#[tokio::test]
async fn text_that_is_none_is_a_decode_error() {
    let error = answer(&[], [0xFF, 0xFE])
        .await
        .text::<()>()
        .expect_err("not UTF-8");
    assert_eq!(error.kind(), ErrorKind::Decode);
    let error = answer(&[], "many")
        .await
        .text_with::<i32, _, ()>(str::parse)
        .expect_err("no number");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("invalid digit"), "{error}");
}

#[tokio::test]
async fn content_type_that_the_caller_sets_wins_over_that_of_the_body() {
    for header_first in [true, false] {
        let seen = sent(|request| {
            if header_first {
                request.header("Content-Type", "image/png");
            }
            request.bytes("application/octet-stream", &b"\x89PNG"[..]);
            if !header_first {
                request.header("Content-Type", "image/png");
            }
        })
        .await;
        assert_eq!(seen.header("content-type"), Some("image/png"));
        assert_eq!(seen.body, b"\x89PNG");
    }
}
