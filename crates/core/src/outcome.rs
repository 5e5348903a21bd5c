//! Operations that a service can refuse in an answer with a success status (200 to 299). The body reports the refusal.

use crate::call::{Call, RawResponse, Request, Session};
use crate::error::Error;
use crate::operation::Operation;
use crate::response::Response;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The rule that finds out from an answer whether the service carried out the operation. Generated code contains a rule
/// for each operation with the OpenAPI extension `x-outcome`.
pub struct Outcome<T> {
    status: u16,
    code: fn(&T) -> Option<String>,
    good: &'static [&'static str],
    refused: &'static [(&'static str, &'static str)],
    message: Option<fn(&T) -> Option<String>>,
}

impl<T> Outcome<T> {
    /// Makes the rule for answers with the status `status`. Answers with another status are not checked. The function
    /// `code` reads the result code from the body.
    ///
    /// `good` contains the codes that report success. `refused` contains the code and the meaning of each refusal. The
    /// meaning is a phrase that can follow a semicolon.
    ///
    /// If the code is missing or in neither list, the call fails, because it is unknown whether the service carried out
    /// the operation.
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

    /// If an answer contains several result codes, returns the code that decides whether the call fails. Only generated
    /// crates call this function.
    ///
    /// This code is the first code that is missing (`None`) or not in `good`. If all codes are in `good`, the function
    /// returns the last code.
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

    /// Sets the function that reads the service's reason for a refusal from the body.
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

/// A call of an operation that the service can refuse in an answer with a success status.
///
/// Like [`Call`], a `JudgedCall` is a future. If the service refused the operation, the call fails with an error of the
/// kind [`Operation`](crate::ErrorKind::Operation). [`Error::refused_answer`] then returns the whole answer.
///
/// If the answer reports neither success nor a refusal, the call also fails with an error of this kind.
#[must_use = "await the call to send its request"]
pub struct JudgedCall<T: 'static> {
    call: Call<T>,
    operation: &'static Operation,
    outcome: &'static Outcome<T>,
}

impl Session {
    /// Makes a call of an operation that the service can refuse in an answer with a success status.
    ///
    /// # Errors
    /// The call fails with the errors of [`send`](Self::send). If the service refused the operation, the kind of the
    /// error is [`Operation`](crate::ErrorKind::Operation).
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

    /// Like [`send_judged`](Self::send_judged), but an answer with a documented status needs no body.
    ///
    /// # Errors
    /// The call fails with the errors of [`send_judged`](Self::send_judged).
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
    /// Returns the call without the check for a refusal. If the service refuses the operation, the returned call
    /// succeeds. The fields of the answer then report the refusal.
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

/// This function is not generic. So it is compiled once, in this crate.
fn refusal(
    operation: &'static Operation,
    code: &str,
    refused: &[(&str, &'static str)],
    message: &str,
) -> Error {
    let error = Error::outcome(operation, code, message);
    match refused.iter().find(|(known, _)| *known == code) {
        Some((_, meaning)) => error.with_help(*meaning),
        // An undocumented code can be any string. So `Display` does not show the code.
        None => error.hide(&|_| true).with_help(
            "the answer does not say whether the service carried out the operation: check this before you retry the call",
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
