//! Requests a list of projects or accounts from IAM, and returns the id of the only match.

use super::failure::{Candidate, Failure, Thing};
use huaweicloud_core::Error;
use huaweicloud_iam::Client;
use huaweicloud_iam::types::{Domain, ListProjectsParams, Project};

/// Every account has a project of this name for object storage. Lookups ignore this project.
const STORAGE: &str = "MOS";

/// Returns the id of the project with this name. If `name` is `None`, returns the id of the only project.
pub(super) async fn project(
    iam: &Client,
    signs: bool,
    name: Option<&str>,
) -> Result<String, Failure> {
    let thing = Thing::Project(name);
    let because = |error| Failure::because(thing, error);
    let found = match name {
        Some(name) => named(iam, signs, name).await.map_err(because)?,
        None => own(iam).await.map_err(because)?,
    };
    match <[Candidate; 1]>::try_from(found) {
        Ok([one]) => checked(thing, one),
        // No project was found. The error lists the existing projects, so that the user can correct a mistyped name. If
        // the request for this list fails, the error lists no projects.
        Err(none) if none.is_empty() => {
            Err(Failure::none(thing, &own(iam).await.unwrap_or_default()))
        }
        Err(several) => Err(Failure::several(thing, &several)),
    }
}

/// Returns the id of the only account that IAM lists.
pub(super) async fn domain(iam: &Client) -> Result<String, Failure> {
    let answer = iam.list_auth_domains().await;
    let answer = answer.map_err(|error| Failure::because(Thing::Domain, error))?;
    let domains = answer.into_inner().domains;
    let found: Vec<Candidate> = domains
        .into_iter()
        .filter_map(Candidate::from_domain)
        .collect();
    match <[Candidate; 1]>::try_from(found) {
        Ok([one]) => checked(Thing::Domain, one),
        Err(none) if none.is_empty() => Err(Failure::none(Thing::Domain, &[])),
        Err(several) => Err(Failure::several(Thing::Domain, &several)),
    }
}

/// Returns the id of the candidate. The client writes the id into paths and headers. So if the id is empty, or has
/// other characters than ASCII letters, digits, `-` and `_`, returns a failure.
fn checked(thing: Thing<'_>, one: Candidate) -> Result<String, Failure> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if one.id.is_empty() || !one.id.bytes().all(allowed) {
        return Err(Failure::no_id(thing));
    }
    tracing::debug!(target: "huaweicloud", found = thing.text(), id = one.id, "looked up");
    Ok(one.id)
}

/// Returns the projects with this name.
///
/// If the requests are signed, this function reads the projects of the account, as the official SDKs do. If the
/// requests have a token, or IAM answers status 403, the function reads the projects that the caller can use. This list
/// needs no permission.
async fn named(iam: &Client, signs: bool, name: &str) -> Result<Vec<Candidate>, Error> {
    let mut found = None;
    if signs {
        let params = ListProjectsParams::default().with_name(name);
        found = match iam.list_projects(&params).await {
            Ok(answer) => Some(candidates(answer.into_inner().projects)),
            Err(error) if error.status() == Some(403) => None,
            Err(error) => return Err(error),
        };
    }
    let mut found = match found {
        Some(found) => found,
        None => own(iam).await?,
    };
    found.retain(|one| one.name == name);
    Ok(found)
}

async fn own(iam: &Client) -> Result<Vec<Candidate>, Error> {
    let answer = iam.list_auth_projects().await?;
    Ok(candidates(answer.into_inner().projects))
}

fn candidates(projects: Vec<Project>) -> Vec<Candidate> {
    let mut found: Vec<_> = projects
        .into_iter()
        .filter_map(Candidate::from_project)
        .collect();
    found.retain(|one| one.name != STORAGE);
    found
}

impl Candidate {
    fn from_project(project: Project) -> Option<Self> {
        (project.enabled != Some(false)).then_some(Self {
            name: project.name.unwrap_or_default(),
            id: project.id?,
        })
    }

    fn from_domain(domain: Domain) -> Option<Self> {
        (domain.enabled != Some(false)).then_some(Self {
            name: domain.name.unwrap_or_default(),
            id: domain.id?,
        })
    }
}
