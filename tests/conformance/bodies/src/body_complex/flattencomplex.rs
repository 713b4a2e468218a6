use maps_core::StatusCode;
use testserver::Session;

use super::client;

#[tokio::test]
async fn flattened_answer_does_not_exist_on_the_server() {
    let session = Session::new();
    let answer = client(&session).flattencomplex().get_valid().await;
    assert_eq!(answer.unwrap_err().status(), Some(StatusCode::NOT_FOUND));
    assert_eq!(session.count(), 1);
}
