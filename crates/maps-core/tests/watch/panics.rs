//! What the caller gave panics in a watch: a policy, an observer, or what an answer is read into.

use maps_core::Ended;
use serde::{Deserialize, Deserializer};

use crate::caller::{PanicsOnce, unless_it_panics};
use crate::server::RESOURCE_LOCATION;
use crate::*;

/// The keys as their operations end, in order of keys, and how often `next` panicked.
async fn ends<T, S>(mut watch: Watch<usize, T, S>) -> (Vec<usize>, usize)
where
    T: serde::de::DeserializeOwned,
    S: serde::de::DeserializeOwned + Clone,
{
    let (mut keys, mut panics) = (Vec::new(), 0);
    loop {
        let next = tokio::time::timeout(Duration::from_secs(10), watch.next());
        match unless_it_panics(next).await.map(Result::unwrap) {
            None => panics += 1,
            Some(None) => break,
            Some(Some(Ended { key, result, .. })) => {
                assert!(result.is_ok(), "{key}");
                keys.push(key);
            }
        }
        // Who catches the panic finds all the others.
        assert_eq!(watch.len(), 3 - keys.len());
        assert!(panics < 10, "it panics again and again");
    }
    keys.sort_unstable();
    (keys, panics)
}

/// A server whose operations run once and succeed then.
async fn running_once() -> Server {
    server(|number, seen| match seen.earlier {
        0 => status("Running"),
        _ => succeeded(number),
    })
    .await
}

#[tokio::test]
async fn watch_goes_on_after_a_panic_of_the_callers_policy() {
    // Three submits, two polls of each, three results.
    for at in 3..12 {
        for in_flight in [1, 3] {
            let server = running_once().await;
            let options = server.options().polling(each_second());
            let client = server.client_with(options.per_try_policy(PanicsOnce::after(at)));
            let ended = server.clock.run(async {
                let watch = watch_of(&client, 3).await.in_flight(in_flight);
                ends(watch).await
            });
            assert_eq!(ended.await, (vec![1, 2, 3], 1), "request {at}");
            // The one that panicked was not sent, and is made again.
            assert_eq!(server.seen().len(), 12, "request {at}");
        }
    }
}

#[tokio::test]
async fn watch_goes_on_after_a_panic_of_an_observer() {
    let server = running_once().await;
    let client = server.client_polling(each_second());
    let ended = server.clock.run(async {
        let mut watch = watch_of(&client, 2).await;
        let mut poller = submit(&client).await;
        let mut seen = 0;
        poller.on_poll(move |_| {
            seen += 1;
            assert!(seen > 1, "an observer of the caller");
        });
        watch.add(3, poller);
        ends(watch).await
    });
    assert_eq!(ended.await, (vec![1, 2, 3], 1));
}

/// Something that cannot be read from the answer of one operation.
#[derive(Debug, Clone)]
struct Picky;

impl<'de> Deserialize<'de> for Picky {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        assert!(value.get("panic").is_none(), "a model of the caller");
        Ok(Self)
    }
}

#[tokio::test]
async fn watch_goes_on_after_a_panic_of_what_answers_are_read_into() {
    // First the status while the operation runs, then the last one, then the result, which is asked for again.
    for at in ["Running", "Succeeded", "result"] {
        let server = Server::with_clock(VirtualClock::new(), move |seen| {
            let link = format!("/operations/{}", seen.earlier + 1);
            let poisoned = seen.path.ends_with("/1");
            let body = |word: &str| match poisoned && word == at {
                true => format!(r#"{{"status":"{word}","panic":1}}"#),
                false => format!(r#"{{"status":"{word}"}}"#),
            };
            let result = seen.path.replace("operations", "results");
            match (seen.method.as_str(), seen.earlier) {
                ("POST", _) => reply(202).header("operation-location", &link),
                _ if seen.path == "/results/1" && seen.earlier == 0 => {
                    reply(200).json(&body("result"))
                }
                _ if seen.path.starts_with("/results/") => reply(200).json("{}"),
                (_, 0) => reply(200).json(&body("Running")),
                _ => reply(200)
                    .json(&body("Succeeded"))
                    .header("resource-location", &result),
            }
        })
        .await;
        let client = server.client_polling(each_second());
        let ended = server.clock.run(async {
            let mut watch: Watch<usize, Picky, Picky> = Watch::new();
            for number in 1..=3 {
                let poller = client.begin(client.request(&server::POST), &RESOURCE_LOCATION);
                watch.add(number, poller.await.unwrap());
            }
            ends(watch).await
        });
        assert_eq!(ended.await, (vec![1, 2, 3], 1), "{at}");
    }
}
