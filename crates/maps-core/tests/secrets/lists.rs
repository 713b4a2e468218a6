//! Lists whose links the secret is in.

use maps_core::{ContinuationToken, Pager, RetryOptions};
use serde_json::Value;

use crate::canary::echoes;
use crate::evidence::Evidence;
use crate::http::{GET, Server, reply};
use crate::setting::{options, ways};

fn next_link(page: &Value) -> Option<&str> {
    page.get("nextLink")?.as_str()
}

fn items(page: Value) -> Vec<Value> {
    page.get("value")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}

#[tokio::test]
async fn lists_show_no_secret() {
    let mut evidence = Evidence::default();
    for way in ways() {
        for echo in echoes(way.secret).into_iter().take(3) {
            for link in [
                format!("/list/{echo}?$skip={echo}&subscription-key={echo}&sig={echo}&{echo}"),
                format!("https://127.0.0.1:9/{echo}"),
                format!("https://{echo}/"),
            ] {
                let page = serde_json::json!({ "value": [way.secret], "nextLink": link });
                let server = Server::script(vec![
                    reply(200, &[("x-ms-request-id", way.secret)], page.to_string()),
                    reply(404, &[], way.secret),
                ])
                .await;
                let options = options().retry(RetryOptions::none());
                let pipeline = way.pipeline_with(&server, options);
                let first = pipeline.request(&GET);
                let mut pager: Pager<Value, Value> =
                    Pager::new(pipeline.clone(), first, next_link, items);
                evidence.debug(way.name, &pager);
                assert_eq!(pager.next().await.unwrap().unwrap(), way.secret);
                evidence.debug(way.name, &pager);
                if let Some(token) = pager.continuation_token() {
                    evidence.continuation_token(way.name, &token);
                }
                let error = pager.next().await.unwrap().unwrap_err();
                evidence.error(way.name, &error);
                let mut pages = pager.pages();
                evidence.debug(way.name, &pages);
                assert!(pages.next().await.is_none());

                let token = ContinuationToken::from(link);
                let mut pager: Pager<Value, Value> =
                    Pager::new(pipeline.clone(), pipeline.request(&GET), next_link, items);
                if let Err(error) = pager.continue_from(&token) {
                    evidence.error(way.name, &error);
                }
                evidence.debug(way.name, &pager);
            }
        }
    }
    evidence.assert_clean();
}
