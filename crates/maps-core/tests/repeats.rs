//! What is repeated: every method against everything that can come of a try, as one table.

#[path = "support/server.rs"]
mod server;

use std::sync::Arc;
use std::time::Duration;

use maps_core::test_kit::VirtualClock;
use maps_core::{CallOptions, ClientOptions, Error, ErrorKind, Method, Timeouts};

use server::{Reply, SERVICE, Server, Then, raw, reply};

/// What comes of each try.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    Status(u16),
    /// Nobody listens.
    Refused,
    CutBeforeHeaders,
    CutInHeaders,
    CutInBody,
    /// Time runs out before the headers.
    Silent,
    /// Time runs out in the body.
    Stalled,
}

use Outcome::{CutBeforeHeaders, CutInBody, CutInHeaders, Refused, Silent, Stalled, Status};

/// Whether another try is made: of GET, HEAD, OPTIONS, PUT, PATCH, DELETE and a repeatable POST; and of a POST.
const TABLE: [(Outcome, bool, bool); 20] = [
    (Status(200), false, false),
    (Status(304), false, false),
    (Status(400), false, false),
    (Status(401), false, false),
    (Status(403), false, false),
    (Status(404), false, false),
    (Status(409), false, false),
    (Status(408), true, false),
    (Status(429), true, true),
    (Status(500), true, false),
    (Status(501), false, false),
    (Status(502), true, false),
    (Status(503), true, true),
    (Status(504), true, false),
    (Refused, true, true),
    (CutBeforeHeaders, true, false),
    (CutInHeaders, true, false),
    (CutInBody, true, false),
    (Silent, true, false),
    (Stalled, true, false),
];

/// The error that the last try gives.
fn kind(outcome: Outcome) -> Option<ErrorKind> {
    match outcome {
        Status(..400) => None,
        Status(_) => Some(ErrorKind::Service),
        Refused => Some(ErrorKind::Connect),
        CutBeforeHeaders | CutInHeaders | CutInBody => Some(ErrorKind::Transport),
        Silent | Stalled => Some(ErrorKind::Timeout),
    }
}

fn answer(outcome: Outcome) -> Reply {
    const BODY: &str = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{";
    match outcome {
        Status(status) => reply(status, &[], ""),
        Refused => raw("", Then::Close),
        CutBeforeHeaders => raw("", Then::Close),
        CutInHeaders => raw("HTTP/1.1 200 OK\r\ncontent-le", Then::Close),
        CutInBody => raw(BODY, Then::Close),
        Silent => raw("", Then::Hang),
        Stalled => raw(BODY, Then::Hang),
    }
}

/// How many requests the server saw, how many tries the client made, and how it ended.
async fn run(method: &Method, repeatable: bool, outcome: Outcome) -> (usize, usize, Option<Error>) {
    let server = Server::always(answer(outcome)).await;
    let clock = VirtualClock::running_ahead();
    let options = ClientOptions::new()
        .clock(Arc::new(clock.clone()))
        .timeouts(Timeouts::new().call(Duration::from_secs(3600)));
    // Nobody listens on the discard port.
    let url = match outcome {
        Refused => "http://127.0.0.1:9",
        _ => &server.url,
    };
    let pipeline = server::pipeline(url, &SERVICE, None, options).expect("valid");
    let call = CallOptions::new();
    let call = if repeatable { call.repeatable() } else { call };
    let request = pipeline.raw(method.clone(), "/things").call_options(call);
    let mut call = tokio::spawn(async move { request.send().await.err() });
    let mut timed_out = 0;
    let drive = async {
        while !call.is_finished() {
            // A try runs out of time once the server has seen it.
            if matches!(outcome, Silent | Stalled) && server.count() > timed_out {
                timed_out += 1;
                clock.advance(Duration::from_secs(60));
            }
            tokio::task::yield_now().await;
        }
    };
    let bound = Duration::from_secs(30);
    tokio::time::timeout(bound, drive).await.expect("bounded");
    let error = (&mut call).await.expect("no panic");
    (server.count(), clock.waits().len() + 1, error)
}

#[tokio::test]
async fn every_method_is_repeated_where_it_does_no_harm_and_nowhere_else() {
    let merge = Method::from_bytes(b"MERGE").expect("a method");
    for (outcome, others_again, post_again) in TABLE {
        for (method, repeatable, again) in [
            (Method::GET, false, others_again),
            (Method::HEAD, false, others_again),
            (Method::OPTIONS, false, others_again),
            (Method::PUT, false, others_again),
            (Method::PATCH, false, others_again),
            (Method::DELETE, false, others_again),
            (Method::POST, true, others_again),
            (Method::POST, false, post_again),
            // A method that nobody knows is taken for one that does something.
            (merge.clone(), false, post_again),
        ] {
            let row = format!("{method} {outcome:?}, repeatable: {repeatable}");
            // An answer to HEAD ends with its headers.
            if method == Method::HEAD && matches!(outcome, CutInBody | Stalled) {
                continue;
            }
            let (seen, tries, error) = run(&method, repeatable, outcome).await;
            assert_eq!(tries, if again { 4 } else { 1 }, "{row}");
            assert_eq!(seen, if outcome == Refused { 0 } else { tries }, "{row}");
            assert_eq!(error.as_ref().map(Error::kind), kind(outcome), "{row}");
            if let Some(error) = error {
                assert_eq!(error.may_have_been_sent(), outcome != Refused, "{row}");
            }
        }
    }
}
