//! In which order and with what operations leave a watch.

use std::sync::Arc;
use std::time::Duration;

use maps_core::service::HostSettings;
use maps_core::{
    AccessToken, BoxFuture, EntraCredential, Error, ErrorKind, Event, Pipeline, PollingOptions,
    Result, TokenCredential,
};

use crate::server::{SERVICE, reply, status};
use crate::*;

#[tokio::test]
async fn results_are_given_as_operations_end() {
    // Operation 1 needs five polls, operation 5 one.
    let server = server(|number, seen| match seen.earlier + number {
        0..5 => status("Running"),
        _ => succeeded(number),
    })
    .await;
    let client = server.client_polling(each_second());
    let mut given = Vec::new();
    server
        .clock
        .run(async {
            let mut watch = watch_of(&client, 5).await;
            assert_eq!((watch.len(), watch.is_empty()), (5, false));
            while let Some(ended) = watch.next().await {
                assert_eq!(ended.result.unwrap()["result"], ended.key);
                assert_eq!(ended.poller.status().unwrap()["status"], "Succeeded");
                given.push((ended.key, server.clock.elapsed().as_secs()));
                assert_eq!(watch.len(), 5 - given.len());
            }
            assert!(watch.is_empty() && watch.next().await.is_none());
        })
        .await;
    assert_eq!(given, [(5, 1), (4, 2), (3, 3), (2, 4), (1, 5)]);
}

#[tokio::test]
async fn one_that_fails_ends_alone() {
    let server = server(|number, seen| match (number, seen.earlier) {
        (_, 0) => status("Running"),
        (2, _) => status("Failed"),
        (3, _) => reply(403).json(r#"{"error":{"code":"Forbidden"}}"#),
        (4, _) => reply(200).json("nonsense"),
        (5, _) => status("Succeeded").header("resource-location", "http://elsewhere.example/1"),
        _ => succeeded(number),
    })
    .await;
    let client = server.client_polling(each_second());
    let mut kinds = Vec::new();
    server
        .clock
        .run(async {
            let mut watch = watch_of(&client, 6).await;
            while let Some(ended) = watch.next().await {
                if let Err(error) = &ended.result {
                    let id = ended.key.to_string();
                    assert_eq!(error.operation_id(), Some(id.as_str()));
                    assert_eq!(error.resume_token(), Some(&ended.poller.resume_token()));
                }
                kinds.push((ended.key, ended.result.map_err(|error| error.kind()).err()));
            }
        })
        .await;
    kinds.sort_unstable_by_key(|(key, _)| *key);
    let expected = [
        (1, None),
        (2, Some(ErrorKind::Operation)),
        (3, Some(ErrorKind::Service)),
        (4, Some(ErrorKind::Decode)),
        (5, Some(ErrorKind::Untrusted)),
        (6, None),
    ];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn statuses_are_given_as_they_come() {
    let server = server(|number, seen| match seen.earlier {
        0 => status("NotStarted"),
        1 => status("Running"),
        _ => succeeded(number),
    })
    .await;
    let client = server.client_polling(each_second());
    let mut told = Vec::new();
    server
        .clock
        .run(async {
            let mut watch = watch_of(&client, 2).await;
            while let Some(event) = watch.next_event().await {
                told.push(match event {
                    Event::Status(key, poller) => (
                        *key,
                        poller.status().unwrap()["status"]
                            .as_str()
                            .unwrap()
                            .to_owned(),
                    ),
                    Event::Ended(ended) => (ended.key, ended.result.unwrap()["result"].to_string()),
                    _ => unreachable!("there are no others"),
                });
                let words = watch.iter().filter(|(_, poller)| poller.status().is_some());
                assert_eq!(words.count(), watch.len().min(told.len()));
            }
        })
        .await;
    let told: Vec<_> = told
        .iter()
        .map(|(key, word)| (*key, word.as_str()))
        .collect();
    assert_eq!(
        told[..4],
        [
            (1, "NotStarted"),
            (2, "NotStarted"),
            (1, "Running"),
            (2, "Running")
        ]
    );
    assert_eq!(told[4..], [(1, "1"), (2, "2")]);
}

#[tokio::test]
async fn one_out_of_time_is_given_back_and_can_be_watched_on() {
    let server = server(|number, seen| match (number, seen.earlier) {
        (1, 0..8) => status("Running"),
        _ => succeeded(number),
    })
    .await;
    let client = server.client_polling(each_second().timeout(Duration::from_secs(5)));
    let ends = server.clock.run(async {
        let mut ends = Vec::new();
        let mut watch = watch_of(&client, 3).await;
        while let Some(mut ended) = watch.next().await {
            match ended.result {
                Ok(result) => ends.push((ended.key, Some(result["result"].clone()))),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Timeout);
                    ends.push((ended.key, None));
                    ended.poller.extend_timeout(Duration::from_secs(60));
                    watch.add(ended.key, ended.poller);
                }
            }
        }
        ends
    });
    let ends = ends.await;
    assert_eq!(ends[2..], [(1, None), (1, Some(1.into()))]);
    assert_eq!(polls_of(&server, 1), 9);
}

#[tokio::test]
async fn one_whose_deadline_is_before_its_next_poll_ends_at_once() {
    let server = server(|_, _| status("Running").header("retry-after", "100")).await;
    let client = server.client_polling(each_second().timeout(Duration::from_secs(50)));
    let error = server.clock.run(async {
        let mut watch = watch_of(&client, 1).await;
        watch.next().await.unwrap().result.unwrap_err()
    });
    assert_eq!(error.await.kind(), ErrorKind::Timeout);
    assert_eq!(server.clock.elapsed(), Duration::from_secs(1));
}

#[tokio::test]
async fn one_that_is_told_to_wait_does_not_hold_up_the_others() {
    let server = server(|number, seen| match (number % 2, seen.earlier) {
        (0, 0) => reply(429).header("retry-after", "30"),
        (_, 0..3) => status("Running"),
        _ => succeeded(number),
    })
    .await;
    let client = server.client_polling(each_second());
    let ends = server.clock.run(async {
        let mut ends = Vec::new();
        let mut watch = watch_of(&client, 6).await;
        while let Some(ended) = watch.next().await {
            ended.result.unwrap();
            ends.push((ended.key, server.clock.elapsed().as_secs()));
        }
        ends
    });
    let expected = [(1, 4), (3, 4), (5, 4), (2, 33), (4, 33), (6, 33)];
    assert_eq!(ends.await, expected);
}

#[derive(Debug)]
struct NoToken;

impl TokenCredential for NoToken {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        Box::pin(async {
            let url = "http://127.0.0.1:9";
            let mut host = HostSettings::new();
            host.endpoint(url);
            // Any error will do.
            let refused: Error = Pipeline::new(
                &SERVICE,
                &host,
                None,
                Some(String::new()),
                Default::default(),
            )
            .map(drop)
            .unwrap_err();
            Err(refused)
        })
    }
}

#[tokio::test]
async fn a_credential_that_fails_ends_only_what_needs_it() {
    let server = server(|number, _| succeeded(number)).await;
    let client = server.client_polling(each_second());
    let mut host = HostSettings::new();
    host.endpoint(server.url.as_str());
    let credential = EntraCredential::new(NoToken).into();
    let options = server.options().polling(each_second());
    let signed_out = Pipeline::new(&SERVICE, &host, Some(credential), None, options).unwrap();
    let ends = server.clock.run(async {
        let mut watch = watch_of(&client, 3).await;
        let lost = signed_out
            .attach(&crate::server::RESOURCE_LOCATION, None, "7")
            .unwrap();
        watch.add(7, lost);
        let mut ends = Vec::new();
        while let Some(ended) = watch.next().await {
            ends.push((ended.key, ended.result.map_err(|error| error.kind()).err()));
        }
        ends
    });
    let mut ends = ends.await;
    ends.sort_unstable_by_key(|(key, _)| *key);
    assert_eq!(
        ends,
        [
            (1, None),
            (2, None),
            (3, None),
            (7, Some(ErrorKind::Credential))
        ]
    );
}

#[tokio::test]
async fn what_is_left_can_be_resumed_from_its_tokens() {
    let server = server(|number, seen| match (number, seen.earlier) {
        (2.., 0..2) => status("Running"),
        _ => succeeded(number),
    })
    .await;
    let client = server.client_polling(each_second());
    let results = server.clock.run(async {
        let mut watch = watch_of(&client, 4).await;
        assert_eq!(watch.next().await.unwrap().key, 1);
        let mut tokens: Vec<_> = watch
            .tokens()
            .map(|(key, token)| (*key, token.to_string()))
            .collect();
        drop(watch);
        tokens.sort_unstable();
        assert_eq!(tokens.len(), 3);
        let resumed = tokens.into_iter().map(|(key, token)| {
            let token = token.parse().unwrap();
            (
                key,
                client
                    .resume(&crate::server::RESOURCE_LOCATION, token)
                    .unwrap(),
            )
        });
        let mut watch: Numbered = resumed.collect();
        let mut results = Vec::new();
        while let Some(ended) = watch.next().await {
            results.push((ended.key, ended.result.unwrap()["result"].clone()));
        }
        results
    });
    assert_eq!(results.await, [(2, 2.into()), (3, 3.into()), (4, 4.into())]);
    // Dropping the watch told the service nothing.
    let methods = server.seen().into_iter().map(|seen| seen.method);
    assert!(
        methods
            .into_iter()
            .all(|method| method == "POST" || method == "GET")
    );
}

#[tokio::test]
async fn clients_with_clocks_of_their_own_share_a_watch() {
    let server = server(|number, seen| match seen.earlier {
        0..3 => status("Running"),
        _ => succeeded(number),
    })
    .await;
    let one = server.client_polling(each_second());
    let options = server
        .options()
        .polling(each_second())
        .clock(Arc::new(VirtualClock::running_ahead()));
    let other = server.client_with(options);
    let keys = server.clock.run(async {
        let mut watch = watch_of(&one, 3).await;
        for number in 4..=6 {
            watch.add(number, submit(&other).await);
        }
        let mut keys = Vec::new();
        while let Some(ended) = watch.next().await {
            ended.result.unwrap();
            keys.push(ended.key);
        }
        keys.sort_unstable();
        keys
    });
    assert_eq!(keys.await, [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn polling_options_of_each_client_hold_in_a_watch() {
    let server = server(|number, seen| match seen.earlier {
        0 => status("Running"),
        _ => succeeded(number),
    })
    .await;
    let wait = Duration::from_secs(40);
    let slow = server.client_polling(
        PollingOptions::new()
            .first_wait(wait)
            .max_wait(wait)
            .jitter(0.0),
    );
    let quick = server.client_polling(each_second());
    let ends = server.clock.run(async {
        let mut watch = watch_of(&slow, 1).await;
        watch.add(2, submit(&quick).await);
        let mut ends = Vec::new();
        while let Some(ended) = watch.next().await {
            ended.result.unwrap();
            ends.push((ended.key, server.clock.elapsed().as_secs()));
        }
        ends
    });
    assert_eq!(ends.await, [(2, 2), (1, 80)]);
}
