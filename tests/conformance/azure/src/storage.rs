//! Scenarios of `storage.json`, of whose paths the server has none.

use std::fmt::Debug;

use futures_util::StreamExt;
use maps_core::{ErrorKind, Result};
use storage::StorageClient;
use storage::models::{
    AccountType, KeyName, StorageAccountCheckNameAvailabilityParameters,
    StorageAccountCreateParameters, StorageAccountRegenerateKeyParameters,
    StorageAccountUpdateParameters,
};
use testserver::Session;

fn client(session: &Session) -> StorageClient {
    StorageClient::builder()
        .endpoint(testserver::endpoint())
        .subscription_id("subscription")
        .options(session.options())
        .build()
        .unwrap()
}

const OF_GROUP: &str = "resourceGroups/group/providers/Microsoft.Storage/storageAccounts";

/// The only request, and that the server does not know its path.
fn assert_unknown<T: Debug>(session: &Session, answer: Result<T>, method: &str, path: &str) {
    let error = answer.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 404);
    let path = format!("/subscriptions/subscription/{path}?api-version=2015-05-01-preview");
    assert_eq!(session.trail(), [format!("{method} {path} 404")]);
}

#[tokio::test]
async fn check_name_availability() {
    let session = Session::new();
    let name = StorageAccountCheckNameAvailabilityParameters::new("account");
    let accounts = client(&session).storage_accounts();
    let answer = accounts.check_name_availability(&name).await;
    let path = "providers/Microsoft.Storage/checkNameAvailability";
    assert_unknown(&session, answer, "POST", path);
}

#[tokio::test]
async fn create() {
    let session = Session::new();
    let account =
        StorageAccountCreateParameters::new("West US").with_account_type(AccountType::StandardLrs);
    let accounts = client(&session).storage_accounts();
    let begun = accounts.begin_create("group", "account", &account).await;
    let begun = begun.map(|poller| poller.id().to_owned());
    assert_unknown(&session, begun, "PUT", &format!("{OF_GROUP}/account"));
}

#[tokio::test]
async fn delete() {
    let session = Session::new();
    let accounts = client(&session).storage_accounts();
    let answer = accounts.delete("group", "account").await;
    assert_unknown(&session, answer, "DELETE", &format!("{OF_GROUP}/account"));
}

#[tokio::test]
async fn get_properties() {
    let session = Session::new();
    let accounts = client(&session).storage_accounts();
    let answer = accounts.get_properties("group", "account").await;
    assert_unknown(&session, answer, "GET", &format!("{OF_GROUP}/account"));
}

#[tokio::test]
async fn update() {
    let session = Session::new();
    let account = StorageAccountUpdateParameters::new("West US");
    let accounts = client(&session).storage_accounts();
    let answer = accounts.update("group", "account", &account).await;
    assert_unknown(&session, answer, "PATCH", &format!("{OF_GROUP}/account"));
}

#[tokio::test]
async fn list_keys() {
    let session = Session::new();
    let accounts = client(&session).storage_accounts();
    let answer = accounts.list_keys("group", "account").await;
    let path = format!("{OF_GROUP}/account/listKeys");
    assert_unknown(&session, answer, "POST", &path);
}

#[tokio::test]
async fn list() {
    let session = Session::new();
    let mut accounts = client(&session).storage_accounts().list();
    let answer = accounts.next().await.unwrap();
    let path = "providers/Microsoft.Storage/storageAccounts";
    assert_unknown(&session, answer, "GET", path);
    assert!(accounts.next().await.is_none());
}

#[tokio::test]
async fn list_by_resource_group() {
    let session = Session::new();
    let accounts = client(&session).storage_accounts();
    let mut answers: Vec<_> = accounts.list_by_resource_group("group").collect().await;
    assert_eq!(answers.len(), 1);
    assert_unknown(&session, answers.remove(0), "GET", OF_GROUP);
}

#[tokio::test]
async fn regenerate_key() {
    let session = Session::new();
    let key = StorageAccountRegenerateKeyParameters::new().with_key_name(KeyName::Key1);
    let accounts = client(&session).storage_accounts();
    let answer = accounts.regenerate_key("group", "account", &key).await;
    let path = format!("{OF_GROUP}/account/regenerateKey");
    assert_unknown(&session, answer, "POST", &path);
}

#[tokio::test]
async fn usage() {
    let session = Session::new();
    let answer = client(&session).usage().list().await;
    let path = "providers/Microsoft.Storage/usages";
    assert_unknown(&session, answer, "GET", path);
}

#[tokio::test]
async fn names_that_break_out_of_a_path_are_encoded() {
    let session = Session::new();
    let accounts = client(&session).storage_accounts();
    let answer = accounts.delete("group", "../other?x").await;
    let path = format!("{OF_GROUP}/..%2Fother%3Fx");
    assert_unknown(&session, answer, "DELETE", &path);
}
