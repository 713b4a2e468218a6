//! Operations whose parameters are in the query.

use url::models::UriColor;

use super::{MULTI_BYTE, sends};

const ITEMS: [&str; 4] = ["ArrayQuery1", "begin!*'();:@ &=+$,/?#[]end", "", ""];
const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn url_queries_bool_true() {
    sends(
        |client| client.queries().get_boolean_true().send(),
        "/queries/bool/true?boolQuery=true",
    )
    .await;
}

#[tokio::test]
async fn url_queries_bool_false() {
    sends(
        |client| client.queries().get_boolean_false().send(),
        "/queries/bool/false?boolQuery=false",
    )
    .await;
}

#[tokio::test]
async fn url_queries_bool_null() {
    sends(
        |client| client.queries().get_boolean_null().send(),
        "/queries/bool/null",
    )
    .await;
}

#[tokio::test]
async fn url_queries_int_positive() {
    sends(
        |client| client.queries().get_int_one_million().send(),
        "/queries/int/1000000?intQuery=1000000",
    )
    .await;
}

#[tokio::test]
async fn url_queries_int_negative() {
    sends(
        |client| client.queries().get_int_negative_one_million().send(),
        "/queries/int/-1000000?intQuery=-1000000",
    )
    .await;
}

#[tokio::test]
async fn url_queries_int_null() {
    sends(
        |client| client.queries().get_int_null().send(),
        "/queries/int/null",
    )
    .await;
}

#[tokio::test]
async fn url_queries_long_positive() {
    sends(
        |client| client.queries().get_ten_billion().send(),
        "/queries/long/10000000000?longQuery=10000000000",
    )
    .await;
}

#[tokio::test]
async fn url_queries_long_negative() {
    sends(
        |client| client.queries().get_negative_ten_billion().send(),
        "/queries/long/-10000000000?longQuery=-10000000000",
    )
    .await;
}

#[tokio::test]
async fn url_queries_long_null() {
    sends(
        |client| client.queries().get_long_null().send(),
        "/queries/long/null",
    )
    .await;
}

#[tokio::test]
async fn url_queries_float_positive() {
    sends(
        |client| client.queries().float_scientific_positive().send(),
        "/queries/float/1.034E+20?floatQuery=1.034e%2B20",
    )
    .await;
}

#[tokio::test]
async fn url_queries_float_negative() {
    sends(
        |client| client.queries().float_scientific_negative().send(),
        "/queries/float/-1.034E-20?floatQuery=-1.034e-20",
    )
    .await;
}

#[tokio::test]
async fn url_queries_float_null() {
    sends(
        |client| client.queries().float_null().send(),
        "/queries/float/null",
    )
    .await;
}

#[tokio::test]
async fn url_queries_double_positive() {
    sends(
        |client| client.queries().double_decimal_positive().send(),
        "/queries/double/9999999.999?doubleQuery=9999999.999",
    )
    .await;
}

#[tokio::test]
async fn url_queries_double_negative() {
    sends(
        |client| client.queries().double_decimal_negative().send(),
        "/queries/double/-9999999.999?doubleQuery=-9999999.999",
    )
    .await;
}

#[tokio::test]
async fn url_queries_double_null() {
    sends(
        |client| client.queries().double_null().send(),
        "/queries/double/null",
    )
    .await;
}

#[tokio::test]
async fn url_queries_string_unicode() {
    sends(
        |client| client.queries().string_unicode().send(),
        "/queries/string/unicode/?stringQuery=%E5%95%8A%E9%BD%84%E4%B8%82%E7%8B%9B%E7%8B%9C%EF%A7%B1%EF%A4%AC%EF%A7%B1%EF%A8%8C%EF%A8%A9",
    )
    .await;
}

#[tokio::test]
async fn url_queries_string_url_encoded() {
    sends(
        |client| client.queries().string_url_encoded().send(),
        "/queries/string/begin%21%2A%27%28%29%3B%3A%40%20%26%3D%2B%24%2C%2F%3F%23%5B%5Dend?stringQuery=begin%21%2A%27%28%29%3B%3A%40%20%26%3D%2B%24%2C%2F%3F%23%5B%5Dend",
    )
    .await;
}

#[tokio::test]
async fn url_queries_string_empty() {
    sends(
        |client| client.queries().string_empty().send(),
        "/queries/string/empty?stringQuery=",
    )
    .await;
}

#[tokio::test]
async fn url_queries_string_null() {
    sends(
        |client| client.queries().string_null().send(),
        "/queries/string/null",
    )
    .await;
}

#[tokio::test]
async fn url_queries_enum_valid() {
    sends(
        |client| {
            client
                .queries()
                .enum_valid()
                .enum_query(UriColor::GreenColor)
                .send()
        },
        "/queries/enum/green%20color?enumQuery=green%20color",
    )
    .await;
}

#[tokio::test]
async fn url_queries_enum_null() {
    sends(
        |client| client.queries().enum_null().send(),
        "/queries/enum/null",
    )
    .await;
}

#[tokio::test]
async fn url_queries_byte_multi_byte() {
    sends(
        |client| {
            client
                .queries()
                .byte_multi_byte()
                .byte_query(MULTI_BYTE)
                .send()
        },
        "/queries/byte/multibyte?byteQuery=5ZWK6b2E5LiC54ub54uc76ex76Ss76ex76iM76ip",
    )
    .await;
}

#[tokio::test]
async fn url_queries_byte_empty() {
    sends(
        |client| client.queries().byte_empty().send(),
        "/queries/byte/empty?byteQuery=",
    )
    .await;
}

#[tokio::test]
async fn url_queries_byte_null() {
    sends(
        |client| client.queries().byte_null().send(),
        "/queries/byte/null",
    )
    .await;
}

#[tokio::test]
async fn url_queries_date_valid() {
    sends(
        |client| client.queries().date_valid().send(),
        "/queries/date/2012-01-01?dateQuery=2012-01-01",
    )
    .await;
}

#[tokio::test]
async fn url_queries_date_null() {
    sends(
        |client| client.queries().date_null().send(),
        "/queries/date/null",
    )
    .await;
}

#[tokio::test]
async fn url_queries_date_time_valid() {
    sends(
        |client| client.queries().date_time_valid().send(),
        "/queries/datetime/2012-01-01T01%3A01%3A01Z?dateTimeQuery=2012-01-01T01%3A01%3A01Z",
    )
    .await;
}

#[tokio::test]
async fn url_queries_date_time_null() {
    sends(
        |client| client.queries().date_time_null().send(),
        "/queries/datetime/null",
    )
    .await;
}

#[tokio::test]
async fn url_queries_array_csv_valid() {
    sends(
        |client| client.queries().array_string_csv_valid().array_query(ITEMS).send(),
        "/queries/array/csv/string/valid?arrayQuery=ArrayQuery1,begin%21%2A%27%28%29%3B%3A%40%20%26%3D%2B%24%2C%2F%3F%23%5B%5Dend,,",
    )
    .await;
}

#[tokio::test]
async fn url_queries_array_csv_null() {
    sends(
        |client| client.queries().array_string_csv_null().send(),
        "/queries/array/csv/string/null",
    )
    .await;
}

#[tokio::test]
async fn url_queries_array_csv_empty() {
    sends(
        |client| {
            client
                .queries()
                .array_string_csv_empty()
                .array_query(NOTHING)
                .send()
        },
        "/queries/array/csv/string/empty?arrayQuery=",
    )
    .await;
}

#[tokio::test]
async fn url_queries_array_no_collection_format_valid() {
    sends(
        |client| {
            client
                .queries()
                .array_string_no_collection_format_empty()
                .array_query(["hello", "nihao", "bonjour"])
                .send()
        },
        "/queries/array/none/string/empty?arrayQuery=hello,nihao,bonjour",
    )
    .await;
}

#[tokio::test]
async fn url_queries_array_ssv_valid() {
    sends(
        |client| client.queries().array_string_ssv_valid().array_query(ITEMS).send(),
        "/queries/array/ssv/string/valid?arrayQuery=ArrayQuery1%20begin%21%2A%27%28%29%3B%3A%40+%26%3D%2B%24%2C%2F%3F%23%5B%5Dend%20%20",
    )
    .await;
}

#[tokio::test]
async fn url_queries_array_tsv_valid() {
    sends(
        |client| client.queries().array_string_tsv_valid().array_query(ITEMS).send(),
        "/queries/array/tsv/string/valid?arrayQuery=ArrayQuery1%09begin%21%2A%27%28%29%3B%3A%40%20%26%3D%2B%24%2C%2F%3F%23%5B%5Dend%09%09",
    )
    .await;
}

#[tokio::test]
async fn url_queries_array_pipes_valid() {
    sends(
        |client| client.queries().array_string_pipes_valid().array_query(ITEMS).send(),
        "/queries/array/pipes/string/valid?arrayQuery=ArrayQuery1%7Cbegin%21%2A%27%28%29%3B%3A%40%20%26%3D%2B%24%2C%2F%3F%23%5B%5Dend%7C%7C",
    )
    .await;
}
