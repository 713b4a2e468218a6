//! Pollers that wait, in order of time.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::task::{Context, Poll};
use std::time::Instant;

use crate::clock::ClockRef;
use crate::poller::Wait;
use crate::runtime::Runtime;

/// A lane for each clock: times of different clocks cannot be compared.
pub(super) struct Lanes<W> {
    lanes: Vec<Lane<W>>,
    /// The lane that is looked at first, so that none has to stand back for ever.
    first: usize,
    /// How many were put so far.
    count: u64,
}

struct Lane<W> {
    clock: ClockRef,
    waiting: BinaryHeap<Reverse<Waiting<W>>>,
    /// The one timer, for the first of them.
    timer: Option<Wait>,
}

struct Waiting<W> {
    due: Instant,
    /// Of two that are due at one time the one that came first goes first.
    order: u64,
    watched: W,
}

impl<W> Default for Lanes<W> {
    fn default() -> Self {
        Self {
            lanes: Vec::new(),
            first: 0,
            count: 0,
        }
    }
}

impl<W> Lanes<W> {
    /// The lane of a clock.
    pub(super) fn lane(&mut self, clock: &ClockRef) -> usize {
        let known = self.lanes.iter().position(|lane| lane.clock.is(clock));
        known.unwrap_or_else(|| {
            self.lanes.push(Lane {
                clock: clock.clone(),
                waiting: BinaryHeap::new(),
                timer: None,
            });
            self.lanes.len() - 1
        })
    }

    /// Takes in one that waits until `due`.
    pub(super) fn put(&mut self, lane: usize, due: Instant, watched: W) {
        self.count += 1;
        let waiting = Waiting {
            due,
            order: self.count,
            watched,
        };
        self.lanes[lane].waiting.push(Reverse(waiting));
    }

    pub(super) fn len(&self) -> usize {
        self.lanes.iter().map(|lane| lane.waiting.len()).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &W> {
        let waiting = self.lanes.iter().flat_map(|lane| &lane.waiting);
        waiting.map(|Reverse(waiting)| &waiting.watched)
    }

    pub(super) fn into_all(self) -> impl Iterator<Item = W> {
        let waiting = self.lanes.into_iter().flat_map(|lane| lane.waiting);
        waiting.map(|Reverse(waiting)| waiting.watched)
    }

    /// The one that has been due for longest, one lane after the other.
    pub(super) fn next_due(&mut self) -> Option<W> {
        for step in 0..self.lanes.len() {
            let at = (self.first + step) % self.lanes.len();
            if let Some(watched) = self.lanes[at].next_due() {
                self.first = at + 1;
                return Some(watched);
            }
        }
        None
    }

    /// Whether one is due; otherwise the task is woken when one is.
    pub(super) fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut due = Poll::Pending;
        // All of them, so that each has its timer set.
        for lane in &mut self.lanes {
            if lane.poll_due(cx).is_ready() {
                due = Poll::Ready(());
            }
        }
        due
    }
}

impl<W> Lane<W> {
    fn next_due(&mut self) -> Option<W> {
        let Reverse(first) = self.waiting.peek()?;
        if first.due > self.clock.now() && !self.is_stuck() {
            return None;
        }
        let Reverse(first) = self.waiting.pop()?;
        Some(first.watched)
    }

    fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(Reverse(first)) = self.waiting.peek() else {
            self.timer = None;
            return Poll::Pending;
        };
        if self.is_stuck() {
            return Poll::Ready(());
        }
        let timer = match &mut self.timer {
            Some(timer) if timer.ends() == first.due => timer,
            timer => timer.insert(Wait::until(first.due)),
        };
        timer.poll(&self.clock, cx)
    }

    /// Whether this clock cannot wait here: without a runtime each poller says so itself.
    fn is_stuck(&self) -> bool {
        matches!(self.clock, ClockRef::Tokio) && Runtime::current().is_none()
    }
}

impl<W> Ord for Waiting<W> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.due, self.order).cmp(&(other.due, other.order))
    }
}

impl<W> PartialOrd for Waiting<W> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<W> PartialEq for Waiting<W> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<W> Eq for Waiting<W> {}
