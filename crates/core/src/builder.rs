//! How a configuration is made.

use crate::agent::user_agent;
use crate::budget::RetryBudget;
use crate::config::Config;
use crate::credential::{AccessKey, ProvideCredential, Token};
use crate::endpoint;
use crate::error::Error;
use crate::intercept::{Intercept, Interceptors};
use crate::network::{Network, Route};
use crate::options::check_times;
use crate::region::check_region;
use crate::retry::RetryPolicy;
use crate::secret::Secret;
use crate::sign::SigningAlgorithm;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Collects settings for a [`Config`].
#[derive(Clone)]
#[must_use]
pub struct ConfigBuilder {
    pub(crate) region: Option<String>,
    pub(crate) project_id: Option<String>,
    pub(crate) domain_id: Option<String>,
    pub(crate) credentials: Option<Arc<dyn ProvideCredential>>,
    pub(crate) endpoints: BTreeMap<String, String>,
    /// By service, then by region.
    pub(crate) region_endpoints: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) max_answer: usize,
    pub(crate) retry: RetryPolicy,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) retry_budget: RetryBudget,
    pub(crate) interceptors: Interceptors,
    pub(crate) user_agent: Option<String>,
    pub(crate) network: Network,
    pub(crate) http_client: Option<reqwest::Client>,
    pub(crate) signing: SigningAlgorithm,
}

impl Default for ConfigBuilder {
    fn default() -> Self {
        Self {
            region: None,
            project_id: None,
            domain_id: None,
            credentials: None,
            endpoints: BTreeMap::new(),
            region_endpoints: BTreeMap::new(),
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            max_answer: 64 << 20,
            retry: RetryPolicy::default(),
            attempt_timeout: None,
            retry_budget: RetryBudget::default(),
            interceptors: Interceptors::default(),
            user_agent: None,
            network: Network::default(),
            http_client: None,
            signing: SigningAlgorithm::default(),
        }
    }
}

/// Without the HTTP client, whose default headers may carry secrets, and without addresses and files, which nobody has checked yet.
impl fmt::Debug for ConfigBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigBuilder")
            .field("region", &self.region)
            .field("project_id", &self.project_id)
            .field("domain_id", &self.domain_id)
            .field("credentials", &self.credentials)
            .field("endpoints", &self.endpoints.keys())
            .field("region_endpoints", &self.region_endpoints.keys())
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("max_answer", &self.max_answer)
            .field("retry", &self.retry)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("retry_budget", &self.retry_budget)
            .field("interceptors", &self.interceptors)
            .field("user_agent", &self.user_agent)
            .field("signing", &self.signing)
            .finish_non_exhaustive()
    }
}

impl ConfigBuilder {
    /// The region: `eu-de`. It chooses the endpoints.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The project to act in. It goes before the one that a credential names.
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.project_id = Some(id.into());
        self
    }

    /// The account, for signed calls of services that know no projects.
    pub fn domain_id(mut self, id: impl Into<String>) -> Self {
        self.domain_id = Some(id.into());
        self
    }

    /// Where credentials come from. Without any, only operations that need none can be called.
    pub fn credentials(mut self, credentials: impl ProvideCredential) -> Self {
        self.credentials = Some(Arc::new(credentials));
        self
    }

    /// A token that was issued elsewhere. It is not renewed.
    pub fn token(self, token: impl Into<Secret>) -> Self {
        self.credentials(Token::new(token))
    }

    /// A permanent access key (AK and SK).
    pub fn access_key(self, access: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.credentials(AccessKey::new(access, secret))
    }

    /// The address of a service, by its short name (`dcs`, `roma-link` or `roma_link`), instead of its region's; or several, separated by
    /// commas, as [`endpoints`](Self::endpoints). Without the version that the paths of operations begin with: a call at
    /// `https://iam.example.com/v3` is an error that says so, and nothing is sent.
    pub fn endpoint(mut self, service: impl AsRef<str>, url: impl Into<String>) -> Self {
        self.endpoints
            .insert(short_name(service.as_ref()), url.into());
        self
    }

    /// The address of a service in one region (or several, separated by commas), before the documented one; also for a region that
    /// is not documented. [`endpoint`](Self::endpoint) goes before it.
    pub fn region_endpoint(
        mut self,
        service: impl AsRef<str>,
        region: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        let regions = self.region_endpoints.entry(short_name(service.as_ref()));
        regions.or_default().insert(region.into(), url.into());
        self
    }

    /// Several addresses of a service, in the order of preference. A request goes on to the next one where it surely never left:
    /// the name is not known, there is no connection, or no secure one. So it does for every operation, at most once for each address
    /// and attempt. Clients stay with an address that works, until it does not.
    pub fn endpoints<U: AsRef<str>>(
        self,
        service: impl AsRef<str>,
        urls: impl IntoIterator<Item = U>,
    ) -> Self {
        let urls: Vec<U> = urls.into_iter().collect();
        let urls: Vec<&str> = urls.iter().map(AsRef::as_ref).collect();
        self.endpoint(service, urls.join(","))
    }

    /// The time for a whole call: all attempts, the waits between them, and getting the credential. 60 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The time for sending a request once and taking its answer in, within the time for the whole call; no limit of its own by
    /// default. With one, a safe operation that hangs is repeated while there is time. Longer than
    /// [`connect_timeout`](Self::connect_timeout) where there are several endpoints: only that tells that a request never left.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// The time for making a connection, TLS included: 10 seconds by default. A client given by
    /// [`http_client`](Self::http_client) has its own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The largest answer that is read, in bytes: 64 MiB by default. A larger one is an error.
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.max_answer = bytes;
        self
    }

    /// When and how often a request is repeated.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many repeats all clients of the configuration may make together.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Adds an interceptor, behind those that were added before: see [`Intercept`].
    pub fn intercept(mut self, interceptor: impl Intercept) -> Self {
        self.interceptors.push(interceptor);
        self
    }

    /// The application's name, such as `app/1.0`, to stand behind ours in the header `User-Agent`. At most 200 printable ASCII
    /// characters. Without it the header names this crate and its version; nothing in it is about the machine.
    pub fn user_agent(mut self, application: impl Into<String>) -> Self {
        self.user_agent = Some(application.into());
        self
    }

    /// How requests are signed, where the credential is an access key: `SDK-HMAC-SHA256` by default, which both clouds take.
    pub fn signing_algorithm(mut self, algorithm: SigningAlgorithm) -> Self {
        self.signing = algorithm;
        self
    }

    /// An HTTP client of your own: another resolver, connection limits. Best made from `http_client_builder`; else turn its
    /// redirects off (`reqwest::redirect::Policy::none()`): a redirected call is an error, but its token was sent by then.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Checks everything and makes the HTTP client.
    ///
    /// # Errors
    /// A value that cannot be used (named in the error), a certificate or key that cannot be read, or no TLS in this build and no
    /// client given.
    pub fn build(self) -> Result<Config, Error> {
        self.check()?;
        let (client, route) = match &self.http_client {
            Some(client) => {
                self.network.check_unset()?;
                (client.clone(), Route::default())
            }
            None => self.network.client(self.connect_timeout)?,
        };
        let user_agent = user_agent(self.user_agent.as_deref())?;
        Ok(Config::new(self, client, route, user_agent))
    }

    fn check(&self) -> Result<(), Error> {
        let ids = [
            ("project_id", &self.project_id),
            ("domain_id", &self.domain_id),
        ];
        for (name, id) in ids {
            check_id(name, id.as_deref())?;
        }
        if let Some(region) = &self.region {
            check_region(region)?;
        }
        for (service, url) in &self.endpoints {
            endpoint::parse_all(service, url)?;
        }
        for (service, regions) in &self.region_endpoints {
            for (region, url) in regions {
                check_region(region)?;
                endpoint::parse_all(service, url)?;
            }
        }
        check_times(&[
            ("timeout", Some(self.timeout)),
            ("attempt_timeout", self.attempt_timeout),
            ("connect_timeout", Some(self.connect_timeout)),
        ])?;
        self.retry.check()
    }
}

/// Refuses what neither a path nor a header could carry.
pub(crate) fn check_id(name: &str, id: Option<&str>) -> Result<(), Error> {
    match id {
        Some(id)
            if id.is_empty()
                || !id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') =>
        {
            let error = Error::config(format!("{name} is not an id"));
            Err(error.with_help("give the 32 hexadecimal digits that the console shows under \"API Credentials\", not the name"))
        }
        _ => Ok(()),
    }
}

/// Rust writes the same name with an underscore.
pub(crate) fn short_name(service: &str) -> String {
    service.replace('_', "-")
}
