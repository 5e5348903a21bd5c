//! The results of a credential whose source gets a fault.

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

/// Whether every request gets the fault, or only the first.
#[derive(Debug, Clone, Copy)]
pub enum Times {
    Once,
    Always,
}
pub use Times::{Always, Once};

/// A fault, the result of the credential, and the number of requests.
pub struct Row(pub Fault, pub Times, pub Outcome, pub u64);

/// Whether a source may ask again after a lost answer, if the policy is two attempts.
#[derive(PartialEq)]
enum Way {
    /// A password, or a request to the same address.
    Unsafe,
    Safe,
    /// This is not a cloud service. It is never asked again, but makes two requests.
    Metadata,
    /// This is not a cloud service. It is never asked again.
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
            // First a service without tokens, and then one without an agency, either.
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
    // The clock is two days ahead. A key has already expired by the date of its own answer. Tokens have the time of their
    // issue.
    let ahead = Fault::ClockOff(48 * 3600);
    rows.push(match origin {
        _ if way == Way::Unsafe => Row(ahead, Always, Good, 1),
        _ => Row(ahead, Always, Bad(Credentials), good),
    });
    rows
}
