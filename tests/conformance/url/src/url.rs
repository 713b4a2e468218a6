//! Scenarios of `url.json`.

use std::future::Future;

use maps_core::{Response, Result};
use testserver::Session;
use url::UrlClient;

mod path_items;
mod paths;
mod queries;

/// As the document has it: some of these letters have a twin that Unicode normalisation would put in their place.
const MULTI_BYTE: &str =
    "\u{554a}\u{9f44}\u{4e02}\u{72db}\u{72dc}\u{f9f1}\u{f92c}\u{f9f1}\u{fa0c}\u{fa29}";

fn client(session: &Session) -> UrlClient {
    UrlClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .global_string_path("globalStringPath")
        .build()
        .unwrap()
}

/// Makes a call that the server takes, and checks where it went.
async fn sends<F>(call: impl FnOnce(UrlClient) -> F, target: &str)
where
    F: Future<Output = Result<Response<()>>>,
{
    let session = Session::new();
    let response = call(client(&session)).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(session.targets(), [target]);
}
