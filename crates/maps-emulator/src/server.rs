//! Connections.

mod linger;
mod wire;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::header::EXPECT;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_service::Service;

use crate::faults::{ByHand, script};

use wire::{Io, Slot};

/// Time to send the head of a request, or the next one on the same connection. Longer than clients keep idle
/// connections (reqwest: 90 s), so that they do not send into one that closes.
const HEADER_TIMEOUT: Duration = Duration::from_secs(120);

/// Most headers of a request; hyper answers 431 to more.
const MAX_HEADERS: usize = 100;

/// Most bytes of the head of a request.
const MAX_HEAD: usize = 256 * 1024;

/// Time that requests under way get to finish when the emulator stops.
const GRACE: Duration = Duration::from_secs(10);

/// Wait after a connection could not be accepted, for example because files ran out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` completes, then lets requests under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    connections: usize,
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(connections.min(Semaphore::MAX_PERMITS)));
    let mut stop = pin!(stop);
    loop {
        let permit = tokio::select! {
            () = &mut stop => break,
            permit = Arc::clone(&permits).acquire_owned() => permit,
        };
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                // Small answers on a local connection must not wait for each other; without it they only get slower.
                let _ = stream.set_nodelay(true);
                let (io, wire) = wire::split(stream);
                let connection = connection(io, wire.slot(), router.clone());
                let watched = graceful.watch(connection);
                tokio::spawn(async move {
                    if let Err(err) = watched.await {
                        tracing::debug!(error = %err, "a connection ended");
                    }
                    wire.finish().await;
                    drop(permit);
                });
            }
            Err(err) => {
                tracing::warn!(error = %err, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("requests under way were given up");
    }
}

fn connection(
    io: Io,
    slot: Slot,
    router: Router,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    let service =
        service_fn(move |request: Request<Incoming>| answer(router.clone(), slot.clone(), request));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(io), service)
}

/// An error makes hyper give the connection up without an answer; what the slot holds is sent then.
async fn answer(
    mut router: Router,
    slot: Slot,
    request: Request<Incoming>,
) -> io::Result<Response<Body>> {
    // Who waits to be told to send its body reads the answer first.
    let waits = request.headers().contains_key(EXPECT);
    let (head, body) = request.into_parts();
    let (body, left) = linger::keep(body);
    let request = Request::from_parts(head, Body::new(body));
    let answered: Result<_, Infallible> = router.call(request).await;
    let mut response = match answered {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if !waits {
        left.drain().await;
    }
    if let Some(ByHand(action)) = response.extensions_mut().remove::<ByHand>() {
        slot.put(script(response, &action).await);
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    Ok(response)
}
