//! Executes one call. The call makes attempts until an attempt succeeds, or until no retry is allowed or useful.

use super::answer::{Expected, HttpAnswer, RawResponse};
use super::clock;
use super::download::Origin;
use super::failover::{never_left, unreachable};
use super::failure::{Failure, late};
use super::meter::Meter;
use super::request::{Parts, Request};
use super::scope::complete;
use super::send::Connection;
use super::signed_request::{Prepared, prepare};
use super::state::SessionState;
use crate::credential::Credential;
use crate::endpoint::check_path;
use crate::error::{Error, ErrorKind, is_documented_id};
use crate::operation::Retry;
use crate::options::Limits;
use crate::response::{Meta, REQUEST_ID};
use bytes::Bytes;
use http::HeaderMap;
use std::time::Duration;
use tokio::time::Instant;
use tracing::Span;

/// The shortest time limit for the start of an answer. The limit applies only if the request can use an open connection
/// and the client can retry the request. After this time, the client retries the request on a new connection.
const LEAST_PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct Execution<'a> {
    session: &'a SessionState,
    limits: Limits<'a>,
    parts: Parts,
    expected: Expected,
    attempts: &'a mut u32,
    deadline: Option<Instant>,
    /// The cost of the last retry that took tokens from the retry budget. `None` if no retry took tokens.
    paid: Option<u32>,
    renewed_before: bool,
    corrected_before: bool,
    /// Whether the next attempt must use a new connection, because of an earlier failure.
    needs_new_connection: bool,
    /// Whether the connection may be the cause of the last failure.
    met_sick_connection: bool,
    /// Whether the service may have executed the request of an attempt that failed.
    may_have_been_executed: bool,
}

/// The next step after a failed attempt.
enum Next {
    /// Send the request again at once, and do not count a retry. The service did not execute the request, and the
    /// client has removed the cause of the failure.
    Again,
    /// Send the request again after this pause.
    After(Duration),
    /// Report the failure.
    Stop,
}

impl<'a> Execution<'a> {
    pub(crate) fn new(
        session: &'a SessionState,
        limits: Limits<'a>,
        request: Request,
        expected: Expected,
        attempts: &'a mut u32,
    ) -> Result<Self, Error> {
        let mut endpoints = session.endpoints.all();
        endpoints.try_for_each(|endpoint| check_path(request.operation, endpoint))?;
        let deadline = Instant::now().checked_add(limits.timeout);
        Ok(Self {
            session,
            limits,
            parts: request.into_parts()?,
            expected,
            attempts,
            deadline,
            paid: None,
            renewed_before: false,
            corrected_before: false,
            needs_new_connection: false,
            met_sick_connection: false,
            may_have_been_executed: false,
        })
    }

    pub(crate) async fn run(&mut self) -> Result<RawResponse, Error> {
        let mut waits = self.limits.retry.waits();
        let mut counts = true;
        loop {
            let credential = self.credential().await?;
            let mut failure = match self.attempt(credential.as_ref(), counts).await {
                Ok(answer) => {
                    if let (Some(credential), Some(provider)) =
                        (&credential, &self.session.credentials)
                    {
                        provider.accepted(credential);
                    }
                    return Ok(self.finish(answer));
                }
                Err(failure) => failure,
            };
            self.record(failure.error.status(), &failure.headers);
            let wait = match self.next(&mut failure, credential.as_ref(), &mut waits) {
                Next::Stop if self.is_deleted(&failure.error) => return Ok(self.deleted(failure)),
                Next::Stop => return Err(self.parts.spent(self.explained(failure))),
                Next::Again => {
                    counts = false;
                    None
                }
                Next::After(wait) => {
                    counts = true;
                    Meter::repeated(self.parts.operation);
                    Some(wait)
                }
            };
            self.learn(&failure);
            let Failure { error, .. } = failure;
            tracing::info!(target: "huaweicloud", attempt = *self.attempts, kind = ?error.kind(), status = error.status(), ?wait, "sending again");
            drop(error);
            if let Some(wait) = wait {
                tokio::time::sleep(wait).await;
            }
        }
    }

    /// Stores the facts about a failure that the next attempts need.
    fn learn(&mut self, failure: &Failure) {
        self.met_sick_connection = failure.is_of_a_sick_connection();
        let kind = failure.error.kind();
        self.needs_new_connection |=
            self.met_sick_connection || matches!(kind, ErrorKind::Transport | ErrorKind::Timeout);
        self.may_have_been_executed |= failure.may_have_been_executed();
    }

    /// Makes one attempt. The client sends the request to the current endpoint. If the request certainly did not reach
    /// this endpoint, the client sends the request to the next endpoint.
    async fn attempt(
        &mut self,
        credential: Option<&Credential>,
        counts: bool,
    ) -> Result<HttpAnswer, Failure> {
        let mut failures = Vec::new();
        let mut counted = !counts;
        for (place, address) in self.session.endpoints.in_order() {
            let prepared = prepare(self.session, address, &self.parts, credential)?;
            let new_connection = self.takes_new_connection().await;
            if !std::mem::replace(&mut counted, true) {
                *self.attempts += 1;
            }
            Span::current().record("attempt", *self.attempts);
            Meter::sent(self.parts.operation);
            match self.send(prepared, new_connection).await {
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

    /// Returns whether the next request must use a new connection. If a server closes a reused connection during an
    /// unsafe request, the client cannot retry the request. So an unsafe request uses a new connection if a server has
    /// recently closed idle connections early.
    async fn takes_new_connection(&self) -> bool {
        if self.needs_new_connection || self.parts.operation.retry == Retry::Safe {
            return self.needs_new_connection;
        }
        // During this yield, the runtime checks its sockets. After the yield, the pool knows the connections that have
        // ended.
        tokio::task::yield_now().await;
        self.session.config.connections().are_closed_early()
    }

    fn send(
        &self,
        prepared: Prepared,
        new_connection: bool,
    ) -> impl Future<Output = Result<HttpAnswer, Failure>> {
        let (operation, limits) = (self.parts.operation, &self.limits);
        let limit = limits.attempt_timeout;
        let limit = limit.map(|time| (time, prepared.url.clone()));
        let connection = Connection {
            is_new: new_connection,
            patience: self.patience().filter(|_| !new_connection),
            bucket: limits.bucket,
        };
        let sent = prepared.send(
            self.session,
            operation,
            self.expected,
            limits.max_answer,
            connection,
        );
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

    /// Returns the time within which the answer must begin. Returns `None` if the client cannot retry the request after
    /// this time.
    fn patience(&self) -> Option<Duration> {
        let Parts {
            operation, body, ..
        } = &self.parts;
        let is_stream = body.as_ref().is_some_and(|body| body.bytes().is_none());
        let is_last = *self.attempts >= self.limits.retry.attempts;
        let can_repeat = operation.retry == Retry::Safe && !is_stream && !is_last;
        can_repeat.then(|| (self.limits.timeout / 4).max(LEAST_PATIENCE))
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
            .with_help("set them in the configuration by credentials(), token() or access_key()")),
        }
    }

    fn next(
        &mut self,
        failure: &mut Failure,
        credential: Option<&Credential>,
        waits: &mut impl Iterator<Item = Duration>,
    ) -> Next {
        let corrected = self.corrected(failure, credential);
        let renewed = !corrected && self.renewed(&failure.error, credential);
        if self.parts.is_spent() {
            return Next::Stop;
        }
        if corrected || (renewed && !std::mem::replace(&mut self.renewed_before, true)) {
            return Next::Again;
        }
        if !renewed && !failure.may_repeat(self.parts.operation) {
            return Next::Stop;
        }
        failure.error.set_retryable(true);
        let Some(wait) = waits.next() else {
            return Next::Stop;
        };
        // The pause consists of the pause that the server requests and a random pause. Without the random pause, all
        // callers with the same requested pause would retry at the same time.
        let asked = clock::retry_after(&failure.headers).unwrap_or_default();
        let wait = wait.saturating_add(asked);
        if self.in_time(wait) && self.pays(failure.error.is_timeout()) {
            Next::After(wait)
        } else {
            Next::Stop
        }
    }

    /// Returns whether the call still has time after the pause `wait`.
    fn in_time(&self, wait: Duration) -> bool {
        match (Instant::now().checked_add(wait), self.deadline) {
            (Some(then), Some(deadline)) => then < deadline,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    /// Pays for a retry from the shared retry budget. Returns whether the budget had enough tokens.
    fn pays(&mut self, timed_out: bool) -> bool {
        let paid = self.limits.bucket.pay(timed_out);
        if paid.is_none() {
            tracing::debug!(target: "huaweicloud", "not sent again: the retry budget has too few tokens");
        }
        self.paid = paid;
        paid.is_some()
    }

    /// Corrects the clock, if the answer shows that the clock is wrong. Returns whether the client must send the
    /// request again because of the correction. In one call, the result is `true` at most once.
    ///
    /// If the result is `true`, the server refused the request, probably because of this machine's clock. The service
    /// did not execute the request.
    fn corrected(&mut self, failure: &Failure, credential: Option<&Credential>) -> bool {
        let signed = matches!(credential, Some(Credential::AccessKey(_)));
        let clock = &self.session.clock;
        let again =
            signed && clock.corrected(&failure.error, &failure.headers) && !self.corrected_before;
        self.corrected_before |= again;
        again
    }

    /// Returns the error of the call. If the clock differs too much for a correction, the error contains advice about
    /// the clock.
    fn explained(&self, failure: Failure) -> Error {
        match clock::difference_beyond_correction(&failure.error, &failure.headers) {
            Some(difference) => failure.error.with_help(format!(
                "set this machine's clock: it differs from the server's clock by {}",
                humantime::format_duration(difference)
            )),
            None => failure.error,
        }
    }

    /// Returns whether the server refused the credential with status 401, and the provider has or can get a newer
    /// credential. In this case, the service did not execute the request. If an interceptor ended the call, the result
    /// is `false`. If [`is_unproven`](crate::credential::ProvideCredential::is_unproven) returns `true` for the
    /// credential, the result is also `false`.
    ///
    /// With the first new credential of a call, the client sends the request again at once. During a slow call, a token
    /// can expire again, so the call can get further credentials. For each further credential, the retry policy decides
    /// about a retry. Without this rule, a service that refuses each token would get requests until the deadline of the
    /// call.
    fn renewed(&self, error: &Error, credential: Option<&Credential>) -> bool {
        match (credential, &self.session.credentials) {
            (Some(credential), Some(provider)) => {
                error.status() == Some(401)
                    && error.kind() != ErrorKind::Interceptor
                    && !provider.is_unproven(credential)
                    && provider.refused(credential)
            }
            _ => false,
        }
    }

    fn finish(&self, answer: HttpAnswer) -> RawResponse {
        self.limits.bucket.succeeded(self.paid);
        if self.met_sick_connection {
            self.session.config.connections().give_up_kept();
        }
        self.record(Some(answer.status), &answer.headers);
        let file = answer.file.map(|body| (self.origin(), body));
        RawResponse {
            carried: Some(answer.carried),
            file,
            ..self.response(answer.status, answer.headers, answer.body)
        }
    }

    fn response(&self, status: u16, headers: HeaderMap, body: Bytes) -> RawResponse {
        let meta = Meta {
            status,
            headers,
            attempts: *self.attempts,
            ..Meta::default()
        };
        RawResponse {
            operation: self.parts.operation,
            expected: self.expected,
            meta,
            body,
            file: None,
            carried: None,
        }
    }

    /// Returns the facts about the call that a `Download` keeps.
    fn origin(&self) -> Origin {
        Origin {
            operation: self.parts.operation,
            attempts: *self.attempts,
            config: self.session.config.clone(),
            endpoint: self.session.endpoints.current().to_owned(),
            timeout: self.limits.timeout,
            idle_timeout: self.limits.idle_timeout,
            deadline: self.deadline,
        }
    }

    /// Returns whether the call succeeds in spite of status 404, because an earlier attempt may have deleted the
    /// resource.
    fn is_deleted(&self, error: &Error) -> bool {
        self.may_have_been_executed
            && matches!(self.expected, Expected::Nothing)
            && self.parts.operation.deletes_one_thing()
            && error.status() == Some(404)
            && error.is_services_own()
    }

    /// Makes the answer of a deletion that succeeds in spite of status 404. The answer has the first documented success
    /// status, no body, and the headers of the answer with status 404.
    fn deleted(&self, failure: Failure) -> RawResponse {
        self.limits.bucket.succeeded(self.paid);
        tracing::debug!(target: "huaweicloud", "not found, but the call succeeds: an earlier attempt of this call may have deleted the resource");
        let documented = self.parts.operation.success.first();
        self.response(*documented.unwrap_or(&204), failure.headers, Bytes::new())
    }

    /// Writes the status and the request id to the span, and logs the status. Neither value contains a secret.
    fn record(&self, status: Option<u16>, headers: &HeaderMap) {
        let id = headers
            .get(REQUEST_ID)
            .filter(|value| !value.is_sensitive())
            .and_then(|value| value.to_str().ok())
            .filter(|id| is_documented_id(id));
        let span = Span::current();
        if let Some(status) = status {
            span.record("status", status);
        }
        if let Some(id) = id {
            span.record("request_id", id);
        }
        tracing::debug!(target: "huaweicloud", attempt = *self.attempts, status, "attempt ended");
    }
}
