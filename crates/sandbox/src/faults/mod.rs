//! Faults that the sandbox injects.

mod answer;
mod argument;
mod wire;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;

pub(crate) use answer::instead;
pub use argument::FaultArgument;
pub(crate) use argument::What;
pub(crate) use wire::{Breaker, Connection, FaultyListener};
use wire::{Cut, CutPoint};

use crate::Service;

/// A fault of a request or of its answer.
///
/// An invented answer repeats the headers and the body of the request, with its credentials, as debugging pages do. So
/// a test finds a client that shows the text of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The operation is done. Its answer comes later by this time.
    Delay(Duration),
    /// The operation is done. The connection is reset before the first byte of the answer.
    ResetBeforeHeaders,
    /// The operation is done. The connection is reset within the answer's status line and headers.
    ResetInHeaders,
    /// The operation is done. The connection is reset after the answer's headers.
    ResetAfterHeaders,
    /// The operation is done. The connection is closed in the middle of the answer's body. An answer without a body
    /// stays whole.
    TruncatedBody,
    /// 401 with the gateway's code APIGW.0301. Nothing is done.
    Unauthorized,
    /// 403 with the gateway's code APIGW.0302. Nothing is done.
    Forbidden,
    /// 404 with the gateway's code APIGW.0101. Nothing is done.
    NotFound,
    /// 429 with the gateway's code APIGW.0308. Nothing is done.
    Throttled(RetryAfter),
    /// 500 with the gateway's code APIGW.0601. Nothing is done.
    InternalServerError,
    /// 502. Nothing is done.
    BadGateway,
    /// 503. Nothing is done.
    ServiceUnavailable,
    /// 504. Nothing is done.
    GatewayTimeout,
    /// 200 with a page of HTML, as a captive portal answers. Nothing is done.
    Html,
    /// 200 with JSON that no operation answers: a list of one text. Nothing is done.
    Nonsense,
    /// 302 to the address of the request itself. Nothing is done.
    Redirect,
    /// The operation is done. Its answer has the content type `text/plain`.
    WrongContentType,
    /// The token of the request expires while the request is under way. The usual check answers 401. Requests without a
    /// token do not meet this fault.
    ExpiredToken,
    /// The status that an action changes stays as it was for this time. Then it begins to change. Only actions of DCS
    /// instances meet this fault.
    LateState(Duration),
    /// The task that a request starts fails at its end: a job, a backup, a restore, a migration, an analysis. Only
    /// requests of DCS that start a task meet this fault.
    FailedTask,
    /// For this request, the service's clock is ahead by this number of seconds. A negative number puts it behind.
    ClockOff(i64),
}

/// The two forms of the header `Retry-After`, each with a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// `Retry-After: 120`
    Seconds(u32),
    /// `Retry-After: Fri, 31 Dec 1999 23:59:59 GMT`, by the sandbox's clock.
    Date(u32),
}

/// The faults of a sandbox. Clones share them.
///
/// A request meets the first fault of its service that applies to it. Later faults wait until that fault is used up.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<Injected>>>);

#[derive(Debug)]
struct Injected {
    service: Service,
    fault: Fault,
    /// Without a number, the fault lasts until it is cleared.
    left: Option<u64>,
}

impl Faults {
    /// Lets the next `times` requests to the service meet this fault.
    pub fn inject(&self, service: Service, fault: Fault, times: u64) {
        self.add(service, fault, Some(times));
    }

    /// Lets every request to the service meet this fault, until [`clear`](Self::clear).
    pub fn keep(&self, service: Service, fault: Fault) {
        self.add(service, fault, None);
    }

    /// Ends all faults.
    pub fn clear(&self) {
        self.list().clear();
    }

    pub(crate) fn add(&self, service: Service, fault: Fault, left: Option<u64>) {
        self.list().push(Injected {
            service,
            fault,
            left,
        });
    }

    /// The fault that a request with these headers meets.
    pub(crate) fn next(&self, service: Service, headers: &HeaderMap) -> Option<Fault> {
        let mut list = self.list();
        list.retain(|injected| injected.left != Some(0));
        let met = list
            .iter_mut()
            .find(|injected| injected.service == service && injected.fault.applies(headers))?;
        met.left = met.left.map(|left| left - 1);
        Some(met.fault)
    }

    /// How long the status of this action stays as it was.
    pub(crate) fn late_state(&self, service: Service) -> Duration {
        let late = self.asked(service, |fault| match fault {
            Fault::LateState(late) => Some(late),
            _ => None,
        });
        late.unwrap_or(Duration::ZERO)
    }

    /// Whether the task that this request starts fails at its end.
    pub(crate) fn failed_task(&self, service: Service) -> bool {
        let failed = self.asked(service, |fault| (fault == Fault::FailedTask).then_some(()));
        failed.is_some()
    }

    /// The value of the first fault that has one. An action asks for it itself.
    fn asked<T>(&self, service: Service, value: impl Fn(Fault) -> Option<T>) -> Option<T> {
        let mut list = self.list();
        let mut own = list
            .iter_mut()
            .filter(|injected| injected.service == service && injected.left != Some(0));
        let (met, value) =
            own.find_map(|injected| value(injected.fault).map(|value| (injected, value)))?;
        met.left = met.left.map(|left| left - 1);
        Some(value)
    }

    /// No operation under this lock can stop half-way.
    fn list(&self) -> MutexGuard<'_, Vec<Injected>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    fn applies(self, headers: &HeaderMap) -> bool {
        match self {
            Self::ExpiredToken => headers.contains_key("x-auth-token"),
            // An action asks for it itself.
            Self::LateState(_) | Self::FailedTask => false,
            _ => true,
        }
    }

    /// The place where the connection breaks, for an answer with this body.
    pub(crate) fn cut(self, body_length: usize) -> Option<Cut> {
        match self {
            Self::ResetBeforeHeaders => Some(Cut::reset(CutPoint::Start)),
            Self::ResetInHeaders => Some(Cut::reset(CutPoint::InHead)),
            Self::ResetAfterHeaders => Some(Cut::reset(CutPoint::AfterHead)),
            Self::TruncatedBody if body_length > 0 => {
                Some(Cut::close(CutPoint::InBody(body_length / 2)))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_come_in_their_order_as_often_as_asked() {
        let (faults, none) = (Faults::default(), HeaderMap::new());
        faults.inject(Service::Dcs, Fault::Html, 2);
        faults.inject(Service::Iam, Fault::BadGateway, 1);
        faults.keep(Service::Dcs, Fault::Redirect);
        let next = || faults.next(Service::Dcs, &none);
        assert_eq!(
            [next(), next(), next(), next()],
            [Fault::Html, Fault::Html, Fault::Redirect, Fault::Redirect].map(Some)
        );
        faults.clear();
        assert_eq!(next(), None);
        assert_eq!(faults.next(Service::Iam, &none), None);
    }

    #[test]
    fn a_token_expires_only_where_there_is_one() {
        let faults = Faults::default();
        faults.inject(Service::Dcs, Fault::ExpiredToken, 1);
        faults.inject(Service::Dcs, Fault::Html, 1);
        let mut headers = HeaderMap::new();
        assert_eq!(faults.next(Service::Dcs, &headers), Some(Fault::Html));
        headers.insert("x-auth-token", http::HeaderValue::from_static("t"));
        assert_eq!(
            faults.next(Service::Dcs, &headers),
            Some(Fault::ExpiredToken)
        );
        assert_eq!(faults.next(Service::Dcs, &headers), None);
    }
}
