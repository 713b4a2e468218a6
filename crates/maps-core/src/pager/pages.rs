//! Lists page by page.

use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::future::BoxFuture;
use serde::de::DeserializeOwned;
use url::Url;

use super::continuation::ContinuationToken;
use super::following::FollowingPages;
use crate::error::{Error, ErrorKind, Result};
use crate::options::CallOptions;
use crate::pipeline::Pipeline;
use crate::request::Request;
use crate::response::{RawResponse, Response};
use crate::resume_token::refused;
use crate::runtime::Runtime;
use crate::transport::Purpose;
use crate::trust::{TrustedUrl, resolve};

/// Pages without items in a row; a service that gives more gives nothing but them.
const MAX_EMPTY_PAGES: u32 = 1000;

/// The pages of a list: a [`Stream`] of them, with status and headers.
///
/// An error ends the stream; the [continuation token](Self::continuation_token) then leads to the page that failed,
/// unless that is the first one.
///
/// # Examples
///
/// ```
/// # use maps_core::{Pager, Result};
/// # use serde_json::Value as Dataset;
/// # use serde_json::Value as DatasetListResult;
/// # async fn run(datasets: Pager<Dataset, DatasetListResult>) -> Result<()> {
/// let mut pages = datasets.pages();
/// while let Some(page) = pages.next().await {
///     println!("{:?}", page?.body());
///     if let Some(token) = pages.continuation_token() {
///         println!("go on with {token}"); // `continue_from` of the pager, in another process too.
///     }
/// }
/// # Ok(()) }
/// ```
#[must_use = "pages are not asked for until the stream is polled"]
pub struct Pages<P> {
    pipeline: Pipeline,
    first: Request,
    next_link: fn(&P) -> Option<&str>,
    following: Option<&'static FollowingPages>,
    step: Step,
    options: Arc<CallOptions>,
    /// Hashes of the links that were followed.
    seen: HashSet<u64>,
    empty: u32,
}

enum Step {
    First,
    /// The page behind a link is next.
    Next(TrustedUrl),
    /// In flight; for the first page there is no link.
    Asking(
        BoxFuture<'static, Result<RawResponse>>,
        Option<TrustedUrl>,
        Runtime,
    ),
    /// The link to the next page cannot be followed.
    Broken(Error),
    /// The page behind the link failed.
    Failed(Option<TrustedUrl>),
    End,
}

impl<P> Pages<P> {
    pub(super) fn new(
        pipeline: Pipeline,
        first: Request,
        next_link: fn(&P) -> Option<&str>,
    ) -> Self {
        Self {
            pipeline,
            first,
            next_link,
            following: None,
            step: Step::First,
            options: Arc::default(),
            seen: HashSet::new(),
            empty: 0,
        }
    }

    pub(super) fn following(&mut self, following: &'static FollowingPages) {
        self.following = Some(following);
    }

    pub(super) fn request_mut(&mut self) -> &mut Request {
        &mut self.first
    }

    pub(super) fn continue_from(&mut self, token: &ContinuationToken) -> Result<()> {
        let link =
            resolve(token.as_str(), self.pipeline.base(), &self.pipeline).map_err(|error| {
                refused("the continuation token does not lead to a page of this client")
                    .with_source(error)
            })?;
        self.options = Arc::new(self.first.call_options().clone());
        self.seen.clear();
        self.empty = 0;
        self.step = Step::Next(link);
        Ok(())
    }

    /// What leads to the next page, or to the one that failed.
    ///
    /// `None` before the first page, after the last one, when the first one failed, when the link to the next one cannot
    /// be followed, and when that link has a secret in it other than what signs a request: without it, it would lead
    /// elsewhere.
    #[must_use]
    pub fn continuation_token(&self) -> Option<ContinuationToken> {
        match &self.step {
            Step::Next(link) | Step::Asking(_, Some(link), _) | Step::Failed(Some(link)) => {
                ContinuationToken::to_page(link.url(), &self.pipeline)
            }
            Step::First | Step::Asking(_, None, _) | Step::Failed(None) => None,
            Step::Broken(_) | Step::End => None,
        }
    }

    /// Counts pages without items.
    pub(super) fn note_items(&mut self, items: usize) {
        self.empty = if items == 0 { self.empty + 1 } else { 0 };
    }

    fn ask_behind(&mut self, link: TrustedUrl) {
        let first = &self.first;
        // A page is read as what the version of the first one calls a page, whatever the link says.
        let asked = match first.api_version() {
            Some(version) => link.clone().with_own_api_version(version),
            None => link.clone(),
        };
        let mut request = self
            .pipeline
            .follow(first.operation(), asked, Purpose::Page);
        // All pages are asked for in the same language, for example.
        request.headers_of(first);
        request.options(self.options.behind_the_first());
        self.ask(request, Some(link));
    }

    fn ask(&mut self, request: Request, link: Option<TrustedUrl>) {
        let pipeline = self.pipeline.clone();
        let call = Box::pin(async move { pipeline.send(request).await });
        self.step = Step::Asking(call, link, Runtime::current());
    }
}

impl<P: DeserializeOwned> Pages<P> {
    /// The next page; `None` after the last one.
    ///
    /// # Errors
    ///
    /// As [`Pager::next`](super::Pager::next).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: the request in flight stays in the stream.
    pub async fn next(&mut self) -> Option<Result<Response<P>>> {
        poll_fn(|cx| self.poll_page(cx)).await
    }

    pub(super) fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Response<P>>>> {
        loop {
            match &mut self.step {
                Step::End | Step::Failed(_) => return Poll::Ready(None),
                Step::Broken(_) => {
                    return Poll::Ready(match std::mem::replace(&mut self.step, Step::End) {
                        Step::Broken(error) => Some(Err(error)),
                        _ => None,
                    });
                }
                Step::First => {
                    self.options = Arc::new(self.first.call_options().clone());
                    self.ask(self.first.clone(), None);
                }
                Step::Next(link) => {
                    let link = link.clone();
                    let mut hash = DefaultHasher::new();
                    link.url().hash(&mut hash);
                    if self.empty > MAX_EMPTY_PAGES || !self.seen.insert(hash.finish()) {
                        self.step = Step::End;
                        let message = "the pages of the list lead in a circle";
                        let error = Error::new(ErrorKind::Decode, message);
                        return Poll::Ready(Some(Err(error.with_may_have_been_sent(true))));
                    }
                    self.ask_behind(link);
                }
                // The request is lost with its runtime; asking again changes nothing on the service.
                Step::Asking(_, link, home) if *home != Runtime::current() => match link.take() {
                    Some(link) => self.ask_behind(link),
                    None => self.step = Step::First,
                },
                Step::Asking(..) => {
                    let taken = std::mem::replace(&mut self.step, Step::Failed(None));
                    let Step::Asking(mut call, link, home) = taken else {
                        continue;
                    };
                    // What is left when a policy of the caller panics.
                    self.step = Step::Failed(link);
                    let outcome = match call.as_mut().poll(cx) {
                        Poll::Ready(outcome) => outcome,
                        Poll::Pending => {
                            let link = match &mut self.step {
                                Step::Failed(link) => link.take(),
                                _ => None,
                            };
                            self.step = Step::Asking(call, link, home);
                            return Poll::Pending;
                        }
                    };
                    return Poll::Ready(Some(self.take(outcome)));
                }
            }
        }
    }

    fn resolve(&self, link: &str, base: &Url) -> Result<TrustedUrl> {
        let Some(following) = self.following else {
            return resolve(link, base, &self.pipeline);
        };
        let place = following.place(link, &self.first, self.pipeline.base())?;
        let link = resolve(&place, base, &self.pipeline)?;
        let parameters = following.parameters(link.url(), &self.first);
        Ok(link.with_query(&parameters))
    }

    /// Decodes a page and finds the one after it.
    fn take(&mut self, outcome: Result<RawResponse>) -> Result<Response<P>> {
        let raw = outcome?;
        let base = raw.url().clone();
        let page: Response<P> = raw.json()?;
        self.step = match (self.next_link)(page.body()).map(str::trim) {
            None | Some("") => Step::End,
            Some(link) => match self.resolve(link, &base) {
                Ok(link) => Step::Next(link),
                // The page itself is good: it is given first.
                Err(error) => Step::Broken(error),
            },
        };
        Ok(page)
    }
}

// Nothing in here is pinned.
impl<P> Unpin for Pages<P> {}

impl<P: DeserializeOwned> Stream for Pages<P> {
    type Item = Result<Response<P>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(cx)
    }
}

impl<P> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("first", &self.first)
            .field("asked_for", &self.seen.len())
            .finish_non_exhaustive()
    }
}
