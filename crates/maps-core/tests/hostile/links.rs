//! The links that a service hands back, in every place where it can.

use std::sync::Arc;

use maps_core::service::{HostSettings, LongRunning, ResultSource};
use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
use maps_core::{
    ClientOptions, ErrorKind, ForeignOrigins, HttpRequest, Pager, Pipeline, Poller, Result,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::server::{GET, POST, SERVICE};
use crate::{SECRET, check, key};

const ENDPOINT: &str = "https://maps.example/gw";

macro_rules! operation {
    ($name:ident, $result:expr) => {
        static $name: LongRunning = LongRunning {
            operation: "Things_Post",
            status: None,
            succeeded: &[],
            failed: &[],
            result: $result,
        };
    };
}

operation!(NOTHING, ResultSource::None);
operation!(LINK, ResultSource::Link("/result/resultUrl"));
operation!(RESOURCE, ResultSource::ResourceLocation);
operation!(LOCATION, ResultSource::Location);

/// Where a link can stand.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Submit(&'static str),
    Moved,
    ResourceLocation,
    FinalLocation,
    ResultUrl,
    NextLink,
    Redirect,
}

const PLACES: [Place; 9] = [
    Place::Submit("operation-location"),
    Place::Submit("azure-asyncoperation"),
    Place::Submit("location"),
    Place::Moved,
    Place::ResourceLocation,
    Place::FinalLocation,
    Place::ResultUrl,
    Place::NextLink,
    Place::Redirect,
];

impl Place {
    /// Whether it is JSON, which can hold any character.
    fn is_json(self) -> bool {
        matches!(self, Self::ResultUrl | Self::NextLink)
    }
}

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "nextLink")]
    next_link: Option<String>,
}

struct Played {
    outcome: Result<()>,
    requests: Vec<HttpRequest>,
}

/// Has the service put a link into a place, and does what there is to do with it.
async fn play(place: Place, link: &str, options: ClientOptions) -> Played {
    let done = || Answer::status(200).json(r#"{"status":"Succeeded"}"#);
    let submitted = || Answer::status(202).header("operation-location", "/gw/jobs/1");
    let (operation, answers) = match place {
        Place::Submit(header) => (
            &NOTHING,
            vec![Answer::status(202).header(header, link), done()],
        ),
        Place::Moved => {
            let running = Answer::status(200).header("operation-location", link);
            (
                &NOTHING,
                vec![submitted(), running.json(r#"{"status":"Running"}"#), done()],
            )
        }
        Place::ResourceLocation => (
            &RESOURCE,
            vec![
                submitted(),
                done().header("resource-location", link),
                done(),
            ],
        ),
        Place::FinalLocation => (
            &LOCATION,
            vec![submitted(), done().header("location", link), done()],
        ),
        Place::ResultUrl => {
            let body = json!({ "status": "Succeeded", "result": { "resultUrl": link } });
            (
                &LINK,
                vec![
                    submitted(),
                    Answer::status(200).json(body.to_string()),
                    done(),
                ],
            )
        }
        Place::NextLink => {
            let page = json!({ "value": [1], "nextLink": link }).to_string();
            (
                &NOTHING,
                vec![
                    Answer::status(200).json(page),
                    Answer::status(200).json(r#"{"value":[]}"#),
                ],
            )
        }
        Place::Redirect => (
            &NOTHING,
            vec![Answer::status(307).header("location", link), done()],
        ),
    };
    let script = answers
        .into_iter()
        .fold(ScriptedTransport::new(), ScriptedTransport::answer);
    let pipeline = pipeline(&script, options);
    let outcome = match place {
        Place::NextLink => list(&pipeline).await,
        Place::Redirect => pipeline.send(pipeline.request(&GET)).await.map(|_| ()),
        _ => run(&pipeline, operation).await,
    };
    Played {
        outcome,
        requests: script.requests(),
    }
}

fn pipeline(script: &ScriptedTransport, options: ClientOptions) -> Pipeline {
    let mut host = HostSettings::new();
    host.endpoint(ENDPOINT);
    let options = options
        .transport(Arc::new(script.clone()))
        .clock(Arc::new(VirtualClock::running_ahead()));
    Pipeline::new(&SERVICE, &host, key(), None, options).expect("settings")
}

async fn list(pipeline: &Pipeline) -> Result<()> {
    let first = pipeline.request(&GET);
    let mut pages = Pager::new(
        pipeline.clone(),
        first,
        |page: &Page| page.next_link.as_deref(),
        |page| vec![page],
    );
    while let Some(page) = pages.next().await {
        page?;
    }
    Ok(())
}

async fn run(pipeline: &Pipeline, operation: &'static LongRunning) -> Result<()> {
    let mut poller: Poller<Option<Value>, Value> =
        pipeline.begin(pipeline.request(&POST), operation).await?;
    let outcome = poller.result().await.map(|_| ());
    let token = poller.resume_token().to_string();
    assert!(!token.contains(SECRET), "{token}");
    outcome
}

#[tokio::test]
async fn links_within_the_trusted_origins_are_followed_with_the_key() {
    for place in PLACES {
        for (link, expected) in [
            ("/jobs/2", "https://maps.example/jobs/2"),
            (
                "https://maps.example/jobs/2#fragment",
                "https://maps.example/jobs/2",
            ),
            (
                "https://MAPS.EXAMPLE:443/jobs/2",
                "https://maps.example/jobs/2",
            ),
            ("//maps.example/jobs/2", "https://maps.example/jobs/2"),
            ("/a/../jobs/%2e%2e/2", "https://maps.example/2"),
            (
                "https://us.atlas.microsoft.com/jobs/2",
                "https://us.atlas.microsoft.com/jobs/2",
            ),
            (
                "https://maps.example/jobs/2?subscription-key=old",
                "https://maps.example/jobs/2",
            ),
        ] {
            let played = play(place, link, ClientOptions::new()).await;
            let case = format!("{place:?} {link}");
            played.outcome.expect(&case);
            let mut request = played.requests.last().expect(&case).clone();
            assert_eq!(request.headers["subscription-key"], SECRET, "{case}");
            request.url.set_query(None);
            assert_eq!(request.url.as_str(), expected, "{case}");
        }
    }
}

#[tokio::test]
async fn links_elsewhere_are_refused_and_nothing_is_sent_there() {
    for place in PLACES {
        for link in [
            "https://evil.example/",
            "//evil.example/",
            "\\\\evil.example\\",
            "/\\evil.example/",
            "https:\\\\evil.example\\a",
            "https://maps.example.evil.example/",
            "https://evilmaps.example/",
            "https://maps.example@evil.example/",
            "https://user@maps.example/",
            "https://:pw@maps.example/",
            "https://maps.example./",
            "https://maps.example:444/",
            "https://maps.example:80/",
            "http://maps.example/",
            "http://maps.example:443/",
            "https://us.atlas.microsoft.com.evil.example/",
            "https://us.atlas.microsoft.com:444/",
            "https://us.atlas.microsoft.com./",
            "https://x.atlas.microsoft.com/",
            "https://xn--tlas-53d.microsoft.com/",
            "https://[::1]/",
            "http://127.0.0.1/",
            "http://169.254.169.254/metadata/instance",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:application/json,{}",
            "ftp://maps.example/",
            "maps.example:443/jobs",
        ] {
            refused(place, link, ErrorKind::Untrusted).await;
        }
    }
}

#[tokio::test]
async fn look_alikes_of_a_trusted_host_are_refused() {
    for place in [Place::ResultUrl, Place::NextLink] {
        for link in [
            "https://аtlas.microsoft.com/",
            "https://mаps.example/",
            "https://maps。example.evil/",
        ] {
            refused(place, link, ErrorKind::Untrusted).await;
        }
        // These are the host itself, written in another way.
        for link in [
            "https://ｍａｐｓ.example/",
            "https://maps。example/",
            "https://map\u{ad}s.example/",
        ] {
            let played = play(place, link, ClientOptions::new()).await;
            played.outcome.expect(link);
            assert_eq!(
                played.requests.last().expect(link).url.host_str(),
                Some("maps.example")
            );
        }
    }
}

#[tokio::test]
async fn unreadable_links_are_decode_errors() {
    let long = format!("/{}", "a".repeat(9000));
    for place in PLACES {
        for link in [
            "https://",
            "https://[",
            "https://[::1%25eth0]/",
            "https://maps.example:99999/",
            "https://a%00b/",
            "https://xn--a/",
            long.as_str(),
        ] {
            refused(place, link, ErrorKind::Decode).await;
        }
        if place.is_json() {
            for link in [
                "/a\nb",
                "/a\tb",
                "/a\u{0}",
                "https://maps.exa\r\nmple/",
                "/a\u{7f}b",
                "https://maps.example\u{2024}evil/",
            ] {
                refused(place, link, ErrorKind::Decode).await;
            }
        }
    }
}

async fn refused(place: Place, link: &str, kind: ErrorKind) {
    let case = format!("{place:?} {link:?}");
    let played = play(place, link, ClientOptions::new()).await;
    let error = played.outcome.expect_err(&case);
    assert_eq!(error.kind(), kind, "{case}: {error}");
    assert!(error.may_have_been_sent(), "{case}");
    check(&error, &case);
    for request in played.requests {
        assert_eq!(request.url.host_str(), Some("maps.example"), "{case}");
        assert!(
            request.url.path().starts_with("/gw/"),
            "{case}: {}",
            request.url
        );
    }
}

#[tokio::test]
async fn foreign_links_that_are_allowed_carry_nothing_that_says_who_asks() {
    for place in PLACES {
        let options = ClientOptions::new().foreign_origins(ForeignOrigins::WithoutCredentials);
        let link = "https://blob.example/x?sig=a%2Fb&subscription-key=k&Subscription%2DKey=k";
        let played = play(place, link, options).await;
        let case = format!("{place:?}");
        played.outcome.expect(&case);
        let request = played.requests.last().expect(&case);
        assert_eq!(
            request.url.as_str(),
            "https://blob.example/x?sig=a%2Fb",
            "{case}"
        );
        for name in request.headers.keys() {
            assert!(
                ["accept", "user-agent"].contains(&name.as_str()),
                "{case}: {name}"
            );
        }
    }
}

#[tokio::test]
async fn a_foreign_server_cannot_choose_what_is_signed() {
    let back = "https://maps.example/gw/of-its-choice";
    let away = || Answer::status(202).header("operation-location", "https://evil.example/job");
    let with_link = json!({ "status": "Succeeded", "result": { "resultUrl": back } }).to_string();
    let running = || Answer::status(200).json(r#"{"status":"Running"}"#);
    let done = || Answer::status(200).json(r#"{"status":"Succeeded"}"#);
    for (operation, answer) in [
        (&LINK, Answer::status(200).json(with_link)),
        (&RESOURCE, done().header("resource-location", back)),
        (&LOCATION, done().header("location", back)),
        (&NOTHING, running().header("operation-location", back)),
    ] {
        let script = ScriptedTransport::new()
            .answer(away())
            .answer(answer)
            .answer(done());
        let options = ClientOptions::new().foreign_origins(ForeignOrigins::WithoutCredentials);
        let error = run(&pipeline(&script, options), operation)
            .await
            .expect_err("foreign");
        assert_eq!(error.kind(), ErrorKind::Untrusted, "{:?}", operation.result);
        assert_eq!(script.requests().len(), 2, "{:?}", operation.result);
    }
    let page = |link| Answer::status(200).json(json!({ "nextLink": link }).to_string());
    let script = ScriptedTransport::new()
        .answer(page("https://evil.example/2"))
        .answer(page(back))
        .answer(page(""));
    let options = ClientOptions::new().foreign_origins(ForeignOrigins::WithoutCredentials);
    let error = list(&pipeline(&script, options))
        .await
        .expect_err("foreign");
    assert_eq!(
        (error.kind(), script.requests().len()),
        (ErrorKind::Untrusted, 2)
    );
}

#[tokio::test]
async fn a_query_with_two_question_marks_still_gets_its_api_version() {
    let played = play(
        PLACES[0],
        "/gw/jobs/2??api-version=2025-01-01",
        ClientOptions::new(),
    )
    .await;
    played.outcome.expect("followed");
    assert_eq!(
        played.requests[1].url.as_str(),
        "https://maps.example/gw/jobs/2??api-version=2025-01-01&api-version=2025-01-01"
    );
}
