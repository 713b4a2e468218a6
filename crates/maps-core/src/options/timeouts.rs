//! Limits of time.

use std::time::Duration;

/// Limits of time.
#[derive(Debug, Clone)]
#[must_use]
pub struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) one_try: Duration,
    pub(crate) call: Duration,
    pub(crate) stalled_body: Duration,
    pub(crate) token: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            one_try: Duration::from_secs(60),
            call: Duration::from_secs(180),
            stalled_body: Duration::from_secs(30),
            token: Duration::from_secs(30),
        }
    }
}

impl Timeouts {
    /// 10 s to connect, 60 s a try, 180 s a call, 30 s without a byte, 30 s for a token.
    pub fn new() -> Self {
        Self::default()
    }

    /// Making a connection, TLS included.
    pub fn connect(mut self, limit: Duration) -> Self {
        self.connect = limit;
        self
    }

    /// One try: connecting, sending, and reading the whole answer.
    pub fn one_try(mut self, limit: Duration) -> Self {
        self.one_try = limit;
        self
    }

    /// One call with all its tries and the waits between them.
    pub fn call(mut self, limit: Duration) -> Self {
        self.call = limit;
        self
    }

    /// No byte of a body that has begun to arrive.
    pub fn stalled_body(mut self, limit: Duration) -> Self {
        self.stalled_body = limit;
        self
    }

    /// One request for a token.
    pub fn token(mut self, limit: Duration) -> Self {
        self.token = limit;
        self
    }
}
