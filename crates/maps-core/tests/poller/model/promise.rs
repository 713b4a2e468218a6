//! What the docs of `Poller` promise, by hand.

use std::time::Duration;

use maps_core::ErrorKind;

use super::service::Answer::*;
use super::service::{Given, Story};

/// 0.5 s, growing by half, up to 15 s: in milliseconds and their fractions.
const WAITS: [f64; 10] = [
    500.0,
    750.0,
    1_125.0,
    1_687.5,
    2_531.25,
    3_796.875,
    5_695.312_5,
    8_542.968_75,
    12_814.453_125,
    15_000.0,
];

/// What a call ends with.
#[derive(Debug, PartialEq)]
pub(super) enum Says {
    Status(u64),
    End,
    Value(u64),
    Fault(ErrorKind),
}

/// How the operation ended, as far as the caller knows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ended {
    Succeeded,
    /// Without a word on where the result is.
    Hollow,
    Failed,
}

pub(super) struct Model {
    story: Story,
    /// The client's limit of an operation.
    timeout: Duration,
    /// How many answers were taken in.
    used: usize,
    /// The call under way, and the latest moment that is known of.
    call: usize,
    now: Duration,
    /// When the next request is due, and the latest moment for it.
    due: Duration,
    deadline: Duration,
    /// Waits without a hint so far.
    waits: usize,
    /// Number of the last status, how many there were, and how many of them the stream was given or skipped.
    last: u64,
    statuses: usize,
    told: usize,
    ended: Option<Ended>,
    stream_over: bool,
    /// Submitted by this poller, and no status yet.
    fresh: bool,
    /// An id or a token, and no answer yet: one request is made whatever the deadline.
    joined: bool,
    busy: u32,
    not_found: u32,
    signed_in_again: bool,
}

impl Model {
    pub(super) fn submitted(story: Story, timeout: Duration) -> Self {
        let mut model = Self {
            story,
            timeout,
            used: 0,
            call: 0,
            now: Duration::ZERO,
            due: Duration::ZERO,
            deadline: timeout,
            waits: 0,
            last: 0,
            statuses: 0,
            told: 0,
            ended: None,
            stream_over: false,
            fresh: true,
            joined: false,
            busy: 0,
            not_found: 0,
            signed_in_again: false,
        };
        model.wait(None);
        model
    }

    pub(super) fn called(&mut self, call: usize, now: Duration) {
        (self.call, self.now) = (call, now);
    }

    /// Another poller, by an id: it has the client's whole time.
    pub(super) fn attached(&mut self) {
        (self.statuses, self.told, self.busy, self.not_found) = (0, 0, 0, 0);
        (self.ended, self.stream_over, self.signed_in_again) = (None, false, false);
        (self.fresh, self.joined, self.waits) = (false, true, 0);
        self.due = self.now;
        self.deadline = self.now + self.timeout;
    }

    /// Another poller, by a token: the token's deadline, at most the client's whole time.
    pub(super) fn resumed(&mut self) {
        let milliseconds = self.deadline.as_millis() as u64;
        let deadline = Duration::from_millis(milliseconds).max(self.now);
        self.attached();
        self.deadline = self.deadline.min(deadline);
    }

    pub(super) fn extended(&mut self, by: Duration) {
        self.deadline = self.now + by;
        if self.ended.is_none() {
            self.stream_over = false;
        }
    }

    pub(super) fn now(&self) -> Duration {
        self.now
    }

    pub(super) fn deadline(&self) -> Duration {
        self.deadline
    }

    pub(super) fn used(&self) -> usize {
        self.used
    }

    pub(super) fn all_told(&self) -> bool {
        self.told == self.statuses
    }

    pub(super) fn last(&self) -> Option<u64> {
        (self.statuses > 0).then_some(self.last)
    }

    pub(super) fn next(&mut self, given: &[Given]) -> Says {
        if self.stream_over {
            return Says::End;
        }
        if self.all_told() {
            if self.ended.is_some() {
                self.stream_over = true;
                return Says::End;
            }
            match self.ask(0, given) {
                Says::Status(_) => {}
                other => {
                    self.stream_over = other == Says::Fault(ErrorKind::Timeout);
                    return other;
                }
            }
        }
        self.told = self.statuses;
        self.stream_over = self.ended.is_some();
        Says::Status(self.last)
    }

    pub(super) fn result(&mut self, given: &[Given]) -> Says {
        while self.ended.is_none() {
            if let Says::Fault(kind) = self.ask(0, given) {
                return Says::Fault(kind);
            }
        }
        match self.ended {
            Some(Ended::Failed) => Says::Fault(ErrorKind::Operation),
            Some(Ended::Hollow) => {
                self.ended = None;
                self.wait(None);
                Says::Fault(ErrorKind::Operation)
            }
            _ => self.ask(1, given),
        }
    }

    /// A call that was dropped has taken in answers that ended no call.
    pub(super) fn catch_up(&mut self, given: &[Given], statuses_too: bool) {
        while self.used < given.len() {
            let which = usize::from(self.ended.is_some());
            match self.take(which, given) {
                None => {}
                Some(Says::Status(_)) if statuses_too => {}
                other => panic!("a call that was dropped swallowed {other:?}"),
            }
        }
    }

    /// Requests until one of their answers ends the call, or time is up.
    fn ask(&mut self, which: usize, given: &[Given]) -> Says {
        loop {
            let next = given.get(self.used);
            let in_flight = next.is_some_and(|given| given.call < self.call);
            let unbound = self.joined || (which == 1 && self.busy == 0);
            if !in_flight && !unbound && self.due.max(self.now) >= self.deadline {
                assert!(
                    next.is_none(),
                    "a request after the deadline, or one that could only be too late"
                );
                return Says::Fault(ErrorKind::Timeout);
            }
            if let Some(says) = self.take(which, given) {
                return says;
            }
        }
    }

    /// Takes in one answer: what a call ends with because of it.
    fn take(&mut self, which: usize, given: &[Given]) -> Option<Says> {
        let at = given[self.used];
        let number = self.used as u64;
        assert_eq!(at.which, which, "which request");
        assert_eq!(at.asked, self.due.max(at.called), "when it was sent");
        self.used += 1;
        self.now = self.now.max(at.answered);
        let story = &mut self.story[which];
        let answer = match story.len() {
            1 => story[0],
            _ => story.pop_front().unwrap(),
        };
        let (hint, fault) = match answer {
            Unauthorized if !self.signed_in_again => {
                self.signed_in_again = true;
                self.due = at.answered;
                return None;
            }
            Busy(hint) => {
                self.busy += 1;
                (hint, (self.busy == 10).then_some(ErrorKind::Service))
            }
            NotFound => {
                self.not_found += 1;
                let survived = self.fresh && which == 0 && self.not_found <= 5;
                (None, (!survived).then_some(ErrorKind::Service))
            }
            Forbidden | Unauthorized => (None, Some(ErrorKind::Service)),
            Garbage => {
                self.fresh = false;
                (self.not_found, self.busy) = (0, 0);
                (None, Some(ErrorKind::Decode))
            }
            Value => {
                self.due = at.answered;
                self.answered_well();
                return Some(Says::Value(number));
            }
            Pending(_, hint) => {
                self.wait_from(at.answered, hint);
                return Some(self.status(number, None));
            }
            Succeeded(_) | Hollow | Failed(_) => {
                self.due = at.answered;
                return Some(self.status(
                    number,
                    Some(match answer {
                        Succeeded(_) => Ended::Succeeded,
                        Hollow => Ended::Hollow,
                        _ => Ended::Failed,
                    }),
                ));
            }
        };
        self.joined = false;
        self.wait_from(at.answered, hint);
        if fault.is_some() {
            (self.busy, self.signed_in_again) = (0, false);
        }
        fault.map(Says::Fault)
    }

    fn status(&mut self, number: u64, ended: Option<Ended>) -> Says {
        self.answered_well();
        self.fresh = false;
        self.last = number;
        self.statuses += 1;
        self.ended = ended;
        Says::Status(number)
    }

    fn answered_well(&mut self) {
        (self.busy, self.not_found, self.joined) = (0, 0, false);
        self.signed_in_again = false;
    }

    fn wait(&mut self, hint: Option<u64>) {
        self.wait_from(self.now, hint);
    }

    /// The service's hint, from 0.1 to 120 s, or the growing wait.
    fn wait_from(&mut self, from: Duration, hint: Option<u64>) {
        let milliseconds = match hint {
            Some(seconds) => (seconds as f64 * 1000.0).clamp(100.0, 120_000.0),
            None => {
                self.waits += 1;
                WAITS[self.waits.min(WAITS.len()) - 1]
            }
        };
        self.due = from + Duration::from_nanos((milliseconds * 1e6) as u64);
    }
}
