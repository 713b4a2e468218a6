//! Scenarios of `merge-patch.json`.

use merge_patch::MergePatchClient;
use serde_json::{Map, json};
use testserver::Session;

#[tokio::test]
async fn pass_merge_patch_object() {
    let session = Session::new();
    let client = MergePatchClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap();
    let patch = Map::from_iter([("foo".to_owned(), json!("bars"))]);
    let response = client.patch_single(&patch).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let [exchange] = &session.exchanges()[..] else {
        panic!("not one request");
    };
    assert_eq!(exchange.line(), "PATCH /mergePatchJson/single");
    assert_eq!(
        exchange.headers["content-type"],
        "application/merge-patch+json"
    );
    assert_eq!(exchange.body.as_deref(), Some(&br#"{"foo":"bars"}"#[..]));
}
