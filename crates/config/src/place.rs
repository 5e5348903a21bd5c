//! Where services are: the region, and addresses that go before it.

use crate::environment::{Environment, Names, Variable};
use crate::family;
use crate::regions::Regions;
use crate::source::Context;
use crate::table::Table;
use crate::trust::Trust;
use huaweicloud_core::{Config, ConfigBuilder, Error, ErrorKind};

const REGION: Names = &["HUAWEICLOUD_REGION"];
/// For credentials that were given: nobody knows which kind of names belongs to them.
const IAM: Names = &["HUAWEICLOUD_SDK_IAM_ENDPOINT", "OTC_IAM_ENDPOINT"];
const ENDPOINTS: [(&str, Names); 4] = [
    ("dcs", &["HUAWEICLOUD_ENDPOINT_DCS"]),
    ("iam", &["HUAWEICLOUD_ENDPOINT_IAM"]),
    ("roma-link", &["HUAWEICLOUD_ENDPOINT_ROMA_LINK"]),
    (
        "sts",
        &["HUAWEICLOUD_ENDPOINT_STS", "HUAWEICLOUD_SDK_STS_ENDPOINT"],
    ),
];

/// What was found of it, with the names where it was.
#[derive(Default)]
pub(crate) struct Place {
    region: Option<Variable>,
    endpoints: Vec<(&'static str, Variable)>,
    regions: Regions,
    trust: Trust,
    /// The project to look up, where none is known by its id.
    project_name: Option<Variable>,
    /// Of credentials that name none themselves.
    project: Option<Variable>,
    domain: Option<Variable>,
}

impl Place {
    /// For credentials of this table, or for some that were given.
    pub(crate) fn find(context: &Context, table: Option<&Table<'_>>) -> Result<Self, Error> {
        let (environment, settings) = (&context.environment, context.settings.as_ref());
        let region = region(environment, table)?;
        let used = settings.and_then(Config::region);
        let used = used.or(region.as_ref().map(|region| region.value.as_str()));
        let mut place = Self {
            regions: Regions::in_variables(environment, table, used)?,
            region,
            ..Self::default()
        };
        let url = match table {
            Some(table) => {
                place.project_name = project_name(table)?;
                place.trust = Trust::find(table, &context.folders, settings)?;
                table.first(table.family.auth_url)?
            }
            None => environment.first(IAM)?,
        };
        place.endpoints.extend(url.map(|url| ("iam", url)));
        for (service, names) in ENDPOINTS {
            if let Some(url) = environment.first(names)? {
                place.endpoints.retain(|(other, _)| *other != service);
                place.endpoints.push((service, url));
            }
        }
        for (service, url) in &mut place.endpoints {
            url.value = without_version(service, &url.value);
        }
        Ok(place)
    }

    /// With the project and the account of this table, for credentials that carry none themselves.
    pub(crate) fn with_ids(self, table: &Table<'_>) -> Result<Self, Error> {
        Ok(Self {
            project: table.first(table.family.project_id)?,
            domain: table.first(table.family.domain_id)?,
            ..self
        })
    }

    /// For credentials that the machine has or is vouched for, with the project and the account that any kind of names gives.
    pub(crate) fn of_machine(context: &Context) -> Result<Self, Error> {
        let environment = &context.environment;
        let sdk = Table {
            settings: environment,
            family: &family::SDK,
            place: "the environment",
        };
        let mut place = Self::find(context, Some(&sdk))?;
        for family in family::ALL {
            if place.project.is_none() {
                place.project = environment.first(family.project_id)?;
            }
            if place.project_name.is_none() {
                place.project_name = environment.first(family.project_name)?;
            }
            if place.domain.is_none() {
                place.domain = environment.first(family.domain_id)?;
            }
        }
        Ok(place)
    }

    pub(crate) fn region(&self) -> Option<&str> {
        self.region.as_ref().map(|region| region.value.as_str())
    }

    pub(crate) fn project_name(&self) -> Option<&str> {
        self.project_name.as_ref().map(|name| name.value.as_str())
    }

    pub(crate) fn has_endpoint(&self, service: &str) -> bool {
        self.endpoints.iter().any(|(known, _)| *known == service)
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
        if let Some(region) = table.first(table.family.region)? {
            return Ok(Some(region));
        }
        let project = table.first(table.family.project_name)?;
        if let Some(region) = project.and_then(region_of_project) {
            return Ok(Some(region));
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
        table.first(family.agency_project)
    } else {
        table.first(family.project_name)
    }
}

fn region_of_project(project: Variable) -> Option<Variable> {
    let region = region_of(&project.value)?.to_owned();
    Some(Variable {
        name: project.name,
        value: region,
    })
}

/// Projects are called after their region (`eu-de`), those that users make `eu-de_team`. Other names say nothing.
pub(crate) fn region_of(project: &str) -> Option<&str> {
    let region = project.split('_').next()?;
    let (area, rest) = region.split_once('-')?;
    let lower = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    let rest_fits = rest.starts_with(|c: char| c.is_ascii_lowercase())
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    (area.len() == 2 && lower(area) && rest_fits).then_some(region)
}

/// IAM's addresses without what our paths begin with, and what tools give with them: the version, or the whole path of tokens.
pub(crate) fn without_version(service: &str, urls: &str) -> String {
    if service != "iam" {
        return urls.to_owned();
    }
    let urls = urls.split(',').map(|url| {
        let url = url.trim().trim_end_matches('/');
        let url = url.strip_suffix("/auth/tokens").unwrap_or(url);
        let version = url.strip_suffix("/v3").or(url.strip_suffix("/v3.0"));
        version.unwrap_or(url)
    });
    urls.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_tells_its_region() {
        for (project, expected) in [
            ("eu-de", "eu-de"),
            ("eu-de_team-1_x", "eu-de"),
            ("my-kualalumpur-1", "my-kualalumpur-1"),
        ] {
            assert_eq!(region_of(project), Some(expected));
        }
        for project in [
            "",
            "team",
            "MyProject",
            "my project-1",
            "eu-",
            "Eu-de",
            "team-eu_eu-de",
        ] {
            assert_eq!(region_of(project), None, "{project}");
        }
    }

    #[test]
    fn the_version_of_an_address_is_left_out() {
        for url in [
            "https://iam.example.com",
            "https://iam.example.com/",
            "https://iam.example.com/v3/",
            "https://iam.example.com/v3.0",
            " https://iam.example.com/v3/auth/tokens",
            "https://iam.example.com/v3/auth/tokens/ ",
        ] {
            assert_eq!(without_version("iam", url), "https://iam.example.com");
        }
        for (service, url) in [
            ("iam", "https://iam.example.com/dev3"),
            ("iam", "https://a.example.com/v3x,https://b.example.com"),
            ("dcs", "https://dcs.example.com/v3"),
        ] {
            assert_eq!(without_version(service, url), url);
        }
        let several = "https://a.example.com/v3, https://b.example.com/v3/auth/tokens";
        assert_eq!(
            without_version("iam", several),
            "https://a.example.com,https://b.example.com"
        );
    }
}
