//! Administrative endpoints, below `/_emulator`.

mod blobs;

pub(crate) use blobs::receive as receive_blob;

use std::io::Seek;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{delete, get, post, put};
use http::header::{CONTENT_TYPE, ORIGIN};
use http::{HeaderValue, StatusCode};
use maps_types::faults::FaultRule;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::app::App;
use crate::clock::is_speed;
use crate::conversion::Conversion;
use crate::gateway::{empty, json as answer};
use crate::problem::{Family, Fault, Problem};
use crate::reset;
use crate::services::dataset;
use crate::state;
use crate::store::StoreError;

/// Most bytes of an administrative body, blobs aside.
const MAX_BODY: usize = 1 << 20;

/// An answer, or a refusal in the error body that all services can read.
struct Answer(Result<Response, Problem>);

impl axum::response::IntoResponse for Answer {
    fn into_response(self) -> Response {
        self.0
            .unwrap_or_else(|problem| problem.into_response(Family::Common))
    }
}

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/health", get(health))
        .route("/clock", get(clock).put(set_clock))
        .route("/clock/advance", post(advance))
        .route("/conversions/{id}", put(put_conversion))
        .route(
            "/faults",
            get(list_faults).post(add_fault).delete(clear_faults),
        )
        .route("/faults/{id}", delete(remove_fault))
        .route("/state", get(get_state))
        .route("/reset", post(reset_state))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        // Blobs have a limit of their own.
        .route(
            "/blobs/{*name}",
            get(blobs::get).put(blobs::put).delete(blobs::delete),
        )
        .fallback(async || Answer(Err(Problem::no_such_path())))
        .layer(middleware::from_fn(refuse_browsers))
}

/// A page in a browser can reach 127.0.0.1; what it sends across origins carries `Origin`.
async fn refuse_browsers(request: Request, next: Next) -> Response {
    if request.headers().contains_key(ORIGIN) {
        let message = "Pages in a browser have no access to administrative calls.";
        let problem = Problem::new(StatusCode::FORBIDDEN, Fault::new("Forbidden", message));
        return problem.into_response(Family::Common);
    }
    next.run(request).await
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes)
        .map_err(|err| Problem::invalid([Fault::new("InvalidValue", err.to_string()).at("body")]))
}

fn invalid(target: &str, message: impl Into<String>) -> Problem {
    Problem::invalid([Fault::new("InvalidValue", message).at(target)])
}

async fn health() -> Answer {
    let body = json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")});
    Answer(answer(StatusCode::OK, &body))
}

async fn clock_body(app: &App) -> Result<Response, Problem> {
    let body = json!({
        "now": app.now().await?.seven_digits(),
        "speed": app.timeline.speed(),
    });
    answer(StatusCode::OK, &body)
}

async fn clock(State(app): State<Arc<App>>) -> Answer {
    Answer(clock_body(&app).await)
}

async fn set_clock(State(app): State<Arc<App>>, bytes: Bytes) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        speed: f64,
    }
    let changed = parse::<Body>(&bytes).and_then(|body| {
        if !is_speed(body.speed) {
            return Err(invalid("speed", "A speed is between 0 and 1,000,000."));
        }
        app.timeline.set_speed(body.speed);
        Ok(())
    });
    Answer(match changed {
        Ok(()) => clock_body(&app).await,
        Err(problem) => Err(problem),
    })
}

async fn advance(State(app): State<Arc<App>>, bytes: Bytes) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        seconds: f64,
    }
    let changed = parse::<Body>(&bytes).and_then(|body| {
        let step = Duration::try_from_secs_f64(body.seconds)
            .map_err(|_| invalid("seconds", "The value is not a number of seconds from 0."))?;
        app.timeline.advance(step);
        Ok(())
    });
    Answer(match changed {
        Ok(()) => clock_body(&app).await,
        Err(problem) => Err(problem),
    })
}

async fn put_conversion(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Answer {
    let parsed = if bytes.is_empty() {
        Ok(Conversion::new(""))
    } else {
        parse::<Conversion>(&bytes)
    };
    Answer(match parsed {
        Ok(mut conversion) => {
            conversion.id = id;
            let added = dataset::add_conversion(&app, conversion).await;
            added.map(|()| empty(StatusCode::NO_CONTENT))
        }
        Err(problem) => Err(problem),
    })
}

/// A ZIP archive of a state folder.
async fn get_state(State(app): State<Arc<App>>) -> Answer {
    Answer(archive(&app).await)
}

async fn archive(app: &App) -> Result<Response, Problem> {
    let export = state::export(app).await?;
    let task = tokio::task::spawn_blocking(move || {
        let mut file = export.to_zip(tempfile::tempfile()?)?;
        file.rewind()?;
        Ok(file)
    });
    let file = task
        .await
        .map_err(std::io::Error::other)
        .and_then(|file| file);
    let file = file.map_err(|err| blobs::failed(&err))?;
    let mut response = Response::new(blobs::body(tokio::fs::File::from_std(file)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    Ok(response)
}

async fn reset_state(State(app): State<Arc<App>>) -> Answer {
    // A caller that goes away must not leave half of it done.
    let done = tokio::spawn(async move { reset::reset(&app).await }).await;
    let done = done.map_err(|err| Problem::from(StoreError::new(err)));
    Answer(
        done.and_then(|done| done)
            .map(|()| empty(StatusCode::NO_CONTENT)),
    )
}

async fn list_faults(State(app): State<Arc<App>>) -> Answer {
    let body = json!({"faults": app.faults.report()});
    Answer(answer(StatusCode::OK, &body))
}

async fn add_fault(State(app): State<Arc<App>>, bytes: Bytes) -> Answer {
    let added = parse::<FaultRule>(&bytes).and_then(|rule| {
        let added = app.faults.add(rule);
        added.map_err(|err| invalid("body", format!("The rule cannot be followed: {err}.")))
    });
    Answer(added.and_then(|id| answer(StatusCode::CREATED, &json!({"id": id}))))
}

async fn remove_fault(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let removed = id.parse().is_ok_and(|id| app.faults.remove(id));
    Answer(if removed {
        Ok(empty(StatusCode::NO_CONTENT))
    } else {
        Err(Problem::not_found(
            "id",
            format!("There is no fault rule {id}."),
        ))
    })
}

async fn clear_faults(State(app): State<Arc<App>>) -> Answer {
    app.faults.clear();
    Answer(Ok(empty(StatusCode::NO_CONTENT)))
}
