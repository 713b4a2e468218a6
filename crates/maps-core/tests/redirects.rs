//! Redirects: what is followed, and with what.

#[path = "support/server.rs"]
mod server;

use maps_core::service::Operation;
use maps_core::{ClientOptions, Credential, ErrorKind, ForeignOrigins, Method, SubscriptionKey};

use server::{GET, POST, PUT, QUERY_SERVICE, SERVICE, Seen, Server, reply};

static HEAD: Operation = Operation {
    id: "Things_Head",
    method: Method::HEAD,
    ..GET
};

fn key() -> Option<Credential> {
    Some(SubscriptionKey::new("secret-key").into())
}

#[tokio::test]
async fn redirects_are_followed_where_they_change_nothing() {
    for (operation, followed) in [
        (&GET, [true, true, true, true, true]),
        (&HEAD, [true, true, true, true, true]),
        (&POST, [false, false, true, true, true]),
        (&PUT, [false, false, true, true, true]),
    ] {
        for (status, followed) in [301, 302, 303, 307, 308].into_iter().zip(followed) {
            let server = Server::script(vec![
                reply(status, &[("location", "/moved?x=1")], ""),
                reply(200, &[], ""),
            ])
            .await;
            let pipeline = server.pipeline(&SERVICE, key(), ClientOptions::new());
            let mut request = pipeline.request(operation);
            request.bytes("text/plain", "body");
            let outcome = pipeline.send(request).await;
            let seen = server.seen();
            if followed {
                assert_eq!(
                    (outcome.expect("no error").status().as_u16(), seen.len()),
                    (200, 2),
                    "{status} {}",
                    operation.id
                );
                assert_eq!(seen[1].target, "/moved?x=1");
                assert_eq!(seen[1].header("subscription-key"), Some("secret-key"));
                if status == 303 && !operation.method.is_safe() {
                    assert_eq!(seen[1].method, "GET");
                    assert_eq!(seen[1].body, b"");
                    assert_eq!(seen[1].header("content-type"), None);
                    assert_eq!(seen[1].header("content-length"), None);
                } else {
                    assert_eq!(seen[1].method, operation.method.as_str());
                    assert_eq!(seen[1].body, b"body");
                    assert_eq!(seen[1].header("content-type"), Some("text/plain"));
                }
            } else {
                let error = outcome.expect_err("nothing was done");
                assert_eq!(error.kind(), ErrorKind::Service);
                assert_eq!(
                    (error.status().map(|status| status.as_u16()), seen.len()),
                    (Some(status), 1),
                    "{status} {}",
                    operation.id
                );
                assert_eq!(error.headers().expect("kept")["location"], "/moved?x=1");
            }
        }
    }
}

#[tokio::test]
async fn preferred_choice_is_followed_where_it_changes_nothing() {
    for (operation, location, status, requests) in [
        (&GET, Some("/moved"), 200, 2),
        (&HEAD, Some("/moved"), 200, 2),
        (&POST, Some("/moved"), 300, 1),
        (&GET, None, 300, 1),
    ] {
        let headers: Vec<_> = location.iter().map(|to| ("location", *to)).collect();
        let server = Server::script(vec![reply(300, &headers, ""), reply(200, &[], "")]).await;
        let pipeline = server.pipeline(&SERVICE, key(), ClientOptions::new());
        let answer = pipeline.send(pipeline.request(operation)).await;
        let answer = answer.expect("no refusal");
        assert_eq!(
            (answer.status().as_u16(), server.count()),
            (status, requests),
            "{} {location:?}",
            operation.id
        );
    }
}

#[tokio::test]
async fn what_a_303_led_to_does_not_have_the_request_sent_again() {
    for status in [429, 503] {
        let server = Server::start(move |seen, _| match seen.method.as_str() {
            "POST" => reply(303, &[("location", "/done")], ""),
            _ => reply(status, &[("retry-after", "0")], ""),
        })
        .await;
        let pipeline = server.pipeline(&SERVICE, key(), ClientOptions::new());
        let mut request = pipeline.request(&POST);
        request.bytes("text/plain", "body");
        let error = pipeline.send(request).await.expect_err("not read");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert!(error.may_have_been_sent());
        let methods: Vec<_> = server.seen().into_iter().map(|seen| seen.method).collect();
        assert_eq!(methods, ["POST", "GET"], "{status}");
    }
}

#[tokio::test]
async fn what_was_done_is_not_done_again_because_its_result_could_not_be_read() {
    let server = Server::start(|seen, _| match seen.method.as_str() {
        "PUT" => reply(303, &[("location", "/done")], ""),
        _ => reply(503, &[("retry-after", "0")], ""),
    })
    .await;
    let pipeline = server.pipeline(&SERVICE, key(), ClientOptions::new());
    let mut request = pipeline.request(&PUT);
    request.bytes("text/plain", "body");
    request.header("if-none-match", "*");
    let error = pipeline.send(request).await.expect_err("not read");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
    let seen = server.seen();
    let methods: Vec<_> = seen.iter().map(|seen| seen.method.as_str()).collect();
    assert_eq!(methods, ["PUT", "GET"]);
    // A condition on what is replaced is none on what is read.
    assert_eq!(seen[0].header("if-none-match"), Some("*"));
    assert_eq!(seen[1].header("if-none-match"), None);
}

#[tokio::test]
async fn a_body_is_not_sent_on_to_a_foreign_origin_whatever_the_method() {
    let foreign = Server::always(reply(200, &[], "{}")).await;
    let location = foreign.url.clone() + "/x";
    let server = Server::always(reply(307, &[("location", &location)], "")).await;
    let options = ClientOptions::new().foreign_origins(ForeignOrigins::WithoutCredentials);
    let pipeline = server.pipeline(&SERVICE, key(), options);
    let mut request = pipeline.request(&GET);
    request.bytes("text/plain", "where I live");
    let error = pipeline.send(request).await.expect_err("not followed");
    assert_eq!((error.kind(), foreign.count()), (ErrorKind::Untrusted, 0));
}

#[tokio::test]
async fn a_303_to_a_foreign_origin_is_refused_or_read_without_credentials() {
    let foreign = Server::always(reply(200, &[], "{}")).await;
    let location = foreign.url.clone() + "/result";
    let server = Server::always(reply(303, &[("location", &location)], "")).await;
    let send = async |options: ClientOptions| {
        let pipeline = server.pipeline(&SERVICE, key(), options);
        let mut request = pipeline.request(&POST);
        request.bytes("text/plain", "where I live");
        pipeline.send(request).await
    };
    let error = send(ClientOptions::new()).await.expect_err("foreign");
    assert_eq!((error.kind(), foreign.count()), (ErrorKind::Untrusted, 0));
    assert_eq!(error.link(), Some(location.as_str()));
    assert!(error.may_have_been_sent());
    let anonymous = ClientOptions::new().foreign_origins(ForeignOrigins::WithoutCredentials);
    send(anonymous).await.expect("followed");
    let seen = foreign.seen().remove(0);
    assert_eq!((seen.method.as_str(), seen.body.len()), ("GET", 0));
    assert_eq!(seen.header("subscription-key"), None);
}

#[tokio::test]
async fn redirect_that_is_not_followed_is_an_error_with_its_status_headers_and_body() {
    static DELETE: Operation = Operation {
        id: "Things_Delete",
        method: Method::DELETE,
        ..GET
    };
    for status in [301, 302] {
        let login = [("location", "https://login.example/?next=%2Fthings")];
        let server = Server::always(reply(status, &login, "please sign in")).await;
        let pipeline = server.pipeline(&SERVICE, key(), ClientOptions::new());
        let raw = pipeline.raw(Method::DELETE, "/things");
        for outcome in [
            pipeline.send(pipeline.request(&DELETE)).await.err(),
            pipeline.exists::<()>(pipeline.request(&DELETE)).await.err(),
            pipeline.download(pipeline.request(&DELETE)).await.err(),
            raw.clone().send().await.err(),
            raw.download().await.err(),
        ] {
            let error = outcome.expect("nothing was done");
            assert_eq!(error.kind(), ErrorKind::Service);
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
            assert_eq!(error.headers().expect("kept")["location"], login[0].1);
            assert_eq!(error.body().expect("kept").as_ref(), b"please sign in");
            assert!(error.may_have_been_sent());
        }
        assert_eq!(server.count(), 5);
    }
}

#[tokio::test]
async fn redirect_that_the_operation_declares_is_an_answer() {
    static MOVED: Operation = Operation {
        id: "Things_Put",
        method: Method::PUT,
        redirects: &[301],
        ..GET
    };
    for (status, declared) in [(301, true), (302, false)] {
        let server = Server::always(reply(status, &[("location", "/moved")], "text")).await;
        let pipeline = server.pipeline(&SERVICE, key(), ClientOptions::new());
        let answer = pipeline.send(pipeline.request(&MOVED)).await;
        assert_eq!(answer.is_ok(), declared, "{status}");
        let exists = pipeline.exists::<()>(pipeline.request(&MOVED)).await;
        assert_eq!(exists.is_ok(), declared, "{status}");
        let download = pipeline.download(pipeline.request(&MOVED)).await;
        assert_eq!(download.is_ok(), declared, "{status}");
        if let Ok(answer) = answer {
            assert_eq!(answer.status().as_u16(), status);
            assert_eq!(answer.headers()["location"], "/moved");
        }
        assert_eq!(server.count(), 3);
    }
}

#[tokio::test]
async fn redirect_without_a_location_is_an_error() {
    let server = Server::always(reply(302, &[], "")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("it leads nowhere");
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(302));
}

#[tokio::test]
async fn something_is_there_only_when_the_service_says_so() {
    for (status, there) in [
        (200, Some(true)),
        (404, Some(false)),
        (302, None),
        (403, None),
    ] {
        let server = Server::always(reply(status, &[], "")).await;
        let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
        let answer = pipeline.exists::<()>(pipeline.request(&HEAD)).await;
        assert_eq!(answer.ok().map(|answer| *answer.body()), there, "{status}");
    }
}

#[tokio::test]
async fn endless_redirects_end() {
    let server = Server::always(reply(302, &[("location", "/again")], "")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("endless");
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(server.count(), 11);
}

#[tokio::test]
async fn foreign_redirect_is_refused_and_named() {
    let foreign = Server::always(reply(200, &[], "{}")).await;
    let location = foreign.url.clone() + "/steal";
    let server = Server::always(reply(307, &[("location", &location)], "")).await;
    let pipeline = server.pipeline(&SERVICE, key(), ClientOptions::new());
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("foreign");
    assert_eq!(error.kind(), ErrorKind::Untrusted);
    assert!(error.to_string().contains(&foreign.url), "{error}");
    assert_eq!(error.link(), Some(location.as_str()));
    assert_eq!((server.count(), foreign.count()), (1, 0));
}

/// What a foreign server sees when the caller opted in.
async fn opted_in(service: &'static maps_core::service::Service, location: &str) -> Seen {
    let foreign = Server::always(reply(200, &[], "{}")).await;
    let location = foreign.url.clone() + location;
    let server = Server::always(reply(302, &[("location", &location)], "")).await;
    let options = ClientOptions::new().foreign_origins(ForeignOrigins::WithoutCredentials);
    let pipeline = server.pipeline(service, key(), options);
    let mut request = pipeline.request(&GET);
    request.header("x-ms-client-id", "account");
    request.header("x-gateway-key", "secret");
    pipeline.send(request).await.expect("followed");
    foreign.seen().remove(0)
}

#[tokio::test]
async fn foreign_redirect_that_is_allowed_carries_nothing_secret() {
    for service in [&SERVICE, &QUERY_SERVICE] {
        let seen = opted_in(
            service,
            "/blob?sig=a%2Fb&subscription-key=secret-key&SUBSCRIPTION%2Dkey=x",
        )
        .await;
        assert_eq!(seen.target, "/blob?sig=a%2Fb");
        for name in ["subscription-key", "authorization", "x-ms-client-id"] {
            assert_eq!(seen.header(name), None, "{name}");
        }
        // A header of the caller's own may be the key of a gateway.
        assert_eq!(seen.header("x-gateway-key"), None);
        assert_eq!(seen.header("accept"), Some("application/json"));
    }
}

#[tokio::test]
async fn trusted_origin_gets_the_credential() {
    let other = Server::always(reply(200, &[], "{}")).await;
    let server = Server::always(reply(
        302,
        &[("location", &(other.url.clone() + "/x?subscription-key=old"))],
        "",
    ))
    .await;
    let options = ClientOptions::new().trusted_origin(&other.url);
    let pipeline = server.pipeline(&QUERY_SERVICE, key(), options);
    pipeline
        .send(pipeline.request(&GET))
        .await
        .expect("followed");
    assert_eq!(other.seen()[0].target, "/x?subscription-key=secret-key");
}

#[tokio::test]
async fn foreign_link_that_holds_the_key_is_refused_though_foreign_links_are_allowed() {
    let foreign = Server::always(reply(200, &[], "{}")).await;
    for part in ["/secret-key", "/x?k=secret%2Dkey"] {
        let location = foreign.url.clone() + part;
        let server = Server::always(reply(302, &[("location", &location)], "")).await;
        let options = ClientOptions::new().foreign_origins(ForeignOrigins::WithoutCredentials);
        let pipeline = server.pipeline(&SERVICE, key(), options);
        let error = pipeline
            .send(pipeline.request(&GET))
            .await
            .expect_err("a leak");
        assert_eq!((error.kind(), foreign.count()), (ErrorKind::Untrusted, 0));
    }
}

#[tokio::test]
async fn a_request_that_changes_something_is_not_sent_on_to_a_foreign_origin() {
    let foreign = Server::always(reply(200, &[], "{}")).await;
    let location = foreign.url.clone() + "/x";
    for operation in [&POST, &PUT] {
        let server = Server::always(reply(307, &[("location", &location)], "")).await;
        let options = ClientOptions::new().foreign_origins(ForeignOrigins::WithoutCredentials);
        let pipeline = server.pipeline(&SERVICE, key(), options);
        let mut request = pipeline.request(operation);
        request.bytes("text/plain", "where I live");
        let error = pipeline.send(request).await.expect_err("not followed");
        assert_eq!((error.kind(), foreign.count()), (ErrorKind::Untrusted, 0));
        assert_eq!(error.link(), Some(location.as_str()));
    }
}

#[tokio::test]
async fn a_foreign_server_cannot_have_a_request_signed_that_it_chose() {
    let server = Server::start(|_, _| reply(200, &[], "{}")).await;
    let back = server.url.clone() + "/of-its-choice";
    let foreign = Server::always(reply(302, &[("location", &back)], "")).await;
    let away = foreign.url.clone() + "/";
    let start = Server::always(reply(302, &[("location", &away)], "")).await;
    let options = ClientOptions::new()
        .foreign_origins(ForeignOrigins::WithoutCredentials)
        .trusted_origin(&server.url);
    let pipeline = start.pipeline(&SERVICE, key(), options);
    pipeline
        .send(pipeline.request(&GET))
        .await
        .expect("followed");
    assert_eq!(server.seen()[0].target, "/of-its-choice");
    assert_eq!(server.seen()[0].header("subscription-key"), None);
}

#[tokio::test]
async fn a_host_that_is_the_key_is_not_named() {
    let server = Server::always(reply(
        302,
        &[("location", "https://Secret-Key.evil.example/")],
        "",
    ))
    .await;
    for foreign in [ForeignOrigins::Refuse, ForeignOrigins::WithoutCredentials] {
        let options = ClientOptions::new().foreign_origins(foreign);
        let pipeline = server.pipeline(&SERVICE, key(), options);
        let error = pipeline
            .send(pipeline.request(&GET))
            .await
            .expect_err("foreign");
        assert_eq!(error.kind(), ErrorKind::Untrusted);
        // The URL parser writes hosts in lower case.
        let shown = format!("{error} {error:?} {:?}", error.link()).to_lowercase();
        assert!(!shown.contains("secret-key"), "{shown}");
        assert!(shown.contains("evil.example"), "{shown}");
    }
}

#[tokio::test]
async fn a_link_longer_than_any_url_is_an_error_that_keeps_its_front() {
    let location = format!("/{}", "ä".repeat(10_000));
    let server = Server::always(reply(302, &[("location", &location)], "")).await;
    let long = format!("/{}", "a".repeat(10_000));
    let other = Server::always(reply(302, &[("location", &long)], "")).await;
    // What is not ASCII is no redirect, what is too long is none that can be followed.
    let pipeline = server.pipeline(&SERVICE, key(), ClientOptions::new());
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("it leads nowhere");
    assert_eq!(error.kind(), ErrorKind::Service);
    let pipeline = other.pipeline(&SERVICE, key(), ClientOptions::new());
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("too long");
    assert_eq!((error.kind(), other.count()), (ErrorKind::Decode, 1));
    assert_eq!(error.link().map(str::len), Some(8 * 1024));
}
