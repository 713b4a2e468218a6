//! Lists that come in pages.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use serde::de::DeserializeOwned;

use crate::error::Result;
use crate::pipeline::Pipeline;
use crate::request::Request;

mod continuation;
mod following;
mod pages;

pub use continuation::ContinuationToken;
pub use following::FollowingPages;
pub use pages::Pages;

/// The items of a list that the service gives in pages: a [`Stream`] of them.
///
/// A page is asked for when its first item is wanted. [`pages`](Self::pages) gives whole pages instead.
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
/// # async fn run(mut datasets: Pager<Dataset, DatasetListResult>) -> Result<()> {
/// while let Some(dataset) = datasets.next().await {
///     println!("{:?}", dataset?);
/// }
/// # Ok(()) }
/// ```
#[must_use = "a pager asks for nothing until it is polled"]
pub struct Pager<T, P> {
    pages: Pages<P>,
    split: fn(P) -> Vec<T>,
    items: vec::IntoIter<T>,
}

impl<T, P> Pager<T, P> {
    /// A list whose first page is the answer to `request`.
    ///
    /// `next_link` finds the link to the next page in a page, `items` takes a page apart.
    pub fn new(
        pipeline: Pipeline,
        request: Request,
        next_link: fn(&P) -> Option<&str>,
        items: fn(P) -> Vec<T>,
    ) -> Self {
        Self {
            pages: Pages::new(pipeline, request, next_link),
            split: items,
            items: Vec::new().into_iter(),
        }
    }

    /// A list whose pages after the first are those of an operation of their own.
    pub fn with_following(
        pipeline: Pipeline,
        request: Request,
        next_link: fn(&P) -> Option<&str>,
        items: fn(P) -> Vec<T>,
        following: &'static FollowingPages,
    ) -> Self {
        let mut pager = Self::new(pipeline, request, next_link, items);
        pager.pages.following(following);
        pager
    }

    /// The request for the first page; changes count until the first page is asked for.
    pub fn request_mut(&mut self) -> &mut Request {
        self.pages.request_mut()
    }

    /// Whole pages in place of items.
    ///
    /// Items that were not taken yet are left out.
    pub fn pages(self) -> Pages<P> {
        self.pages
    }

    /// Goes on at the page that a token leads to, in place of the first one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ResumeToken`](crate::ErrorKind::ResumeToken) for a token whose page this client does not trust.
    pub fn continue_from(&mut self, token: &ContinuationToken) -> Result<()> {
        self.pages.continue_from(token)?;
        self.items = Vec::new().into_iter();
        Ok(())
    }

    /// What leads to the page after the one whose items are being given.
    ///
    /// `None` before the first page and after the last one.
    #[must_use]
    pub fn continuation_token(&self) -> Option<ContinuationToken> {
        self.pages.continuation_token()
    }
}

impl<T, P: DeserializeOwned + Send + 'static> Pager<T, P> {
    /// The next item; `None` after the last one.
    ///
    /// # Errors
    ///
    /// Those of [`Pipeline::send`], for the request of a page;
    /// [`Untrusted`](crate::ErrorKind::Untrusted) for a link to an origin that is not trusted;
    /// [`Decode`](crate::ErrorKind::Decode) for a page that does not fit, or that links back to an earlier one.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: the request in flight stays in the pager.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|cx| self.poll_item(cx)).await
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(cx)) {
                None => return Poll::Ready(None),
                Some(Ok(page)) => {
                    let items = (self.split)(page.into_body());
                    self.pages.note_items(items.len());
                    self.items = items.into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

// Nothing in a pager is pinned.
impl<T, P> Unpin for Pager<T, P> {}

impl<T, P: DeserializeOwned + Send + 'static> Stream for Pager<T, P> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(cx)
    }
}

impl<T, P> fmt::Debug for Pager<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("pages", &self.pages)
            .field("items_left", &self.items.len())
            .finish_non_exhaustive()
    }
}
