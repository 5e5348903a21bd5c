//! Where services are: the region, and addresses that go before it.

use super::by_region::RegionAddresses;
use super::iam_version::without_version;
use super::names;
use super::project_region::region_of_project;
use super::trust::Trust;
use crate::context::Context;
use crate::settings::environment::{Environment, Names, Variable};
use crate::settings::family;
use crate::settings::table::Table;
use huaweicloud_core::{Config, ConfigBuilder, Error, ErrorKind};

const REGION: Names = &["HUAWEICLOUD_REGION"];
/// For credentials that were given: nobody knows which kind of names belongs to them.
const IAM: Names = &["HUAWEICLOUD_SDK_IAM_ENDPOINT", "OTC_IAM_ENDPOINT"];
/// The official SDKs' name for the address of STS. Ours goes before it.
const STS: Names = &["HUAWEICLOUD_SDK_STS_ENDPOINT"];

/// What was found of it, with the names where it was.
#[derive(Default)]
pub(crate) struct Target {
    region: Option<Variable>,
    endpoints: Vec<(&'static str, Variable)>,
    regions: RegionAddresses,
    trust: Trust,
    /// The project to look up, where none is known by its id.
    project_name: Option<Variable>,
    /// Of credentials that name none themselves.
    project: Option<Variable>,
    domain: Option<Variable>,
}

impl Target {
    /// For credentials that this table states.
    pub(crate) fn for_table(context: &Context, table: &Table<'_>) -> Result<Self, Error> {
        Self::find(context, Some(table))
    }

    /// For credentials that the program gives.
    pub(crate) fn for_given(context: &Context) -> Result<Self, Error> {
        Self::find(context, None)
    }

    fn find(context: &Context, table: Option<&Table<'_>>) -> Result<Self, Error> {
        let (environment, settings) = (&context.environment, context.settings.as_ref());
        let region = region(environment, table)?;
        let used = settings.and_then(Config::region);
        let used = used.or(region.as_ref().map(|region| region.value.as_str()));
        let mut target = Self {
            regions: RegionAddresses::in_variables(environment, table, used)?,
            region,
            ..Self::default()
        };
        let url = match table {
            Some(table) => {
                target.project_name = project_name(table)?;
                target.trust = Trust::find(table, &context.folders, settings)?;
                table.text(table.family.auth_url)?
            }
            None => environment.first(IAM)?,
        };
        target.endpoints.extend(url.map(|url| ("iam", url)));
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
            url.value = without_version(service, &url.value);
        }
        Ok(target)
    }

    /// With the project and the account of this table, for credentials that carry none themselves.
    pub(crate) fn with_ids(self, table: &Table<'_>) -> Result<Self, Error> {
        Ok(Self {
            project: table.text(table.family.project_id)?,
            domain: table.text(table.family.domain_id)?,
            ..self
        })
    }

    /// For credentials that the machine has or is vouched for, with the project and the account that any kind of names gives.
    pub(crate) fn for_machine(context: &Context) -> Result<Self, Error> {
        let environment = &context.environment;
        let sdk = Table {
            settings: environment,
            family: &family::SDK,
            place: "the environment",
        };
        let mut target = Self::find(context, Some(&sdk))?;
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

    /// Whether anything says where IAM is: an address or a region, here or in the settings.
    pub(crate) fn has_iam(&self, settings: Option<&Config>) -> bool {
        let given = settings
            .is_some_and(|given| given.region().is_some() || given.endpoint("iam").is_some());
        given || self.region.is_some() || self.endpoints.iter().any(|(name, _)| *name == "iam")
    }

    /// Adds all that the settings do not say themselves.
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

    /// Makes the configuration; an error about one of the values says where they came from.
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
            format!("{error} (taken: {})", origins.join(", ")),
        )
    }
}

fn region(environment: &Environment, table: Option<&Table<'_>>) -> Result<Option<Variable>, Error> {
    if let Some(region) = environment.first(REGION)? {
        return Ok(Some(region));
    }
    if let Some(table) = table {
        if let Some(region) = table.text(table.family.region)? {
            return Ok(Some(region));
        }
        let project = table.text(table.family.project_name)?;
        if let Some(project) = project
            && let Some(region) = region_of_project(&project.value)
        {
            let (name, value) = (project.name, region.to_owned());
            return Ok(Some(Variable { name, value }));
        }
    }
    for family in family::ALL {
        if let Some(region) = environment.first(family.region)? {
            return Ok(Some(region));
        }
    }
    Ok(None)
}

/// The project of the agency if there is one: other projects are its caller's.
fn project_name(table: &Table<'_>) -> Result<Option<Variable>, Error> {
    let family = table.family;
    if table.has(family.agency) {
        table.text(family.agency_project)
    } else {
        table.text(family.project_name)
    }
}
