//! The return type of an operation that returns one page of a list.

use super::{Items, Pages, Paging};
use crate::call::{Call, Expected, Request, Session, read_json};
use crate::error::Error;
use crate::response::Response;
use serde::de::DeserializeOwned;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A call of an operation that returns one page of a list.
///
/// Like [`Call`], this type is a future. If a program awaits a value of this type, the client requests a single page.
///
/// [`items`](Self::items) and [`pages`](Self::pages) return a stream that reads this page and all later pages. The
/// first request is sent when the program polls the stream.
#[must_use = "await the call to send its request"]
pub struct PagedCall<T: 'static, I: 'static> {
    session: Session,
    stage: Stage<T>,
    paging: &'static Paging<T, I>,
    expected: Expected,
}

enum Stage<T> {
    /// The program has not awaited the call, so the client has not sent the request.
    Waiting(Request),
    /// The program awaits the call as a future, so the call requests a single page.
    Sent(Call<T>),
    /// A temporary value, while `Sent` replaces `Waiting`.
    Taken,
}

impl Session {
    /// Makes a call of an operation that returns one page of a list.
    ///
    /// # Errors
    /// The call fails with the errors of [`send`](Self::send).
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

    /// Like [`send_paged`](Self::send_paged), but an answer with a documented status needs no body. An answer without a
    /// body is an empty page.
    ///
    /// # Errors
    /// The call fails with the errors of [`send`](Self::send).
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
    /// Returns a stream of all elements, from the page of the call to the last page.
    ///
    /// Without [`Items::prefetch`], the stream requests a page when the program polls for the first element of this
    /// page. If two pages contain an element with the same id, the stream returns the element once.
    pub fn items(self) -> Items<T, I> {
        Items::new(self.pages())
    }

    /// Returns a stream of all pages, from the page of the call to the last page.
    ///
    /// Without [`Pages::prefetch`], the stream requests a page when the program polls for this page. The stream removes
    /// an element from a page if an earlier page contained an element with the same id.
    pub fn pages(self) -> Pages<T, I> {
        let request = match self.stage {
            Stage::Waiting(request) => request.repeatable(),
            Stage::Sent(_) | Stage::Taken => Err(Error::invalid_request(
                "the call was already awaited for a single page, so it cannot start a stream",
            )
            .with_help("call items() or pages() on a call that was not awaited")),
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
