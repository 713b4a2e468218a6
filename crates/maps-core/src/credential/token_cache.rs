//! Tokens of a credential, kept and refreshed.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio::runtime::Handle;
use tokio::sync::watch;

use super::suspect::blot_suspects;
use super::{Retired, Secret, TokenCredential, redact};
use crate::clock::ClockRef;
use crate::error::{Error, ErrorKind, Result, blot, in_one_line};

/// Longer than the longest clock skew and call together.
const REFRESH_AHEAD: Duration = Duration::from_secs(5 * 60);
const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const LAST_BACKOFF: Duration = Duration::from_secs(60);

/// The tokens of one credential, by scopes.
pub(crate) struct TokenCache {
    credential: Arc<dyn TokenCredential>,
    ahead: Duration,
    slots: Mutex<Vec<Arc<Slot>>>,
}

impl TokenCache {
    pub(crate) fn new(credential: Arc<dyn TokenCredential>) -> Self {
        Self {
            credential,
            ahead: REFRESH_AHEAD,
            slots: Mutex::default(),
        }
    }

    pub(crate) fn with_ahead(&self, ahead: Duration) -> Self {
        Self {
            credential: Arc::clone(&self.credential),
            ahead,
            slots: Mutex::default(),
        }
    }

    /// The place of the tokens for these scopes.
    pub(crate) fn slot(&self, scopes: &[String]) -> Arc<Slot> {
        let mut slots = lock(&self.slots);
        if let Some(slot) = slots.iter().find(|slot| slot.scopes == scopes) {
            return Arc::clone(slot);
        }
        let slot = Arc::new(Slot {
            credential: Arc::clone(&self.credential),
            scopes: scopes.to_vec(),
            ahead: self.ahead,
            state: Mutex::default(),
        });
        slots.push(Arc::clone(&slot));
        slot
    }
}

/// The token for one list of scopes.
pub(crate) struct Slot {
    credential: Arc<dyn TokenCredential>,
    scopes: Vec<String>,
    ahead: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Cached>,
    retired: Retired,
    /// How many tokens there were.
    given: u64,
    failures: u32,
    next_refresh: Option<Instant>,
    /// What the credential said when it failed last.
    fault: Option<Arc<Fault>>,
    /// The last refresh that was begun.
    refresh: Option<UnderWay>,
}

/// A refresh, seen from outside.
#[derive(Clone)]
struct UnderWay {
    /// Closed when the refresh is over, however it ended.
    over: watch::Receiver<()>,
    since: Instant,
    /// How long others wait for it. Its own limit ends it before, unless its runtime stands still.
    patience: Duration,
}

impl UnderWay {
    fn is_over(&self) -> bool {
        self.over.has_changed().is_err()
    }

    /// How long others go on waiting for it.
    fn left(&self, now: Instant) -> Duration {
        self.patience
            .saturating_sub(now.saturating_duration_since(self.since))
    }
}

/// Whose turn it is to refresh.
enum Turn {
    Mine(watch::Sender<()>),
    Taken(UnderWay),
}

struct Cached {
    secret: Secret,
    since: Instant,
    refresh_at: SystemTime,
    expires_at: SystemTime,
}

impl Slot {
    /// The token to sign with.
    ///
    /// Waits only when there is no valid one. Dropping the future leaves the refresh running for the next caller.
    pub(crate) async fn token(
        self: &Arc<Self>,
        clock: &ClockRef,
        limit: Duration,
    ) -> Result<Secret> {
        if let Some((secret, due)) = self.valid(clock) {
            if due {
                Box::pin(self.refresh_beside(clock, limit)).await;
            }
            return Ok(secret);
        }
        // Boxed, because every request holds this future and few come here.
        Box::pin(self.first_token(clock, limit)).await
    }

    async fn first_token(self: &Arc<Self>, clock: &ClockRef, limit: Duration) -> Result<Secret> {
        let given = lock(&self.state).given;
        loop {
            if let Some(outcome) = self.outcome_since(given, clock) {
                return outcome;
            }
            match self.turn(clock, limit) {
                Turn::Mine(turn) => {
                    // Between the look at the token and the turn another refresh may have ended.
                    return match self.outcome_since(given, clock) {
                        Some(outcome) => outcome,
                        None => self.refresh_apart(clock, limit, turn).await,
                    };
                }
                Turn::Taken(mut refresh) => {
                    let left = refresh.left(clock.now());
                    clock.within(left, refresh.over.changed()).await;
                }
            }
        }
    }

    /// Drops a token that the service refused in a request sent at `asked`.
    ///
    /// A newer one stays: of a thousand requests that are refused at once, one signs in anew.
    pub(crate) fn forget(&self, asked: Instant) {
        let mut state = lock(&self.state);
        if let Some(cached) = state.token.take_if(|cached| cached.since <= asked) {
            state.retired.push(cached.secret);
        }
    }

    /// The secrets that a request may have been signed with lately.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let state = lock(&self.state);
        let current = state.token.as_ref().map(|cached| &cached.secret);
        current
            .into_iter()
            .chain(state.retired.iter())
            .cloned()
            .collect()
    }

    /// The token while it is valid, and whether a refresh is due.
    fn valid(&self, clock: &ClockRef) -> Option<(Secret, bool)> {
        let state = lock(&self.state);
        let cached = state.token.as_ref()?;
        let now = clock.wall();
        if now >= cached.expires_at {
            return None;
        }
        let due =
            now >= cached.refresh_at && state.next_refresh.is_none_or(|next| clock.now() >= next);
        Some((cached.secret.clone(), due))
    }

    /// A token that came after the first `given` ones.
    ///
    /// Whatever it says of its end: those who waited for it do not each ask for another one.
    fn given_since(&self, given: u64) -> Option<Secret> {
        let state = lock(&self.state);
        let cached = state.token.as_ref().filter(|_| state.given > given)?;
        Some(cached.secret.clone())
    }

    /// What a refresh that has ended leaves to those who waited for it.
    fn outcome_since(&self, given: u64, clock: &ClockRef) -> Option<Result<Secret>> {
        match self.given_since(given) {
            Some(secret) => Some(Ok(secret)),
            None => self.backing_off(clock).map(Err),
        }
    }

    /// The error while the credential is not asked again.
    fn backing_off(&self, clock: &ClockRef) -> Option<Error> {
        let state = lock(&self.state);
        let wait = state
            .next_refresh?
            .checked_duration_since(clock.now())
            .filter(|wait| !wait.is_zero())?;
        let message = "the credential failed a moment ago and is not asked again yet";
        let error = Error::new(ErrorKind::Credential, message).with_retry_after(Some(wait));
        Some(match &state.fault {
            Some(fault) => error.with_source(Arc::clone(fault)),
            None => error,
        })
    }

    /// The turn to refresh, unless a refresh is under way.
    fn turn(&self, clock: &ClockRef, limit: Duration) -> Turn {
        let now = clock.now();
        let mut state = lock(&self.state);
        if let Some(refresh) = &state.refresh {
            if !refresh.is_over() && !refresh.left(now).is_zero() {
                return Turn::Taken(refresh.clone());
            }
        }
        let (turn, over) = watch::channel(());
        state.refresh = Some(UnderWay {
            over,
            since: now,
            patience: limit.saturating_mul(2),
        });
        Turn::Mine(turn)
    }

    /// Refreshes in a task of its own, which goes on when the call that waits for it is dropped: a credential that
    /// takes longer than a call may would never give a token otherwise.
    async fn refresh_apart(
        self: &Arc<Self>,
        clock: &ClockRef,
        limit: Duration,
        turn: watch::Sender<()>,
    ) -> Result<Secret> {
        let slot = Arc::clone(self);
        let clock = clock.clone();
        let refresh = async move {
            let outcome = slot.refresh(&clock, limit).await;
            drop(turn);
            outcome
        };
        let Ok(runtime) = Handle::try_current() else {
            // Without a runtime nobody else can do it.
            return Box::pin(refresh).await;
        };
        match runtime.spawn(refresh).await {
            Ok(outcome) => outcome,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Error::new(
                    ErrorKind::Credential,
                    "the runtime ended before the credential gave a token",
                )),
            },
        }
    }

    /// Refreshes in a task of its own, so that nobody waits while the old token is valid.
    async fn refresh_beside(self: &Arc<Self>, clock: &ClockRef, limit: Duration) {
        let Turn::Mine(turn) = self.turn(clock, limit) else {
            return;
        };
        // Between the look at the token and the turn another refresh may have ended.
        if self.valid(clock).is_some_and(|(_, due)| !due) {
            return;
        }
        let slot = Arc::clone(self);
        let clock = clock.clone();
        let refresh = async move {
            if let Err(error) = slot.refresh(&clock, limit).await {
                tracing::warn!(
                    target: "maps_core::credential",
                    error = in_one_line(&error),
                    "token refresh failed, the old token still serves",
                );
            }
            drop(turn);
        };
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(refresh)),
            // Without a runtime nobody else can do it.
            Err(_) => Box::pin(refresh).await,
        }
    }

    async fn refresh(&self, clock: &ClockRef, limit: Duration) -> Result<Secret> {
        let scopes: Vec<&str> = self.scopes.iter().map(String::as_str).collect();
        let outcome = {
            let _panicking = Panicking(self, clock.now());
            clock.within(limit, self.credential.token(&scopes)).await
        };
        let fault = match outcome {
            None => Error::new(
                ErrorKind::Credential,
                format!("the credential gave no token within {limit:?}"),
            ),
            Some(Err(error)) => {
                let cause = blot(Box::new(error), |text| self.redact(text));
                Error::new(ErrorKind::Credential, "the credential gave no token").with_source(cause)
            }
            Some(Ok(token)) => match Secret::new("Bearer ", token.secret) {
                Some(secret) => {
                    self.keep(secret.clone(), token.expires_at, clock);
                    return Ok(secret);
                }
                None => Error::new(
                    ErrorKind::Credential,
                    "the credential gave a token that a header cannot carry",
                ),
            },
        };
        let wait = self.note_fault(clock.now(), in_one_line(&fault));
        Err(fault.with_retry_after(Some(wait)))
    }

    fn keep(&self, secret: Secret, expires_at: SystemTime, clock: &ClockRef) {
        let mut state = lock(&self.state);
        let now = clock.wall();
        // A token that lives shorter than twice the margin is refreshed at half its life.
        let half = expires_at.duration_since(now).unwrap_or_default() / 2;
        let refresh_at = expires_at
            .checked_sub(self.ahead)
            .unwrap_or(now)
            .max(now.checked_add(half).unwrap_or(now));
        let old = state.token.replace(Cached {
            secret,
            since: clock.now(),
            refresh_at,
            expires_at,
        });
        if let Some(old) = old {
            state.retired.push(old.secret);
        }
        state.given += 1;
        state.failures = 0;
        state.next_refresh = None;
        state.fault = None;
        drop(state);
        tracing::debug!(
            target: "maps_core::credential",
            lives = ?expires_at.duration_since(now).unwrap_or_default(),
            refresh_in = ?refresh_at.duration_since(now).unwrap_or_default(),
            "the credential gave a token",
        );
    }

    /// Notes that the credential failed, and gives the wait before it is asked again.
    fn note_fault(&self, now: Instant, said: String) -> Duration {
        let mut state = lock(&self.state);
        let wait = FIRST_BACKOFF
            .saturating_mul(1 << state.failures.min(6))
            .min(LAST_BACKOFF);
        state.failures = state.failures.saturating_add(1);
        state.next_refresh = now.checked_add(wait);
        state.fault = Some(Arc::new(Fault(said)));
        wait
    }

    /// A text of the credential, without its tokens and without what looks like a secret.
    fn redact(&self, text: &str) -> String {
        let shown = redact(&self.secrets(), text.as_bytes());
        blot_suspects(&String::from_utf8_lossy(&shown))
    }
}

/// Counts a credential that panics as one that failed, so that it is not asked again at once.
struct Panicking<'a>(&'a Slot, Instant);

impl Drop for Panicking<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0
                .note_fault(self.1, "the credential panicked".to_owned());
        }
    }
}

/// What a credential said when it failed, for the calls after the one that asked it.
#[derive(Debug)]
struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
