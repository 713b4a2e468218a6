//! Operations `httpFailure_...`.

use testserver::Session;

use super::{assert_refused, client, models};

#[tokio::test]
async fn responses_scenario_empty_error_body() {
    let session = Session::new();
    let error = client(&session)
        .http_failure()
        .get_empty_error()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(
        error.body_as(),
        Some(models::ErrorModel::new().with_message(""))
    );
}

#[tokio::test]
async fn responses_scenario_no_model_error_body() {
    let session = Session::new();
    let error = client(&session)
        .http_failure()
        .get_no_model_error()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(error.message(), Some("NoErrorModel"));
    assert_eq!(
        error.body_as(),
        Some(serde_json::json!({ "message": "NoErrorModel" }))
    );
}

#[tokio::test]
async fn responses_scenario_no_model_empty_body() {
    let session = Session::new();
    let error = client(&session)
        .http_failure()
        .get_no_model_empty()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(error.message(), None);
    assert_eq!(error.body().map(|body| body.len()), Some(0));
}
