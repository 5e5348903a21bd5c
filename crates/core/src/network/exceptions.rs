//! The hosts that are gone to directly, in the form of `NO_PROXY`.

/// Never asked through a proxy: the machine's own metadata, which hold its keys.
const METADATA: &str = "169.254.169.254";

/// Every host of one port, as names and as addresses.
const EVERY_HOST: &str = "*,0.0.0.0/0,::/0";

/// As hyper-util reads them, which knows no ports, takes `*` for names and not for addresses, and does not know `*.example.com`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Exceptions {
    /// On every port, separated by commas.
    pub hosts: String,
    /// On one port alone.
    pub ports: Vec<(u16, String)>,
}

impl Exceptions {
    /// None for all hosts. Blanks separate as commas do, as curl has it.
    pub(super) fn parse(list: &str) -> Option<Self> {
        let (mut hosts, mut ports) = (Vec::new(), Vec::new());
        let entries = list.split(|c: char| c == ',' || c.is_whitespace());
        for entry in entries.filter(|entry| !entry.is_empty()) {
            match split_port(entry) {
                ("*", None) => return None,
                ("*", Some(port)) => ports.push((port, EVERY_HOST.to_owned())),
                (host, Some(port)) => ports.push((port, bare_host(host).to_owned())),
                (host, None) => hosts.push(bare_host(host)),
            }
        }
        hosts.push(METADATA);
        Some(Self {
            hosts: hosts.join(","),
            ports,
        })
    }
}

/// `host:8080` and `[::1]:8080`; an IPv6 address without brackets has no port.
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

/// The host without what the name in a request does not have: the brackets of an IPv6 address, the star before a domain, the dot of the root.
fn bare_host(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    let inner = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    inner.unwrap_or(host.strip_prefix('*').unwrap_or(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_every_host_and_for_every_name_below() {
        for all in ["*", "a, *", " *,10.0.0.0/8", "a *"] {
            assert_eq!(Exceptions::parse(all), None, "{all}");
        }
        let some = Exceptions::parse("*.internal, .b,10.0.0.0/8,[::1]").unwrap();
        assert_eq!(some.hosts, ".internal,.b,10.0.0.0/8,::1,169.254.169.254");
        assert_eq!(some.ports, []);
        let blanks = Exceptions::parse(" a.b  .c\t10.0.0.1, d. ,,*.e.:443 ").unwrap();
        assert_eq!(blanks.hosts, "a.b,.c,10.0.0.1,d,169.254.169.254");
        assert_eq!(blanks.ports, [(443, ".e".to_owned())]);
    }

    #[test]
    fn a_port_belongs_to_its_host_alone() {
        let list = "a:8080,*.b:443, 10.0.0.1:80,[fe80::1]:81,*:82,fe80::2:83,:84,c:https";
        let read = Exceptions::parse(list).unwrap();
        assert_eq!(read.hosts, "fe80::2:83,:84,c:https,169.254.169.254");
        let ports = [
            (8080, "a"),
            (443, ".b"),
            (80, "10.0.0.1"),
            (81, "fe80::1"),
            (82, EVERY_HOST),
        ];
        assert_eq!(
            read.ports,
            ports.map(|(port, host)| (port, host.to_owned()))
        );
    }
}
