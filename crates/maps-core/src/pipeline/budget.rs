//! Retries that all calls of a client share.

use std::sync::atomic::{AtomicU32, Ordering};

/// Tokens that a retry takes and a success gives back.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: Option<u32>,
    tokens: AtomicU32,
}

const RETRY: u32 = 5;
const SUCCESS: u32 = 1;

impl Budget {
    /// A full budget; `None` is one without limit.
    pub(crate) fn new(limit: Option<u32>) -> Self {
        Self {
            limit,
            tokens: AtomicU32::new(limit.unwrap_or_default()),
        }
    }

    /// Takes what a retry costs, unless too little is left.
    pub(crate) fn withdraw(&self) -> bool {
        self.limit.is_none()
            || self
                .tokens
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                    tokens.checked_sub(RETRY)
                })
                .is_ok()
    }

    pub(crate) fn deposit(&self) {
        let Some(limit) = self.limit else { return };
        // A full budget, the usual case, is only read.
        if self.tokens.load(Ordering::Relaxed) < limit {
            let _ = self
                .tokens
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                    (tokens < limit).then(|| tokens + SUCCESS)
                });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_takes_five_and_a_success_gives_one() {
        let budget = Budget::new(Some(10));
        assert!(budget.withdraw() && budget.withdraw() && !budget.withdraw());
        (0..4).for_each(|_| budget.deposit());
        assert!(!budget.withdraw());
        budget.deposit();
        assert!(budget.withdraw());
        (0..100).for_each(|_| budget.deposit());
        assert!(budget.withdraw() && budget.withdraw() && !budget.withdraw());
    }

    #[test]
    fn no_limit_never_ends() {
        let budget = Budget::new(None);
        assert!((0..1000).all(|_| budget.withdraw()));
    }
}
