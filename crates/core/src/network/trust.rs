//! The certificates that the HTTP client trusts, and the certificate of the client.

use super::pem::Pem;

/// The oldest TLS version that the client accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2. RFC 9325 requires that every TLS implementation supports this version.
    #[default]
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// The trusted certificates, the certificate of the client with its key, and the oldest TLS version.
#[derive(Clone, Default)]
pub(crate) struct Trust {
    pub roots: Vec<Pem>,
    pub identity: Option<(Pem, Pem)>,
    pub oldest: TlsVersion,
}
