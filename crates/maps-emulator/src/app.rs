//! What all requests share.

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use tempfile::TempDir;

use crate::blobs::Blobs;
use crate::clock::{Moment, Timeline};
use crate::credentials::Gate;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::services::data_registry::Validations;
use crate::settings::{Limits, Timings};
use crate::state::Folder;
use crate::store::{Store, StoreError};
use crate::{admin, gateway};

/// What an emulator goes back to.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) folder: Option<Folder>,
    pub(crate) speed: f64,
    /// One at a time goes back.
    pub(crate) resetting: tokio::sync::Mutex<()>,
}

/// The state of an emulator. Fields are dropped in this order: the store closes before its folder goes.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) timeline: Arc<Timeline>,
    pub(crate) blobs: Blobs,
    pub(crate) gate: Gate,
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    pub(crate) validations: Validations,
    pub(crate) start: Start,
    pub(crate) hosts: Vec<String>,
    pub(crate) port: u16,
    pub(crate) retry_after: u32,
    pub(crate) page_size: usize,
    pub(crate) timings: Timings,
    pub(crate) limits: Limits,
    /// Holds the blobs of an emulator without a folder.
    pub(crate) _temporary: Option<TempDir>,
}

impl App {
    /// The time to show: one that a restart does not take back.
    pub(crate) async fn now(&self) -> Result<Moment, StoreError> {
        loop {
            if let Some(now) = self.timeline.now_if_held() {
                return Ok(now);
            }
            // Every commit holds a time that is ahead.
            self.store.write(|_| Ok(())).await?;
        }
    }
}

/// Every path of the emulator.
pub(crate) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .nest("/_emulator", admin::router())
        .fallback(gateway::handle)
        .layer(middleware::from_fn_with_state(
            Arc::clone(app),
            gateway::check_host,
        ))
        .with_state(Arc::clone(app))
}
