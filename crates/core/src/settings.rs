//! The settings of a configuration.

use crate::budget::RetryBudget;
use crate::credential::ProvideCredential;
use crate::intercept::Interceptors;
use crate::network::Network;
use crate::retry::RetryPolicy;
use crate::sign::SigningAlgorithm;
use crate::transport::Transport;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// All settings that [`ConfigBuilder`](crate::ConfigBuilder) collects and [`Config`](crate::Config) keeps.
#[derive(Clone)]
pub(crate) struct Settings {
    pub region: Option<String>,
    pub project_id: Option<String>,
    pub domain_id: Option<String>,
    pub credentials: Option<Arc<dyn ProvideCredential>>,
    pub endpoints: BTreeMap<String, String>,
    /// The addresses by service, and then by region.
    pub region_endpoints: BTreeMap<String, BTreeMap<String, String>>,
    pub timeout: Duration,
    pub connect_timeout: Duration,
    pub max_answer: usize,
    pub retry: RetryPolicy,
    pub attempt_timeout: Option<Duration>,
    pub retry_budget: RetryBudget,
    pub interceptors: Interceptors,
    pub user_agent: Option<String>,
    pub network: Network,
    pub http_client: Option<reqwest::Client>,
    pub transport: Option<Arc<dyn Transport>>,
    pub signing: SigningAlgorithm,
}

impl Default for Settings {
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
            max_answer: 8 << 20,
            retry: RetryPolicy::default(),
            attempt_timeout: None,
            retry_budget: RetryBudget::default(),
            interceptors: Interceptors::default(),
            user_agent: None,
            network: Network::default(),
            http_client: None,
            transport: None,
            signing: SigningAlgorithm::default(),
        }
    }
}

/// The output does not contain the HTTP client, because the default headers of the client can contain secrets. The
/// output also contains no addresses, because an address can contain a password before the builder has checked it.
impl fmt::Debug for Settings {
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
