//! Where pollers come from: a submit, an id, a token.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use url::Url;

use super::Poller;
use super::machine::{Faults, Machine, Origin, Step, link as link_in};
use super::pace::Pace;
use super::reading::{self, State};
use super::token::Parts;
use super::trace::Trace;
use super::wait::{Wait, after};
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::Pipeline;
use crate::request::Request;
use crate::response::RawResponse;
use crate::resume_token::{Found, ResumeToken, refused};
use crate::service::{LongRunning, ResultSource, StatusOperation};
use crate::trust::{LONGEST, TrustedUrl, resolve};

/// Long-running operations.
impl Pipeline {
    /// Submits an operation, and returns once it has an id or link that can be kept.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send): [`Error::may_have_been_sent`] says whether the operation may have been started.
    /// Once the service has answered, an answer that leads to no operation: [`ErrorKind::Untrusted`] for a link to an
    /// origin that is not trusted, [`ErrorKind::Decode`] for one that cannot be read. These hold the operation's id,
    /// the link and, where it is a URL, a resume token.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the submit; the service may have started the operation. From the moment that
    /// this returns, nothing is lost.
    pub async fn begin<T, S>(
        &self,
        request: Request,
        operation: &'static LongRunning,
    ) -> Result<Poller<T, S>> {
        let submit = Submit {
            url: self.url_of(&request)?,
            is_get: *request.method() == Method::GET,
            can_be_read: [Method::GET, Method::PUT, Method::PATCH].contains(request.method()),
            named: request.named_operation().map(str::to_owned),
            deadline: after(self.clock().now(), self.polling().timeout),
        };
        let options = request.call_options();
        // Nearly always the default, which costs nothing to keep.
        let options = (!options.is_default()).then(|| Arc::new(options.clone()));
        let mut trace = Trace::open(self, operation);
        let machine = match trace.submit(self.send(request)).await {
            Ok(response) => {
                let _entered = trace.enter();
                submitted(self, operation, submit, response)
            }
            Err(error) => Err(error.with_operation_id(submit.named)),
        };
        match machine {
            Ok(mut machine) => {
                machine.options = options;
                Ok(Poller::new(traced(machine, trace)))
            }
            Err(error) => {
                trace.end(Some(&error));
                Err(error)
            }
        }
    }

    /// Watches an operation of which only the id is known.
    ///
    /// `original` is the submit's request with its path filled; it is needed where the result is behind the URI of
    /// the submit. Nothing is sent yet. The operation has the whole time of
    /// [`PollingOptions::timeout`](crate::PollingOptions::timeout) from now on.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] for an id that cannot be one, an operation without a status operation, and a
    /// missing `original`.
    pub fn attach<T, S>(
        &self,
        operation: &'static LongRunning,
        original: Option<Request>,
        id: &str,
    ) -> Result<Poller<T, S>> {
        let Some(status) = &operation.status else {
            return Err(Error::argument(format!(
                "{} has no operation that reads its state by an id",
                operation.operation
            )));
        };
        let link = status_link(self, operation, status, id)?;
        let original = match original {
            Some(original) => Some(own(self, &self.url_of(&original)?)?),
            None if operation.result.needs_original() => {
                return Err(Error::argument(
                    "the result is behind the URI of the submit, which is not given",
                ));
            }
            None => None,
        };
        let deadline = after(self.clock().now(), self.polling().timeout);
        let mut machine = machine(self, operation, Found::Monitor, Some(link), deadline);
        machine.id = id.into();
        machine.original = original.map(Box::new);
        machine.origin = Origin::Joined;
        Ok(Poller::new(traced(machine, Trace::open(self, operation))))
    }

    /// Goes on with an operation where a token was taken, here or in another process.
    ///
    /// Nothing is sent yet. The deadline is the token's, or the whole [`PollingOptions::timeout`] of this client from
    /// now on where that is sooner: whoever holds the token cannot make this client wait longer than it is set to. A
    /// deadline that has passed leaves time for one poll; [`Poller::extend_timeout`] gives more.
    ///
    /// [`PollingOptions::timeout`]: crate::PollingOptions::timeout
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ResumeToken`] for a token of another operation, or with links that this client does not trust.
    pub fn resume<T, S>(
        &self,
        operation: &'static LongRunning,
        token: ResumeToken,
    ) -> Result<Poller<T, S>> {
        if token.operation != operation.operation {
            return Err(refused(format!(
                "the resume token is of another operation, not of {}",
                operation.operation
            )));
        }
        if token.link.is_empty() {
            return Err(refused(
                "the operation had ended when the resume token was taken",
            ));
        }
        let follow = |link: &str| {
            let url = token.url(link)?;
            resolve(url.as_str(), self.base(), self).map_err(|error| {
                refused("the resume token leads to an origin that this client does not trust")
                    .with_source(error)
            })
        };
        let link = follow(&token.link)?;
        let original = token.original.as_deref().map(follow).transpose()?;
        if original.is_none() && operation.result.needs_original() {
            return Err(refused("the resume token lacks the URI of the submit"));
        }
        let location = token.location.as_deref().map(follow).transpose()?;
        let clock = self.clock();
        // A token is data: it can shorten how long this client waits, and not lengthen it.
        let left = token
            .deadline()
            .duration_since(clock.wall())
            .unwrap_or(Duration::ZERO)
            .min(self.polling().timeout);
        let deadline = after(clock.now(), left);
        let mut machine = machine(self, operation, token.found, Some(link), deadline);
        machine.original = original.map(Box::new);
        machine.location = location.map(|location| location.into_url().as_str().into());
        machine.origin = Origin::Joined;
        Ok(Poller::new(traced(machine, Trace::open(self, operation))))
    }
}

/// What is known of the request that submitted.
struct Submit {
    url: Url,
    is_get: bool,
    /// Whether a GET of the same URL reads what the submit makes.
    can_be_read: bool,
    /// The id that the client gave the operation.
    named: Option<String>,
    deadline: Instant,
}

/// Makes a poller of the answer to a submit.
fn submitted(
    pipeline: &Pipeline,
    operation: &'static LongRunning,
    submit: Submit,
    response: RawResponse,
) -> Result<Machine> {
    let headers = response.headers();
    let id = link_in(headers, "operation-id").map_or(submit.named.clone(), |id| Some(id.into()));
    let (found, link) = find(pipeline, operation, &submit, id.as_deref(), &response);
    let link = match link {
        None => None,
        Some(link) => match resolve(&link, response.url(), pipeline) {
            Ok(link) => Some(link),
            Err(error) => {
                let error = error.with_operation_id(id.map(|id| pipeline.redact(&id)));
                return Err(lost(
                    pipeline,
                    operation,
                    &submit,
                    found,
                    &link,
                    response.url(),
                    error,
                ));
            }
        },
    };
    let mut machine = machine(pipeline, operation, found, link, submit.deadline);
    if let Some(id) = id.filter(|_| found != Found::Monitor || machine.id.is_empty()) {
        machine.id = pipeline.redact(&id).into_boxed_str();
    }
    // Thousands of pollers may wait at once: each holds only what it will need.
    if operation.result.needs_original() {
        machine.original = own(pipeline, &submit.url).ok().map(Box::new);
    }
    machine.origin = Origin::Submitted;
    if operation.result == ResultSource::Location && found != Found::Location {
        machine.location = link_in(headers, "location")
            .and_then(|location| response.url().join(&location).ok())
            .filter(|location| location.as_str().len() <= LONGEST)
            .map(|location| location.as_str().into());
    }
    if found == Found::Resource {
        if !response.is_good() {
            return Err(pipeline.service_error(&response));
        }
        let reading = reading::read(operation, found, response.status(), response.bytes())
            .map_err(|error| {
                let message = response.encoding_fault().unwrap_or(error.to_string());
                pipeline.answer_error(error.kind(), message, &response)
            })?;
        let pending = matches!(reading.state, State::Pending { .. });
        if pending && machine.link.is_none() {
            let message =
                "the answer to the submit leads to no operation: no link, no id, no state";
            return Err(pipeline.answer_error(ErrorKind::Decode, message, &response));
        }
        machine.take(reading, response);
        return Ok(machine);
    }
    let hint = crate::pipeline::retry_after(response.headers(), pipeline.clock());
    machine.pause(hint);
    Ok(machine)
}

/// Finds the operation: how its state is read, and behind which link.
fn find<'a>(
    pipeline: &Pipeline,
    operation: &LongRunning,
    submit: &'a Submit,
    id: Option<&str>,
    response: &'a RawResponse,
) -> (Found, Option<Cow<'a, str>>) {
    let headers = response.headers();
    let accepted = response.status() == StatusCode::ACCEPTED;
    if let Some(link) = link_in(headers, "operation-location") {
        return (Found::Monitor, Some(link));
    }
    // Some services send this header also with an answer that is the end.
    let ended =
        response.status() == StatusCode::OK && reading::provisioned(operation, response.bytes());
    if let Some(link) = link_in(headers, "azure-asyncoperation").filter(|_| !ended) {
        return (Found::Monitor, Some(link));
    }
    let location = link_in(headers, "location");
    if accepted && location.is_some() {
        return (Found::Location, location);
    }
    let named = operation.status.as_ref().zip(id);
    if let Some(Ok(link)) = named.map(|(status, id)| status_link(pipeline, operation, status, id)) {
        return (Found::Monitor, Some(Cow::Owned(link.into_url().into())));
    }
    let own = Some(Cow::Borrowed(submit.url.as_str()));
    if accepted && submit.is_get {
        (Found::Location, own)
    } else if submit.can_be_read {
        (Found::Resource, own)
    } else {
        (Found::Resource, location)
    }
}

/// The error for a link that cannot be followed, with all that leads back to the operation.
fn lost(
    pipeline: &Pipeline,
    operation: &'static LongRunning,
    submit: &Submit,
    found: Found,
    link: &str,
    base: &Url,
    error: Error,
) -> Error {
    // The parts of a URL may be pieces of a secret, which nothing would find any more.
    let Ok(url) = base.join(&pipeline.redact(link)) else {
        return error;
    };
    let parts = Parts {
        found,
        link: Some(&url),
        original: Some(&submit.url),
        location: None,
        deadline: submit.deadline,
    };
    let token = parts.token(pipeline, operation);
    let error = error.with_resume_token(Some(token));
    match error.operation_id() {
        Some(_) => error,
        None => {
            let id = id_in(&url, operation.status.as_ref());
            error.with_operation_id(Some(id))
        }
    }
}

fn machine(
    pipeline: &Pipeline,
    operation: &'static LongRunning,
    found: Found,
    link: Option<TrustedUrl>,
    deadline: Instant,
) -> Machine {
    let id = link
        .as_ref()
        .map(|link| shown_id(pipeline, link.url(), operation.status.as_ref()))
        .unwrap_or_default();
    Machine {
        pipeline: pipeline.clone(),
        operation,
        id: id.into_boxed_str(),
        found,
        link,
        original: None,
        location: None,
        options: None,
        deadline,
        origin: Origin::Known,
        asked: pipeline.clock().now(),
        step: Step::Waiting(Wait::until_now(pipeline.clock())),
        last: None,
        arrived: 0,
        word: None,
        ended: None,
        pace: Pace::default(),
        faults: Faults::default(),
        watched: false,
        trace: Trace::default(),
        observer: None,
    }
}

/// The same with its span, which learns the id and the status that the submit gave.
fn traced(mut machine: Machine, mut trace: Trace) -> Machine {
    trace.name(|| machine.pipeline.redact(&machine.id));
    if let Some(word) = &machine.word {
        trace.status(|| machine.pipeline.redact(word));
    }
    machine.trace = trace;
    machine
}

/// The URL of the status operation for an id.
fn status_link(
    pipeline: &Pipeline,
    operation: &LongRunning,
    status: &StatusOperation,
    id: &str,
) -> Result<TrustedUrl> {
    let mut request = Request::get(operation.operation, status.path, pipeline.api_version());
    request.path(status.id, id, status.check);
    own(pipeline, &pipeline.url_of(&request)?)
}

/// A URL that the client made itself.
fn own(pipeline: &Pipeline, url: &Url) -> Result<TrustedUrl> {
    resolve(url.as_str(), pipeline.base(), pipeline)
}

/// The id in the URL of a monitor, the client's secrets blotted out.
fn shown_id(pipeline: &Pipeline, url: &Url, status: Option<&StatusOperation>) -> String {
    if !pipeline.holds_secret(url.as_str()) {
        return id_in(url, status);
    }
    // Before it is cut out: a piece of a secret would not be found.
    match Url::parse(&pipeline.redact(url.as_str())) {
        Ok(url) => id_in(&url, status),
        Err(_) => String::new(),
    }
}

/// The id in the URL of a monitor: where the status operation has it, else the last segment of the path.
fn id_in(url: &Url, status: Option<&StatusOperation>) -> String {
    let segments: Vec<&str> = url
        .path()
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let from_end = status.and_then(|status| {
        let hole = format!("{{{}}}", status.id);
        status
            .path
            .rsplit('/')
            .filter(|segment| !segment.is_empty())
            .position(|segment| segment == hole)
    });
    let at = segments.len().checked_sub(1 + from_end.unwrap_or(0));
    let segment = at
        .and_then(|at| segments.get(at))
        .copied()
        .unwrap_or_default();
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_where_the_status_operation_has_it() {
        let status = |path| StatusOperation {
            path,
            id: "id",
            check: None,
        };
        let id =
            |url: &str, status: Option<&StatusOperation>| id_in(&Url::parse(url).unwrap(), status);
        assert_eq!(
            id("https://a/route/operations/x%20y?api-version=1", None),
            "x y"
        );
        assert_eq!(
            id(
                "https://a/route/operations/x/",
                Some(&status("/route/operations/{id}"))
            ),
            "x"
        );
        assert_eq!(
            id(
                "https://a/jobs/x/status",
                Some(&status("/jobs/{id}/status"))
            ),
            "x"
        );
        assert_eq!(
            id("https://a/status", Some(&status("/jobs/{id}/status"))),
            ""
        );
        assert_eq!(id("https://a/", None), "");
    }
}
