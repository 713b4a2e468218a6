//! Scenarios of `constants.json`.
//!
//! The server knows only the address of the constants of the client; of the others it is asserted what goes out.

use constants::ConstantsClient;
use constants::models as m;
use std::future::Future;

use maps_core::{ErrorKind, Response, Result};
use testserver::Session;

fn client(session: &Session) -> ConstantsClient {
    ConstantsClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// Makes a call to an address that the server does not know, and checks what went out.
async fn goes_out<F>(call: impl FnOnce(ConstantsClient) -> F, line: &str)
where
    F: Future<Output = Result<Response<()>>>,
{
    let session = Session::new();
    let error = call(client(&session)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    let lines: Vec<String> = session.exchanges().iter().map(|sent| sent.line()).collect();
    assert_eq!(lines, [line]);
}

#[tokio::test]
async fn constant_client_properties() {
    let session = Session::new();
    let response = client(&session).client().send().await.unwrap();
    assert_eq!(response.status(), 200);
    let [exchange] = &session.exchanges()[..] else {
        panic!("not one request");
    };
    assert_eq!(
        exchange.line(),
        "PUT /constants/clientConstants/path?query-constant=100"
    );
    assert_eq!(exchange.headers["header-constant"], "true");
}

#[tokio::test]
async fn no_model_as_string_no_required_two_value_no_default() {
    goes_out(
        |client| {
            client
                .no_model_as_string_no_required_two_value_no_default()
                .input(m::NoModelAsStringNoRequiredTwoValueNoDefaultOpEnum::Value1)
                .send()
        },
        "PUT /constants/putNoModelAsStringNoRequiredTwoValueNoDefault?input=value1",
    )
    .await;
}

#[tokio::test]
async fn no_model_as_string_no_required_two_value_default() {
    goes_out(
        |client| {
            client
                .no_model_as_string_no_required_two_value_default()
                .input(m::NoModelAsStringNoRequiredTwoValueDefaultOpEnum::Value1)
                .send()
        },
        "PUT /constants/putNoModelAsStringNoRequiredTwoValueDefault?input=value1",
    )
    .await;
}

#[tokio::test]
async fn no_model_as_string_no_required_one_value_no_default() {
    goes_out(
        |client| {
            client
                .no_model_as_string_no_required_one_value_no_default()
                .input(m::NoModelAsStringNoRequiredOneValueNoDefaultOpEnum::Value1)
                .send()
        },
        "PUT /constants/putNoModelAsStringNoRequiredOneValueNoDefault?input=value1",
    )
    .await;
}

#[tokio::test]
async fn no_model_as_string_no_required_one_value_default() {
    goes_out(
        |client| {
            client
                .no_model_as_string_no_required_one_value_default()
                .input(m::NoModelAsStringNoRequiredOneValueDefaultOpEnum::Value1)
                .send()
        },
        "PUT /constants/putNoModelAsStringNoRequiredOneValueDefault?input=value1",
    )
    .await;
}

#[tokio::test]
async fn no_model_as_string_required_two_value_no_default() {
    goes_out(
        |client| {
            client
                .no_model_as_string_required_two_value_no_default(
                    m::NoModelAsStringRequiredTwoValueNoDefaultOpEnum::Value2,
                )
                .send()
        },
        "PUT /constants/putNoModelAsStringRequiredTwoValueNoDefault?input=value2",
    )
    .await;
}

#[tokio::test]
async fn no_model_as_string_required_two_value_default() {
    goes_out(
        |client| {
            client
                .no_model_as_string_required_two_value_default(
                    m::NoModelAsStringRequiredTwoValueDefaultOpEnum::Value2,
                )
                .send()
        },
        "PUT /constants/putNoModelAsStringRequiredTwoValueDefault?input=value2",
    )
    .await;
}

#[tokio::test]
async fn no_model_as_string_required_one_value_no_default() {
    goes_out(
        |client| {
            client
                .no_model_as_string_required_one_value_no_default()
                .send()
        },
        "PUT /constants/putNoModelAsStringRequiredOneValueNoDefault?input=value1",
    )
    .await;
}

#[tokio::test]
async fn no_model_as_string_required_one_value_default() {
    goes_out(
        |client| {
            client
                .no_model_as_string_required_one_value_default()
                .send()
        },
        "PUT /constants/putNoModelAsStringRequiredOneValueDefault?input=value1",
    )
    .await;
}

#[tokio::test]
async fn model_as_string_no_required_two_value_no_default() {
    goes_out(
        |client| {
            client
                .model_as_string_no_required_two_value_no_default()
                .input(m::ModelAsStringNoRequiredTwoValueNoDefaultOpEnum::Value1)
                .send()
        },
        "PUT /constants/putModelAsStringNoRequiredTwoValueNoDefault?input=value1",
    )
    .await;
}

#[tokio::test]
async fn model_as_string_no_required_two_value_default() {
    goes_out(
        |client| {
            client
                .model_as_string_no_required_two_value_default()
                .input(m::ModelAsStringNoRequiredTwoValueDefaultOpEnum::Value1)
                .send()
        },
        "PUT /constants/putModelAsStringNoRequiredTwoValueDefault?input=value1",
    )
    .await;
}

#[tokio::test]
async fn model_as_string_no_required_one_value_no_default() {
    goes_out(
        |client| {
            client
                .model_as_string_no_required_one_value_no_default()
                .input(m::ModelAsStringNoRequiredOneValueNoDefaultOpEnum::Value1)
                .send()
        },
        "PUT /constants/putModelAsStringNoRequiredOneValueNoDefault?input=value1",
    )
    .await;
}

#[tokio::test]
async fn model_as_string_no_required_one_value_default() {
    goes_out(
        |client| {
            client
                .model_as_string_no_required_one_value_default()
                .input(m::ModelAsStringNoRequiredOneValueDefaultOpEnum::Value1)
                .send()
        },
        "PUT /constants/putModelAsStringNoRequiredOneValueDefault?input=value1",
    )
    .await;
}

#[tokio::test]
async fn model_as_string_required_two_value_no_default() {
    goes_out(
        |client| {
            client
                .model_as_string_required_two_value_no_default(
                    m::ModelAsStringRequiredTwoValueNoDefaultOpEnum::Value2,
                )
                .send()
        },
        "PUT /constants/putModelAsStringRequiredTwoValueNoDefault?input=value2",
    )
    .await;
}

#[tokio::test]
async fn model_as_string_required_two_value_default() {
    goes_out(
        |client| {
            client
                .model_as_string_required_two_value_default(
                    m::ModelAsStringRequiredTwoValueDefaultOpEnum::Value2,
                )
                .send()
        },
        "PUT /constants/putModelAsStringRequiredTwoValueDefault?input=value2",
    )
    .await;
}

#[tokio::test]
async fn model_as_string_required_one_value_no_default() {
    goes_out(
        |client| {
            client
                .model_as_string_required_one_value_no_default()
                .send()
        },
        "PUT /constants/putModelAsStringRequiredOneValueNoDefault?input=value1",
    )
    .await;
}

#[tokio::test]
async fn model_as_string_required_one_value_default() {
    goes_out(
        |client| client.model_as_string_required_one_value_default().send(),
        "PUT /constants/putModelAsStringRequiredOneValueDefault?input=value1",
    )
    .await;
}

#[tokio::test]
async fn optional_constant_stays_out_unless_it_is_set() {
    goes_out(
        |client| {
            client
                .no_model_as_string_no_required_one_value_no_default()
                .send()
        },
        "PUT /constants/putNoModelAsStringNoRequiredOneValueNoDefault",
    )
    .await;
}
