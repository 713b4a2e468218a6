//! Scenarios of `extensible-enums-swagger.json`.

use extensible_enums_swagger::ExtensibleEnumsSwaggerClient;
use extensible_enums_swagger::models::{DaysOfWeekExtensibleEnum, IntEnum, Pet};
use maps_core::ErrorKind;
use testserver::Session;

fn client(session: &Session) -> ExtensibleEnumsSwaggerClient {
    ExtensibleEnumsSwaggerClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

#[tokio::test]
async fn expected_enum() {
    let session = Session::new();
    let pet = client(&session).get_by_pet_id("tommy").await.unwrap();
    let expected = Pet::new(IntEnum::Value1)
        .with_name("Tommy Tomson")
        .with_days_of_week(DaysOfWeekExtensibleEnum::Monday);
    assert_eq!(pet, expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn unexpected_enum() {
    let session = Session::new();
    let pet = client(&session).get_by_pet_id("casper").await.unwrap();
    let expected = Pet::new(IntEnum::Value2)
        .with_name("Casper Ghosty")
        .with_days_of_week("Weekend");
    assert_eq!(pet, expected);
    let day = pet.days_of_week.unwrap();
    assert!(matches!(day, DaysOfWeekExtensibleEnum::UnknownValue(_)));
    assert_eq!(day.as_str(), "Weekend");
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn allowed_value_enum() {
    let session = Session::new();
    let pet = client(&session).get_by_pet_id("scooby").await.unwrap();
    let expected = Pet::new("2.1")
        .with_name("Scooby Scarface")
        .with_days_of_week(DaysOfWeekExtensibleEnum::Thursday);
    assert_eq!(pet, expected);
    assert_eq!(pet.int_enum.as_str(), "2.1");
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn round_trip_enum() {
    let session = Session::new();
    let pet = Pet::new(IntEnum::Value3)
        .with_name("Retriever")
        .with_days_of_week(DaysOfWeekExtensibleEnum::Friday);
    let answer = client(&session).add().body(&pet).await.unwrap();
    assert_eq!(answer, pet);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn unknown_enum_goes_out_as_it_came() {
    let session = Session::new();
    let pet = Pet::new("3.3")
        .with_name("Retriever")
        .with_days_of_week("Weekend");
    let answer = client(&session).add().body(&pet).await.unwrap();
    assert_eq!(answer, pet);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn unknown_pet_is_an_error() {
    let session = Session::new();
    let call = client(&session).get_by_pet_id("nobody");
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert_eq!(session.count(), 1);
}
