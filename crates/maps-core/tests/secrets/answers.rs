//! Answers that repeat the secret, and exchanges that break off.

use std::collections::HashMap;

use maps_core::{ClientOptions, Limits, Pipeline, Response, Result, RetryOptions};
use serde_json::Value;

use crate::canary::{echoes, json_echoes};
use crate::evidence::Evidence;
use crate::http::{GET, POST, Reply, Server, Then, raw, reply};
use crate::setting::{Way, options, ways};

/// What somebody searches for. No redaction knows it, so it must not be shown in the first place.
const PRIVATE: &str = "12 cAnArY street";

async fn call(pipeline: &Pipeline) -> Result<maps_core::RawResponse> {
    let mut request = pipeline.request(&GET);
    request.query("text", PRIVATE);
    pipeline.send(request).await
}

fn no_retries() -> ClientOptions {
    options().retry(RetryOptions::none())
}

async fn server_of(replies: Vec<Reply>) -> (usize, Server) {
    (replies.len(), Server::script(replies).await)
}

/// Every notation of the secret, in every place of an error answer.
fn errors(way: Way) -> Vec<Reply> {
    let mut replies = Vec::new();
    for status in [401, 503] {
        for echo in echoes(way.secret) {
            let headers = [
                ("x-ms-request-id", echo.as_str()),
                ("x-ms-error-code", &echo),
                ("www-authenticate", &format!("Bearer error=\"{echo}\"")),
                ("retry-after", &echo),
                ("x-echo", &echo),
            ];
            replies.push(reply(status, &headers, format!("bad {echo}, very bad")));
            replies.push(reply(status, &headers[..2], format!("<html>{echo}</html>")));
        }
        for echo in json_echoes(way.secret) {
            let body = format!(
                r#"{{"error":{{"code":"{echo}","message":"no {echo}","target":"{echo}","{echo}":1,
                "details":[{{"code":"{echo}"}}],"innererror":{{"code":"{echo}"}}}}}}"#
            );
            replies.push(reply(status, &[("content-type", "application/json")], body));
            replies.push(reply(status, &[], format!("\"{echo}\"")));
        }
    }
    replies
}

#[tokio::test]
async fn errors_of_the_service_show_no_secret() {
    let mut evidence = Evidence::default();
    for way in ways() {
        let (count, server) = server_of(errors(way)).await;
        let pipeline = way.pipeline_with(&server, no_retries());
        for _ in 0..count {
            let error = call(&pipeline).await.unwrap_err();
            evidence.error(way.name, &error);
        }
        assert_eq!(server.count(), count);
        for seen in server.seen() {
            evidence.note("user agent", seen.header("user-agent").unwrap());
        }
    }
    evidence.assert_clean();
}

#[tokio::test]
async fn a_body_that_is_cut_anywhere_shows_no_secret() {
    let mut evidence = Evidence::default();
    for way in ways() {
        let body = format!("no {}, no", echoes(way.secret)[1]);
        for limit in (0..body.len()).step_by(2) {
            let server = Server::always(reply(400, &[], &body)).await;
            let options = no_retries().limits(Limits::new().error_body(limit));
            let error = call(&way.pipeline_with(&server, options))
                .await
                .unwrap_err();
            assert_eq!(error.status().unwrap(), 400);
            evidence.error(way.name, &error);
        }
    }
    evidence.assert_clean();
}

#[tokio::test]
async fn answers_that_do_not_fit_show_no_secret() {
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "only decoded")]
    struct Thing {
        number: u32,
    }
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "only decoded")]
    enum Word {
        Known,
    }
    let mut evidence = Evidence::default();
    for way in ways() {
        let replies: Vec<Reply> = json_echoes(way.secret)
            .iter()
            .flat_map(|echo| {
                [
                    format!(r#"{{"number":"{echo}"}}"#),
                    format!("\"{echo}\""),
                    format!(r#"{{"{echo}":"x"}}"#),
                    format!(r#"{{"{echo}":1"#),
                ]
            })
            .map(|body| reply(200, &[("x-ms-request-id", way.secret)], body))
            .collect();
        let (count, server) = server_of(replies).await;
        let pipeline = way.pipeline(&server);
        for _ in 0..count {
            let answer = call(&pipeline).await.unwrap();
            evidence.debug(way.name, &answer);
            let outcomes = [
                answer
                    .clone()
                    .json::<Thing, maps_core::HeaderMap>()
                    .map(drop),
                answer
                    .clone()
                    .json::<Word, maps_core::HeaderMap>()
                    .map(drop),
                answer
                    .clone()
                    .json::<HashMap<String, u32>, maps_core::HeaderMap>()
                    .map(drop),
            ];
            for outcome in outcomes {
                evidence.error(way.name, &outcome.unwrap_err());
            }
            evidence.error(way.name, &answer.into_error());
        }
    }
    evidence.assert_clean();
}

#[tokio::test]
async fn good_answers_show_no_secret_in_debug() {
    let mut evidence = Evidence::default();
    for way in ways() {
        for echo in json_echoes(way.secret) {
            let headers = [("x-echo", way.secret), ("x-ms-request-id", way.secret)];
            let server = Server::always(reply(200, &headers, format!("\"{echo}\""))).await;
            let pipeline = way.pipeline(&server);
            let answer = call(&pipeline).await.unwrap();
            evidence.debug(way.name, &answer);
            let answer: Response<Value> = answer.json().unwrap();
            evidence.debug(way.name, &answer);
            evidence.debug(way.name, &answer.map(|value| vec![value]));
            let answer: Response<bool> = pipeline.exists(pipeline.request(&GET)).await.unwrap();
            evidence.debug(way.name, &answer);
        }
    }
    evidence.assert_clean();
}

#[tokio::test]
async fn exchanges_that_fail_show_no_secret() {
    let mut evidence = Evidence::default();
    for way in ways() {
        let secret = way.secret;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: 900\r\nx-echo: {secret}\r\n");
        let broken = [
            raw("", Then::Close),
            raw(format!("{secret}\r\n\r\n"), Then::Close),
            raw(format!("HTTP/1.1 200 {secret}\r\n"), Then::Close),
            raw(format!("HTTP/1.1 999999 {secret}\r\n\r\n"), Then::Close),
            raw(format!("HTTP/1.1 200 OK\r\n{secret}\r\n\r\n"), Then::Close),
            raw(
                format!("HTTP/1.1 200 OK\r\nbad header {secret}: 1\r\n\r\n"),
                Then::Close,
            ),
            raw(
                format!("HTTP/1.1 200 OK\r\ncontent-length: {secret}\r\n\r\n"),
                Then::Close,
            ),
            raw(
                format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{secret}\r\n"),
                Then::Close,
            ),
            raw(format!("{head}\r\n{secret}"), Then::Close),
            reply(200, &[("x-echo", &secret.repeat(20))], secret),
            reply(200, &[], secret.repeat(60)),
        ];
        for (at, answer) in broken.into_iter().enumerate() {
            let server = Server::always(answer).await;
            let limits = Limits::new().headers(400).body(1000);
            let pipeline = way.pipeline_with(&server, no_retries().limits(limits));
            let error = call(&pipeline).await.expect_err(&format!("answer {at}"));
            evidence.error(way.name, &error);
        }
        // Nobody listens there any more, and reqwest's error would show the URL.
        let gone = format!("http://{}", {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap()
        });
        let credential = Some(way.credential());
        let pipeline = crate::http::pipeline(&gone, way.service, credential, no_retries()).unwrap();
        let error = call(&pipeline).await.unwrap_err();
        assert_eq!(error.kind(), maps_core::ErrorKind::Connect);
        evidence.error(way.name, &error);
        let mut submit = pipeline.request(&POST);
        submit.query("text", PRIVATE);
        evidence.error(way.name, &pipeline.send(submit).await.unwrap_err());
    }
    evidence.assert_clean();
    assert!(crate::recorder::lines_with(&["maps_core", "span", "try"]) > 0);
    assert!(
        crate::recorder::lines_of_others() > 0,
        "the HTTP stack is recorded too"
    );
}
