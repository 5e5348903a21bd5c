//! Where a service is.

use crate::config::Config;
use crate::error::Error;
use crate::operation::{Server, Service};
use reqwest::Url;

const REGION: &str = "{region}";

/// The addresses of a service, without a slash at their ends: the given ones, or the one that its region has.
pub(crate) fn resolve(
    config: &Config,
    service: &'static Service,
    region: Option<&str>,
) -> Result<Vec<String>, Error> {
    if let Some(urls) = config.endpoint(service.name) {
        return parse_all(service.name, urls);
    }
    let address = match region {
        Some(region) => by_region(service, region),
        None => without_region(service),
    };
    address.map(|address| vec![address])
}

/// Addresses separated by commas.
pub(crate) fn parse_all(service: &str, urls: &str) -> Result<Vec<String>, Error> {
    urls.split(',')
        .map(|url| parse(service, url.trim()))
        .collect()
}

/// The address in a region.
pub(crate) fn by_region(service: &'static Service, region: &str) -> Result<String, Error> {
    check_region(region)?;
    let servers = service.servers;
    let listed = servers
        .iter()
        .find(|server| server.regions.contains(&region));
    let found = listed
        .or_else(|| servers.iter().find(|server| is_in(server, region)))
        .or_else(|| {
            servers
                .iter()
                .find(|server| server.regions.is_empty() && server.url.contains(REGION))
        })
        .or_else(|| only(service));
    match found {
        Some(server) => parse(service.name, &server.url.replace(REGION, region)),
        None => Err(Error::config(format!(
            "{} is not documented in the region {region}",
            service.name
        ))
        .with_help(choices(service))),
    }
}

/// A fixed address names its region as a part of the host: `https://iam.eu-west-101.myhuaweicloud.eu`.
fn is_in(server: &Server, region: &str) -> bool {
    server.regions.is_empty()
        && server
            .url
            .split(['/', '.', ':'])
            .any(|label| label == region)
}

/// The address of a service that has no other. Where there are several, a fixed one is nobody's default: a mistyped region
/// would send one cloud's password to the other cloud.
fn only(service: &'static Service) -> Option<&'static Server> {
    match service.servers {
        [server] if server.regions.is_empty() && !server.url.contains(REGION) => Some(server),
        _ => None,
    }
}

fn without_region(service: &'static Service) -> Result<String, Error> {
    match only(service) {
        Some(server) => parse(service.name, server.url),
        None => {
            Err(Error::config(format!("{} needs a region", service.name))
                .with_help(choices(service)))
        }
    }
}

/// The regions and addresses that would do.
fn choices(service: &Service) -> String {
    let regions: Vec<&str> = service
        .servers
        .iter()
        .flat_map(|server| server.regions)
        .copied()
        .collect();
    let fixed = |server: &&Server| server.regions.is_empty() && !server.url.contains(REGION);
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

/// A region becomes part of a host name, so nothing else may be in it.
pub(crate) fn check_region(region: &str) -> Result<(), Error> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !region.is_empty() && region.len() <= 40 && region.bytes().all(allowed) {
        return Ok(());
    }
    let shown: String = region
        .chars()
        .filter(|c| !c.is_control())
        .take(40)
        .collect();
    Err(Error::config(format!("`{shown}` is not a region"))
        .with_help("give its id, such as eu-de or cn-north-4"))
}

/// An address as it will be used: parsed, checked, without a slash at its end.
pub(crate) fn parse(service: &str, url: &str) -> Result<String, Error> {
    let wrong = |why: &str| {
        Error::config(format!("the endpoint of {service} {why}"))
            .with_help("give an address such as https://dcs.eu-de.otc.t-systems.com")
    };
    let parsed = Url::parse(url).map_err(|_| wrong("is not a URL"))?;
    if !matches!(parsed.scheme(), "https" | "http") {
        return Err(wrong("is neither https nor http"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(wrong("holds a user or password"));
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(wrong("has a query or a fragment"));
    }
    if parsed.path().contains("//") {
        return Err(wrong("has an empty segment in its path"));
    }
    Ok(parsed.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    static DCS: Service = Service {
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
                regions: &[],
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
            .endpoint("other", "http://127.0.0.1:8/x/")
            .build()
            .unwrap()
    }

    #[test]
    fn the_region_chooses_the_cloud() {
        assert_eq!(
            resolve(&config(), &DCS, Some("eu-nl")).unwrap()[0],
            "https://dcs.eu-nl.otc.t-systems.com"
        );
        assert_eq!(
            resolve(&config(), &DCS, Some("cn-north-4")).unwrap()[0],
            "https://dcs.cn-north-4.myhuaweicloud.com"
        );
        assert_eq!(
            resolve(&config(), &GLOBAL, Some("eu-de")).unwrap()[0],
            "https://iam.example.com"
        );
        assert_eq!(
            resolve(&config(), &GLOBAL, None).unwrap()[0],
            "https://iam.example.com"
        );
    }

    #[test]
    fn an_unknown_region_names_the_known_ones() {
        let text = resolve(&config(), &DCS, Some("mars-1"))
            .unwrap_err()
            .to_string();
        assert!(
            text.contains("mars-1")
                && text.contains("cn-north-4, eu-de, eu-nl")
                && text.contains("endpoint(\"dcs\", url)"),
            "{text}"
        );
        let text = resolve(&config(), &DCS, None).unwrap_err().to_string();
        assert!(
            text.contains("needs a region") && text.contains("eu-de"),
            "{text}"
        );
    }

    #[test]
    fn a_fixed_address_serves_the_region_that_it_names() {
        assert_eq!(
            resolve(&config(), &IAM, Some("eu-west-101")).unwrap()[0],
            "https://iam.eu-west-101.example.eu"
        );
        assert_eq!(
            resolve(&config(), &ANYWHERE, Some("mars-1")).unwrap()[0],
            "https://any.mars-1.example.com"
        );
        for region in [Some("mars-1"), Some("eu-dee"), None] {
            let text = resolve(&config(), &IAM, region).unwrap_err().to_string();
            assert!(
                text.contains("https://iam.example.com, ") && text.contains("cn-north-4"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_region_cannot_change_the_host() {
        for region in ["evil.com/", "", "a b", "eu-de#", "EU-DE", "ü"] {
            assert!(by_region(&DCS, region).is_err(), "{region}");
        }
    }

    #[test]
    fn endpoints_are_checked() {
        assert_eq!(
            parse("dcs", "HTTP://Example.com:80/prefix/").unwrap(),
            "http://example.com/prefix"
        );
        assert_eq!(
            parse("dcs", "https://[::1]:8443").unwrap(),
            "https://[::1]:8443"
        );
        let wrong = [
            "",
            "dcs.example.com",
            "ftp://example.com",
            "https://user:hunter2@example.com",
            "https://a/?b=c",
            "https://a/#b",
            "https://a//b",
        ];
        for url in wrong {
            let text = parse("dcs", url).unwrap_err().to_string();
            assert!(
                text.contains("dcs")
                    && text.contains("give an address")
                    && !text.contains("hunter2"),
                "{url}: {text}"
            );
        }
    }
}
