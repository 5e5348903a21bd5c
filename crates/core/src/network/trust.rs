//! Whom the HTTP client trusts, and as whom it comes.

use super::pem::Pem;

/// The oldest version of TLS that is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2, which RFC 9325 asks of everybody.
    #[default]
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// Whom to trust, and as whom to come.
#[derive(Clone, Default)]
pub(crate) struct Trust {
    pub roots: Vec<Pem>,
    pub identity: Option<(Pem, Pem)>,
    pub oldest: TlsVersion,
}
