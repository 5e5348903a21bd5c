//! Explains why no credential was issued. Calls that need the credential get this explanation.

use huaweicloud_core::{Error, ErrorKind};
use std::sync::Arc;

/// The texts for the refusals of one issuer. Each pair is a message and the help.
pub(super) struct Refusals {
    /// The issuer, such as `IAM`.
    pub who: &'static str,
    /// The credential, such as `token`.
    pub what: &'static str,
    /// For status 401.
    pub unauthorized: (&'static str, &'static str),
    /// For status 403.
    pub forbidden: (&'static str, &'static str),
    /// For the statuses 400 and 404: the request contains a wrong value, such as a name.
    pub invalid: (&'static str, &'static str),
}

impl Refusals {
    /// Returns the error for a call that needs the credential.
    pub(super) fn explain(&self, error: Arc<Error>) -> Error {
        let Self { who, what, .. } = self;
        let kind = error.kind();
        let refused = match error.status() {
            _ if kind != ErrorKind::Service => None,
            Some(401) => Some(self.unauthorized),
            Some(403) => Some(self.forbidden),
            Some(400 | 404) => Some(self.invalid),
            _ => None,
        };
        let explained = match refused {
            Some((message, help)) => Error::new(ErrorKind::Credentials, message).with_help(help),
            None if kind == ErrorKind::Service => {
                let message = format!("{who} issued no {what}");
                Error::new(ErrorKind::Credentials, message).with_help("see the source of this error")
            }
            None => Error::new(kind, format!("{who} gave no {what}")).with_help(format!(
                "see the source of this error; check the address of {who}, the region and the network"
            )),
        };
        explained.with_source(error)
    }
}
