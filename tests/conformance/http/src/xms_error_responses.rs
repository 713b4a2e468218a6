//! Scenarios of `xms-error-responses.json`.

use maps_core::{Error, ErrorKind};
use testserver::Session;
use xms_error_responses::{XmsErrorResponsesClient, models};

fn client(session: &Session) -> XmsErrorResponsesClient {
    XmsErrorResponsesClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// One request, which the service refused with this status.
fn assert_refused(session: &Session, error: &Error, status: u16) {
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    assert_eq!(session.count(), 1);
}

fn sad_casper() -> models::PetActionError {
    models::PetSadError::new()
        .with_action_response("grrrr")
        .with_error_message("casper aint happy")
        .with_reason("need more treats")
        .into()
}

#[tokio::test]
async fn expected_no_errors() {
    let session = Session::new();
    let pet = client(&session).get_pet_by_id("tommy").await.unwrap();
    let expected = models::Pet::new()
        .with_ani_type("Dog")
        .with_name("Tommy Tomson");
    assert_eq!(pet, Some(expected));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn pet_that_is_accepted_has_no_body() {
    let session = Session::new();
    let answer = client(&session)
        .get_pet_by_id("django")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 202);
    assert_eq!(answer.into_body(), None);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn animal_not_found_error() {
    let session = Session::new();
    let error = client(&session)
        .get_pet_by_id("coyoteUgly")
        .await
        .unwrap_err();
    assert_refused(&session, &error, 404);
    let expected = models::AnimalNotFound::new()
        .with_some_base_prop("problem finding animal")
        .with_reason("the type of animal requested is not available")
        .with_name("coyote");
    assert_eq!(
        error.body_as(),
        Some(models::NotFoundErrorBase::AnimalNotFound(expected))
    );
}

#[tokio::test]
async fn link_not_found_error() {
    let session = Session::new();
    let error = client(&session)
        .get_pet_by_id("weirdAlYankovic")
        .await
        .unwrap_err();
    assert_refused(&session, &error, 404);
    let expected = models::LinkNotFound::new()
        .with_some_base_prop("problem finding pet")
        .with_reason("link to pet not found")
        .with_what_sub_address("pet/yourpet was not found");
    assert_eq!(
        error.body_as(),
        Some(models::NotFoundErrorBase::InvalidResourceLink(expected))
    );
}

#[tokio::test]
async fn string_error() {
    let session = Session::new();
    let error = client(&session).get_pet_by_id("ringo").await.unwrap_err();
    assert_refused(&session, &error, 400);
    assert_eq!(
        error.body_as::<String>().as_deref(),
        Some("ringo is missing")
    );
}

#[tokio::test]
async fn int_error() {
    let session = Session::new();
    let error = client(&session)
        .get_pet_by_id("alien123")
        .await
        .unwrap_err();
    assert_refused(&session, &error, 501);
    assert_eq!(error.body_as::<i32>(), Some(123));
}

#[tokio::test]
async fn status_that_is_not_declared_is_an_error_with_its_text() {
    let session = Session::new();
    let error = client(&session).get_pet_by_id("nobody").await.unwrap_err();
    assert_refused(&session, &error, 402);
    assert_eq!(
        error.body().map(AsRef::as_ref),
        Some(b"That's all folks!!".as_slice())
    );
    assert_eq!(error.body_as::<models::NotFoundErrorBase>(), None);
}

#[tokio::test]
async fn action_without_error() {
    let session = Session::new();
    let action = client(&session).do_something("stay").await.unwrap();
    // The server answers with a pet, which has nothing of an action.
    assert_eq!(action, models::PetAction::new());
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn expected_pet_sad_error() {
    let session = Session::new();
    let error = client(&session).do_something("jump").await.unwrap_err();
    // A POST is not sent again after a 500.
    assert_refused(&session, &error, 500);
    assert_eq!(error.body_as(), Some(sad_casper()));
}

#[tokio::test]
async fn expected_pet_hungry_error() {
    let session = Session::new();
    let error = client(&session).do_something("fetch").await.unwrap_err();
    assert_refused(&session, &error, 404);
    let expected = models::PetHungryOrThirstyError::new()
        .with_action_response("howl")
        .with_error_message("scooby is low")
        .with_reason("need more everything")
        .with_hungry_or_thirsty("hungry and thirsty");
    assert_eq!(
        error.body_as(),
        Some(models::PetActionError::PetHungryOrThirstyError(expected))
    );
}

#[tokio::test]
async fn action_that_the_service_does_not_know_is_refused() {
    let session = Session::new();
    let error = client(&session).do_something("fly").await.unwrap_err();
    assert_refused(&session, &error, 400);
}

#[tokio::test]
async fn send_error_with_param_name_models() {
    let session = Session::new();
    let request = client(&session).has_models_param().models("value1");
    let error = request.await.unwrap_err();
    assert_refused(&session, &error, 500);
    assert_eq!(error.body_as(), Some(sad_casper()));
}

/// What the definition calls the default of a client is for a caller to give.
#[tokio::test]
async fn parameter_that_is_not_given_is_not_sent() {
    let session = Session::new();
    let error = client(&session).has_models_param().await.unwrap_err();
    assert_refused(&session, &error, 400);
    assert_eq!(session.exchanges()[0].url.query(), None);
}
