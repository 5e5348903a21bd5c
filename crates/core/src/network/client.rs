//! Makes the HTTP client from the settings for proxies and TLS.

use super::connections::Connections;
#[cfg(feature = "rustls")]
use super::connections::Pool;
use super::proxy::Proxy;
use super::route::Route;
#[cfg(feature = "rustls")]
use super::tls;
use super::trust::{TlsVersion, Trust};
use crate::error::Error;
use std::time::Duration;

/// The time after which the client closes an idle connection. The client should close an idle connection before the
/// server closes it.
///
/// By default, Node.js servers close an idle connection after 5 seconds. Gateways close an idle connection after a
/// minute. If the server closes a connection during a request, the request fails. Then the client does not know whether
/// the server executed the request. So the client cannot retry an unsafe request.
#[cfg(feature = "rustls")]
const IDLE: Duration = Duration::from_secs(4);

/// Returns a builder for the HTTP client that this crate uses by default.
///
/// Add your own settings to the returned builder, such as another DNS resolver. Then pass the finished client to
/// [`ConfigBuilder::http_client`](crate::ConfigBuilder::http_client). This client cannot be combined with the methods
/// of `ConfigBuilder` for proxies, root certificates, a client certificate and the TLS version. If these methods are
/// enough for your program, do not make your own client.
///
/// TLS uses rustls with ring and the certificates of the platform. This function changes no global state. The client
/// follows no redirects, because a redirect could send a token to another server. The client does not read proxies from
/// the environment. `connect_timeout` is the time limit for opening a connection.
///
/// Do not use `reqwest::Client::new()`. Without a global crypto provider for TLS, `reqwest::Client::new()` panics.
///
/// The TLS settings of reqwest, such as more certificates, have no effect on this builder, because TLS is already
/// configured. To trust your own certificate authority, pass your own `rustls::ClientConfig` to the method
/// `tls_backend_preconfigured` of this builder. If you do not make your own client, call
/// [`ConfigBuilder::root_certificate`](crate::ConfigBuilder::root_certificate) instead.
///
/// # Errors
/// Returns an error if TLS cannot be set up.
#[cfg(feature = "rustls")]
pub fn http_client_builder(connect_timeout: Duration) -> Result<reqwest::ClientBuilder, Error> {
    Ok(client_builder(
        connect_timeout,
        tls::client(&Trust::default())?,
    ))
}

#[cfg(feature = "rustls")]
fn client_builder(connect_timeout: Duration, tls: rustls::ClientConfig) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(IDLE)
        .tls_backend_preconfigured(tls)
}

/// The settings of [`ConfigBuilder`](crate::ConfigBuilder) that the HTTP client uses.
#[derive(Clone, Default)]
pub(crate) struct Network {
    pub proxy: Option<Proxy>,
    pub trust: Trust,
}

impl Network {
    pub(crate) fn has_identity(&self) -> bool {
        self.trust.identity.is_some()
    }

    /// Returns an error if the program has set a proxy, a certificate, or a TLS version other than the default. If the
    /// program passes its own HTTP client, the builder calls this function, because that client does not use these
    /// settings.
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
                "{what} given, but the given http_client does not use this setting"
            ))
            .with_help("give it to that client, or do not set http_client()")),
            None => Ok(()),
        }
    }

    /// Makes the HTTP clients, and the route that decides which requests use the proxy.
    #[cfg(feature = "rustls")]
    pub(crate) fn connections(
        &self,
        connect_timeout: Duration,
    ) -> Result<(Connections, Route), Error> {
        let (proxy, route) = match self.proxy.clone().unwrap_or_default().resolve()? {
            Some((proxy, route)) => (Some(proxy), route),
            None => (None, Route::default()),
        };
        let tls = tls::client(&self.trust)?;
        // All clones of a TLS configuration share their TLS sessions. So a new connection can resume an earlier
        // session.
        let make = move |pool: Pool| {
            let builder = client_builder(connect_timeout, tls.clone());
            let builder = match pool {
                Pool::Kept => builder,
                Pool::None => builder.pool_max_idle_per_host(0),
            };
            let builder = match &proxy {
                Some(proxy) => builder.proxy(proxy.clone()),
                None => builder,
            };
            builder.build().map_err(|error| {
                Error::config("the HTTP client cannot be made").with_source(error.without_url())
            })
        };
        Ok((Connections::made_by(make)?, route))
    }

    /// Returns an error, because this crate cannot make an HTTP client without the feature `rustls`.
    #[cfg(not(feature = "rustls"))]
    pub(crate) fn connections(&self, _: Duration) -> Result<(Connections, Route), Error> {
        Err(Error::config("no HTTP client")
            .with_help("give one by http_client(), or turn on this crate's feature `rustls`"))
    }
}
