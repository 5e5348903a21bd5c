//! What clients share: credentials, place, limits, and one connection pool.

use crate::builder::{ConfigBuilder, short_name};
use crate::credential::ProvideCredential;
use crate::retry::RetryPolicy;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The settings of a program, from which any number of clients are made. Cloning is cheap and shares the connections.
#[derive(Clone)]
pub struct Config(Arc<Settings>);

struct Settings {
    given: ConfigBuilder,
    client: reqwest::Client,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Config").field(&self.0.given).finish()
    }
}

impl Config {
    pub(crate) fn new(given: ConfigBuilder, client: reqwest::Client) -> Self {
        Self(Arc::new(Settings { given, client }))
    }

    /// Starts with nothing but the defaults.
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::default()
    }

    /// The same settings, to be changed. The connections are not shared with the result, unless the HTTP client was given.
    pub fn to_builder(&self) -> ConfigBuilder {
        self.0.given.clone()
    }

    /// The region: `eu-de`.
    pub fn region(&self) -> Option<&str> {
        self.0.given.region.as_deref()
    }

    /// The project to act in, if the credential does not say.
    pub fn project_id(&self) -> Option<&str> {
        self.0.given.project_id.as_deref()
    }

    /// The account.
    pub fn domain_id(&self) -> Option<&str> {
        self.0.given.domain_id.as_deref()
    }

    /// Where credentials come from.
    pub fn credentials(&self) -> Option<&Arc<dyn ProvideCredential>> {
        self.0.given.credentials.as_ref()
    }

    /// The address given for a service, by its short name.
    pub fn endpoint(&self, service: &str) -> Option<&str> {
        let name = short_name(service);
        self.0.given.endpoints.get(&name).map(String::as_str)
    }

    /// The address given for a service in a region, by the service's short name; several are separated by commas.
    pub fn region_endpoint(&self, service: &str, region: &str) -> Option<&str> {
        let regions = self.0.given.region_endpoints.get(&short_name(service))?;
        regions.get(region).map(String::as_str)
    }

    /// The short names for which addresses are given.
    pub fn endpoint_names(&self) -> impl Iterator<Item = &str> {
        self.0.given.endpoints.keys().map(String::as_str)
    }

    /// The regions that the configuration itself has for a service.
    pub(crate) fn regions_of(&self, service: &str) -> impl Iterator<Item = &str> {
        let regions = self.0.given.region_endpoints.get(&short_name(service));
        regions
            .into_iter()
            .flatten()
            .map(|(region, _)| region.as_str())
    }

    /// The time for a whole call.
    pub fn timeout(&self) -> Duration {
        self.0.given.timeout
    }

    /// The time for making a connection.
    pub fn connect_timeout(&self) -> Duration {
        self.0.given.connect_timeout
    }

    /// The largest answer that is read, in bytes.
    pub fn max_answer(&self) -> usize {
        self.0.given.max_answer
    }

    /// When and how often a request is repeated.
    pub fn retry_policy(&self) -> &RetryPolicy {
        &self.0.given.retry
    }

    /// The HTTP client, with its connections.
    pub fn http_client(&self) -> &reqwest::Client {
        &self.0.client
    }
}
