//! Adding while a watch works.

use std::error::Error as _;

use crate::server::status;
use crate::*;

#[tokio::test]
async fn more_are_added_in_the_loop() {
    let server = server(|number, _| succeeded(number)).await;
    let client = server.client_polling(each_second());
    let ends = server.clock.run(async {
        let mut watch = watch_of(&client, 1).await;
        let mut ends = Vec::new();
        while let Some(ended) = watch.next().await {
            ended.result.unwrap();
            ends.push((ended.key, server.clock.elapsed().as_secs()));
            if ended.key < 4 {
                watch.add(ended.key + 1, submit(&client).await);
            }
        }
        ends
    });
    assert_eq!(ends.await, [(1, 1), (2, 2), (3, 3), (4, 4)]);
}

#[tokio::test]
async fn more_are_added_from_another_task_while_next_waits() {
    let server = server(|number, seen| match (number, seen.earlier) {
        (1, 0..20) => status("Running"),
        _ => succeeded(number),
    })
    .await;
    let client = server.client_polling(each_second());
    let ends = server.clock.run(async {
        let mut watch = watch_of(&client, 1).await;
        let (handle, clock) = (watch.handle(), server.clock.clone());
        let adds = tokio::spawn(async move {
            for number in 2..=4 {
                maps_core::Clock::sleep(&clock, Duration::from_secs(3)).await;
                handle.clone().add(number, submit(&client).await).unwrap();
            }
        });
        let mut ends = Vec::new();
        while let Some(ended) = watch.next().await {
            ended.result.unwrap();
            ends.push((ended.key, server.clock.elapsed().as_secs()));
        }
        adds.await.unwrap();
        ends
    });
    assert_eq!(ends.await, [(2, 4), (3, 7), (4, 10), (1, 21)]);
}

#[tokio::test]
async fn an_empty_watch_waits_for_its_handles() {
    let server = server(|number, _| succeeded(number)).await;
    let client = server.client_polling(each_second());
    server
        .clock
        .run(async {
            let mut watch = Numbered::new();
            let (handle, other) = (watch.handle(), watch.handle());
            let adds = tokio::spawn(async move {
                tokio::task::yield_now().await;
                handle.add(1, submit(&client).await).unwrap();
                drop(handle);
                tokio::task::yield_now().await;
                drop(other);
            });
            assert_eq!(watch.next().await.unwrap().key, 1);
            assert!(watch.next().await.is_none());
            adds.await.unwrap();
        })
        .await;
}

#[tokio::test]
async fn what_handles_added_is_counted_and_given_back() {
    let server = server(|number, _| succeeded(number)).await;
    let client = server.client_polling(each_second());
    let mut watch = watch_of(&client, 2).await;
    let handle = watch.handle();
    handle.add(3, submit(&client).await).unwrap();
    assert_eq!(watch.len(), 3);
    assert_eq!(watch.iter().count(), 3);
    handle.add(4, submit(&client).await).unwrap();
    let mut keys: Vec<_> = watch
        .into_pollers()
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    keys.sort_unstable();
    assert_eq!(keys, [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_handle_without_watch_gives_back_what_it_cannot_add() {
    let server = server(|number, _| succeeded(number)).await;
    let client = server.client_polling(each_second());
    let watch = Numbered::new();
    let handle = watch.handle();
    drop(watch);
    let error = handle.add(7, submit(&client).await).unwrap_err();
    assert!(error.source().is_none() && error.to_string().contains("gone"));
    assert_eq!(error.key, 7);
    // On its own it waits again, with a timer of its own.
    let result = server.clock.run(error.poller).await.unwrap();
    assert_eq!(result["result"], 1);
}
