//! Scenarios of `parameter-flattening.json`.

use maps_core::ErrorKind;
use parameter_flattening::ParameterFlatteningClient;
use parameter_flattening::models::AvailabilitySetUpdateParameters;
use testserver::Session;

fn client(session: &Session) -> ParameterFlatteningClient {
    ParameterFlatteningClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

// The server does not know the address; what goes out is the body that the definition says, and not its one property.
#[tokio::test]
async fn body_with_the_name_of_its_property_is_sent_whole() {
    let session = Session::new();
    let tags = AvailabilitySetUpdateParameters::new([("tag1", "value1"), ("tag2", "value2")]);
    let call = client(&session).update("group", "set", &tags);
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    let [exchange] = &session.exchanges()[..] else {
        panic!("not one request");
    };
    assert_eq!(exchange.line(), "PATCH /parameterFlattening/group/set");
    assert_eq!(
        exchange.body.as_deref(),
        Some(&br#"{"tags":{"tag1":"value1","tag2":"value2"}}"#[..])
    );
}

#[tokio::test]
async fn name_of_more_than_80_characters_is_refused() {
    let session = Session::new();
    let tags = AvailabilitySetUpdateParameters::new([("tag1", "value1")]);
    let call = client(&session).update("group", "s".repeat(81), &tags);
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("availabilitySetName"), "{error}");
    assert_eq!(session.count(), 0);
}
