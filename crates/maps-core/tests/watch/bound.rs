//! How many requests are in flight, as a server counts them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use maps_core::service::HostSettings;
use maps_core::{ClientOptions, Pipeline, RetryOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::server::{MONITOR, SERVICE};
use crate::*;

/// Answers polls only once as many are there as may be, or all that are left.
struct Crowd {
    now: AtomicUsize,
    most: AtomicUsize,
    left: AtomicUsize,
    expected: usize,
    changed: Notify,
}

impl Crowd {
    async fn answer(&self, mut stream: TcpStream) {
        let mut request = Vec::new();
        while let Ok(1..) = stream.read_buf(&mut request).await {
            if !request.ends_with(b"\r\n\r\n") {
                continue;
            }
            request.clear();
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            self.changed.notify_waiters();
            // Turns for one too many to arrive.
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
            loop {
                let changed = self.changed.notified();
                let expected = self.expected.min(self.left.load(Ordering::SeqCst));
                if self.most.load(Ordering::SeqCst) >= expected {
                    break;
                }
                changed.await;
            }
            self.now.fetch_sub(1, Ordering::SeqCst);
            self.left.fetch_sub(1, Ordering::SeqCst);
            self.changed.notify_waiters();
            let body = r#"{"status":"Succeeded"}"#;
            let length = body.len();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

#[tokio::test]
async fn as_many_requests_are_in_flight_as_may_be_and_no_more() {
    for expected in [1, 2, 7, 32] {
        let crowd = Arc::new(Crowd {
            now: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            left: AtomicUsize::new(100),
            expected,
            changed: Notify::new(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut host = HostSettings::new();
        host.endpoint(format!("http://{}", listener.local_addr().unwrap()));
        let server = tokio::spawn({
            let crowd = Arc::clone(&crowd);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let crowd = Arc::clone(&crowd);
                    tokio::spawn(async move { crowd.answer(stream).await });
                }
            }
        });
        let clock = VirtualClock::new();
        let options = ClientOptions::new()
            .clock(Arc::new(clock.clone()))
            .retry(RetryOptions::none());
        let client = Pipeline::new(&SERVICE, &host, None, None, options).unwrap();
        let mut watch = Numbered::new().in_flight(expected);
        watch.extend((0..100).map(|number| {
            let id = number.to_string();
            (number, client.attach(&MONITOR, None, &id).unwrap())
        }));
        let ended = clock.run(async {
            let mut ended = 0;
            while let Some(one) = watch.next().await {
                one.result.unwrap();
                ended += 1;
            }
            ended
        });
        assert_eq!(ended.await, 100);
        assert_eq!(crowd.most.load(Ordering::SeqCst), expected);
        server.abort();
    }
}
