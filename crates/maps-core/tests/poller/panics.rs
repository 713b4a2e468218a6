//! A policy of the caller panics: the panic is the caller's, what comes after it is ours.

use maps_core::{Pager, Pipeline};
use serde_json::Value;

use crate::caller::{PanicsOnce, unless_it_panics};
use crate::server::*;

fn panicking_at(server: &Server, at: usize) -> Pipeline {
    server.client_with(server.options().per_try_policy(PanicsOnce::after(at)))
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
        let first = unless_it_panics(poller.result()).await;
        assert!(first.is_none(), "request {at}");
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
    assert!(unless_it_panics(items.next()).await.is_none());
    assert!(items.next().await.is_none());
    let token = items.continuation_token().unwrap();
    items.continue_from(&token).unwrap();
    assert_eq!(items.next().await.unwrap().unwrap(), 2);
    assert!(items.next().await.is_none());
}
