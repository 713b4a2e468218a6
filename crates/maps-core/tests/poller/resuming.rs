//! Going on elsewhere: tokens and ids.

use std::time::Duration;

use maps_core::service::{HostSettings, LongRunning, ResultSource, Service, StatusOperation};
use maps_core::{Clock, ErrorKind, Pipeline, Poller, PollingOptions, ResumeToken};
use serde_json::{Value, json};

use crate::server::*;

#[tokio::test]
async fn another_client_finishes_from_a_token_as_text() {
    let server = scripted(|earlier| {
        if earlier < 3 {
            status("Running")
        } else {
            status("Completed")
        }
    })
    .await;
    let client = server.client();
    let mut poller: Poller<Value, Value> = client.begin(put(&client), &ORIGINAL).await.unwrap();
    poller.next().await.unwrap().unwrap();
    let text = poller.resume_token().to_string();
    let json = serde_json::to_string(&poller.resume_token()).unwrap();
    drop((poller, client));
    assert!(text.len() < 300, "{text}");
    let token: ResumeToken = text.parse().unwrap();
    assert_eq!(serde_json::from_str::<ResumeToken>(&json).unwrap(), token);
    let other = server.client();
    let resumed: Poller<Value, Value> = other.resume(&ORIGINAL, token).unwrap();
    assert_eq!(resumed.id(), "1");
    assert_eq!(resumed.await.unwrap(), json!({"id": "a b"}));
    let submits = server
        .lines()
        .iter()
        .filter(|line| line.starts_with("PUT"))
        .count();
    assert_eq!(submits, 1);
}

#[tokio::test]
async fn a_token_keeps_the_deadline() {
    let server = scripted(|_| status("Running")).await;
    let poller = server.begin(&MONITOR).await.unwrap();
    let token = poller.resume_token();
    server.clock.advance(Duration::from_secs(3500));
    let mut resumed: Poller<Value, Value> =
        server.client().resume(&MONITOR, token.clone()).unwrap();
    assert_eq!(resumed.resume_token().deadline(), token.deadline());
    let error = resumed.result().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(server.clock.elapsed() <= Duration::from_secs(3600));
    assert_eq!(error.resume_token().unwrap().deadline(), token.deadline());
}

#[tokio::test]
async fn a_token_whose_deadline_has_passed_leaves_time_for_one_poll() {
    let server = scripted(|earlier| {
        if earlier == 0 {
            status("Running")
        } else {
            status("Completed")
        }
    })
    .await;
    let token = server.begin(&MONITOR).await.unwrap().resume_token();
    server.clock.advance(Duration::from_secs(86_400));
    let error = server
        .client()
        .resume::<Value, Value>(&MONITOR, token.clone())
        .unwrap()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(server.polls().len(), 1);
    server
        .client()
        .resume::<Value, Value>(&MONITOR, token)
        .unwrap()
        .await
        .unwrap();
}

#[tokio::test]
async fn no_secret_of_a_link_is_in_a_token() {
    let server = Server::start(|seen| match seen.method.as_str() {
        "POST" => reply(202)
            .header(
                "azure-asyncoperation",
                "/operations/1?subscription-key=canary-of-the-key&sig=canary-sig&api-version=1.0&x=canary-of-the-key",
            )
            .header("location", "/results/1?code=canary-code#canary-fragment"),
        _ if seen.path == "/operations/1" => status("Succeeded"),
        _ => reply(200).json("{}"),
    })
    .await;
    let mut poller = server.begin(&LOCATION).await.unwrap();
    let before = poller.resume_token().to_string();
    poller.result().await.unwrap();
    for text in [
        before,
        poller.resume_token().to_string(),
        format!("{poller:?}"),
        format!("{:?}", poller.resume_token()),
    ] {
        assert!(!text.contains("canary"), "{text}");
    }
    let seen = server.seen();
    assert!(
        seen[1].query.contains("sig=canary-sig"),
        "the live poller follows the link as it is"
    );
    assert!(!seen[1].query.contains("subscription-key"));
    assert_eq!(seen[2].query, "code=canary-code&api-version=1.0");
}

#[tokio::test]
async fn tokens_of_another_operation_or_origin_are_refused() {
    static OTHER: LongRunning = LongRunning {
        operation: "Other_Submit",
        status: None,
        succeeded: &[],
        failed: &[],
        result: ResultSource::None,
    };
    let server = scripted(|_| status("Running")).await;
    let elsewhere = scripted(|_| status("Running")).await;
    let token = server.begin(&MONITOR).await.unwrap().resume_token();
    let refused = |result: maps_core::Result<Poller<Value, Value>>| result.unwrap_err().kind();
    assert_eq!(
        refused(server.client().resume(&OTHER, token.clone())),
        ErrorKind::ResumeToken
    );
    assert_eq!(
        refused(elsewhere.client().resume(&MONITOR, token.clone())),
        ErrorKind::ResumeToken
    );
    assert_eq!(
        refused(server.client().resume(&ORIGINAL, token.clone())),
        ErrorKind::ResumeToken
    );
    // A token that was tampered with leads nowhere either.
    for (from, to) in [
        ("/operations/1", "//evil.example/operations/1"),
        ("/operations/1", "https://evil.example/"),
        ("http://127", "http://128"),
    ] {
        let forged: ResumeToken = token.to_string().replacen(from, to, 1).parse().unwrap();
        assert_eq!(
            refused(server.client().resume(&MONITOR, forged)),
            ErrorKind::ResumeToken,
            "{to}"
        );
    }
    assert_eq!(server.seen().len(), 1);
    assert!(elsewhere.seen().is_empty());
}

static CHECKED: LongRunning = LongRunning {
    operation: "Thing_Submit",
    status: Some(StatusOperation {
        path: "/operations/{id}",
        id: "id",
        check: Some(&GUID),
    }),
    succeeded: &[],
    failed: &[],
    result: ResultSource::Monitor,
};

#[tokio::test]
async fn attaching_by_id_polls_at_once() {
    let server = Server::start(|_| status("Completed")).await;
    let id = "BC3F9365-3ee0-4564-aa27-825016325557";
    let poller: Poller<Value, Value> = server.client().attach(&CHECKED, None, id).unwrap();
    assert_eq!(poller.id(), id);
    poller.await.unwrap();
    assert_eq!(server.lines(), [format!("GET /operations/{id}")]);
    assert_eq!(server.seen()[0].query, "api-version=1.0");
    assert_eq!(server.clock.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn an_id_is_one_segment_of_the_path() {
    for (id, path) in [
        ("../keys", "/operations/..%2Fkeys"),
        ("a/b", "/operations/a%2Fb"),
        ("%2e%2e", "/operations/%252e%252e"),
        ("{x}", "/operations/%7Bx%7D"),
    ] {
        let server = Server::start(|_| status("Completed")).await;
        let poller: Poller<Value, Value> = server.client().attach(&MONITOR, None, id).unwrap();
        assert_eq!(poller.id(), id);
        poller.await.unwrap();
        assert_eq!(server.seen()[0].path, path);
    }
}

#[tokio::test]
async fn a_bad_id_is_refused_before_anything_is_sent() {
    let server = Server::start(|_| status("Completed")).await;
    let client = server.client();
    let good = "bc3f9365-3ee0-4564-aa27-825016325557";
    let bad = [
        "".to_owned(),
        good.replace('-', ""),
        format!("{{{good}}}"),
        format!("urn:uuid:{good}"),
        good[1..].to_owned(),
        format!("{good}0"),
        format!("{good}\n"),
    ];
    for id in bad {
        let error = client
            .attach::<Value, Value>(&CHECKED, None, &id)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
    }
    for id in ["", ".", ".."] {
        let error = client
            .attach::<Value, Value>(&MONITOR, None, id)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
    }
    let error = client
        .attach::<Value, Value>(&ORIGINAL, None, "1")
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn attaching_with_the_submits_path_collects_from_there() {
    let server = scripted(|_| status("Completed")).await;
    let client = server.client();
    let poller: Poller<Value, Value> = client.attach(&ORIGINAL, Some(put(&client)), "1").unwrap();
    assert_eq!(poller.await.unwrap(), json!({"id": "a b"}));
    assert_eq!(server.lines(), ["GET /operations/1", "GET /things/a%20b"]);
}

#[tokio::test]
async fn a_token_keeps_the_api_version_that_the_service_leaves_out() {
    let server = Server::start(|seen| match seen.method.as_str() {
        "POST" => reply(202).header("operation-location", "/operations/1"),
        _ => status("Completed"),
    })
    .await;
    let token = server.begin(&MONITOR).await.unwrap().resume_token();
    let mut host = maps_core::service::HostSettings::new();
    host.endpoint(server.url.as_str());
    let newer = Some("9.9".to_owned());
    let client = maps_core::Pipeline::new(&SERVICE, &host, None, newer, server.options()).unwrap();
    client
        .resume::<Value, Value>(&MONITOR, token)
        .unwrap()
        .await
        .unwrap();
    assert_eq!(server.seen()[1].query, "api-version=1.0");
}

static UNVERSIONED: Service = Service {
    api_version: "",
    ..SERVICE
};

#[tokio::test]
async fn links_are_given_the_api_version_of_a_service_that_has_one() {
    for (service, queries) in [
        (&SERVICE, ["", "api-version=1.0", "api-version=1.0"]),
        (&UNVERSIONED, ["", "", ""]),
    ] {
        let server = Server::start(|seen| match seen.method.as_str() {
            "POST" => reply(202).header("operation-location", "/operations/1"),
            _ => status("Completed"),
        })
        .await;
        let mut host = HostSettings::new();
        host.endpoint(server.url.as_str());
        let client = Pipeline::new(service, &host, None, None, server.options()).unwrap();
        let request = client.request_without_version(&POST);
        let poller: Poller<Value, Value> = client.begin(request, &MONITOR).await.unwrap();
        let token = poller.resume_token();
        poller.await.unwrap();
        let resumed: Poller<Value, Value> = client.resume(&MONITOR, token).unwrap();
        resumed.await.unwrap();
        let seen: Vec<String> = server.seen().into_iter().map(|seen| seen.query).collect();
        assert_eq!(seen, queries);
    }
}

#[tokio::test]
async fn a_token_cannot_make_a_client_wait_longer_than_it_is_set_to() {
    let server = scripted(|_| status("Running")).await;
    let client = server.client_polling(PollingOptions::new().timeout(Duration::from_secs(60)));
    let token = begin(&client, &MONITOR).await.unwrap().resume_token();
    let text = token.to_string();
    let own = text.rsplit_once(':').unwrap().1.trim_end_matches('}');
    // A day more, a century more, and the end of all time.
    for deadline in [1_760_086_400_000, 4_913_600_000_000, u64::MAX] {
        let forged = text.replace(own, &deadline.to_string());
        let forged: ResumeToken = forged.parse().unwrap();
        let mut resumed: Poller<Value, Value> = client.resume(&MONITOR, forged).unwrap();
        let latest = server.clock.wall() + Duration::from_secs(60);
        assert!(resumed.resume_token().deadline() <= latest, "{deadline}");
        let start = server.clock.elapsed();
        let error = resumed.result().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{deadline}");
        assert!(server.clock.elapsed() - start <= Duration::from_secs(60));
    }
}

#[tokio::test]
async fn a_client_that_waits_longer_does_not_outlast_the_tokens_deadline() {
    let server = scripted(|_| status("Running")).await;
    let short = server.client_polling(PollingOptions::new().timeout(Duration::from_secs(60)));
    let long = server.client_polling(PollingOptions::new().timeout(Duration::from_secs(86_400)));
    let token = begin(&short, &MONITOR).await.unwrap().resume_token();
    let mut resumed: Poller<Value, Value> = long.resume(&MONITOR, token).unwrap();
    assert_eq!(
        resumed.result().await.unwrap_err().kind(),
        ErrorKind::Timeout
    );
    assert!(server.clock.elapsed() <= Duration::from_secs(60));
    // Whoever wants more time says so.
    resumed.extend_timeout(Duration::from_secs(600));
    resumed.result().await.unwrap_err();
    assert!(server.clock.elapsed() > Duration::from_secs(600));
}
