//! Looks up the ids of projects and accounts at IAM, for credentials that do not contain these ids.

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

/// Credentials that look up ids at IAM: the id of a call's project and the id of the account.
///
/// The first call that needs one of these ids requests the id from IAM. The `Lookup` keeps the id until the program
/// drops the `Lookup`.
///
/// * An operation in a project uses the project with the name that [`with_project_name`](Self::with_project_name) sets.
///   If the name is missing or contains another region, the operation uses the project with the name of the client's
///   region. For example, the name `eu-de_team` contains the region `eu-de`.
/// * If neither a project name nor a region is set, a call with an access key uses the only project that IAM lists. A
///   call with a token fails, because IAM also lists projects for which the token is not valid.
/// * A signed request that belongs to no project uses the id of the account.
/// * If several calls need the same id, one call sends the request, and the other calls wait. If the request fails,
///   all waiting calls get the error. The next call sends the request again.
/// * After several failures in a row, calls get the last error for up to a minute. Then a call sends the request again.
/// * If no project matches, the call fails. The error lists up to ten existing projects, if IAM returns them.
/// * If several projects match, the call fails. The error lists up to ten of these projects.
/// * If the request to IAM fails, the call fails.
///
/// If a credential, the configuration or a client already contains the id, this type does not look up the id.
/// [`load`](crate::load) uses this type for all credentials.
pub struct Lookup {
    credentials: Arc<dyn ProvideCredential>,
    config: Config,
    project_name: Option<String>,
    /// The lookup for each name of a project. The key is the empty string for a lookup without a name.
    projects: Mutex<HashMap<String, Arc<Flight>>>,
    domain: Flight,
}

/// The output does not contain the found ids, because the number of ids grows with use.
impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup")
            .field("credentials", &self.credentials)
            .field("project_name", &self.project_name)
            .finish_non_exhaustive()
    }
}

impl Lookup {
    /// Creates credentials that look up projects and accounts at the IAM of this configuration. This function itself
    /// sends no request.
    ///
    /// The address of IAM is the configuration's endpoint for `iam`. If there is no such endpoint, the region of the
    /// calling client determines the address. If this client has no region, the configuration's region determines the
    /// address.
    ///
    /// The requests use the configuration's limits and its HTTP client, but not its credentials.
    pub fn new(config: &Config, credentials: impl ProvideCredential) -> Self {
        Self {
            credentials: Arc::new(credentials),
            config: config.clone(),
            project_name: None,
            projects: Mutex::default(),
            domain: Flight::default(),
        }
    }

    /// Sets the name of the project in which the calls act, such as `eu-de_team`.
    #[must_use]
    pub fn with_project_name(mut self, name: impl Into<String>) -> Self {
        self.project_name = Some(name.into());
        self
    }

    /// Returns the name of the project to look up for a client of this region. `None` if neither a project name nor a
    /// region is set.
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

    /// Returns a client of the IAM in this region. An endpoint in the configuration overrides the region.
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
