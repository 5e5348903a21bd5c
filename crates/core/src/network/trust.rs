//! The certificates that the HTTP client trusts, and its own certificate.

use super::pem::Pem;

/// The oldest accepted version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2. RFC 9325 requires that every program supports it.
    #[default]
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// The trusted certificates, and the certificate of the client.
#[derive(Clone, Default)]
pub(crate) struct Trust {
    pub roots: Vec<Pem>,
    pub identity: Option<(Pem, Pem)>,
    pub oldest: TlsVersion,
}
