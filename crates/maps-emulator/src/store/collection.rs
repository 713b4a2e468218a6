//! Records of one kind, by id and in the order in which they were added.

use redb::{
    ReadTransaction, ReadableTable, ReadableTableMetadata, TableDefinition, WriteTransaction,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{META, StoreError};
use crate::clock::Moment;

/// Records of one kind. A record is JSON after eight bytes that hold its place.
pub(crate) struct Collection {
    name: &'static str,
    records: TableDefinition<'static, &'static str, &'static [u8]>,
    order: TableDefinition<'static, u64, &'static str>,
}

impl Collection {
    pub(crate) const REGISTRY: Self = Self::new("registry", "registry.order");
    pub(crate) const REGISTRY_OPERATIONS: Self =
        Self::new("registry-operations", "registry-operations.order");
    pub(crate) const CONVERSIONS: Self = Self::new("conversions", "conversions.order");
    pub(crate) const DATASETS: Self = Self::new("datasets", "datasets.order");
    pub(crate) const DATASET_OPERATIONS: Self =
        Self::new("dataset-operations", "dataset-operations.order");
    pub(crate) const ROUTE_OPERATIONS: Self =
        Self::new("route-operations", "route-operations.order");
    pub(crate) const ROUTE_MATRICES: Self = Self::new("route-matrices", "route-matrices.order");

    pub(crate) const ALL: [&'static Self; 7] = [
        &Self::REGISTRY,
        &Self::REGISTRY_OPERATIONS,
        &Self::CONVERSIONS,
        &Self::DATASETS,
        &Self::DATASET_OPERATIONS,
        &Self::ROUTE_OPERATIONS,
        &Self::ROUTE_MATRICES,
    ];

    const fn new(records: &'static str, order: &'static str) -> Self {
        Self {
            name: records,
            records: TableDefinition::new(records),
            order: TableDefinition::new(order),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Removes all records.
    fn clear(&self, transaction: &WriteTransaction) -> Result<(), StoreError> {
        transaction.delete_table(self.records)?;
        transaction.delete_table(self.order)?;
        self.create(transaction)
    }

    /// Makes the tables, so that readers find them.
    pub(super) fn create(&self, transaction: &WriteTransaction) -> Result<(), StoreError> {
        transaction.open_table(self.records)?;
        transaction.open_table(self.order)?;
        Ok(())
    }
}

fn encode(place: u64, record: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    let mut bytes = place.to_be_bytes().to_vec();
    serde_json::to_writer(&mut bytes, record).map_err(StoreError::new)?;
    Ok(bytes)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<(u64, T), StoreError> {
    let (place, json) = bytes
        .split_first_chunk::<8>()
        .ok_or_else(|| StoreError::new("a record is too short"))?;
    let record = serde_json::from_slice(json).map_err(StoreError::new)?;
    Ok((u64::from_be_bytes(*place), record))
}

fn find<T: DeserializeOwned>(
    records: &impl ReadableTable<&'static str, &'static [u8]>,
    id: &str,
) -> Result<Option<T>, StoreError> {
    let found = records.get(id)?;
    found
        .map(|bytes| decode(bytes.value()).map(|(_, record)| record))
        .transpose()
}

/// Reads a consistent view.
pub(crate) struct Reader {
    transaction: ReadTransaction,
}

impl Reader {
    pub(super) fn new(transaction: ReadTransaction) -> Self {
        Self { transaction }
    }

    pub(crate) fn get<T: DeserializeOwned>(
        &self,
        collection: &Collection,
        id: &str,
    ) -> Result<Option<T>, StoreError> {
        find(&self.transaction.open_table(collection.records)?, id)
    }

    /// All records, in the order in which they were added.
    pub(crate) fn all<T: DeserializeOwned>(
        &self,
        collection: &Collection,
    ) -> Result<Vec<T>, StoreError> {
        let records = self.page(collection, None, usize::MAX, |_| true)?;
        Ok(records.into_iter().map(|(_, record)| record).collect())
    }

    /// Up to `limit` records that `keep` accepts, of those added after the place `after`, each with its place.
    pub(crate) fn page<T: DeserializeOwned>(
        &self,
        collection: &Collection,
        after: Option<u64>,
        limit: usize,
        mut keep: impl FnMut(&T) -> bool,
    ) -> Result<Vec<(u64, T)>, StoreError> {
        let records = self.transaction.open_table(collection.records)?;
        let order = self.transaction.open_table(collection.order)?;
        let first = after.map_or(0, |after| after.saturating_add(1));
        let mut page = Vec::new();
        for entry in order.range(first..)? {
            if page.len() == limit {
                break;
            }
            let (_, id) = entry?;
            if let Some(bytes) = records.get(id.value())? {
                let (place, record) = decode(bytes.value())?;
                if keep(&record) {
                    page.push((place, record));
                }
            }
        }
        Ok(page)
    }
}

/// Reads and changes records inside a transaction.
pub(crate) struct Writer<'t> {
    transaction: &'t WriteTransaction,
}

impl<'t> Writer<'t> {
    pub(super) fn new(transaction: &'t WriteTransaction) -> Self {
        Self { transaction }
    }

    pub(crate) fn set_clock(&mut self, now: Moment) -> Result<(), StoreError> {
        let mut meta = self.transaction.open_table(META)?;
        meta.insert("clock", now.stored())?;
        Ok(())
    }

    /// Sets how far the emulator's time is ahead of its clock, in nanoseconds.
    pub(crate) fn set_offset(&mut self, nanoseconds: i64) -> Result<(), StoreError> {
        let mut meta = self.transaction.open_table(META)?;
        meta.insert("offset", nanoseconds)?;
        Ok(())
    }

    /// Removes all records.
    pub(crate) fn clear(&mut self) -> Result<(), StoreError> {
        Collection::ALL
            .iter()
            .try_for_each(|collection| collection.clear(self.transaction))
    }

    pub(crate) fn get<T: DeserializeOwned>(
        &self,
        collection: &Collection,
        id: &str,
    ) -> Result<Option<T>, StoreError> {
        find(&self.transaction.open_table(collection.records)?, id)
    }

    /// Adds a record at the end, or replaces the one of this id in its place.
    pub(crate) fn put(
        &mut self,
        collection: &Collection,
        id: &str,
        record: &impl Serialize,
    ) -> Result<(), StoreError> {
        let mut records = self.transaction.open_table(collection.records)?;
        let mut order = self.transaction.open_table(collection.order)?;
        let known = match records.get(id)? {
            Some(bytes) => Some(decode::<serde::de::IgnoredAny>(bytes.value())?.0),
            None => None,
        };
        let place = match known {
            Some(place) => place,
            None => order.last()?.map_or(0, |(place, _)| place.value() + 1),
        };
        records.insert(id, encode(place, record)?.as_slice())?;
        order.insert(place, id)?;
        Ok(())
    }

    /// Whether there was such a record.
    pub(crate) fn remove(&mut self, collection: &Collection, id: &str) -> Result<bool, StoreError> {
        let mut records = self.transaction.open_table(collection.records)?;
        let removed = match records.remove(id)? {
            Some(bytes) => Some(decode::<serde::de::IgnoredAny>(bytes.value())?.0),
            None => None,
        };
        if let Some(place) = removed {
            let mut order = self.transaction.open_table(collection.order)?;
            order.remove(place)?;
        }
        Ok(removed.is_some())
    }

    /// How many records there are.
    pub(crate) fn len(&self, collection: &Collection) -> Result<u64, StoreError> {
        Ok(self.transaction.open_table(collection.records)?.len()?)
    }

    /// The first `limit` records, in the order they were added, with their ids.
    pub(crate) fn oldest<T: DeserializeOwned>(
        &self,
        collection: &Collection,
        limit: usize,
    ) -> Result<Vec<(String, T)>, StoreError> {
        let records = self.transaction.open_table(collection.records)?;
        let order = self.transaction.open_table(collection.order)?;
        let mut oldest = Vec::new();
        for entry in order.iter()?.take(limit) {
            let (_, id) = entry?;
            if let Some(bytes) = records.get(id.value())? {
                oldest.push((id.value().to_owned(), decode(bytes.value())?.1));
            }
        }
        Ok(oldest)
    }
}
