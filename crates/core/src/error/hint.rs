//! Finds the advice for an error code.

use super::gateway;
use super::value::Error;
use crate::operation::{Hint, Service};

impl Error {
    /// The advice for the error code. The code belongs to the catalogue of the service or to the gateway. None if there
    /// is no advice for it.
    pub fn hint(&self) -> Option<&'static Hint> {
        let service = self.0.operation.map(|operation| operation.service);
        hint(service, self.error_code()?)
    }

    /// The same while the error does not know its operation.
    pub(crate) fn hint_in(&self, service: &'static Service) -> Option<&'static Hint> {
        hint(Some(service), self.error_code()?)
    }
}

/// The service's own hint, else the gateway's.
fn hint(service: Option<&'static Service>, code: &str) -> Option<&'static Hint> {
    let own = service.and_then(|service| {
        let hints = service.hints;
        let place = hints.binary_search_by(|hint| hint.code.cmp(code)).ok()?;
        hints.get(place)
    });
    own.or_else(|| gateway::hint(code))
}
