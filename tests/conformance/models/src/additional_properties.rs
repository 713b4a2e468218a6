//! Scenarios of `additionalProperties.json`.
//!
//! The server compares the whole body, and answers with the same and `status`, which is read-only.

use additional_properties::AdditionalPropertiesClient;
use additional_properties::models::{
    CatApTrue, PetApInProperties, PetApInPropertiesWithApString, PetApObject, PetApString,
    PetApTrue,
};
use serde_json::json;
use testserver::Session;

fn client(session: &Session) -> AdditionalPropertiesClient {
    AdditionalPropertiesClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

#[tokio::test]
async fn additional_properties_true() {
    let session = Session::new();
    let pet = PetApTrue::new(1)
        .with_name("Puppy")
        .with_additional_properties([
            ("birthdate", json!("2017-12-13T02:29:51Z")),
            ("complexProperty", json!({ "color": "Red" })),
        ]);
    let answer = client(&session).create_ap_true(&pet).await.unwrap();
    let mut expected = pet;
    expected.status = Some(true);
    assert_eq!(answer, expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn additional_properties_subclass() {
    let session = Session::new();
    let cat = CatApTrue::new(1)
        .with_name("Lisa")
        .with_friendly(true)
        .with_additional_properties([
            ("birthdate", json!("2017-12-13T02:29:51Z")),
            ("complexProperty", json!({ "color": "Red" })),
        ]);
    let answer = client(&session).create_cat_ap_true(&cat).await.unwrap();
    let mut expected = cat;
    expected.status = Some(true);
    assert_eq!(answer, expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn additional_properties_type_object() {
    let session = Session::new();
    let sibling = json!({
        "id": 1,
        "name": "Puppy",
        "birthdate": "2017-12-13T02:29:51Z",
        "complexProperty": { "color": "Red" },
    });
    let pet = PetApObject::new(2)
        .with_name("Hira")
        .with_additional_properties([
            ("siblings", json!([sibling])),
            ("picture", json!("//////4=")),
        ]);
    let answer = client(&session).create_ap_object(&pet).await.unwrap();
    let mut expected = pet;
    expected.status = Some(true);
    assert_eq!(answer, expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn additional_properties_type_string() {
    let session = Session::new();
    let pet = PetApString::new(3)
        .with_name("Tommy")
        .with_additional_properties([("color", "red"), ("weight", "10 kg"), ("city", "Bombay")]);
    let answer = client(&session).create_ap_string(&pet).await.unwrap();
    let mut expected = pet;
    expected.status = Some(true);
    assert_eq!(answer, expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn additional_properties_in_properties() {
    let session = Session::new();
    let pet = PetApInProperties::new(4)
        .with_name("Bunny")
        .with_additional_properties([("height", 5.61), ("weight", 599.0), ("footsize", 11.5)]);
    let call = client(&session).create_ap_in_properties(&pet);
    let answer = call.await.unwrap();
    let mut expected = pet;
    expected.status = Some(true);
    assert_eq!(answer, expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn additional_properties_in_properties_with_ap_type_string() {
    let session = Session::new();
    let pet = PetApInPropertiesWithApString::new(5, "westus")
        .with_name("Funny")
        .with_additional_properties([("height", 5.61), ("weight", 599.0), ("footsize", 11.5)])
        .with_additional_properties_2([
            ("color", "red"),
            ("city", "Seattle"),
            ("food", "tikka masala"),
        ]);
    let call = client(&session).create_ap_in_properties_with_ap_string(&pet);
    let answer = call.await.unwrap();
    let mut expected = pet;
    expected.status = Some(true);
    assert_eq!(answer, expected);
    assert_eq!(session.count(), 1);
}
