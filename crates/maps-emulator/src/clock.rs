//! Time: where it comes from, and how fast the emulator lets it pass.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::macros::format_description;

/// Where the emulator reads the time.
///
/// The emulator calls this on every request. On top of it come the speed and the advances that the emulator was told,
/// so a [`ManualClock`] and a speed can be used together.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The time it is.
    fn now(&self) -> SystemTime;
}

/// The computer's clock, read once and then counted on, so that it never goes back.
#[derive(Debug, Clone)]
pub struct SystemClock {
    started: Instant,
    time: SystemTime,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            time: SystemTime::now(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        self.time + self.started.elapsed()
    }
}

/// A clock that stands still until a test moves it. Clones share the time.
#[derive(Debug, Clone)]
pub struct ManualClock {
    time: Arc<Mutex<SystemTime>>,
}

impl ManualClock {
    /// A clock that shows `time`.
    pub fn new(time: SystemTime) -> Self {
        Self {
            time: Arc::new(Mutex::new(time)),
        }
    }

    /// Moves the clock forward. A step past what a clock can hold is ignored.
    pub fn advance(&self, step: Duration) {
        let mut time = self.time.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(later) = time.checked_add(step) {
            *time = later;
        }
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new(SystemTime::now())
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        *self.time.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A point in the emulator's time, in nanoseconds since 1970, a multiple of 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Moment(i64);

impl Moment {
    /// The services show seven digits after the second, so nothing finer is kept.
    fn from_nanoseconds(nanoseconds: i128) -> Self {
        let limited = nanoseconds.clamp(0, i128::from(i64::MAX));
        let limited = i64::try_from(limited).unwrap_or(i64::MAX);
        Self(limited - limited % 100)
    }

    fn from_system_time(time: SystemTime) -> Self {
        let since = time
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        Self::from_nanoseconds(i128::try_from(since.as_nanos()).unwrap_or(i128::MAX))
    }

    /// A date and time, when it is one that the emulator can show.
    pub(crate) fn from_date_time(time: OffsetDateTime) -> Option<Self> {
        let nanoseconds = time.unix_timestamp_nanos();
        let held = (0..=i128::from(i64::MAX)).contains(&nanoseconds);
        held.then(|| Self::from_nanoseconds(nanoseconds))
    }

    /// How far this is ahead of another moment, in nanoseconds; below 0 when it is behind.
    pub(crate) fn ahead_of(self, other: Self) -> i64 {
        self.0.saturating_sub(other.0)
    }

    /// The moment that is so far ahead, in nanoseconds.
    pub(crate) fn ahead_by(self, nanoseconds: i64) -> Self {
        Self::from_nanoseconds(i128::from(self.0) + i128::from(nanoseconds))
    }

    pub(crate) fn from_stored(nanoseconds: i64) -> Self {
        Self::from_nanoseconds(i128::from(nanoseconds))
    }

    pub(crate) fn stored(self) -> i64 {
        self.0
    }

    pub(crate) fn plus(self, duration: Duration) -> Self {
        let nanoseconds = i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX);
        Self::from_nanoseconds(i128::from(self.0).saturating_add(nanoseconds))
    }

    pub(crate) fn date_time(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// As Creator writes it: `2021-04-20T22:43:14.9401559+00:00`.
    pub(crate) fn seven_digits(self) -> String {
        let format = format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]+00:00"
        );
        self.date_time().format(format).unwrap_or_default()
    }
}

/// Real time for which one commit lets the emulator show its time.
const LEASE: Duration = Duration::from_secs(1);

/// The emulator's time: that of a clock, moved ahead and made faster.
///
/// An operation that was shown as ended must not run again after the process was killed, so no time is shown that is
/// later than what the database holds. Commits write a time that is a little ahead, and a restart goes on from there.
#[derive(Debug)]
pub(crate) struct Timeline {
    clock: Arc<dyn Clock>,
    course: Mutex<Course>,
    /// The latest time that the database holds.
    ceiling: AtomicI64,
}

#[derive(Debug, Clone, Copy)]
struct Course {
    /// The clock's time when the speed was last set, and the emulator's time then.
    clock: Moment,
    emulator: Moment,
    speed: f64,
    /// The emulator's time when it started.
    start: Moment,
}

impl Course {
    fn at(self, clock: Moment) -> Moment {
        // Differences are small enough that f64 loses less than a microsecond in a year.
        let elapsed = clock.0.saturating_sub(self.clock.0).max(0) as f64 * self.speed;
        // A float that is too large becomes the largest integer; `as` saturates.
        Moment::from_nanoseconds(i128::from(self.emulator.0).saturating_add(elapsed as i128))
    }
}

impl Timeline {
    /// A timeline that starts at the clock's time, or at `not_before` when that is later: time that a previous run
    /// of the emulator has shown is never taken back.
    pub(crate) fn new(clock: Arc<dyn Clock>, speed: f64, not_before: Option<Moment>) -> Self {
        let now = Moment::from_system_time(clock.now());
        let emulator = not_before.map_or(now, |moment| moment.max(now));
        let course = Course {
            clock: now,
            emulator,
            speed,
            start: emulator,
        };
        Self {
            clock,
            course: Mutex::new(course),
            ceiling: AtomicI64::new(0),
        }
    }

    /// How much time has passed since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        let course = *self.course.lock().unwrap_or_else(PoisonError::into_inner);
        let nanoseconds = self.now().ahead_of(course.start);
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or_default())
    }

    /// The time of the clock that this one is made of.
    pub(crate) fn clock_now(&self) -> Moment {
        Moment::from_system_time(self.clock.now())
    }

    /// Starts anew at any time, also an earlier one, and at a speed. What was shown before does not count any more.
    pub(crate) fn restart(&self, at: Moment, speed: f64) {
        self.change(|course| {
            course.emulator = at;
            course.start = at;
            course.speed = speed;
        });
        self.ceiling.store(0, Ordering::Release);
    }

    /// The time that a commit should write now.
    pub(crate) fn next_ceiling(&self) -> Moment {
        let lease = LEASE.mul_f64(self.speed());
        let ceiling = Moment(self.ceiling.load(Ordering::Acquire));
        self.now().plus(lease).max(ceiling)
    }

    /// Notes that the database holds this time.
    pub(crate) fn raise_ceiling(&self, ceiling: Moment) {
        self.ceiling.fetch_max(ceiling.0, Ordering::AcqRel);
    }

    /// The time, if the database holds it or a later one.
    pub(crate) fn now_if_held(&self) -> Option<Moment> {
        let now = self.now();
        (now.0 <= self.ceiling.load(Ordering::Acquire)).then_some(now)
    }

    pub(crate) fn now(&self) -> Moment {
        let course = *self.course.lock().unwrap_or_else(PoisonError::into_inner);
        course.at(Moment::from_system_time(self.clock.now()))
    }

    pub(crate) fn advance(&self, step: Duration) {
        self.change(|course| course.emulator = course.emulator.plus(step));
    }

    pub(crate) fn set_speed(&self, speed: f64) {
        self.change(|course| course.speed = speed);
    }

    pub(crate) fn speed(&self) -> f64 {
        self.course
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .speed
    }

    fn change(&self, change: impl FnOnce(&mut Course)) {
        let mut course = self.course.lock().unwrap_or_else(PoisonError::into_inner);
        let clock = Moment::from_system_time(self.clock.now());
        course.emulator = course.at(clock);
        course.clock = clock;
        change(&mut course);
    }
}

/// Whether time can pass at this speed; 0 stops it.
pub(crate) fn is_speed(speed: f64) -> bool {
    (0.0..=1_000_000.0).contains(&speed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn speed_multiplies_what_passes_after_it_was_set() {
        let clock = ManualClock::new(at(1_000));
        let timeline = Timeline::new(Arc::new(clock.clone()), 1.0, None);
        clock.advance(Duration::from_secs(10));
        timeline.set_speed(100.0);
        clock.advance(Duration::from_secs(2));
        assert_eq!(timeline.now(), Moment::from_system_time(at(1_210)));
    }

    #[test]
    fn speed_zero_stops_time_and_advance_still_moves_it() {
        let clock = ManualClock::new(at(1_000));
        let timeline = Timeline::new(Arc::new(clock.clone()), 0.0, None);
        clock.advance(Duration::from_secs(500));
        timeline.advance(Duration::from_secs(3));
        assert_eq!(timeline.now(), Moment::from_system_time(at(1_003)));
    }

    #[test]
    fn time_shown_before_is_not_taken_back() {
        let shown = Moment::from_system_time(at(5_000));
        let clock = ManualClock::new(at(1_000));
        let timeline = Timeline::new(Arc::new(clock), 1.0, Some(shown));
        assert_eq!(timeline.now(), shown);
    }

    #[test]
    fn time_is_shown_only_up_to_what_is_held() {
        let clock = ManualClock::new(at(1_000));
        let timeline = Timeline::new(Arc::new(clock.clone()), 10.0, None);
        assert_eq!(timeline.now_if_held(), None);
        timeline.raise_ceiling(timeline.next_ceiling());
        clock.advance(Duration::from_secs(1));
        assert_eq!(
            timeline.now_if_held(),
            Some(Moment::from_system_time(at(1_010)))
        );
        clock.advance(Duration::from_millis(1));
        assert_eq!(timeline.now_if_held(), None);
    }

    #[test]
    fn advance_past_the_end_of_time_stays_there() {
        let timeline = Timeline::new(Arc::new(ManualClock::new(at(1_000))), 1e6, None);
        timeline.advance(Duration::MAX);
        timeline.advance(Duration::MAX);
        assert_eq!(timeline.now().date_time().year(), 2262);
    }

    #[test]
    fn seven_digits_keep_zeros_and_the_offset() {
        let moment = Moment::from_nanoseconds(1_618_958_594_226_519_000);
        assert_eq!(moment.seven_digits(), "2021-04-20T22:43:14.2265190+00:00");
    }

    #[test]
    fn speeds_are_finite_and_not_negative() {
        for speed in [f64::NAN, f64::INFINITY, -1.0, 1e9] {
            assert!(!is_speed(speed), "{speed}");
        }
        assert!(is_speed(0.0) && is_speed(0.5) && is_speed(100.0));
    }
}
