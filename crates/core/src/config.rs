//! The settings that clients share: credentials, region, limits and connections.

use crate::budget::{Bucket, RetryBudget};
use crate::check::short_name;
use crate::credential::ProvideCredential;
use crate::intercept::Interceptors;
use crate::network::{Connections, Route};
use crate::retry::RetryPolicy;
use crate::settings::Settings;
use crate::sign::SigningAlgorithm;
use crate::transport::Transport;
use http::HeaderValue;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The settings that clients share. A program can make any number of clients from one configuration. Cloning a
/// configuration is cheap, and all clones share the connections.
#[derive(Clone)]
pub struct Config(Arc<Shared>);

#[derive(Clone)]
struct Shared {
    settings: Settings,
    connections: Connections,
    route: Route,
    user_agent: HeaderValue,
    bucket: Arc<Bucket>,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Config").field(&self.0.settings).finish()
    }
}

impl Config {
    pub(crate) fn new(
        settings: Settings,
        connections: Connections,
        route: Route,
        user_agent: HeaderValue,
    ) -> Self {
        Self(Arc::new(Shared {
            bucket: Arc::new(Bucket::new(settings.retry_budget)),
            settings,
            connections,
            route,
            user_agent,
        }))
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Returns this configuration with other credentials. Both configurations share the connections and the retry
    /// budget.
    #[must_use]
    pub fn with_credentials(&self, credentials: impl ProvideCredential) -> Self {
        let mut shared = (*self.0).clone();
        shared.settings.credentials = Some(Arc::new(credentials));
        Self(Arc::new(shared))
    }

    /// The region, such as `eu-de`. `None` if no region is set.
    pub fn region(&self) -> Option<&str> {
        self.0.settings.region.as_deref()
    }

    /// The project in which operations act. `None` if no project is set.
    pub fn project_id(&self) -> Option<&str> {
        self.0.settings.project_id.as_deref()
    }

    /// The id of the account. `None` if no account is set.
    pub fn domain_id(&self) -> Option<&str> {
        self.0.settings.domain_id.as_deref()
    }

    /// The source of credentials. `None` if no source is set.
    pub fn credentials(&self) -> Option<&Arc<dyn ProvideCredential>> {
        self.0.settings.credentials.as_ref()
    }

    /// The address that was set for a service. `None` if no address was set. `service` is the short name of the
    /// service. Several addresses are separated by commas.
    pub fn endpoint(&self, service: &str) -> Option<&str> {
        let name = short_name(service);
        self.0.settings.endpoints.get(&name).map(String::as_str)
    }

    /// The address that was set for a service in a region. `None` if no address was set. `service` is the short name of
    /// the service. Several addresses are separated by commas.
    pub fn region_endpoint(&self, service: &str, region: &str) -> Option<&str> {
        let regions = self.0.settings.region_endpoints.get(&short_name(service))?;
        regions.get(region).map(String::as_str)
    }

    /// The short names of the services for which [`ConfigBuilder::endpoint`](crate::ConfigBuilder::endpoint) or
    /// [`ConfigBuilder::endpoints`](crate::ConfigBuilder::endpoints) set an address.
    pub fn endpoint_names(&self) -> impl Iterator<Item = &str> {
        self.0.settings.endpoints.keys().map(String::as_str)
    }

    /// The regions for which the configuration contains an address of the service.
    pub(crate) fn regions_of(&self, service: &str) -> impl Iterator<Item = &str> {
        let regions = self.0.settings.region_endpoints.get(&short_name(service));
        regions
            .into_iter()
            .flatten()
            .map(|(region, _)| region.as_str())
    }

    /// The time limit of a whole call.
    pub fn timeout(&self) -> Duration {
        self.0.settings.timeout
    }

    /// The time limit of one attempt. `None` if an attempt has no limit of its own.
    pub fn attempt_timeout(&self) -> Option<Duration> {
        self.0.settings.attempt_timeout
    }

    /// The time limit for opening a connection.
    pub fn connect_timeout(&self) -> Duration {
        self.0.settings.connect_timeout
    }

    /// The largest size of an answer, in bytes. The limit does not apply to a [`Download`](crate::Download).
    pub fn max_answer(&self) -> usize {
        self.0.settings.max_answer
    }

    /// The rules for when and how often the client retries a request.
    pub fn retry_policy(&self) -> &RetryPolicy {
        &self.0.settings.retry
    }

    /// The limit of retries for all clients of the configuration together.
    pub fn retry_budget(&self) -> &RetryBudget {
        &self.0.settings.retry_budget
    }

    pub(crate) fn bucket(&self) -> &Bucket {
        &self.0.bucket
    }

    pub(crate) fn interceptors(&self) -> &Interceptors {
        &self.0.settings.interceptors
    }

    /// The route of requests: it decides which requests use the proxy.
    pub(crate) fn route(&self) -> &Route {
        &self.0.route
    }

    pub(crate) fn user_agent(&self) -> &HeaderValue {
        &self.0.user_agent
    }

    /// The algorithm that signs requests if the credential is an access key.
    pub fn signing_algorithm(&self) -> SigningAlgorithm {
        self.0.settings.signing
    }

    /// Returns whether the program set the HTTP client, by
    /// [`ConfigBuilder::http_client`](crate::ConfigBuilder::http_client).
    pub fn has_http_client(&self) -> bool {
        self.0.settings.http_client.is_some()
    }

    /// Returns whether a client certificate was set, by [`ConfigBuilder::identity`](crate::ConfigBuilder::identity) or
    /// [`ConfigBuilder::identity_files`](crate::ConfigBuilder::identity_files).
    pub fn has_identity(&self) -> bool {
        self.0.settings.network.has_identity()
    }

    /// The HTTP client with its connections. If the program set no HTTP client, each runtime has its own client. In
    /// this case, this method returns the client that was made first.
    pub fn http_client(&self) -> &reqwest::Client {
        self.0.connections.client()
    }

    /// The transport that sends requests instead of the HTTP client. `None` if the program set no transport.
    pub(crate) fn transport(&self) -> Option<&dyn Transport> {
        self.0.settings.transport.as_deref()
    }

    pub(crate) fn connections(&self) -> &Connections {
        &self.0.connections
    }
}
