//! The requests that arrived, for tests that assert what a client sent.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, Method, Uri};

/// A request that arrived, with the credentials it carried.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method.
    pub method: Method,
    /// Path and query as they came.
    pub uri: Uri,
    /// All headers.
    pub headers: HeaderMap,
    /// The operation that the path names; `None` when it names none.
    pub operation: Option<&'static str>,
    /// The status of the answer.
    pub status: u16,
}

/// Leaves headers and query out: they hold keys.
impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.uri.path())
            .field("operation", &self.operation)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The last requests, up to a number; none by default.
#[derive(Debug)]
pub(crate) struct Journal {
    kept: usize,
    requests: Mutex<VecDeque<RecordedRequest>>,
}

impl Journal {
    pub(crate) fn new(kept: usize) -> Self {
        Self {
            kept,
            requests: Mutex::default(),
        }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.kept > 0
    }

    pub(crate) fn add(&self, request: RecordedRequest) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        while requests.len() >= self.kept {
            requests.pop_front();
        }
        requests.push_back(request);
    }

    pub(crate) fn clear(&self) {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.iter().cloned().collect()
    }
}
