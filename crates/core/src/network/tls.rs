//! TLS with rustls, ring and the certificates of the platform. A build needs a C compiler for ring, but not cmake. The
//! module changes no global state.

use super::trust::{TlsVersion, Trust};
use crate::error::{Error, ErrorKind};
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, SupportedProtocolVersion};
use rustls_platform_verifier::Verifier;
use std::sync::Arc;

type WithVerifier = ConfigBuilder<ClientConfig, rustls::client::WantsClientCert>;

/// Makes the TLS settings of the HTTP client.
pub(super) fn client(trust: &Trust) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions: &[&SupportedProtocolVersion] = match trust.oldest {
        TlsVersion::Tls12 => &[&TLS13, &TLS12],
        TlsVersion::Tls13 => &[&TLS13],
    };
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(versions)
        .map_err(failed)?;
    let roots = roots(trust)?;
    let builder: WithVerifier = match verifier(roots, provider) {
        Some(verifier) => builder
            .dangerous()
            .with_custom_certificate_verifier(verifier?),
        // A machine without certificates can still use plain HTTP to a local sandbox. Each TLS connection then fails,
        // because the client trusts no certificate.
        None => builder.with_root_certificates(RootCertStore::empty()),
    };
    let Some((certificates, key)) = &trust.identity else {
        return Ok(builder.with_no_client_auth());
    };
    builder
        .with_client_auth_cert(certificates.certificates()?, key.key()?)
        .map_err(|error| {
            let error = key
                .wrong("does not fit the client certificate")
                .with_source(error);
            error.with_help("give the key that the certificate was made for")
        })
}

/// Returns the root certificates of the program. Each certificate is checked separately, so that an error can contain
/// the position of the wrong certificate.
fn roots(trust: &Trust) -> Result<Vec<CertificateDer<'static>>, Error> {
    let mut roots = Vec::new();
    for pem in &trust.roots {
        for (place, root) in pem.certificates()?.into_iter().enumerate() {
            RootCertStore::empty()
                .add(root.clone())
                .map_err(|error| pem.wrong_entry(place + 1).with_source(error))?;
            roots.push(root);
        }
    }
    Ok(roots)
}

/// Makes the verifier of server certificates. It uses the certificates of the platform and the root certificates of the
/// program.
///
/// Returns `None` if the verifier cannot be made, and the program has set no root certificates. Usually, the reason is
/// that the platform has no certificates.
#[cfg(not(target_os = "android"))]
fn verifier(
    roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Option<Result<Arc<dyn ServerCertVerifier>, Error>> {
    let given = !roots.is_empty();
    match Verifier::new_with_extra_roots(roots, provider) {
        Ok(verifier) => Some(Ok(Arc::new(verifier))),
        Err(error) if given => Some(Err(failed(error))),
        Err(_) => None,
    }
}

/// Makes the verifier of server certificates. On Android, a system service verifies certificates. This service accepts
/// no additional root certificates.
#[cfg(target_os = "android")]
fn verifier(
    roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Option<Result<Arc<dyn ServerCertVerifier>, Error>> {
    if !roots.is_empty() {
        return Some(Err(Error::config(
            "root certificates cannot be given on Android",
        )
        .with_help("add them to the device's trust store")));
    }
    Verifier::new(provider)
        .ok()
        .map(|verifier| Ok(Arc::new(verifier) as Arc<dyn ServerCertVerifier>))
}

fn failed(error: rustls::Error) -> Error {
    Error::new(ErrorKind::Tls, "TLS cannot be set up").with_source(error)
}
