//! The bugs that are planted.
//!
//! A row for each guarantee whose tests should be known to fail: the text to find stands in its file exactly once, and
//! what takes its place still compiles.

/// A bug, and the test that has to catch it.
#[derive(Debug)]
pub(super) struct Bug {
    pub(super) name: &'static str,
    /// What no longer holds once the bug is in.
    pub(super) guarantee: &'static str,
    /// Seen from the root of the workspace.
    pub(super) file: &'static str,
    pub(super) find: &'static str,
    pub(super) replace: &'static str,
    pub(super) test: Test,
}

/// Tests of one target of one of the copied crates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Test {
    pub(super) package: &'static str,
    /// Of an integration test.
    pub(super) target: &'static str,
    /// What the names of the tests hold; empty for all of the target.
    pub(super) names: &'static str,
}

/// The model of the poller, which imports nothing of it.
const MODEL: Test = core("poller", "model::");
const FINDING: Test = core("poller", "finding::");
const WAITING: Test = core("poller", "waiting::");
const RETRY: Test = core("retry", "");
const LIMITS: Test = core("limits", "");
const REDIRECTS: Test = core("redirects", "");
const ERRORS: Test = core("errors", "");
const SECRETS: Test = core("secrets", "");
const TOKENS: Test = core("tokens", "");
const SIGNING_IN: Test = core("poller", "signing_in::");
const PANICS_IN_A_WATCH: Test = core("watch", "panics::");

const fn core(target: &'static str, names: &'static str) -> Test {
    Test {
        package: "maps-core",
        target,
        names,
    }
}

pub(super) const BUGS: &[Bug] = &[
    Bug {
        name: "second-submit",
        guarantee: "an operation is submitted once",
        file: "crates/maps-core/src/poller/start.rs",
        find: "let machine = match trace.submit(self.send(request)).await {",
        replace: "let _ = self.send(request.clone()).await;
        let machine = match trace.submit(self.send(request)).await {",
        test: MODEL,
    },
    Bug {
        name: "lost-status",
        guarantee: "the stream gives a status that arrived while `result` waited",
        file: "crates/maps-core/src/poller.rs",
        find: "            if self.read != self.machine.arrived {",
        replace: "            self.given = self.machine.arrived;
            if self.read != self.machine.arrived {",
        test: MODEL,
    },
    Bug {
        name: "unknown-is-the-end",
        guarantee: "a status that nobody knows is pending",
        file: "crates/maps-core/src/poller/reading.rs",
        find: "        State::Pending {
            known: among(&PENDING),
        }",
        replace: "        match among(&PENDING) {
            true => State::Pending { known: true },
            false => State::Failed,
        }",
        test: MODEL,
    },
    Bug {
        name: "token-without-deadline",
        guarantee: "a resumed operation keeps its deadline",
        file: "crates/maps-core/src/poller/start.rs",
        find: "        let deadline = after(clock.now(), left);",
        replace: "        let deadline = after(clock.now(), left.max(self.polling().timeout));",
        test: MODEL,
    },
    Bug {
        name: "token-without-limit",
        guarantee: "a token cannot lengthen how long a client waits",
        file: "crates/maps-core/src/poller/start.rs",
        find: "            .min(self.polling().timeout);",
        replace: "            .min(Duration::MAX);",
        test: MODEL,
    },
    Bug {
        name: "dropped-future-forgets",
        guarantee: "the request of a dropped future goes on",
        file: "crates/maps-core/src/poller.rs",
        find: "        poll_fn(|cx| self.poll_result(cx)).await",
        replace: "        self.machine.step =
            machine::Step::Waiting(wait::Wait::until_now(self.machine.pipeline.clock()));
        poll_fn(|cx| self.poll_result(cx)).await",
        test: MODEL,
    },
    Bug {
        name: "late-deadline",
        guarantee: "an operation out of time ends early",
        file: "crates/maps-core/src/poller/machine.rs",
        find: "        let start = wait.ends().max(self.pipeline.clock().now());",
        replace: "        let (_, start) = (wait, self.pipeline.clock().now());",
        test: MODEL,
    },
    Bug {
        name: "late-retry",
        guarantee: "no retry is begun that the deadline would cut off",
        file: "crates/maps-core/src/poller/machine.rs",
        find: "            request.limit(call.unwrap_or(pipeline.timeouts().call).min(left));",
        replace: "            request.limit(call.unwrap_or(pipeline.timeouts().call));",
        test: WAITING,
    },
    Bug {
        name: "unbounded-poll-hint",
        guarantee: "what a service asks to wait between polls is clamped",
        file: "crates/maps-core/src/poller/pace.rs",
        find: "            Some(hint) => hint.max(options.min_hint).min(options.max_hint),",
        replace: "            Some(hint) => hint,",
        test: MODEL,
    },
    Bug {
        name: "unbounded-retry-after",
        guarantee: "what a service asks to wait before a retry is clamped",
        file: "crates/maps-core/src/pipeline/retry.rs",
        find: "        return hint.min(options.max_hint);",
        replace: "        return hint;",
        test: RETRY,
    },
    Bug {
        name: "post-repeated",
        guarantee: "a POST that may have arrived is not sent again",
        file: "crates/maps-core/src/pipeline/retry.rs",
        find: "            is_repeatable(request) || !error.may_have_been_sent()",
        replace: "            is_repeatable(request) || true",
        test: RETRY,
    },
    Bug {
        name: "stalled-body",
        guarantee: "a body that stalls ends at its limit",
        file: "crates/maps-core/src/pipeline/exchange.rs",
        find: "            self.clock().within(stalled, chunk).await",
        replace: "            Some(chunk.await)",
        test: LIMITS,
    },
    Bug {
        name: "links-unchecked",
        guarantee: "a link to a foreign origin is refused",
        file: "crates/maps-core/src/trust.rs",
        find: "        if self.foreign == ForeignOrigins::Refuse {",
        replace: "        if false {",
        test: FINDING,
    },
    Bug {
        name: "everything-trusted",
        guarantee: "credentials go to trusted origins only",
        file: "crates/maps-core/src/trust.rs",
        find: "        same_origin(url, &self.endpoint)
            || self.is_cloud_host(url)",
        replace: "        url.host().is_some()
            || self.is_cloud_host(url)",
        test: REDIRECTS,
    },
    Bug {
        name: "redirect-is-done",
        guarantee: "a redirect that is not followed is an error",
        file: "crates/maps-core/src/response.rs",
        find: "            300..400 => is_redirect(self.status) && !self.is_declared(),",
        replace: "            300..400 => is_redirect(self.status) && self.is_declared(),",
        test: REDIRECTS,
    },
    Bug {
        name: "blank-redirect-is-the-end",
        guarantee: "a submit that no success answers started nothing",
        file: "crates/maps-core/src/poller/start.rs",
        find: "        if !response.is_good() {",
        replace: "        if response.status().as_u16() >= 400 {",
        test: FINDING,
    },
    Bug {
        name: "no-redaction",
        guarantee: "no secret is in what the SDK shows",
        file: "crates/maps-core/src/credential/redact.rs",
        find: "        if secret.len() < SHORTEST {",
        replace: "        if secret.len() < usize::MAX {",
        test: ERRORS,
    },
    Bug {
        name: "redaction-off",
        guarantee: "a secret that a server repeats is in no error, log or token",
        file: "crates/maps-core/src/credential/redact.rs",
        find: "        if let Some(shown) = blot_out(&out, secret) {",
        replace: "        if let Some(shown) = blot_out(&out, secret).filter(|_| false) {",
        test: SECRETS,
    },
    Bug {
        name: "causes-as-they-are",
        guarantee: "the causes of an error hold no secret",
        file: "crates/maps-core/src/error.rs",
        find: "            .map(|cause| blot(cause, |text| pipeline.redact(text)));",
        replace: "            .map(|cause| blot(cause, str::to_owned));",
        test: SECRETS,
    },
    Bug {
        name: "header-not-sensitive",
        guarantee: "headers with a secret keep quiet about it",
        file: "crates/maps-core/src/credential/secret.rs",
        find: "        header.set_sensitive(true);",
        replace: "        header.set_sensitive(false);",
        test: SECRETS,
    },
    Bug {
        name: "url-in-spans",
        guarantee: "the URL in a span shows no value of its query",
        file: "crates/maps-core/src/pipeline/spans.rs",
        find: "shown(&self.0.redact(self.1.url.as_str()))",
        replace: "self.1.url.as_str()",
        test: SECRETS,
    },
    Bug {
        name: "url-in-errors",
        guarantee: "an exchange that fails does not tell its URL",
        file: "crates/maps-core/src/transport/reqwest.rs",
        find: "    Error::new(kind, message).with_source(error.without_url())",
        replace: "    Error::new(kind, message).with_source(error)",
        test: SECRETS,
    },
    Bug {
        name: "credential-quoted",
        guarantee: "what a credential says of its own secret is not shown",
        file: "crates/maps-core/src/credential/token_cache.rs",
        find: "        blot_suspects(&String::from_utf8_lossy(&shown))",
        replace: "        String::from_utf8_lossy(&shown).into_owned()",
        test: SECRETS,
    },
    Bug {
        name: "many-sign-in",
        guarantee: "of a thousand calls without a token one signs in",
        file: "crates/maps-core/src/credential/token_cache.rs",
        find: "            if !refresh.is_over() && !refresh.left(now).is_zero() {",
        replace: "            if refresh.left(now) > refresh.patience {",
        test: TOKENS,
    },
    Bug {
        name: "sign-in-dropped",
        guarantee: "a call that is dropped leaves its sign-in running for the next one",
        file: "crates/maps-core/src/credential/token_cache.rs",
        find: "        let Ok(runtime) = Handle::try_current() else {",
        replace: "        let Some(runtime) = None::<Handle> else {",
        test: TOKENS,
    },
    Bug {
        name: "sign-in-ends-the-operation",
        guarantee: "a sign-in that fails for the moment ends no operation",
        file: "crates/maps-core/src/poller/machine.rs",
        find: "        } else if error.is_transient() || error.is_credential() {",
        replace: "        } else if error.is_transient() {",
        test: SIGNING_IN,
    },
    Bug {
        name: "no-turn-after-a-panic",
        guarantee: "a watch goes on with the operation whose turn panicked",
        file: "crates/maps-core/src/watch/flights.rs",
        find: "            self.0.call(self.1);",
        replace: "            let _ = self.1;",
        test: PANICS_IN_A_WATCH,
    },
];
