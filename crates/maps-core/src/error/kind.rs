//! Kinds of errors.

/// What sort of thing went wrong.
///
/// The [troubleshooting page](crate::troubleshooting) says of each what to look at and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument or option is not acceptable; nothing was sent.
    InvalidArgument,
    /// The credential gave no usable secret.
    Credential,
    /// No connection was made, so that the service saw nothing.
    Connect,
    /// The exchange broke off: the service may have seen the request.
    Transport,
    /// A limit of time ran out.
    Timeout,
    /// The service answered with an error.
    Service,
    /// The answer is not what the definition says.
    Decode,
    /// A long-running operation failed, was cancelled, or ended without its result.
    Operation,
    /// A link of the service leads to an origin that is not trusted.
    Untrusted,
    /// A resume token belongs to another operation, version or origin, or is not one.
    ResumeToken,
    /// This side failed: a file that cannot be written, a thread that cannot be started.
    Io,
}

impl ErrorKind {
    /// Name of the kind in lower case, as spans show it in `error.type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid_argument",
            Self::Credential => "credential",
            Self::Connect => "connect",
            Self::Transport => "transport",
            Self::Timeout => "timeout",
            Self::Service => "service",
            Self::Decode => "decode",
            Self::Operation => "operation",
            Self::Untrusted => "untrusted",
            Self::ResumeToken => "resume_token",
            Self::Io => "io",
        }
    }
}
