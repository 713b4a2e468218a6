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
        (&POST, [false, false, false, true, true]),
        (&PUT, [false, false, false, true, true]),
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
            let response = pipeline.send(request).await.expect("no error");
            let seen = server.seen();
            if followed {
                assert_eq!(
                    (response.status().as_u16(), seen.len()),
                    (200, 2),
                    "{status} {}",
                    operation.id
                );
                assert_eq!(seen[1].target, "/moved?x=1");
                assert_eq!(seen[1].method, operation.method.as_str());
                assert_eq!(seen[1].header("subscription-key"), Some("secret-key"));
                assert_eq!(seen[1].body, b"body");
            } else {
                assert_eq!(
                    (response.status().as_u16(), seen.len()),
                    (status, 1),
                    "{status} {}",
                    operation.id
                );
            }
        }
    }
}

#[tokio::test]
async fn redirect_without_a_location_is_handed_back() {
    let server = Server::always(reply(302, &[], "")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    assert_eq!(
        pipeline
            .send(pipeline.request(&GET))
            .await
            .expect("handed back")
            .status()
            .as_u16(),
        302
    );
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
    let status = pipeline.send(pipeline.request(&GET)).await.expect("handed");
    assert_eq!(status.status().as_u16(), 302);
    let pipeline = other.pipeline(&SERVICE, key(), ClientOptions::new());
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("too long");
    assert_eq!((error.kind(), other.count()), (ErrorKind::Decode, 1));
    assert_eq!(error.link().map(str::len), Some(8 * 1024));
}
