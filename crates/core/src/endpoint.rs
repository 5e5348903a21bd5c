//! Finds and checks the addresses of a service.

use crate::config::Config;
use crate::error::Error;
use crate::near::near_service;
use crate::operation::{Operation, Service};
use crate::parse_address::parse_all;
use crate::region::{by_region, without_region};

/// Returns the addresses of a service, without a slash at the end. The addresses come from the configuration, or from
/// the documented addresses of the service.
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

/// Makes the error for a misspelled service name in the configuration. Without this error, calls could go to a
/// documented address instead of the configured address.
fn mistyped(given: &str, service: &str) -> Error {
    Error::config(format!(
        "an endpoint is given for `{given}`, and none for {service}"
    ))
    .with_help(format!(
        "if {service} is meant, call endpoint(\"{service}\", url)"
    ))
}

/// Returns an error if an address ends with the beginning of the operation's path. Addresses for other programs often
/// have this form: `https://iam.example.com/v3`. If the path is `/v3/auth/tokens`, the request would go to
/// `/v3/v3/auth/tokens`.
pub(crate) fn check_path(operation: &Operation, endpoint: &str) -> Result<(), Error> {
    let Some((_, own)) = endpoint
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('/'))
    else {
        return Ok(());
    };
    let own: Vec<&str> = own.split('/').collect();
    let path: Vec<&str> = operation.path.split('/').skip(1).collect();
    let doubled = (1..=own.len().min(path.len()))
        .find(|count| own[own.len() - count..].iter().zip(&path).all(is_same));
    let Some(count) = doubled else {
        return Ok(());
    };
    let end = own[own.len() - count..].join("/");
    let rest = endpoint.strip_suffix(&end).unwrap_or(endpoint);
    let (service, path) = (operation.service.name, operation.path);
    Err(Error::config(format!(
        "the endpoint of {service} ends in /{end}, but the path of {} begins with it: {path}",
        operation.id
    ))
    .with_help(format!(
        "write the endpoint without it: {}",
        rest.trim_end_matches('/')
    )))
}

/// Returns whether a segment of an address matches a segment of an operation's path. Matches are equal strings,
/// versions with the same major number (`v3` and `v3.0`), and 32 hexadecimal digits for `{project_id}`.
fn is_same((own, of_path): (&&str, &&str)) -> bool {
    let is_id = own.len() == 32 && own.bytes().all(|byte| byte.is_ascii_hexdigit());
    own == of_path
        || (version(own).is_some() && version(own) == version(of_path))
        || (*of_path == "{project_id}" && is_id)
}

/// Returns the major number of a version, such as `3` for `v3.0`. Returns `None` if the segment is not a version.
fn version(segment: &str) -> Option<&str> {
    let number = segment.strip_prefix('v')?.split('.').next()?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Retry;
    use crate::region::tests::DCS;

    #[test]
    fn an_address_that_ends_with_the_start_of_the_path_is_an_error() {
        let check = |path: &'static str, endpoint: &str| {
            let operation = Operation {
                id: "list",
                official_id: "List",
                service: &DCS,
                method: http::Method::GET,
                path,
                retry: Retry::Safe,
                secret: false,
                authenticated: true,
                success: &[200],
                page: "",
            };
            check_path(&operation, endpoint).map_err(|error| error.to_string())
        };
        let id = "0123456789abcdef0123456789ABCDEF";
        for (path, end) in [
            ("/v3/auth/tokens", "/v3"),
            ("/v3/auth/tokens", "/v3.0"),
            ("/v3.0/OS-CREDENTIAL", "/v3"),
            ("/v3/auth/tokens", "/v3/auth/tokens"),
            ("/v1.0/{project_id}/instances", "/v1.0"),
            ("/v1.0/{project_id}/instances", &format!("/v1.0/{id}")),
        ] {
            for host in ["https://a.example.com", "http://[::1]:80/prefix"] {
                let text = check(path, &format!("{host}{end}")).unwrap_err();
                assert!(
                    text.contains(&format!("the endpoint of dcs ends in {end}, but"))
                        && text.contains(&format!("write the endpoint without it: {host}"))
                        && !text.contains(&format!("write the endpoint without it: {host}{end}")),
                    "{text}"
                );
            }
        }
        for (path, endpoint) in [
            ("/v3/auth/tokens", "https://v3"),
            ("/v3/auth/tokens", "https://a.example.com"),
            ("/v3/auth/tokens", "https://a.example.com/v2"),
            ("/v3/auth/tokens", "https://a.example.com/v3/iam"),
            ("/v2/{project_id}/instances", "https://a.example.com/v2/dcs"),
            ("/things", "https://a.example.com/v"),
        ] {
            assert_eq!(check(path, endpoint), Ok(()), "{endpoint}");
        }
    }

    #[test]
    fn a_service_address_has_priority_over_region_addresses() {
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
    fn a_misspelled_service_name_is_an_error() {
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
