//! Defines the faults that the sandbox can inject, and selects the fault of each request.

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
/// If a fault replaces an answer, the new answer repeats the request's headers and body, with the credentials.
/// Debugging pages of real servers can repeat this data, too. Some clients copy the body of an answer to a log or an
/// error. A test can find such a client, because the log or the error then contains the credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The sandbox executes the operation, and waits for this time before it answers.
    Delay(Duration),
    /// The sandbox executes the operation, and resets the connection before the first byte of the answer.
    ResetBeforeHeaders,
    /// The sandbox executes the operation, and resets the connection within the answer's status line and headers.
    ResetInHeaders,
    /// The sandbox executes the operation, and resets the connection after the answer's headers.
    ResetAfterHeaders,
    /// The sandbox executes the operation, and closes the connection in the middle of the answer's body. If the answer
    /// has no body, the fault has no effect.
    TruncatedBody,
    /// Status 401 with the gateway's code APIGW.0301. The sandbox does not execute the operation.
    Unauthorized,
    /// Status 403 with the gateway's code APIGW.0302. The sandbox does not execute the operation.
    Forbidden,
    /// Status 404 with the gateway's code APIGW.0101. The sandbox does not execute the operation.
    NotFound,
    /// Status 429 with the gateway's code APIGW.0308. The sandbox does not execute the operation.
    Throttled(RetryAfter),
    /// Status 500 with the gateway's code APIGW.0601. The sandbox does not execute the operation.
    InternalServerError,
    /// Status 502 with the gateway's code APIGW.0202. The sandbox does not execute the operation.
    BadGateway,
    /// Status 503 with an HTML page. The sandbox does not execute the operation.
    ServiceUnavailable,
    /// Status 504 with the gateway's code APIGW.0203. The sandbox does not execute the operation.
    GatewayTimeout,
    /// Status 200 with an HTML page, like the login page of a captive portal. The sandbox does not execute the
    /// operation.
    Html,
    /// Status 200 with JSON that no operation returns: a list with one string. The sandbox does not execute the
    /// operation.
    Nonsense,
    /// Status 302, a redirect to the URL of the request itself. The sandbox does not execute the operation.
    Redirect,
    /// The sandbox executes the operation. The answer has the content type `text/plain`.
    WrongContentType,
    /// The token of the request expires before the sandbox checks the credentials. If the operation needs credentials,
    /// the answer has status 401. This fault does not apply to a request without the header `X-Auth-Token`.
    ExpiredToken,
    /// An action, such as a restart, changes the status of a DCS instance. With this fault, the status keeps its old
    /// value for this time, and changes only then. The fault applies only to actions on DCS instances.
    LateState(Duration),
    /// The task that a request starts fails at its end. Tasks are, for example, jobs, backups, restores, migrations and
    /// analyses. This fault applies only to requests to DCS that start a task.
    FailedTask,
    /// For the checks of a signature and a temporary access key, the sandbox uses a wrong clock. The wrong clock is
    /// ahead by this number of seconds. With a negative number, the wrong clock is behind. In the answer, the header
    /// `Date`, the times of a new token and the times in errors come from the wrong clock. All stored times are
    /// correct.
    ClockOff(i64),
}

/// The two forms of the header `Retry-After`. Each variant contains a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// The number of seconds itself, as in `Retry-After: 120`.
    Seconds(u32),
    /// A date, as in `Retry-After: Fri, 31 Dec 1999 23:59:59 GMT`. The date is this number of seconds after the time of
    /// the sandbox's clock.
    Date(u32),
}

/// The faults of a sandbox. All clones share the same faults.
///
/// A request gets the first fault that is for its service and that applies to the request. After all uses of this
/// fault, requests get the next fault. A request can get [`Fault::LateState`] and [`Fault::FailedTask`] in addition to
/// another fault.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<Injected>>>);

#[derive(Debug)]
struct Injected {
    service: Service,
    fault: Fault,
    /// The number of remaining uses. `None` if the fault applies until a call of `clear`. One request can use a fault
    /// several times, for example if it restarts several instances.
    left: Option<u64>,
}

impl Faults {
    /// Injects a fault into requests to the service. After `times` uses, the fault ends.
    pub fn inject(&self, service: Service, fault: Fault, times: u64) {
        self.add(service, fault, Some(times));
    }

    /// Injects a fault into requests to the service. The fault ends with a call of [`clear`](Self::clear).
    pub fn keep(&self, service: Service, fault: Fault) {
        self.add(service, fault, None);
    }

    /// Removes all faults.
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

    /// Returns the fault for a request with these headers, and counts the fault as used. `None` if no fault applies.
    pub(crate) fn next(&self, service: Service, headers: &HeaderMap) -> Option<Fault> {
        let mut list = self.list();
        list.retain(|injected| injected.left != Some(0));
        let met = list
            .iter_mut()
            .find(|injected| injected.service == service && injected.fault.applies(headers))?;
        met.left = met.left.map(|left| left - 1);
        Some(met.fault)
    }

    /// Returns how long an instance keeps its old status after the start of an action. Without a fault, the time is
    /// zero. If a fault sets the time, the method counts the fault as used.
    pub(crate) fn late_state(&self, service: Service) -> Duration {
        let late = self.asked(service, |fault| match fault {
            Fault::LateState(late) => Some(late),
            _ => None,
        });
        late.unwrap_or(Duration::ZERO)
    }

    /// Returns whether the task that a request starts fails at its end. If a fault causes the failure, the method
    /// counts the fault as used.
    pub(crate) fn failed_task(&self, service: Service) -> bool {
        let failed = self.asked(service, |fault| (fault == Fault::FailedTask).then_some(()));
        failed.is_some()
    }

    /// Finds the first fault for which `value` returns `Some`, and returns the content of `Some`. The method counts
    /// this fault as used. Returns `None` if there is no such fault.
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

    /// A panic cannot leave the list in a wrong state, so this method ignores a poisoned lock.
    fn list(&self) -> MutexGuard<'_, Vec<Injected>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    fn applies(self, headers: &HeaderMap) -> bool {
        match self {
            Self::ExpiredToken => headers.contains_key("x-auth-token"),
            // The code of an action looks for these faults itself, with `late_state` and `failed_task`.
            Self::LateState(_) | Self::FailedTask => false,
            _ => true,
        }
    }

    /// Returns where and how the connection breaks. Returns `None` if the fault does not break the connection.
    /// `body_length` is the length of the answer's body.
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
    fn faults_apply_in_order_and_as_often_as_requested_until_clear() {
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
    fn the_fault_expired_token_needs_a_request_with_a_token() {
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
