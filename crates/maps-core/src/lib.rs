#![doc = include_str!("../README.md")]

#[cfg(feature = "blocking")]
mod blocking;
mod clock;
mod credential;
mod declared;
mod decode;
mod download;
mod error;
mod host;
mod jitter;
mod long_running;
#[cfg(any(doc, doctest))]
#[doc = include_str!("../docs/observability.md")]
pub mod observability {}
mod options;
mod pager;
mod pipeline;
mod policy;
mod poller;
mod request;
mod response;
mod resume_token;
mod runtime;
pub mod service;
#[cfg(feature = "test-kit")]
pub mod test_kit;
mod transport;
pub mod troubleshooting;
mod trust;
mod upload;
mod watch;
#[cfg(feature = "xml")]
mod xml;

pub use bytes::Bytes;
pub use futures_core::Stream;
pub use futures_core::future::BoxFuture;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use maps_types::{Nullable, UnknownNumber, UnknownObject, UnknownValue};
pub use url::Url;

#[cfg(feature = "blocking")]
pub use crate::blocking::{Blocking, block_on};
pub use crate::clock::{Clock, TokioClock};
#[cfg(feature = "azure-core")]
pub use crate::credential::AzureCredential;
pub use crate::credential::{
    AccessToken, BasicCredential, Credential, EntraCredential, SasToken, SubscriptionKey,
    TokenCredential,
};
pub use crate::download::{Download, Progress};
pub use crate::error::{Error, ErrorKind, Result};
#[cfg(feature = "rate-limit")]
pub use crate::options::RateLimit;
pub use crate::options::{
    CallOptions, ClientOptions, Cloud, ForeignOrigins, Limits, Links, PollingOptions, RetryOptions,
    Timeouts,
};
pub use crate::pager::{ContinuationToken, Pager, Pages};
pub use crate::pipeline::Pipeline;
pub use crate::policy::{Next, Policy};
pub use crate::poller::{PollReport, Poller};
pub use crate::request::{Content, FormFile, RawRequest, Request};
pub use crate::response::{RawResponse, Response};
pub use crate::resume_token::ResumeToken;
pub use crate::transport::{Body, HttpRequest, HttpResponse, Transport};
pub use crate::upload::{Upload, UploadStream};
pub use crate::watch::{Ended, Event, Unwatched, Watch, WatchHandle};
