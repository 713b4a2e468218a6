//! A service that tells a story, and what it saw.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll as Turn;
use std::time::Duration;

use maps_core::test_kit::VirtualClock;
use maps_core::{
    Body, BoxFuture, HeaderMap, HttpRequest, HttpResponse, Result, StatusCode, Transport,
};
use serde_json::json;

/// What the service answers to one request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Answer {
    /// A word on the way; the last one is known to nobody.
    Pending(&'static str, Option<u64>),
    Busy(Option<u64>),
    NotFound,
    Forbidden,
    Unauthorized,
    Garbage,
    Succeeded(&'static str),
    /// Succeeded, without saying where the result is.
    Hollow,
    Failed(&'static str),
    Value,
}

use Answer::*;

/// What is answered to the polls, and to the requests for the result; the last of each is repeated.
pub(super) type Story = [VecDeque<Answer>; 2];

/// A small generator of numbers, the same in each run.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    pub(super) fn story(&mut self) -> Story {
        let mut polls = vec![NotFound; self.below(8).saturating_sub(1)];
        for _ in 0..self.below(8) {
            let hint = Some(self.below(200) as u64);
            match self.below(7) {
                0 => polls.extend([Pending("Running", None); 12]),
                1 => polls.push(Pending("NotStarted", None)),
                2 => polls.push(Pending("running", hint)),
                3 => polls.push(Pending("Juggling", None)),
                4 => polls.push(self.of(&[
                    Forbidden,
                    Garbage,
                    NotFound,
                    Unauthorized,
                    Busy(hint),
                    Hollow,
                ])),
                5 => polls.extend(vec![Busy(None); self.below(3) + 1]),
                _ => polls.extend(vec![Busy(None); 9 + self.below(3)]),
            }
        }
        polls.push(match self.below(5) {
            0 => Failed(self.of(&["Failed", "CANCELED", "cancelled"])),
            1 => Pending("Running", None),
            _ => Succeeded(self.of(&["Succeeded", "completed"])),
        });
        let fault = self.of(&[
            Busy(None),
            Busy(Some(30)),
            Forbidden,
            NotFound,
            Unauthorized,
        ]);
        let mut results = vec![fault; self.below(3)];
        results.push(Value);
        [polls.into(), results.into()]
    }
}

/// One request that was answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    /// In which call of the caller it was sent, and when that call began.
    pub(super) call: usize,
    pub(super) called: Duration,
    pub(super) asked: Duration,
    pub(super) answered: Duration,
    /// 0 for a poll, 1 for the result.
    pub(super) which: usize,
}

/// Answers by a story. An answer is used up when it is given, so that a request which is dropped takes none.
#[derive(Debug)]
pub(super) struct Service(Mutex<State>, VirtualClock);

#[derive(Debug)]
struct State {
    story: Story,
    submits: usize,
    call: usize,
    called: Duration,
    /// The request that waits for its answer.
    open: Option<Given>,
    given: Vec<Given>,
}

impl Service {
    pub(super) fn new(story: Story, clock: VirtualClock) -> Self {
        let state = State {
            story,
            submits: 0,
            call: 0,
            called: Duration::ZERO,
            open: None,
            given: Vec::new(),
        };
        Self(Mutex::new(state), clock)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Notes that another call begins, and gives its number.
    pub(super) fn calling(&self) -> usize {
        let mut state = self.lock();
        state.call += 1;
        state.called = self.1.elapsed();
        state.call
    }

    pub(super) fn given(&self) -> Vec<Given> {
        self.lock().given.clone()
    }

    pub(super) fn is_idle(&self) -> bool {
        self.lock().open.is_none()
    }

    /// The poller has gone, and its request with it.
    pub(super) fn hung_up(&self) {
        self.lock().open = None;
    }

    /// The caller was told of all answers, and the operation was submitted once.
    pub(super) fn check(&self, used: usize) {
        let state = self.lock();
        assert_eq!(state.submits, 1, "submits");
        assert_eq!(state.given.len(), used, "answers that no call was told of");
    }

    fn ask(&self, which: usize) {
        let asked = self.1.elapsed();
        let mut state = self.lock();
        assert!(
            state.open.is_none(),
            "a request before the last one's answer"
        );
        state.open = Some(Given {
            call: state.call,
            called: state.called,
            asked,
            answered: asked,
            which,
        });
    }

    fn answer(&self, which: usize) -> HttpResponse {
        let mut state = self.lock();
        let number = state.given.len();
        // Answers take their time, up to two seconds.
        self.1
            .advance(Duration::from_millis((number as u64 * 739) % 2000));
        let mut given = state.open.take().unwrap();
        given.answered = self.1.elapsed();
        state.given.push(given);
        let story = &mut state.story[which];
        let answer = match story.len() {
            1 => story[0],
            _ => story.pop_front().unwrap(),
        };
        let mut headers = HeaderMap::new();
        let monitor = |word: &str| json!({"status": word, "number": number});
        let (status, body) = match answer {
            Pending(word, hint) => {
                hint.map(|hint| headers.insert("retry-after", hint.into()));
                (200, monitor(word))
            }
            Succeeded(word) => {
                headers.insert("resource-location", "/results/1".parse().unwrap());
                (200, monitor(word))
            }
            Hollow => (200, monitor("Succeeded")),
            Failed(word) => (200, monitor(word)),
            Value => (200, json!(number)),
            Garbage => (200, json!("what?")),
            Busy(hint) => {
                hint.map(|hint| headers.insert("retry-after", hint.into()));
                (503, json!({}))
            }
            Unauthorized => (401, json!({})),
            NotFound => (404, json!({})),
            Forbidden => (403, json!({})),
        };
        HttpResponse::new(
            StatusCode::from_u16(status).unwrap(),
            headers,
            body.to_string(),
        )
    }
}

/// The way to the service.
#[derive(Debug)]
pub(super) struct Line(pub(super) Arc<Service>);

impl Transport for Line {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        let service = Arc::clone(&self.0);
        let which = match request.url.path() {
            "/things" => {
                service.lock().submits += 1;
                let mut headers = HeaderMap::new();
                headers.insert("operation-location", "/operations/1".parse().unwrap());
                let (status, body) = (StatusCode::ACCEPTED, Body::from(""));
                return Box::pin(async move { Ok(HttpResponse::new(status, headers, body)) });
            }
            "/operations/1" => 0,
            _ => 1,
        };
        service.ask(which);
        let mut turns = service.lock().given.len() % 3;
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
