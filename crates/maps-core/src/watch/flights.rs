//! Pollers with a request in flight.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Waker};

use super::board::{Bell, Board};

/// Seats for as many pollers as may have a request in flight.
pub(super) struct Flights<W> {
    limit: usize,
    seats: Vec<Seat<W>>,
    free: Vec<usize>,
    /// Seats to be driven, in order.
    turns: VecDeque<usize>,
    board: Arc<Board>,
}

struct Seat<W> {
    watched: Option<W>,
    bell: Arc<Bell>,
    /// Rings the bell.
    waker: Waker,
}

impl<W> Flights<W> {
    pub(super) fn new(limit: usize, board: &Arc<Board>) -> Self {
        Self {
            limit,
            seats: Vec::new(),
            free: Vec::new(),
            turns: VecDeque::new(),
            board: Arc::clone(board),
        }
    }

    pub(super) fn set_limit(&mut self, limit: usize) {
        self.limit = limit.max(1);
    }

    pub(super) fn len(&self) -> usize {
        self.seats.len() - self.free.len()
    }

    pub(super) fn has_room(&self) -> bool {
        self.len() < self.limit
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &W> {
        self.seats.iter().filter_map(|seat| seat.watched.as_ref())
    }

    pub(super) fn into_all(self) -> impl Iterator<Item = W> {
        self.seats.into_iter().filter_map(|seat| seat.watched)
    }

    /// Gives a poller a seat and its turn.
    pub(super) fn start(&mut self, watched: W) {
        let number = self.free.pop().unwrap_or_else(|| {
            let number = self.seats.len();
            let bell = Bell::new(number, Arc::clone(&self.board));
            self.seats.push(Seat {
                watched: None,
                waker: Waker::from(Arc::clone(&bell)),
                bell,
            });
            number
        });
        self.seats[number].watched = Some(watched);
        self.call(number);
    }

    /// Gives all of them their turn.
    pub(super) fn call_all(&mut self) {
        for number in 0..self.seats.len() {
            self.call(number);
        }
    }

    fn call(&mut self, number: usize) {
        if self.seats[number].bell.ring() {
            self.turns.push_back(number);
        }
    }

    /// Gives those their turn whose request can go on.
    pub(super) fn hear(&mut self) {
        self.board.hear(&mut self.turns);
    }

    /// The seat whose turn it is.
    pub(super) fn next_turn(&mut self) -> Option<usize> {
        self.turns.pop_front()
    }

    /// Drives the poller in a seat.
    ///
    /// One that panics, in a policy or an observer of the caller or in what an answer is read into, gets another turn:
    /// nothing else would call it.
    pub(super) fn drive<R>(
        &mut self,
        number: usize,
        drive: impl FnOnce(&mut W, &mut Context<'_>) -> R,
    ) -> Option<R> {
        let turn = Turn(self, number);
        let seat = &mut turn.0.seats[number];
        seat.bell.silence();
        let watched = seat.watched.as_mut()?;
        Some(drive(watched, &mut Context::from_waker(&seat.waker)))
    }

    /// Takes the poller out of a seat, which is free from then on.
    pub(super) fn leave(&mut self, number: usize) -> Option<W> {
        let watched = self.seats[number].watched.take()?;
        self.free.push(number);
        Some(watched)
    }
}

/// The turn of a seat, which is given again when it panics.
struct Turn<'a, W>(&'a mut Flights<W>, usize);

impl<W> Drop for Turn<'_, W> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.call(self.1);
        }
    }
}
