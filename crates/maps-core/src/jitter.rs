//! Randomness of waits.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
            Some(rng) => lock(rng).f64(),
        }
    }

    /// Bits for what else is to be the same in each run; `None` without a seed.
    pub(crate) fn seeded_bits(&self) -> Option<u128> {
        Some(lock(self.0.as_ref()?).u128(..))
    }
}

fn lock(rng: &Mutex<fastrand::Rng>) -> MutexGuard<'_, fastrand::Rng> {
    rng.lock().unwrap_or_else(PoisonError::into_inner)
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
        let bits = |seed| Jitter::seeded(seed).seeded_bits();
        assert_eq!((bits(7), Jitter::default().seeded_bits()), (bits(7), None));
        assert_ne!(bits(7), bits(8));
        assert!(
            row(7)
                .iter()
                .chain(&[Jitter::default().next()])
                .all(|n| (0.0..1.0).contains(n))
        );
    }
}
