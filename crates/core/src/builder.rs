//! The builder of a configuration.

use crate::agent::user_agent;
use crate::budget::RetryBudget;
use crate::check::{check_id, check_region, check_times, short_name};
use crate::config::Config;
use crate::credential::{AccessKey, ProvideCredential, Token};
use crate::error::Error;
use crate::intercept::Intercept;
use crate::network::{Connections, Pem, Proxy, Route, TlsVersion};
use crate::parse_address::parse_all;
use crate::retry::RetryPolicy;
use crate::secret::Secret;
use crate::settings::Settings;
use crate::sign::SigningAlgorithm;
use crate::transport::Transport;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Collects settings for a [`Config`].
#[derive(Clone, Default)]
#[must_use]
pub struct ConfigBuilder(Settings);

impl fmt::Debug for ConfigBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Config {
    /// A builder with the defaults only.
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::default()
    }

    /// A builder with the same settings. The result does not share the bucket of the retry budget. It shares the
    /// connections only if the HTTP client was given.
    pub fn to_builder(&self) -> ConfigBuilder {
        ConfigBuilder(self.settings().clone())
    }
}

impl ConfigBuilder {
    /// The region, such as `eu-de`. It chooses the endpoints.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.0.region = Some(region.into());
        self
    }

    /// The project to act in. It has priority over the project of a credential.
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.0.project_id = Some(id.into());
        self
    }

    /// The account. Signed calls of services without projects use it.
    pub fn domain_id(mut self, id: impl Into<String>) -> Self {
        self.0.domain_id = Some(id.into());
        self
    }

    /// The source of credentials. Without a source, only operations that need no credential can be called.
    pub fn credentials(mut self, credentials: impl ProvideCredential) -> Self {
        self.0.credentials = Some(Arc::new(credentials));
        self
    }

    /// A token that the program already has. It is not renewed.
    pub fn token(self, token: impl Into<Secret>) -> Self {
        self.credentials(Token::new(token))
    }

    /// A permanent access key (AK and SK).
    pub fn access_key(self, access: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.credentials(AccessKey::new(access, secret))
    }

    /// The address of a service, in place of the address of its region. The service is given by its short name (`dcs`,
    /// `roma-link` or `roma_link`). Several addresses are separated by commas, as in [`endpoints`](Self::endpoints).
    ///
    /// The address does not contain the version that the paths of operations begin with. With
    /// `https://iam.example.com/v3`, a call is an error that says so, and sends nothing.
    pub fn endpoint(mut self, service: impl AsRef<str>, url: impl Into<String>) -> Self {
        self.0
            .endpoints
            .insert(short_name(service.as_ref()), url.into());
        self
    }

    /// The address of a service in one region, in place of the documented address. Several addresses are separated by
    /// commas. The region can be an undocumented one. An address of [`endpoint`](Self::endpoint) has priority.
    pub fn region_endpoint(
        mut self,
        service: impl AsRef<str>,
        region: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        let regions = self.0.region_endpoints.entry(short_name(service.as_ref()));
        regions.or_default().insert(region.into(), url.into());
        self
    }

    /// Several addresses of a service, in the order of preference. If a request certainly did not leave, it goes to the
    /// next address. Examples are an unknown name, no connection, and no TLS connection. This is true for each
    /// operation, at most once for each address and attempt. Clients keep an address that works.
    pub fn endpoints<U: AsRef<str>>(
        self,
        service: impl AsRef<str>,
        urls: impl IntoIterator<Item = U>,
    ) -> Self {
        let urls: Vec<U> = urls.into_iter().collect();
        let urls: Vec<&str> = urls.iter().map(AsRef::as_ref).collect();
        self.endpoint(service, urls.join(","))
    }

    /// The time for a whole call: all attempts, all pauses, and the time to get the credential. 60 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.0.timeout = timeout;
        self
    }

    /// The time for one attempt: to send a request and to read its answer. It is a part of the time for the whole call.
    /// By default there is no such limit. With a limit, a safe operation that hangs is repeated while there is time. If
    /// there are several endpoints, it must be longer than [`connect_timeout`](Self::connect_timeout).
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.0.attempt_timeout = Some(timeout);
        self
    }

    /// The time to make a connection, TLS included: 10 seconds by default. A client of
    /// [`http_client`](Self::http_client) has its own limit.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.0.connect_timeout = timeout;
        self
    }

    /// The largest answer that is read, in bytes: 8 MiB by default. A larger answer is an error. Eight calls at one
    /// time can use this much memory each, further calls 1 MiB each. The decoded value needs memory in addition.
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.0.max_answer = bytes;
        self
    }

    /// The rules of when and how often a request is repeated.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.0.retry = policy;
        self
    }

    /// The limit of repeats for all clients of the configuration together.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.0.retry_budget = budget;
        self
    }

    /// Adds an interceptor after the earlier ones: see [`Intercept`].
    pub fn intercept(mut self, interceptor: impl Intercept) -> Self {
        self.0.interceptors.push(interceptor);
        self
    }

    /// The application's name, such as `app/1.0`. The header `User-Agent` has it after the name of this crate. It has
    /// at most 200 printable ASCII characters. Without it, the header contains this crate and its version. The header
    /// says nothing about the machine.
    pub fn user_agent(mut self, application: impl Into<String>) -> Self {
        self.0.user_agent = Some(application.into());
        self
    }

    /// The algorithm that signs requests if the credential is an access key. The default is `SDK-HMAC-SHA256`, which
    /// both clouds accept.
    pub fn signing_algorithm(mut self, algorithm: SigningAlgorithm) -> Self {
        self.0.signing = algorithm;
        self
    }

    /// An HTTP client of your own, such as one with another resolver or with connection limits. Make it from
    /// `http_client_builder` if possible. Otherwise turn its redirects off (`reqwest::redirect::Policy::none()`). A
    /// redirected call is an error, but the redirect target already has the token then.
    ///
    /// Calls use only this client. So a repeat can take the connection of the failed attempt again. A connection is
    /// driven by the runtime that made it. If several single-threaded runtimes take turns, give each runtime its own
    /// configuration.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.0.http_client = Some(client);
        self
    }

    /// The transport that sends the requests of calls, in place of the HTTP client: see [`Transport`]. Some sources of
    /// credentials do not use a service: they read, for example, the metadata of a server. These sources still use the
    /// HTTP client. Without the feature `rustls`, also give a client by [`http_client`](Self::http_client).
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.0.transport = Some(Arc::new(transport));
        self
    }

    /// Checks all settings and makes the HTTP client.
    ///
    /// # Errors
    /// A value is not valid: the error names it. A certificate or a key cannot be read. This build has no TLS, and no
    /// client is given.
    pub fn build(self) -> Result<Config, Error> {
        self.check()?;
        let (connections, route) = match &self.0.http_client {
            Some(client) => {
                self.0.network.check_unset()?;
                (Connections::given(client.clone()), Route::default())
            }
            None => self.0.network.connections(self.0.connect_timeout)?,
        };
        let user_agent = user_agent(self.0.user_agent.as_deref())?;
        Ok(Config::new(self.0, connections, route, user_agent))
    }

    fn check(&self) -> Result<(), Error> {
        let ids = [
            ("project_id", &self.0.project_id),
            ("domain_id", &self.0.domain_id),
        ];
        for (name, id) in ids {
            check_id(name, id.as_deref())?;
        }
        if let Some(region) = &self.0.region {
            check_region(region)?;
        }
        for (service, url) in &self.0.endpoints {
            parse_all(service, url)?;
        }
        for (service, regions) in &self.0.region_endpoints {
            for (region, url) in regions {
                check_region(region)?;
                parse_all(service, url)?;
            }
        }
        check_times(&[
            ("timeout", Some(self.0.timeout)),
            ("attempt_timeout", self.0.attempt_timeout),
            ("connect_timeout", Some(self.0.connect_timeout)),
        ])?;
        self.0.retry.check()
    }
}

/// These settings are part of the HTTP client, so they cannot be combined with [`http_client`](Self::http_client).
impl ConfigBuilder {
    /// The proxy, or no proxy: see [`Proxy`]. [`Proxy::from_environment`] by default.
    pub fn proxy(mut self, proxy: impl Into<Proxy>) -> Self {
        self.0.network.proxy = Some(proxy.into());
        self
    }

    /// Trusts these certificate authorities in addition to those of the platform. The text is one or more certificates
    /// as PEM. It may be called several times.
    pub fn root_certificate(mut self, pem: impl Into<String>) -> Self {
        let pem = Pem::text("root certificates", pem.into());
        self.0.network.trust.roots.push(pem);
        self
    }

    /// As [`root_certificate`](Self::root_certificate), from a file. [`build`](Self::build) reads the file.
    pub fn root_certificate_file(mut self, path: impl Into<PathBuf>) -> Self {
        let pem = Pem::file("root certificates", path.into());
        self.0.network.trust.roots.push(pem);
        self
    }

    /// The client certificate with its chain, and its key (PKCS#8, PKCS#1 or SEC1), both as PEM. Servers that ask for a
    /// certificate get it.
    pub fn identity(mut self, certificates: impl Into<String>, key: impl Into<Secret>) -> Self {
        self.0.network.trust.identity = Some((
            Pem::text("client certificates", certificates.into()),
            Pem::text("client certificate's key", key),
        ));
        self
    }

    /// As [`identity`](Self::identity), from files. [`build`](Self::build) reads the files.
    pub fn identity_files(
        mut self,
        certificates: impl Into<PathBuf>,
        key: impl Into<PathBuf>,
    ) -> Self {
        self.0.network.trust.identity = Some((
            Pem::file("client certificates", certificates.into()),
            Pem::file("client certificate's key", key.into()),
        ));
        self
    }

    /// The oldest accepted version of TLS: 1.2 by default.
    pub fn min_tls_version(mut self, version: TlsVersion) -> Self {
        self.0.network.trust.oldest = version;
        self
    }
}
