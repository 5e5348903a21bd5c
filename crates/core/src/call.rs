//! One call: attempts, until one succeeds or there is no sense in another.

use crate::answer::{RawResponse, answer};
use crate::attempt::Attempt;
use crate::clock;
use crate::credential::Credential;
use crate::error::{Error, ErrorKind, is_header_id};
use crate::prepare::prepare;
use crate::request::{Parts, Request};
use crate::response::{Meta, REQUEST_ID};
use crate::retry;
use crate::scope::complete;
use crate::session::Inner;
use http::HeaderMap;
use std::time::Duration;
use tokio::time::Instant;
use tracing::Span;

pub(crate) struct Call<'a> {
    session: &'a Inner,
    parts: Parts,
    attempts: &'a mut u32,
    deadline: Option<Instant>,
    renewed_before: bool,
    corrected_before: bool,
}

/// A failed attempt, with the headers of the answer if one came.
pub(crate) struct Failure {
    pub error: Error,
    pub headers: HeaderMap,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            headers: HeaderMap::new(),
        }
    }
}

/// What to do after a failure.
enum Next {
    /// The request was not executed, and the cause is mended: send again at once, beyond the policy.
    Again,
    /// Send again after this wait.
    After(Duration),
    /// Report it.
    Stop,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        session: &'a Inner,
        request: Request,
        attempts: &'a mut u32,
    ) -> Result<Self, Error> {
        let deadline = Instant::now().checked_add(session.config.timeout());
        Ok(Self {
            session,
            parts: request.into_parts()?,
            attempts,
            deadline,
            renewed_before: false,
            corrected_before: false,
        })
    }

    pub(crate) async fn run(mut self) -> Result<RawResponse, Error> {
        let mut waits = self.session.config.retry_policy().waits();
        let mut counts = true;
        loop {
            let credential = self.credential().await?;
            let prepared = prepare(self.session, &self.parts, credential.as_ref())?;
            if counts {
                *self.attempts += 1;
            }
            Span::current().record("attempt", *self.attempts);
            let failure = match prepared.send(self.session).await {
                Ok(response) => return Ok(self.finish(response)),
                Err(failure) => failure,
            };
            self.record(failure.error.status(), &failure.headers);
            let error = match self.next(failure, credential.as_ref(), &mut waits) {
                (Next::Stop, error) => return Err(error),
                (Next::Again, error) => {
                    counts = false;
                    error
                }
                (Next::After(wait), error) => {
                    counts = true;
                    tokio::time::sleep(wait).await;
                    error
                }
            };
            tracing::debug!(target: "huaweicloud", attempt = *self.attempts, kind = ?error.kind(), status = error.status(), "sending again");
        }
    }

    async fn credential(&self) -> Result<Option<Credential>, Error> {
        if !self.parts.operation.authenticated {
            return Ok(None);
        }
        match &self.session.credentials {
            Some(provider) => {
                let credential = provider.credential().await?;
                complete(self.session, &self.parts, provider, credential)
                    .await
                    .map(Some)
            }
            None => Err(Error::new(
                ErrorKind::Credentials,
                "this operation needs credentials, and the configuration has none",
            )
            .with_help("give some to the configuration: credentials(), token() or access_key()")),
        }
    }

    fn next(
        &mut self,
        failure: Failure,
        credential: Option<&Credential>,
        waits: &mut impl Iterator<Item = Duration>,
    ) -> (Next, Error) {
        let Failure { mut error, headers } = failure;
        if self.corrected(&error, &headers, credential) {
            return (Next::Again, error);
        }
        let renewed = self.renewed(&error, credential);
        if renewed && !std::mem::replace(&mut self.renewed_before, true) {
            return (Next::Again, error);
        }
        if !renewed && !retry::worth_it(self.parts.operation.retry, &error) {
            return (Next::Stop, error);
        }
        error.set_retryable(true);
        let Some(wait) = waits.next() else {
            return (Next::Stop, error);
        };
        let wait = wait.max(clock::retry_after(&headers).unwrap_or_default());
        let in_time = match (Instant::now().checked_add(wait), self.deadline) {
            (Some(then), Some(deadline)) => then < deadline,
            (Some(_), None) => true,
            (None, _) => false,
        };
        (
            if in_time {
                Next::After(wait)
            } else {
                Next::Stop
            },
            error,
        )
    }

    /// A signature refused because of our clock, which the answer has put right: once a call. Nothing was executed.
    fn corrected(
        &mut self,
        error: &Error,
        headers: &HeaderMap,
        credential: Option<&Credential>,
    ) -> bool {
        let refused_signature = matches!(credential, Some(Credential::AccessKey(_)))
            && matches!(error.status(), Some(401 | 403))
            && matches!(error.error_code(), Some("APIGW.0301" | "APIGW.0303"));
        let again =
            refused_signature && !self.corrected_before && self.session.clock.learn(headers);
        self.corrected_before |= again;
        again
    }

    /// A credential refused that has a successor. Nothing was executed. The first successor in a call is tried at once; a token
    /// can end again under a slow call, so further ones are tried as well, but as attempts of the policy: a service that takes no
    /// token at all must not be asked for ever.
    fn renewed(&self, error: &Error, credential: Option<&Credential>) -> bool {
        match (credential, &self.session.credentials) {
            (Some(credential), Some(provider)) => {
                error.status() == Some(401) && provider.refused(credential)
            }
            _ => false,
        }
    }

    fn finish(&self, response: Attempt) -> RawResponse {
        self.record(Some(response.status), &response.headers);
        let meta = Meta {
            status: response.status,
            headers: response.headers,
            attempts: *self.attempts,
        };
        RawResponse {
            operation: self.parts.operation,
            meta,
            body: response.body,
        }
    }

    /// Tells the span and the log what came back: never a value that is not a number or an id.
    fn record(&self, status: Option<u16>, headers: &HeaderMap) {
        let id = headers
            .get(REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .filter(|id| is_header_id(id));
        let span = Span::current();
        if let Some(status) = status {
            span.record("status", status);
        }
        if let Some(id) = id {
            span.record("request_id", id);
        }
        tracing::debug!(target: "huaweicloud", attempt = *self.attempts, status, "answered");
    }
}

/// A failure that came with an answer.
pub(crate) fn refused(
    error: impl FnOnce(crate::error::Answer) -> Error,
    response: Attempt,
) -> Failure {
    let error = error(answer(response.status, &response.headers, response.body));
    Failure {
        error,
        headers: response.headers,
    }
}
