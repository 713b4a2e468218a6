//! Scenarios of the public test server, one module for each document and one test for each coverage key.
#![cfg(test)]

use std::fmt::Debug;

use maps_core::{Error, ErrorKind, Result, StatusCode};
use testserver::Session;

/// Makes `client`, which gives a client of the document in a session.
macro_rules! client {
    ($client:ty) => {
        fn client(session: &testserver::Session) -> $client {
            <$client>::builder()
                .endpoint(testserver::endpoint())
                .options(session.options())
                .build()
                .unwrap()
        }
    };
}

/// Makes scenarios of one exchange that gives a value: `key: call => the value;`.
macro_rules! gives {
    ($($key:ident: $($call:ident($($argument:expr),*)).+ => $value:expr;)*) => {$(
        #[tokio::test]
        async fn $key() {
            let session = testserver::Session::new();
            let answer = client(&session).$($call($($argument),*)).+.await;
            crate::assert_value(answer, $value, &session);
        }
    )*};
}

/// Makes scenarios of one exchange whose answer does not fit its definition: `key: call => path of the value, why;`.
macro_rules! misfits {
    ($($key:ident: $($call:ident()).+ => $path:expr, $why:expr;)*) => {$(
        #[tokio::test]
        async fn $key() {
            let session = testserver::Session::new();
            let answer = client(&session).$($call()).+.await;
            crate::assert_misfit(answer.unwrap_err(), $path, $why, &session);
        }
    )*};
}

mod body_array;
mod body_binary;
mod body_boolean;
mod body_boolean_quirks;
mod body_byte;
mod body_complex;
mod body_date;
mod body_datetime;
mod body_datetime_rfc1123;
mod body_dictionary;
mod body_duration;
mod body_file;
mod body_formdata;
mod body_formdata_urlencoded;
mod body_integer;
mod body_number;
mod body_number_quirks;
mod body_string;
mod body_string_quirks;
mod body_time;
mod xml_service;

/// What the server sends where a value is null: no body at all, although the definition promises one.
const EMPTY: (Option<&str>, &str) = (None, "the body is empty");

fn assert_value<T: Debug + PartialEq>(answer: Result<T>, value: T, session: &Session) {
    assert_eq!(answer.unwrap(), value);
    assert_eq!(session.count(), 1);
}

fn assert_misfit(error: Error, path: Option<&str>, why: &str, session: &Session) {
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert_eq!(error.json_path(), path);
    let message = error.to_string();
    assert!(message.contains(why), "{message}");
    assert_eq!(session.count(), 1);
}
