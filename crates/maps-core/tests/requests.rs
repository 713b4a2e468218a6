//! What goes over the wire for a request.

#[path = "support/server.rs"]
mod server;

use maps_core::service::{Check, Collection, HostSettings, Operation, Service};
use maps_core::{
    CallOptions, ClientOptions, Credential, ErrorKind, Method, Pipeline, Request, SubscriptionKey,
};

use server::{GET, POST, SERVICE, Server, reply};

static ITEM: Operation = Operation {
    id: "Items_Get",
    method: Method::GET,
    path: "/items/{id}:verb/parts/{part}",
    accept: "",
    redirects: &[],
};

static SHORT: Check = Check {
    name: "id",
    min_length: Some(2),
    max_length: Some(5),
    pattern: None,
};

async fn seen(operation: &'static Operation, build: impl FnOnce(&mut Request)) -> server::Seen {
    let server = Server::always(reply(200, &[], "{}")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let mut request = pipeline.request(operation);
    build(&mut request);
    pipeline.send(request).await.expect("sent");
    server.seen().remove(0)
}

async fn refused(operation: &'static Operation, build: impl FnOnce(&mut Request)) -> String {
    let server = Server::always(reply(200, &[], "{}")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let mut request = pipeline.request(operation);
    build(&mut request);
    let error = pipeline.send(request).await.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(!error.may_have_been_sent());
    assert_eq!(server.count(), 0);
    error.to_string()
}

#[tokio::test]
async fn path_values_are_one_segment_each() {
    for (value, sent) in [
        (
            "8b1288fa-1958-4a2b-b68e-13a7i5af7d7c",
            "8b1288fa-1958-4a2b-b68e-13a7i5af7d7c",
        ),
        ("../keys", "..%2Fkeys"),
        ("a/b", "a%2Fb"),
        ("%2e%2e", "%252e%252e"),
        ("{x}", "%7Bx%7D"),
        ("a?b#c", "a%3Fb%23c"),
        ("ä b\n", "%C3%A4%20b%0A"),
    ] {
        let seen = seen(&ITEM, |request| {
            request.path("id", "i", None);
            request.path("part", value, None);
        })
        .await;
        assert_eq!(
            seen.target,
            format!("/items/i:verb/parts/{sent}?api-version=2025-01-01")
        );
    }
}

#[tokio::test]
async fn empty_and_dot_segments_and_broken_checks_send_nothing() {
    for value in ["", ".", ".."] {
        refused(&ITEM, |request| {
            request.path("id", "i", None);
            request.path("part", value, None);
        })
        .await;
    }
    for value in ["i", "sixsix"] {
        let message = refused(&ITEM, |request| {
            request.path("id", value, Some(&SHORT));
            request.path("part", "p", None);
        })
        .await;
        assert!(message.contains("`id`"), "{message}");
    }
    refused(&ITEM, |request| request.path("id", "i", None)).await;
}

#[tokio::test]
async fn first_fault_is_the_error() {
    let message = refused(&GET, |request| {
        request.header("x-a", "line\r\nend");
        request.header("x-b", "line\r\nend");
    })
    .await;
    assert!(message.contains("x-a"), "{message}");
}

#[tokio::test]
async fn unencoded_path_keeps_its_slashes_and_refuses_to_climb() {
    let seen = seen(&ITEM, |request| {
        request.path("id", "i", None);
        request.path_unencoded("part", "a/b%20c", None);
    })
    .await;
    assert_eq!(
        seen.target,
        "/items/i:verb/parts/a/b%20c?api-version=2025-01-01"
    );
    for value in [
        "../x",
        "a/../b",
        "a/%2E%2e/b",
        "a?b",
        "a#b",
        "a\\b",
        "a//b",
        "",
    ] {
        refused(&ITEM, |request| {
            request.path("id", "i", None);
            request.path_unencoded("part", value, None);
        })
        .await;
    }
}

#[tokio::test]
async fn query_values_are_encoded_and_replaced() {
    let seen = seen(&GET, |request| {
        request.query("text", "a b&c=d+e");
        request.query("number", 1);
        request.query("number", 2.5);
    })
    .await;
    assert_eq!(
        seen.target,
        "/things?api-version=2025-01-01&text=a%20b%26c%3Dd%2Be&number=2.5"
    );
}

use Collection::{Csv, Multi, Pipes, Ssv, Tsv};

const ALL: [Collection; 5] = [Csv, Ssv, Tsv, Pipes, Multi];

/// Lists, and what goes out of them in the order of [`ALL`]; `None` where nothing can go out.
type Lists = [(&'static [&'static str], [Option<&'static str>; 5])];

#[tokio::test]
async fn lists_in_a_query_keep_their_items_apart_or_are_refused() {
    let lists: &Lists = &[
        // An empty list is an empty value, unless each item has its own.
        (
            &[],
            [Some("&l="), Some("&l="), Some("&l="), Some("&l="), Some("")],
        ),
        (&[""], [Some("&l="); 5]),
        (
            &["1", "2"],
            [
                Some("&l=1,2"),
                Some("&l=1%202"),
                Some("&l=1%092"),
                Some("&l=1%7C2"),
                Some("&l=1&l=2"),
            ],
        ),
        (
            &["a", "", "é&="],
            [
                Some("&l=a,,%C3%A9%26%3D"),
                Some("&l=a%20%20%C3%A9%26%3D"),
                Some("&l=a%09%09%C3%A9%26%3D"),
                Some("&l=a%7C%7C%C3%A9%26%3D"),
                Some("&l=a&l=&l=%C3%A9%26%3D"),
            ],
        ),
        (
            &["a,b", "c d+e"],
            [
                Some("&l=a%2Cb,c%20d%2Be"),
                Some("&l=a%2Cb%20c+d%2Be"),
                Some("&l=a%2Cb%09c%20d%2Be"),
                Some("&l=a%2Cb%7Cc%20d%2Be"),
                Some("&l=a%2Cb&l=c%20d%2Be"),
            ],
        ),
        (
            &["a\tb|c"],
            [
                Some("&l=a%09b%7Cc"),
                Some("&l=a%09b%7Cc"),
                None,
                None,
                Some("&l=a%09b%7Cc"),
            ],
        ),
    ];
    for (items, expected) in lists {
        for (collection, sent) in ALL.into_iter().zip(expected) {
            let build = |request: &mut Request| request.query_list("l", *items, collection);
            match sent {
                Some(sent) => {
                    let target = seen(&GET, build).await.target;
                    let expected = format!("/things?api-version=2025-01-01{sent}");
                    assert_eq!(target, expected, "{items:?} {collection:?}");
                }
                None => {
                    let error = refused(&GET, build).await;
                    assert!(error.contains("`l`: an item holds"), "{error}");
                }
            }
        }
    }
}

#[tokio::test]
async fn lists_in_a_path_keep_their_items_apart_or_are_refused() {
    let lists: &Lists = &[
        (&[], [None; 5]),
        (&[""], [None; 5]),
        (
            &["1", "2"],
            [
                Some("1,2"),
                Some("1%202"),
                Some("1%092"),
                Some("1%7C2"),
                Some("1,2"),
            ],
        ),
        (
            &["a,b", "", "c/d e"],
            [
                Some("a%2Cb,,c%2Fd%20e"),
                None,
                Some("a%2Cb%09%09c%2Fd%20e"),
                Some("a%2Cb%7C%7Cc%2Fd%20e"),
                Some("a%2Cb,,c%2Fd%20e"),
            ],
        ),
    ];
    for (items, expected) in lists {
        for (collection, sent) in ALL.into_iter().zip(expected) {
            let build = |request: &mut Request| {
                request.path("id", "i", None);
                request.path_list("part", *items, collection, None);
            };
            match sent {
                Some(sent) => {
                    let target = seen(&ITEM, build).await.target;
                    let expected = format!("/items/i:verb/parts/{sent}?api-version=2025-01-01");
                    assert_eq!(target, expected, "{items:?} {collection:?}");
                }
                None => drop(refused(&ITEM, build).await),
            }
        }
    }
}

#[tokio::test]
async fn lists_in_a_header_keep_their_items_apart_or_are_refused() {
    let lists: &Lists = &[
        (
            &["1", "2"],
            [
                Some("1,2"),
                Some("1 2"),
                Some("1\t2"),
                Some("1|2"),
                Some("1,2"),
            ],
        ),
        (
            &["a,b", "c d"],
            [None, None, Some("a,b\tc d"), Some("a,b|c d"), None],
        ),
    ];
    for (items, expected) in lists {
        for (collection, sent) in ALL.into_iter().zip(expected) {
            let build = |request: &mut Request| request.header_list("x-list", *items, collection);
            match sent {
                Some(sent) => {
                    let head = seen(&GET, build).await;
                    assert_eq!(
                        head.header("x-list"),
                        Some(*sent),
                        "{items:?} {collection:?}"
                    );
                }
                None => drop(refused(&GET, build).await),
            }
        }
    }
    let empty = seen(&GET, |request| {
        request.header_list("x-list", [0; 0], Csv);
    });
    assert_eq!(empty.await.header("x-list"), None);
}

#[tokio::test]
async fn lists_in_a_form_keep_their_items_apart_or_are_refused() {
    for (collection, sent) in [
        (Csv, Some("l=a%2Cb,c%20d&none=&n=1")),
        (Ssv, Some("l=a%2Cb%20c+d&none=&n=1")),
        (Multi, Some("l=a%2Cb&l=c%20d&n=1")),
        (Pipes, Some("l=a%2Cb%7Cc%20d&none=&n=1")),
    ] {
        let seen = seen(&POST, |request| {
            request.form_list("l", ["a,b", "c d"], collection);
            request.form_list("none", [""; 0], collection);
            request.form_field("n", 1);
        });
        let body = seen.await.body;
        assert_eq!(std::str::from_utf8(&body).ok(), sent, "{collection:?}");
    }
    // A field of a multipart form has no escapes.
    let error = refused(&POST, |request| {
        request.multipart();
        request.form_list("l", ["a,b"], Csv);
    });
    assert!(error.await.contains("a comma"));
}

static UNVERSIONED: Service = Service {
    api_version: "",
    ..SERVICE
};

#[tokio::test]
async fn no_api_version_goes_where_none_is_declared() {
    let server = Server::always(reply(200, &[], "{}")).await;
    let versioned = server.pipeline(&SERVICE, None, ClientOptions::new());
    let request = versioned.request_without_version(&GET);
    versioned.send(request).await.expect("sent");
    let unversioned = server.pipeline(&UNVERSIONED, None, ClientOptions::new());
    let mut request = unversioned.request(&GET);
    request.query("a", 1);
    unversioned.send(request).await.expect("sent");
    unversioned.raw(Method::GET, "/raw").await.expect("sent");
    let targets: Vec<String> = server.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(targets, ["/things", "/things?a=1", "/raw"]);
}

#[tokio::test]
async fn constants_of_the_path_may_be_empty() {
    let seen = seen(&ITEM, |request| {
        request.path_constant("id", "a/b");
        request.path_constant("part", "");
    })
    .await;
    assert_eq!(
        seen.target,
        "/items/a%2Fb:verb/parts/?api-version=2025-01-01"
    );
}

#[tokio::test]
async fn body_headers_and_options_arrive() {
    let seen = seen(&POST, |request| {
        request.json("application/geo+json", &[1, 2]);
        request.header("Accept-Language", "de");
        request.options(CallOptions::new().header("x-own", "yes"));
    })
    .await;
    assert_eq!(seen.method, "POST");
    assert_eq!(seen.body, b"[1,2]");
    assert_eq!(seen.header("content-type"), Some("application/geo+json"));
    assert_eq!(seen.header("accept"), Some("application/json"));
    assert_eq!(seen.header("accept-language"), Some("de"));
    assert_eq!(seen.header("x-own"), Some("yes"));
    let agent = seen.header("user-agent").expect("agent");
    assert!(agent.starts_with("azsdk-rust-maps-test/0.1.0 ("), "{agent}");
}

#[tokio::test]
async fn illegal_header_of_the_options_is_the_error() {
    for (name, value) in [("x y", "a"), ("x-own", "a\nb"), ("", "a")] {
        refused(&GET, |request| {
            request.options(CallOptions::new().header(name, value))
        })
        .await;
    }
}

#[tokio::test]
async fn operation_id_is_made_once_shown_and_repeated() {
    let server = Server::script(vec![
        reply(503, &[("retry-after", "0")], ""),
        reply(200, &[], "{}"),
    ])
    .await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let mut request = pipeline.request(&server::PUT);
    request.operation_id("Operation-Id", None, None);
    let id = request.named_operation().expect("made").to_owned();
    pipeline.send(request).await.expect("second try");
    let ids: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("operation-id").map(str::to_owned))
        .collect();
    assert_eq!(ids, [Some(id.clone()), Some(id)]);
}

#[tokio::test]
async fn endpoint_path_is_in_front_of_all_paths() {
    let server = Server::always(reply(200, &[], "{}")).await;
    let pipeline = server::pipeline(
        &format!("{}/gw/", server.url),
        &SERVICE,
        None,
        ClientOptions::new(),
    )
    .expect("valid");
    pipeline.send(pipeline.request(&GET)).await.expect("sent");
    pipeline.raw(Method::GET, "/other").await.expect("sent");
    let targets: Vec<_> = server.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(
        targets,
        [
            "/gw/things?api-version=2025-01-01",
            "/gw/other?api-version=2025-01-01"
        ]
    );
}

#[tokio::test]
async fn raw_requests_keep_their_query() {
    let server = Server::always(reply(200, &[], "{}")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    for (path, target) in [
        ("/a?x=1", "/a?x=1&api-version=2025-01-01"),
        ("/a?Api-Version=7", "/a?Api-Version=7"),
        (
            "//evil.example/a",
            "//evil.example/a?api-version=2025-01-01",
        ),
    ] {
        pipeline.raw(Method::GET, path).send().await.expect("sent");
        assert_eq!(server.seen().pop().expect("seen").target, target);
    }
    let before = server.count();
    for path in [
        "",
        "a",
        "https://evil.example/",
        "/a/../b",
        "/%2e%2E/b",
        "/a#b",
        "/a\nb",
        "/a\\b",
        "/a?b#c",
    ] {
        let error = pipeline
            .raw(Method::GET, path)
            .send()
            .await
            .expect_err(path);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }
    assert_eq!(server.count(), before);
}

#[tokio::test]
async fn head_of_what_may_be_absent_gives_a_bool() {
    let server = Server::script(vec![
        reply(404, &[], ""),
        reply(200, &[], ""),
        reply(403, &[], ""),
    ])
    .await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let ask = || pipeline.exists::<maps_core::HeaderMap>(pipeline.request(&GET));
    assert!(!ask().await.expect("404").into_body());
    assert!(ask().await.expect("200").into_body());
    assert_eq!(
        ask()
            .await
            .expect_err("403")
            .status()
            .map(|status| status.as_u16()),
        Some(403)
    );
}

#[test]
fn settings_that_cannot_work_are_refused_when_built() {
    let build = |url: &str, credential: Option<Credential>, version: Option<&str>| {
        let mut host = HostSettings::new();
        if !url.is_empty() {
            host.endpoint(url);
        }
        let version = version.map(str::to_owned);
        Pipeline::new(&SERVICE, &host, credential, version, ClientOptions::new()).map(drop)
    };
    let key = |text: &str| Some(Credential::from(SubscriptionKey::new(text)));
    assert!(build("http://api.example", None, None).is_ok());
    assert!(build("http://localhost:1", key("key"), None).is_ok());
    for (url, credential, version) in [
        ("", None, None),
        ("http://api.example", key("key"), None),
        ("https://api.example", key(""), None),
        ("https://api.example", key("key\n"), None),
        ("https://api.example", key("key"), Some("")),
        ("https://api.example", key("key"), Some(" ")),
        ("https://user:pass@api.example", None, None),
    ] {
        let error = build(url, credential, version).expect_err(url);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }
}

#[tokio::test]
async fn user_agent_of_the_call_or_of_a_policy_is_sent_in_place_of_the_clients() {
    use maps_core::{BoxFuture, HeaderValue, HttpRequest, Next, Policy, RawResponse, Result};

    #[derive(Debug)]
    struct Agent;

    impl Policy for Agent {
        fn send<'a>(
            &'a self,
            request: &'a mut HttpRequest,
            next: Next<'a>,
        ) -> BoxFuture<'a, Result<RawResponse>> {
            let agent = HeaderValue::from_static("policy/2");
            request.headers.insert("user-agent", agent);
            next.send(request)
        }
    }

    let seen = seen(&GET, |request| {
        request.options(CallOptions::new().header("User-Agent", "call/1"));
    })
    .await;
    assert_eq!(seen.header("user-agent"), Some("call/1"));

    let server = Server::always(reply(200, &[], "{}")).await;
    let options = ClientOptions::new().per_call_policy(std::sync::Arc::new(Agent));
    let pipeline = server.pipeline(&SERVICE, None, options);
    pipeline.send(pipeline.request(&GET)).await.expect("sent");
    assert_eq!(server.seen()[0].header("user-agent"), Some("policy/2"));
}

#[tokio::test]
async fn unencoded_query_keeps_its_parameters_and_ends_with_the_query() {
    let seen = seen(&GET, |request| {
        request.query_unencoded("first", "1");
        request.query_unencoded("first", "a%20b&second=c/d");
        request.query("third", "3");
    })
    .await;
    assert_eq!(
        seen.target,
        "/things?api-version=2025-01-01&first=a%20b&second=c/d&third=3"
    );
    for value in ["a#b", "a b", "a\nb"] {
        refused(&GET, |request| request.query_unencoded("first", value)).await;
    }
}
