//! Credentials of `azure_core` sign the requests of a client.

// Helpers of tests are no `#[test]` themselves, so the leave that clippy.toml gives does not reach them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/server.rs"]
mod http;

use std::error::Error as StdError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::{Error as AzureError, ErrorKind as AzureErrorKind};
use maps_core::{AzureCredential, ClientOptions, EntraCredential, ErrorKind};
use time::OffsetDateTime;

use http::{GET, SERVICE, Server, reply};

/// Gives tokens, or fails with this text.
#[derive(Debug, Default)]
struct Fake {
    fault: Option<&'static str>,
    asked: AtomicUsize,
    scopes: Mutex<Vec<String>>,
}

#[async_trait::async_trait]
impl TokenCredential for Fake {
    async fn get_token(
        &self,
        scopes: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        *self.scopes.lock().unwrap() = scopes.iter().map(ToString::to_string).collect();
        match self.fault {
            None => Ok(AccessToken::new(
                "token-of-azure",
                OffsetDateTime::now_utc() + time::Duration::HOUR,
            )),
            Some(said) => Err(AzureError::with_message(AzureErrorKind::Credential, said)),
        }
    }
}

fn entra(fake: &Arc<Fake>) -> EntraCredential {
    let fake: Arc<dyn TokenCredential> = Arc::clone(fake) as _;
    EntraCredential::new(AzureCredential::new(fake)).client_id("account")
}

fn causes(error: &maps_core::Error) -> String {
    let mut text = String::new();
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(link) = cause {
        text.push_str(&format!("{link}\n{link:?}\n"));
        cause = link.source();
    }
    text
}

#[tokio::test]
async fn requests_are_signed_with_its_token_and_it_is_asked_once() {
    let fake = Arc::new(Fake::default());
    let server = Server::always(reply(200, &[], "{}")).await;
    let credential = entra(&fake).into();
    let pipeline = server.pipeline(&SERVICE, Some(credential), ClientOptions::new());
    for _ in 0..3 {
        pipeline.send(pipeline.request(&GET)).await.unwrap();
    }
    let seen = server.seen();
    assert_eq!(
        seen[2].header("authorization"),
        Some("Bearer token-of-azure")
    );
    assert_eq!(seen[2].header("x-ms-client-id"), Some("account"));
    assert_eq!(fake.asked.load(Ordering::SeqCst), 1);
    assert_eq!(
        *fake.scopes.lock().unwrap(),
        ["https://atlas.microsoft.com/.default"]
    );
}

#[tokio::test]
async fn its_error_is_the_source() {
    let fake = Arc::new(Fake {
        fault: Some("AADSTS90033: a transient error"),
        ..Fake::default()
    });
    let server = Server::always(reply(200, &[], "{}")).await;
    let credential = entra(&fake).into();
    let pipeline = server.pipeline(&SERVICE, Some(credential), ClientOptions::new());
    let error = pipeline.send(pipeline.request(&GET)).await.unwrap_err();
    assert_eq!((error.kind(), server.count()), (ErrorKind::Credential, 0));
    let ours = error.source().unwrap();
    let theirs = ours.source().unwrap();
    assert_eq!(theirs.to_string(), "AADSTS90033: a transient error");
}

#[tokio::test]
async fn what_looks_like_a_secret_in_its_error_is_blotted_out() {
    const SECRET: &str = "8Q~cAn4rY.Zx_yz-0123456789abcdefghijkl";
    let fake = Arc::new(Fake {
        fault: Some(
            "AADSTS7000215: invalid client secret '8Q~cAn4rY.Zx_yz-0123456789abcdefghijkl'",
        ),
        ..Fake::default()
    });
    let server = Server::always(reply(200, &[], "{}")).await;
    let pipeline = server.pipeline(&SERVICE, Some(entra(&fake).into()), ClientOptions::new());
    let error = pipeline.send(pipeline.request(&GET)).await.unwrap_err();
    let adapter = AzureCredential::new(Arc::clone(&fake) as Arc<dyn TokenCredential>);
    let alone = maps_core::TokenCredential::token(&adapter, &["scope"]).await;
    for error in [error, alone.unwrap_err()] {
        let said = causes(&error);
        assert!(!said.contains(SECRET), "{said}");
        assert!(
            said.contains("AADSTS7000215: invalid client secret '***'"),
            "{said}"
        );
    }
}

#[test]
fn debug_shows_nothing_of_the_credential() {
    #[derive(Debug)]
    struct Open(#[allow(dead_code, reason = "for Debug")] &'static str);
    #[async_trait::async_trait]
    impl TokenCredential for Open {
        async fn get_token(
            &self,
            _: &[&str],
            _: Option<TokenRequestOptions<'_>>,
        ) -> azure_core::Result<AccessToken> {
            Ok(AccessToken::new("token", OffsetDateTime::now_utc()))
        }
    }
    let credential = AzureCredential::new(Arc::new(Open("canary")));
    assert_eq!(format!("{credential:?}"), "AzureCredential(***)");
}

#[tokio::test]
async fn a_token_that_has_ended_serves_once() {
    #[derive(Debug, Default)]
    struct Old(AtomicUsize);
    #[async_trait::async_trait]
    impl TokenCredential for Old {
        async fn get_token(
            &self,
            _: &[&str],
            _: Option<TokenRequestOptions<'_>>,
        ) -> azure_core::Result<AccessToken> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Ok(AccessToken::new("old", OffsetDateTime::UNIX_EPOCH))
        }
    }
    let old = Arc::new(Old::default());
    let server = Server::always(reply(200, &[], "{}")).await;
    let credential = EntraCredential::new(AzureCredential::new(Arc::clone(&old) as _));
    let pipeline = server.pipeline(&SERVICE, Some(credential.into()), ClientOptions::new());
    for _ in 0..2 {
        pipeline.send(pipeline.request(&GET)).await.unwrap();
    }
    assert_eq!(old.0.load(Ordering::SeqCst), 2);
}
