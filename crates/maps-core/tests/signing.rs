//! Which secret goes where.

#[path = "support/server.rs"]
mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use maps_core::service::HostSettings;
use maps_core::{
    AccessToken, BasicCredential, BoxFuture, CallOptions, ClientOptions, Clock, Credential,
    EntraCredential, Error, ErrorKind, Pipeline, Result, SasToken, SubscriptionKey,
    TokenCredential,
};

use server::{GET, JumpClock, QUERY_SERVICE, SERVICE, Server, reply};

/// Gives numbered tokens; what it does besides is told by its plan.
#[derive(Debug)]
struct Tokens {
    asked: Arc<AtomicUsize>,
    clock: Arc<JumpClock>,
    lifetime: Duration,
    plan: Plan,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Plan {
    Give,
    FailFrom(usize),
    HangFrom(usize),
}

impl TokenCredential for Tokens {
    fn token<'a>(&'a self, scopes: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        assert_eq!(scopes, ["https://atlas.microsoft.com/.default"]);
        Box::pin(async move {
            let at = self.asked.fetch_add(1, Ordering::SeqCst);
            // Others get their turn, as with a real request.
            tokio::task::yield_now().await;
            match self.plan {
                Plan::FailFrom(from) if at >= from => {
                    return Err(Error::new(ErrorKind::Credential, "no network"));
                }
                Plan::HangFrom(from) if at >= from => std::future::pending().await,
                _ => {}
            }
            Ok(AccessToken::new(
                format!("token-{at}"),
                self.clock.wall() + self.lifetime,
            ))
        })
    }
}

struct Entra {
    asked: Arc<AtomicUsize>,
    clock: Arc<JumpClock>,
    server: Server,
    pipeline: Pipeline,
}

impl Entra {
    async fn start(lifetime: u64, plan: Plan) -> Self {
        let (asked, clock) = (Arc::new(AtomicUsize::new(0)), JumpClock::new());
        let server = Server::always(reply(200, &[], "{}")).await;
        let tokens = Tokens {
            asked: Arc::clone(&asked),
            clock: Arc::clone(&clock),
            lifetime: Duration::from_secs(lifetime),
            plan,
        };
        let credential = EntraCredential::new(tokens).client_id("account-id");
        let timeouts = maps_core::Timeouts::new().token(Duration::from_millis(500));
        let clock_option: Arc<JumpClock> = Arc::clone(&clock);
        let options = ClientOptions::new().clock(clock_option).timeouts(timeouts);
        let pipeline = server.pipeline(&SERVICE, Some(credential.into()), options);
        Self {
            asked,
            clock,
            server,
            pipeline,
        }
    }

    async fn call(&self) -> Result<String> {
        self.pipeline.send(self.pipeline.request(&GET)).await?;
        let last = self.server.seen().pop().expect("seen");
        assert_eq!(last.header("x-ms-client-id"), Some("account-id"));
        Ok(last.header("authorization").expect("signed").to_owned())
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

const SECRET_NAMES: [&str; 3] = ["authorization", "subscription-key", "x-ms-client-id"];

#[tokio::test]
async fn each_credential_has_its_place_and_no_other() {
    let server = Server::always(reply(200, &[], "{}")).await;
    let key = || Credential::from(SubscriptionKey::new("k+/="));
    for (service, credential, header, target) in [
        (
            &SERVICE,
            Some(key()),
            Some(("subscription-key", "k+/=")),
            "/things?api-version=2025-01-01",
        ),
        (
            &QUERY_SERVICE,
            Some(key()),
            None,
            "/things?api-version=2025-01-01&subscription-key=k%2B%2F%3D",
        ),
        (
            &SERVICE,
            Some(SasToken::new("s").into()),
            Some(("authorization", "jwt-sas s")),
            "/things?api-version=2025-01-01",
        ),
        (&SERVICE, None, None, "/things?api-version=2025-01-01"),
    ] {
        let pipeline = server.pipeline(service, credential, ClientOptions::new());
        pipeline.send(pipeline.request(&GET)).await.expect("sent");
        let seen = server.seen().pop().expect("seen");
        assert_eq!(seen.target, target);
        for name in SECRET_NAMES {
            let expected = header
                .filter(|(known, _)| *known == name)
                .map(|(_, value)| value);
            assert_eq!(seen.header(name), expected, "{name}");
        }
    }
}

#[tokio::test]
async fn updated_key_is_used_from_the_next_call_on() {
    let server = Server::always(reply(200, &[], "{}")).await;
    let key = SubscriptionKey::new("first");
    let pipeline = server.pipeline(&SERVICE, Some(key.clone().into()), ClientOptions::new());
    pipeline.send(pipeline.request(&GET)).await.expect("sent");
    key.update("second");
    pipeline.send(pipeline.request(&GET)).await.expect("sent");
    key.update("bad\n");
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("illegal key");
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert!(!error.may_have_been_sent());
    let keys: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("subscription-key").map(str::to_owned))
        .collect();
    assert_eq!(keys, [Some("first".to_owned()), Some("second".to_owned())]);
}

#[tokio::test]
async fn client_id_of_the_call_goes_before_the_credentials_own() {
    let entra = Entra::start(3600, Plan::Give).await;
    let mut request = entra.pipeline.request(&GET);
    request.options(CallOptions::new().header("x-ms-client-id", "other"));
    entra.pipeline.send(request).await.expect("sent");
    assert_eq!(
        entra.server.seen()[0].header("x-ms-client-id"),
        Some("other")
    );
}

#[tokio::test]
async fn one_token_serves_until_it_is_due_and_then_a_new_one() {
    let entra = Entra::start(3600, Plan::Give).await;
    for _ in 0..3 {
        assert_eq!(entra.call().await.expect("sent"), "Bearer token-0");
    }
    assert_eq!(entra.asked(), 1);
    entra.clock.advance(Duration::from_secs(3601));
    assert_eq!(entra.call().await.expect("sent"), "Bearer token-1");
}

#[tokio::test]
async fn thousand_calls_near_expiry_ask_once_and_none_waits() {
    let entra = Arc::new(Entra::start(3600, Plan::HangFrom(1)).await);
    entra.call().await.expect("sent");
    entra.clock.advance(Duration::from_secs(3400));
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let entra = Arc::clone(&entra);
            tokio::spawn(async move {
                entra
                    .pipeline
                    .send(entra.pipeline.request(&GET))
                    .await
                    .map(drop)
            })
        })
        .collect();
    for call in calls {
        call.await
            .expect("joined")
            .expect("the old token serves while the refresh hangs");
    }
    let seen = entra.server.seen();
    assert!(
        seen.iter()
            .all(|seen| seen.header("authorization") == Some("Bearer token-0"))
    );
    assert_eq!(entra.asked(), 2);
}

#[tokio::test]
async fn thousand_calls_without_a_token_ask_once() {
    let entra = Arc::new(Entra::start(3600, Plan::Give).await);
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let entra = Arc::clone(&entra);
            tokio::spawn(async move {
                entra
                    .pipeline
                    .send(entra.pipeline.request(&GET))
                    .await
                    .map(drop)
            })
        })
        .collect();
    for call in calls {
        call.await.expect("joined").expect("sent");
    }
    assert_eq!(entra.asked(), 1);
}

#[tokio::test]
async fn failed_refresh_backs_off_while_the_old_token_serves() {
    let entra = Entra::start(3600, Plan::FailFrom(1)).await;
    entra.call().await.expect("sent");
    entra.clock.advance(Duration::from_secs(3400));
    let refreshes = async |calls: usize| {
        for _ in 0..calls {
            assert_eq!(entra.call().await.expect("sent"), "Bearer token-0");
            tokio::task::yield_now().await;
        }
        entra.asked()
    };
    assert_eq!(refreshes(5).await, 2);
    entra.clock.advance(Duration::from_millis(1001));
    assert_eq!(refreshes(5).await, 3);
    entra.clock.advance(Duration::from_millis(1001));
    assert_eq!(refreshes(5).await, 3, "the second wait is 2 s");
    entra.clock.advance(Duration::from_secs(1));
    assert_eq!(refreshes(5).await, 4);
}

#[tokio::test]
async fn failing_credential_is_an_error_that_nothing_was_sent() {
    let entra = Entra::start(3600, Plan::FailFrom(0)).await;
    let error = entra.call().await.expect_err("no token");
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert!(!error.may_have_been_sent());
    let error = entra.call().await.expect_err("backing off");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
    assert_eq!((entra.asked(), entra.server.count()), (1, 0));
}

#[tokio::test]
async fn hanging_credential_ends_at_its_limit() {
    let entra = Entra::start(3600, Plan::HangFrom(0)).await;
    let error = entra.call().await.expect_err("no token");
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert!(!error.may_have_been_sent());
    assert_eq!(entra.server.count(), 0);
}

#[tokio::test]
async fn token_that_lives_short_is_not_refreshed_all_the_time() {
    let entra = Entra::start(60, Plan::Give).await;
    for _ in 0..10 {
        entra.call().await.expect("sent");
    }
    assert_eq!(entra.asked(), 1);
}

#[tokio::test]
async fn illegal_token_is_a_credential_error() {
    #[derive(Debug)]
    struct Bad;
    impl TokenCredential for Bad {
        fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
            Box::pin(async {
                Ok(AccessToken::new(
                    "a\nb",
                    SystemTime::now() + Duration::from_secs(60),
                ))
            })
        }
    }
    let server = Server::always(reply(200, &[], "{}")).await;
    let pipeline = server.pipeline(
        &SERVICE,
        Some(EntraCredential::new(Bad).into()),
        ClientOptions::new(),
    );
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("illegal");
    assert_eq!((error.kind(), server.count()), (ErrorKind::Credential, 0));
}

#[tokio::test]
async fn user_and_password_are_one_header_in_base64() {
    let server = Server::always(reply(200, &[], "{}")).await;
    let basic = BasicCredential::new("surveyor", "öffne: dich");
    let credential = Credential::from(basic.clone());
    let pipeline = server.pipeline(&SERVICE, credential, ClientOptions::new());
    pipeline.send(pipeline.request(&GET)).await.expect("200");
    basic.update("");
    pipeline.send(pipeline.request(&GET)).await.expect("200");
    let seen = server.seen();
    let signed: Vec<_> = seen
        .iter()
        .map(|seen| seen.header("authorization"))
        .collect();
    let expected = ["Basic c3VydmV5b3I6w7ZmZm5lOiBkaWNo", "Basic c3VydmV5b3I6"];
    assert_eq!(signed, expected.map(Some));
}

#[test]
fn user_name_that_basic_authentication_has_no_form_for_is_refused() {
    for user in ["a:b", "a\nb"] {
        let credential = Some(BasicCredential::new(user, "c").into());
        let mut host = HostSettings::new();
        host.endpoint("https://things.example");
        let made = Pipeline::new(&SERVICE, &host, credential, None, ClientOptions::new());
        let error = made.expect_err("no form for it");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.to_string().contains("user name"), "{error}");
    }
}

#[tokio::test]
async fn sas_token_is_signed_with_whether_or_not_its_scheme_is_given() {
    for text in [
        "canary",
        "jwt-sas canary",
        "JWT-SAS canary",
        " Jwt-Sas  canary ",
    ] {
        let server = Server::always(reply(200, &[], "{}")).await;
        let token = SasToken::new(text);
        let updated = SasToken::new("old");
        updated.update(text);
        for token in [token, updated] {
            let pipeline = server.pipeline(&SERVICE, Credential::from(token), ClientOptions::new());
            pipeline.send(pipeline.request(&GET)).await.expect("200");
        }
        for seen in server.seen() {
            assert_eq!(
                seen.header("authorization"),
                Some("jwt-sas canary"),
                "{text}"
            );
        }
        assert_eq!(server.count(), 2);
    }
}
