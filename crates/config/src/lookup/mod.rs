//! Asks IAM for the project and the account of credentials that do not name them.

mod ask;
mod failure;
mod flight;

use crate::address::project_region::region_of_project;
use crate::provider::iam;
use flight::Flight;
use huaweicloud_core::{BoxFuture, Config, Credential, Error, ProvideCredential};
use huaweicloud_iam::Client;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Credentials that find their project and their account by themselves. The first call that needs one asks IAM. The
/// answer is kept as long as this value lives.
///
/// * An operation in a project gets the project of the given name. It must be in the client's region (`eu-de_team` is
///   in `eu-de`) or in none. Otherwise the operation gets the project with the region's name. An access key without
///   name and region gets the only project. A token is for one project, so it needs one of the two.
/// * A signature for no project gets the account.
/// * If several calls need the same id, one of them asks, and the others wait. If it fails, all waiting calls get the
///   error, and the next call asks again. After several failures there are pauses of up to a minute. During a pause,
///   calls get the last error.
/// * No project, or several of the same name, are an error that lists the projects. It is an error, too, if IAM does
///   not answer.
///
/// An id that a credential, the configuration or a client names is not looked up. [`load`](crate::load) uses this for all credentials.
pub struct Lookup {
    credentials: Arc<dyn ProvideCredential>,
    config: Config,
    project_name: Option<String>,
    /// By the name of the project. Without a name, the key is the empty text.
    projects: Mutex<HashMap<String, Arc<Flight>>>,
    domain: Flight,
}

/// Without the ids that were found, because their number grows with use.
impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup")
            .field("credentials", &self.credentials)
            .field("project_name", &self.project_name)
            .finish_non_exhaustive()
    }
}

impl Lookup {
    /// Asks the IAM of this configuration: the endpoint given for `iam`, or the IAM of its region or of the client's region.
    /// The requests use the configuration's limits and its HTTP client, but not its credentials. Nothing is sent yet.
    pub fn new(config: &Config, credentials: impl ProvideCredential) -> Self {
        Self {
            credentials: Arc::new(credentials),
            config: config.clone(),
            project_name: None,
            projects: Mutex::default(),
            domain: Flight::default(),
        }
    }

    /// Names the project of the calls: `eu-de_team`.
    #[must_use]
    pub fn with_project_name(mut self, name: impl Into<String>) -> Self {
        self.project_name = Some(name.into());
        self
    }

    /// The name of the project for a client of this region.
    fn name<'a>(&'a self, region: Option<&'a str>) -> Option<&'a str> {
        let own = self.project_name.as_deref().filter(|name| {
            let of = region_of_project(name);
            region.is_none() || of.is_none() || of == region
        });
        own.or(region)
    }

    fn project(&self, name: &str) -> Arc<Flight> {
        let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = projects.get(name) {
            return Arc::clone(flight);
        }
        Arc::clone(projects.entry(name.to_owned()).or_default())
    }

    /// The IAM of this region.
    fn iam(&self, region: Option<&str>) -> Result<Client, Error> {
        let own = iam::client(&self.config)?.with_credentials(Arc::clone(&self.credentials));
        match region {
            Some(region)
                if self.config.endpoint("iam").is_none()
                    && self.config.region() != Some(region) =>
            {
                own.with_region(region)
            }
            _ => Ok(own),
        }
    }
}

impl ProvideCredential for Lookup {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        self.credentials.credential()
    }

    fn accepted(&self, credential: &Credential) {
        self.credentials.accepted(credential);
    }

    fn is_unproven(&self, credential: &Credential) -> bool {
        self.credentials.is_unproven(credential)
    }

    fn refused(&self, credential: &Credential) -> bool {
        self.credentials.refused(credential)
    }

    fn project_id<'a>(
        &'a self,
        region: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Option<String>, Error>> {
        Box::pin(async move {
            if let Some(known) = self.credentials.project_id(region).await? {
                return Ok(Some(known));
            }
            let name = self.name(region);
            let flight = self.project(name.unwrap_or_default());
            if let Some(known) = flight.known() {
                return Ok(Some(known));
            }
            let credential = self.credentials.credential().await?;
            let signs = matches!(credential, Credential::AccessKey(_));
            if name.is_none() && !signs {
                return Ok(None);
            }
            let iam = self.iam(region)?;
            flight.get(ask::project(&iam, signs, name)).await.map(Some)
        })
    }

    fn domain_id<'a>(
        &'a self,
        region: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Option<String>, Error>> {
        Box::pin(async move {
            if let Some(known) = self.credentials.domain_id(region).await? {
                return Ok(Some(known));
            }
            if let Some(known) = self.domain.known() {
                return Ok(Some(known));
            }
            let iam = self.iam(region)?;
            self.domain.get(ask::domain(&iam)).await.map(Some)
        })
    }
}
