//! Finds the addresses of a service in a region.

use crate::check::check_region;
use crate::config::Config;
use crate::error::Error;
use crate::near::near;
use crate::operation::{Server, Service};
use crate::parse_address::{parse, parse_all};

const REGION: &str = "{region}";

/// Returns the addresses of a service in a region. They are the addresses that were configured for the region, or the
/// documented address.
pub(crate) fn by_region(
    config: &Config,
    service: &'static Service,
    region: &str,
) -> Result<Vec<String>, Error> {
    check_region(region)?;
    if let Some(urls) = config.region_endpoint(service.name, region) {
        return parse_all(service.name, urls);
    }
    match server(service, region) {
        Some(server) => parse_all(service.name, &server.url.replace(REGION, region)),
        None => Err(unknown(config, service, region)),
    }
}

/// Returns the only address of a service, if this address is the same in all regions. For other services, returns an
/// error: they need a region.
pub(crate) fn without_region(service: &'static Service) -> Result<Vec<String>, Error> {
    match only(service) {
        Some(server) => Ok(vec![parse(service.name, server.url)?]),
        None => {
            Err(Error::config(format!("{} needs a region", service.name))
                .with_help(choices(service)))
        }
    }
}

fn server(service: &'static Service, region: &str) -> Option<&'static Server> {
    let servers = service.servers;
    let listed = servers
        .iter()
        .find(|server| server.regions.contains(&region));
    let anywhere = |server: &&Server| server.regions.is_empty() && server.url.contains(REGION);
    listed
        .or_else(|| {
            servers
                .iter()
                .find(|server| own_region(server) == Some(region))
        })
        .or_else(|| servers.iter().find(anywhere))
        .or_else(|| only(service))
}

/// Returns the region of a fixed address that has no list of regions. The region is the second part of the host name,
/// as in `https://iam.eu-west-101.myhuaweicloud.eu`. Returns `None` if the second part contains no hyphen, or if the
/// address has a list of regions.
fn own_region(server: &Server) -> Option<&'static str> {
    let host = server.url.split("//").nth(1)?;
    let second = host.split(['/', ':']).next()?.split('.').nth(1)?;
    (server.regions.is_empty() && second.contains('-')).then_some(second)
}

/// Returns the only address of a service, if this address is the same in all regions. Returns `None` for every other
/// service. If a service has several addresses, no address is a default. With a default, a program with a mistyped
/// region could send the password of one cloud to the other cloud.
fn only(service: &'static Service) -> Option<&'static Server> {
    match service.servers {
        [server] if server.regions.is_empty() && !server.url.contains(REGION) => Some(server),
        _ => None,
    }
}

fn documented(service: &'static Service) -> impl Iterator<Item = &'static str> {
    let servers = service.servers.iter();
    servers.flat_map(|server| server.regions.iter().copied().chain(own_region(server)))
}

fn unknown(config: &Config, service: &'static Service, region: &str) -> Error {
    let mut known: Vec<&str> = documented(service).collect();
    known.extend(config.regions_of(service.name));
    let meant = near(known, region);
    let guess = match meant.as_slice() {
        [] => String::new(),
        names => format!("did you mean {}? Otherwise, ", names.join(" or ")),
    };
    let message = format!("{} is not documented in the region {region}", service.name);
    Error::config(message).with_help(format!("{guess}{}", choices(service)))
}

/// Returns advice for an error: the regions and addresses that the program can set.
fn choices(service: &'static Service) -> String {
    let regions: Vec<&str> = documented(service).collect();
    let fixed = |server: &&Server| !server.url.contains(REGION) && own_region(server).is_none();
    let addresses: Vec<&str> = service
        .servers
        .iter()
        .filter(fixed)
        .map(|server| server.url)
        .collect();
    let mut help = format!("set an address by endpoint(\"{}\", url)", service.name);
    if !addresses.is_empty() {
        help.push_str(&format!(" ({})", addresses.join(", ")));
    }
    if !regions.is_empty() {
        help.push_str(&format!(", or one of the regions {}", regions.join(", ")));
    }
    help
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) static DCS: Service = Service {
        name: "dcs",
        title: "Distributed Cache Service",
        servers: &[
            Server {
                cloud: "huaweicloud",
                url: "https://dcs.{region}.myhuaweicloud.com",
                regions: &["cn-north-4"],
            },
            Server {
                cloud: "otc",
                url: "https://dcs.{region}.otc.t-systems.com",
                regions: &["eu-de", "eu-nl"],
            },
        ],
        hints: &[],
    };
    static GLOBAL: Service = Service {
        name: "global",
        title: "One address for all",
        servers: &[Server {
            cloud: "huaweicloud",
            url: "https://iam.example.com",
            regions: &[],
        }],
        hints: &[],
    };
    static IAM: Service = Service {
        name: "iam",
        title: "Identity and Access Management",
        servers: &[
            Server {
                cloud: "huaweicloud",
                url: "https://iam.{region}.example.com",
                regions: &["cn-north-4"],
            },
            Server {
                cloud: "huaweicloud",
                url: "https://iam.example.com",
                regions: &["af-north-1"],
            },
            Server {
                cloud: "huaweicloud",
                url: "https://iam.eu-west-101.example.eu",
                regions: &[],
            },
        ],
        hints: &[],
    };
    static ANYWHERE: Service = Service {
        name: "anywhere",
        title: "Any region",
        servers: &[Server {
            cloud: "otc",
            url: "https://any.{region}.example.com",
            regions: &[],
        }],
        hints: &[],
    };

    fn config() -> Config {
        Config::builder()
            .region_endpoint(
                "dcs",
                "lab-1",
                "https://a.example.com,https://b.example.com",
            )
            .build()
            .unwrap()
    }

    fn found(service: &'static Service, region: &str) -> String {
        by_region(&config(), service, region).unwrap().join(" ")
    }

    fn refused(service: &'static Service, region: &str) -> String {
        let error = by_region(&config(), service, region).unwrap_err();
        error.to_string()
    }

    #[test]
    fn the_region_determines_the_address() {
        assert_eq!(found(&DCS, "eu-nl"), "https://dcs.eu-nl.otc.t-systems.com");
        assert_eq!(
            found(&DCS, "cn-north-4"),
            "https://dcs.cn-north-4.myhuaweicloud.com"
        );
        assert_eq!(found(&GLOBAL, "eu-de"), "https://iam.example.com");
        assert_eq!(found(&ANYWHERE, "mars-1"), "https://any.mars-1.example.com");
        assert_eq!(
            without_region(&GLOBAL).unwrap(),
            ["https://iam.example.com"]
        );
    }

    #[test]
    fn a_fixed_address_serves_its_listed_regions_or_the_region_in_its_host() {
        assert_eq!(
            found(&IAM, "eu-west-101"),
            "https://iam.eu-west-101.example.eu"
        );
        assert_eq!(found(&IAM, "af-north-1"), "https://iam.example.com");
        for region in ["mars-1", "eu-dee", "example", "iam"] {
            let text = refused(&IAM, region);
            assert!(text.contains("(https://iam.example.com)"), "{text}");
        }
    }

    #[test]
    fn a_configured_region_is_valid_only_for_its_service() {
        assert_eq!(
            found(&DCS, "lab-1"),
            "https://a.example.com https://b.example.com"
        );
        assert!(refused(&DCS, "lba-1").contains("did you mean lab-1?"));
        assert!(refused(&IAM, "lab-1").contains("not documented"));
    }

    #[test]
    fn the_error_of_an_unknown_region_names_similar_and_known_regions() {
        let text = refused(&DCS, "eu-dl");
        assert!(
            text.contains("region eu-dl; did you mean eu-de or eu-nl? Otherwise, set an address")
                && text.contains("cn-north-4, eu-de, eu-nl")
                && text.contains("endpoint(\"dcs\", url)"),
            "{text}"
        );
        let text = refused(&DCS, "mars-1");
        assert!(text.contains("region mars-1; set an address"), "{text}");
        let text = without_region(&DCS).unwrap_err().to_string();
        assert!(
            text.contains("needs a region") && text.contains("eu-de"),
            "{text}"
        );
    }

    #[test]
    fn an_invalid_region_is_refused() {
        for region in ["evil.com/", "", "a b", "eu-de#", "EU-DE", "ü"] {
            assert!(refused(&DCS, region).contains("not a region"), "{region}");
        }
        assert!(refused(&DCS, "EU_DE").contains("did you mean eu-de?"));
    }
}
