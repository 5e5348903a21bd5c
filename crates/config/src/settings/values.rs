//! Reads the settings of one source, and checks their form.

use super::environment::Variable;
use super::table::Table;
use huaweicloud_core::Error;

/// The settings of one source. A setting that is not set or is blank is `None`.
///
/// This type checks the form of each setting, so that an error can name the setting and its source.
pub(crate) struct Values<'a> {
    pub table: &'a Table<'a>,
    pub access: Option<Variable>,
    pub secret: Option<Variable>,
    pub security_token: Option<Variable>,
    pub token: Option<Variable>,
    pub user: Option<Variable>,
    pub user_id: Option<Variable>,
    pub password: Option<Variable>,
    pub passcode: Option<Variable>,
    pub domain_name: Option<Variable>,
    pub domain_id: Option<Variable>,
    pub project_domain_name: Option<Variable>,
    pub project_domain_id: Option<Variable>,
    pub project_id: Option<Variable>,
    pub project_name: Option<Variable>,
    pub region: Option<Variable>,
    pub auth_url: Option<Variable>,
    pub agency: Option<Variable>,
    pub agency_domain_name: Option<Variable>,
    pub agency_domain_id: Option<Variable>,
    pub agency_duration: Option<Variable>,
    pub agency_project: Option<Variable>,
    pub provider_id: Option<Variable>,
    pub id_token_file: Option<Variable>,
    pub cloud: Option<Variable>,
    pub authorities: Option<Variable>,
    pub certificate: Option<Variable>,
    pub key: Option<Variable>,
    pub verify: Option<Variable>,
    pub insecure: Option<Variable>,
}

impl<'a> Values<'a> {
    pub(crate) fn from_table(table: &'a Table<'a>) -> Result<Self, Error> {
        let family = table.family;
        Ok(Self {
            table,
            access: table.word(family.access)?,
            secret: table.word(family.secret)?,
            security_token: table.word(family.security_token)?,
            token: table.word(family.token)?,
            user: table.name(family.user)?,
            user_id: table.name(family.user_id)?,
            password: table.line(family.password)?,
            passcode: table.word(family.passcode)?,
            domain_name: table.name(family.domain_name)?,
            domain_id: table.id(family.domain_id)?,
            project_domain_name: table.name(family.project_domain_name)?,
            project_domain_id: table.id(family.project_domain_id)?,
            project_id: table.id(family.project_id)?,
            project_name: table.name(family.project_name)?,
            region: table.name(family.region)?,
            auth_url: table.name(family.auth_url)?,
            agency: table.name(family.agency)?,
            agency_domain_name: table.name(family.agency_domain_name)?,
            agency_domain_id: table.id(family.agency_domain_id)?,
            agency_duration: table.name(family.agency_duration)?,
            agency_project: table.name(family.agency_project)?,
            provider_id: table.name(family.provider_id)?,
            id_token_file: table.name(family.id_token_file)?,
            cloud: table.name(family.cloud)?,
            authorities: table.name(family.authorities)?,
            certificate: table.name(family.certificate)?,
            key: table.name(family.key)?,
            verify: table.name(family.verify)?,
            insecure: table.name(family.insecure)?,
        })
    }

    /// Returns the name of the project in which the credentials act.
    ///
    /// If the settings name an agency, the result is `agency_project`. In this case, `project_name` is the project of
    /// the user that assumes the agency.
    pub(crate) fn acting_project_name(&self) -> Option<&Variable> {
        match self.agency {
            Some(_) => self.agency_project.as_ref(),
            None => self.project_name.as_ref(),
        }
    }
}
