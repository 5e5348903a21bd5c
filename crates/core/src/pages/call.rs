//! The return type of an operation with pages.

use super::{Items, Pages, Paging};
use crate::call::{Call, Expected, Request, Session, read_json};
use crate::error::Error;
use crate::response::Response;
use serde::de::DeserializeOwned;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A call of an operation whose answer is one page of a list.
///
/// It is a future like [`Call`], and returns one page. [`items`](Self::items) and [`pages`](Self::pages) read all pages
/// from there. Nothing is sent before it is awaited or the stream is polled.
#[must_use = "a call is sent when it is awaited"]
pub struct PagedCall<T: 'static, I: 'static> {
    session: Session,
    stage: Stage<T>,
    paging: &'static Paging<T, I>,
    expected: Expected,
}

enum Stage<T> {
    /// Nothing was sent.
    Waiting(Request),
    /// The single page was requested.
    Sent(Call<T>),
    /// The state between these two.
    Taken,
}

impl Session {
    /// A call of an operation whose answer is one page of a list.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_paged<T, I>(
        &self,
        request: Request,
        paging: &'static Paging<T, I>,
    ) -> PagedCall<T, I> {
        PagedCall {
            session: self.clone(),
            stage: Stage::Waiting(request),
            paging,
            expected: Expected::Object,
        }
    }

    /// The same for an operation that may answer an empty page without a body, with a documented status.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_paged_optional<T, I>(
        &self,
        request: Request,
        paging: &'static Paging<Option<T>, I>,
    ) -> PagedCall<Option<T>, I> {
        PagedCall {
            expected: Expected::ObjectOrNothing,
            ..self.send_paged(request, paging)
        }
    }
}

impl<T, I> PagedCall<T, I> {
    /// All elements, from the page that the call asks for to the last, as a stream.
    ///
    /// A page is requested when its first element is needed. Elements with the same id come once, even if pages
    /// overlap.
    pub fn items(self) -> Items<T, I> {
        Items::new(self.pages())
    }

    /// All pages, from the page that the call asks for to the last, as a stream.
    ///
    /// A page is requested when the stream is polled for it. If an earlier page had an element with the same id, the
    /// element is left out.
    pub fn pages(self) -> Pages<T, I> {
        let request = match self.stage {
            Stage::Waiting(request) => request.repeatable(),
            Stage::Sent(_) | Stage::Taken => Err(Error::invalid_request(
                "the call was already polled as a single page, so its pages cannot be read",
            )
            .with_help("call items() or pages() on a call that was not polled")),
        };
        Pages::new(self.session, request, self.paging, self.expected)
    }
}

impl<T: DeserializeOwned, I> Future for PagedCall<T, I> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Stage::Waiting(_) = self.stage
            && let Stage::Waiting(request) = std::mem::replace(&mut self.stage, Stage::Taken)
        {
            let answer = self.session.measured(request, self.expected);
            self.stage = Stage::Sent(Call::new(answer, read_json));
        }
        match &mut self.stage {
            Stage::Sent(call) => Pin::new(call).poll(context),
            Stage::Waiting(_) | Stage::Taken => Poll::Pending,
        }
    }
}

impl<T, I> fmt::Debug for PagedCall<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PagedCall").finish_non_exhaustive()
    }
}
