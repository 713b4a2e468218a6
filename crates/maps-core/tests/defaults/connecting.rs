//! Making a connection.

use std::time::Duration;

use maps_core::{ClientOptions, ErrorKind, RetryOptions, Timeouts};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::http::{GET, SERVICE, pipeline};

/// A listener that accepts nothing and whose queue is full, so that further connections are never made.
///
/// Linux leaves the first packet of a connection without an answer then; other systems may refuse it.
async fn full() -> (TcpListener, Vec<TcpStream>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queued = Vec::new();
    loop {
        let connection = TcpStream::connect(address);
        match tokio::time::timeout(Duration::from_millis(200), connection).await {
            Ok(connection) => queued.push(connection.unwrap()),
            Err(_) => return (listener, queued),
        }
        assert!(queued.len() < 100, "the queue has no end");
    }
}

#[tokio::test]
async fn connection_that_is_not_made_ends_at_its_limit_and_nothing_was_sent() {
    let (listener, _queued) = full().await;
    let url = format!("http://{}", listener.local_addr().unwrap());
    let options = ClientOptions::new()
        .retry(RetryOptions::none())
        .timeouts(Timeouts::new().connect(Duration::from_millis(50)));
    let pipeline = pipeline(&url, &SERVICE, None, options).unwrap();
    let call = pipeline.send(pipeline.request(&GET));
    // Far from the limits of the try and the call.
    let call = tokio::time::timeout(Duration::from_secs(20), call).await;
    let error = call.expect("bounded").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.may_have_been_sent());
}
