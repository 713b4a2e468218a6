//! What an operation costs while it waits.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use maps_core::test_kit::VirtualClock;
use maps_core::{
    Body, BoxFuture, ClientOptions, Event, HeaderMap, HttpRequest, HttpResponse, Method, Result,
    StatusCode, SubscriptionKey, Transport, Watch,
};
use maps_route::RouteClient;
use maps_route::models::RouteMatrixAsyncRequest;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// 1.2 KiB.
const BUDGET: usize = 1228;

/// Accepts each matrix and lets it run for ever, in the words and lengths of the service.
#[derive(Debug, Default)]
struct Service(AtomicUsize);

impl Transport for Service {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        let mut headers = HeaderMap::new();
        let (status, body) = if request.method == Method::POST {
            let number = self.0.fetch_add(1, Ordering::Relaxed);
            let link = format!(
                "https://atlas.microsoft.com/route/operations/bc3f9365-3ee0-4564-aa27-{number:012}?api-version=2025-01-01"
            );
            headers.insert("operation-location", link.parse().unwrap());
            (StatusCode::ACCEPTED, String::new())
        } else {
            let id = request.url.path().rsplit('/').next().unwrap();
            let body = format!(
                r#"{{"id":"{id}","status":"Running","kind":"RouteMatrix","createdAt":"2025-03-01T10:00:00Z","lastActionAt":"2025-03-01T10:00:07Z"}}"#
            );
            (StatusCode::OK, body)
        };
        let body = Body::from(body);
        Box::pin(async move { Ok(HttpResponse::new(status, headers, body)) })
    }
}

#[tokio::test]
async fn an_operation_that_waits_takes_at_most_1_2_kib() {
    const COUNT: usize = 2048;
    let options = ClientOptions::new()
        .transport(Arc::new(Service::default()))
        .clock(Arc::new(VirtualClock::running_ahead()));
    let client = RouteClient::builder()
        .options(options)
        .credential(SubscriptionKey::new("a key of some length"))
        .build()
        .unwrap();
    let request = RouteMatrixAsyncRequest::new([]);
    let before = ALLOCATOR.current_usage();
    let mut watch = Watch::new();
    for number in 0..COUNT {
        watch.add(number, client.begin_route_matrix(&request).await.unwrap());
    }
    let submitted = (ALLOCATOR.current_usage() - before) / COUNT;
    for _ in 0..2 * COUNT {
        assert!(matches!(watch.next_event().await, Some(Event::Status(..))));
    }
    let waiting = (ALLOCATOR.current_usage() - before) / COUNT;
    assert!(watch.iter().all(|(_, poller)| poller.status().is_some()));
    assert!(
        submitted.max(waiting) <= BUDGET,
        "an operation takes {submitted} bytes after its submit, {waiting} between its polls"
    );
}
