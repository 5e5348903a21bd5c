//! Lists the expected results of calls that get a fault.

use std::time::Duration;

use huaweicloud::ErrorKind;
use huaweicloud_sandbox::{Fault, RetryAfter};

use crate::scene::FOR_EVER;
use crate::support::By;

/// The result of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    Good,
    Bad(ErrorKind),
    /// The service answered with an error of this status.
    Status(u16),
}
pub use Outcome::{Bad, Good, Status};

/// The outcome of a call, and the number of requests.
pub type Expected = (Outcome, u64);

#[derive(Debug, Clone, Copy)]
pub enum Times {
    Once,
    Always,
}
pub use Times::{Always, Once};

/// A fault, and the expected results of a safe call and of an unsafe call.
pub struct Row {
    pub fault: Fault,
    pub times: Times,
    pub safe: Expected,
    pub not_safe: Expected,
    /// Whether the server executed the unsafe operation.
    pub done: bool,
}

const fn row(fault: Fault, times: Times, safe: Expected, not_safe: Expected, done: bool) -> Row {
    Row {
        fault,
        times,
        safe,
        not_safe,
        done,
    }
}

/// Returns the rows for a connection that breaks after the server executed the operation.
const fn broken(fault: Fault) -> [Row; 2] {
    let lost = (Bad(ErrorKind::Transport), 1);
    let in_vain = (Bad(ErrorKind::Transport), 3);
    [
        row(fault, Once, (Good, 2), lost, true),
        row(fault, Always, in_vain, lost, true),
    ]
}

/// Returns the rows for a gateway that refuses the request. The service does not get the request.
const fn refused(fault: Fault, status: u16) -> [Row; 2] {
    let final_ = (Status(status), 1);
    [
        row(fault, Once, (Good, 2), final_, false),
        row(fault, Always, (Status(status), 3), final_, false),
    ]
}

const fn throttled(short: Fault, none: Fault, long: Fault) -> [Row; 3] {
    [
        row(short, Once, (Good, 2), (Good, 2), true),
        row(none, Always, (Status(429), 3), (Status(429), 3), false),
        // The service requests a pause that is longer than the timeout of the call. So the call fails immediately.
        row(long, Once, (Status(429), 1), (Status(429), 1), false),
    ]
}

/// Returns the row for an answer that the client does not expect, such as an HTML page or a redirect.
const fn no_answer(fault: Fault, done: bool) -> Row {
    let strange = (Bad(ErrorKind::UnexpectedAnswer), 1);
    row(fault, Always, strange, strange, done)
}

pub fn rows(by: By) -> Vec<Row> {
    use RetryAfter::{Date, Seconds};
    let late = (Bad(ErrorKind::Timeout), 1);
    let at_once = (Good, 1);
    let server_error = (Status(500), 1);
    let mut rows = vec![
        row(
            Fault::Delay(Duration::from_millis(20)),
            Once,
            at_once,
            at_once,
            true,
        ),
        row(
            Fault::Delay(Duration::from_secs(3600)),
            Once,
            late,
            late,
            true,
        ),
        row(
            Fault::InternalServerError,
            Once,
            server_error,
            server_error,
            false,
        ),
        row(
            Fault::Forbidden,
            Once,
            (Status(403), 1),
            (Status(403), 1),
            false,
        ),
        row(
            Fault::NotFound,
            Once,
            (Status(404), 1),
            (Status(404), 1),
            false,
        ),
        row(
            Fault::Nonsense,
            Once,
            (Bad(ErrorKind::Decode), 1),
            (Bad(ErrorKind::Decode), 1),
            false,
        ),
        // This fault affects only operations that change the status of a DCS instance.
        row(Fault::LateState(FOR_EVER), Always, at_once, at_once, true),
        // This fault affects only operations that start a task.
        row(Fault::FailedTask, Always, at_once, at_once, true),
        no_answer(Fault::Html, false),
        no_answer(Fault::Redirect, false),
        // The body is the documented answer. Only the content type is wrong.
        row(Fault::WrongContentType, Always, (Good, 1), (Good, 1), true),
    ];
    rows.extend(broken(Fault::ResetBeforeHeaders));
    rows.extend(broken(Fault::ResetInHeaders));
    rows.extend(broken(Fault::ResetAfterHeaders));
    rows.extend(broken(Fault::TruncatedBody));
    rows.extend(refused(Fault::BadGateway, 502));
    rows.extend(refused(Fault::ServiceUnavailable, 503));
    rows.extend(refused(Fault::GatewayTimeout, 504));
    for form in [Seconds as fn(u32) -> RetryAfter, Date] {
        let fault = |seconds| Fault::Throttled(form(seconds));
        rows.extend(throttled(fault(1), fault(0), fault(3600)));
    }
    rows.extend(credential_rows(by));
    rows
}

/// Returns the rows for faults that have different results for a password and for an access key.
fn credential_rows(by: By) -> Vec<Row> {
    let (at_once, repeated, refused) = ((Good, 1), (Good, 2), (Status(401), 2));
    // If the service also refuses the renewed token, the client requests no other token.
    let in_vain = (Status(401), 2);
    let clock = |seconds| Fault::ClockOff(seconds);
    match by {
        By::Password => vec![
            row(Fault::Unauthorized, Once, repeated, repeated, true),
            row(Fault::ExpiredToken, Once, repeated, repeated, true),
            row(Fault::ExpiredToken, Always, in_vain, in_vain, false),
            row(clock(3600), Always, at_once, at_once, true),
            row(clock(-3600), Always, at_once, at_once, true),
        ],
        By::AccessKey => vec![
            row(
                Fault::Unauthorized,
                Once,
                (Status(401), 1),
                (Status(401), 1),
                false,
            ),
            row(Fault::ExpiredToken, Always, at_once, at_once, true),
            row(clock(3600), Always, repeated, repeated, true),
            row(clock(-3600), Always, repeated, repeated, true),
            // Only in the first attempt, the sandbox's clock is ahead. So after its correction, the client's clock is
            // wrong in the second attempt. The client sends a request again only after the first correction of a call.
            row(clock(3600), Once, refused, refused, false),
        ],
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.fault, self.times)
    }
}
