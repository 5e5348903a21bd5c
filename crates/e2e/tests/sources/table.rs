//! Lists the expected results of a credential request that gets a fault.

use std::time::Duration;

use huaweicloud::ErrorKind;
use huaweicloud_sandbox::Fault;

use crate::origin::Origin;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Good,
    Bad(ErrorKind),
}
pub use Outcome::{Bad, Good};

/// Whether only the first request gets the fault, or every request.
#[derive(Debug, Clone, Copy)]
pub enum Times {
    Once,
    Always,
}
pub use Times::{Always, Once};

/// A fault, how many requests get the fault, the expected outcome, and the expected number of requests.
pub struct Row(pub Fault, pub Times, pub Outcome, pub u64);

/// Whether a source retries a request after a lost answer. The retry policy has two attempts.
#[derive(PartialEq)]
enum Way {
    /// The source calls `POST /v3/auth/tokens`. Such a request can contain a password, so the source does not retry.
    Unsafe,
    Safe,
    /// The source makes two requests to the metadata service, and never retries.
    Metadata,
    /// The source makes one request to the credentials service of the container, and never retries.
    Plain,
}

fn way(origin: Origin) -> Way {
    match origin {
        Origin::Password | Origin::Passcode | Origin::AgencyToken => Way::Unsafe,
        Origin::Metadata => Way::Metadata,
        Origin::Container => Way::Plain,
        _ => Way::Safe,
    }
}

pub fn rows(origin: Origin) -> Vec<Row> {
    use ErrorKind::{Credentials, Decode, Transport, UnexpectedAnswer};
    let way = way(origin);
    let good = origin.operations().len() as u64;
    let late = Fault::Delay(Duration::from_millis(20));
    let mut rows = vec![
        Row(late, Always, Good, good),
        Row(Fault::Unauthorized, Once, Bad(Credentials), 1),
        Row(Fault::Forbidden, Once, Bad(Credentials), 1),
        Row(Fault::InternalServerError, Once, Bad(Credentials), 1),
        Row(Fault::Html, Once, Bad(UnexpectedAnswer), 1),
    ];
    rows.push(match way {
        Way::Metadata | Way::Plain => Row(Fault::Nonsense, Once, Bad(UnexpectedAnswer), 1),
        _ => Row(Fault::Nonsense, Once, Bad(Decode), 1),
    });
    match way {
        Way::Metadata => {
            // If the token request gets status 404 or 503, the source requests the key without a token. In the second
            // row, the key request also gets status 404, as on a machine without an agency.
            rows.push(Row(Fault::NotFound, Once, Good, 2));
            rows.push(Row(Fault::NotFound, Always, Bad(Credentials), 2));
            rows.push(Row(Fault::ServiceUnavailable, Once, Good, 2));
        }
        _ => rows.push(Row(Fault::NotFound, Once, Bad(Credentials), 1)),
    }
    let (broken, truncated) = (Fault::ResetBeforeHeaders, Fault::TruncatedBody);
    match way {
        Way::Safe => {
            for fault in [broken, truncated, Fault::ServiceUnavailable] {
                rows.push(Row(fault, Once, Good, good + 1));
            }
            rows.push(Row(broken, Always, Bad(Transport), 2));
            rows.push(Row(Fault::ServiceUnavailable, Always, Bad(Credentials), 2));
        }
        _ => {
            rows.push(Row(broken, Once, Bad(Transport), 1));
            rows.push(Row(truncated, Once, Bad(Transport), 1));
        }
    }
    // The header `Date` of the answer is two days ahead. At this date, a key in the answer has already expired. For a
    // token, the client ignores the date, because the answer also contains the time of issue. For `Origin::AgencyKey`,
    // the signature of the request is too old for this clock, so the server refuses the request.
    let ahead = Fault::ClockOff(48 * 3600);
    rows.push(match origin {
        _ if way == Way::Unsafe => Row(ahead, Always, Good, 1),
        _ => Row(ahead, Always, Bad(Credentials), good),
    });
    rows
}
