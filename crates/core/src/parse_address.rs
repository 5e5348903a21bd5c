//! Parses and checks the addresses of services.

use crate::error::Error;
use reqwest::Url;

/// Parses addresses that are separated by commas.
pub(crate) fn parse_all(service: &str, urls: &str) -> Result<Vec<String>, Error> {
    urls.split(',')
        .map(|url| parse(service, url.trim()))
        .collect()
}

/// Parses and checks an address. The result has no slash at its end.
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
        return Err(wrong("contains a user or password"));
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

    #[test]
    fn parse_accepts_only_valid_addresses() {
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
