//! A policy of the caller panics: the panic is the caller's, what comes after it is ours.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use maps_core::{BoxFuture, HttpRequest, Next, Pager, Pipeline, Policy, RawResponse, Result};
use serde_json::Value;

use crate::server::*;

/// Panics at one request.
#[derive(Debug)]
struct PanicsOnce {
    at: usize,
    seen: AtomicUsize,
}

impl Policy for PanicsOnce {
    fn send<'a>(
        &'a self,
        request: &'a mut HttpRequest,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        Box::pin(async move {
            if self.seen.fetch_add(1, Ordering::SeqCst) == self.at {
                panic!("a policy of the caller");
            }
            next.send(request).await
        })
    }
}

fn panicking_at(server: &Server, at: usize) -> Pipeline {
    let policy = PanicsOnce {
        at,
        seen: AtomicUsize::new(0),
    };
    server.client_with(server.options().per_try_policy(Arc::new(policy)))
}

/// Whether the future panicked before it was ready.
async fn panics<F: Future>(future: F) -> bool {
    let mut future = pin!(future);
    poll_fn(
        |cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(_)) => Poll::Ready(false),
            Err(_) => Poll::Ready(true),
        },
    )
    .await
}

#[tokio::test]
async fn poller_goes_on_after_a_panic_of_the_callers_policy() {
    for at in 1..5 {
        let server = scripted(|earlier| match earlier {
            0 | 1 => status("Running"),
            _ => status("Succeeded").header("resource-location", "/results/1"),
        })
        .await;
        let client = panicking_at(&server, at);
        let mut poller = begin(&client, &RESOURCE_LOCATION).await.unwrap();
        assert!(panics(poller.result()).await, "request {at}");
        assert_eq!(poller.result().await.unwrap()["value"], 42, "request {at}");
        assert_eq!(server.lines().len(), 5, "request {at}");
    }
}

#[tokio::test]
async fn pager_ends_after_a_panic_of_the_callers_policy_and_its_token_leads_to_the_page() {
    fn pager(client: &Pipeline) -> Pager<u64, Value> {
        Pager::new(
            client.clone(),
            client.request(&LIST),
            |page| page["nextLink"].as_str(),
            |page| page["value"].as_u64().into_iter().collect(),
        )
    }
    let server = Server::start(|seen| match seen.query.contains("page=2") {
        false => reply(200).json(r#"{"value":1,"nextLink":"/things?page=2"}"#),
        true => reply(200).json(r#"{"value":2}"#),
    })
    .await;
    let mut items = pager(&panicking_at(&server, 1));
    assert_eq!(items.next().await.unwrap().unwrap(), 1);
    assert!(panics(items.next()).await);
    assert!(items.next().await.is_none());
    let token = items.continuation_token().unwrap();
    items.continue_from(&token).unwrap();
    assert_eq!(items.next().await.unwrap().unwrap(), 2);
    assert!(items.next().await.is_none());
}
