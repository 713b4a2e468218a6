//! Links that a service hands back, endpoints and host parameters that a caller gives.
//!
//! The plan is a letter for the place of the text and two for the [`Settings`]; the second part is the text.

use maps_core::service::{HostSettings, LongRunning, ResultSource, StatusOperation};
use maps_core::test_kit::Answer;
use maps_core::{ClientOptions, ErrorKind, Poller, Url};
use serde_json::{Value, json};

use crate::client::{Client, ENDPOINT, GET, POST, SECRET, Settings, client, client_at};
use crate::drive::drive;
use crate::{log, oracle, pager, script};

macro_rules! operation {
    ($name:ident, $result:expr) => {
        static $name: LongRunning = LongRunning {
            operation: "Things_Submit",
            status: Some(StatusOperation {
                path: "/jobs/{id}",
                id: "id",
                check: None,
            }),
            succeeded: &[],
            failed: &[],
            result: $result,
        };
    };
}

operation!(LINK, ResultSource::Link("/result/resultUrl"));
operation!(RESOURCE, ResultSource::ResourceLocation);
operation!(LOCATION, ResultSource::Location);

/// Runs one input.
///
/// # Panics
///
/// When something of [`oracle`] does not hold, or a host that was accepted is not the one that was given.
pub fn run(input: &[u8]) {
    log::start();
    let parts = script::parts(input);
    let plan = String::from_utf8_lossy(&parts[0]);
    let settings = Settings::at(&plan, 1);
    let text = parts.get(1).map(Vec::as_slice).unwrap_or_default();
    let text = String::from_utf8_lossy(text);
    // What a caller gives as a host is no secret of the service's: nobody blots it out.
    let by_the_caller = plan.starts_with(['E', 'G', 'T']);
    if by_the_caller && text.contains(SECRET) {
        return;
    }
    let done = || Answer::status(200).json(r#"{"status":"Succeeded","answer":1}"#);
    let submitted = || Answer::status(202).header("operation-location", "/jobs/1");
    match plan.bytes().next() {
        Some(b'E') => endpoint(settings, &text),
        Some(b'G') => geography(settings, &text),
        Some(b'T') => trusted_origin(settings, &text),
        Some(b'O') => {
            let first = Answer::status(202).header("operation-location", &text);
            begin(&LINK, settings, vec![first, done(), done()]);
        }
        Some(b'A') => {
            let first = Answer::status(202).header("azure-asyncoperation", &text);
            begin(&LINK, settings, vec![first, done(), done()]);
        }
        Some(b'L') => {
            let first = Answer::status(202).header("location", &text);
            begin(&LOCATION, settings, vec![first, done(), done()]);
        }
        Some(b'F') => {
            let last = done().header("location", &text);
            begin(&LOCATION, settings, vec![submitted(), last, done()]);
        }
        Some(b'R') => {
            let last = done().header("resource-location", &text);
            begin(&RESOURCE, settings, vec![submitted(), last, done()]);
        }
        Some(b'M') => {
            let running = Answer::status(200)
                .header("operation-location", &text)
                .json(r#"{"status":"Running"}"#);
            begin(&LINK, settings, vec![submitted(), running, done(), done()]);
        }
        Some(b'N') => next_link(settings, &text),
        Some(digit @ b'0'..=b'9') => redirect(settings, digit, &text),
        _ => {
            let body = json!({ "status": "Succeeded", "result": { "resultUrl": text } });
            let last = Answer::status(200).json(body.to_string());
            begin(&LINK, settings, vec![submitted(), last, done()]);
        }
    }
}

fn begin(operation: &'static LongRunning, settings: Settings, answers: Vec<Answer>) {
    let client = client(settings, answers);
    let begin = client
        .pipeline
        .begin(client.pipeline.request(&POST), operation);
    match drive(&client.clock, begin) {
        Err(error) => oracle::error(&error),
        Ok(poller) => collect(&client, operation, poller),
    }
    oracle::requests(&client.transport, ENDPOINT, client.asks_foreign, 60);
}

fn collect(client: &Client, operation: &'static LongRunning, poller: Poller<Value, Value>) {
    let mut poller = poller;
    let outcome = drive(&client.clock, poller.result());
    if let Err(error) = &outcome {
        oracle::error(error);
    }
    oracle::shown("Debug of a poller", &poller);
    let token = poller.resume_token();
    oracle::no_secret("a resume token", token.to_string().as_bytes());
    let resumed = client.pipeline.resume::<Value, Value>(operation, token);
    if let Err(error) = resumed {
        oracle::error(&error);
    }
}

fn next_link(settings: Settings, link: &str) {
    let page = |link: Option<&str>| {
        Answer::status(200).json(json!({ "value": [1], "nextLink": link }).to_string())
    };
    pager::play(settings, vec![page(Some(link)), page(None)], 4);
}

fn redirect(settings: Settings, digit: u8, link: &str) {
    let status = 300 + u16::from(digit - b'0');
    let answers = vec![
        Answer::status(status).header("location", link),
        Answer::status(status).header("location", "/back"),
        Answer::status(status).header("location", ENDPOINT),
        Answer::status(200).json("{}"),
    ];
    for operation in [&GET, &POST] {
        let client = client(settings, answers.clone());
        let call = client.pipeline.send(client.pipeline.request(operation));
        if let Err(error) = drive(&client.clock, call) {
            oracle::error(&error);
        }
        let requests = client.transport.requests();
        let foreign = requests.iter().position(|request| is_foreign(&request.url));
        for request in requests.iter().skip(foreign.unwrap_or(requests.len())) {
            // A foreign server must not have the client sign a request of its choice.
            assert!(
                !has_credential(request),
                "signed after a foreign redirect: {request:?}"
            );
        }
        oracle::requests(&client.transport, ENDPOINT, client.asks_foreign, 60);
    }
}

fn is_foreign(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host != "maps.example" && !host.ends_with("atlas.microsoft.com")
}

fn has_credential(request: &maps_core::HttpRequest) -> bool {
    let named = ["authorization", "subscription-key", "x-ms-client-id"];
    let header = named.iter().any(|name| request.headers.contains_key(*name));
    header
        || request
            .url
            .query_pairs()
            .any(|(name, _)| name == "subscription-key")
}

fn endpoint(settings: Settings, text: &str) {
    let mut host = HostSettings::new();
    host.endpoint(text);
    let Ok(url) = Url::parse(text) else {
        return refused(&host, settings);
    };
    let Some(client) = accepted(&host, settings, ClientOptions::new()) else {
        return;
    };
    let signed_in_the_open = url.scheme() != "https" && settings.signs() && !is_local(&url);
    assert!(!signed_in_the_open, "a credential goes to {url}");
    let odd = url.query().is_some() || url.fragment().is_some() || !url.username().is_empty();
    assert!(
        !odd && url.password().is_none() && url.has_host(),
        "{url} was accepted"
    );
    ask(&client, text);
    for request in client.transport.requests() {
        let path = url.path().trim_end_matches('/');
        assert!(
            request.url.path().starts_with(path),
            "{} left {url}",
            request.url
        );
    }
}

fn geography(settings: Settings, text: &str) {
    let mut host = HostSettings::new();
    host.parameter("geography", text.to_owned());
    let Some(client) = accepted(&host, settings, ClientOptions::new()) else {
        return;
    };
    let label = text.to_ascii_lowercase();
    assert!(
        !label.is_empty() && label.len() <= 63,
        "{text:?} is no label"
    );
    ask(&client, &format!("https://{label}.atlas.microsoft.com"));
    for request in client.transport.requests() {
        let host = request.url.host_str();
        assert_eq!(host, Some(format!("{label}.atlas.microsoft.com").as_str()));
    }
}

fn trusted_origin(settings: Settings, text: &str) {
    let mut host = HostSettings::new();
    host.endpoint(ENDPOINT);
    let options = ClientOptions::new().trusted_origin(text);
    if accepted(&host, settings, options).is_none() {
        return;
    }
    let url = Url::parse(text).expect("an origin that was accepted");
    assert!(
        url.scheme() == "https" || is_local(&url),
        "{text:?} is trusted"
    );
    assert!(
        url.username().is_empty() && url.password().is_none(),
        "{text:?} is trusted"
    );
}

/// 127.0.0.0/8, `::1` and `localhost`, told apart by hand.
fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || host == "[::1]" || (host.starts_with("127.") && !has_letter(host))
}

fn has_letter(host: &str) -> bool {
    host.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn accepted(host: &HostSettings, settings: Settings, options: ClientOptions) -> Option<Client> {
    oracle::shown("Debug of a host", host);
    let answers = vec![Answer::status(200).json("{}")];
    match client_at(host, settings, answers, options) {
        Ok(client) => Some(client),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            oracle::error(&error);
            None
        }
    }
}

fn refused(host: &HostSettings, settings: Settings) {
    let client = accepted(host, settings, ClientOptions::new());
    assert!(client.is_none(), "an endpoint that is no URL was accepted");
}

fn ask(client: &Client, endpoint: &str) {
    let call = client.pipeline.send(client.pipeline.request(&GET));
    drive(&client.clock, call).expect("the script answers");
    oracle::requests(&client.transport, endpoint, false, 1);
}
