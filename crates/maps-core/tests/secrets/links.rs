//! Links that the secret is in.

use std::sync::Arc;

use maps_core::service::{LongRunning, ResultSource};
use maps_core::test_kit::VirtualClock;
use maps_core::{Error, ForeignOrigins, Poller, Result};
use serde_json::Value;

use crate::canary::echoes;
use crate::evidence::Evidence;
use crate::http::{GET, POST, PUT, Reply, Server, reply};
use crate::setting::{Way, options, ways};

static LINK: LongRunning = operation(ResultSource::Link("/result/resultUrl"));
static RESOURCE: LongRunning = operation(ResultSource::ResourceLocation);
static LOCATION: LongRunning = operation(ResultSource::Location);
static ORIGINAL: LongRunning = operation(ResultSource::OriginalUri);

pub(crate) const fn operation(result: ResultSource) -> LongRunning {
    LongRunning {
        operation: "Things_Submit",
        status: None,
        succeeded: &[],
        failed: &[],
        result,
    }
}

/// Links of all sorts: good, foreign and broken ones.
fn links(way: Way) -> Vec<String> {
    let mut links = Vec::new();
    // As it is, and as a URL carries it.
    for echo in echoes(way.secret).into_iter().take(2) {
        links.extend([
            format!("/moved/{echo}?api-version={echo}&subscription-key={echo}&sig={echo}#{echo}"),
            format!("/{echo}"),
            format!("?{echo}"),
            format!("https://127.0.0.1:9/{echo}?a={echo}"),
            format!("https://{echo}@127.0.0.1:9/"),
            format!("https://a:{echo}@127.0.0.1:9/"),
            format!("https://{echo}/"),
            format!("https://127.0.0.1:{echo}/"),
            format!("{echo}://127.0.0.1:9/"),
            format!("http://127.0.0.1:9/#{echo}"),
            format!("https://[{echo}]/"),
            format!("/{}{echo}", "long".repeat(3000)),
            echo,
        ]);
    }
    links
}

/// A client with a secret that can be a host.
fn host_safe() -> (&'static str, maps_core::Credential) {
    const SECRET: &str = "kEy-0123-cAnArY-4567";
    (SECRET, maps_core::SubscriptionKey::new(SECRET).into())
}

#[tokio::test]
async fn redirects_show_no_secret() {
    let mut evidence = Evidence::default();
    for way in ways() {
        for foreign in [ForeignOrigins::Refuse, ForeignOrigins::WithoutCredentials] {
            for link in links(way) {
                for status in [302, 307] {
                    let server = Server::always(reply(status, &[("location", &link)], "")).await;
                    let options = options().foreign_origins(foreign);
                    let options = options.retry(maps_core::RetryOptions::none());
                    let pipeline = way.pipeline_with(&server, options);
                    for operation in [&GET, &PUT] {
                        match pipeline.send(pipeline.request(operation)).await {
                            Ok(answer) => evidence.debug(way.name, &answer),
                            Err(error) => evidence.error(way.name, &error),
                        }
                    }
                }
            }
        }
    }
    evidence.assert_clean();
}

/// What a service does with a link.
#[derive(Clone, Copy, Debug)]
enum Place {
    Submit(&'static str),
    Moved,
    Result(&'static LongRunning),
}

fn answers(place: Place, link: &str) -> Vec<Reply> {
    let found = reply(
        202,
        &[("operation-location", "/operations/1?api-version=1")],
        "",
    );
    let json = serde_json::to_string(link).unwrap();
    let done = format!(r#"{{"status":"Succeeded","result":{{"resultUrl":{json}}}}}"#);
    let running = r#"{"status":"Running"}"#;
    match place {
        Place::Submit(header) => {
            vec![
                reply(202, &[(header, link)], ""),
                reply(200, &[], r#"{"status":"Failed"}"#),
            ]
        }
        Place::Moved => {
            let moved = reply(200, &[("operation-location", link)], running);
            vec![found, moved, reply(200, &[], r#"{"status":"Succeeded"}"#)]
        }
        Place::Result(_) => {
            let headers = [("resource-location", link), ("location", link)];
            vec![found, reply(200, &headers, done), reply(404, &[], "")]
        }
    }
}

#[tokio::test]
async fn links_of_operations_show_no_secret() {
    let mut evidence = Evidence::default();
    for way in ways() {
        for link in links(way) {
            for place in [
                Place::Submit("operation-location"),
                Place::Submit("azure-asyncoperation"),
                Place::Submit("location"),
                Place::Moved,
                Place::Result(&LINK),
                Place::Result(&RESOURCE),
                Place::Result(&LOCATION),
            ] {
                let server = Server::script(answers(place, &link)).await;
                let pipeline =
                    way.pipeline_with(&server, options().retry(maps_core::RetryOptions::none()));
                let operation = match place {
                    Place::Result(operation) => operation,
                    Place::Submit(_) | Place::Moved => &LINK,
                };
                let mut request = pipeline.request(&POST);
                request.operation_id("operation-id", None, None);
                let begun = pipeline.begin(request, operation).await;
                watch(&mut evidence, way.name, begun).await;
            }
        }
    }
    evidence.assert_clean();
}

/// Looks at an operation from all sides, up to its end.
pub(crate) async fn watch(
    evidence: &mut Evidence,
    what: &str,
    begun: Result<Poller<Value, Value>, Error>,
) {
    let mut poller = match begun {
        Ok(poller) => poller,
        Err(error) => return evidence.error(what, &error),
    };
    for _ in 0..2 {
        evidence.debug(what, &poller);
        evidence.resume_token(what, &poller.resume_token());
        if let Some(Err(error)) = poller.next().await {
            evidence.error(what, &error);
        }
    }
    if let Err(error) = poller.result().await {
        evidence.error(what, &error);
    }
    evidence.debug(what, &poller);
    evidence.resume_token(what, &poller.resume_token());
}

#[tokio::test]
async fn hosts_show_no_secret() {
    let [way, ..] = ways();
    let (secret, credential) = host_safe();
    let link = format!("https://{secret}.invalid/operations/{secret}");
    let mut evidence = Evidence::default();
    for place in [
        Place::Submit("operation-location"),
        Place::Moved,
        Place::Result(&RESOURCE),
    ] {
        for foreign in [ForeignOrigins::Refuse, ForeignOrigins::WithoutCredentials] {
            let server = Server::script(answers(place, &link)).await;
            let options = options()
                .foreign_origins(foreign)
                .retry(maps_core::RetryOptions::none())
                .clock(Arc::new(VirtualClock::running_ahead()));
            let pipeline = server.pipeline(way.service, Some(credential.clone()), options);
            let begun = pipeline.begin(pipeline.request(&POST), &RESOURCE).await;
            watch(&mut evidence, "host", begun).await;
        }
    }
    evidence.assert_clean();
}

#[tokio::test]
async fn the_original_of_a_resource_shows_no_secret() {
    let mut evidence = Evidence::default();
    for way in ways() {
        let server = Server::script(vec![
            reply(
                202,
                &[("operation-location", &format!("/o/{}", way.secret))],
                "",
            ),
            reply(200, &[], r#"{"status":"Succeeded"}"#),
            reply(500, &[], way.secret),
        ])
        .await;
        let pipeline = way.pipeline(&server);
        let begun = pipeline.begin(pipeline.request(&PUT), &ORIGINAL).await;
        watch(&mut evidence, way.name, begun).await;
    }
    evidence.assert_clean();
}
