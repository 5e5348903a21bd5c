//! An agency that a place names beside the credentials of who acts as it.

use super::kind::KINDS;
use super::variables::Variables;
use super::{Context, Source};
use crate::environment::Names;
use crate::family;
use crate::login::Account;
use crate::place::Place;
use crate::provider::{Agency, AgencyCredentials};
use crate::table::Table;
use huaweicloud_core::{Config, Error, ErrorKind, ProvideCredential};
use std::sync::Arc;
use std::time::Duration;

/// The agency, for the project that is named for it, else for the one that has the region's name.
pub(super) fn named(
    table: &Table<'_>,
    place: &Place,
    context: &Context,
) -> Result<Option<Agency>, Error> {
    let family = table.family;
    let name = table.first(family.agency)?;
    let domain = (
        table.first(family.agency_domain_name)?,
        table.first(family.agency_domain_id)?,
    );
    let account = match (&domain.0, &domain.1) {
        (Some(name), _) => Account::Name(name.value.clone()),
        (None, Some(id)) => Account::Id(id.value.clone()),
        (None, None) if name.is_none() => return Ok(None),
        (None, None) => {
            return Err(table.half_set(&[&name], &[family.agency_domain_name]));
        }
    };
    let Some(name) = name else {
        return Err(table.half_set(&[&domain.0, &domain.1], &[family.agency]));
    };
    let mut agency = Agency::new(account, name.value);
    if let Some(seconds) = table.first(family.agency_duration)? {
        let seconds = number(&seconds.value, seconds.name, table.place)?;
        agency = agency.with_duration(Duration::from_secs(seconds));
    }
    let project = table.text(family.agency_project)?;
    let region = context.settings.as_ref().and_then(Config::region);
    let region = region.or(place.region()).map(str::to_owned);
    Ok(Some(match project.or(region) {
        Some(project) => agency.with_project_name(project),
        None => agency,
    }))
}

/// Refuses an agency in variables that nothing acts as: there are no credentials of their kind, and those that were found, in `taken`, act
/// as themselves, in another account perhaps. Where there are some, they are a place of their own that was passed over.
pub(crate) fn check_used(context: &Context, taken: &str) -> Result<(), Error> {
    for family in family::ALL {
        let own = |kind| Variables(kind, family).is_set(context);
        let agency = [
            family.agency,
            family.agency_domain_name,
            family.agency_domain_id,
        ];
        let agency = agency
            .into_iter()
            .find(|names| context.environment.has(names));
        let Some(names) = agency.filter(|_| !KINDS.into_iter().any(own)) else {
            continue;
        };
        let found = context.environment.first(names)?;
        let name = found.map_or("an agency", |found| found.name);
        let usual = |names: Names| names.first().copied().unwrap_or_default();
        let (access, secret) = (usual(family.access), usual(family.secret));
        let message = format!(
            "{name} is set in the environment, but nothing would act as that agency: the credentials are from elsewhere, {taken}"
        );
        let help = format!(
            "set {access} and {secret}, or {} with what belongs to it, or unset {name}; in clouds.yaml an agency is auth.agency_name",
            usual(family.user)
        );
        return Err(Error::new(ErrorKind::Credentials, message).with_help(help));
    }
    Ok(())
}

/// A whole number of seconds.
pub(super) fn number(text: &str, name: &str, place: &str) -> Result<u64, Error> {
    text.parse().map_err(|_| {
        let message = format!("{name} in {place} is no number of seconds");
        Error::new(ErrorKind::Config, message).with_help("write a whole number such as 3600")
    })
}

pub(super) fn assumed(
    config: &Config,
    caller: Arc<dyn ProvideCredential>,
    agency: Agency,
) -> Result<Arc<dyn ProvideCredential>, Error> {
    Ok(Arc::new(AgencyCredentials::new(config, caller, agency)?))
}
