//! The HTTP client, and what its failures mean.

use crate::error::{Error, ErrorKind};
use std::error::Error as _;
use std::time::Duration;

/// Idle connections are closed before gateways do it (after a minute, usually): a request that meets a closing connection
/// fails without saying whether it was executed, and an unsafe one cannot be repeated then.
#[cfg(feature = "rustls")]
const IDLE: Duration = Duration::from_secs(30);

/// Our HTTP client before it is made, to which you can add what yours needs (a proxy, another resolver), for
/// [`ConfigBuilder::http_client`](crate::ConfigBuilder::http_client).
///
/// It has TLS by rustls and ring with the platform's certificates and nothing global, follows no redirects (a token must not
/// follow one), takes no proxies from the environment, and connects within `connect_timeout`. Start from here rather than from
/// `reqwest::Client::new()`, which panics in a build whose TLS has no global provider.
///
/// reqwest's own settings of TLS, such as more certificates, have no effect on it, because its TLS is made already. An authority of
/// your own belongs into the platform's certificates (on Linux also by `SSL_CERT_FILE`), or into a `rustls::ClientConfig` of your own,
/// given after this by `tls_backend_preconfigured`.
///
/// # Errors
/// TLS cannot be set up.
#[cfg(feature = "rustls")]
pub fn http_client_builder(connect_timeout: Duration) -> Result<reqwest::ClientBuilder, Error> {
    Ok(reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(IDLE)
        .tls_backend_preconfigured(tls()?))
}

#[cfg(feature = "rustls")]
pub(crate) fn client(connect_timeout: Duration) -> Result<reqwest::Client, Error> {
    let failed = |error: reqwest::Error| {
        Error::config("the HTTP client cannot be made").with_source(error.without_url())
    };
    http_client_builder(connect_timeout)?
        .build()
        .map_err(failed)
}

/// Without TLS of our own there is no client of our own.
#[cfg(not(feature = "rustls"))]
pub(crate) fn client(_: Duration) -> Result<reqwest::Client, Error> {
    Err(Error::config("no HTTP client")
        .with_help("give one by http_client(), or turn on this crate's feature `rustls`"))
}

/// TLS by rustls and ring (no C compiler beyond the usual, no cmake), with the platform's certificates.
#[cfg(feature = "rustls")]
fn tls() -> Result<rustls::ClientConfig, Error> {
    use rustls_platform_verifier::BuilderVerifierExt;
    use std::sync::Arc;

    let failed = |error: rustls::Error| {
        Error::new(ErrorKind::Tls, "TLS cannot be set up").with_source(error)
    };
    let builder = || {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(failed)
    };
    match builder()?.with_platform_verifier() {
        Ok(builder) => Ok(builder.with_no_client_auth()),
        // A machine without certificates can still talk plain HTTP to a local sandbox; every TLS connection fails, and says so.
        Err(_) => Ok(builder()?
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth()),
    }
}

/// What a failure of reqwest means. Its URL is taken out: path and query may hold ids.
pub(crate) fn failure(error: reqwest::Error) -> Error {
    let error = error.without_url();
    let timed_out = error.is_timeout();
    let (kind, message) = match () {
        () if error.is_connect() && timed_out => (ErrorKind::Connect, "no connection in time"),
        () if error.is_connect() && is_tls(&error) => (ErrorKind::Tls, ""),
        () if error.is_connect() && is_dns(&error) => (
            ErrorKind::Connect,
            "no connection: the host's name is not known",
        ),
        () if error.is_connect() => (ErrorKind::Connect, ""),
        () if timed_out => (ErrorKind::Timeout, ""),
        () if error.is_builder() => (ErrorKind::InvalidRequest, ""),
        () if error.is_redirect() => (ErrorKind::UnexpectedAnswer, "the answer is a redirect"),
        () => (ErrorKind::Transport, ""),
    };
    let mut failure = Error::new(kind, message).with_source(error);
    if timed_out {
        failure.set_timed_out();
    }
    failure
}

/// The causes of an error, outermost first. An I/O error hides the one that it carries, so that is asked for.
fn causes<'a>(
    error: &'a reqwest::Error,
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |&error| {
        match error.downcast_ref::<std::io::Error>() {
            Some(io) => io
                .get_ref()
                .map(|carried| carried as &(dyn std::error::Error + 'static)),
            None => error.source(),
        }
    })
}

#[cfg(feature = "rustls")]
fn is_tls(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.is::<rustls::Error>())
}

#[cfg(not(feature = "rustls"))]
fn is_tls(_: &reqwest::Error) -> bool {
    false
}

/// The connector has no type for it, but its own fixed words.
fn is_dns(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.to_string().starts_with("dns error"))
}
