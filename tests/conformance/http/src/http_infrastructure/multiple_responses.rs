//! Operations `multipleResponses_...`: what becomes of an answer by its status and body.

use maps_core::{ErrorKind, StatusCode};
use testserver::Session;

use super::api::multiple_responses as answers;
use super::{assert_refused, client, models};

#[tokio::test]
async fn responses_scenario_a200_matching_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get200_model204_no_model_default_error200_valid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(
        answer.into_body(),
        Some(models::MyException::new().with_status_code("200"))
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_a201_default_no_model() {
    let session = Session::new();
    // No error: the service did what it was asked for. The status is there for who minds.
    let answer = client(&session)
        .multiple_responses()
        .get200_model204_no_model_default_error201_invalid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 201);
    assert_eq!(
        answer.into_body(),
        Some(models::MyException::new().with_status_code("201"))
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_a202_default_no_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get200_model204_no_model_default_error202_none()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 202);
    assert_eq!(
        answer.into_body(),
        Some(models::MyException::new().with_status_code("202"))
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_a204_matching_no_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get200_model204_no_model_default_error204_valid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 204);
    assert_eq!(answer.into_body(), None);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_a400_default_model() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get200_model204_no_model_default_error400_valid()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(
        error.body_as(),
        Some(models::ErrorModel::new().with_message("client error"))
    );
    assert_eq!(error.message(), Some("client error"));
}

#[tokio::test]
async fn responses_scenario_b200_matching_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get200_model201_model_default_error200_valid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(
        answer.into_body(),
        answers::Get200Model201ModelDefaultError200ValidAnswer::Ok(
            models::MyException::new().with_status_code("200")
        )
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_b201_matching_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get200_model201_model_default_error201_valid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 201);
    let expected = models::B::new()
        .with_status_code("201")
        .with_text_status_code("Created");
    assert_eq!(
        answer.into_body(),
        answers::Get200Model201ModelDefaultError201ValidAnswer::Created(expected)
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_b400_default_model() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get200_model201_model_default_error400_valid()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(
        error.body_as(),
        Some(models::ErrorModel::new().with_message("client error"))
    );
}

#[tokio::test]
async fn responses_scenario_c200_matching_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get200_model_a201_model_c404_model_d_default_error200_valid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(
        answer.into_body(),
        answers::Get200ModelA201ModelC404ModelDDefaultError200ValidAnswer::Ok(
            models::MyException::new().with_status_code("200")
        )
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_c201_matching_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get200_model_a201_model_c404_model_d_default_error201_valid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 201);
    let expected = models::C::new().with_http_code("201");
    assert_eq!(
        answer.into_body(),
        answers::Get200ModelA201ModelC404ModelDDefaultError201ValidAnswer::Created(expected)
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_c404_matching_model() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get200_model_a201_model_c404_model_d_default_error404_valid()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 404, 1);
    assert!(error.is_not_found());
    assert_eq!(
        error.body_as(),
        Some(models::DModel::new().with_http_status_code("404"))
    );
}

#[tokio::test]
async fn responses_scenario_c400_default_model() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get200_model_a201_model_c404_model_d_default_error400_valid()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(
        error.body_as(),
        Some(models::ErrorModel::new().with_message("client error"))
    );
}

#[tokio::test]
async fn responses_scenario_d202_matching_no_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get202_none204_none_default_error202_none()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 202);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_d204_matching_no_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get202_none204_none_default_error204_none()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 204);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_d400_default_model() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get202_none204_none_default_error400_valid()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(
        error.body_as(),
        Some(models::ErrorModel::new().with_message("client error"))
    );
}

#[tokio::test]
async fn responses_scenario_e202_matching_invalid() {
    let session = Session::new();
    // A body where none is declared is left alone, and still there.
    let answer = client(&session)
        .multiple_responses()
        .get202_none204_none_default_none202_invalid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 202);
    assert_eq!(answer.bytes().as_ref(), br#"{"property":"value"}"#);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_e204_matching_no_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get202_none204_none_default_none204_none()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 204);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_e400_default_no_model() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get202_none204_none_default_none400_none()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(error.body().map(|body| body.len()), Some(0));
}

#[tokio::test]
async fn responses_scenario_e400_default_invalid() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get202_none204_none_default_none400_invalid()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(
        error.body_as(),
        Some(serde_json::json!({ "property": "value" }))
    );
}

#[tokio::test]
async fn responses_scenario_f200_default_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get_default_model_a200_valid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(
        answer.into_body(),
        models::MyException::new().with_status_code("200")
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_f200_default_none() {
    let session = Session::new();
    // A body is declared, and there is none.
    let error = client(&session)
        .multiple_responses()
        .get_default_model_a200_none()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_f400_default_model() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get_default_model_a400_valid()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(error.body().map(|body| body.len()), Some(0));
}

#[tokio::test]
async fn responses_scenario_f400_default_none() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get_default_model_a400_none()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    // The server swaps the bodies of this one and the one above. Nothing of it is declared.
    assert_eq!(error.body_as(), Some(models::MyException::new()));
    assert_eq!(
        error.body_as(),
        Some(serde_json::json!({ "property": "value" }))
    );
}

#[tokio::test]
async fn responses_scenario_g200_default_invalid() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get_default_none200_invalid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(answer.bytes().as_ref(), br#"{"statusCode":"200"}"#);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_g200_default_no_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get_default_none200_none()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert!(answer.bytes().is_empty());
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_g400_default_invalid() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get_default_none400_invalid()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(
        error.body_as(),
        Some(serde_json::json!({ "statusCode": "200" }))
    );
}

#[tokio::test]
async fn responses_scenario_g400_default_no_model() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get_default_none400_none()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(error.body().map(|body| body.len()), Some(0));
}

#[tokio::test]
async fn responses_scenario_h200_matching_none() {
    let session = Session::new();
    // A body is declared, and there is none.
    let error = client(&session)
        .multiple_responses()
        .get200_model_a200_none()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_h200_matching_model() {
    let session = Session::new();
    let answer = client(&session)
        .multiple_responses()
        .get200_model_a200_valid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(
        answer.into_body(),
        models::MyException::new().with_status_code("200")
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_h200_matching_invalid() {
    let session = Session::new();
    // Nothing of the body is declared, and nothing of it is required.
    let answer = client(&session)
        .multiple_responses()
        .get200_model_a200_invalid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(answer.body(), &models::MyException::new());
    assert_eq!(answer.bytes().as_ref(), br#"{"statusCodeInvalid":"200"}"#);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn responses_scenario_h400_non_matching_none() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get200_model_a400_none()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(
        error.body_as(),
        Some(serde_json::json!({ "statusCode": "200" }))
    );
}

#[tokio::test]
async fn responses_scenario_h400_non_matching_model() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get200_model_a400_valid()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(
        error.body_as(),
        Some(models::MyException::new().with_status_code("200"))
    );
}

#[tokio::test]
async fn responses_scenario_h400_non_matching_invalid() {
    let session = Session::new();
    let error = client(&session)
        .multiple_responses()
        .get200_model_a400_invalid()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(
        error.body_as(),
        Some(serde_json::json!({ "statusCodeInvalid": "200" }))
    );
}

#[tokio::test]
async fn responses_scenario_h202_non_matching_model() {
    let session = Session::new();
    // No error: the service did what it was asked for.
    let answer = client(&session)
        .multiple_responses()
        .get200_model_a202_valid()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 202);
    assert_eq!(
        answer.into_body(),
        models::MyException::new().with_status_code("200")
    );
    assert_eq!(session.count(), 1);
}
