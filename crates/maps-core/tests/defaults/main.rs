//! Every wait and every size has its default limit, shown by what happens when it is reached.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/server.rs"]
mod http;
#[path = "../poller/server.rs"]
mod server;

#[cfg(target_os = "linux")]
mod connecting;
mod sizes;
mod tokens;
mod waits;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use maps_core::service::HostSettings;
use maps_core::test_kit::VirtualClock;
use maps_core::{ClientOptions, Credential, Pipeline, Transport};

/// Runs what waits for time alone: whenever it waits, the clock goes to the end of the wait.
fn run<F: Future>(clock: &VirtualClock, future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        let end = clock.next_timer().expect("it waits for a limit");
        clock.advance(end - clock.elapsed());
    }
}

/// A client with a clock that stands still and a transport without sockets.
fn client(
    clock: &VirtualClock,
    transport: impl Transport,
    credential: Option<Credential>,
    options: ClientOptions,
) -> Pipeline {
    let mut host = HostSettings::new();
    host.endpoint("https://example.com");
    let options = options
        .clock(Arc::new(clock.clone()))
        .transport(Arc::new(transport));
    Pipeline::new(&http::SERVICE, &host, credential, None, options).unwrap()
}
