//! Scenarios of `required-optional.json`.
//!
//! What a client must not send without its value: the type of the arguments of `/reqopt/requied/` (sic) has no value
//! for "none", so that a call without them does not compile. What is left to see there is that a call with a value is
//! sent, to an address that the server does not know. An empty path value, and a client without the values that
//! all of its requests may need, are refused.

use std::future::Future;

use maps_core::{ErrorKind, Response, Result};
use required_optional::RequiredOptionalClient;
use required_optional::models::{
    ArrayOptionalWrapper, ArrayWrapper, ClassOptionalWrapper, ClassWrapper, IntOptionalWrapper,
    IntWrapper, Product, StringOptionalWrapper, StringWrapper,
};
use testserver::Session;

fn client(session: &Session) -> RequiredOptionalClient {
    RequiredOptionalClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .required_global_path("path")
        .required_global_query("query")
        .build()
        .unwrap()
}

/// Makes a call that the server takes, and checks what went out.
async fn sends<F>(call: impl FnOnce(RequiredOptionalClient) -> F, line: &str, body: Option<&str>)
where
    F: Future<Output = Result<Response<()>>>,
{
    let session = Session::new();
    let response = call(client(&session)).await.unwrap();
    assert_eq!(response.status(), 200);
    let [exchange] = &session.exchanges()[..] else {
        panic!("not one request");
    };
    assert_eq!(exchange.line(), line);
    assert_eq!(exchange.body.as_deref(), body.map(str::as_bytes));
    assert_eq!(
        exchange.headers.contains_key("content-type"),
        body.is_some()
    );
    for header in ["headerParameter", "queryParameter", "bodyParameter"] {
        assert!(!exchange.headers.contains_key(header), "{header}");
    }
}

/// Makes a call with the value that it cannot go without: the server does not know the address, and what went out is
/// known.
async fn is_sent_in_vain<F>(
    call: impl FnOnce(RequiredOptionalClient) -> F,
    line: &str,
    body: Option<&str>,
    header: Option<&str>,
) where
    F: Future<Output = Result<Response<()>>>,
{
    let session = Session::new();
    let error = call(client(&session)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    let [exchange] = &session.exchanges()[..] else {
        panic!("not one request");
    };
    assert_eq!(exchange.line(), line);
    assert_eq!(exchange.body.as_deref(), body.map(str::as_bytes));
    let sent = exchange.headers.get("headerParameter");
    assert_eq!(sent.map(|value| value.to_str().unwrap()), header);
}

#[tokio::test]
async fn implicit_optional_binary_body() {
    sends(
        |client| client.implicit().optional_binary_body().send(),
        "PUT /reqopt/implicit/optional/binary-body",
        None,
    )
    .await;
}

#[tokio::test]
async fn optional_implicit_body() {
    sends(
        |client| client.implicit().optional_body().send(),
        "PUT /reqopt/implicit/optional/body",
        None,
    )
    .await;
}

#[tokio::test]
async fn optional_implicit_header() {
    sends(
        |client| client.implicit().optional_header().send(),
        "PUT /reqopt/implicit/optional/header",
        None,
    )
    .await;
}

#[tokio::test]
async fn optional_implicit_query() {
    sends(
        |client| client.implicit().optional_query().send(),
        "PUT /reqopt/implicit/optional/query",
        None,
    )
    .await;
}

#[tokio::test]
async fn optional_global_query() {
    sends(
        |client| client.implicit().get_optional_global_query().send(),
        "GET /reqopt/global/optional/query",
        None,
    )
    .await;
}

#[tokio::test]
async fn explicit_optional_binary_body() {
    sends(
        |client| client.explicit().optional_binary_body().send(),
        "PUT /reqopt/explicit/optional/binary-body",
        None,
    )
    .await;
}

#[tokio::test]
async fn explicit_required_binary_body() {
    sends(
        |client| client.explicit().required_binary_body("content").send(),
        "PUT /reqopt/explicit/required/binary-body",
        Some("content"),
    )
    .await;
}

#[tokio::test]
async fn optional_integer_parameter() {
    sends(
        |client| client.explicit().optional_integer_parameter().send(),
        "POST /reqopt/optional/integer/parameter",
        None,
    )
    .await;
}

#[tokio::test]
async fn optional_integer_property() {
    sends(
        |client| {
            let body = IntOptionalWrapper::new();
            client
                .explicit()
                .optional_integer_property()
                .body(&body)
                .send()
        },
        "POST /reqopt/optional/integer/property",
        Some("{}"),
    )
    .await;
}

#[tokio::test]
async fn optional_integer_header() {
    sends(
        |client| client.explicit().optional_integer_header().send(),
        "POST /reqopt/optional/integer/header",
        None,
    )
    .await;
}

#[tokio::test]
async fn optional_string_parameter() {
    sends(
        |client| client.explicit().optional_string_parameter().send(),
        "POST /reqopt/optional/string/parameter",
        None,
    )
    .await;
}

#[tokio::test]
async fn optional_string_property() {
    sends(
        |client| {
            let body = StringOptionalWrapper::new();
            client
                .explicit()
                .optional_string_property()
                .body(&body)
                .send()
        },
        "POST /reqopt/optional/string/property",
        Some("{}"),
    )
    .await;
}

#[tokio::test]
async fn optional_string_header() {
    sends(
        |client| client.explicit().optional_string_header().send(),
        "POST /reqopt/optional/string/header",
        None,
    )
    .await;
}

#[tokio::test]
async fn optional_class_parameter() {
    sends(
        |client| client.explicit().optional_class_parameter().send(),
        "POST /reqopt/optional/class/parameter",
        None,
    )
    .await;
}

#[tokio::test]
async fn optional_class_property() {
    sends(
        |client| {
            let body = ClassOptionalWrapper::new();
            client
                .explicit()
                .optional_class_property()
                .body(&body)
                .send()
        },
        "POST /reqopt/optional/class/property",
        Some("{}"),
    )
    .await;
}

#[tokio::test]
async fn optional_array_parameter() {
    sends(
        |client| client.explicit().optional_array_parameter().send(),
        "POST /reqopt/optional/array/parameter",
        None,
    )
    .await;
}

#[tokio::test]
async fn optional_array_property() {
    sends(
        |client| {
            let body = ArrayOptionalWrapper::new();
            client
                .explicit()
                .optional_array_property()
                .body(&body)
                .send()
        },
        "POST /reqopt/optional/array/property",
        Some("{}"),
    )
    .await;
}

#[tokio::test]
async fn optional_array_header() {
    sends(
        |client| client.explicit().optional_array_header().send(),
        "POST /reqopt/optional/array/header",
        None,
    )
    .await;
}

// Counted on each of the eleven calls whose address is that of an optional value.
#[tokio::test]
async fn general_optional() {
    sends(
        |client| client.explicit().optional_string_header().send(),
        "POST /reqopt/optional/string/header",
        None,
    )
    .await;
}

#[tokio::test]
async fn path_value_that_is_missing_is_refused() {
    let session = Session::new();
    let call = client(&session).implicit().get_required_path("");
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("pathParameter"), "{error}");
    assert!(!error.may_have_been_sent());
    assert_eq!(session.count(), 0);
}

#[tokio::test]
async fn path_value_of_all_calls_that_is_missing_is_refused() {
    let session = Session::new();
    let error = RequiredOptionalClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .required_global_query("query")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(
        error.to_string().contains("required_global_path"),
        "{error}"
    );
    let call = client(&session).implicit().get_required_global_path();
    let error = call.required_global_path("").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(session.count(), 0);
}

#[tokio::test]
async fn query_value_of_all_calls_that_is_missing_is_refused() {
    let session = Session::new();
    let error = RequiredOptionalClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .required_global_path("path")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(
        error.to_string().contains("required_global_query"),
        "{error}"
    );
    assert_eq!(session.count(), 0);
}

#[tokio::test]
async fn required_values_of_all_calls_go_out() {
    // The server takes it for a fault of the client that these come at all.
    let session = Session::new();
    let implicit = client(&session).implicit();
    let error = implicit.get_required_global_path().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    let error = implicit.get_required_global_query().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    let error = implicit.get_required_path("value").await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert_eq!(
        session.targets(),
        [
            "/reqopt/global/required/path/path",
            "/reqopt/global/required/query?required-global-query=query",
            "/reqopt/implicit/required/path/value",
        ]
    );
}

#[tokio::test]
async fn required_integer_parameter_cannot_be_left_out() {
    is_sent_in_vain(
        |client| client.explicit().required_integer_parameter(7).send(),
        "POST /reqopt/requied/integer/parameter",
        Some("7"),
        None,
    )
    .await;
}

#[tokio::test]
async fn required_integer_property_cannot_be_left_out() {
    is_sent_in_vain(
        |client| {
            let body = IntWrapper::new(7);
            client.explicit().required_integer_property(&body).send()
        },
        "POST /reqopt/requied/integer/property",
        Some(r#"{"value":7}"#),
        None,
    )
    .await;
}

#[tokio::test]
async fn required_integer_header_cannot_be_left_out() {
    is_sent_in_vain(
        |client| client.explicit().required_integer_header(7).send(),
        "POST /reqopt/requied/integer/header",
        None,
        Some("7"),
    )
    .await;
}

#[tokio::test]
async fn required_string_parameter_cannot_be_left_out() {
    is_sent_in_vain(
        |client| client.explicit().required_string_parameter("a").send(),
        "POST /reqopt/requied/string/parameter",
        Some(r#""a""#),
        None,
    )
    .await;
}

#[tokio::test]
async fn required_string_property_cannot_be_left_out() {
    is_sent_in_vain(
        |client| {
            let body = StringWrapper::new("a");
            client.explicit().required_string_property(&body).send()
        },
        "POST /reqopt/requied/string/property",
        Some(r#"{"value":"a"}"#),
        None,
    )
    .await;
}

#[tokio::test]
async fn required_string_header_cannot_be_left_out() {
    is_sent_in_vain(
        |client| client.explicit().required_string_header("a").send(),
        "POST /reqopt/requied/string/header",
        None,
        Some("a"),
    )
    .await;
}

#[tokio::test]
async fn required_class_parameter_cannot_be_left_out() {
    is_sent_in_vain(
        |client| {
            let body = Product::new(7);
            client.explicit().required_class_parameter(&body).send()
        },
        "POST /reqopt/requied/class/parameter",
        Some(r#"{"id":7}"#),
        None,
    )
    .await;
}

#[tokio::test]
async fn required_class_property_cannot_be_left_out() {
    is_sent_in_vain(
        |client| {
            let body = ClassWrapper::new(Product::new(7));
            client.explicit().required_class_property(&body).send()
        },
        "POST /reqopt/requied/class/property",
        Some(r#"{"value":{"id":7}}"#),
        None,
    )
    .await;
}

#[tokio::test]
async fn required_array_parameter_cannot_be_left_out() {
    is_sent_in_vain(
        |client| {
            let body = ["a".to_owned()];
            client.explicit().required_array_parameter(&body).send()
        },
        "POST /reqopt/requied/array/parameter",
        Some(r#"["a"]"#),
        None,
    )
    .await;
}

#[tokio::test]
async fn required_array_property_cannot_be_left_out() {
    is_sent_in_vain(
        |client| {
            let body = ArrayWrapper::new(["a", "b"]);
            client.explicit().required_array_property(&body).send()
        },
        "POST /reqopt/requied/array/property",
        Some(r#"{"value":["a","b"]}"#),
        None,
    )
    .await;
}

#[tokio::test]
async fn required_array_header_cannot_be_left_out() {
    is_sent_in_vain(
        |client| client.explicit().required_array_header(["a", "b"]).send(),
        "POST /reqopt/requied/array/header",
        None,
        Some("a,b"),
    )
    .await;
}
