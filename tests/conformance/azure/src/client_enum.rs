//! Scenarios of `client-enum.json`.

use client_enum::ClientEnumClient;
use testserver::Session;

#[tokio::test]
async fn client_with_enum_param() {
    let session = Session::new();
    let client = ClientEnumClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap();
    client.head().await.unwrap();
    assert_eq!(session.trail(), ["HEAD /clientEnum/head 200"]);
    assert_eq!(session.exchanges()[0].headers["x-ms-enum"], "single");
}
