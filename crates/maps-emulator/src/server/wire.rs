//! A connection whose sending side can be taken over from the HTTP library.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use crate::faults::{End, Script};

/// Longest time that a half-closed connection stays.
const HALF_OPEN: Duration = Duration::from_secs(60);

/// What the HTTP library has of a connection.
pub(super) struct Io {
    read: OwnedReadHalf,
    write: Arc<Mutex<OwnedWriteHalf>>,
}

/// What is kept of a connection while the HTTP library has it.
pub(super) struct Wire {
    write: Arc<Mutex<OwnedWriteHalf>>,
    script: Slot,
}

/// Holds what is to be sent once the HTTP library is done.
#[derive(Clone, Default)]
pub(super) struct Slot(Arc<Mutex<Option<Script>>>);

impl Slot {
    pub(super) fn put(&self, script: Script) {
        *lock(&self.0) = Some(script);
    }
}

pub(super) fn split(stream: TcpStream) -> (Io, Wire) {
    let (read, write) = stream.into_split();
    let write = Arc::new(Mutex::new(write));
    let io = Io {
        read,
        write: Arc::clone(&write),
    };
    let wire = Wire {
        write,
        script: Slot::default(),
    };
    (io, wire)
}

impl Wire {
    pub(super) fn slot(&self) -> Slot {
        self.script.clone()
    }

    /// Sends what is left to be sent. The HTTP library must have dropped its part.
    pub(super) async fn finish(self) {
        let Some(script) = lock(&self.script.0).take() else {
            return;
        };
        let Some(write) = Arc::into_inner(self.write) else {
            return;
        };
        let write = write.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Err(err) = play(script, write).await {
            tracing::debug!(error = %err, "a connection ended before its fault was played");
        }
    }
}

async fn play(script: Script, mut write: OwnedWriteHalf) -> io::Result<()> {
    for (bytes, wait) in script.steps {
        write.write_all(&bytes).await?;
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }
    if script.end == End::HalfClose {
        write.shutdown().await?;
        // Until the caller closes too, or has had its time.
        let _ = tokio::time::timeout(HALF_OPEN, read_on(write.as_ref())).await;
    }
    Ok(())
}

async fn read_on(stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut buffer) {
            Ok(0) => return Ok(()),
            Err(err) if err.kind() != io::ErrorKind::WouldBlock => return Err(err),
            Ok(_) | Err(_) => {}
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl AsyncRead for Io {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.read).poll_read(context, buffer)
    }
}

impl AsyncWrite for Io {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *lock(&self.write)).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *lock(&self.write)).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        lock(&self.write).is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *lock(&self.write)).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *lock(&self.write)).poll_shutdown(context)
    }
}
