//! Waits for tokens.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
use maps_core::{
    AccessToken, BoxFuture, ClientOptions, Clock, EntraCredential, Error, ErrorKind, Pipeline,
    Result, TokenCredential,
};

use crate::http::GET;
use crate::{client, run};

const HOUR: Duration = Duration::from_secs(3600);

/// Gives tokens of an hour, some times.
#[derive(Debug)]
struct Tokens {
    clock: VirtualClock,
    good: usize,
    then: Then,
    asked: Arc<AtomicUsize>,
}

#[derive(Debug, Clone, Copy)]
enum Then {
    Hang,
    Fail,
}

impl TokenCredential for Tokens {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            match self.then {
                _ if asked < self.good => Ok(AccessToken::new(
                    format!("t-{asked}"),
                    self.clock.wall() + HOUR,
                )),
                Then::Hang => pending().await,
                Then::Fail => Err(Error::new(ErrorKind::Credential, "no")),
            }
        })
    }
}

fn with_tokens(good: usize, then: Then) -> (VirtualClock, Pipeline, Arc<AtomicUsize>) {
    let clock = VirtualClock::new();
    let asked = Arc::new(AtomicUsize::new(0));
    let tokens = Tokens {
        clock: clock.clone(),
        good,
        then,
        asked: Arc::clone(&asked),
    };
    let credential = EntraCredential::new(tokens).client_id("account");
    let script = (0..400).fold(ScriptedTransport::new(), |script, _| {
        script.answer(Answer::status(200))
    });
    let client = client(
        &clock,
        script,
        Some(credential.into()),
        ClientOptions::new(),
    );
    (clock, client, asked)
}

#[test]
fn request_for_a_token_ends_after_30_s() {
    let (clock, client, _) = with_tokens(0, Then::Hang);
    let error = run(&clock, client.send(client.request(&GET))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert_eq!(clock.elapsed(), Duration::from_secs(30));
}

#[test]
fn token_is_refreshed_5_min_ahead_of_its_end() {
    let (clock, client, asked) = with_tokens(9, Then::Fail);
    let call = || {
        run(&clock, client.send(client.request(&GET))).unwrap();
        asked.load(Ordering::SeqCst)
    };
    assert_eq!(call(), 1);
    clock.advance(Duration::from_secs(55 * 60 - 1));
    assert_eq!(call(), 1);
    clock.advance(Duration::from_secs(1));
    assert_eq!(call(), 2);
    assert_eq!(call(), 2);
}

#[test]
fn failed_refresh_backs_off_from_1_s_to_60_s_while_the_old_token_serves() {
    let (clock, client, asked) = with_tokens(1, Then::Fail);
    let call = || run(&clock, client.send(client.request(&GET))).unwrap();
    call();
    clock.advance(Duration::from_secs(55 * 60));
    let mut times = Vec::new();
    for second in 0..250 {
        let before = asked.load(Ordering::SeqCst);
        call();
        if asked.load(Ordering::SeqCst) > before {
            times.push(second);
        }
        clock.advance(Duration::from_secs(1));
    }
    let waits: Vec<i32> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
}
