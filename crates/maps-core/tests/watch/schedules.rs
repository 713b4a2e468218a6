//! Random operations in random schedules: each is polled when it should be, and leaves the watch once.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll as Turn;

use maps_core::service::HostSettings;
use maps_core::{
    BoxFuture, ClientOptions, ErrorKind, HeaderMap, HttpRequest, HttpResponse, Result,
    RetryOptions, StatusCode, Transport,
};
use serde_json::json;

use crate::server::{RESOURCE_LOCATION, SERVICE};
use crate::*;

/// Polls a future at most `polls` times, then drops it.
pub(crate) async fn drop_at<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|cx| {
        if left == 0 {
            return Turn::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Turn::Ready(output) => Turn::Ready(Some(output)),
            Turn::Pending if left == 0 => Turn::Ready(None),
            Turn::Pending => Turn::Pending,
        }
    })
    .await
}

/// A small generator of numbers, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// What the service has in store for one operation.
#[derive(Debug)]
struct Story {
    /// Polls until it ends.
    polls: u64,
    /// Whether it fails.
    fails: bool,
    /// Every so many polls the service is busy and asks to wait so many seconds.
    busy: Option<(u64, u64)>,
    asked: u64,
    /// No poll may come earlier.
    earliest: Duration,
    in_flight: bool,
}

#[derive(Debug)]
struct Service {
    stories: Mutex<HashMap<usize, Story>>,
    in_flight: Mutex<(usize, usize)>,
    clock: VirtualClock,
}

/// The way to the service; an answer takes some turns.
#[derive(Debug)]
struct Line(Arc<Service>);

/// A request that may be dropped.
struct Flight(Arc<Service>, usize);

impl Flight {
    fn start(service: &Arc<Service>, number: usize) -> Self {
        let mut in_flight = service.in_flight.lock().unwrap();
        in_flight.0 += 1;
        in_flight.1 = in_flight.1.max(in_flight.0);
        let mut stories = service.stories.lock().unwrap();
        let story = stories.get_mut(&number).unwrap();
        assert!(
            !std::mem::replace(&mut story.in_flight, true),
            "two requests of one operation"
        );
        assert!(
            service.clock.elapsed() >= story.earliest,
            "a poll before its time"
        );
        Self(Arc::clone(service), number)
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.in_flight.lock().unwrap().0 -= 1;
        self.0
            .stories
            .lock()
            .unwrap()
            .get_mut(&self.1)
            .unwrap()
            .in_flight = false;
    }
}

impl Transport for Line {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        let path = request.url.path().to_owned();
        let number = path.rsplit('/').next().unwrap().parse().unwrap();
        let flight = Flight::start(&self.0, number);
        Box::pin(async move {
            for _ in 0..number % 4 {
                tokio::task::yield_now().await;
            }
            let mut stories = flight.0.stories.lock().unwrap();
            let story = stories.get_mut(&number).unwrap();
            story.asked += 1;
            let mut headers = HeaderMap::new();
            let (status, body) = if path.starts_with("/results/") {
                (200, json!({"result": number}))
            } else if let Some((every, wait)) =
                story.busy.filter(|(every, _)| story.asked % every == 0)
            {
                assert!(every > 1);
                headers.insert("retry-after", wait.into());
                story.earliest = flight.0.clock.elapsed() + Duration::from_secs(wait);
                (429, json!({}))
            } else if story.asked < story.polls {
                story.earliest = flight.0.clock.elapsed() + Duration::from_millis(500);
                (200, json!({"status": "Running"}))
            } else if story.fails {
                (200, json!({"status": "Failed"}))
            } else {
                headers.insert(
                    "resource-location",
                    format!("/results/{number}").parse().unwrap(),
                );
                (200, json!({"status": "Succeeded"}))
            };
            drop(stories);
            Ok(HttpResponse::new(
                StatusCode::from_u16(status).unwrap(),
                headers,
                body.to_string(),
            ))
        })
    }
}

fn client(service: &Arc<Service>, seed: u64) -> Pipeline {
    let options = ClientOptions::new()
        .transport(Arc::new(Line(Arc::clone(service))))
        .clock(Arc::new(service.clock.clone()))
        .jitter_seed(seed)
        .retry(RetryOptions::none());
    let mut host = HostSettings::new();
    host.endpoint("http://127.0.0.1:9");
    Pipeline::new(&SERVICE, &host, None, None, options).unwrap()
}

async fn check(seed: u64) {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let total = 1 + random.below(30) as usize;
    let stories = (0..total).map(|number| {
        let busy = (random.below(3) == 0).then(|| (2 + random.below(3), random.below(40)));
        let story = Story {
            polls: 1 + random.below(8),
            fails: random.below(5) == 0,
            busy,
            asked: 0,
            earliest: Duration::ZERO,
            in_flight: false,
        };
        (number, story)
    });
    let clock = VirtualClock::new();
    let service = Arc::new(Service {
        stories: Mutex::new(stories.collect()),
        in_flight: Mutex::default(),
        clock: clock.clone(),
    });
    // Each has a clock of its own, which tells the same time.
    let clients = [client(&service, seed), client(&service, seed + 1)];
    let attach = |number: usize| {
        let client = &clients[number % 2];
        client
            .attach(&RESOURCE_LOCATION, None, &number.to_string())
            .unwrap()
    };
    let bound = 1 + random.below(10) as usize;
    let mut watch = Numbered::new().in_flight(bound);
    let mut ends: HashMap<usize, Option<ErrorKind>> = HashMap::new();
    clock
        .run(async {
            let handle = watch.handle();
            let (mut added, mut handle) = (0, Some(handle));
            while ends.len() < total {
                for _ in 0..random.below(4) {
                    if added < total {
                        match (&handle, random.below(2)) {
                            (Some(handle), 0) => handle.add(added, attach(added)).unwrap(),
                            _ => watch.add(added, attach(added)),
                        }
                        added += 1;
                    }
                }
                if added == total {
                    handle = None;
                }
                assert_eq!(watch.len(), added - ends.len());
                if watch.is_empty() {
                    // With a handle left, `next` waits for it.
                    continue;
                }
                let turns = match random.below(3) {
                    0 if added == total => usize::MAX,
                    _ => random.below(40) as usize,
                };
                let next = drop_at(turns, watch.next()).await;
                if let Some(ended) = next.flatten() {
                    let kind = ended.result.map_err(|error| error.kind()).err();
                    assert!(ends.insert(ended.key, kind).is_none(), "given twice");
                } else if random.below(4) == 0 {
                    // All of them move to another watch, those in flight with their request.
                    let pollers = std::mem::take(&mut watch).into_pollers();
                    assert_eq!(pollers.len(), added - ends.len());
                    watch = pollers.into_iter().collect::<Numbered>().in_flight(bound);
                    handle = handle.map(|_| watch.handle());
                } else {
                    tokio::task::yield_now().await;
                }
            }
            assert!(watch.is_empty() && watch.next().await.is_none());
        })
        .await;
    let stories = service.stories.lock().unwrap();
    for (number, kind) in ends {
        let expected = stories[&number].fails.then_some(ErrorKind::Operation);
        assert_eq!(kind, expected, "operation {number}");
    }
    let (now, most) = *service.in_flight.lock().unwrap();
    assert!(now == 0 && most <= bound, "{most} in flight of {bound}");
}

#[tokio::test]
async fn random_schedules_lose_nothing_and_keep_all_promises() {
    for seed in 1..200 {
        let checked = tokio::spawn(check(seed)).await;
        assert!(checked.is_ok(), "seed {seed}");
    }
}
