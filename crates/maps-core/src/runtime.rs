//! Which tokio runtime a future is polled on.

/// A runtime, or that there is none.
///
/// Timers and connections belong to the one that they were made on, and panic or break once it is gone. A poller may
/// outlive it: `block_on` with a time limit today, another runtime tomorrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Runtime(Option<tokio::runtime::Id>);

impl Runtime {
    /// The one that polls right now.
    pub(crate) fn current() -> Self {
        Self(
            tokio::runtime::Handle::try_current()
                .ok()
                .map(|runtime| runtime.id()),
        )
    }

    /// Whether nothing of tokio works here.
    pub(crate) fn is_none(self) -> bool {
        self.0.is_none()
    }
}
