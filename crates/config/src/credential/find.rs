//! Makes credentials from the settings of one source.

use super::kind::{CredentialKind, kinds_in_order};
use super::stated::{Stated, stated_agency};
use crate::address::target::Target;
use crate::context::Context;
use crate::login::{Login, Scope};
use crate::provider::{
    AgencyCredentials, IdToken, IdentityProviderCredentials, PasswordCredentials,
};
use crate::settings::environment::Names;
use crate::settings::half_set::HalfSet;
use crate::settings::table::{Table, whole_seconds};
use crate::settings::values::Values;
use huaweicloud_core::{Config, Error, ErrorKind, ProvideCredential};
use std::sync::Arc;

/// Credentials, and the target of the requests that use them.
pub(crate) struct Found {
    pub credentials: Arc<dyn ProvideCredential>,
    pub target: Box<Target>,
}

/// Returns the credentials of the first kind that the table contains. Returns `None` if the table has no credentials.
pub(crate) fn find_any(table: &Table<'_>, context: &Context) -> Result<Option<Found>, Error> {
    for kind in kinds_in_order(table)? {
        if let Some(found) = find_kind(kind, table, context)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Returns the credentials of this kind in the table, or `None` if the table has no setting of this kind. If the table
/// names an agency, the credentials act as the agency.
pub(crate) fn find_kind(
    kind: CredentialKind,
    table: &Table<'_>,
    context: &Context,
) -> Result<Option<Found>, Error> {
    if !kind.is_set(table) {
        return Ok(None);
    }
    let values = Values::from_table(table)?;
    let half_set = |half: HalfSet| half.error(table.place);
    let duration = values.agency_duration.as_ref();
    let duration = duration.map(|found| whole_seconds(found, table.place));
    let agency = stated_agency(&values, duration.transpose()?).map_err(half_set)?;
    let stated = Stated::from_values(kind, &values, agency.is_some()).map_err(half_set)?;
    let mut target = Target::for_values(context, &values)?;
    if kind == CredentialKind::IdentityProvider {
        target = target.with_ids(&values);
    }
    let settings = context.settings.as_ref();
    let region = settings.and_then(Config::region).or(target.region());
    let project = settings.and_then(Config::project_id);
    if kind == CredentialKind::Password && !target.has_iam(settings) {
        return Err(no_iam(&values));
    }
    if kind != CredentialKind::AccessKey {
        target.check_addresses(context, table)?;
    }
    let config = || login_config(&target, context);
    let caller: Arc<dyn ProvideCredential> = match stated {
        Stated::AccessKey(key) => Arc::new(key),
        Stated::Token(token) => Arc::new(token),
        Stated::Login(login) if agency.is_some() => {
            Arc::new(PasswordCredentials::new(&config()?, login)?)
        }
        Stated::Login(login) => {
            let login = scoped(login, project, region);
            Arc::new(PasswordCredentials::new(&config()?, login)?)
        }
        Stated::IdentityProvider { id, file } => {
            let token = IdToken::File(context.folders.expand(&file));
            Arc::new(IdentityProviderCredentials::new(&config()?, id, token)?)
        }
    };
    let credentials = match agency {
        Some(agency) => {
            // If the agency has no project, but a region is set, the agency gets the project with the region's name.
            let agency = match (agency.scope(), region) {
                (Scope::Account, Some(region)) => agency.with_project_name(region),
                _ => agency,
            };
            Arc::new(AgencyCredentials::new(&config()?, caller, agency)?)
        }
        None => caller,
    };
    let target = target.into();
    Ok(Some(Found {
        credentials,
        target,
    }))
}

/// Returns the configuration for the login. The configuration contains no credentials.
pub(crate) fn login_config(target: &Target, context: &Context) -> Result<Config, Error> {
    let settings = context.settings.as_ref();
    target.build(target.add_to(context.builder(), settings))
}

/// Returns the login with the project for which the token must be valid.
///
/// `project` is the id in the program's settings, and overrides the project of the login. If neither of these projects
/// is set, but `region` is set, the login gets the project with the region's name. Every region has such a project.
fn scoped(login: Login, project: Option<&str>, region: Option<&str>) -> Login {
    match (project, login.scope(), region) {
        (Some(id), ..) => login.with_project_id(id),
        (None, Scope::Account, Some(region)) => login.with_project_name(region),
        _ => login,
    }
}

/// Returns the error for a password without an address of IAM and without a region. This crate then does not know which
/// IAM must receive the password.
fn no_iam(values: &Values<'_>) -> Error {
    let family = values.table.family;
    let name = values.user.as_ref().or(values.user_id.as_ref());
    let name = name.map_or("the password", |found| found.name);
    let usual = |names: Names| names.first().copied().unwrap_or_default();
    let (url, region) = (usual(family.auth_url), usual(family.region));
    let message = format!(
        "{name} is set in {}, but neither the address of IAM nor a region is set",
        values.table.place
    );
    Error::new(ErrorKind::Credentials, message).with_help(format!("set {url} or {region}"))
}
