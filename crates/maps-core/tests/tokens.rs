//! The tokens of a credential: who waits for them, and for how long.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/server.rs"]
mod server;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
use maps_core::{
    AccessToken, BoxFuture, ClientOptions, Clock, EntraCredential, Error, ErrorKind, Pipeline,
    Result, SubscriptionKey, Timeouts, TokenCredential,
};
use tokio::sync::Semaphore;

use server::{GET, SERVICE, Server, reply};

/// Gives numbered tokens, each behind a gate that the test opens.
#[derive(Debug, Clone)]
struct Gated(Arc<Gate>);

#[derive(Debug)]
struct Gate {
    asked: AtomicUsize,
    permits: Semaphore,
    fails: AtomicBool,
    panics: AtomicBool,
    /// Seconds that a token is good for, before or after now.
    lifetime: i64,
    clock: VirtualClock,
}

impl Gated {
    fn new(lifetime: i64) -> Self {
        Self(Arc::new(Gate {
            asked: AtomicUsize::new(0),
            permits: Semaphore::new(0),
            fails: AtomicBool::new(false),
            panics: AtomicBool::new(false),
            lifetime,
            clock: VirtualClock::new(),
        }))
    }

    /// Lets so many sign in.
    fn open(&self, times: usize) -> &Self {
        self.0.permits.add_permits(times);
        self
    }

    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }

    fn advance(&self, seconds: u64) {
        self.0.clock.advance(Duration::from_secs(seconds));
    }

    /// A client whose service answers everything.
    fn client(&self) -> (ScriptedTransport, Pipeline) {
        let script = ScriptedTransport::new();
        (0..3000).for_each(|_| script.push(Answer::status(200)));
        let options = ClientOptions::new()
            .transport(Arc::new(script.clone()))
            .clock(Arc::new(self.0.clock.clone()));
        let credential = EntraCredential::new(self.clone());
        let pipeline = server::pipeline(
            "https://maps.example",
            &SERVICE,
            Some(credential.into()),
            options,
        );
        (script, pipeline.unwrap())
    }
}

impl TokenCredential for Gated {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        Box::pin(async move {
            let at = self.0.asked.fetch_add(1, Ordering::SeqCst);
            self.0.permits.acquire().await.unwrap().forget();
            if self.0.panics.load(Ordering::SeqCst) {
                panic!("a credential that panics");
            }
            if self.0.fails.load(Ordering::SeqCst) {
                return Err(Error::new(ErrorKind::Credential, "no network"));
            }
            let now = self.0.clock.wall();
            let lifetime = Duration::from_secs(self.0.lifetime.unsigned_abs());
            let end = if self.0.lifetime < 0 {
                now - lifetime
            } else {
                now + lifetime
            };
            Ok(AccessToken::new(format!("token-{at}"), end))
        })
    }
}

async fn call(pipeline: &Pipeline) -> Result<()> {
    pipeline.send(pipeline.request(&GET)).await.map(drop)
}

fn thousand_calls(pipeline: &Pipeline) -> Vec<tokio::task::JoinHandle<Result<()>>> {
    let call = || {
        let pipeline = pipeline.clone();
        tokio::spawn(async move { call(&pipeline).await })
    };
    (0..1000).map(|_| call()).collect()
}

/// Until nobody has anything left to do.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

fn last_token(script: &ScriptedTransport) -> String {
    let requests = script.requests();
    let last = requests.last().unwrap();
    last.headers["authorization"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn near_the_end_of_a_token_no_call_waits_for_the_next_one() {
    let tokens = Gated::new(3600);
    let (script, pipeline) = tokens.open(1).client();
    call(&pipeline).await.unwrap();
    tokens.advance(3400);
    // The gate is closed: whoever waited for it would never come back.
    for call in thousand_calls(&pipeline) {
        call.await.unwrap().unwrap();
    }
    assert_eq!(
        (tokens.asked(), last_token(&script).as_str()),
        (2, "Bearer token-0")
    );
    tokens.open(1);
    settle().await;
    call(&pipeline).await.unwrap();
    assert_eq!(
        (tokens.asked(), last_token(&script).as_str()),
        (2, "Bearer token-1")
    );
}

#[tokio::test]
async fn after_the_end_of_a_token_all_calls_wait_for_the_same_next_one() {
    let tokens = Gated::new(3600);
    let (script, pipeline) = tokens.open(1).client();
    call(&pipeline).await.unwrap();
    tokens.advance(3601);
    let calls = thousand_calls(&pipeline);
    settle().await;
    assert_eq!((tokens.asked(), script.requests().len()), (2, 1));
    tokens.open(1);
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((tokens.asked(), script.requests().len()), (2, 1001));
    assert_eq!(last_token(&script), "Bearer token-1");
}

#[tokio::test]
async fn a_token_that_has_ended_when_it_comes_serves_all_who_waited_for_it() {
    // The clock of this machine is an hour ahead.
    let tokens = Gated::new(-3600);
    let (script, pipeline) = tokens.client();
    let calls = thousand_calls(&pipeline);
    settle().await;
    assert_eq!(tokens.asked(), 1);
    tokens.open(1);
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((tokens.asked(), script.requests().len()), (1, 1000));
    tokens.open(1);
    call(&pipeline).await.unwrap();
    assert_eq!(
        (tokens.asked(), last_token(&script).as_str()),
        (2, "Bearer token-1")
    );
}

#[tokio::test]
async fn a_token_without_a_real_end_is_kept() {
    #[derive(Debug)]
    struct Endless(Arc<AtomicUsize>);
    impl TokenCredential for Endless {
        fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
            self.0.fetch_add(1, Ordering::SeqCst);
            // The last second that this platform can tell.
            let mut end = UNIX_EPOCH;
            for bit in (0..63).rev() {
                end = end
                    .checked_add(Duration::from_secs(1 << bit))
                    .unwrap_or(end);
            }
            Box::pin(std::future::ready(Ok(AccessToken::new("token", end))))
        }
    }
    let asked = Arc::new(AtomicUsize::new(0));
    let server = Server::always(reply(200, &[], "")).await;
    let credential = EntraCredential::new(Endless(Arc::clone(&asked)));
    let pipeline = server.pipeline(&SERVICE, Some(credential.into()), ClientOptions::new());
    for _ in 0..3 {
        call(&pipeline).await.unwrap();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert!(SystemTime::now() > UNIX_EPOCH);
}

#[tokio::test]
async fn all_who_waited_for_a_credential_that_failed_are_told_why() {
    let tokens = Gated::new(3600);
    tokens.0.fails.store(true, Ordering::SeqCst);
    let (script, pipeline) = tokens.client();
    let calls = thousand_calls(&pipeline);
    settle().await;
    assert_eq!(tokens.asked(), 1);
    tokens.open(1);
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credential);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
        assert!(!error.may_have_been_sent());
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("no network"), "{source}");
    }
    assert_eq!((tokens.asked(), script.requests().len()), (1, 0));
}

#[tokio::test]
async fn a_credential_that_keeps_failing_is_asked_after_1_2_4_up_to_60_seconds() {
    let tokens = Gated::new(3600);
    tokens.0.fails.store(true, Ordering::SeqCst);
    let (_, pipeline) = tokens.open(100).client();
    for (at, wait) in [1, 2, 4, 8, 16, 32, 60, 60].into_iter().enumerate() {
        let error = call(&pipeline).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(wait)));
        tokens.advance(wait - 1);
        let error = call(&pipeline).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
        assert_eq!(tokens.asked(), at + 1);
        tokens.advance(1);
    }
    tokens.0.fails.store(false, Ordering::SeqCst);
    call(&pipeline).await.unwrap();
}

#[tokio::test]
async fn a_credential_that_hangs_is_given_30_seconds() {
    let tokens = Gated::new(3600);
    let (_, pipeline) = tokens.client();
    let waiting = tokio::spawn({
        let pipeline = pipeline.clone();
        async move { call(&pipeline).await }
    });
    settle().await;
    tokens.advance(29);
    settle().await;
    assert!(!waiting.is_finished());
    tokens.advance(1);
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    let shown = error.to_string();
    assert!(
        shown.starts_with("the credential gave no token within 30s ["),
        "{shown}"
    );
    tokens.advance(1);
    tokens.open(1);
    call(&pipeline).await.unwrap();
}

#[tokio::test]
async fn a_credential_that_panics_backs_off_while_the_old_token_serves() {
    let tokens = Gated::new(3600);
    let (script, pipeline) = tokens.open(1).client();
    call(&pipeline).await.unwrap();
    tokens.advance(3400);
    tokens.0.panics.store(true, Ordering::SeqCst);
    tokens.open(100);
    for _ in 0..5 {
        call(&pipeline).await.unwrap();
        settle().await;
    }
    assert_eq!(tokens.asked(), 2);
    tokens.0.panics.store(false, Ordering::SeqCst);
    tokens.advance(1);
    call(&pipeline).await.unwrap();
    settle().await;
    call(&pipeline).await.unwrap();
    assert_eq!(
        (tokens.asked(), last_token(&script).as_str()),
        (3, "Bearer token-2")
    );
}

#[tokio::test]
async fn a_call_that_is_dropped_leaves_its_refresh_running_for_the_next_one() {
    let tokens = Gated::new(3600);
    let (script, pipeline) = tokens.client();
    for _ in 0..3 {
        let dropped = tokio::spawn({
            let pipeline = pipeline.clone();
            async move { call(&pipeline).await }
        });
        settle().await;
        dropped.abort();
        assert!(dropped.await.unwrap_err().is_cancelled());
        assert_eq!(tokens.asked(), 1);
    }
    tokens.open(1);
    settle().await;
    call(&pipeline).await.unwrap();
    assert_eq!(
        (tokens.asked(), last_token(&script).as_str()),
        (1, "Bearer token-0")
    );
}

#[tokio::test(start_paused = true)]
async fn a_token_that_takes_longer_than_a_call_may_comes_for_the_next_call() {
    #[derive(Debug)]
    struct Slow(Arc<AtomicUsize>);
    impl TokenCredential for Slow {
        fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Box::pin(async {
                tokio::time::sleep(Duration::from_secs(3)).await;
                let end = SystemTime::now() + Duration::from_secs(3600);
                Ok(AccessToken::new("token", end))
            })
        }
    }
    let asked = Arc::new(AtomicUsize::new(0));
    let script = ScriptedTransport::new();
    (0..20).for_each(|_| script.push(Answer::status(200)));
    let options = ClientOptions::new()
        .transport(Arc::new(script))
        .timeouts(Timeouts::new().call(Duration::from_secs(2)));
    let credential = EntraCredential::new(Slow(Arc::clone(&asked)));
    let url = "https://maps.example";
    let pipeline = server::pipeline(url, &SERVICE, Some(credential.into()), options).unwrap();
    let mut kinds = Vec::new();
    for _ in 0..20 {
        kinds.push(call(&pipeline).await.map_err(|error| error.kind()));
    }
    assert_eq!(kinds[0], Err(ErrorKind::Timeout));
    assert!(kinds[1..].iter().all(Result::is_ok), "{kinds:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_refresh_whose_runtime_stands_still_is_begun_again_on_another_one() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    let tokens = Gated::new(3600);
    let (script, pipeline) = tokens.client();
    let (first, second) = (runtime(), runtime());
    first.block_on(async {
        let mut call = std::pin::pin!(call(&pipeline));
        let waker = std::task::Waker::noop();
        let mut cx = std::task::Context::from_waker(waker);
        assert!(call.as_mut().poll(&mut cx).is_pending());
        settle().await;
    });
    // Nobody drives the first runtime any more, and it lives on.
    tokens.open(2);
    let waiting = |seconds: u64| {
        second.block_on(async {
            let mut call = std::pin::pin!(call(&pipeline));
            tokens.advance(seconds);
            tokio::select! {
                biased;
                outcome = &mut call => Some(outcome.is_ok()),
                () = settle() => None,
            }
        })
    };
    assert_eq!((waiting(0), tokens.asked()), (None, 1));
    assert_eq!((waiting(59), tokens.asked()), (None, 1));
    assert_eq!((waiting(1), tokens.asked()), (Some(true), 2));
    assert_eq!(last_token(&script), "Bearer token-1");
    first.block_on(settle());
    assert_eq!(second.block_on(call(&pipeline)).map_err(|_| ()), Ok(()));
    assert_eq!(tokens.asked(), 2);
}

#[test]
fn a_runtime_that_ends_in_the_middle_of_a_refresh_leaves_it_to_the_next_one() {
    let tokens = Gated::new(3600);
    let (script, pipeline) = tokens.open(1).client();
    let on_a_runtime_of_its_own = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            call(&pipeline).await.unwrap();
            settle().await;
        });
    };
    on_a_runtime_of_its_own();
    tokens.advance(3400);
    on_a_runtime_of_its_own();
    assert_eq!(
        (tokens.asked(), last_token(&script).as_str()),
        (2, "Bearer token-0")
    );
    tokens.open(1);
    on_a_runtime_of_its_own();
    assert_eq!(tokens.asked(), 3);
    on_a_runtime_of_its_own();
    assert_eq!(last_token(&script), "Bearer token-2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_rotate_under_a_thousand_calls_are_one_or_the_other() {
    let server = Server::always(reply(200, &[], "")).await;
    let key = SubscriptionKey::new("key-0");
    let pipeline = server.pipeline(&SERVICE, Some(key.clone().into()), ClientOptions::new());
    let calls = thousand_calls(&pipeline);
    for n in 1..=50 {
        key.update(format!("key-{n}"));
        tokio::task::yield_now().await;
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
    call(&pipeline).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 1001);
    let numbers: Vec<u32> = seen
        .iter()
        .map(|seen| seen.header("subscription-key").unwrap())
        .map(|key| key.strip_prefix("key-").unwrap().parse().unwrap())
        .collect();
    assert!(numbers.iter().all(|number| *number <= 50));
    assert_eq!(
        numbers[1000], 50,
        "the call after the last rotation has the last key"
    );
}
