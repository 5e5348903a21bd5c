//! What to do about an error code.

use super::{Error, gateway};
use crate::operation::Service;

/// What to do about an error code.
///
/// A service has its own in [`Service::hints`], from its document; the codes of the gateway that stands before all services are
/// known here. [`Error::hint`](crate::Error::hint) finds the one for an error, and `Display` ends in its advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// The code, as the catalogue has it: `DCS.4026`. The gateway's begin with `APIGW.` here, though an answer may begin them with
    /// `APIG.` or `APIC.`.
    pub code: &'static str,
    /// What to do, in words that can follow a semicolon: "check ...", without a capital and a full stop.
    pub advice: &'static str,
    /// Whether the catalogue tells the caller to try again later: the same request may succeed then. An answer of HTTP 500 to a
    /// safe operation is repeated where this is set, and nowhere else.
    pub transient: bool,
}

impl Error {
    /// What to do about the error code, if it is one of the service's catalogue or of the gateway's that leave something to do.
    pub fn hint(&self) -> Option<&'static Hint> {
        let service = self.0.operation.map(|operation| operation.service);
        Hint::find(service, self.error_code()?)
    }

    /// The same while the error does not know its operation.
    pub(crate) fn hint_in(&self, service: &'static Service) -> Option<&'static Hint> {
        Hint::find(Some(service), self.error_code()?)
    }
}

impl Hint {
    /// The service's own, else the gateway's.
    pub(crate) fn find(service: Option<&'static Service>, code: &str) -> Option<&'static Self> {
        let own = service.and_then(|service| {
            let hints = service.hints;
            let place = hints.binary_search_by(|hint| hint.code.cmp(code)).ok()?;
            hints.get(place)
        });
        own.or_else(|| gateway::hint(code))
    }
}
