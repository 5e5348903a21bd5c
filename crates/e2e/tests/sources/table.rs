//! What becomes of a credential whose source meets a fault.

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

/// A fault that every request meets, or only the first.
#[derive(Debug, Clone, Copy)]
pub enum Times {
    Once,
    Always,
}
pub use Times::{Always, Once};

/// A fault, what becomes of the credential, and how many requests were made.
pub struct Row(pub Fault, pub Times, pub Outcome, pub u64);

/// Whether a source may ask again after a lost answer, when the policy is two attempts.
#[derive(PartialEq)]
enum Way {
    /// A password, or what is sent to the same address.
    Unsafe,
    Safe,
    /// No cloud service: never, but two requests.
    Metadata,
    /// No cloud service: never.
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
            // A service that knows no tokens; then one that has no agency either.
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
    // Two days ahead: a key has ended by the date of its own answer. Tokens come with the time of their issue.
    let ahead = Fault::ClockOff(48 * 3600);
    rows.push(match origin {
        _ if way == Way::Unsafe => Row(ahead, Always, Good, 1),
        _ => Row(ahead, Always, Bad(Credentials), good),
    });
    rows
}
