//! Writes the state that there is in the form that an emulator starts from.

use std::fs;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{BLOBS, CLOCK, Clock, File, Stamp};
use crate::app::App;
use crate::blobs::{BlobName, Blobs};
use crate::conversion::Conversion;
use crate::problem::Problem;
use crate::services::{data_registry, dataset, route};
use crate::store::{Collection, StoreError};

/// A state, ready to be written.
#[derive(Debug)]
pub(crate) struct Export {
    files: Vec<(&'static str, Vec<u8>)>,
    blobs: Blobs,
    names: Vec<BlobName>,
}

/// The state as it is, with what validations that are under way find.
pub(crate) async fn export(app: &App) -> Result<Export, Problem> {
    app.validations.settle_all().await;
    let now = app.now().await?;
    let reader = app.store.reader()?;
    let conversions = reader.all::<Conversion>(&Collection::CONVERSIONS)?;
    let (registry, earlier) = data_registry::state::export(&reader, app, now)?;
    let mut files = vec![(CLOCK, text(&Clock { now: Stamp(now) })?)];
    for (file, items) in [
        (File::Conversions, values(&conversions)?),
        (File::Datasets, dataset::state::datasets(&reader)?),
        (
            File::DatasetOperations,
            dataset::state::operations(&reader, now)?,
        ),
        (File::Registry, registry),
        (File::RegistryOperations, earlier),
        (File::RouteOperations, route::state::export(&reader, now)?),
    ] {
        if !items.is_empty() {
            files.push((file.name(), text(&items)?));
        }
    }
    let blobs = app.blobs.clone();
    let listed = {
        let blobs = blobs.clone();
        tokio::task::spawn_blocking(move || blobs.names()).await
    };
    let names = listed
        .map_err(io::Error::other)
        .and_then(|names| names)
        .map_err(StoreError::new)?;
    Ok(Export {
        files,
        blobs,
        names,
    })
}

/// Items as JSON values.
pub(crate) fn values(items: &[impl Serialize]) -> Result<Vec<Value>, StoreError> {
    let values = items.iter().map(serde_json::to_value);
    values.collect::<Result<_, _>>().map_err(StoreError::new)
}

fn text(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(StoreError::new)?;
    text.push(b'\n');
    Ok(text)
}

impl Export {
    /// Writes a folder that must be new or empty. Blocks.
    pub(crate) fn to_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        if fs::read_dir(folder)?.next().is_some() {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        for (name, text) in &self.files {
            fs::write(folder.join(name), text)?;
        }
        for name in &self.names {
            let path = folder.join(BLOBS).join(name.as_path());
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            io::copy(&mut self.open(name)?, &mut fs::File::create_new(path)?)?;
        }
        Ok(())
    }

    /// Writes a ZIP archive of such a folder. Blocks.
    pub(crate) fn to_zip<W: Write + Seek>(&self, out: W) -> io::Result<W> {
        let mut archive = ZipWriter::new(out);
        let options = SimpleFileOptions::default().large_file(true);
        for (name, text) in &self.files {
            archive.start_file(*name, options)?;
            archive.write_all(text)?;
        }
        for name in &self.names {
            archive.start_file(format!("{BLOBS}/{}", name.as_str()), options)?;
            io::copy(&mut self.open(name)?, &mut archive)?;
        }
        Ok(archive.finish()?)
    }

    fn open(&self, name: &BlobName) -> io::Result<impl Read + use<>> {
        let (file, size) = self.blobs.read(name)?;
        Ok(file.take(size))
    }
}
