//! Scenarios of `apiVersionDefault` and `apiVersionLocal` of `azure-special-properties.json`.

use testserver::Session;

use super::{builder, client};

/// The only request.
fn assert_sent(session: &Session, path: &str) {
    assert_eq!(
        session.trail(),
        [format!("GET /azurespecials/apiVersion/{path} 200")]
    );
}

#[tokio::test]
async fn azure_api_version_method_global_valid() {
    let session = Session::new();
    let client = client(&session).api_version_default();
    client.get_method_global_valid().await.unwrap();
    assert_sent(
        &session,
        "method/string/none/query/global/2015-07-01-preview?api-version=2015-07-01-preview",
    );
}

#[tokio::test]
async fn azure_api_version_method_global_not_provided_valid() {
    let session = Session::new();
    let client = client(&session).api_version_default();
    client.get_method_global_not_provided_valid().await.unwrap();
    assert_sent(
        &session,
        "method/string/none/query/globalNotProvided/2015-07-01-preview?api-version=2015-07-01-preview",
    );
}

#[tokio::test]
async fn azure_api_version_path_global_valid() {
    let session = Session::new();
    let client = client(&session).api_version_default();
    client.get_path_global_valid().await.unwrap();
    assert_sent(
        &session,
        "path/string/none/query/global/2015-07-01-preview?api-version=2015-07-01-preview",
    );
}

#[tokio::test]
async fn azure_api_version_swagger_global_valid() {
    let session = Session::new();
    let client = client(&session).api_version_default();
    client.get_swagger_global_valid().await.unwrap();
    assert_sent(
        &session,
        "swagger/string/none/query/global/2015-07-01-preview?api-version=2015-07-01-preview",
    );
}

#[tokio::test]
async fn azure_api_version_method_local_valid() {
    let session = Session::new();
    let client = client(&session).api_version_local();
    client.get_method_local_valid().await.unwrap();
    assert_sent(
        &session,
        "method/string/none/query/local/2.0?api-version=2.0",
    );
}

#[tokio::test]
async fn azure_api_version_method_local_null() {
    let session = Session::new();
    let client = client(&session).api_version_local();
    client.get_method_local_null().await.unwrap();
    assert_sent(&session, "method/string/none/query/local/null");
}

#[tokio::test]
async fn a_version_of_one_operation_can_be_given() {
    let session = Session::new();
    let client = client(&session).api_version_local();
    let request = client.get_method_local_null().api_version("null");
    request.await.unwrap();
    assert_sent(
        &session,
        "method/string/none/query/local/null?api-version=null",
    );
}

#[tokio::test]
async fn azure_api_version_path_local_valid() {
    let session = Session::new();
    let client = client(&session).api_version_local();
    client.get_path_local_valid().await.unwrap();
    assert_sent(&session, "path/string/none/query/local/2.0?api-version=2.0");
}

/// What the client calls its version does not count where an operation has its own.
#[tokio::test]
async fn azure_api_version_swagger_local_valid() {
    let session = Session::new();
    let client = builder(&session).api_version("3.0").build().unwrap();
    let client = client.api_version_local();
    client.get_swagger_local_valid().await.unwrap();
    assert_sent(
        &session,
        "swagger/string/none/query/local/2.0?api-version=2.0",
    );
}
