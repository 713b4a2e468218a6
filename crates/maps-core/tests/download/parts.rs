//! Going on with a file whose front is there already.

use maps_core::{Download, ErrorKind, Method, Result};

use super::server::{Reply, SERVICE, Server, reply};
use super::{options, part, whole};

async fn from(server: &Server, offset: u64) -> Result<Download> {
    let pipeline = server.pipeline(&SERVICE, None, options());
    let request = pipeline.raw(Method::GET, "/file");
    request
        .range_from(offset)
        .if_range("\"a\"")
        .download()
        .await
}

#[tokio::test]
async fn rest_of_a_file_is_given() {
    let server = Server::always(part(4, 9)).await;
    let mut download = from(&server, 4).await.expect("open");
    assert_eq!(download.status(), 206);
    assert_eq!((download.position(), download.total()), (4, Some(10)));
    assert_eq!(download.content_length(), Some(6));
    assert_eq!(whole(&mut download).await, "456789");
    let seen = &server.seen()[0];
    assert_eq!(seen.header("range"), Some("bytes=4-"));
    assert_eq!(seen.header("if-range"), Some("\"a\""));
}

#[tokio::test]
async fn anything_but_the_rest_is_refused() {
    let other = |range: &str| reply(206, &[("content-range", range)], "xxxxxx");
    let answers: Vec<Reply> = vec![
        reply(200, &[], "0123456789"),
        reply(206, &[], "xxxxxx"),
        other("bytes 3-8/10"),
        other("bytes */10"),
        other("lines 4-9/10"),
    ];
    for answer in answers {
        let shown = String::from_utf8_lossy(&answer.bytes).into_owned();
        let server = Server::always(answer).await;
        let error = from(&server, 4).await.expect_err(&shown);
        assert_eq!(error.kind(), ErrorKind::Decode, "{shown}");
    }
}

#[tokio::test]
async fn part_that_nobody_asked_for_is_refused() {
    let server = Server::always(part(4, 9)).await;
    let pipeline = server.pipeline(&SERVICE, None, options());
    let outcome = pipeline.raw(Method::GET, "/file").download().await;
    assert_eq!(outcome.expect_err("a part").kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn whole_file_is_as_good_as_everything_from_its_first_byte_on() {
    let server = Server::always(reply(200, &[], "0123456789")).await;
    let mut download = from(&server, 0).await.expect("open");
    assert_eq!(whole(&mut download).await, "0123456789");
}

#[tokio::test]
async fn file_that_is_there_already_has_nothing_left() {
    let server = Server::always(reply(416, &[("content-range", "bytes */10")], "")).await;
    let mut download = from(&server, 10).await.expect("nothing left");
    assert_eq!(download.status(), 416);
    assert_eq!((download.position(), download.total()), (10, Some(10)));
    assert_eq!(whole(&mut download).await, "");
    let error = from(&server, 11).await.expect_err("beyond the end");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(416));
}

#[tokio::test]
async fn several_parts_come_in_their_envelope() {
    let envelope = "--x\r\ncontent-range: bytes 0-0/10\r\n\r\n0\r\n--x--\r\n";
    let kind = ("content-type", "multipart/byteranges; boundary=x");
    let server = Server::always(reply(206, &[kind], envelope)).await;
    let pipeline = server.pipeline(&SERVICE, None, options());
    let request = pipeline.raw(Method::GET, "/file");
    let request = request.header("range", "bytes=0-0,9-9");
    let mut download = request.download().await.expect("open");
    assert_eq!(download.total(), None);
    assert_eq!(whole(&mut download).await, envelope);
}
