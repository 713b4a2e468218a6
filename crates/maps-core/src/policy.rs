//! Steps that every request passes.

use std::fmt;

use futures_core::future::BoxFuture;

use crate::error::Result;
use crate::pipeline::Chain;
use crate::response::RawResponse;
use crate::transport::HttpRequest;

/// One step that requests pass on their way to the transport, and answers on their way back.
///
/// A policy sees requests before they are signed, so it sees no credential. Answers are complete; an answer of any
/// status is an `Ok` here.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use maps_core::{BoxFuture, ClientOptions, HeaderValue, HttpRequest, Next, Policy, RawResponse, Result};
///
/// #[derive(Debug)]
/// struct Tenant;
///
/// impl Policy for Tenant {
///     fn send<'a>(&'a self, request: &'a mut HttpRequest, next: Next<'a>) -> BoxFuture<'a, Result<RawResponse>> {
///         request.headers.insert("x-tenant", HeaderValue::from_static("contoso"));
///         next.send(request)
///     }
/// }
///
/// let options = ClientOptions::new().per_call_policy(Arc::new(Tenant));
/// ```
pub trait Policy: fmt::Debug + Send + Sync + 'static {
    /// Passes the request on with [`Next::send`], before and after which it may do what it is for.
    ///
    /// # Errors
    ///
    /// Those of the steps that follow, and the policy's own. A per-try policy's are tried again as those of the transport
    /// are, by their kind.
    ///
    /// # Cancel safety
    ///
    /// The future is dropped with the call, and when the call or the try runs out of time: what a policy does after
    /// [`Next::send`] may not happen, although the service has seen the request.
    fn send<'a>(
        &'a self,
        request: &'a mut HttpRequest,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>>;
}

/// The steps after a policy. A policy that sends more than once sends by clones.
#[derive(Debug, Clone)]
pub struct Next<'a> {
    pub(crate) chain: Chain<'a>,
}

impl<'a> Next<'a> {
    /// Passes a request on.
    ///
    /// # Errors
    ///
    /// Those of the steps that follow.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the request; the service may have seen it.
    pub fn send(self, request: &'a mut HttpRequest) -> BoxFuture<'a, Result<RawResponse>> {
        self.chain.send(request)
    }
}
