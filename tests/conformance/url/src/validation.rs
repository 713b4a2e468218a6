//! Scenarios of `validation.json`.

use maps_core::ErrorKind;
use serde_json::{Value, json};
use testserver::Session;
use validation::ValidationClient;
use validation::models::{ChildProduct, ConstantProduct, Product};

fn client(session: &Session) -> ValidationClient {
    ValidationClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .subscription_id("abc123")
        .api_version("12-01-2016")
        .build()
        .unwrap()
}

fn product() -> Product {
    Product::new(ChildProduct::new(), ConstantProduct::new())
}

#[tokio::test]
async fn constants_in_path() {
    let session = Session::new();
    let call = client(&session).get_with_constant_in_path();
    assert_eq!(call.send().await.unwrap().status(), 200);
    let target = "/validation/constantsInPath/constant/value";
    assert_eq!(session.targets(), [target]);
}

#[tokio::test]
async fn constants_in_body() {
    let session = Session::new();
    let sent = product();
    let answer = client(&session).with_constant_in_body().body(&sent);
    assert_eq!(answer.await.unwrap(), sent);
    let [exchange] = &session.exchanges()[..] else {
        panic!("not one request");
    };
    assert_eq!(
        exchange.line(),
        "POST /validation/constantsInPath/constant/value"
    );
    let body: Value = serde_json::from_slice(exchange.body.as_deref().unwrap()).unwrap();
    assert_eq!(
        body,
        json!({
            "child": { "constProperty": "constant" },
            "constChild": { "constProperty": "constant", "constProperty2": "constant2" },
            "constInt": 0,
            "constString": "constant",
        })
    );
}

#[tokio::test]
async fn name_in_the_path_that_breaks_its_limits_is_refused() {
    let session = Session::new();
    for name in ["1", "1234567890A", "!@#$"] {
        let call = client(&session).validation_of_method_parameters(name, 100);
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name}");
        assert!(error.to_string().contains("resourceGroupName"), "{error}");
        let call = client(&session).validation_of_body(name, 150);
        let error = call.body(&product()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name}");
    }
    assert_eq!(session.count(), 0);
}

#[tokio::test]
async fn client_without_what_its_calls_require_is_refused() {
    let session = Session::new();
    let error = ValidationClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .subscription_id("abc123")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("`api_version`"), "{error}");
    assert_eq!(session.count(), 0);
}

// Limits of numbers and of bodies are documented, and left to the service to check: it knows them best. This one does
// not know the address either.
#[tokio::test]
async fn limits_of_numbers_and_bodies_are_left_to_the_service() {
    let session = Session::new();
    let call = client(&session).validation_of_method_parameters("123", 105);
    let error = call.await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    let call = client(&session).validation_of_body("123", 150);
    let error = call.body(&product().with_capacity(100)).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert_eq!(
        session.targets(),
        [
            "/fakepath/abc123/123/105?apiVersion=12-01-2016",
            "/fakepath/abc123/123/150?apiVersion=12-01-2016",
        ]
    );
}
