//! What the SDK tests itself with, for programs that use it: a scripted transport, fault rules and a virtual clock.
//!
//! Behind the feature `test-kit`, off by default. [`ClientOptions::jitter_seed`](crate::ClientOptions::jitter_seed), which
//! makes the random part of waits the same in each run, needs no feature.
//!
//! # Examples
//!
//! A poller that waits half a minute is through at once:
//!
//! ```
//! use std::sync::Arc;
//! use maps_core::service::{HostSettings, LongRunning, Operation, ResultSource, Service};
//! use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
//! use maps_core::{ClientOptions, Method, Pipeline, Poller};
//! use serde_json::Value;
//!
//! static SERVICE: Service = Service {
//!     name: "example", version: "0.1.0", api_version: "1.0", host: "https://atlas.microsoft.com",
//!     host_parameters: &[], base_path: "", key: None, scopes: &[],
//! };
//! static SUBMIT: Operation =
//!     Operation { id: "Job_Submit", method: Method::POST, path: "/jobs", accept: "application/json", redirects: &[] };
//! static JOB: LongRunning = LongRunning {
//!     operation: "Job_Submit", status: None, succeeded: &[], failed: &[],
//!     result: ResultSource::Property("/answer"),
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> maps_core::Result<()> {
//! let transport = ScriptedTransport::new()
//!     .answer(Answer::accepted("/jobs/1"))
//!     .answer(Answer::monitor("Running").header("retry-after", "30"))
//!     .answer(Answer::monitor("Succeeded").member("answer", &42));
//! let clock = VirtualClock::running_ahead();
//! let options = ClientOptions::new()
//!     .transport(Arc::new(transport.clone()))
//!     .clock(Arc::new(clock.clone()))
//!     .jitter_seed(1);
//! let pipeline = Pipeline::new(&SERVICE, &HostSettings::new(), None, None, options)?;
//!
//! let job: Poller<u32, Value> = pipeline.begin(pipeline.request(&SUBMIT), &JOB).await?;
//! assert_eq!(job.await?, 42);
//! assert!(clock.elapsed().as_secs() >= 30);
//! assert_eq!(transport.lines(), ["POST /jobs", "GET /jobs/1", "GET /jobs/1"]);
//! transport.request(0).assert_operation("Job_Submit").assert_query("api-version", "1.0");
//! # Ok(()) }
//! ```

mod body;
mod clock;
mod exchange;
mod faults;
mod sent;
mod transport;

pub use maps_types::faults::{FaultAction, FaultReport, FaultRule, FaultRuleError};

pub use clock::VirtualClock;
pub use exchange::Exchange;
pub use faults::FaultTransport;
pub use sent::SentRequest;
pub use transport::{Answer, ScriptedTransport};
