//! Scenarios of `no-operations.json`, which declares none.

use maps_core::Method;
use no_operations::NoOperationsClient;
use testserver::Session;

#[tokio::test]
async fn client_without_operations_makes_requests_of_its_caller() {
    let session = Session::new();
    let client = NoOperationsClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap();
    // A report on keys that are not there.
    let answer = client.request(Method::GET, "/report/none").await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(&answer.bytes()[..], b"{}");
    assert_eq!(session.targets(), ["/report/none"]);
}
