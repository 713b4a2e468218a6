//! Scenarios of `non-string-enum.json`.

use non_string_enum::NonStringEnumClient;
use non_string_enum::models::{FloatEnum, IntEnum};
use testserver::Session;

fn client(session: &Session) -> NonStringEnumClient {
    NonStringEnumClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

#[tokio::test]
async fn non_string_enums_post_int() {
    let session = Session::new();
    let call = client(&session).int().put().body(&IntEnum::Value200);
    assert_eq!(call.await.unwrap(), "Nice job posting an int enum");
    let [exchange] = &session.exchanges()[..] else {
        panic!("not one request");
    };
    assert_eq!(exchange.body.as_deref(), Some(&b"200"[..]));
}

#[tokio::test]
async fn non_string_enums_get_int() {
    let session = Session::new();
    let answer = client(&session).int().get().await.unwrap();
    assert_eq!(answer, IntEnum::Value429);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn non_string_enums_post_float() {
    let session = Session::new();
    let call = client(&session)
        .float()
        .put()
        .body(&FloatEnum::Value200Point4);
    assert_eq!(call.await.unwrap(), "Nice job posting a float enum");
    let [exchange] = &session.exchanges()[..] else {
        panic!("not one request");
    };
    assert_eq!(exchange.body.as_deref(), Some(&b"200.4"[..]));
}

#[tokio::test]
async fn non_string_enums_get_float() {
    let session = Session::new();
    let answer = client(&session).float().get().await.unwrap();
    assert_eq!(answer, FloatEnum::Value429Point1);
    assert_eq!(session.count(), 1);
}
