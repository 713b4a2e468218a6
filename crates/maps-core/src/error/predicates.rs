//! Questions that callers ask of an error.

use http::StatusCode;

use super::{Error, ErrorKind};

/// Questions whose answer decides what to do next.
///
/// Each names its section of the [troubleshooting page](crate::troubleshooting). What is not asked here is told by
/// [`kind`](Error::kind), [`status`](Error::status) and [`code`](Error::code).
impl Error {
    /// Whether the service refuses because it is asked too often (429).
    ///
    /// # Troubleshooting
    ///
    /// Each service of an account has a rate of its own, 50 requests a second for most, and a SAS token has another. The
    /// call was tried again already, as [`RetryOptions`](crate::RetryOptions) say; wait [`retry_after`](Self::retry_after)
    /// where it is set. To stay below the rate, give clients `ClientOptions::rate_limit` (feature `rate-limit`), and
    /// divide the rate among the processes that share the account. See [throttled](crate::troubleshooting#throttled-429).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// /// How long to keep a job back before it is tried again, if at all.
    /// fn keep_back(error: &maps_core::Error) -> Option<Duration> {
    ///     let usual = if error.is_throttled() { 30 } else { 5 };
    ///     error
    ///         .is_transient()
    ///         .then(|| error.retry_after().unwrap_or(Duration::from_secs(usual)))
    /// }
    /// ```
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.is_answer(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether the service does not know who asks (401).
    ///
    /// # Troubleshooting
    ///
    /// A key that was regenerated or belongs to another account, a SAS token past its expiry, a token of another tenant,
    /// a missing account id with Microsoft Entra ID (`EntraCredential`'s client id). Compare the credential with the
    /// account in the portal; `update` replaces a key or SAS token on a live client. See
    /// [unauthorized](crate::troubleshooting#unauthorized-401).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.is_answer(StatusCode::UNAUTHORIZED)
    }

    /// Whether the service knows who asks and does not allow it (403).
    ///
    /// # Troubleshooting
    ///
    /// The identity lacks a role of Azure Maps, local authentication (keys and SAS) is turned off for the account, a
    /// SAS token is bound to other regions, or the account's price tier does not include the service. Nothing that the
    /// program does changes it: do not retry. See [forbidden](crate::troubleshooting#forbidden-403).
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.is_answer(StatusCode::FORBIDDEN)
    }

    /// Whether the service knows no such thing (404).
    ///
    /// # Troubleshooting
    ///
    /// An id of another account or geography, a result past its time (an asynchronous route matrix is kept for 24
    /// hours), a service that was retired, or an endpoint with a path that is not the service's. Right after a submit a
    /// poller survives some of these by itself. See [not found](crate::troubleshooting#not-found-404).
    ///
    /// # Examples
    ///
    /// ```
    /// # fn find() -> maps_core::Result<u32> { Err(maps_core::Error::new(maps_core::ErrorKind::Service, "404")) }
    /// # fn run() -> maps_core::Result<Option<u32>> {
    /// let found = match find() {
    ///     Ok(thing) => Some(thing),
    ///     Err(error) if error.is_not_found() => None,
    ///     Err(error) => return Err(error),
    /// };
    /// # Ok(found) }
    /// ```
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.is_answer(StatusCode::NOT_FOUND)
    }

    /// Whether a limit of time ran out, of a try, a call, a body or an operation.
    ///
    /// # Troubleshooting
    ///
    /// The message names the limit. [`source`](std::error::Error::source) holds what an earlier try said, where there was
    /// one. A call that times out again and again asks for too much at once, or
    /// [`Timeouts`](crate::Timeouts) are shorter than the service takes; an operation that ran out of time has a
    /// [`resume_token`](Self::resume_token) to go on with. See [timeouts](crate::troubleshooting#timeouts).
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether no connection was made.
    ///
    /// # Troubleshooting
    ///
    /// DNS, a firewall, a TLS inspecting proxy whose certificate this machine does not trust, a wrong endpoint.
    /// [`source`](std::error::Error::source) says which. Proxies of the environment are not used. The service saw
    /// nothing unless [`may_have_been_sent`](Self::may_have_been_sent): the connection may have been that of a
    /// redirect. See [no connection](crate::troubleshooting#no-connection).
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Whether the same call may succeed later: no connection, a broken exchange, a time limit, 408, 429 or 5xx.
    ///
    /// The client has tried again already where that does no harm. Whether a caller may do so too depends on
    /// [`may_have_been_sent`](Self::may_have_been_sent) and on what the call does.
    ///
    /// # Troubleshooting
    ///
    /// Wait before repeating, [`retry_after`](Self::retry_after) where it is set. Errors of this sort that last are an
    /// outage: look at the status page of Azure, then ask support with
    /// [`request_id`](Self::request_id). See [transient](crate::troubleshooting#transient-faults).
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self.kind() {
            ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Timeout => true,
            ErrorKind::Service => self.status().is_some_and(|status| {
                matches!(status.as_u16(), 408 | 429) || status.is_server_error()
            }),
            _ => false,
        }
    }

    /// Whether the credential gave no secret, so that nothing was sent.
    ///
    /// # Troubleshooting
    ///
    /// A key that was updated to an empty one, or a [`TokenCredential`](crate::TokenCredential) that failed or took too
    /// long; its own error is the [`source`](std::error::Error::source). After a failure tokens are not asked for at
    /// once again: [`retry_after`](Self::retry_after) says when. See [credentials](crate::troubleshooting#credentials).
    #[must_use]
    pub fn is_credential(&self) -> bool {
        self.kind() == ErrorKind::Credential
    }

    /// Whether the service leads to an origin that this client does not trust.
    ///
    /// # Troubleshooting
    ///
    /// The message names the origin, [`link`](Self::link) the whole link. Behind a gateway of one's own, have links
    /// rewritten to the endpoint ([`Links::ToEndpoint`](crate::Links)) or trust the origin
    /// ([`ClientOptions::trusted_origin`](crate::ClientOptions::trusted_origin)); anything else is a reason to ask who
    /// answers in the service's place. See [untrusted links](crate::troubleshooting#untrusted-links).
    #[must_use]
    pub fn is_untrusted(&self) -> bool {
        self.kind() == ErrorKind::Untrusted
    }

    /// Whether the answer came and is not what the definition says.
    ///
    /// # Troubleshooting
    ///
    /// [`json_path`](Self::json_path) says where, [`body`](Self::body) holds what came. A proxy's or gateway's own page
    /// with status 200, a body longer than [`Limits`](crate::Limits) allow, or a service that changed: the raw
    /// request (`client.request(…)`) still gives the bytes. See [decoding](crate::troubleshooting#answers-that-do-not-fit).
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.kind() == ErrorKind::Decode
    }

    fn is_answer(&self, status: StatusCode) -> bool {
        self.kind() == ErrorKind::Service && self.status() == Some(status)
    }
}
