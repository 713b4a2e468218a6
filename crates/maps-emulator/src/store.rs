//! What the emulator remembers: records in an embedded database.
//!
//! Every write is a function that runs inside a transaction, on one thread. Writes that arrive while a commit is under
//! way share the next one, so that many requests wait for one flush of the disk. A write answers after its commit.

mod collection;

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use redb::backends::InMemoryBackend;
use redb::{
    Database, DatabaseError, ReadableDatabase, ReadableTable, StorageError, TableDefinition,
    WriteTransaction,
};
use tokio::sync::{mpsc, oneshot};

pub(crate) use collection::{Collection, Reader, Writer};

use crate::clock::{Moment, Timeline};

/// Facts about the database itself.
const META: TableDefinition<'static, &'static str, i64> = TableDefinition::new("meta");

/// Layout of the records; a database of another layout is refused.
const FORMAT: i64 = 2;

/// Writes that wait for a commit; more make their requests wait.
const QUEUE: usize = 1024;

/// Most writes that share one commit.
const BATCH: usize = 256;

/// A failure of the database.
#[derive(Debug)]
pub(crate) struct StoreError(String);

impl StoreError {
    pub(crate) fn new(problem: impl std::fmt::Display) -> Self {
        Self(problem.to_string())
    }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: Into<redb::Error>> From<E> for StoreError {
    fn from(err: E) -> Self {
        Self(err.into().to_string())
    }
}

/// Why a database could not be opened.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// Another process, or another emulator of this one, uses it.
    InUse,
    /// The file cannot be used.
    Io(std::io::Error),
    /// Anything else.
    Other(String),
}

/// A finished write: tells the request that waits for it.
type Finish = Box<dyn FnOnce() + Send>;
type Job = Box<dyn FnOnce(&WriteTransaction) -> Result<Finish, StoreError> + Send>;

/// An opened database whose writer has not started.
#[derive(Debug)]
pub(crate) struct OpenedStore {
    database: Database,
    clock: Option<Moment>,
    offset: Option<i64>,
}

impl OpenedStore {
    /// Opens the database in `file`, or one in memory.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self, OpenError> {
        let database = match file {
            Some(file) => Database::create(file),
            None => Database::builder().create_with_backend(InMemoryBackend::new()),
        };
        let database = database.map_err(|err| match err {
            DatabaseError::DatabaseAlreadyOpen => OpenError::InUse,
            DatabaseError::Storage(StorageError::Io(err)) => OpenError::Io(err),
            err => OpenError::Other(err.to_string()),
        })?;
        let other = |err: StoreError| OpenError::Other(err.to_string());
        let format = prepare(&database).map_err(other)?;
        if format != FORMAT {
            return Err(OpenError::Other(format!(
                "the database has layout {format}, this version of the emulator reads layout {FORMAT}"
            )));
        }
        let clock = meta(&database, "clock").map_err(other)?;
        let offset = meta(&database, "offset").map_err(other)?;
        Ok(Self {
            database,
            clock: clock.map(Moment::from_stored),
            offset,
        })
    }

    /// The latest time that was recorded with a write.
    pub(crate) fn clock(&self) -> Option<Moment> {
        self.clock
    }

    /// How far the emulator's time is ahead of its clock, in nanoseconds, when it began with a time of its own.
    pub(crate) fn offset(&self) -> Option<i64> {
        self.offset
    }

    /// Writes something before anything else does.
    pub(crate) fn write<T>(
        &self,
        write: impl FnOnce(&mut Writer<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let transaction = self.database.begin_write()?;
        let value = write(&mut Writer::new(&transaction))?;
        transaction.commit()?;
        Ok(value)
    }

    /// Starts the thread that writes.
    pub(crate) fn start(self, timeline: Arc<Timeline>) -> std::io::Result<Store> {
        let database = Arc::new(self.database);
        let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE);
        let for_writer = Arc::clone(&database);
        let writer = std::thread::Builder::new()
            .name("maps-emulator-store".to_owned())
            .spawn(move || {
                while let Some(first) = queue.blocking_recv() {
                    let mut batch = vec![first];
                    while batch.len() < BATCH {
                        match queue.try_recv() {
                            Ok(job) => batch.push(job),
                            Err(_) => break,
                        }
                    }
                    // Senders of jobs that are dropped here see that their channel closed.
                    match commit(&for_writer, batch, &timeline) {
                        Ok(finishes) => finishes.into_iter().for_each(|finish| finish()),
                        Err(err) => tracing::error!(error = %err, "a commit failed"),
                    }
                }
            })?;
        Ok(Store {
            database: Some(database),
            jobs: Some(jobs),
            writer: Some(writer),
        })
    }
}

fn prepare(database: &Database) -> Result<i64, StoreError> {
    let transaction = database.begin_write()?;
    let format = {
        let mut meta = transaction.open_table(META)?;
        let known = meta.get("format")?.map(|value| value.value());
        match known {
            Some(format) => format,
            None => {
                meta.insert("format", FORMAT)?;
                FORMAT
            }
        }
    };
    for collection in Collection::ALL {
        collection.create(&transaction)?;
    }
    transaction.commit()?;
    Ok(format)
}

fn meta(database: &Database, name: &str) -> Result<Option<i64>, StoreError> {
    let transaction = database.begin_read()?;
    let meta = transaction.open_table(META)?;
    let value = meta.get(name)?.map(|value| value.value());
    Ok(value)
}

fn commit(
    database: &Database,
    batch: Vec<Job>,
    timeline: &Timeline,
) -> Result<Vec<Finish>, StoreError> {
    let transaction = database.begin_write()?;
    let ceiling = timeline.next_ceiling();
    transaction
        .open_table(META)?
        .insert("clock", ceiling.stored())?;
    let mut finishes = Vec::with_capacity(batch.len());
    for job in batch {
        finishes.push(job(&transaction)?);
    }
    transaction.commit()?;
    timeline.raise_ceiling(ceiling);
    Ok(finishes)
}

/// The records, and the thread that writes them.
#[derive(Debug)]
pub(crate) struct Store {
    // Options only so that `drop` can close in order.
    database: Option<Arc<Database>>,
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
}

impl Store {
    /// A consistent view of all records as they are now.
    pub(crate) fn reader(&self) -> Result<Reader, StoreError> {
        let database = self.database.as_ref().ok_or_else(closed)?;
        Ok(Reader::new(database.begin_read()?))
    }

    /// Sets the time from which the next run goes on, when nothing will be shown any more.
    pub(crate) async fn rest_clock(&self, now: Moment) -> Result<(), StoreError> {
        self.write(move |writer| writer.set_clock(now)).await
    }

    /// Runs `write` in a transaction; its value arrives after the commit.
    ///
    /// An error of `write` throws away the whole transaction, other requests' writes among them, so it is for
    /// failures of the database only; what a request is refused for is part of the value.
    pub(crate) async fn write<T, F>(&self, write: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writer<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            let value = write(&mut Writer::new(transaction))?;
            // The request may have been given up; the write stands.
            Ok(Box::new(move || drop(sender.send(value))))
        });
        let jobs = self.jobs.as_ref().ok_or_else(closed)?;
        jobs.send(job).await.map_err(|_| closed())?;
        receiver
            .await
            .map_err(|_| StoreError::new("the change could not be committed"))
    }
}

fn closed() -> StoreError {
    StoreError::new("the store is closed")
}

impl Drop for Store {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(writer) = self.writer.take() {
            // A panic of the writer has been reported already.
            let _ = writer.join();
        }
        self.database = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    fn store(file: Option<&Path>) -> Store {
        let opened = OpenedStore::open(file).unwrap();
        let timeline = Timeline::new(Arc::new(SystemClock::default()), 1.0, opened.clock());
        opened.start(Arc::new(timeline)).unwrap()
    }

    fn names(store: &Store, after: Option<u64>, limit: usize) -> Vec<(u64, String)> {
        let reader = store.reader().unwrap();
        reader
            .page::<String>(&Collection::DATASETS, after, limit, |_| true)
            .unwrap()
    }

    #[tokio::test]
    async fn records_are_listed_in_the_order_they_were_added() {
        let store = store(None);
        for name in ["b", "a", "c"] {
            store
                .write(move |writer| writer.put(&Collection::DATASETS, name, &name.to_uppercase()))
                .await
                .unwrap();
        }
        // Overwriting keeps the place.
        store
            .write(|writer| writer.put(&Collection::DATASETS, "b", &"B2"))
            .await
            .unwrap();
        let page = names(&store, None, 2);
        assert_eq!(page[0].1, "B2");
        assert_eq!(page[1].1, "A");
        let rest = names(&store, Some(page[1].0), 2);
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].1, "C");
    }

    #[tokio::test]
    async fn removed_records_are_gone() {
        let store = store(None);
        let removed = store
            .write(|writer| {
                writer.put(&Collection::DATASETS, "a", &1)?;
                let first = writer.remove(&Collection::DATASETS, "a")?;
                let second = writer.remove(&Collection::DATASETS, "a")?;
                Ok((first, second, writer.len(&Collection::DATASETS)?))
            })
            .await
            .unwrap();
        assert_eq!(removed, (true, false, 0));
    }

    #[tokio::test]
    async fn a_folder_is_remembered_and_locked_while_in_use() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state.redb");
        {
            let store = store(Some(&file));
            assert!(matches!(
                OpenedStore::open(Some(&file)),
                Err(OpenError::InUse)
            ));
            store
                .write(|writer| writer.put(&Collection::DATASETS, "a", &"A"))
                .await
                .unwrap();
        }
        let opened = OpenedStore::open(Some(&file)).unwrap();
        assert!(opened.clock().is_some());
        let timeline = Timeline::new(Arc::new(SystemClock::default()), 1.0, opened.clock());
        let store = opened.start(Arc::new(timeline)).unwrap();
        assert_eq!(names(&store, None, 9).len(), 1);
    }
}
