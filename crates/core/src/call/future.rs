//! The future of a call. The call begins when the program awaits the future.

use super::answer::RawResponse;
use super::meter::Meter;
use crate::credential::BoxFuture;
use crate::error::Error;
use crate::response::Response;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A call of an operation. A `Call` is a future of `Result<`[`Response`]`<T>, `[`Error`]`>`.
///
/// The client sends nothing before the program awaits the call. If the program drops the call, the call is cancelled.
///
/// The call borrows neither the client nor the arguments. So the program can store the call, or await the call in
/// another task: `tokio::spawn(client.show_device(instance_id, device_id))`.
#[must_use = "await the call to send its request"]
pub struct Call<T> {
    answer: BoxFuture<'static, (Meter, Result<RawResponse, Error>)>,
    read: Read<T>,
}

/// The function that makes the `Response<T>`. It depends on `T`, so the crate of the caller compiles it. The future in
/// `answer` does not depend on `T`, so it is compiled once, in this crate.
type Read<T> = fn(Meter, Result<RawResponse, Error>) -> Result<Response<T>, Error>;

impl<T> Call<T> {
    pub(crate) fn new(
        answer: BoxFuture<'static, (Meter, Result<RawResponse, Error>)>,
        read: Read<T>,
    ) -> Self {
        Self { answer, read }
    }

    /// Polls the answer, and does not decode its body.
    pub(crate) fn poll_raw(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<(Meter, Result<RawResponse, Error>)> {
        self.answer.as_mut().poll(context)
    }
}

impl<T> Future for Call<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (meter, answer) = ready!(self.poll_raw(context));
        Poll::Ready((self.read)(meter, answer))
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}
