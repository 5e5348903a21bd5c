//! Answers with a status of success that may be a refusal.

use crate::call::{Call, RawResponse, Request, Session};
use crate::error::Error;
use crate::operation::Operation;
use crate::response::Response;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The rule to find out from an answer whether the service did the operation. Generated code holds one for each
/// operation with `x-outcome`.
pub struct Outcome<T> {
    status: u16,
    code: fn(&T) -> Option<String>,
    good: &'static [&'static str],
    refused: &'static [(&'static str, &'static str)],
    message: Option<fn(&T) -> Option<String>>,
}

impl<T> Outcome<T> {
    /// The rule for an answer of `status` with a `code`. If the service did it, the code is one of `good`. If the
    /// service refused, the code is one of `refused`. Any other code, or a missing code, says neither. Each code of
    /// `refused` has its meaning beside it, in words that can follow a semicolon.
    pub const fn new(
        status: u16,
        code: fn(&T) -> Option<String>,
        good: &'static [&'static str],
        refused: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            status,
            code,
            good,
            refused,
            message: None,
        }
    }

    /// The code that decides, out of several codes. It is a code that is missing or not good, if there is one. For
    /// generated code.
    pub fn worst(codes: impl IntoIterator<Item = Option<String>>, good: &[&str]) -> Option<String> {
        let mut last = None;
        for code in codes {
            match code {
                Some(code) if good.contains(&code.as_str()) => last = Some(code),
                other => return other,
            }
        }
        last
    }

    /// Sets the function that finds the reason of a refusal.
    #[must_use]
    pub const fn with_message(mut self, message: fn(&T) -> Option<String>) -> Self {
        self.message = Some(message);
        self
    }
}

impl<T> fmt::Debug for Outcome<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("status", &self.status)
            .field("good", &self.good)
            .finish_non_exhaustive()
    }
}

/// A call of an operation that may be refused under a status of success.
///
/// It is a future like [`Call`]. A refusal is an [`Error`] of the kind [`Operation`](crate::ErrorKind::Operation):
/// [`Error::refused_answer`] has the whole answer. If an answer does not say whether the service did it, the call fails
/// with that kind, too.
#[must_use = "a call is sent when it is awaited"]
pub struct JudgedCall<T: 'static> {
    call: Call<T>,
    operation: &'static Operation,
    outcome: &'static Outcome<T>,
}

impl Session {
    /// A call of an operation whose answer may be a refusal.
    ///
    /// # Errors
    /// As [`send`](Self::send), and a refusal.
    pub fn send_judged<T: DeserializeOwned>(
        &self,
        request: Request,
        outcome: &'static Outcome<T>,
    ) -> JudgedCall<T> {
        JudgedCall {
            operation: request.operation,
            call: self.send(request),
            outcome,
        }
    }

    /// As [`send_judged`](Self::send_judged), or an answer without a body, with another documented status.
    ///
    /// # Errors
    /// As [`send_judged`](Self::send_judged).
    pub fn send_judged_optional<T: DeserializeOwned>(
        &self,
        request: Request,
        outcome: &'static Outcome<Option<T>>,
    ) -> JudgedCall<Option<T>> {
        JudgedCall {
            operation: request.operation,
            call: self.send_optional(request),
            outcome,
        }
    }
}

impl<T> JudgedCall<T> {
    /// The same call without judgement. A refusal is `Ok`, and the fields of the answer show it.
    pub fn unjudged(self) -> Call<T> {
        self.call
    }
}

impl<T: DeserializeOwned + Any + Send + Sync> Future for JudgedCall<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (meter, answer) = ready!(self.call.poll_raw(context));
        let response = answer.and_then(RawResponse::into_response);
        let judged = response.and_then(|response| self.outcome.judge(self.operation, response));
        Poll::Ready(meter.stop(judged))
    }
}

impl<T: Any + Send + Sync> Outcome<T> {
    fn judge(
        &self,
        operation: &'static Operation,
        response: Response<T>,
    ) -> Result<Response<T>, Error> {
        if response.status() != self.status {
            return Ok(response);
        }
        let code = (self.code)(&response);
        let code = code.as_deref().unwrap_or_default();
        if self.good.contains(&code) {
            return Ok(response);
        }
        let message = self.message.and_then(|message| message(&response));
        let message = message.unwrap_or_default();
        let error = refusal(operation, code, self.refused, &message);
        let error = error.with_response(&response);
        Err(error.with_refused(Box::new(response.into_inner())))
    }
}

/// Not generic, so that it is compiled once, here.
fn refusal(
    operation: &'static Operation,
    code: &str,
    refused: &[(&str, &'static str)],
    message: &str,
) -> Error {
    let error = Error::outcome(operation, code, message);
    match refused.iter().find(|(known, _)| *known == code) {
        Some((_, meaning)) => error.with_help(*meaning),
        // An undocumented code may be any text, so it is not shown.
        None => error.hide(&|_| true).with_help(
            "the answer does not say whether the service did it: check that before repeating the call",
        ),
    }
}

impl<T> fmt::Debug for JudgedCall<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JudgedCall")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}
