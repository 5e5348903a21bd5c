//! Removes or detects the API version at the end of an address of IAM.

/// If the service is IAM, removes `/auth/tokens`, and then `/v3` or `/v3.0`, from the end of each address in `urls`.
///
/// Other tools need the version in the address. The paths of our requests already begin with the version.
pub(crate) fn without_version(service: &str, urls: &str) -> String {
    if service != "iam" {
        return urls.to_owned();
    }
    let urls = urls.split(',').map(|url| {
        let url = url.trim().trim_end_matches('/');
        let url = url.strip_suffix("/auth/tokens").unwrap_or(url);
        match url.rsplit_once('/') {
            Some((url, "v3" | "V3" | "v3.0" | "V3.0")) => url.trim_end_matches('/'),
            _ => url,
        }
    });
    urls.collect::<Vec<_>>().join(",")
}

/// Returns whether an address of IAM in `urls` ends in an unsupported version, such as `v2.0`. `/tokens` can follow the
/// version.
pub(crate) fn has_other_version(service: &str, urls: &str) -> bool {
    let is_version = |segment: &str| {
        let digits = segment.strip_prefix(['v', 'V']).unwrap_or_default();
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let kept = without_version(service, urls);
    service == "iam"
        && kept.split(',').any(|url| {
            let url = url.trim_end_matches("/tokens");
            url.rsplit('/').next().is_some_and(is_version)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_version_removes_the_version_of_an_iam_address() {
        for url in [
            "https://iam.example.com",
            "https://iam.example.com/",
            "https://iam.example.com/v3/",
            "https://iam.example.com/v3.0",
            " https://iam.example.com/v3/auth/tokens",
            "https://iam.example.com/v3/auth/tokens/ ",
            "https://iam.example.com/V3",
            "https://iam.example.com//v3//",
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

    #[test]
    fn has_other_version_finds_versions_other_than_v3() {
        for url in [
            "v2.0",
            "v2.0/",
            "V2",
            "v2.0/tokens",
            "v4",
            "v3,https://b/v2.0",
        ] {
            let url = format!("https://iam.example.com/{url}");
            assert!(has_other_version("iam", &url), "{url}");
        }
        for url in [
            "",
            "v3",
            "V3/",
            "v3.0",
            "v3/auth/tokens",
            "dev2",
            "v2x",
            "api-v2",
        ] {
            let url = format!("https://iam.example.com/{url}");
            assert!(!has_other_version("iam", &url), "{url}");
        }
    }
}
