//! Operations whose parameters are in the path.

use maps_core::ErrorKind;
use testserver::Session;
use time::macros::{date, datetime};
use url::models::UriColor;

use super::{MULTI_BYTE, client, sends};

const ITEMS: [&str; 4] = ["ArrayPath1", "begin!*'();:@ &=+$,/?#[]end", "", ""];

#[tokio::test]
async fn url_paths_bool_true() {
    sends(
        |client| client.paths().get_boolean_true().send(),
        "/paths/bool/true/true",
    )
    .await;
}

#[tokio::test]
async fn url_paths_bool_false() {
    sends(
        |client| client.paths().get_boolean_false().send(),
        "/paths/bool/false/false",
    )
    .await;
}

#[tokio::test]
async fn url_paths_int_positive() {
    sends(
        |client| client.paths().get_int_one_million().send(),
        "/paths/int/1000000/1000000",
    )
    .await;
}

#[tokio::test]
async fn url_paths_int_negative() {
    sends(
        |client| client.paths().get_int_negative_one_million().send(),
        "/paths/int/-1000000/-1000000",
    )
    .await;
}

#[tokio::test]
async fn url_paths_int_unix_time() {
    sends(
        |client| {
            client
                .paths()
                .unix_time_url(datetime!(2016-04-13 00:00 UTC))
                .send()
        },
        "/paths/int/1460505600/1460505600",
    )
    .await;
}

#[tokio::test]
async fn url_paths_long_positive() {
    sends(
        |client| client.paths().get_ten_billion().send(),
        "/paths/long/10000000000/10000000000",
    )
    .await;
}

#[tokio::test]
async fn url_paths_long_negative() {
    sends(
        |client| client.paths().get_negative_ten_billion().send(),
        "/paths/long/-10000000000/-10000000000",
    )
    .await;
}

#[tokio::test]
async fn url_paths_float_positive() {
    sends(
        |client| client.paths().float_scientific_positive().send(),
        "/paths/float/1.034E+20/1.034e%2B20",
    )
    .await;
}

#[tokio::test]
async fn url_paths_float_negative() {
    sends(
        |client| client.paths().float_scientific_negative().send(),
        "/paths/float/-1.034E-20/-1.034e-20",
    )
    .await;
}

#[tokio::test]
async fn url_paths_double_positive() {
    sends(
        |client| client.paths().double_decimal_positive().send(),
        "/paths/double/9999999.999/9999999.999",
    )
    .await;
}

#[tokio::test]
async fn url_paths_double_negative() {
    sends(
        |client| client.paths().double_decimal_negative().send(),
        "/paths/double/-9999999.999/-9999999.999",
    )
    .await;
}

#[tokio::test]
async fn url_paths_string_unicode() {
    sends(
        |client| client.paths().string_unicode().send(),
        "/paths/string/unicode/%E5%95%8A%E9%BD%84%E4%B8%82%E7%8B%9B%E7%8B%9C%EF%A7%B1%EF%A4%AC%EF%A7%B1%EF%A8%8C%EF%A8%A9",
    )
    .await;
}

#[tokio::test]
async fn url_paths_string_url_encoded() {
    sends(
        |client| client.paths().string_url_encoded().send(),
        "/paths/string/begin%21%2A%27%28%29%3B%3A%40%20%26%3D%2B%24%2C%2F%3F%23%5B%5Dend/begin%21%2A%27%28%29%3B%3A%40%20%26%3D%2B%24%2C%2F%3F%23%5B%5Dend",
    )
    .await;
}

#[tokio::test]
async fn url_paths_string_url_non_encoded() {
    sends(
        |client| client.paths().string_url_non_encoded().send(),
        "/paths/string/begin!*'();:@&=+$,end/begin!*'();:@&=+$,end",
    )
    .await;
}

#[tokio::test]
async fn url_paths_string_empty() {
    sends(
        |client| client.paths().string_empty().send(),
        "/paths/string/empty/",
    )
    .await;
}

#[tokio::test]
async fn url_paths_string_base64_url() {
    sends(
        |client| client.paths().base64_url("lorem").send(),
        "/paths/string/bG9yZW0/bG9yZW0",
    )
    .await;
}

#[tokio::test]
async fn url_paths_byte_multi_byte() {
    sends(
        |client| client.paths().byte_multi_byte(MULTI_BYTE).send(),
        "/paths/byte/multibyte/5ZWK6b2E5LiC54ub54uc76ex76Ss76ex76iM76ip",
    )
    .await;
}

#[tokio::test]
async fn url_paths_byte_empty() {
    sends(
        |client| client.paths().byte_empty().send(),
        "/paths/byte/empty/",
    )
    .await;
}

#[tokio::test]
async fn url_paths_date_valid() {
    sends(
        |client| client.paths().date_valid().send(),
        "/paths/date/2012-01-01/2012-01-01",
    )
    .await;
}

#[tokio::test]
async fn url_paths_date_time_valid() {
    sends(
        |client| client.paths().date_time_valid().send(),
        "/paths/datetime/2012-01-01T01%3A01%3A01Z/2012-01-01T01%3A01%3A01Z",
    )
    .await;
}

#[tokio::test]
async fn url_paths_enum_valid() {
    sends(
        |client| client.paths().enum_valid(UriColor::GreenColor).send(),
        "/paths/enum/green%20color/green%20color",
    )
    .await;
}

#[tokio::test]
async fn url_paths_array_csv_in_path() {
    sends(
        |client| client.paths().array_csv_in_path(ITEMS).send(),
        "/paths/array/ArrayPath1%2cbegin%21%2A%27%28%29%3B%3A%40%20%26%3D%2B%24%2C%2F%3F%23%5B%5Dend%2c%2c/ArrayPath1,begin%21%2A%27%28%29%3B%3A%40%20%26%3D%2B%24%2C%2F%3F%23%5B%5Dend,,",
    )
    .await;
}

// A path cannot go without its values, and the first three of these are refused for being empty. The type of the last two
// has no empty value, so what is left to see is that the server breaks down over any other.

#[tokio::test]
async fn null_text_in_a_path_is_refused() {
    let session = Session::new();
    let call = client(&session).paths().string_null("");
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("stringPath"), "{error}");
    assert_eq!(session.count(), 0);
}

#[tokio::test]
async fn null_enum_in_a_path_is_refused() {
    let session = Session::new();
    let call = client(&session).paths().enum_null("");
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("enumPath"), "{error}");
    assert_eq!(session.count(), 0);
}

#[tokio::test]
async fn null_bytes_in_a_path_are_refused() {
    let session = Session::new();
    let call = client(&session).paths().byte_null([]);
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("bytePath"), "{error}");
    assert_eq!(session.count(), 0);
}

#[tokio::test]
async fn null_date_in_a_path_cannot_be_said() {
    let session = Session::new();
    let call = client(&session).paths().date_null(date!(2012 - 01 - 01));
    let error = call.await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    assert_eq!(error.kind(), ErrorKind::Service);
    // The first try, and the retries of a GET.
    assert_eq!(session.count(), 4);
}

#[tokio::test]
async fn null_date_time_in_a_path_cannot_be_said() {
    let session = Session::new();
    let call = client(&session)
        .paths()
        .date_time_null(datetime!(2012-01-01 01:01:01 UTC));
    let error = call.await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    assert_eq!(error.kind(), ErrorKind::Service);
    // The first try, and the retries of a GET.
    assert_eq!(session.count(), 4);
}
