//! Goes back to the state that the emulator started in.

use std::sync::Arc;

use crate::app::App;
use crate::blobs::Blobs;
use crate::clock::Moment;
use crate::error::Error;
use crate::problem::{Fault, Problem};
use crate::services::data_registry;
use crate::state::Seed;
use crate::store::{StoreError, Writer};

/// Copies the blobs of a state. Blocks.
pub(crate) fn import(blobs: &Blobs, seed: &Seed) -> Result<(), Error> {
    for (name, from) in &seed.blobs {
        let copied = blobs.import(name, from);
        copied.map_err(|err| Error::Setting(format!("the blob {}: {err}", from.display())))?;
    }
    Ok(())
}

/// Replaces all records by those of a state that begins at a time.
pub(crate) fn write(
    writer: &mut Writer<'_>,
    seed: &Seed,
    now: Moment,
    offset: Option<i64>,
) -> Result<(), StoreError> {
    writer.clear()?;
    seed.write(writer)?;
    writer.set_clock(now)?;
    // Without a time of its own, the emulator's is that of its clock.
    writer.set_offset(offset.unwrap_or(0))
}

/// Records, blobs, time, speed and fault rules are what they were at the start; requests are no longer remembered.
///
/// Requests under way may see either state.
pub(crate) async fn reset(app: &Arc<App>) -> Result<(), Problem> {
    let _one = app.start.resetting.lock().await;
    let clock = app.timeline.clock_now();
    let folder = app.start.folder.as_ref();
    let begins = folder.and_then(|folder| folder.now);
    let now = begins.unwrap_or(clock);
    let seed = match folder {
        Some(folder) => folder
            .seed(now, &app.timings, &app.limits)
            .map_err(refused)?,
        None => Seed::default(),
    };
    let blobs = app.blobs.clone();
    let task = tokio::task::spawn_blocking(move || {
        let cleared = blobs.clear();
        cleared.map_err(|err| Error::Setting(format!("the blobs cannot be removed: {err}")))?;
        import(&blobs, &seed)?;
        Ok(seed)
    });
    let seed = task.await.map_err(StoreError::new)?.map_err(refused)?;
    let offset = begins.map(|begins| begins.ahead_of(clock));
    let write = move |writer: &mut Writer<'_>| write(writer, &seed, now, offset);
    app.store.write(write).await?;
    app.timeline.restart(now, app.start.speed);
    app.faults.reset();
    app.journal.clear();
    data_registry::resume(app)
}

/// The folder of the state has changed since it was read.
fn refused(err: Error) -> Problem {
    let fault = Fault::new("StateNotUsable", err.to_string());
    Problem::new(http::StatusCode::CONFLICT, fault)
}
