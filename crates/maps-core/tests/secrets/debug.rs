//! `Debug` of every public type that a secret goes through.

use std::sync::{Arc, Mutex};

use maps_core::service::HostSettings;
use maps_core::test_kit::{Answer, ScriptedTransport};
use maps_core::{
    AccessToken, BoxFuture, CallOptions, ClientOptions, Credential, EntraCredential, HttpRequest,
    HttpResponse, Method, Next, Pipeline, Policy, RawResponse, Result, SasToken, SubscriptionKey,
    Transport,
};

use crate::canary::{self, KEY, SAS, TOKEN};
use crate::evidence::Evidence;
use crate::http::{GET, SERVICE};
use crate::setting::{Fixed, ways};

#[test]
fn credentials_show_no_secret() {
    let mut evidence = Evidence::default();
    let key = SubscriptionKey::new(KEY);
    evidence.debug("key", &key);
    key.update(KEY);
    evidence.debug("updated key", &key);
    evidence.debug("SAS token", &SasToken::new(SAS));
    evidence.debug(
        "token",
        &AccessToken::new(TOKEN, std::time::SystemTime::now()),
    );
    evidence.debug(
        "Entra credential",
        &EntraCredential::new(Fixed).client_id("account"),
    );
    for credential in [
        Credential::from(key),
        SasToken::new(SAS).into(),
        EntraCredential::new(Fixed).into(),
    ] {
        evidence.debug("credential", &credential);
    }
    evidence.assert_clean();
}

/// Looks at requests, answers and itself as they pass.
#[derive(Debug, Default)]
struct Watching(Mutex<Vec<String>>);

impl Watching {
    fn look(&self, value: &dyn std::fmt::Debug) {
        let mut seen = self.0.lock().unwrap();
        seen.extend([format!("{value:?}"), format!("{value:#?}")]);
    }
}

impl Policy for Watching {
    fn send<'a>(
        &'a self,
        request: &'a mut HttpRequest,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        Box::pin(async move {
            self.look(request);
            self.look(&next);
            // A policy sees requests before they are signed, so it can show all of them.
            self.look(&request.url);
            self.look(&request.headers);
            let outcome = next.send(request).await;
            self.look(&outcome);
            outcome
        })
    }
}

/// A transport that looks at what is signed.
#[derive(Debug)]
struct Looking(Arc<Watching>);

impl Transport for Looking {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        self.0.look(&request);
        // The header map is not ours: it keeps quiet about values that are marked sensitive.
        self.0.look(&request.headers);
        let secret = |value: &&maps_core::HeaderValue| canary::find(value.as_bytes()).is_some();
        let secrets: Vec<_> = request.headers.values().filter(secret).collect();
        assert!(secrets.iter().all(|value| value.is_sensitive()));
        let url = canary::find(request.url.as_str().as_bytes());
        assert!(url.is_some() || secrets.len() == 1, "the request is signed");
        let mut answer = HttpResponse::new(maps_core::StatusCode::OK, request.headers.clone(), KEY);
        answer
            .headers
            .insert("x-echo", maps_core::HeaderValue::from_static(KEY));
        self.0.look(&answer);
        self.0.look(&answer.body);
        Box::pin(std::future::ready(Ok(answer)))
    }
}

#[tokio::test]
async fn requests_and_answers_show_no_secret_on_their_way() {
    let mut evidence = Evidence::default();
    for way in ways() {
        let watching = Arc::new(Watching::default());
        let options = ClientOptions::new()
            .per_call_policy(Arc::clone(&watching) as Arc<dyn Policy>)
            .per_try_policy(Arc::clone(&watching) as Arc<dyn Policy>)
            .transport(Arc::new(Looking(Arc::clone(&watching))));
        let pipeline = crate::http::pipeline(
            "https://maps.invalid",
            way.service,
            Some(way.credential()),
            options.clone(),
        )
        .unwrap();
        let answer = pipeline.send(pipeline.request(&GET)).await.unwrap();
        evidence.debug(way.name, &answer);
        evidence.debug(way.name, &pipeline);
        evidence.debug(way.name, &options);
        for seen in watching.0.lock().unwrap().iter() {
            evidence.note(way.name, seen);
        }
    }
    evidence.assert_clean();
}

#[tokio::test]
async fn requests_show_no_value_of_the_caller() {
    let mut evidence = Evidence::default();
    let [way, ..] = ways();
    let script = ScriptedTransport::new().answer(Answer::status(200));
    let options = ClientOptions::new().transport(Arc::new(script.clone()));
    let pipeline = crate::http::pipeline(
        "https://maps.invalid",
        &SERVICE,
        Some(way.credential()),
        options,
    )
    .unwrap();
    let call = CallOptions::new()
        .header("subscription-key", KEY)
        .header("x-gateway-key", KEY)
        .header("authorization", format!("Bearer {TOKEN}"));
    evidence.debug("call options", &call);
    let mut request = pipeline.request(&GET);
    request.query("sig", KEY);
    request.header("authorization", SAS);
    request.bytes("text/plain", KEY);
    request.options(call.clone());
    evidence.debug("request", &request);
    pipeline.send(request).await.unwrap();
    let raw = pipeline
        .raw(Method::POST, "/things?subscription-key=cAnArY")
        .header("cookie", KEY)
        .query("code", KEY)
        .json(KEY)
        .call_options(call);
    evidence.debug("raw request", &raw);
    evidence.debug("script", &script);
    for request in script.requests() {
        evidence.debug("sent", &request);
        for (name, value) in &request.headers {
            let names = [
                "subscription-key",
                "authorization",
                "cookie",
                "x-ms-client-id",
            ];
            assert_eq!(
                value.is_sensitive(),
                names.contains(&name.as_str()),
                "{name}"
            );
        }
    }
    evidence.assert_clean();
}

#[test]
fn settings_that_are_refused_show_no_secret() {
    let mut evidence = Evidence::default();
    let build = |endpoint: &str, credential: Credential, options| {
        let mut host = HostSettings::new();
        host.endpoint(endpoint);
        let pipeline = Pipeline::new(&SERVICE, &host, Some(credential), None, options);
        (host, pipeline.unwrap_err())
    };
    let key = || Credential::from(SubscriptionKey::new(KEY));
    // A slash would end the host: here the secret is written as a URL carries it.
    let secret = &canary::echoes(KEY)[1];
    for endpoint in [
        format!("https://{secret}@maps.invalid"),
        format!("https://user:{secret}@maps.invalid"),
        format!("https://maps.invalid/?subscription-key={secret}"),
        format!("https://maps.invalid/#{secret}"),
        format!("https://{secret}/"),
        format!("http://maps.invalid/{secret}"),
        format!("https://maps.invalid:{secret}/"),
        KEY.to_owned(),
    ] {
        let (host, error) = build(&endpoint, key(), ClientOptions::new());
        evidence.debug("host", &host);
        evidence.error("endpoint", &error);
        let (_, error) = build(
            "https://maps.invalid",
            key(),
            ClientOptions::new().trusted_origin(format!("ftp:{endpoint}")),
        );
        evidence.error("trusted origin", &error);
    }
    for illegal in [format!("{KEY}\n"), format!("{KEY}\u{0}")] {
        let options = ClientOptions::new().application_id(illegal.clone());
        evidence.debug("options", &ClientOptions::new());
        evidence.error(
            "application",
            &build("https://maps.invalid", key(), options).1,
        );
        for credential in [
            Credential::from(SubscriptionKey::new(illegal.clone())),
            SasToken::new(illegal.clone()).into(),
            EntraCredential::new(Fixed)
                .client_id(illegal.clone())
                .into(),
        ] {
            let refused = build("https://maps.invalid", credential, ClientOptions::new());
            evidence.error("illegal credential", &refused.1);
        }
    }
    evidence.assert_clean();
}
