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

/// Collects the settings for a [`Config`].
#[derive(Clone, Default)]
#[must_use]
pub struct ConfigBuilder(Settings);

impl fmt::Debug for ConfigBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Config {
    /// Returns a builder with the default settings.
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::default()
    }

    /// Returns a builder with the settings of this configuration.
    ///
    /// The builder makes a new configuration with its own bucket for the retry budget. The two configurations share
    /// connections only if [`http_client`](ConfigBuilder::http_client) set the HTTP client.
    pub fn to_builder(&self) -> ConfigBuilder {
        ConfigBuilder(self.settings().clone())
    }
}

impl ConfigBuilder {
    /// Sets the region, such as `eu-de`. The region determines the addresses of the services.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.0.region = Some(region.into());
        self
    }

    /// Sets the project in which operations act. This project has priority over the project of a credential.
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.0.project_id = Some(id.into());
        self
    }

    /// Sets the id of the account. If a signed request has no project, the request contains this id. If the access key
    /// contains the id of an account, the request contains that id instead.
    pub fn domain_id(mut self, id: impl Into<String>) -> Self {
        self.0.domain_id = Some(id.into());
        self
    }

    /// Sets the source of credentials. Without a source, the program can call only operations that need no credential.
    pub fn credentials(mut self, credentials: impl ProvideCredential) -> Self {
        self.0.credentials = Some(Arc::new(credentials));
        self
    }

    /// Sets a token that the program already has. The client does not renew this token.
    pub fn token(self, token: impl Into<Secret>) -> Self {
        self.credentials(Token::new(token))
    }

    /// Sets a permanent access key (AK and SK).
    pub fn access_key(self, access: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.credentials(AccessKey::new(access, secret))
    }

    /// Sets the address of a service. This address replaces the address of the region. `service` is the short name of
    /// the service, such as `dcs`, `roma-link` or `roma_link`. To set several addresses, separate them by commas: see
    /// [`endpoints`](Self::endpoints).
    ///
    /// The address must not end with the version with which the paths of the operations begin. If the address is
    /// `https://iam.example.com/v3`, a call whose path begins with `/v3` sends nothing and returns an error.
    pub fn endpoint(mut self, service: impl AsRef<str>, url: impl Into<String>) -> Self {
        self.0
            .endpoints
            .insert(short_name(service.as_ref()), url.into());
        self
    }

    /// Sets the address of a service in one region. This address replaces the documented address. To set several
    /// addresses, separate them by commas. The region can be undocumented. An address that [`endpoint`](Self::endpoint)
    /// sets has priority.
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

    /// Sets several addresses of a service, in the order of preference.
    ///
    /// If the client cannot reach an address, it sends the request to the next address. Possible causes are an unknown
    /// host name, a failed connection, and a failed TLS handshake. The client also tries the next address for unsafe
    /// operations, because it certainly did not send the request. In one attempt, the client tries each address at most
    /// once. If the client reaches an address, later requests try this address first.
    pub fn endpoints<U: AsRef<str>>(
        self,
        service: impl AsRef<str>,
        urls: impl IntoIterator<Item = U>,
    ) -> Self {
        let urls: Vec<U> = urls.into_iter().collect();
        let urls: Vec<&str> = urls.iter().map(AsRef::as_ref).collect();
        self.endpoint(service, urls.join(","))
    }

    /// Sets the time limit of a whole call: 60 seconds by default. The limit includes all attempts, all pauses, and the
    /// time to get the credential.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.0.timeout = timeout;
        self
    }

    /// Sets the time limit of one attempt: to send a request and to read its answer. By default, this limit is not set.
    /// If an attempt tries several addresses, the limit applies to each address separately. For a
    /// [`Download`](crate::Download), the limit ends when the call returns the `Download`.
    ///
    /// The time limit of the whole call still applies. If an attempt of a safe operation exceeds its limit, the retry
    /// policy decides whether the client makes another attempt. If a service has several addresses, set a limit that is
    /// longer than [`connect_timeout`](Self::connect_timeout). With a shorter limit, the attempt can end before the
    /// client tries the next address.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.0.attempt_timeout = Some(timeout);
        self
    }

    /// Sets the time limit for opening a connection, including TLS: 10 seconds by default. An HTTP client from
    /// [`http_client`](Self::http_client) has its own limit.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.0.connect_timeout = timeout;
        self
    }

    /// Sets the largest size of an answer, in bytes: 8 MiB by default. A larger answer with a success status is an
    /// error. The limit does not apply to a [`Download`](crate::Download).
    ///
    /// At most eight calls of the configuration read an answer of more than 1 MiB at the same time. Other calls with
    /// such an answer wait after the first MiB. The decoded value needs additional memory.
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.0.max_answer = bytes;
        self
    }

    /// Sets the rules for when and how often the client retries a request.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.0.retry = policy;
        self
    }

    /// Sets the limit of retries for all clients of the configuration together.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.0.retry_budget = budget;
        self
    }

    /// Adds an interceptor: see [`Intercept`]. The interceptor runs after the interceptors that the builder already
    /// contains.
    pub fn intercept(mut self, interceptor: impl Intercept) -> Self {
        self.0.interceptors.push(interceptor);
        self
    }

    /// Sets the name of the application, such as `app/1.0`. The header `User-Agent` contains `huaweicloud-rust`, the
    /// version of this crate, and then the name of the application. The name of the application must have 1 to 200
    /// printable ASCII characters, and no space at its start or its end. The header contains no data about the machine.
    pub fn user_agent(mut self, application: impl Into<String>) -> Self {
        self.0.user_agent = Some(application.into());
        self
    }

    /// Sets the algorithm that signs requests if the credential is an access key. The default is `SDK-HMAC-SHA256`,
    /// which both clouds accept.
    pub fn signing_algorithm(mut self, algorithm: SigningAlgorithm) -> Self {
        self.0.signing = algorithm;
        self
    }

    /// Sets the HTTP client, for example a client with another resolver or with connection limits. If possible, make
    /// the client with `http_client_builder`. If this is not possible, disable the redirects of the client
    /// (`reqwest::redirect::Policy::none()`). If the client follows a redirect, the call returns an error, but the
    /// redirect target has already received the token.
    ///
    /// Calls use only this HTTP client. So a retry can use the connection of the failed attempt again. A connection
    /// works only while the runtime that opened it is running. If several runtimes run one after the other, make a
    /// configuration with its own HTTP client for each runtime.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.0.http_client = Some(client);
        self
    }

    /// Sets the transport that sends the requests of calls instead of the HTTP client: see [`Transport`].
    ///
    /// Some sources of credentials do not use the transport. For example, the source that asks the metadata service of
    /// a virtual machine has its own HTTP client. Without the feature `rustls`, [`build`](Self::build) still requires
    /// an HTTP client from [`http_client`](Self::http_client).
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.0.transport = Some(Arc::new(transport));
        self
    }

    /// Checks the settings. If the program set no HTTP client, this method also makes the HTTP client.
    ///
    /// # Errors
    /// Fails if a value is not valid. The error names the setting. Fails if a certificate or a key cannot be read.
    /// Fails if a setting cannot be combined with [`http_client`](Self::http_client). Without the feature `rustls`,
    /// fails if the program set no HTTP client.
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

/// Settings of the HTTP client that [`build`](Self::build) makes. These settings cannot be combined with
/// [`http_client`](Self::http_client).
impl ConfigBuilder {
    /// Sets the proxy, or sets that no proxy is used: see [`Proxy`]. The default is [`Proxy::from_environment`].
    pub fn proxy(mut self, proxy: impl Into<Proxy>) -> Self {
        self.0.network.proxy = Some(proxy.into());
        self
    }

    /// Adds certificate authorities to those that the platform trusts. `pem` contains one or more certificates in the
    /// PEM format. The program can call this method several times.
    pub fn root_certificate(mut self, pem: impl Into<String>) -> Self {
        let pem = Pem::text("root certificates", pem.into());
        self.0.network.trust.roots.push(pem);
        self
    }

    /// Like [`root_certificate`](Self::root_certificate), but takes a file. [`build`](Self::build) reads the file.
    pub fn root_certificate_file(mut self, path: impl Into<PathBuf>) -> Self {
        let pem = Pem::file("root certificates", path.into());
        self.0.network.trust.roots.push(pem);
        self
    }

    /// Sets the client certificate with its chain, and its key (PKCS#8, PKCS#1 or SEC1). The certificates and the key
    /// have the PEM format. The client sends the certificate if a server requests a certificate.
    pub fn identity(mut self, certificates: impl Into<String>, key: impl Into<Secret>) -> Self {
        self.0.network.trust.identity = Some((
            Pem::text("client certificates", certificates.into()),
            Pem::text("client certificate's key", key),
        ));
        self
    }

    /// Like [`identity`](Self::identity), but takes files. [`build`](Self::build) reads the files.
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

    /// Sets the oldest accepted version of TLS: 1.2 by default.
    pub fn min_tls_version(mut self, version: TlsVersion) -> Self {
        self.0.network.trust.oldest = version;
        self
    }
}
