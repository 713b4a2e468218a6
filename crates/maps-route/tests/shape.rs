//! What programs rely on without calling it: clients and requests go wherever a program takes them.

use maps_core::SubscriptionKey;
use maps_route::models::{RouteMatrixAsyncRequest, RouteMatrixAsyncResponse, RouteOperation};
use maps_route::{RouteClient, RouteClientBuilder};

fn goes_anywhere<T: Send + 'static>(_: &T) {}
fn is_shared<T: Send + Sync + Clone + 'static>(_: &T) {}

fn client() -> RouteClient {
    RouteClient::builder()
        .credential(SubscriptionKey::new("canary"))
        .endpoint("http://127.0.0.1:1")
        .build()
        .expect("the settings are good")
}

#[tokio::test]
async fn clients_requests_and_their_futures_go_to_other_threads() {
    let client = client();
    is_shared(&client);
    let request = client.get_route_operations_status("2f9d6c1e-7b40-4e83-a5c7-0d18b96e3f52");
    is_shared(&request);
    goes_anywhere(&request.clone().send());
    goes_anywhere(&request.into_future());
    // The body is encoded when the method is called: the request borrows nothing.
    let begin = {
        let body = RouteMatrixAsyncRequest::new([]);
        client.begin_route_matrix(&body)
    };
    goes_anywhere(&begin.send());
    let poller = client.attach_route_matrix("2f9d6c1e-7b40-4e83-a5c7-0d18b96e3f52");
    let poller: maps_core::Poller<RouteMatrixAsyncResponse, RouteOperation> =
        poller.expect("the id has the right form");
    goes_anywhere(&poller);
}

#[test]
fn debug_of_builder_and_client_shows_no_secret() {
    let builder: RouteClientBuilder =
        RouteClient::builder().credential(SubscriptionKey::new("canary"));
    let shown = format!("{builder:?} {:?}", client());
    assert!(!shown.contains("canary"), "{shown}");
}
