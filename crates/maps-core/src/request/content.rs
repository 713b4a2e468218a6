//! Bodies of several media types.

use std::fmt;

use bytes::Bytes;

use super::Request;
use crate::upload::Upload;

/// A body that a service takes in several media types: a value, which is written as the definition says, or bytes as
/// they are.
///
/// Values become one by themselves. What goes out as it is may be a stream as well, see [`Upload`].
///
/// # Examples
///
/// ```
/// use maps_core::{Content, Upload};
///
/// fn analyze<'a>(image: impl Into<Content<&'a [f64]>>) {}
/// analyze(&[1.0, 2.5]);
/// analyze(Content::bytes("image/png", b"\x89PNG".as_slice()));
///
/// fn upload(file: impl Into<Content<Upload>>) {}
/// upload("as the first media type of the definition");
/// upload(Content::bytes("text/csv", "id,lanes\n7,2\n"));
///
/// # fn run<S>(table: S)
/// # where S: maps_core::Stream<Item = std::io::Result<maps_core::Bytes>> + Send + 'static {
/// upload(Content::bytes("text/csv", Upload::stream(table)));
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct Content<T>(Kind<T>);

#[derive(Clone)]
enum Kind<T> {
    Value(T),
    Bytes { media_type: String, bytes: Upload },
}

impl<T> Content<T> {
    /// Bytes as they are, or a stream of them, of this media type.
    ///
    /// One that a header cannot carry is an error of the request.
    pub fn bytes(media_type: impl Into<String>, bytes: impl Into<Upload>) -> Self {
        Self(Kind::Bytes {
            media_type: media_type.into(),
            bytes: bytes.into(),
        })
    }
}

impl Request {
    /// Sets the body to bytes as they are, or to a value by `write`.
    pub fn content<T>(&mut self, content: impl Into<Content<T>>, write: impl FnOnce(&mut Self, T)) {
        match content.into().0 {
            Kind::Value(value) => write(self, value),
            Kind::Bytes { media_type, bytes } => self.bytes(&media_type, bytes),
        }
    }
}

impl<T> From<T> for Content<T> {
    fn from(value: T) -> Self {
        Self(Kind::Value(value))
    }
}

/// What becomes bytes.
macro_rules! from_bytes {
    ($($from:ty),*) => {$(
        impl From<$from> for Content<Upload> {
            fn from(bytes: $from) -> Self {
                Self(Kind::Value(bytes.into()))
            }
        }
    )*};
}

from_bytes!(Bytes, Vec<u8>, String, &'static [u8], &'static str);

impl<'a> From<&'a String> for Content<&'a str> {
    fn from(value: &'a String) -> Self {
        Self(Kind::Value(value))
    }
}

impl<'a, T> From<&'a Vec<T>> for Content<&'a [T]> {
    fn from(value: &'a Vec<T>) -> Self {
        Self(Kind::Value(value))
    }
}

impl<'a, T, const N: usize> From<&'a [T; N]> for Content<&'a [T]> {
    fn from(value: &'a [T; N]) -> Self {
        Self(Kind::Value(value))
    }
}

impl<T> fmt::Debug for Content<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is sent may be secret.
        match &self.0 {
            Kind::Value(_) => f.debug_struct("Content").finish_non_exhaustive(),
            Kind::Bytes { media_type, bytes } => f
                .debug_struct("Content")
                .field("media_type", media_type)
                .field("bytes", &bytes.len())
                .finish_non_exhaustive(),
        }
    }
}
