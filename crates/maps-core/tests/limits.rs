//! Bodies and headers that are too long, cut, or never end.

#[path = "support/server.rs"]
mod server;

use std::time::Duration;

use maps_core::{
    ClientOptions, Error, ErrorKind, Limits, RawResponse, Result, RetryOptions, Timeouts,
};

use server::{GET, Reply, SERVICE, Server, Then, raw, reply};

async fn get(answer: Reply, options: ClientOptions) -> Result<RawResponse> {
    let server = Server::always(answer).await;
    let pipeline = server.pipeline(&SERVICE, None, options.retry(RetryOptions::none()));
    let call = tokio::time::timeout(
        Duration::from_secs(20),
        pipeline.send(pipeline.request(&GET)),
    );
    call.await.expect("bounded")
}

fn small() -> ClientOptions {
    ClientOptions::new().limits(Limits::new().body(10).headers(500))
}

async fn fail(answer: Reply, options: ClientOptions) -> Error {
    get(answer, options).await.expect_err("too long")
}

#[tokio::test]
async fn body_up_to_its_limit_is_read() {
    assert_eq!(
        get(reply(200, &[], "0123456789"), small())
            .await
            .expect("fits")
            .bytes(),
        "0123456789"
    );
}

#[tokio::test]
async fn longer_body_is_an_error_whether_announced_or_not() {
    let announced = raw(
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
        Then::Hang,
    );
    let chunked = raw(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n01234567\r\n8\r\n01234567\r\n",
        Then::Hang,
    );
    let unbounded = raw(
        "HTTP/1.1 200 OK\r\n\r\n".to_owned() + &"x".repeat(1000),
        Then::Hang,
    );
    for answer in [announced, chunked, unbounded] {
        let error = fail(answer, small()).await;
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains("10 bytes"), "{error}");
    }
}

#[tokio::test]
async fn longer_headers_are_an_error() {
    let long = "v".repeat(600);
    let error = fail(reply(200, &[("x-long", &long)], ""), small()).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    let many: String = (0..5000).map(|at| format!("x-{at}: {long}\r\n")).collect();
    let answer = raw(format!("HTTP/1.1 200 OK\r\n{many}\r\n"), Then::Close);
    let error = fail(answer, ClientOptions::new()).await;
    assert!(matches!(
        error.kind(),
        ErrorKind::Decode | ErrorKind::Transport
    ));
}

#[tokio::test]
async fn body_that_is_cut_is_a_transport_error() {
    for text in [
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "no http at all\r\n\r\n",
        "HTTP/1.1 99999 X\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
    ] {
        let error = fail(raw(text, Then::Close), ClientOptions::new()).await;
        assert_eq!(error.kind(), ErrorKind::Transport, "{text}");
        assert!(error.may_have_been_sent());
    }
}

#[tokio::test]
async fn stalled_body_ends_at_its_limit() {
    let options =
        ClientOptions::new().timeouts(Timeouts::new().stalled_body(Duration::from_millis(50)));
    let error = fail(
        raw(
            "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{",
            Then::Hang,
        ),
        options,
    )
    .await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("50ms"), "{error}");
}

#[tokio::test]
async fn wait_for_the_first_byte_is_bound_by_the_try() {
    let timeouts = Timeouts::new()
        .stalled_body(Duration::from_millis(1))
        .one_try(Duration::from_millis(80));
    let options = ClientOptions::new().timeouts(timeouts);
    let error = fail(
        raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n", Then::Hang),
        options,
    )
    .await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("80ms"), "{error}");
}

#[tokio::test]
async fn large_body_in_many_pieces_arrives_whole() {
    let body: Vec<u8> = (0..3_000_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    let response = get(reply(200, &[], &body), ClientOptions::new())
        .await
        .expect("whole");
    assert_eq!(response.bytes().as_ref(), body);
}

#[tokio::test]
async fn announced_length_of_a_head_answer_is_no_body() {
    static HEAD: maps_core::service::Operation = maps_core::service::Operation {
        id: "Things_Head",
        method: maps_core::Method::HEAD,
        ..GET
    };
    let server = Server::always(raw(
        "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n",
        Then::KeepOpen,
    ))
    .await;
    let pipeline = server.pipeline(&SERVICE, None, small());
    let response = pipeline
        .send(pipeline.request(&HEAD))
        .await
        .expect("no body");
    assert!(response.bytes().is_empty());
}

#[tokio::test]
async fn silent_handshake_ends_at_the_limit_of_connecting() {
    // Takes connections and says nothing, so that TLS never begins.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback");
    let url = format!("https://{}", listener.local_addr().expect("bound"));
    let options = ClientOptions::new()
        .retry(RetryOptions::none())
        .timeouts(Timeouts::new().connect(Duration::from_millis(50)));
    let pipeline = server::pipeline(&url, &SERVICE, None, options).expect("valid");
    // Far below the 60 s of a try.
    let call = tokio::time::timeout(
        Duration::from_secs(20),
        pipeline.send(pipeline.request(&GET)),
    );
    let error = call.await.expect("bounded").expect_err("no handshake");
    assert!(error.is_connect() && !error.may_have_been_sent(), "{error}");
}

#[tokio::test]
async fn json_is_read_down_to_its_level_and_no_deeper() {
    for (levels, fits) in [(127, true), (128, false), (100_000, false)] {
        let body = "[".repeat(levels) + &"]".repeat(levels);
        let response = get(reply(200, &[], body), ClientOptions::new())
            .await
            .expect("200");
        let decoded = response.json::<serde_json::Value, maps_core::HeaderMap>();
        assert_eq!(decoded.is_ok(), fits, "{levels}");
    }
}
