//! Validations under way.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::check::{self, Limits};
use super::key;
use super::operations::{Operation, Outcome};
use crate::app::App;
use crate::blobs::BlobName;
use crate::problem::Fault;
use crate::store::Collection;

/// Validations that read at the same time; each may hold a parsed document.
const AT_ONCE: usize = 4;

/// Longest wait of a request for validations whose time has come.
const PATIENCE: Duration = Duration::from_secs(10);

/// When a request that arrives now stops to wait for validations.
pub(super) fn deadline() -> Instant {
    Instant::now() + PATIENCE
}

/// The validations under way, by operation.
#[derive(Debug)]
pub(crate) struct Validations {
    // A receiver whose sender is gone is a validation that ended.
    running: Mutex<HashMap<String, watch::Receiver<()>>>,
    permits: Arc<Semaphore>,
    stopping: Arc<AtomicBool>,
}

impl Default for Validations {
    fn default() -> Self {
        Self {
            running: Mutex::default(),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            stopping: Arc::default(),
        }
    }
}

impl Validations {
    /// Waits until the validation of this operation has ended, at most until `deadline`.
    pub(super) async fn settle(&self, key: &str, deadline: Instant) {
        let receiver = {
            let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            running.get(key).cloned()
        };
        if let Some(mut receiver) = receiver {
            // Nothing is ever sent: `changed` ends when the sender is dropped.
            let _ = tokio::time::timeout_at(deadline, receiver.changed()).await;
        }
    }

    /// Waits until the validations under way now have ended, for a while.
    pub(crate) async fn settle_all(&self) {
        let keys: Vec<_> = {
            let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            running.keys().cloned().collect()
        };
        let deadline = deadline();
        for key in keys {
            self.settle(&key, deadline).await;
        }
    }

    /// Makes validations under way give up, so that the emulator can close. They start anew when it opens again.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    fn add(&self, key: &str) -> watch::Sender<()> {
        let (sender, receiver) = watch::channel(());
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(key.to_owned(), receiver);
        sender
    }

    fn remove(&self, key: &str) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(key);
    }
}

/// Starts the validation of an operation that has been recorded.
pub(super) fn start(app: &Arc<App>, operation: &Operation) {
    let key = key(&operation.id);
    let ended = app.validations.add(&key);
    let app = Arc::clone(app);
    let operation = operation.clone();
    tokio::spawn(async move {
        validate(&app, &key, operation).await;
        app.validations.remove(&key);
        drop(ended);
    });
}

async fn validate(app: &Arc<App>, key: &str, operation: Operation) {
    // The semaphore is never closed.
    let _permit = Arc::clone(&app.validations.permits).acquire_owned().await;
    let reader = {
        let app = Arc::clone(app);
        let content = operation.content.clone();
        tokio::task::spawn_blocking(move || {
            let name = BlobName::from_url(&content.blob_url, app.port, app.blobs.path());
            let limits = Limits {
                blob: app.limits.blob,
                geojson: app.limits.geojson,
                unpacked: app.limits.unpacked,
                files: app.limits.files,
            };
            let stopping = &app.validations.stopping;
            match name {
                Ok(name) => check::check(&app.blobs, &name, &content.data_format, limits, stopping),
                Err(err) => Some(Outcome::Invalid(check::unreadable(err.to_string()))),
            }
        })
    };
    let outcome = match reader.await {
        Ok(Some(outcome)) => outcome,
        // The emulator is closing.
        Ok(None) => return,
        Err(err) => {
            tracing::error!(error = %err, "a validation ended badly");
            Outcome::Invalid(Fault::new(
                "InternalError",
                "The emulator could not validate the data.",
            ))
        }
    };
    let key = key.to_owned();
    let written = app.store.write(move |writer| {
        let known = writer.get::<Operation>(&Collection::REGISTRY_OPERATIONS, &key)?;
        // The emulator may have gone back to another state meanwhile.
        if known.is_none_or(|known| known.started != operation.started) {
            return Ok(());
        }
        let operation = Operation {
            outcome: Some(outcome),
            ..operation
        };
        writer.put(&Collection::REGISTRY_OPERATIONS, &key, &operation)
    });
    if let Err(err) = written.await {
        tracing::error!(error = %err, "an outcome could not be recorded");
    }
}
