//! The target of requests: the region, the addresses, the files with certificates, the project and the account. These
//! addresses override the documented addresses.

use super::by_region::{Domain, RegionAddresses, domain};
use super::clear::goes_in_clear;
use super::iam_version::{has_other_version, without_version};
use super::names;
use super::project_region::region_of_project;
use super::trust::Trust;
use crate::context::Context;
use crate::settings::environment::{Environment, Names, Variable};
use crate::settings::family;
use crate::settings::table::Table;
use crate::settings::values::Values;
use huaweicloud_core::reqwest::Url;
use huaweicloud_core::{Config, ConfigBuilder, Error, ErrorKind};

const REGION: Names = &["HUAWEICLOUD_REGION"];
/// The variables with the address of IAM for credentials that the program sets. Such credentials belong to no family of
/// variables.
const IAM: Names = &["HUAWEICLOUD_SDK_IAM_ENDPOINT", "OTC_IAM_ENDPOINT"];
/// The official SDKs read the address of STS from this variable. `HUAWEICLOUD_ENDPOINT_STS` overrides this variable.
const STS: Names = &["HUAWEICLOUD_SDK_STS_ENDPOINT"];

const IN_CLEAR: &str = "passwords and tokens are sent to this address without encryption, so anybody on the network path can read them; use an https address";

/// The region, the addresses, the files with certificates, the project and the account in the settings. A `Variable`
/// contains a value and, for messages, the name of its setting.
#[derive(Default)]
pub(crate) struct Target {
    region: Option<Variable>,
    endpoints: Vec<(&'static str, Variable)>,
    regions: RegionAddresses,
    trust: Trust,
    /// The name of the project. The client looks up the project by this name if the id is not known.
    project_name: Option<Variable>,
    /// The id of the project. Set only for credentials that contain no project: credentials of an identity provider, an
    /// OpenID Connect provider, a container or a server.
    project: Option<Variable>,
    /// The id of the account. Set only for the same credentials as `project`.
    domain: Option<Variable>,
}

impl Target {
    /// Returns the target for the credentials in these settings.
    pub(crate) fn for_values(context: &Context, values: &Values<'_>) -> Result<Self, Error> {
        let own = values.region.as_ref().cloned().or_else(|| {
            let project = values.project_name.as_ref()?;
            let region = region_of_project(&project.value)?.to_owned();
            let name = project.name;
            Some(Variable {
                name,
                value: region,
            })
        });
        let settings = context.settings.as_ref();
        Ok(Self {
            project_name: values.acting_project_name().cloned(),
            trust: Trust::from_values(values, &context.folders, settings)?,
            ..Self::find(context, own, values.auth_url.clone(), domain(values)?)?
        })
    }

    /// Returns the target for credentials that the program sets.
    pub(crate) fn for_given(context: &Context) -> Result<Self, Error> {
        let url = context.environment.first(IAM)?;
        Self::find(context, None, url, None)
    }

    /// Finds the target. `region` and `iam` are the region and the address of IAM in the source of the credentials.
    /// `domain` is the domain at the end of the addresses of all services.
    ///
    /// If the program sets the credentials, `region` and `domain` are `None`, and `iam` comes from the variables in
    /// [`IAM`].
    fn find(
        context: &Context,
        region: Option<Variable>,
        iam: Option<Variable>,
        domain: Option<Domain>,
    ) -> Result<Self, Error> {
        let (environment, settings) = (&context.environment, context.settings.as_ref());
        let mut target = Self {
            region: first_region(environment, region)?,
            ..Self::default()
        };
        let used = settings.and_then(Config::region).or(target.region());
        target.regions = RegionAddresses::in_variables(environment, domain, used)?;
        target.endpoints.extend(iam.map(|url| ("iam", url)));
        let sts = environment.first(STS)?;
        target
            .endpoints
            .extend(sts.map(|url| (names::STS.ours, url)));
        for service in names::all() {
            if let Some(value) = environment.value(service.variable)? {
                let name = service.variable;
                target.endpoints.retain(|(other, _)| *other != service.ours);
                target
                    .endpoints
                    .push((service.ours, Variable { name, value }));
            }
        }
        for (service, url) in &mut target.endpoints {
            if has_other_version(service, &url.value) {
                let message = format!("{} ends in a version other than v3", url.name);
                return Err(Error::new(ErrorKind::Config, message).with_help(
                    "write /v3 at its end, or no version: only version 3 is supported",
                ));
            }
            url.value = without_version(service, &url.value);
        }
        Ok(target)
    }

    /// Adds the ids of the project and the account from these settings. The credentials of an identity provider contain
    /// no such ids.
    pub(crate) fn with_ids(self, values: &Values<'_>) -> Self {
        Self {
            project: values.project_id.clone(),
            domain: values.domain_id.clone(),
            ..self
        }
    }

    /// Returns the target for temporary keys of an OpenID Connect provider, a container or a server.
    ///
    /// The project's id, the project's name and the account's id can come from different families of variables. For
    /// each value, this function uses the first family that contains the value.
    pub(crate) fn for_machine(context: &Context) -> Result<Self, Error> {
        let environment = &context.environment;
        let sdk = Table::of_variables(environment, &family::SDK);
        let mut target = Self::for_values(context, &Values::from_table(&sdk)?)?;
        for family in family::ALL {
            if target.project.is_none() {
                target.project = environment.first(family.project_id)?;
            }
            if target.project_name.is_none() {
                target.project_name = environment.first(family.project_name)?;
            }
            if target.domain.is_none() {
                target.domain = environment.first(family.domain_id)?;
            }
        }
        Ok(target)
    }

    pub(crate) fn region(&self) -> Option<&str> {
        self.region.as_ref().map(|region| region.value.as_str())
    }

    pub(crate) fn project_name(&self) -> Option<&str> {
        self.project_name.as_ref().map(|name| name.value.as_str())
    }

    /// Returns whether this target or the settings contain the address of IAM, or a region.
    pub(crate) fn has_iam(&self, settings: Option<&Config>) -> bool {
        let given = settings
            .is_some_and(|given| given.region().is_some() || given.endpoint("iam").is_some());
        given || self.region.is_some() || self.endpoints.iter().any(|(name, _)| *name == "iam")
    }

    /// Logs a warning for each setting with an address that could receive a password or a token without TLS.
    ///
    /// This method checks `endpoints`, and the addresses for the target's region in variables and in `regions.yaml`. It
    /// does not check addresses in the program's settings.
    ///
    /// If the address is the `auth_url` of a cloud with a file in the current folder, this method returns an error
    /// instead. Another person could have written this file.
    pub(crate) fn check_addresses(
        &self,
        context: &Context,
        table: &Table<'_>,
    ) -> Result<(), Error> {
        let settings = context.settings.as_ref();
        let is_clear = |urls: &str| {
            let mut urls = urls
                .split(',')
                .filter_map(|url| Url::parse(url.trim()).ok());
            urls.any(|url| goes_in_clear(&url))
        };
        let own = self.endpoints.iter().filter(|(service, url)| {
            settings.and_then(|given| given.endpoint(service)).is_none() && is_clear(&url.value)
        });
        for (_, url) in own {
            let (setting, place) = (url.name, table.place);
            if table.is_in_current_folder && table.family.auth_url.contains(&setting) {
                let message = format!(
                    "{setting} in {place} is a plain http address, and a file of this cloud is in the current folder"
                );
                return Err(Error::new(ErrorKind::Credentials, message).with_help(
                    "write https; if the file is yours, name its path in a variable such as OS_CLIENT_CONFIG_FILE",
                ));
            }
            tracing::warn!(target: "huaweicloud", setting, place, "{IN_CLEAR}");
        }
        let by_region = self.region().into_iter().flat_map(|region| {
            let in_file = context.regions.in_region(region);
            let entries = self.regions.in_region(region).chain(in_file);
            entries
                .filter(|(_, urls)| is_clear(urls))
                .map(|(origin, _)| origin)
        });
        for setting in by_region {
            tracing::warn!(target: "huaweicloud", setting, "{IN_CLEAR}");
        }
        Ok(())
    }

    /// Adds the values that `settings` do not contain. If `settings` contain an address of IAM, also adds this address
    /// without the version.
    pub(crate) fn add_to(
        &self,
        mut builder: ConfigBuilder,
        settings: Option<&Config>,
    ) -> ConfigBuilder {
        if let Some(region) = self.region()
            && settings.and_then(Config::region).is_none()
        {
            builder = builder.region(region);
        }
        builder = self.trust.add_to(self.regions.add_to(builder, settings));
        if let Some(given) = settings.and_then(|given| given.endpoint("iam")) {
            builder = builder.endpoint("iam", without_version("iam", given));
        }
        for (service, url) in &self.endpoints {
            if settings.and_then(|given| given.endpoint(service)).is_none() {
                builder = builder.endpoint(*service, &url.value);
            }
        }
        if let Some(project) = &self.project
            && settings.and_then(Config::project_id).is_none()
        {
            builder = builder.project_id(&project.value);
        }
        if let Some(domain) = &self.domain
            && settings.and_then(Config::domain_id).is_none()
        {
            builder = builder.domain_id(&domain.value);
        }
        builder
    }

    /// Makes the configuration. If a value is not valid, the error lists settings that the target uses, because one of
    /// them can be the cause.
    pub(crate) fn build(&self, builder: ConfigBuilder) -> Result<Config, Error> {
        builder.build().map_err(|error| self.explain(error))
    }

    fn explain(&self, error: Error) -> Error {
        let region = self.region.iter().map(|found| ("region", found));
        let endpoints = self.endpoints.iter().map(|(service, url)| (*service, url));
        let ids = [("project", &self.project), ("domain", &self.domain)];
        let ids = ids
            .into_iter()
            .filter_map(|(what, found)| Some((what, found.as_ref()?)));
        let origins: Vec<String> = region
            .chain(endpoints)
            .chain(ids)
            .map(|(what, found)| (what, found.name))
            .chain(self.regions.origins())
            .chain(self.trust.origins())
            .map(|(what, name)| format!("{what} from {name}"))
            .collect();
        if origins.is_empty() || error.kind() != ErrorKind::Config {
            return error;
        }
        Error::new(
            ErrorKind::Config,
            format!("{error} (used values: {})", origins.join(", ")),
        )
    }
}

/// Returns the first region that is set. The order is `HUAWEICLOUD_REGION`, `own` (from the source of the credentials),
/// and the variables of all families.
fn first_region(
    environment: &Environment,
    own: Option<Variable>,
) -> Result<Option<Variable>, Error> {
    if let Some(region) = environment.first(REGION)?.or(own) {
        return Ok(Some(region));
    }
    for family in family::ALL {
        if let Some(region) = environment.first(family.region)? {
            return Ok(Some(region));
        }
    }
    Ok(None)
}
