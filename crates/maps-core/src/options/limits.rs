//! Limits of size.

/// Limits of size.
///
/// JSON nested 128 levels deep is an error, which cannot be changed.
#[derive(Debug, Clone)]
#[must_use]
pub struct Limits {
    pub(crate) error_body: usize,
    pub(crate) body: usize,
    pub(crate) headers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            error_body: 64 * 1024,
            body: 256 * 1024 * 1024,
            headers: 256 * 1024,
        }
    }
}

impl Limits {
    /// 64 KiB of an error's body, 256 MiB of any other, 256 KiB of headers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bytes that are kept of an error's body; 64 KiB by default.
    pub fn error_body(mut self, bytes: usize) -> Self {
        self.error_body = bytes;
        self
    }

    /// Bytes of any other body, 256 MiB by default; a longer one is an error of kind [`Decode`](crate::ErrorKind::Decode).
    ///
    /// A [`Download`](crate::Download) has a limit of its own.
    pub fn body(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    /// Bytes of all headers together, 256 KiB by default; more are an error.
    pub fn headers(mut self, bytes: usize) -> Self {
        self.headers = bytes;
        self
    }
}
