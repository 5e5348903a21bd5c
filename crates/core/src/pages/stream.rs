//! The stream of pages, and the stream of elements.

use super::position::{Given, Next, Position, Seen, content_hash};
use super::{Paging, Style};
use crate::call::{Expected, Meter, RawResponse, RepeatableRequest, Session};
use crate::credential::BoxFuture;
use crate::decode;
use crate::error::{Error, ErrorKind};
use crate::response::Response;
use futures_core::Stream;
use serde::de::DeserializeOwned;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tracing::Instrument;

type Answer = (Meter, Result<RawResponse, Error>);

/// The pages of a list, as a stream of `Result<`[`Response`]`<T>, `[`Error`]`>`.
///
/// Without [`prefetch`](Self::prefetch), the stream requests a page when the program polls for this page. If the
/// program drops the future of [`next`](Self::next), a later call of `next` continues the same request. If the stream
/// is dropped, the request is cancelled.
///
/// The stream ends after the last page, or after an error. If a page has a body without the list, the stream returns an
/// error. In a list with markers, the same marker twice in a row is also an error. In a list with offsets, a repeated
/// page is also an error if the total did not change. But if the repeated page contains the whole list according to its
/// total, the stream ends without an error.
///
/// If the elements have ids, the stream returns an element only once, even if two pages contain it. In a list with
/// offsets, a deletion between two requests gives later elements smaller offsets. If the elements have ids and the
/// total becomes smaller, the stream goes back by the difference. So deletions alone do not make the stream skip
/// elements.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Pages<T: 'static, I: 'static> {
    session: Session,
    paging: &'static Paging<T, I>,
    stage: Stage,
    request: Option<RepeatableRequest>,
    expected: Expected,
    position: Position,
    given: Given,
    total: Option<u64>,
    ahead: bool,
}

enum Stage {
    /// The next page was not requested yet.
    Idle,
    /// The task that polls the stream requests the next page.
    Here(BoxFuture<'static, Answer>),
    /// A separate task requests the next page, while the program uses the previous page.
    Ahead(JoinSet<Answer>),
    /// The stream returns this error. The request is not valid or cannot be sent several times, or the call was awaited
    /// before.
    Refused(Error),
    /// The stream has ended, after the last page or after an error.
    Done,
}

impl<T, I> Pages<T, I> {
    pub(super) fn new(
        session: Session,
        request: Result<RepeatableRequest, Error>,
        paging: &'static Paging<T, I>,
        expected: Expected,
    ) -> Self {
        let (request, stage) = match request {
            Ok(request) => (Some(request), Stage::Idle),
            Err(error) => (None, Stage::Refused(error)),
        };
        let query = |name| request.as_ref().and_then(|request| request.query(name));
        let position = match paging.style {
            Style::Offset { parameter, start } => {
                Position::offset(start, query(parameter).and_then(|text| text.parse().ok()))
            }
            Style::Marker { parameter, .. } => {
                Position::Marker(query(parameter).map(str::to_owned))
            }
        };
        Self {
            session,
            paging,
            stage,
            request,
            expected,
            position,
            given: Given::default(),
            total: None,
            ahead: false,
        }
    }

    /// Sets the number of elements that the stream requests for each page. `size` replaces the number that the call
    /// contains. The documentation of the operation can state a largest size. If the operation has no parameter for
    /// the size, this method has no effect.
    pub fn page_size(mut self, size: u32) -> Self {
        if let (Some(request), Some(limit)) = (&mut self.request, &self.paging.limit) {
            request.set_query(limit.parameter, size.to_string());
        }
        self
    }

    /// Makes the stream request the next page while the program uses the elements of a page. The stream requests at
    /// most one page in advance.
    pub fn prefetch(mut self) -> Self {
        self.ahead = true;
        self
    }

    /// Returns the number of elements of the whole list. Returns `None` before the first page, or if the service does
    /// not state the number.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns a future that requests the next page. For the first page, the request contains the offset or marker of
    /// the call, if the call has one. Returns `None` if there is no valid request.
    fn ask(&mut self) -> Option<BoxFuture<'static, Answer>> {
        let request = self.request.as_ref()?;
        Some(self.session.measured(request.make(), self.expected))
    }

    /// Returns the number of elements of a full page, or `None` if it is not known. The documented maximum limits this
    /// number, because the service returns no larger page.
    fn full_page(&self) -> Option<u64> {
        let limit = self.paging.limit.as_ref()?;
        let asked = self.request.as_ref()?.query(limit.parameter);
        let asked = asked.and_then(|text| text.parse().ok()).or(limit.default)?;
        Some(limit.largest.map_or(asked, |largest| largest.min(asked)))
    }

    fn prepare_next(&mut self) {
        let parameter = match self.paging.style {
            Style::Offset { parameter, .. } | Style::Marker { parameter, .. } => parameter,
        };
        if let (Some(request), Some(value)) = (&mut self.request, self.position.value()) {
            request.set_query(parameter, value);
        }
        self.stage = Stage::Idle;
        if self.ahead
            && let Ok(runtime) = Handle::try_current()
            && let Some(page) = self.ask()
        {
            let mut task = JoinSet::new();
            task.spawn_on(page.in_current_span(), &runtime);
            self.stage = Stage::Ahead(task);
        }
    }
}

impl<T: DeserializeOwned, I: fmt::Debug> Pages<T, I> {
    /// Returns the next page. Returns `None` after the last page. If this future is dropped, no page is lost.
    pub async fn next(&mut self) -> Option<Result<Response<T>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Like [`next`](Self::next), but for a loop: `while let Some(page) = pages.try_next().await? {}`.
    ///
    /// # Errors
    /// Returns the error that [`next`](Self::next) returns.
    pub async fn try_next(&mut self) -> Result<Option<Response<T>>, Error> {
        self.next().await.transpose()
    }

    fn poll_answer(&mut self, context: &mut Context<'_>) -> Poll<Option<Answer>> {
        loop {
            match &mut self.stage {
                Stage::Done | Stage::Refused(_) => return Poll::Ready(None),
                Stage::Here(page) => return page.as_mut().poll(context).map(Some),
                Stage::Ahead(task) => match ready!(task.poll_join_next(context)) {
                    Some(Ok(answer)) => return Poll::Ready(Some(answer)),
                    // The separate task panicked, or its runtime has ended. The stream requests the page again, in the
                    // task that polls the stream.
                    Some(Err(_)) | None => self.stage = Stage::Idle,
                },
                Stage::Idle => match self.ask() {
                    Some(page) => self.stage = Stage::Here(page),
                    None => return Poll::Ready(None),
                },
            }
        }
    }

    /// Removes elements that an earlier page contained, moves the position, and prepares the next request. Returns an
    /// error if the body of the page has no list, or if the decision is `Next::Repeated`.
    fn turn(&mut self, page: &mut Response<T>, body: &[u8]) -> Result<(), Error> {
        let paging = self.paging;
        let total = paging.total.and_then(|total| total(page));
        let marker = match paging.style {
            Style::Offset { .. } => None,
            Style::Marker { next, .. } => next(page).filter(|marker| !marker.is_empty()),
        };
        let is_missing =
            matches!(self.expected, Expected::ObjectOrNothing) && body.trim_ascii().is_empty();
        let mut nothing = Vec::new();
        let items = match (paging.items)(page) {
            Some(items) if !items.is_empty() || has_path(body, paging.list) => items,
            _ if is_missing => &mut nothing,
            _ => return Err(self.broken(page, format!("a page has no list `{}`", paging.list))),
        };
        let ids = paging.id.map(|id| {
            let ids = items.iter().map(id);
            ids.collect::<Option<Vec<String>>>()
        });
        let ids = ids.flatten();
        let seen = Seen {
            count: items.len() as u64,
            content: if ids.is_none() {
                content_hash(items)
            } else {
                0
            },
            total,
            limit: self.full_page(),
            marker,
            ids,
        };
        self.total = total.or(self.total);
        if let Some(ids) = &seen.ids {
            let mut old = ids.iter().map(|id| self.given.has(id));
            items.retain(|_| !old.next().unwrap_or_default());
        }
        let next = self.position.pass(&seen, &mut self.given);
        if next == Next::EndedBefore {
            items.clear();
        }
        match next {
            Next::Page => self.prepare_next(),
            Next::End | Next::EndedBefore => self.stage = Stage::Done,
            Next::Repeated => {
                let message = format!(
                    "the list `{}` does not continue: the service sent the same elements or the same marker again",
                    paging.list
                );
                return Err(self.broken(page, message));
            }
        }
        Ok(())
    }

    fn broken(&self, page: &Response<T>, message: String) -> Error {
        Error::new(ErrorKind::UnexpectedAnswer, message)
            .with_help("read the pages one by one, and compare them with the documentation")
            .with_response(page)
    }
}

/// Returns whether the answer contains the field `path`. Also returns `true` if the field is `null`, because then the
/// list is empty.
fn has_path(body: &[u8], path: &str) -> bool {
    let answer = decode::parse_any(&decode::text(body));
    answer.is_some_and(|answer| {
        let mut names = path.split('.');
        names
            .try_fold(&answer, |value, name| value.get(name))
            .is_some()
    })
}

impl<T: DeserializeOwned, I: fmt::Debug> Stream for Pages<T, I> {
    type Item = Result<Response<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some((meter, answer)) = ready!(this.poll_answer(context)) else {
            let ended = std::mem::replace(&mut this.stage, Stage::Done);
            return Poll::Ready(match ended {
                Stage::Refused(error) => Some(Err(error)),
                _ => None,
            });
        };
        this.stage = Stage::Done;
        let page = answer.and_then(|answer| {
            let body = answer.body.clone();
            let mut page = answer.into_response::<T>()?;
            this.turn(&mut page, &body)?;
            Ok(page)
        });
        Poll::Ready(Some(meter.stop(page)))
    }
}

impl<T, I> Unpin for Pages<T, I> {}

impl<T, I> fmt::Debug for Pages<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

/// The elements of a list, as a stream of `Result<I, `[`Error`]`>`. [`Pages`] describes how the stream requests the
/// pages.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Items<T: 'static, I: 'static> {
    pages: Pages<T, I>,
    page: std::vec::IntoIter<I>,
}

impl<T, I> Items<T, I> {
    pub(super) fn new(pages: Pages<T, I>) -> Self {
        Self {
            pages,
            page: Vec::new().into_iter(),
        }
    }

    /// Sets the number of elements of each requested page, like [`Pages::page_size`].
    pub fn page_size(mut self, size: u32) -> Self {
        self.pages = self.pages.page_size(size);
        self
    }

    /// Makes the stream request the next page while the program uses the elements of a page, like [`Pages::prefetch`].
    pub fn prefetch(mut self) -> Self {
        self.pages = self.pages.prefetch();
        self
    }

    /// Returns the number of elements of the whole list. Returns `None` before the first page has arrived, or if the
    /// service does not state the number.
    pub fn total(&self) -> Option<u64> {
        self.pages.total()
    }
}

impl<T: DeserializeOwned, I: fmt::Debug> Items<T, I> {
    /// Returns the next element. Returns `None` after the last element. If this future is dropped, no element is lost.
    pub async fn next(&mut self) -> Option<Result<I, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Like [`next`](Self::next), but for a loop: `while let Some(item) = items.try_next().await? {}`.
    ///
    /// # Errors
    /// Returns the error that [`next`](Self::next) returns.
    pub async fn try_next(&mut self) -> Result<Option<I>, Error> {
        self.next().await.transpose()
    }

    /// Returns all elements in a collection.
    ///
    /// # Errors
    /// Returns the first error of a page. Then the elements of the earlier pages are lost. To keep them, read the
    /// elements one by one.
    pub async fn try_collect<C: Default + Extend<I>>(mut self) -> Result<C, Error> {
        let mut all = C::default();
        while let Some(item) = self.next().await {
            all.extend([item?]);
        }
        Ok(all)
    }
}

impl<T: DeserializeOwned, I: fmt::Debug> Stream for Items<T, I> {
    type Item = Result<I, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                Some(Ok(mut page)) => {
                    let items = (self.pages.paging.items)(&mut page);
                    self.page = items.map(std::mem::take).unwrap_or_default().into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T, I> Unpin for Items<T, I> {}

impl<T, I> fmt::Debug for Items<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("total", &self.pages.total)
            .finish_non_exhaustive()
    }
}
