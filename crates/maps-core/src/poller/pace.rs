//! How long a poller waits before its next request.

use std::time::Duration;

use crate::PollingOptions;

/// The growing wait between polls, and the service's last hint on it.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Pace {
    /// Waits without a hint so far.
    step: u32,
}

impl Pace {
    /// The wait before the next poll.
    ///
    /// A hint takes the place of the growing wait. Jitter is added on top of either, never taken off, so that no poll
    /// comes before the time the service asked for. `random` is in `[0, 1)`.
    pub(super) fn next(
        &mut self,
        options: &PollingOptions,
        hint: Option<Duration>,
        random: f64,
    ) -> Duration {
        let base = match hint {
            Some(hint) => hint.max(options.min_hint).min(options.max_hint),
            None => {
                // A first wait of nothing asks at once, and does not make all others nothing too.
                let first = match self.step {
                    0 => options.first_wait,
                    _ => options.first_wait.max(options.min_hint),
                };
                let wait = scale(first, options.growth.powi(self.step.min(1024) as i32))
                    .min(options.max_wait);
                self.step = self.step.saturating_add(1);
                wait
            }
        };
        base.saturating_add(scale(base, options.jitter * random))
    }
}

/// `wait` times `factor`, without a panic whatever the factor.
fn scale(wait: Duration, factor: f64) -> Duration {
    if factor.is_nan() || factor <= 0.0 {
        return Duration::ZERO;
    }
    Duration::try_from_secs_f64(wait.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(pace: &mut Pace, hint: Option<u64>, random: f64) -> f64 {
        pace.next(
            &PollingOptions::new(),
            hint.map(Duration::from_secs),
            random,
        )
        .as_secs_f64()
    }

    #[test]
    fn waits_grow_from_half_a_second_by_half_up_to_fifteen() {
        let mut pace = Pace::default();
        let waits: Vec<f64> = (0..12).map(|_| seconds(&mut pace, None, 0.0)).collect();
        assert_eq!(&waits[..4], &[0.5, 0.75, 1.125, 1.6875]);
        assert_eq!(waits[8], 12.814453125);
        assert_eq!(&waits[9..], &[15.0, 15.0, 15.0]);
    }

    #[test]
    fn jitter_adds_at_most_a_fifth_and_takes_nothing_off() {
        assert_eq!(seconds(&mut Pace::default(), None, 0.5), 0.55);
        assert_eq!(seconds(&mut Pace::default(), Some(10), 0.0), 10.0);
        assert_eq!(seconds(&mut Pace::default(), Some(10), 0.5), 11.0);
        assert!(seconds(&mut Pace::default(), Some(10), 0.999_999) <= 12.0);
    }

    #[test]
    fn a_hint_is_clamped_and_changes_only_the_next_wait() {
        let mut pace = Pace::default();
        assert_eq!(seconds(&mut pace, Some(0), 0.0), 0.1);
        assert_eq!(seconds(&mut pace, Some(u64::MAX), 0.0), 120.0);
        assert_eq!(seconds(&mut pace, Some(3), 0.0), 3.0);
        assert_eq!(seconds(&mut pace, None, 0.0), 0.5);
    }

    #[test]
    fn a_first_wait_of_nothing_does_not_make_the_others_nothing() {
        let options = PollingOptions::new().first_wait(Duration::ZERO);
        let mut pace = Pace::default();
        let mut wait = || pace.next(&options, None, 0.0);
        assert_eq!(wait(), Duration::ZERO);
        assert_eq!(wait(), Duration::from_millis(150));
        assert_eq!(wait(), Duration::from_millis(225));
    }

    #[test]
    fn odd_options_give_a_wait_and_no_panic() {
        let mut options = PollingOptions::new();
        for factor in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300] {
            options.growth = factor;
            options.jitter = factor;
            let mut pace = Pace { step: u32::MAX };
            pace.next(&options, None, 0.5);
            pace.next(&options, Some(Duration::MAX), 0.5);
        }
    }
}
