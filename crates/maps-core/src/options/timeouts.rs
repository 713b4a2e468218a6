//! Limits of time.

use std::time::Duration;

/// Limits of time: what a client waits for, and how long at most.
///
/// Each wait lies in the next larger one, and ends with whichever of them is over first:
///
/// | wait | bound by | ends as |
/// |---|---|---|
/// | for a connection, TLS included | [`connect`](Self::connect) | [`Connect`](crate::ErrorKind::Connect) |
/// | for a token of the credential | [`token`](Self::token) | [`Credential`](crate::ErrorKind::Credential) |
/// | for the next byte of a body that has begun | [`stalled_body`](Self::stalled_body) | [`Timeout`](crate::ErrorKind::Timeout) |
/// | for the first byte of the answer, and for the whole of a try | [`one_try`](Self::one_try) | [`Timeout`](crate::ErrorKind::Timeout), after retries |
/// | before a retry, drawn or as the service asks | [`RetryOptions`](crate::RetryOptions), and what is left of the call | the error of the try before, at once |
/// | in line for the client's rate limit | what is left of the call | [`Timeout`](crate::ErrorKind::Timeout), at once |
/// | for a call with its tries and the waits between | [`call`](Self::call) | [`Timeout`](crate::ErrorKind::Timeout) |
/// | before a poll, and for a whole operation | [`PollingOptions`](crate::PollingOptions) | [`Timeout`](crate::ErrorKind::Timeout), with a resume token |
///
/// A wait before a retry that would outlast the call is not begun.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use maps_core::{ClientOptions, Timeouts};
///
/// // Somebody waits for the answer: one slow try, or a quick one and a retry.
/// let timeouts = Timeouts::new()
///     .one_try(Duration::from_secs(5))
///     .call(Duration::from_secs(8));
/// let options = ClientOptions::new().timeouts(timeouts);
/// ```
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

    /// Making a connection, TLS included; 10 s by default.
    ///
    /// Of reqwest's connections only: a [`Transport`](crate::Transport) of one's own has its own.
    pub fn connect(mut self, limit: Duration) -> Self {
        self.connect = limit;
        self
    }

    /// One try: policies, signing, connecting, sending, redirects, and reading the whole answer, of a
    /// [`Download`](crate::Download) its headers; 60 s by default.
    ///
    /// [`CallOptions::try_timeout`](crate::CallOptions::try_timeout) sets it for one call.
    pub fn one_try(mut self, limit: Duration) -> Self {
        self.one_try = limit;
        self
    }

    /// One call with all its tries, the waits between them, and per-call policies; 180 s by default.
    ///
    /// A poll and a page are a call each. [`CallOptions::timeout`](crate::CallOptions::timeout) sets it for one call.
    pub fn call(mut self, limit: Duration) -> Self {
        self.call = limit;
        self
    }

    /// Silence in the middle of a body, between its first and its last byte; 30 s by default.
    ///
    /// A slow first byte is the server's thinking, which the limit of the try covers; that of a
    /// [`Download`](crate::Download) is bounded like the others.
    pub fn stalled_body(mut self, limit: Duration) -> Self {
        self.stalled_body = limit;
        self
    }

    /// One request for a token to a [`TokenCredential`](crate::TokenCredential); 30 s by default.
    pub fn token(mut self, limit: Duration) -> Self {
        self.token = limit;
        self
    }
}
