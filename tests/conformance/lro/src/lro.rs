//! Scenarios of `lro.json`.

use lro::LroClient;
use testserver::Session;

fn client(session: &Session) -> LroClient {
    LroClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

#[tokio::test]
async fn lro_put_inline_complete() {
    let session = Session::new();
    let poller = client(&session)
        .lros()
        .begin_put200_succeeded()
        .await
        .unwrap();
    let product = poller.await.unwrap();
    assert_eq!(product.id.as_deref(), Some("100"));
    assert_eq!(session.count(), 1);
}
