//! What a state folder puts into the store.

use std::collections::HashSet;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use super::folder::Problems;
use super::{Context, File, Folder, Item};
use crate::blobs::BlobName;
use crate::clock::Moment;
use crate::conversion::Conversion;
use crate::error::Error;
use crate::services::{data_registry, dataset, route};
use crate::settings::{Limits, Timings};
use crate::store::{Collection, StoreError, Writer};

/// Records and blobs of a state that begins at a time.
#[derive(Default)]
pub(crate) struct Seed {
    records: Vec<(&'static Collection, String, Value)>,
    pub(crate) blobs: Vec<(BlobName, PathBuf)>,
}

impl Seed {
    /// Adds a record. A value that is no JSON has been read from JSON, so there is none.
    pub(crate) fn add(
        &mut self,
        collection: &'static Collection,
        id: impl Into<String>,
        record: &impl Serialize,
    ) {
        let record = serde_json::to_value(record).unwrap_or_default();
        self.records.push((collection, id.into(), record));
    }

    /// The records of a collection so far.
    pub(crate) fn of<'a>(
        &'a self,
        collection: &'static Collection,
    ) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let wanted =
            move |record: &&(&Collection, String, Value)| record.0.name() == collection.name();
        let pair = |(_, id, record): &'a (_, String, Value)| (id.as_str(), record);
        self.records.iter().filter(wanted).map(pair)
    }

    /// Writes the records into an empty store.
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Result<(), StoreError> {
        for (collection, id, record) in &self.records {
            writer.put(collection, id, record)?;
        }
        Ok(())
    }
}

impl Folder {
    /// Understands the folder, as of a time.
    pub(crate) fn seed(
        &self,
        now: Moment,
        timings: &Timings,
        limits: &Limits,
    ) -> Result<Seed, Error> {
        let mut problems = Problems::default();
        let seed = self.understand(now, timings, limits, &mut problems);
        problems.unless_any(seed, &self.path)
    }

    /// The same, and notes what is wrong with it.
    pub(crate) fn understand(
        &self,
        now: Moment,
        timings: &Timings,
        limits: &Limits,
        problems: &mut Problems,
    ) -> Seed {
        let mut seed = Seed {
            blobs: self.blobs.clone(),
            ..Seed::default()
        };
        let context = Context { now, timings };
        for (file, items) in &self.items {
            if items.len() as u64 > limits.items {
                problems.add(file.name(), "has more items than the emulator may hold");
            }
            let mut ids = HashSet::new();
            for (index, value) in items.iter().enumerate() {
                let mut item = Item::new(*file, index, value, problems);
                let id = load(*file, &mut item, &context, &mut seed);
                if let Some((member, id)) = id
                    && !ids.insert(id.clone())
                {
                    item.refuse(member, format!("{id} is there twice"));
                }
            }
        }
        seed
    }
}

/// Reads an item, and gives the member that names it and its name.
fn load(
    file: File,
    item: &mut Item<'_>,
    context: &Context<'_>,
    seed: &mut Seed,
) -> Option<(&'static str, String)> {
    match file {
        File::Conversions => {
            let conversion = item.read::<Conversion>()?;
            if !dataset::is_conversion_id(&conversion.id) {
                item.refuse("/conversionId", "is empty or too long");
            }
            seed.add(&Collection::CONVERSIONS, &conversion.id, &conversion);
            Some(("/conversionId", conversion.id))
        }
        File::Datasets => dataset::state::load_dataset(item, context, seed),
        File::DatasetOperations => dataset::state::load_operation(item, context, seed),
        File::Registry => data_registry::state::load(item, context, seed, true),
        File::RegistryOperations => data_registry::state::load(item, context, seed, false),
        File::RouteOperations => route::state::load(item, context, seed),
    }
}
