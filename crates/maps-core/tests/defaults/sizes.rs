//! Sizes of what is read.

use maps_core::{ClientOptions, Error, ErrorKind, HeaderMap, RawResponse, Result, RetryOptions};
use serde_json::Value;

use crate::http::{GET, Reply, SERVICE, Server, Then, raw, reply};

async fn get(answer: Reply) -> Result<RawResponse> {
    let server = Server::always(answer).await;
    let options = ClientOptions::new().retry(RetryOptions::none());
    let pipeline = server.pipeline(&SERVICE, None, options);
    pipeline.send(pipeline.request(&GET)).await
}

#[tokio::test]
async fn first_64_kib_of_an_errors_body_are_kept() {
    let error = get(reply(400, &[], "x".repeat(100_000))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.body().unwrap().len(), 65_536);
}

#[tokio::test]
async fn body_is_at_most_256_mib() {
    let announced = |bytes: usize| {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n");
        get(raw(head, Then::Close))
    };
    let error = announced(268_435_457).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("268435456"), "{error}");
    // One byte less is begun to be read, and here breaks off.
    let error = announced(268_435_456).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
}

#[tokio::test]
async fn json_nested_128_levels_deep_is_refused() {
    let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let decode = async |levels| {
        let response = get(reply(200, &[], nested(levels))).await.unwrap();
        response.json::<Value, HeaderMap>().map(drop)
    };
    decode(127).await.unwrap();
    for levels in [128, 1_000_000] {
        let error: Error = decode(levels).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
    }
}

#[tokio::test]
async fn headers_are_at_most_256_kib_together() {
    let with = async |value: usize| {
        let value = "v".repeat(value);
        let headers: Vec<(String, &str)> = (0..80)
            .map(|at| (format!("x-{at:02}"), value.as_str()))
            .collect();
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), *value))
            .collect();
        get(reply(200, &headers, "")).await
    };
    // 80 times name, colon, blank, value and line end, and the length of the body.
    with(3_260).await.unwrap();
    let error = with(3_280).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("262144 bytes"), "{error}");
}
