//! The HTTP client. It is made from the configured proxies and trust.

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

/// Idle connections are closed before servers close them. The shortest common limit is 5 seconds (Node.js), gateways
/// have a minute. If a request meets a connection that is closing, it fails, and it is not known whether it was
/// executed. An unsafe request cannot be repeated then.
#[cfg(feature = "rustls")]
const IDLE: Duration = Duration::from_secs(4);

/// Our HTTP client before it is made. You can add your own settings (another resolver, other pools), for
/// [`ConfigBuilder::http_client`](crate::ConfigBuilder::http_client). Proxies, authorities, a client certificate and
/// the version of TLS do not need it: the configuration's builder takes them.
///
/// TLS is by rustls and ring, with the platform's certificates and without global state. The client follows no
/// redirects, because a token must not follow one. It takes no proxies from the environment, and connects within
/// `connect_timeout`.
///
/// Start from this client. A plain `reqwest::Client::new()` panics in a build whose TLS has no global provider.
/// reqwest's own settings of TLS, such as more certificates, have no effect here, because the TLS is made already. Give
/// your own authority to [`ConfigBuilder::root_certificate`](crate::ConfigBuilder::root_certificate). Or give your own
/// `rustls::ClientConfig` to the result, by `tls_backend_preconfigured`.
///
/// # Errors
/// TLS cannot be set up.
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

/// The settings of [`ConfigBuilder`](crate::ConfigBuilder) for the HTTP client.
#[derive(Clone, Default)]
pub(crate) struct Network {
    pub proxy: Option<Proxy>,
    pub trust: Trust,
}

impl Network {
    pub(crate) fn has_identity(&self) -> bool {
        self.trust.identity.is_some()
    }

    /// Refuses settings that a client of the caller does not know.
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
                "{what} given, but the given http_client does not use it"
            ))
            .with_help("give it to that client, or leave http_client() out")),
            None => Ok(()),
        }
    }

    /// The connections, and the requests that go through a proxy.
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
        // A clone of the TLS configuration shares its sessions, so a new connection resumes a session.
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

    /// Without the feature for TLS, this crate cannot make a client.
    #[cfg(not(feature = "rustls"))]
    pub(crate) fn connections(&self, _: Duration) -> Result<(Connections, Route), Error> {
        Err(Error::config("no HTTP client")
            .with_help("give one by http_client(), or turn on this crate's feature `rustls`"))
    }
}
