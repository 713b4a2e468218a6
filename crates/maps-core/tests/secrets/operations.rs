//! Status monitors that repeat the secret in every field.

use maps_core::service::{LongRunning, ResultSource};
use maps_core::{PollingOptions, RetryOptions};

use crate::canary::json_echoes;
use crate::evidence::Evidence;
use crate::http::{POST, Reply, Server, reply};
use crate::links::{operation, watch};
use crate::recorder;
use crate::setting::{Way, options, ways};

static MONITOR: LongRunning = operation(ResultSource::Monitor);
static PART: LongRunning = operation(ResultSource::Property("/result"));

fn monitor(way: Way, status: &str, echo: &str) -> Reply {
    let headers = [
        ("x-ms-request-id", way.secret),
        ("retry-after", way.secret),
        ("x-ms-error-code", way.secret),
    ];
    let body = format!(
        r#"{{"id":"{echo}","status":"{status}","lastActionAt":"{echo}","warning":"{echo}",
        "error":{{"code":"{echo}","message":"{echo}","innererror":{{"code":"{echo}"}}}}}}"#
    );
    reply(200, &headers, body)
}

#[tokio::test]
async fn monitors_show_no_secret() {
    let mut evidence = Evidence::default();
    for way in ways() {
        for echo in json_echoes(way.secret).into_iter().step_by(2) {
            for (last, result) in [
                ("Failed", &MONITOR),
                ("Succeeded", &PART),
                (&echo, &MONITOR),
            ] {
                let submit = reply(
                    202,
                    &[
                        ("operation-location", &format!("/operations/{}", way.secret)),
                        ("operation-id", way.secret),
                        ("x-ms-request-id", way.secret),
                    ],
                    "",
                );
                let server = Server::script(vec![
                    submit,
                    monitor(way, "Running", &echo),
                    monitor(way, &echo, &echo),
                    reply(500, &[("x-ms-request-id", way.secret)], way.secret),
                    reply(200, &[], format!("{{\"status\":{{\"{echo}\":1}}}}")),
                    reply(200, &[], format!("{{\"status\":\"{echo}")),
                    monitor(way, last, &echo),
                ])
                .await;
                let options = options()
                    .retry(RetryOptions::none())
                    .polling(PollingOptions::new().timeout(std::time::Duration::from_secs(60)));
                let pipeline = way.pipeline_with(&server, options);
                let begun = pipeline.begin(pipeline.request(&POST), result).await;
                watch(&mut evidence, way.name, begun).await;
            }
        }
    }
    evidence.assert_clean();
    let polled = recorder::lines_with(&["maps_core::poller", "operation.status"]);
    assert!(polled > 0, "the poller's events are recorded");
}
