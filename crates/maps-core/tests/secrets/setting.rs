//! The four ways to sign in, each with a secret that must not be seen.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use maps_core::service::Service;
use maps_core::test_kit::VirtualClock;
use maps_core::{
    AccessToken, BoxFuture, ClientOptions, Credential, EntraCredential, Pipeline, Result, SasToken,
    SubscriptionKey, TokenCredential,
};

use crate::canary::{KEY, SAS, TOKEN};
use crate::http::{QUERY_SERVICE, SERVICE, Server};
use crate::recorder;

/// One way to sign in.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    pub(crate) name: &'static str,
    pub(crate) secret: &'static str,
    pub(crate) service: &'static Service,
    credential: fn() -> Credential,
}

/// All ways; from here on everything is recorded.
pub(crate) fn ways() -> [Way; 4] {
    recorder::start();
    let way = |name, secret, service, credential| Way {
        name,
        secret,
        service,
        credential,
    };
    [
        way("key in header", KEY, &SERVICE, || {
            SubscriptionKey::new(KEY).into()
        }),
        way("key in query", KEY, &QUERY_SERVICE, || {
            SubscriptionKey::new(KEY).into()
        }),
        way("SAS token", SAS, &SERVICE, || SasToken::new(SAS).into()),
        way("Entra token", TOKEN, &SERVICE, || {
            EntraCredential::new(Fixed).into()
        }),
    ]
}

/// Options whose clients share their connections within one test: reading the machine's certificates takes longer than
/// all else.
pub(crate) fn options() -> ClientOptions {
    thread_local! {
        static OPTIONS: ClientOptions = ClientOptions::new();
    }
    OPTIONS.with(ClientOptions::clone)
}

impl Way {
    pub(crate) fn credential(&self) -> Credential {
        (self.credential)()
    }

    /// A client of the server; its waits take no time.
    pub(crate) fn pipeline(&self, server: &Server) -> Pipeline {
        self.pipeline_with(server, options())
    }

    pub(crate) fn pipeline_with(&self, server: &Server, options: ClientOptions) -> Pipeline {
        let options = options.clock(Arc::new(VirtualClock::running_ahead()));
        server.pipeline(self.service, self.credential(), options)
    }
}

/// Gives [`TOKEN`].
#[derive(Debug)]
pub(crate) struct Fixed;

impl TokenCredential for Fixed {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        let end = SystemTime::now() + Duration::from_secs(365 * 86_400);
        Box::pin(std::future::ready(Ok(AccessToken::new(TOKEN, end))))
    }
}
