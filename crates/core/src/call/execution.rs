//! One call: attempts, until one succeeds or there is no sense in another.

use super::answer::{HttpAnswer, RawResponse};
use super::clock;
use super::failover::{never_left, unreachable};
use super::failure::{Failure, late};
use super::meter::Meter;
use super::prepare::{Prepared, prepare};
use super::request::{Parts, Request};
use super::scope::complete;
use super::state::SessionState;
use crate::credential::Credential;
use crate::endpoint::check_path;
use crate::error::{Error, ErrorKind, is_header_id};
use crate::options::Limits;
use crate::response::{Meta, REQUEST_ID};
use crate::retry;
use http::HeaderMap;
use std::time::Duration;
use tokio::time::Instant;
use tracing::Span;

pub(crate) struct Execution<'a> {
    session: &'a SessionState,
    limits: Limits<'a>,
    parts: Parts,
    attempts: &'a mut u32,
    deadline: Option<Instant>,
    /// What the last repeat took from the bucket.
    paid: Option<u32>,
    renewed_before: bool,
    corrected_before: bool,
}

/// What to do after a failure.
enum Next {
    /// The request was not executed, and the cause is gone: send again at once, beyond the policy.
    Again,
    /// Send again after this wait.
    After(Duration),
    /// Report it.
    Stop,
}

impl<'a> Execution<'a> {
    pub(crate) fn new(
        session: &'a SessionState,
        limits: Limits<'a>,
        request: Request,
        attempts: &'a mut u32,
    ) -> Result<Self, Error> {
        let mut endpoints = session.endpoints.all().iter();
        endpoints.try_for_each(|endpoint| check_path(request.operation, endpoint))?;
        let deadline = Instant::now().checked_add(limits.timeout);
        Ok(Self {
            session,
            limits,
            parts: request.into_parts()?,
            attempts,
            deadline,
            paid: None,
            renewed_before: false,
            corrected_before: false,
        })
    }

    pub(crate) async fn run(&mut self) -> Result<RawResponse, Error> {
        let mut waits = self.limits.retry.waits();
        let mut counts = true;
        loop {
            let credential = self.credential().await?;
            let failure = match self.attempt(credential.as_ref(), counts).await {
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
                    Meter::repeated(self.parts.operation);
                    tokio::time::sleep(wait).await;
                    error
                }
            };
            tracing::debug!(target: "huaweicloud", attempt = *self.attempts, kind = ?error.kind(), status = error.status(), "sending again");
        }
    }

    /// Sends once: to the endpoint that worked last, and on to the next one only where the request surely never left.
    async fn attempt(
        &mut self,
        credential: Option<&Credential>,
        counts: bool,
    ) -> Result<HttpAnswer, Failure> {
        let mut failures = Vec::new();
        let mut counted = !counts;
        for (place, endpoint) in self.session.endpoints.in_order() {
            let prepared = prepare(self.session, endpoint, &self.parts, credential)?;
            if !std::mem::replace(&mut counted, true) {
                *self.attempts += 1;
            }
            Span::current().record("attempt", *self.attempts);
            Meter::sent(self.parts.operation);
            match self.send(prepared).await {
                Err(failure) if never_left(&failure.error) && !self.parts.is_spent() => {
                    tracing::debug!(target: "huaweicloud", endpoint = place, kind = ?failure.error.kind(), "not reached");
                    failures.push(failure.error);
                }
                outcome => {
                    self.session.endpoints.stay_at(place);
                    return outcome;
                }
            }
        }
        let none = || Error::config("the service has no endpoint");
        Err(unreachable(failures).unwrap_or_else(none).into())
    }

    fn send(&self, prepared: Prepared) -> impl Future<Output = Result<HttpAnswer, Failure>> {
        let limit = self.limits.attempt_timeout;
        let limit = limit.map(|time| (time, prepared.url.clone()));
        let sent = prepared.send(self.session, self.parts.operation, self.limits.max_answer);
        async move {
            let Some((time, url)) = limit else {
                return sent.await;
            };
            match tokio::time::timeout(time, sent).await {
                Ok(outcome) => outcome,
                Err(_) => {
                    let route = self.session.config.route();
                    let late = late(time, self.parts.operation.retry);
                    Err(route.explain(late, url.as_str()).into())
                }
            }
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
        let corrected = self.corrected(&error, &headers, credential);
        let renewed = !corrected && self.renewed(&error, credential);
        if self.parts.is_spent() {
            return (Next::Stop, self.parts.spent(error));
        }
        if corrected {
            return (Next::Again, error);
        }
        if renewed && !std::mem::replace(&mut self.renewed_before, true) {
            return (Next::Again, error);
        }
        if !renewed && !retry::worth_it(self.parts.operation, &error) {
            return (Next::Stop, error);
        }
        error.set_retryable(true);
        let Some(wait) = waits.next() else {
            return (Next::Stop, error);
        };
        // The server's wish first, then our share of chance: all whom it told the same would come back together.
        let wait = wait.saturating_add(clock::retry_after(&headers).unwrap_or_default());
        if self.in_time(wait) && self.pays(error.is_timeout()) {
            (Next::After(wait), error)
        } else {
            (Next::Stop, error)
        }
    }

    /// Whether there is anything left of the call's time after this wait.
    fn in_time(&self, wait: Duration) -> bool {
        match (Instant::now().checked_add(wait), self.deadline) {
            (Some(then), Some(deadline)) => then < deadline,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    /// Whether the bucket that all share has enough for a repeat.
    fn pays(&mut self, timed_out: bool) -> bool {
        let paid = self.limits.bucket.pay(timed_out);
        if paid.is_none() {
            tracing::debug!(target: "huaweicloud", "not sent again: the retry budget is used up");
        }
        self.paid = paid;
        paid.is_some()
    }

    /// A signature refused because of our clock, which the answer has put right: once a call. Nothing was executed.
    fn corrected(
        &mut self,
        error: &Error,
        headers: &HeaderMap,
        credential: Option<&Credential>,
    ) -> bool {
        let signed = matches!(credential, Some(Credential::AccessKey(_)));
        let again =
            signed && self.session.clock.corrected(error, headers) && !self.corrected_before;
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

    fn finish(&self, response: HttpAnswer) -> RawResponse {
        self.limits.bucket.succeeded(self.paid);
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
