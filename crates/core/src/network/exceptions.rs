//! The hosts that a client reaches without the proxy, in the format of `NO_PROXY`.

use reqwest::Url;
use std::net::IpAddr;

/// The address of the metadata service of a virtual machine. The proxy is never used for this address, because the
/// metadata contain access keys.
const METADATA: &str = "169.254.169.254";

/// A list of exceptions in the format of Go's `httpproxy`, with two additions from curl. First, blanks can separate
/// entries. Second, a dot at the end of a name, or of the host in a URL, is ignored. The list always contains
/// [`METADATA`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Exceptions(Vec<Exception>);

#[derive(Debug, PartialEq, Eq)]
struct Exception {
    hosts: Hosts,
    /// The only port of the exception. `None` if the exception is for all ports.
    port: Option<u16>,
}

#[derive(Debug, PartialEq, Eq)]
enum Hosts {
    All,
    /// The addresses of a block. The number is the length of the prefix, in bits.
    Block(IpAddr, u32),
    /// The host names that end in `name`, such as `.example.com`. If `with_itself` is `true`, the exception also
    /// matches `name` without its first dot, such as `example.com`.
    Below {
        name: String,
        with_itself: bool,
    },
}

impl Exceptions {
    /// Parses a list. Returns `None` if all hosts are exceptions.
    pub(super) fn parse(list: &str) -> Option<Self> {
        let entries = list.split(|c: char| c == ',' || c.is_whitespace());
        let entries = entries.filter_map(Exception::parse);
        let exceptions: Vec<_> = entries.chain(Exception::parse(METADATA)).collect();
        let everything = |one: &Exception| one.hosts == Hosts::All && one.port.is_none();
        (!exceptions.iter().any(everything)).then_some(Self(exceptions))
    }

    /// Returns whether this URL is an exception.
    pub(super) fn contain(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let ip = host.parse().ok().map(|ip: IpAddr| ip.to_canonical());
        let port = url.port_or_known_default();
        let mut own = self
            .0
            .iter()
            .filter(|one| one.port.is_none() || one.port == port);
        own.any(|one| match (&one.hosts, ip) {
            (Hosts::All, _) => true,
            (Hosts::Block(block, bits), Some(ip)) => is_within(*block, *bits, ip),
            (Hosts::Below { name, with_itself }, None) => {
                host.ends_with(name) || (*with_itself && host == name[1..])
            }
            _ => false,
        })
    }
}

impl Exception {
    fn parse(entry: &str) -> Option<Self> {
        let entry = entry.trim().to_lowercase();
        let of = |hosts, port| Some(Self { hosts, port });
        if let Some(block) = block(&entry) {
            return of(block, None);
        }
        let (host, port) = split_port(&entry);
        let inner = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        let host = inner.unwrap_or(host);
        if host == "*" {
            return of(Hosts::All, port);
        }
        if let Ok(ip) = host.parse::<IpAddr>() {
            let ip = ip.to_canonical();
            return of(Hosts::Block(ip, bits(ip)), port);
        }
        let host = host.trim_end_matches('.');
        let host = host
            .strip_prefix('*')
            .filter(|rest| rest.starts_with('.'))
            .unwrap_or(host);
        let with_itself = !host.starts_with('.');
        let name = ascii(host.trim_start_matches('.'))?;
        of(
            Hosts::Below {
                name: format!(".{name}"),
                with_itself,
            },
            port,
        )
    }
}

/// Parses a block of addresses such as `10.0.0.0/8`. Returns `None` if the entry is not a block.
fn block(entry: &str) -> Option<Hosts> {
    let (ip, length) = entry.split_once('/')?;
    let (ip, length): (IpAddr, u32) = (ip.parse().ok()?, length.parse().ok()?);
    (length <= bits(ip)).then_some(Hosts::Block(ip, length))
}

fn bits(ip: IpAddr) -> u32 {
    match ip {
        IpAddr::V4(_) => u32::BITS,
        IpAddr::V6(_) => u128::BITS,
    }
}

fn is_within(block: IpAddr, length: u32, ip: IpAddr) -> bool {
    match (block, ip) {
        (IpAddr::V4(block), IpAddr::V4(ip)) => {
            let different = u32::from(block) ^ u32::from(ip);
            different.checked_shr(u32::BITS - length).unwrap_or(0) == 0
        }
        (IpAddr::V6(block), IpAddr::V6(ip)) => {
            let different = u128::from(block) ^ u128::from(ip);
            different.checked_shr(u128::BITS - length).unwrap_or(0) == 0
        }
        _ => false,
    }
}

/// Returns a host name in ASCII. A name with other characters is converted to Punycode, as in a URL. Returns `None` if
/// the name is empty or cannot be converted.
fn ascii(name: &str) -> Option<String> {
    if name.is_empty() {
        return None;
    }
    if name.is_ascii() {
        return Some(name.to_owned());
    }
    let url = Url::parse(&format!("http://{name}")).ok()?;
    url.host_str().map(str::to_owned)
}

/// Splits `host:8080` and `[::1]:8080` into host and port. An IPv6 address without brackets has no port.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    let split = entry.rsplit_once(':').filter(|(host, _)| {
        let one = !host.contains(':') || host.ends_with(']');
        one && !host.is_empty()
    });
    match split.map(|(host, port)| (host, port.parse())) {
        Some((host, Ok(port))) => (host, Some(port)),
        _ => (entry, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_direct(list: &str, url: &str) -> bool {
        let exceptions = Exceptions::parse(list);
        exceptions.is_none_or(|exceptions| exceptions.contain(&url.parse().unwrap()))
    }

    #[test]
    fn a_star_matches_every_host() {
        for all in ["*", "a, *", " *,10.0.0.0/8", "a *"] {
            assert_eq!(Exceptions::parse(all), None, "{all}");
        }
        assert!(is_direct("*:82", "https://a:82") && is_direct("*:82", "http://[fe80::1]:82"));
        assert!(!is_direct("*:82", "https://a:83"));
    }

    #[test]
    fn requests_for_metadata_never_use_the_proxy() {
        assert!(is_direct("", "http://169.254.169.254/x"));
        assert!(!is_direct("", "http://169.254.169.253/x"));
    }

    /// In the data file, `theirs` is the result of Go. `ours` is set if this crate intentionally returns another
    /// result, which is the result of curl.
    #[test]
    fn exceptions_have_the_recorded_effect_of_go_or_curl() {
        let record = include_str!("../../tests/data/no_proxy.json");
        let record: serde_json::Value = serde_json::from_str(record).unwrap();
        let cases = record["cases"].as_array().unwrap();
        assert!(cases.len() >= 100);
        for case in cases {
            let text = |name: &str| case[name].as_str().unwrap();
            let (list, url) = (text("list"), text("url"));
            let expected = match case["ours"].as_bool() {
                Some(ours) => ours,
                None => case["theirs"].as_bool().unwrap(),
            };
            assert_eq!(is_direct(list, url), expected, "NO_PROXY={list:?} {url}");
        }
    }
}
