//! The blocking twins of what is async.

use std::io::Write;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::{Blocking, block_on, wait};
use crate::download::{Download, sink_error};
use crate::error::Result;
use crate::pager::{Pager, Pages};
use crate::poller::Poller;
use crate::request::RawRequest;
use crate::response::{RawResponse, Response};

impl RawRequest {
    /// [`send`](Self::send) that blocks the thread.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send) and [`block_on`].
    pub fn send_blocking(self) -> Result<RawResponse> {
        block_on(self.send())
    }

    /// [`download`](Self::download) that blocks the thread until the headers are there.
    ///
    /// # Errors
    ///
    /// Those of [`download`](Self::download) and [`block_on`].
    pub fn download_blocking(self) -> Result<Download> {
        block_on(self.download())
    }
}

impl<T, S: DeserializeOwned + Clone> Poller<T, S> {
    /// [`next`](Self::next) that blocks the thread.
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next) and [`block_on`].
    pub fn next_blocking(&mut self) -> Option<Result<S>> {
        wait(self.next()).unwrap_or_else(|error| Some(Err(error)))
    }

    /// The status monitors as an iterator that blocks the thread.
    pub fn iter_blocking(&mut self) -> Blocking<&mut Self> {
        Blocking::new(self)
    }
}

impl<T: DeserializeOwned, S: DeserializeOwned + Clone> Poller<T, S> {
    /// [`result`](Self::result) that blocks the thread.
    ///
    /// # Errors
    ///
    /// Those of [`result`](Self::result) and [`block_on`].
    pub fn result_blocking(&mut self) -> Result<T> {
        block_on(self.result())
    }
}

impl<T, P: DeserializeOwned + Send + 'static> Pager<T, P> {
    /// [`next`](Self::next) that blocks the thread.
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next) and [`block_on`].
    pub fn next_blocking(&mut self) -> Option<Result<T>> {
        wait(self.next()).unwrap_or_else(|error| Some(Err(error)))
    }

    /// The items as an iterator that blocks the thread.
    pub fn iter_blocking(self) -> Blocking<Self> {
        Blocking::new(self)
    }
}

impl<P: DeserializeOwned> Pages<P> {
    /// [`next`](Self::next) that blocks the thread.
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next) and [`block_on`].
    pub fn next_blocking(&mut self) -> Option<Result<Response<P>>> {
        wait(self.next()).unwrap_or_else(|error| Some(Err(error)))
    }

    /// The pages as an iterator that blocks the thread.
    pub fn iter_blocking(self) -> Blocking<Self> {
        Blocking::new(self)
    }
}

impl Download {
    /// [`chunk`](Self::chunk) that blocks the thread.
    ///
    /// # Errors
    ///
    /// Those of [`chunk`](Self::chunk) and [`block_on`].
    pub fn chunk_blocking(&mut self) -> Result<Option<Bytes>> {
        block_on(self.chunk())
    }

    /// [`copy_to`](Self::copy_to) that blocks the thread, into a sink that does so too.
    ///
    /// # Errors
    ///
    /// Those of [`copy_to`](Self::copy_to) and [`block_on`].
    pub fn copy_to_blocking<W: Write + ?Sized>(&mut self, sink: &mut W) -> Result<u64> {
        let start = self.position();
        while block_on(self.fill())? {
            match sink.write(self.rest()) {
                Ok(0) => return Err(sink_error(std::io::ErrorKind::WriteZero.into())),
                Ok(written) => self.written(written),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(sink_error(error)),
            }
        }
        sink.flush().map_err(sink_error)?;
        Ok(self.position() - start)
    }
}
