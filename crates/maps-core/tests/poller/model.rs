//! Random sequences of calls, compared with a model that knows only what the docs of `Poller` promise.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::task::Poll as Turn;
use std::time::Duration;

use maps_core::service::HostSettings;
use maps_core::test_kit::VirtualClock;
use maps_core::{
    Body, BoxFuture, ClientOptions, Error, ErrorKind, HeaderMap, HttpRequest, HttpResponse,
    Pipeline, Poller, Result, RetryOptions, StatusCode, Transport,
};
use serde_json::json;

use crate::cancelling::drop_at;
use crate::server::{RESOURCE_LOCATION, SERVICE, begin};

/// What the service answers to one request.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Answer {
    Pending { hint: Option<u64> },
    Unheard,
    Busy,
    NotFound,
    Forbidden,
    Garbage,
    Succeeded,
    Failed,
    Value,
}

use Answer::*;

/// A small generator of numbers, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn story(&mut self) -> [Vec<Answer>; 2] {
        let mut polls = Vec::new();
        for _ in 0..self.below(4) {
            polls.push(NotFound);
        }
        for _ in 0..self.below(7) {
            match self.below(6) {
                0 | 1 => polls.push(Pending { hint: None }),
                2 => polls.push(Pending {
                    hint: Some(self.below(200)),
                }),
                3 => polls.push([Unheard, Forbidden, Garbage, NotFound][self.below(4) as usize]),
                4 => polls.extend(vec![Busy; self.below(3) as usize + 1]),
                _ => polls.extend(vec![Busy; 9 + self.below(3) as usize]),
            }
        }
        polls.push(if self.below(3) == 0 {
            Failed
        } else {
            Succeeded
        });
        let mut results =
            vec![[Busy, Forbidden, NotFound][self.below(3) as usize]; self.below(3) as usize];
        results.push(Value);
        [polls, results]
    }
}

/// A service that answers by a story; what ends a story is repeated. An answer is used up when it is given, so that
/// a request which is dropped takes none.
#[derive(Debug)]
struct Service(Mutex<State>, VirtualClock);

#[derive(Debug)]
struct State {
    story: [VecDeque<Answer>; 2],
    given: [usize; 2],
    asked: [usize; 2],
    submits: usize,
    pending: u64,
    earliest: Duration,
}

impl Service {
    fn answer(&self, which: usize) -> HttpResponse {
        let mut state = self.0.lock().unwrap();
        state.given[which] += 1;
        let story = &mut state.story[which];
        let answer = if story.len() > 1 {
            story.pop_front()
        } else {
            story.front().copied()
        };
        let mut headers = HeaderMap::new();
        let number = state.given[0];
        let (status, body) = match answer.unwrap() {
            Pending { hint } => {
                if let Some(hint) = hint {
                    headers.insert("retry-after", hint.into());
                    state.earliest = self.1.elapsed() + Duration::from_secs(hint.min(120));
                }
                (200, json!({"status": "Running", "number": number}))
            }
            Unheard => (200, json!({"status": "Juggling", "number": number})),
            Succeeded => {
                headers.insert("resource-location", "/results/1".parse().unwrap());
                (200, json!({"status": "Succeeded", "number": number}))
            }
            Failed => (200, json!({"status": "Failed", "number": number})),
            Value => (200, json!(42)),
            Garbage => (200, json!("what?")),
            Busy => (503, json!({})),
            NotFound => (404, json!({})),
            Forbidden => (403, json!({})),
        };
        HttpResponse {
            status: StatusCode::from_u16(status).unwrap(),
            headers,
            body: Body::from(body.to_string()),
        }
    }
}

#[derive(Debug)]
struct Line(Arc<Service>);

impl Transport for Line {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        let service = Arc::clone(&self.0);
        let mut state = self.0.0.lock().unwrap();
        let which = match request.url.path() {
            "/things" => {
                state.submits += 1;
                let mut headers = HeaderMap::new();
                headers.insert("operation-location", "/operations/1".parse().unwrap());
                let (status, body) = (StatusCode::ACCEPTED, Body::from(""));
                return Box::pin(async move {
                    Ok(HttpResponse {
                        status,
                        headers,
                        body,
                    })
                });
            }
            "/operations/1" => {
                assert!(
                    self.0.1.elapsed() >= state.earliest,
                    "a poll before the hint"
                );
                0
            }
            _ => 1,
        };
        state.asked[which] += 1;
        state.pending += 1;
        let mut turns = state.pending % 3;
        Box::pin(async move {
            std::future::poll_fn(|cx| {
                if turns == 0 {
                    return Turn::Ready(());
                }
                turns -= 1;
                cx.waker().wake_by_ref();
                Turn::Pending
            })
            .await;
            Ok(service.answer(which))
        })
    }
}

/// What the docs promise, by hand.
struct Model {
    story: [VecDeque<Answer>; 2],
    used: [usize; 2],
    /// Number of the last status, and how many the stream was given or skipped.
    last: usize,
    statuses: usize,
    told: usize,
    ended: Option<bool>,
    stream_over: bool,
    fresh: bool,
    busy: u32,
    not_found: u32,
}

#[derive(Debug, PartialEq)]
enum Says {
    Status(usize),
    End,
    Value,
    Fault(ErrorKind),
}

impl Model {
    fn take(&mut self, which: usize) -> Answer {
        self.used[which] += 1;
        let story = &mut self.story[which];
        if story.len() > 1 {
            story.pop_front().unwrap()
        } else {
            story[0]
        }
    }

    /// Takes in one answer: what a call ends with because of it.
    fn step(&mut self, which: usize) -> Option<Says> {
        let answer = self.take(which);
        let fault = match answer {
            Busy => {
                self.busy += 1;
                if self.busy < 10 {
                    return None;
                }
                ErrorKind::Service
            }
            NotFound => {
                self.not_found += 1;
                if self.fresh && which == 0 && self.not_found <= 5 {
                    return None;
                }
                ErrorKind::Service
            }
            Forbidden => ErrorKind::Service,
            Garbage => {
                (self.not_found, self.fresh) = (0, false);
                ErrorKind::Decode
            }
            Value => {
                (self.busy, self.not_found) = (0, 0);
                return Some(Says::Value);
            }
            Pending { .. } | Unheard | Succeeded | Failed => {
                (self.busy, self.not_found, self.fresh) = (0, 0, false);
                self.last = self.used[0];
                self.statuses += 1;
                self.ended = match answer {
                    Succeeded => Some(true),
                    Failed => Some(false),
                    _ => None,
                };
                return Some(Says::Status(self.last));
            }
        };
        self.busy = 0;
        Some(Says::Fault(fault))
    }

    fn next(&mut self) -> Says {
        if self.stream_over {
            return Says::End;
        }
        if self.told == self.statuses {
            if self.ended.is_some() {
                self.stream_over = true;
                return Says::End;
            }
            match std::iter::repeat_with(|| self.step(0)).flatten().next() {
                Some(Says::Status(_)) => {}
                other => return other.unwrap(),
            }
        }
        self.told = self.statuses;
        self.stream_over = self.ended.is_some();
        Says::Status(self.last)
    }

    fn result(&mut self) -> Says {
        while self.ended.is_none() {
            if let Some(Says::Fault(kind)) = self.step(0) {
                return Says::Fault(kind);
            }
        }
        if self.ended == Some(false) {
            return Says::Fault(ErrorKind::Operation);
        }
        std::iter::repeat_with(|| self.step(1))
            .flatten()
            .next()
            .unwrap()
    }

    /// A dropped call has taken in answers that ended no call.
    fn catch_up(&mut self, given: [usize; 2], statuses_too: bool) {
        for which in [0, 1] {
            while self.used[which] < given[which] {
                match self.step(which) {
                    None => {}
                    Some(Says::Status(_)) if statuses_too => {}
                    other => panic!("a call that was dropped swallowed {other:?}"),
                }
            }
        }
    }

    fn resumed(&mut self) {
        (self.statuses, self.told, self.busy, self.not_found) = (0, 0, 0, 0);
        (self.ended, self.stream_over, self.fresh) = (None, false, false);
    }
}

fn number(status: &serde_json::Value) -> usize {
    status["number"].as_u64().unwrap() as usize
}

fn fault(error: &Error, model: &Model) -> Says {
    assert_eq!(error.operation_id(), Some("1"));
    assert_eq!(error.resume_token().unwrap().operation(), "Thing_Submit");
    let last = error.last_status::<serde_json::Value>();
    let last = last.as_ref().map(number);
    assert_eq!(
        last,
        (model.statuses > 0).then_some(model.last),
        "{error:?}"
    );
    Says::Fault(error.kind())
}

async fn check(seed: u64) {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let story = random.story().map(VecDeque::from);
    let clock = VirtualClock::running_ahead();
    let service = Arc::new(Service(
        Mutex::new(State {
            story: story.clone(),
            given: [0, 0],
            asked: [0, 0],
            submits: 0,
            pending: seed,
            earliest: Duration::ZERO,
        }),
        clock.clone(),
    ));
    let given = || service.0.lock().unwrap().given;
    let options = ClientOptions::new()
        .transport(Arc::new(Line(Arc::clone(&service))))
        .clock(Arc::new(clock))
        .jitter_seed(seed)
        .retry(RetryOptions::none());
    let mut host = HostSettings::new();
    host.endpoint("http://127.0.0.1:9");
    let client = Pipeline::new(&SERVICE, &host, None, None, options).unwrap();
    let mut poller = begin(&client, &RESOURCE_LOCATION).await.unwrap();
    let mut model = Model {
        story,
        used: [0, 0],
        last: 0,
        statuses: 0,
        told: 0,
        ended: None,
        stream_over: false,
        fresh: true,
        busy: 0,
        not_found: 0,
    };
    let mut lost = 0;
    for call in 0..14 {
        let turns = match random.below(2) {
            0 => usize::MAX,
            _ => random.below(12) as usize,
        };
        match random.below(8) {
            0..=3 => match drop_at(turns, poller.next()).await {
                None => model.catch_up(given(), false),
                Some(said) => {
                    let promised = model.next();
                    let said = match said {
                        None => Says::End,
                        Some(Ok(status)) => Says::Status(number(&status)),
                        Some(Err(error)) => fault(&error, &model),
                    };
                    assert_eq!(said, promised, "next, call {call}");
                }
            },
            4..=6 => match drop_at(turns, poller.result()).await {
                None => model.catch_up(given(), true),
                Some(said) => {
                    let promised = model.result();
                    let said = match said {
                        Ok(value) => {
                            assert_eq!(value, 42);
                            Says::Value
                        }
                        Err(error) => fault(&error, &model),
                    };
                    assert_eq!(said, promised, "result, call {call}");
                }
            },
            _ => {
                let token = poller.resume_token().to_string().parse().unwrap();
                poller = client.resume(&RESOURCE_LOCATION, token).unwrap();
                service.0.lock().unwrap().earliest = Duration::ZERO;
                lost += 1;
                model.resumed();
            }
        }
        let status = poller.status().map(number);
        // A status that the stream has not given yet may not have been read.
        if model.told == model.statuses {
            assert_eq!(status, (model.statuses > 0).then_some(model.last));
        }
    }
    let _: Poller<serde_json::Value, serde_json::Value> = poller;
    let state = service.0.lock().unwrap();
    assert_eq!(state.submits, 1);
    assert_eq!(state.given, model.used, "answers that no call was told of");
    for which in [0, 1] {
        // One may be in flight; a poller that was replaced may have left one behind.
        let (asked, given) = (state.asked[which], state.given[which]);
        assert!(
            asked >= given && asked <= given + 1 + lost,
            "{asked} for {given}"
        );
    }
}

#[tokio::test]
async fn random_calls_do_what_the_docs_say() {
    for seed in 1..4000 {
        let checked = tokio::spawn(check(seed)).await;
        assert!(checked.is_ok(), "seed {seed}");
    }
}
