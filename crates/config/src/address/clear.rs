//! Finds addresses that would receive requests without encryption.

use huaweicloud_core::reqwest::Url;
use std::net::IpAddr;

/// Returns whether a request to this address is plain HTTP to another machine. Other machines on the network path can
/// then read the request.
///
/// A link-local address counts as this machine, because metadata services use link-local addresses.
pub(crate) fn goes_in_clear(url: &Url) -> bool {
    if url.scheme() != "http" {
        return false;
    }
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_near = match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_link_local(),
        Ok(IpAddr::V6(ip)) => match ip.to_ipv4_mapped() {
            Some(ip) => ip.is_loopback() || ip.is_link_local(),
            None => ip.is_loopback() || ip.is_unicast_link_local(),
        },
        Err(_) => host.trim_end_matches('.').eq_ignore_ascii_case("localhost"),
    };
    !is_near
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_safe_only_to_this_machine_and_link_local_addresses() {
        for (url, expected) in [
            ("https://iam.example.com", false),
            ("http://127.0.0.1:8080/x", false),
            ("http://127.9.9.9", false),
            ("http://localhost:1", false),
            ("http://[::1]:8080", false),
            ("http://169.254.169.254/x", false),
            ("http://[fe80::1]", false),
            ("http://[::ffff:127.0.0.1]", false),
            ("http://iam.example.com", true),
            ("http://10.0.0.1", true),
            ("http://localhost.example.com", true),
            ("http://127.0.0.1.example.com", true),
            ("http://[2001:db8::1]", true),
            // The number is the address 127.0.0.2.
            ("http://2130706434", false),
        ] {
            assert_eq!(goes_in_clear(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
