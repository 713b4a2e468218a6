//! Headers of answers.

use header::models;
use testserver::Session;
use time::macros::{date, datetime};

use super::{BYTES, client};

#[tokio::test]
async fn header_response_existing_key() {
    let session = Session::new();
    let answer = client(&session)
        .response_existing_key()
        .send()
        .await
        .unwrap();
    let headers = answer.typed_headers();
    assert_eq!(headers.user_agent().unwrap().as_deref(), Some("overwrite"));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_protected_key() {
    let session = Session::new();
    let answer = client(&session)
        .response_protected_key()
        .send()
        .await
        .unwrap();
    let headers = answer.typed_headers();
    assert_eq!(
        headers.content_type().unwrap().as_deref(),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_integer_positive() {
    let session = Session::new();
    let answer = client(&session)
        .response_integer("positive")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.typed_headers().value().unwrap(), Some(1));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_integer_negative() {
    let session = Session::new();
    let answer = client(&session)
        .response_integer("negative")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.typed_headers().value().unwrap(), Some(-2));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_long_positive() {
    let session = Session::new();
    let answer = client(&session)
        .response_long("positive")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.typed_headers().value().unwrap(), Some(105));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_long_negative() {
    let session = Session::new();
    let answer = client(&session)
        .response_long("negative")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.typed_headers().value().unwrap(), Some(-2));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_float_positive() {
    let session = Session::new();
    let answer = client(&session)
        .response_float("positive")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.typed_headers().value().unwrap(), Some(0.07));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_float_negative() {
    let session = Session::new();
    let answer = client(&session)
        .response_float("negative")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.typed_headers().value().unwrap(), Some(-3.0));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_double_positive() {
    let session = Session::new();
    let answer = client(&session)
        .response_double("positive")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.typed_headers().value().unwrap(), Some(7e120));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_double_negative() {
    let session = Session::new();
    let answer = client(&session)
        .response_double("negative")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.typed_headers().value().unwrap(), Some(-3.0));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_bool_true() {
    let session = Session::new();
    let answer = client(&session).response_bool("true").send().await.unwrap();
    assert_eq!(answer.typed_headers().value().unwrap(), Some(true));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_bool_false() {
    let session = Session::new();
    let answer = client(&session)
        .response_bool("false")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.typed_headers().value().unwrap(), Some(false));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_string_valid() {
    let session = Session::new();
    let answer = client(&session)
        .response_string("valid")
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.typed_headers().value().unwrap(),
        Some("The quick brown fox jumps over the lazy dog".to_owned())
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_string_null() {
    let session = Session::new();
    let answer = client(&session)
        .response_string("null")
        .send()
        .await
        .unwrap();
    // The server writes its `null` as a text.
    assert_eq!(
        answer.typed_headers().value().unwrap(),
        Some("null".to_owned())
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_string_empty() {
    let session = Session::new();
    let answer = client(&session)
        .response_string("empty")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.typed_headers().value().unwrap(), Some(String::new()));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_enum_valid() {
    let session = Session::new();
    let answer = client(&session)
        .response_enum("valid")
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.typed_headers().value().unwrap(),
        Some(models::GreyscaleColors::Grey)
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_enum_null() {
    let session = Session::new();
    let answer = client(&session).response_enum("null").send().await.unwrap();
    // An empty text, which is none of the values.
    assert_eq!(
        answer.typed_headers().value().unwrap(),
        Some(models::GreyscaleColors::from(""))
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_date_valid() {
    let session = Session::new();
    let answer = client(&session)
        .response_date("valid")
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.typed_headers().value().unwrap(),
        Some(date!(2010 - 01 - 01))
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_date_min() {
    let session = Session::new();
    let answer = client(&session).response_date("min").send().await.unwrap();
    assert_eq!(
        answer.typed_headers().value().unwrap(),
        Some(date!(0001 - 01 - 01))
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_date_time_valid() {
    let session = Session::new();
    let answer = client(&session)
        .response_datetime("valid")
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.typed_headers().value().unwrap(),
        Some(datetime!(2010-01-01 12:34:56 UTC))
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_date_time_min() {
    let session = Session::new();
    let answer = client(&session)
        .response_datetime("min")
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.typed_headers().value().unwrap(),
        Some(datetime!(0001-01-01 00:00:00 UTC))
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_date_time_rfc1123_valid() {
    let session = Session::new();
    let answer = client(&session)
        .response_datetime_rfc1123("valid")
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.typed_headers().value().unwrap(),
        Some(datetime!(2010-01-01 12:34:56 UTC))
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_date_time_rfc1123_min() {
    let session = Session::new();
    let answer = client(&session)
        .response_datetime_rfc1123("min")
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.typed_headers().value().unwrap(),
        Some(datetime!(0001-01-01 00:00:00 UTC))
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_duration_valid() {
    let session = Session::new();
    let answer = client(&session)
        .response_duration("valid")
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.typed_headers().value().unwrap(),
        Some("P123DT22H14M12.011S".to_owned())
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn header_response_bytes_valid() {
    let session = Session::new();
    let answer = client(&session)
        .response_byte("valid")
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.typed_headers().value().unwrap(),
        Some(BYTES.as_bytes().to_vec())
    );
    assert_eq!(session.count(), 1);
}
