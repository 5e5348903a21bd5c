//! An agency that a place names beside the credentials of its caller.

use super::stated::account;
use crate::provider::Agency;
use crate::settings::table::{Table, whole_seconds};
use huaweicloud_core::Error;

/// The agency, for the project that is named for it, else for the project with this region's name.
pub(super) fn stated_agency(
    table: &Table<'_>,
    region: Option<&str>,
) -> Result<Option<Agency>, Error> {
    let family = table.family;
    let name = table.text(family.agency)?;
    let account = account(table, family.agency_domain_name, family.agency_domain_id)?;
    let (name, account) = match (name, account) {
        (Some(name), Some((_, account))) => (name, account),
        (None, None) => return Ok(None),
        (name @ Some(_), None) => {
            return Err(table.half_set(&[&name], &[family.agency_domain_name]));
        }
        (None, Some((domain, _))) => {
            return Err(table.half_set(&[&Some(domain)], &[family.agency]));
        }
    };
    let mut agency = Agency::new(account, name.value);
    if let Some(seconds) = table.text(family.agency_duration)? {
        agency = agency.with_duration(whole_seconds(&seconds, table.place)?);
    }
    let project = table.text(family.agency_project)?;
    let project = project.map(|project| project.value);
    Ok(match project.or(region.map(str::to_owned)) {
        Some(project) => Some(agency.with_project_name(project)),
        None => Some(agency),
    })
}
