//! Lists that come in pages.

use maps_core::service::{FollowingPages, Operation};
use maps_core::{ContinuationToken, ErrorKind, ForeignOrigins, Method, Pager, Pipeline};
use serde::Deserialize;

use crate::server::*;

static LIST: Operation = Operation {
    id: "Thing_List",
    method: Method::GET,
    path: "/things",
    accept: "application/json",
    redirects: &[],
};

#[derive(Debug, Deserialize)]
struct Page {
    #[serde(default)]
    value: Vec<u32>,
    #[serde(rename = "nextLink")]
    next_link: Option<String>,
}

fn pager(client: &Pipeline) -> Pager<u32, Page> {
    Pager::new(
        client.clone(),
        client.request(&LIST),
        |page| page.next_link.as_deref(),
        |page| page.value,
    )
}

async fn three_pages() -> Server {
    Server::start(
        |seen| match (seen.path.as_str(), seen.query.contains("page=2")) {
            ("/things", false) => reply(200).json(
                r#"{"value":[1,2],"nextLink":"/things?page=2&subscription-key=canary-of-the-key"}"#,
            ),
            ("/things", true) => reply(200)
                .json(r#"{"value":[],"nextLink":"last/3?Api-Version=9&n=1&api-version=8"}"#),
            _ => reply(200).json(r#"{"value":[3],"nextLink":""}"#),
        },
    )
    .await
}

async fn collect(mut pager: Pager<u32, Page>) -> Vec<u32> {
    let mut items = Vec::new();
    while let Some(item) = pager.next().await {
        items.push(item.unwrap());
    }
    assert!(pager.next().await.is_none());
    items
}

#[tokio::test]
async fn items_of_all_pages_come_in_order() {
    let server = three_pages().await;
    let client = server.client();
    let mut pager = pager(&client);
    pager.request_mut().query("filter", "a b");
    assert_eq!(collect(pager).await, [1, 2, 3]);
    let queries: Vec<String> = server.seen().into_iter().map(|seen| seen.query).collect();
    assert_eq!(
        queries,
        [
            "api-version=1.0&filter=a%20b",
            "page=2&api-version=1.0",
            "api-version=1.0&n=1"
        ]
    );
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.headers["subscription-key"] == KEY)
    );
}

#[tokio::test]
async fn links_of_a_list_without_api_version_are_given_that_of_the_service() {
    let server = three_pages().await;
    let client = server.client();
    let pager = Pager::new(
        client.clone(),
        client.request_without_version(&LIST),
        |page: &Page| page.next_link.as_deref(),
        |page| page.value,
    );
    assert_eq!(collect(pager).await, [1, 2, 3]);
    let queries: Vec<String> = server.seen().into_iter().map(|seen| seen.query).collect();
    // Another version is the service's own choice, where the list declares none.
    assert_eq!(
        queries,
        [
            "",
            "page=2&api-version=1.0",
            "Api-Version=9&n=1&api-version=8"
        ]
    );
}

#[tokio::test]
async fn pages_of_a_list_with_a_version_of_its_own_keep_that() {
    let server = three_pages().await;
    let client = server.client();
    let mut first = client.request_without_version(&LIST);
    first.query("api-version", "0.9");
    let pager = Pager::new(
        client.clone(),
        first,
        |page: &Page| page.next_link.as_deref(),
        |page| page.value,
    );
    assert_eq!(collect(pager).await, [1, 2, 3]);
    let queries: Vec<String> = server.seen().into_iter().map(|seen| seen.query).collect();
    assert_eq!(
        queries,
        [
            "api-version=0.9",
            "page=2&api-version=0.9",
            "api-version=0.9&n=1"
        ]
    );
}

#[tokio::test]
async fn links_that_are_no_part_of_a_path_are_errors_of_the_service() {
    for link in ["../things", "a\\..\\..\\admin", ".\t./admin", "a//b"] {
        let server = Server::start(move |_| {
            let page = serde_json::json!({ "value": [1], "nextLink": link });
            reply(200).json(&page.to_string())
        })
        .await;
        let client = server.client();
        let mut first = client.request(&FIRST);
        first.path("tenant", "a", None);
        let mut pager = Pager::with_following(
            client.clone(),
            first,
            |page: &Page| page.next_link.as_deref(),
            |page| page.value,
            &REST,
        );
        assert_eq!(pager.next().await.expect("an item").expect("good"), 1);
        let error = pager.next().await.expect("an end").expect_err(link);
        assert_eq!(error.kind(), ErrorKind::Decode, "{link}");
        assert!(error.may_have_been_sent());
        assert_eq!(server.seen().len(), 1, "{link}");
    }
}

#[tokio::test]
async fn parameters_of_the_caller_go_to_no_foreign_origin() {
    let foreign = Server::start(|_| reply(200).json(r#"{"value":[2]}"#)).await;
    let link = format!("{}/p2?a=1", foreign.url);
    let server = Server::start(move |_| {
        let page = serde_json::json!({ "value": [1], "nextLink": link });
        reply(200).json(&page.to_string())
    })
    .await;
    let options = server
        .options()
        .foreign_origins(ForeignOrigins::WithoutCredentials);
    let client = server.client_with(options);
    let mut first = client.request(&LIST);
    first.query("filter", "where I live");
    let pager = Pager::with_following(
        client.clone(),
        first,
        |page: &Page| page.next_link.as_deref(),
        |page| page.value,
        &BEHIND,
    );
    assert_eq!(collect(pager).await, [1, 2]);
    assert_eq!(foreign.seen()[0].query, "a=1");
}

#[tokio::test]
async fn a_token_continues_at_the_next_page_and_holds_no_key() {
    let server = three_pages().await;
    let client = server.client();
    let mut pages = pager(&client).pages();
    assert!(pages.continuation_token().is_none());
    assert_eq!(pages.next().await.unwrap().unwrap().body().value, [1, 2]);
    let token = pages.continuation_token().unwrap().to_string();
    assert!(!token.contains("canary"), "{token}");
    let mut continued = pager(&server.client());
    continued
        .continue_from(&ContinuationToken::from(token))
        .unwrap();
    assert_eq!(collect(continued).await, [3]);
    let evil = ContinuationToken::from("https://evil.example/things");
    assert_eq!(
        pager(&client).continue_from(&evil).unwrap_err().kind(),
        ErrorKind::ResumeToken
    );
}

#[tokio::test]
async fn a_token_keeps_cursors_whatever_they_are_called() {
    for query in ["token=abc", "key=7&code=x%26y", "Token=1&code="] {
        let server = Server::start(move |seen| match seen.query.contains(query) {
            false => {
                let link = format!("/things?{query}&sig=s&access_token=t&Subscription-Key={KEY}");
                let page = serde_json::json!({ "value": [1], "nextLink": link });
                reply(200).json(&page.to_string())
            }
            true => reply(200).json(r#"{"value":[2]}"#),
        })
        .await;
        let mut pages = pager(&server.client()).pages();
        assert_eq!(pages.next().await.unwrap().unwrap().body().value, [1]);
        let token = pages.continuation_token().unwrap();
        assert!(token.to_string().ends_with(query), "{token}");
        let mut continued = pager(&server.client());
        continued.continue_from(&token).unwrap();
        assert_eq!(collect(continued).await, [2]);
    }
}

#[tokio::test]
async fn a_token_keeps_the_order_and_the_escapes_of_a_query() {
    let server = Server::start(|_| {
        let link = "/list?api-version=2.0&%24skip=a%2Bb&Subscription%2DKey=K&sig=S&x";
        let page = serde_json::json!({ "value": [1], "nextLink": link });
        reply(200).json(&page.to_string())
    })
    .await;
    let mut pages = pager(&server.client()).pages();
    pages.next().await.unwrap().unwrap();
    let token = pages.continuation_token().unwrap();
    let page = format!("{}/list?api-version=2.0&%24skip=a%2Bb&x", server.url);
    assert_eq!(token.to_string(), page);
    let json = serde_json::to_string(&token).unwrap();
    let read: ContinuationToken = serde_json::from_str(&json).unwrap();
    assert_eq!(read, token);
}

#[tokio::test]
async fn without_what_names_the_page_there_is_no_token() {
    for link in [
        format!("/{KEY}/things"),
        "/things?page=2&api-key=x".to_owned(),
        "/things?page=2&Authorization=x".to_owned(),
    ] {
        let page = serde_json::json!({ "value": [1], "nextLink": link }).to_string();
        let server = Server::start(move |_| reply(200).json(&page)).await;
        let mut pages = pager(&server.client()).pages();
        pages.next().await.unwrap().unwrap();
        assert_eq!(pages.continuation_token(), None, "{link}");
    }
}

#[tokio::test]
async fn an_error_ends_the_stream_and_the_token_leads_to_the_page() {
    let server = Server::start(|seen| match (seen.query.contains("page=2"), seen.earlier) {
        (false, _) => reply(200).json(r#"{"value":[1],"nextLink":"/things?page=2"}"#),
        (true, 1) => reply(403),
        _ => reply(200).json(r#"{"value":[2]}"#),
    })
    .await;
    let client = server.client();
    let mut list = pager(&client);
    assert_eq!(list.next().await.unwrap().unwrap(), 1);
    assert_eq!(
        list.next().await.unwrap().unwrap_err().status().unwrap(),
        403
    );
    assert!(list.next().await.is_none());
    let token = list.continuation_token().unwrap();
    list.continue_from(&token).unwrap();
    assert_eq!(list.next().await.unwrap().unwrap(), 2);
}

#[tokio::test]
async fn a_foreign_next_link_is_refused_after_the_items_before_it() {
    let server =
        Server::start(|_| reply(200).json(r#"{"value":[1],"nextLink":"https://evil.example/2"}"#))
            .await;
    let mut list = pager(&server.client());
    assert_eq!(list.next().await.unwrap().unwrap(), 1);
    assert_eq!(
        list.next().await.unwrap().unwrap_err().kind(),
        ErrorKind::Untrusted
    );
    assert!(list.next().await.is_none());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_end_with_an_error() {
    let server = Server::start(|seen| {
        let next = if seen.query.contains("page=2") { 3 } else { 2 };
        reply(200).json(&format!(
            r#"{{"value":[],"nextLink":"/things?page={next}"}}"#
        ))
    })
    .await;
    let mut list = pager(&server.client());
    let error = list.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(list.next().await.is_none());
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn next_dropped_in_flight_asks_for_no_page_twice() {
    let server = three_pages().await;
    let mut list = pager(&server.client());
    let mut items = Vec::new();
    loop {
        tokio::select! {
            biased;
            item = list.next() => match item {
                Some(item) => items.push(item.unwrap()),
                None => break,
            },
            () = tokio::task::yield_now() => {}
        }
    }
    assert_eq!(items, [1, 2, 3]);
    assert_eq!(server.seen().len(), 3);
}

/// Pages whose links are the rest of the path of an operation of their own.
static REST: FollowingPages = FollowingPages {
    path: Some(("/tenants/{tenant}/things/{next}", "next")),
    query: &["filter", "top", "expand"],
    constants: &[("expand", "a b")],
};

/// Pages at their links, whose operation has parameters of its own.
static BEHIND: FollowingPages = FollowingPages { path: None, ..REST };

static FIRST: Operation = Operation {
    id: "Thing_ListOfTenant",
    method: Method::GET,
    path: "/tenants/{tenant}/things",
    accept: "application/json",
    redirects: &[],
};

/// Asks for a page and for the one behind its link, and says where that was.
async fn second_page(link: &'static str, following: &'static FollowingPages) -> String {
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/tenants/a%2Fb/things" => {
            let page = serde_json::json!({ "value": [1], "nextLink": link });
            reply(200).json(&page.to_string())
        }
        _ => reply(200).json(r#"{"value":[2]}"#),
    })
    .await;
    let client = server.client();
    let mut first = client.request(&FIRST);
    first.path("tenant", "a/b", None);
    first.query("filter", "x y");
    first.query("first", "only");
    first.query("expand", "a b");
    first.header("accept-language", "nl");
    first.header("if-none-match", "\"of the first page\"");
    let pager = Pager::with_following(
        client.clone(),
        first,
        |page: &Page| page.next_link.as_deref(),
        |page| page.value,
        following,
    );
    assert_eq!(collect(pager).await, [1, 2]);
    let seen = server.seen();
    assert!(
        seen.iter()
            .all(|seen| seen.headers["accept-language"] == "nl")
    );
    assert!(!seen[1].headers.contains_key("if-none-match"));
    format!("{}?{}", seen[1].path, seen[1].query)
}

#[tokio::test]
async fn pages_of_an_operation_of_their_own_share_the_values_of_the_first_request() {
    for (link, following, at) in [
        (
            "page?skip=1",
            &REST,
            "/tenants/a%2Fb/things/page?skip=1&filter=x%20y&expand=a%20b&api-version=1.0",
        ),
        (
            "page/2?filter=other&expand=#top",
            &REST,
            "/tenants/a%2Fb/things/page/2?filter=other&expand=&api-version=1.0",
        ),
        (
            "/elsewhere?api-version=9",
            &REST,
            "/elsewhere?api-version=1.0&filter=x%20y&expand=a%20b",
        ),
        (
            "more?skip=1",
            &BEHIND,
            "/tenants/a%2Fb/more?skip=1&filter=x%20y&expand=a%20b&api-version=1.0",
        ),
    ] {
        assert_eq!(second_page(link, following).await, at, "{link}");
    }
}
