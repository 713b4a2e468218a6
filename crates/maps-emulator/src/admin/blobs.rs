//! The blob endpoint: what registered data is read from.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode, Uri};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::Answer;
use crate::app::App;
use crate::blobs::{BlobName, UploadError};
use crate::gateway::empty;
use crate::problem::{Fault, Problem};

/// Longest wait for the next piece of an upload.
const STALL: Duration = Duration::from_secs(60);

/// Bytes that are read from the disk at a time.
const PIECE: usize = 64 * 1024;

fn name(uri: &Uri) -> Result<BlobName, Problem> {
    let path = uri.path();
    // Inside the nested router the path starts after `/_emulator`.
    let path = path.strip_prefix("/_emulator").unwrap_or(path);
    let path = path.strip_prefix("/blobs/").unwrap_or_default();
    BlobName::from_encoded_path(path)
        .map_err(|err| Problem::invalid([Fault::new("InvalidValue", err.to_string()).at("path")]))
}

pub(super) async fn put(State(app): State<Arc<App>>, request: Request) -> Answer {
    Answer(store(&app, request).await)
}

async fn store(app: &App, request: Request) -> Result<Response, Problem> {
    let name = name(request.uri())?;
    let location = name.endpoint_path();
    let stream = request.into_body().into_data_stream();
    let stored = receive(app, name, stream.map_err(|err| err.to_string())).await;
    stored.map_err(refusal)?;
    let mut response = empty(StatusCode::CREATED);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// Stores a blob piece by piece.
pub(crate) async fn receive(
    app: &App,
    name: BlobName,
    mut pieces: impl futures_util::Stream<Item = Result<Bytes, String>> + Unpin,
) -> Result<u64, UploadError> {
    let mut upload = app.blobs.upload()?;
    loop {
        let piece = tokio::time::timeout(STALL, pieces.next()).await;
        let piece = piece.map_err(|_| UploadError::Body("the body stalled".to_owned()))?;
        match piece {
            Some(piece) => upload.write(&piece.map_err(UploadError::Body)?).await?,
            None => return upload.finish(name).await,
        }
    }
}

fn refusal(err: UploadError) -> Problem {
    let (status, fault) = match err {
        UploadError::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            Fault::new("RequestTooLarge", "The blob is larger than a blob may be."),
        ),
        UploadError::Full => return Problem::full("bytes of blobs"),
        UploadError::Name => (
            StatusCode::CONFLICT,
            Fault::new(
                "BlobNameInUse",
                "The name is that of a folder, or leads through another blob.",
            ),
        ),
        UploadError::Body(message) => return super::invalid("body", message),
        UploadError::Io(err) => return failed(&err),
    };
    Problem::new(status, fault)
}

pub(super) fn failed(err: &io::Error) -> Problem {
    tracing::error!(error = %err, "a blob could not be used");
    let fault = Fault::new("InternalError", "The emulator could not use its folder.");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, fault)
}

fn missing(err: &io::Error, name: &BlobName) -> Problem {
    match err.kind() {
        // Links that lead out of the folder are not permitted; to callers there is nothing.
        io::ErrorKind::NotFound
        | io::ErrorKind::NotADirectory
        | io::ErrorKind::IsADirectory
        | io::ErrorKind::PermissionDenied => {
            Problem::not_found("path", format!("There is no blob {}.", name.as_str()))
        }
        _ => failed(err),
    }
}

pub(super) async fn get(State(app): State<Arc<App>>, uri: Uri) -> Answer {
    Answer(read(&app, &uri).await)
}

async fn read(app: &App, uri: &Uri) -> Result<Response, Problem> {
    let name = name(uri)?;
    let blobs = app.blobs.clone();
    let opened = {
        let name = name.clone();
        tokio::task::spawn_blocking(move || blobs.read(&name)).await
    };
    let opened = opened.map_err(io::Error::other).and_then(|opened| opened);
    let (file, size) = opened.map_err(|err| missing(&err, &name))?;
    // A file that grows meanwhile is sent as long as it was.
    let file = tokio::fs::File::from_std(file.into_std()).take(size);
    let mut response = Response::new(body(file));
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, size.into());
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    Ok(response)
}

/// A body that is read as it is sent.
pub(super) fn body(file: impl AsyncRead + Unpin + Send + 'static) -> Body {
    let pieces = futures_util::stream::try_unfold(file, async |mut file| {
        let mut piece = vec![0; PIECE];
        let length = file.read(&mut piece).await?;
        piece.truncate(length);
        io::Result::Ok((length > 0).then(|| (Bytes::from(piece), file)))
    });
    Body::from_stream(pieces)
}

pub(super) async fn delete(State(app): State<Arc<App>>, uri: Uri) -> Answer {
    Answer(remove(&app, &uri).await)
}

async fn remove(app: &App, uri: &Uri) -> Result<Response, Problem> {
    let name = name(uri)?;
    let blobs = app.blobs.clone();
    let removed = {
        let name = name.clone();
        tokio::task::spawn_blocking(move || blobs.remove(&name)).await
    };
    let removed = removed
        .map_err(io::Error::other)
        .and_then(|removed| removed);
    removed.map_err(|err| missing(&err, &name))?;
    Ok(empty(StatusCode::NO_CONTENT))
}
