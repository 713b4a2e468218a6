//! Which ids are taken, and how they are sent.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use maps_core::ErrorKind;
use maps_core::test_kit::VirtualClock;
use maps_data_registry::models::DataRegistry;
use maps_letter_tests::{
    Answer, DATASET_ID, ID, ScriptedServer, UDID, Who, creator, data_registry, options, route,
};

/// Forms of a UUID that parsers take and these services do not.
const REFUSED: [&str; 8] = [
    "bc3f93653ee04564aa27825016325557",
    "{bc3f9365-3ee0-4564-aa27-825016325557}",
    "urn:uuid:bc3f9365-3ee0-4564-aa27-825016325557",
    "bc3f9365-3ee0-4564-aa27-82501632555",
    "bc3f9365-3ee0-4564-aa27-8250163255577",
    "bc3f9365-3ee0-4564-aa27-825016325557\n",
    "bc3f9365-3ee0-4564-aa27-82501632555g",
    "",
];

#[tokio::test]
async fn route_id_forms() {
    let server = ScriptedServer::start([Answer::json(200, "{}")]).await;
    let client = route(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    for id in REFUSED {
        let error = client.get_route_operations_status(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
        assert!(!error.may_have_been_sent());
        let error = client.get_route_operations_result(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
        let error = client.attach_route_matrix(id).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn data_registry_operation_id_forms() {
    let server = ScriptedServer::start([Answer::json(200, "{}")]).await;
    let client = data_registry(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    for id in REFUSED {
        let error = client.get_operation(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
        let error = client.attach_register_or_replace(UDID, id).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
        let error = client.attach_register_or_replace(id, ID).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
        let submit = client.begin_register_or_replace(id, &DataRegistry::new());
        let error = submit.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
        let submit = client.begin_register_or_replace(UDID, &DataRegistry::new());
        let error = submit.operation_id(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn upper_case_ids_pass() {
    let server = ScriptedServer::start([Answer::json(200, "{}")]).await;
    let upper = ID.to_uppercase();
    let client = route(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    client.get_route_operations_status(&*upper).await.unwrap();
    let client = data_registry(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    client.get_operation(&*upper).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].path, format!("/route/operations/{upper}"));
    assert_eq!(seen[1].path, format!("/dataRegistries/operations/{upper}"));
}

#[tokio::test]
async fn upper_case_ids_attach() {
    let operation = ID.to_uppercase();
    let udid = UDID.to_uppercase();
    let clock = VirtualClock::running_ahead();
    let server = ScriptedServer::start([Answer::json(200, r#"{"status":"Running"}"#)]).await;
    let client = route(server.origin(), Who::Key, options(&clock));
    let mut poller = client.attach_route_matrix(&*operation).unwrap();
    assert_eq!(poller.id(), operation);
    poller.next().await.unwrap().unwrap();
    assert_eq!(
        server.seen()[0].path,
        format!("/route/operations/{operation}")
    );

    let completed = Answer::json(200, r#"{"status":"Completed"}"#);
    let server = ScriptedServer::start([completed, Answer::json(200, "{}")]).await;
    let client = data_registry(server.origin(), Who::Key, options(&clock));
    let poller = client.attach_register_or_replace(&*udid, &*operation);
    let poller = poller.unwrap();
    assert_eq!(poller.id(), operation);
    poller.await.unwrap();
    let paths: Vec<_> = server.seen().into_iter().map(|seen| seen.path).collect();
    assert_eq!(
        paths,
        [
            format!("/dataRegistries/operations/{operation}"),
            format!("/dataRegistries/{udid}")
        ]
    );
}

#[tokio::test]
async fn dataset_operation_id_is_any_string_and_one_segment() {
    let server = ScriptedServer::start([Answer::json(200, "{}")]).await;
    let client = creator(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    let sent = [
        (DATASET_ID, DATASET_ID),
        ("../keys", "..%2Fkeys"),
        ("a/b", "a%2Fb"),
        ("%2e%2e", "%252e%252e"),
        ("{x}", "%7Bx%7D"),
        ("a?b#c", "a%3Fb%23c"),
        ("grün", "gr%C3%BCn"),
    ];
    for (id, _) in sent {
        client.datasets().get_operation(id).await.unwrap();
    }
    let paths: Vec<_> = server
        .seen()
        .into_iter()
        .map(|request| request.path)
        .collect();
    assert_eq!(
        paths,
        sent.map(|(_, segment)| format!("/datasets/operations/{segment}"))
    );
    for id in ["", ".", ".."] {
        let error = client.datasets().get_operation(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
        let error = client.datasets().attach_create(id).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
    }
    assert_eq!(server.seen().len(), sent.len());
}

#[tokio::test]
async fn dataset_attaches_to_any_string_as_one_segment() {
    for (id, segment) in [
        (DATASET_ID, DATASET_ID),
        ("../keys", "..%2Fkeys"),
        ("a/b", "a%2Fb"),
        ("%2e%2e", "%252e%252e"),
        ("{x}", "%7Bx%7D"),
    ] {
        let server = ScriptedServer::start([Answer::json(200, r#"{"status":"Running"}"#)]).await;
        let options = options(&VirtualClock::running_ahead());
        let client = creator(server.origin(), Who::Key, options).datasets();
        let mut poller = client.attach_create(id).unwrap();
        assert_eq!(poller.id(), id);
        poller.next().await.unwrap().unwrap();
        let mut poller = client.resume_create(poller.resume_token()).unwrap();
        poller.next().await.unwrap().unwrap();
        for request in server.seen() {
            assert_eq!(request.path, format!("/datasets/operations/{segment}"));
        }
        assert_eq!(server.seen().len(), 2);
    }
}
