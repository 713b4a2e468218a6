//! Bodies of every kind, as they go over the wire and come back.

#[path = "support/server.rs"]
mod server;

use std::collections::BTreeMap;

use maps_core::service::{Collection, Date, OffsetDateTime, formats};
use maps_core::{
    Bytes, ClientOptions, Content, ErrorKind, FormFile, RawResponse, Request, Response, Upload,
};

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
async fn body_of_several_media_types_is_a_value_or_bytes() {
    async fn put<'a>(speeds: impl Into<Content<&'a [f64]>>) -> (Option<String>, Vec<u8>) {
        let seen = sent(|request| {
            request.content(speeds, |request, speeds| {
                request.json("application/json", speeds)
            });
        })
        .await;
        (seen.header("content-type").map(str::to_owned), seen.body)
    }
    let json = (Some("application/json".to_owned()), b"[2.5]".to_vec());
    assert_eq!(put(&[2.5]).await, json);
    assert_eq!(put(&vec![2.5]).await, json);
    assert_eq!(put([2.5].as_slice()).await, json);
    let csv = Content::bytes("text/csv", "2.5\n");
    assert!(!format!("{csv:?}").contains("2.5"));
    assert_eq!(
        put(csv).await,
        (Some("text/csv".to_owned()), b"2.5\n".to_vec())
    );

    async fn upload(file: impl Into<Content<Upload>>) -> (Option<String>, Vec<u8>) {
        let seen = sent(|request| {
            request.content(file, |request, file| request.bytes("image/png", file));
        })
        .await;
        (seen.header("content-type").map(str::to_owned), seen.body)
    }
    let png = (Some("image/png".to_owned()), b"ab".to_vec());
    assert_eq!(upload("ab").await, png);
    assert_eq!(upload("ab".to_owned()).await, png);
    assert_eq!(upload(b"ab".as_slice()).await, png);
    assert_eq!(upload(b"ab".to_vec()).await, png);
    assert_eq!(upload(Bytes::from("ab")).await, png);
    let jpeg = (Some("image/jpeg".to_owned()), b"ab".to_vec());
    assert_eq!(upload(Content::bytes("image/jpeg", "ab")).await, jpeg);
}

#[tokio::test]
async fn media_type_that_a_header_cannot_carry_is_an_invalid_argument() {
    let server = Server::always(reply(200, &[], "")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let mut request = pipeline.request(&PUT);
    let body: Content<Upload> = Content::bytes("text/\n", "ab");
    request.content(body, |request, body: Upload| {
        request.bytes("text/plain", body)
    });
    let error = pipeline.send(request).await.expect_err("no header");
    assert_eq!(
        (error.kind(), server.count()),
        (ErrorKind::InvalidArgument, 0)
    );
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
async fn body_that_may_be_absent_is_none_when_it_is_null() {
    for body in ["", "null", " null\n", "\u{feff}null"] {
        let date = answer(&[], body)
            .await
            .json_as_optional::<formats::Date, ()>();
        assert_eq!(date.expect(body).into_body(), None);
        let word = answer(&[], body).await.json_optional::<String, ()>();
        assert_eq!(word.expect(body).into_body(), None);
    }
    let date = answer(&[], r#""2025-01-31""#)
        .await
        .json_as_optional::<formats::Date, ()>();
    assert_eq!(date.expect("a date").into_body(), Some(day("2025-01-31")));
    let word = answer(&[], r#""null""#).await.json_optional::<String, ()>();
    assert_eq!(word.expect("a word").into_body().as_deref(), Some("null"));
}

#[tokio::test]
async fn numbers_are_read_to_their_last_digit() {
    let body = "[-5e-57,2.5976931e-101,-122.13493999999999,0.3]";
    let numbers = answer(&[], body).await.json::<Vec<f64>, ()>();
    assert_eq!(
        numbers.expect("numbers").into_body(),
        [-5e-57, 2.5976931e-101, -122.134_939_999_999_99, 0.3]
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

#[tokio::test]
async fn form_is_url_encoded_with_the_last_value_of_each_field() {
    let seen = sent(|request| {
        request.form_field("kind", "hole");
        request.form_field("note", "a b&c=d+ä");
        request.form_list("lanes", [1, 2], Collection::Csv);
        request.form_list("tags", ["x", "y"], Collection::Multi);
        request.form_list("none", [""; 0], Collection::Pipes);
        request.form_field("kind", "crack");
    })
    .await;
    assert_eq!(
        String::from_utf8(seen.body.clone()).expect("text"),
        "note=a%20b%26c%3Dd%2B%C3%A4&lanes=1,2&tags=x&tags=y&none=&kind=crack"
    );
    assert_eq!(
        seen.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
}

#[tokio::test]
async fn form_with_files_is_in_parts_between_its_boundary() {
    let track = FormFile::new("47.6,-122.3")
        .file_name("track.csv")
        .content_type("text/csv");
    let seen = sent(|request| {
        request.multipart();
        request.form_files("photos", [vec![0x89, b'P'], vec![0xFF, 0x00]]);
        request.form_field("caption", "Brücke");
        request.form_file("track", track);
    })
    .await;
    let content_type = seen.header("content-type").expect("a media type");
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .expect("a boundary");
    let photo =
        "form-data; name=\"photos\"; filename=\"file\"\r\nContent-Type: application/octet-stream";
    let mut expected = Vec::new();
    for (head, content) in [
        (photo, &[0x89, b'P'][..]),
        (photo, &[0xFF, 0x00][..]),
        ("form-data; name=\"caption\"", "Brücke".as_bytes()),
        (
            "form-data; name=\"track\"; filename=\"track.csv\"\r\nContent-Type: text/csv",
            b"47.6,-122.3",
        ),
    ] {
        let head = format!("--{boundary}\r\nContent-Disposition: {head}\r\n\r\n");
        expected.extend_from_slice(head.as_bytes());
        expected.extend_from_slice(content);
        expected.extend_from_slice(b"\r\n");
    }
    expected.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    assert_eq!(
        String::from_utf8_lossy(&seen.body),
        String::from_utf8_lossy(&expected)
    );
    assert_eq!(seen.body, expected);
}

#[tokio::test]
async fn file_of_an_impossible_media_type_is_refused_before_anything_is_sent() {
    let server = Server::always(reply(200, &[], "")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let mut request = pipeline.request(&PUT);
    let file = FormFile::new("x").content_type("text/plain\r\nEvil: yes");
    request.form_file("file", file);
    let error = pipeline.send(request).await.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(server.count(), 0);
}

/// A road in XML and in Rust.
mod xml {
    use maps_core::service::xml::{Element, Field, Object, Shape};
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    pub(crate) struct Road {
        pub(crate) name: String,
        #[serde(rename = "isOpen")]
        pub(crate) is_open: bool,
        pub(crate) bridges: Vec<String>,
        pub(crate) lengths: Vec<f64>,
        #[serde(with = "maps_core::service::date")]
        pub(crate) built: maps_core::service::Date,
    }

    pub(crate) static ROAD: Element = Element::new("road", Shape::Object(&ROAD_FIELDS));
    static ROAD_FIELDS: Object = Object {
        fields: &[
            Field::attribute("name", Shape::Text),
            Field::element("isOpen", Shape::Bool).named("open"),
            Field::element("bridges", Shape::List(&Element::new("bridge", Shape::Text))),
            Field::items("lengths", Element::new("length", Shape::Number)),
            Field::element("built", Shape::Text),
        ],
        others: None,
    };
}

#[tokio::test]
async fn xml_goes_out_and_comes_back_with_attributes_and_lists_of_both_kinds() {
    let road = xml::Road {
        name: "A \"1\" & <B>".to_owned(),
        is_open: false,
        bridges: vec!["North".to_owned()],
        lengths: vec![1.5, 2.0],
        built: day("1994-11-06"),
    };
    let seen = sent(|request| request.xml("application/xml", &xml::ROAD, &road)).await;
    assert_eq!(seen.header("content-type"), Some("application/xml"));
    assert_eq!(
        String::from_utf8_lossy(&seen.body),
        concat!(
            r#"<?xml version="1.0" encoding="utf-8"?>"#,
            r#"<road name="A &quot;1&quot; &amp; &lt;B&gt;"><open>false</open>"#,
            "<bridges><bridge>North</bridge></bridges><length>1.5</length><length>2.0</length>",
            "<built>1994-11-06</built></road>"
        )
    );
    let back: Response<xml::Road> = answer(&[], &seen.body)
        .await
        .xml(&xml::ROAD)
        .expect("a road");
    assert_eq!(*back.body(), road);
}

#[tokio::test]
async fn xml_that_does_not_fit_is_a_decode_error_with_its_path() {
    let body = "<road name='a'><open>maybe</open><bridges/><built>1994-11-06</built></road>";
    let error = answer(&[], body)
        .await
        .xml::<xml::Road, ()>(&xml::ROAD)
        .expect_err("no bool");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.json_path(), Some("isOpen"));
    let error = answer(&[], "{\"name\":1}")
        .await
        .xml::<xml::Road, ()>(&xml::ROAD)
        .expect_err("JSON");
    assert_eq!(error.kind(), ErrorKind::Decode);
}
