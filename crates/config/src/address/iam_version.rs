//! The version at the end of an address of IAM.

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
