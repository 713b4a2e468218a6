#![doc = include_str!("../README.md")]

mod admin;
mod app;
mod blobs;
mod builder;
mod clock;
mod conversion;
mod credentials;
mod emulator;
mod error;
mod faults;
mod gateway;
mod journal;
mod problem;
mod reset;
mod routing;
mod server;
mod services;
mod settings;
mod state;
mod store;
mod validate;

pub use builder::Builder;
pub use clock::{Clock, ManualClock, SystemClock};
pub use conversion::{Conversion, Reason};
pub use credentials::Credentials;
pub use emulator::{DEFAULT_ENTRA_TOKEN, DEFAULT_KEY, DEFAULT_SAS_TOKEN, Emulator};
pub use error::Error;
pub use journal::RecordedRequest;
pub use maps_types::faults::{FaultAction, FaultReport, FaultRule, FaultRuleError};
pub use settings::{Limits, Timings};
