//! The way to the services: proxies, trust, and the HTTP client made of them.

// Without TLS of our own nothing reads them, but they can still be given, and refused.
#[cfg_attr(not(feature = "rustls"), allow(dead_code))]
mod exceptions;
#[cfg_attr(not(feature = "rustls"), allow(dead_code))]
mod pem;
#[cfg_attr(not(feature = "rustls"), allow(dead_code))]
mod proxy;
#[cfg_attr(not(feature = "rustls"), allow(dead_code))]
mod route;
#[cfg(feature = "rustls")]
mod tls;

pub use proxy::Proxy;
pub(crate) use route::{Route, Via};

use crate::builder::ConfigBuilder;
use crate::error::Error;
use crate::secret::Secret;
use pem::Pem;
use std::path::PathBuf;
use std::time::Duration;

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

/// What [`ConfigBuilder`] collects for the HTTP client.
#[derive(Clone, Default)]
pub(crate) struct Network {
    proxy: Option<Proxy>,
    trust: Trust,
}

/// Whom to trust, and as whom to come.
#[derive(Clone, Default)]
struct Trust {
    roots: Vec<Pem>,
    identity: Option<(Pem, Pem)>,
    oldest: TlsVersion,
}

/// They make the HTTP client, so they cannot be given together with one ([`http_client`](Self::http_client)).
impl ConfigBuilder {
    /// The proxy to go through, or none: see [`Proxy`]. [`Proxy::from_environment`] by default.
    pub fn proxy(mut self, proxy: impl Into<Proxy>) -> Self {
        self.network.proxy = Some(proxy.into());
        self
    }

    /// Trusts these certificate authorities besides the platform's: one or more certificates as PEM. May be called again.
    pub fn root_certificate(mut self, pem: impl Into<String>) -> Self {
        let pem = Pem::text("root certificates", pem.into());
        self.network.trust.roots.push(pem);
        self
    }

    /// As [`root_certificate`](Self::root_certificate), from a file, which [`build`](Self::build) reads.
    pub fn root_certificate_file(mut self, path: impl Into<PathBuf>) -> Self {
        let pem = Pem::file("root certificates", path.into());
        self.network.trust.roots.push(pem);
        self
    }

    /// The certificate to show to servers that ask for one, with its chain, and its key (PKCS#8, PKCS#1 or SEC1), both as PEM.
    pub fn identity(mut self, certificates: impl Into<String>, key: impl Into<Secret>) -> Self {
        self.network.trust.identity = Some((
            Pem::text("client certificates", certificates.into()),
            Pem::text("client certificate's key", key),
        ));
        self
    }

    /// As [`identity`](Self::identity), from files, which [`build`](Self::build) reads.
    pub fn identity_files(
        mut self,
        certificates: impl Into<PathBuf>,
        key: impl Into<PathBuf>,
    ) -> Self {
        self.network.trust.identity = Some((
            Pem::file("client certificates", certificates.into()),
            Pem::file("client certificate's key", key.into()),
        ));
        self
    }

    /// The oldest version of TLS to speak: 1.2 by default.
    pub fn min_tls_version(mut self, version: TlsVersion) -> Self {
        self.network.trust.oldest = version;
        self
    }
}

impl Network {
    pub(crate) fn has_identity(&self) -> bool {
        self.trust.identity.is_some()
    }

    /// Refuses settings that a client of the caller's own would not know of.
    pub(crate) fn check_unset(&self) -> Result<(), Error> {
        let Trust {
            roots,
            identity,
            oldest,
        } = &self.trust;
        let set = [
            ("a proxy is", self.proxy.is_some()),
            ("root certificates are", !roots.is_empty()),
            ("a client certificate is", identity.is_some()),
            ("a TLS version is", *oldest != TlsVersion::default()),
        ];
        match set.iter().find(|(_, set)| *set) {
            Some((what, _)) => Err(Error::config(format!(
                "{what} given, and an http_client that does not know of it"
            ))
            .with_help("give it to that client, or leave http_client() out")),
            None => Ok(()),
        }
    }

    /// The HTTP client, and what it sends through a proxy.
    #[cfg(feature = "rustls")]
    pub(crate) fn client(
        &self,
        connect_timeout: Duration,
    ) -> Result<(reqwest::Client, Route), Error> {
        let builder = crate::transport::builder(connect_timeout, tls::client(&self.trust)?);
        let proxy = self.proxy.clone().unwrap_or_default().resolve()?;
        let (builder, route) = match proxy {
            Some((proxy, route)) => (builder.proxy(proxy), route),
            None => (builder, Route::default()),
        };
        let client = builder.build().map_err(|error| {
            Error::config("the HTTP client cannot be made").with_source(error.without_url())
        })?;
        Ok((client, route))
    }

    /// Without TLS of our own there is no client of our own.
    #[cfg(not(feature = "rustls"))]
    pub(crate) fn client(&self, _: Duration) -> Result<(reqwest::Client, Route), Error> {
        Err(Error::config("no HTTP client")
            .with_help("give one by http_client(), or turn on this crate's feature `rustls`"))
    }
}

/// The TLS that [`http_client_builder`](crate::http_client_builder) begins with.
#[cfg(feature = "rustls")]
pub(crate) fn default_tls() -> Result<rustls::ClientConfig, Error> {
    tls::client(&Trust::default())
}
