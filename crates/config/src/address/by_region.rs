//! Finds the addresses that settings contain for a service in a region. These addresses override the documented
//! addresses.
//!
//! The addresses come from variables, from the domain in `HW_CLOUD`, and from `regions.yaml`. The variables override
//! the domain, and the domain overrides the file.

use super::iam_version::without_version;
use super::names::{self, ServiceNames};
use crate::settings::environment::{Environment, Names};
use crate::settings::file::{self, Perhaps};
use crate::settings::folders::Folders;
use crate::settings::values::Values;
use crate::settings::yaml::{self, Node};
use huaweicloud_core::reqwest::Url;
use huaweicloud_core::{Config, ConfigBuilder, Error, ErrorKind};
use std::path::Path;

const FILE: Names = &["HUAWEICLOUD_SDK_REGIONS_FILE"];
/// The path of `regions.yaml` in the official SDKs, relative to the home folder.
const USUAL: &str = ".huaweicloud/regions.yaml";

/// Addresses of services in regions.
#[derive(Default)]
pub(crate) struct RegionAddresses(Vec<Entry>);

struct Entry {
    service: &'static str,
    region: String,
    /// One address, or several addresses separated by commas.
    urls: String,
    /// The variable or the file that contains the address, for messages. Empty if the address comes from the domain in
    /// `HW_CLOUD`.
    origin: String,
}

impl RegionAddresses {
    /// Returns the addresses in `regions.yaml`. If no variable names the file, and the default file does not exist,
    /// returns no addresses.
    ///
    /// If a file that a variable names does not exist, or an existing file cannot be read, returns an error. Without
    /// this error, passwords would go to the documented addresses.
    pub(crate) fn in_file(environment: &Environment, folders: &Folders) -> Result<Self, Error> {
        let given = environment.first(FILE)?;
        let path = match &given {
            Some(given) => folders.expand(&given.value),
            None => match folders.in_home(USUAL) {
                Some(path) => path,
                None => return Ok(Self::default()),
            },
        };
        match file::read_text(&path, given.is_some() || path.exists())? {
            Perhaps::There(text) => parse(&path, text.expose()),
            Perhaps::Nothing(_) => Ok(Self::default()),
        }
    }

    /// Returns the addresses in variables such as `HUAWEICLOUD_SDK_REGION_DCS_EU_DE`.
    ///
    /// This function reads the variables for `region` and for the documented regions of IAM. If a variable is not set,
    /// and `domain` is `Some`, the function makes the address from `domain`.
    pub(super) fn in_variables(
        environment: &Environment,
        domain: Option<Domain>,
        region: Option<&str>,
    ) -> Result<Self, Error> {
        let servers = huaweicloud_iam::operations::SERVICE.servers().iter();
        let mut regions: Vec<&str> = servers
            .flat_map(|server| server.regions())
            .copied()
            .collect();
        regions.extend(region.filter(|region| !regions.contains(region)));
        let mut entries = Vec::new();
        for ServiceNames {
            ours: service,
            official,
            ..
        } in names::all()
        {
            for region in &regions {
                let suffix = region.to_ascii_uppercase().replace('-', "_");
                let name = format!("HUAWEICLOUD_SDK_REGION_{official}_{suffix}");
                let (urls, origin) = match (environment.value(&name)?, &domain) {
                    (Some(urls), _) => (urls, name),
                    (None, Some(domain)) => (domain.address(official, region), String::new()),
                    (None, None) => continue,
                };
                entries.push(Entry {
                    service,
                    region: (*region).to_owned(),
                    urls: without_version(service, &urls),
                    origin,
                });
            }
        }
        Ok(Self(entries))
    }

    /// Adds each address to the builder, unless `settings` already contain an address of the same service in the same
    /// region.
    pub(crate) fn add_to(
        &self,
        builder: ConfigBuilder,
        settings: Option<&Config>,
    ) -> ConfigBuilder {
        let given = |entry: &&Entry| {
            settings.is_some_and(|given| {
                given
                    .region_endpoint(entry.service, &entry.region)
                    .is_some()
            })
        };
        let new = self.0.iter().filter(|entry| !given(entry));
        new.fold(builder, |builder, entry| {
            builder.region_endpoint(entry.service, &entry.region, &entry.urls)
        })
    }

    /// Returns the `origin` and the `urls` of each entry for this region.
    pub(super) fn in_region(&self, region: &str) -> impl Iterator<Item = (&str, &str)> {
        let entries = self.0.iter().filter(move |entry| entry.region == region);
        entries.map(|entry| (entry.origin.as_str(), entry.urls.as_str()))
    }

    /// Returns the service and the `origin` of each entry, for messages. Omits entries without an origin.
    pub(crate) fn origins(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let told = |entry: &&Entry| !entry.origin.is_empty();
        self.0
            .iter()
            .filter(told)
            .map(|entry| (entry.service, entry.origin.as_str()))
    }
}

/// The domain at the end of the addresses of all services, such as `myhuaweicloud.eu`. Huawei Cloud's Terraform
/// provider also reads this domain from `HW_CLOUD`.
pub(super) struct Domain(String);

/// The domain of most documented addresses of Huawei Cloud. If `HW_CLOUD` has this value, this crate makes no addresses
/// from the value. Otherwise each region would have an address, even a region with a mistyped name.
const USUAL_DOMAIN: &str = "myhuaweicloud.com";

impl Domain {
    /// Returns for example `https://dcs.eu-de.example.com`.
    fn address(&self, official: &str, region: &str) -> String {
        let service = official.to_ascii_lowercase();
        format!("https://{service}.{region}.{}", self.0)
    }
}

/// Returns the domain in these settings. `None` if no domain is set, or if the domain is [`USUAL_DOMAIN`].
pub(super) fn domain(values: &Values<'_>) -> Result<Option<Domain>, Error> {
    let Some(found) = &values.cloud else {
        return Ok(None);
    };
    let name = found.value.trim().trim_end_matches('.');
    let is_label = |label: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(allowed)
    };
    if !name.contains('.') || !name.split('.').all(is_label) {
        let message = format!("{} in {} is not a domain", found.name, values.table.place);
        return Err(Error::new(ErrorKind::Config, message).with_help(
            "write only the domain that all addresses end in, such as myhuaweicloud.eu, without https:// or the region",
        ));
    }
    Ok((name != USUAL_DOMAIN).then(|| Domain(name.to_owned())))
}

/// Reads `regions.yaml`, for example `DCS: [{id: eu-de, endpoint: https://..}, {id: eu-nl, endpoints: [https://..,
/// https://..]}]`.
///
/// Ignores unknown services.
fn parse(path: &Path, text: &str) -> Result<RegionAddresses, Error> {
    let document = yaml::parse(path, text)?;
    let mut entries = Vec::new();
    for ServiceNames {
        ours: service,
        official,
        ..
    } in names::all()
    {
        let regions = match document.get(official) {
            None | Some(Node::Empty) => continue,
            Some(Node::List(regions)) => regions,
            Some(_) => return Err(wrong(path, official, "is not a list of regions")),
        };
        for (index, region) in regions.iter().enumerate() {
            let place = format!("{official}[{index}]");
            let mut entry = entry(service, region).map_err(|why| wrong(path, &place, why))?;
            entry.origin = path.display().to_string();
            entries.push(entry);
        }
    }
    Ok(RegionAddresses(entries))
}

fn entry(service: &'static str, region: &Node) -> Result<Entry, &'static str> {
    let Some(id) = region.get("id").and_then(Node::text) else {
        return Err("has no id");
    };
    let urls = match (region.get("endpoint"), region.get("endpoints")) {
        (Some(Node::Text(one)), None) => vec![one.as_str()],
        (None, Some(Node::List(several))) => several.iter().filter_map(Node::text).collect(),
        (Some(_), Some(_)) => return Err("has both endpoint and endpoints"),
        _ => return Err("has neither an endpoint nor a list of endpoints"),
    };
    if urls.is_empty() {
        return Err("has an empty list of endpoints");
    }
    if !urls.iter().all(|url| is_address(url)) {
        return Err("has an endpoint that is not an http or https URL");
    }
    Ok(Entry {
        service,
        region: id.to_owned(),
        urls: without_version(service, &urls.join(",")),
        origin: String::new(),
    })
}

fn is_address(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn wrong(path: &Path, place: &str, why: &str) -> Error {
    Error::new(
        ErrorKind::Config,
        format!("{}: {place} {why}", path.display()),
    )
    .with_help(
        "write for example: DCS: [{id: eu-de, endpoint: \"https://dcs.eu-de.otc.t-systems.com\"}]",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, String)>, String> {
        let regions =
            parse(Path::new("/x/regions.yaml"), text).map_err(|error| error.to_string())?;
        let entries = regions.0.into_iter();
        Ok(entries
            .map(|entry| (format!("{} {}", entry.service, entry.region), entry.urls))
            .collect())
    }

    #[test]
    fn parse_reads_addresses_and_ignores_unknown_services() {
        let text = "DCS:\n  - id: eu-de\n    endpoint: https://a.example.com\n  - {id: lab-1, endpoints: [https://b, 'https://c/x']}\nECS: what others need\nROMA: ~\n";
        let pair = |name: &str, urls: &str| (name.to_owned(), urls.to_owned());
        assert_eq!(
            read(text).unwrap(),
            [
                pair("dcs eu-de", "https://a.example.com"),
                pair("dcs lab-1", "https://b,https://c/x")
            ]
        );
        assert_eq!(read("").unwrap(), []);
    }

    #[test]
    fn the_error_names_the_position_of_a_wrong_value() {
        for (text, why) in [
            ("DCS: x", "DCS is not a list of regions"),
            ("DCS: [{endpoint: https://a}]", "DCS[0] has no id"),
            ("IAM: [{id: a}]", "IAM[0] has neither an endpoint"),
            (
                "IAM: [{id: a, endpoint: [https://a]}]",
                "IAM[0] has neither an endpoint",
            ),
            (
                "IAM: [{id: a, endpoint: https://a, endpoints: [https://b]}]",
                "has both",
            ),
            (
                "ROMA: [{id: a, endpoint: https://a}, {id: b, endpoint: b.example.com}]",
                "ROMA[1] has an endpoint that is not an http",
            ),
            (
                "ROMA: [{id: a, endpoints: []}]",
                "ROMA[0] has an empty list of endpoints",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert!(
                error.starts_with("/x/regions.yaml: ") && error.contains(why),
                "{error}"
            );
        }
    }
}
