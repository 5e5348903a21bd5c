//! Where a service is.

use crate::config::Config;
use crate::error::Error;
use crate::near::near_service;
use crate::operation::Service;
use crate::region::{by_region, without_region};
use reqwest::Url;

/// The addresses of a service, without a slash at their ends: the given ones, or those that its region has.
pub(crate) fn resolve(
    config: &Config,
    service: &'static Service,
    region: Option<&str>,
) -> Result<Vec<String>, Error> {
    if let Some(urls) = config.endpoint(service.name) {
        return parse_all(service.name, urls);
    }
    if let Some(name) = near_service(config.endpoint_names(), service.name) {
        return Err(mistyped(name, service.name));
    }
    match region {
        Some(region) => by_region(config, service, region),
        None => without_region(service),
    }
}

/// Without this, calls that are meant for the given address would go to the cloud's.
fn mistyped(given: &str, service: &str) -> Error {
    Error::config(format!(
        "an endpoint is given for `{given}`, and none for {service}"
    ))
    .with_help(format!(
        "if {service} is meant, call endpoint(\"{service}\", url)"
    ))
}

/// Addresses separated by commas.
pub(crate) fn parse_all(service: &str, urls: &str) -> Result<Vec<String>, Error> {
    urls.split(',')
        .map(|url| parse(service, url.trim()))
        .collect()
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
    use crate::region::tests::DCS;

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

    #[test]
    fn a_given_address_goes_before_the_regions() {
        let config = Config::builder()
            .endpoint("dcs", "http://127.0.0.1:8/x/, https://b.example.com")
            .region_endpoint("dcs", "eu-de", "https://c.example.com")
            .build()
            .unwrap();
        assert_eq!(
            resolve(&config, &DCS, Some("eu-de")).unwrap(),
            ["http://127.0.0.1:8/x", "https://b.example.com"]
        );
    }

    #[test]
    fn a_mistyped_service_is_noticed() {
        let config = |name: &str| {
            Config::builder()
                .endpoint(name, "https://a.example.com")
                .build()
                .unwrap()
        };
        let error = resolve(&config("DCS"), &DCS, Some("eu-de")).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("`DCS`") && text.contains("endpoint(\"dcs\", url)"),
            "{text}"
        );
        for other in ["dds", "iam", "roma-link"] {
            assert!(
                resolve(&config(other), &DCS, Some("eu-de")).is_ok(),
                "{other}"
            );
        }
    }
}
