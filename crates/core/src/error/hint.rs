//! Finds the advice for an error code.

use super::gateway;
use super::value::Error;
use crate::operation::{Hint, Service};

impl Error {
    /// Returns the advice for the error code. The code belongs to the service or to the gateway. Returns `None` if
    /// there is no code, or no advice for the code.
    pub fn hint(&self) -> Option<&'static Hint> {
        let service = self.0.operation.map(|operation| operation.service);
        hint(service, self.error_code()?)
    }

    /// Like [`hint`](Self::hint), for an error that does not contain its operation yet.
    pub(crate) fn hint_in(&self, service: &'static Service) -> Option<&'static Hint> {
        hint(Some(service), self.error_code()?)
    }
}

/// Returns the service's hint. If the service has no hint for the code, returns the gateway's hint.
fn hint(service: Option<&'static Service>, code: &str) -> Option<&'static Hint> {
    let own = service.and_then(|service| {
        let hints = service.hints;
        let place = hints.binary_search_by(|hint| hint.code.cmp(code)).ok()?;
        hints.get(place)
    });
    own.or_else(|| gateway::hint(code))
}
