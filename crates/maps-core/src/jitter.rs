//! Randomness of waits.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Where the random part of waits comes from; the default one costs no lock.
#[derive(Clone, Default)]
pub(crate) struct Jitter(Option<Arc<Mutex<fastrand::Rng>>>);

impl Jitter {
    /// The same numbers in each run.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(Some(Arc::new(Mutex::new(fastrand::Rng::with_seed(seed)))))
    }

    /// A number in `[0, 1)`.
    pub(crate) fn next(&self) -> f64 {
        match &self.0 {
            None => fastrand::f64(),
            Some(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).f64(),
        }
    }
}

impl fmt::Debug for Jitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Jitter(seeded)"
        } else {
            "Jitter"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_row_of_numbers() {
        let row = |seed| {
            let jitter = Jitter::seeded(seed);
            [jitter.next(), jitter.next(), jitter.next()]
        };
        assert_eq!(row(7), row(7));
        assert_ne!(row(7), row(8));
        assert!(
            row(7)
                .iter()
                .chain(&[Jitter::default().next()])
                .all(|n| (0.0..1.0).contains(n))
        );
    }
}
