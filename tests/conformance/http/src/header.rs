//! Scenarios of `header.json`.

use header::{HeaderClient, models};
use maps_core::CallOptions;
use testserver::Session;
use time::macros::{date, datetime};

mod responses;

/// What the server knows as bytes, written so that no editor can compose its characters otherwise.
const BYTES: &str =
    "\u{554A}\u{9F44}\u{4E02}\u{72DB}\u{72DC}\u{F9F1}\u{F92C}\u{F9F1}\u{FA0C}\u{FA29}";

fn client(session: &Session) -> HeaderClient {
    HeaderClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// The value of a header of the only request.
fn sent(session: &Session, name: &str) -> Option<String> {
    let exchanges = session.exchanges();
    assert_eq!(exchanges.len(), 1);
    let value = exchanges[0].headers.get(name)?;
    Some(value.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn header_parameter_existing_key() {
    let session = Session::new();
    client(&session)
        .param_existing_key("overwrite")
        .await
        .unwrap();
    assert_eq!(sent(&session, "user-agent").as_deref(), Some("overwrite"));
}

#[tokio::test]
async fn header_parameter_protected_key() {
    let session = Session::new();
    client(&session)
        .param_protected_key("text/html")
        .await
        .unwrap();
    assert_eq!(sent(&session, "content-type").as_deref(), Some("text/html"));
}

#[tokio::test]
async fn custom_header_in_request() {
    const ID: &str = "9C4D50EE-2D56-4CD3-8152-34347DC9F2B0";
    let session = Session::new();
    let options = CallOptions::new().client_request_id(ID);
    let answer = client(&session)
        .custom_request_id()
        .call_options(options)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.client_request_id(), Some(ID));
    assert_eq!(
        sent(&session, "x-ms-client-request-id").as_deref(),
        Some(ID)
    );
}

#[tokio::test]
async fn header_parameter_integer_positive() {
    let session = Session::new();
    client(&session).param_integer("positive", 1).await.unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some("1"));
}

#[tokio::test]
async fn header_parameter_integer_negative() {
    let session = Session::new();
    client(&session)
        .param_integer("negative", -2)
        .await
        .unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some("-2"));
}

#[tokio::test]
async fn header_parameter_long_positive() {
    let session = Session::new();
    client(&session).param_long("positive", 105).await.unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some("105"));
}

#[tokio::test]
async fn header_parameter_long_negative() {
    let session = Session::new();
    client(&session).param_long("negative", -2).await.unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some("-2"));
}

#[tokio::test]
async fn header_parameter_float_positive() {
    let session = Session::new();
    client(&session)
        .param_float("positive", 0.07)
        .await
        .unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some("0.07"));
}

#[tokio::test]
async fn header_parameter_float_negative() {
    let session = Session::new();
    client(&session)
        .param_float("negative", -3.0)
        .await
        .unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some("-3"));
}

#[tokio::test]
async fn header_parameter_double_positive() {
    let session = Session::new();
    client(&session)
        .param_double("positive", 7e120)
        .await
        .unwrap();
    // Written out, with all its digits.
    let value: f64 = sent(&session, "value").unwrap().parse().unwrap();
    assert_eq!(value, 7e120);
}

#[tokio::test]
async fn header_parameter_double_negative() {
    let session = Session::new();
    client(&session)
        .param_double("negative", -3.0)
        .await
        .unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some("-3"));
}

#[tokio::test]
async fn header_parameter_bool_true() {
    let session = Session::new();
    client(&session).param_bool("true", true).await.unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some("true"));
}

#[tokio::test]
async fn header_parameter_bool_false() {
    let session = Session::new();
    client(&session).param_bool("false", false).await.unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some("false"));
}

#[tokio::test]
async fn header_parameter_date_valid() {
    let session = Session::new();
    client(&session)
        .param_date("valid", date!(2010 - 01 - 01))
        .await
        .unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some("2010-01-01"));
}

#[tokio::test]
async fn header_parameter_date_min() {
    let session = Session::new();
    client(&session)
        .param_date("min", date!(0001 - 01 - 01))
        .await
        .unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some("0001-01-01"));
}

#[tokio::test]
async fn header_parameter_date_time_valid() {
    let session = Session::new();
    client(&session)
        .param_datetime("valid", datetime!(2010-01-01 12:34:56 UTC))
        .await
        .unwrap();
    assert_eq!(
        sent(&session, "value").as_deref(),
        Some("2010-01-01T12:34:56Z")
    );
}

#[tokio::test]
async fn header_parameter_date_time_min() {
    let session = Session::new();
    client(&session)
        .param_datetime("min", datetime!(0001-01-01 00:00:00 UTC))
        .await
        .unwrap();
    assert_eq!(
        sent(&session, "value").as_deref(),
        Some("0001-01-01T00:00:00Z")
    );
}

#[tokio::test]
async fn header_parameter_duration_valid() {
    let session = Session::new();
    client(&session)
        .param_duration("valid", "P123DT22H14M12.011S")
        .await
        .unwrap();
    assert_eq!(
        sent(&session, "value").as_deref(),
        Some("P123DT22H14M12.011S")
    );
}

#[tokio::test]
async fn header_parameter_bytes_valid() {
    let session = Session::new();
    client(&session)
        .param_byte("valid", BYTES.as_bytes())
        .await
        .unwrap();
    assert_eq!(
        sent(&session, "value").as_deref(),
        Some("5ZWK6b2E5LiC54ub54uc76ex76Ss76ex76iM76ip")
    );
}

#[tokio::test]
async fn header_parameter_string_valid() {
    let session = Session::new();
    client(&session)
        .param_string("valid")
        .value("The quick brown fox jumps over the lazy dog")
        .await
        .unwrap();
    assert_eq!(
        sent(&session, "value").as_deref(),
        Some("The quick brown fox jumps over the lazy dog")
    );
}

#[tokio::test]
async fn header_parameter_string_null() {
    let session = Session::new();
    client(&session).param_string("null").await.unwrap();
    assert_eq!(sent(&session, "value").as_deref(), None);
}

#[tokio::test]
async fn header_parameter_string_empty() {
    let session = Session::new();
    client(&session)
        .param_string("empty")
        .value("")
        .await
        .unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some(""));
}

#[tokio::test]
async fn header_parameter_enum_valid() {
    let session = Session::new();
    client(&session)
        .param_enum("valid")
        .value(models::GreyscaleColors::Grey)
        .await
        .unwrap();
    assert_eq!(sent(&session, "value").as_deref(), Some("GREY"));
}

#[tokio::test]
async fn header_parameter_enum_null() {
    let session = Session::new();
    client(&session).param_enum("null").await.unwrap();
    assert_eq!(sent(&session, "value").as_deref(), None);
}

#[tokio::test]
async fn header_parameter_date_time_rfc1123_valid() {
    let session = Session::new();
    client(&session)
        .param_datetime_rfc1123("valid")
        .value(datetime!(2010-01-01 12:34:56 UTC))
        .await
        .unwrap();
    assert_eq!(
        sent(&session, "value").as_deref(),
        Some("Fri, 01 Jan 2010 12:34:56 GMT")
    );
}

#[tokio::test]
async fn header_parameter_date_time_rfc1123_min() {
    let session = Session::new();
    client(&session)
        .param_datetime_rfc1123("min")
        .value(datetime!(0001-01-01 00:00:00 UTC))
        .await
        .unwrap();
    assert_eq!(
        sent(&session, "value").as_deref(),
        Some("Mon, 01 Jan 0001 00:00:00 GMT")
    );
}
