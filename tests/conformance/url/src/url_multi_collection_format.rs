//! Scenarios of `url-multi-collectionFormat.json`.

use std::future::Future;

use maps_core::{Response, Result};
use testserver::Session;
use url_multi_collection_format::UrlMultiCollectionFormatClient;

/// Makes a call that the server takes, and checks where it went.
async fn sends<F>(call: impl FnOnce(UrlMultiCollectionFormatClient) -> F, target: &str)
where
    F: Future<Output = Result<Response<()>>>,
{
    let session = Session::new();
    let client = UrlMultiCollectionFormatClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap();
    assert_eq!(call(client).await.unwrap().status(), 200);
    assert_eq!(session.targets(), [target]);
}

#[tokio::test]
async fn url_queries_array_multi_null() {
    sends(
        |client| client.array_string_multi_null().send(),
        "/queries/array/multi/string/null",
    )
    .await;
}

#[tokio::test]
async fn url_queries_array_multi_empty() {
    const NOTHING: [&str; 0] = [];
    sends(
        |client| {
            client
                .array_string_multi_empty()
                .array_query(NOTHING)
                .send()
        },
        "/queries/array/multi/string/empty",
    )
    .await;
}

#[tokio::test]
async fn url_queries_array_multi_valid() {
    let items = ["ArrayQuery1", "begin!*'();:@ &=+$,/?#[]end", "", ""];
    sends(
        |client| client.array_string_multi_valid().array_query(items).send(),
        "/queries/array/multi/string/valid?arrayQuery=ArrayQuery1\
         &arrayQuery=begin%21%2A%27%28%29%3B%3A%40%20%26%3D%2B%24%2C%2F%3F%23%5B%5Dend&arrayQuery=&arrayQuery=",
    )
    .await;
}
