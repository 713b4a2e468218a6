//! Random sequences of calls, compared with a model that knows only what the docs of `Poller` promise.
//!
//! The model imports nothing of the poller: its waits, budgets and deadlines are written down by hand from the table
//! in the docs. Jitter is off, so that it knows the moment of every request.

use std::sync::Arc;
use std::time::Duration;

use maps_core::service::HostSettings;
use maps_core::test_kit::VirtualClock;
use maps_core::{
    ClientOptions, Error, Pipeline, Poller, PollingOptions, ResumeToken, RetryOptions,
};
use serde_json::Value;

use crate::cancelling::drop_at;
use crate::server::{RESOURCE_LOCATION, SERVICE, begin};

mod promise;
mod service;

use promise::{Model, Says};
use service::{Random, Service};

/// One operation, one poller after the other, and calls of random kinds on them.
struct Run {
    random: Random,
    clock: VirtualClock,
    service: Arc<Service>,
    client: Pipeline,
    poller: Poller<Value, Value>,
    model: Model,
}

impl Run {
    async fn begin(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let clock = VirtualClock::running_ahead();
        let story = random.story();
        let timeout = Duration::from_secs([5, 100, 3600][random.below(3)]);
        let service = Arc::new(Service::new(story.clone(), clock.clone()));
        let options = ClientOptions::new()
            .transport(Arc::new(service::Line(Arc::clone(&service))))
            .clock(Arc::new(clock.clone()))
            .polling(PollingOptions::new().jitter(0.0).timeout(timeout))
            .retry(RetryOptions::none());
        let mut host = HostSettings::new();
        host.endpoint("http://127.0.0.1:9");
        let client = Pipeline::new(&SERVICE, &host, None, None, options).unwrap();
        let poller = begin(&client, &RESOURCE_LOCATION).await.unwrap();
        let model = Model::submitted(story, timeout);
        Self {
            random,
            clock,
            service,
            client,
            poller,
            model,
        }
    }

    async fn call(&mut self) {
        self.model
            .called(self.service.calling(), self.clock.elapsed());
        let turns = match self.random.below(2) {
            0 => usize::MAX,
            _ => self.random.below(12),
        };
        match self.random.below(12) {
            0..=4 => match drop_at(turns, self.poller.next()).await {
                None => self.model.catch_up(&self.service.given(), false),
                Some(said) => {
                    let promised = self.model.next(&self.service.given());
                    let said = match said {
                        None => Says::End,
                        Some(Ok(status)) => Says::Status(number(&status)),
                        Some(Err(error)) => self.fault(&error),
                    };
                    assert_eq!(said, promised, "next");
                    self.no_time_was_lost();
                }
            },
            5..=8 => match drop_at(turns, self.poller.result()).await {
                None => self.model.catch_up(&self.service.given(), true),
                Some(said) => {
                    let promised = self.model.result(&self.service.given());
                    let said = match said {
                        Ok(value) => Says::Value(value.as_u64().unwrap()),
                        Err(error) => self.fault(&error),
                    };
                    assert_eq!(said, promised, "result");
                    self.no_time_was_lost();
                }
            },
            9 => {
                let text = self.poller.resume_token().to_string();
                let token: ResumeToken = text.parse().unwrap();
                self.check_token(&token);
                self.poller = self.client.resume(&RESOURCE_LOCATION, token).unwrap();
                self.service.hung_up();
                self.model.resumed();
            }
            10 => {
                self.poller = self.client.attach(&RESOURCE_LOCATION, None, "1").unwrap();
                self.service.hung_up();
                self.model.attached();
            }
            // Time passes only between requests: one in flight would run into its own limits.
            _ if self.service.is_idle() => {
                let wait = Duration::from_millis(self.random.below(60_000) as u64);
                if self.random.below(2) == 0 {
                    self.clock.advance(wait);
                } else {
                    self.poller.extend_timeout(wait);
                    self.model.extended(wait);
                }
            }
            _ => {}
        }
        self.check_token(&self.poller.resume_token());
        // A status that the stream has not given yet may not have been read.
        if self.model.all_told() {
            let status = self.poller.status().map(number);
            assert_eq!(status, self.model.last());
        }
    }

    /// A call ends when its last answer arrives or when its deadline cannot be kept, not later.
    fn no_time_was_lost(&self) {
        assert_eq!(self.clock.elapsed(), self.model.now());
    }

    fn fault(&self, error: &Error) -> Says {
        assert_eq!(error.operation_id(), Some("1"));
        assert!(error.may_have_been_sent());
        self.check_token(error.resume_token().unwrap());
        let last = error.last_status::<Value>().as_ref().map(number);
        assert_eq!(last, self.model.last(), "{error:?}");
        Says::Fault(error.kind())
    }

    /// A token leads to this operation and keeps its deadline, to the millisecond.
    fn check_token(&self, token: &ResumeToken) {
        assert_eq!(token.operation(), "Thing_Submit");
        let epoch = std::time::UNIX_EPOCH + Duration::from_secs(1_760_000_000);
        let deadline = token.deadline().duration_since(epoch).unwrap();
        assert_eq!(
            deadline.as_millis(),
            self.model.deadline().as_millis(),
            "deadline of a token"
        );
    }
}

fn number(status: &Value) -> u64 {
    status["number"].as_u64().unwrap()
}

#[tokio::test]
async fn random_calls_do_what_the_docs_say() {
    for seed in 1..6000 {
        let checked = tokio::spawn(async move {
            let mut run = Run::begin(seed).await;
            for _ in 0..16 {
                run.call().await;
            }
            run.service.check(run.model.used());
        });
        assert!(checked.await.is_ok(), "seed {seed}");
    }
}
