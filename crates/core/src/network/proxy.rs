//! The proxy: given, from the environment, or none.

use super::exceptions::Exceptions;
use super::route::Route;
use crate::error::{Error, Via};
use crate::secret::Secret;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use reqwest::Url;
use std::fmt;

/// The longest user, and the longest password, that SOCKS 5 can carry, in bytes (RFC 1929).
const SOCKS_LONGEST: usize = 255;

/// The proxy of the connections, for [`ConfigBuilder::proxy`](crate::ConfigBuilder::proxy).
///
/// For an `https` endpoint, a proxy only makes a tunnel (`CONNECT`). It sees the host's name and port, but no token,
/// signature or answer. The address of a proxy begins with `http`, `https`, `socks5` or `socks5h`. With `socks5`, this
/// machine looks names up. With `socks5h`, the proxy does. SOCKS 4 is not supported.
///
/// If a call fails without an answer, [`Error::proxy`](crate::Error::proxy) names the proxy that it used.
///
/// ```
/// use huaweicloud_core::{Config, Proxy};
///
/// # fn example(password: huaweicloud_core::Secret) -> Result<(), huaweicloud_core::Error> {
/// let proxy = Proxy::new("http://proxy.example.com:3128")
///     .with_credentials("user", password)
///     .with_exceptions("localhost, .internal, 10.0.0.0/8");
/// let config = Config::builder().proxy(proxy).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Proxy(Choice);

#[derive(Clone, Default)]
enum Choice {
    #[default]
    Environment,
    None,
    At(Address),
}

#[derive(Clone)]
struct Address {
    /// The environment variable with the proxy. None if the program gave the proxy.
    variable: Option<&'static str>,
    url: String,
    user: Option<(String, Secret)>,
    exceptions: String,
    http_too: bool,
}

impl Proxy {
    /// Uses this proxy: `http://host:port`, `https://host:port`, `socks5://host:port` or `socks5h://host:port`.
    ///
    /// Requests to `http` endpoints go through it as well. The proxy can read everything in them.
    pub fn new(url: impl Into<String>) -> Self {
        Self(Choice::At(Address {
            variable: None,
            url: url.into(),
            user: None,
            exceptions: String::new(),
            http_too: true,
        }))
    }

    /// The proxy of the environment: `HTTPS_PROXY` or `https_proxy`, else `ALL_PROXY` or `all_proxy`. `NO_PROXY` or
    /// `no_proxy` has the exceptions. The first variable that is not empty counts. If its address is not valid, the
    /// error names the variable. This is the default.
    ///
    /// It is used for `https` endpoints only. `HTTP_PROXY` is not read: the proxy would see whole requests, with their
    /// tokens. In a CGI program, a visitor could set it.
    pub fn from_environment() -> Self {
        Self(Choice::Environment)
    }

    /// Uses no proxy, whatever the environment contains.
    pub fn none() -> Self {
        Self(Choice::None)
    }

    /// The user and password for the proxy (Basic).
    ///
    /// It has no effect on [`none`](Self::none) and [`from_environment`](Self::from_environment). In the environment,
    /// user and password are a percent-encoded part of the address.
    #[must_use]
    pub fn with_credentials(
        mut self,
        user: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        if let Choice::At(address) = &mut self.0 {
            address.user = Some((user.into(), password.into()));
        }
        self
    }

    /// The hosts that are reached without the proxy, in the form of `NO_PROXY`, separated by commas or blanks:
    /// * `example.com`: this name and all names below it
    /// * `.example.com` or `*.example.com`: only the names below it
    /// * an IP address, a block (`10.0.0.0/8`), or `*` for all hosts
    /// * each of them with a port (`example.com:8443`, `[::1]:8443`): only that port
    ///
    /// It has no effect on [`none`](Self::none) and [`from_environment`](Self::from_environment).
    #[must_use]
    pub fn with_exceptions(mut self, hosts: impl Into<String>) -> Self {
        if let Choice::At(address) = &mut self.0 {
            address.exceptions = hosts.into();
        }
        self
    }

    /// The proxy in the form of reqwest, and the requests that go through it. None if there is no proxy.
    pub(super) fn resolve(self) -> Result<Option<(reqwest::Proxy, Route)>, Error> {
        let address = match self.0 {
            Choice::None => None,
            Choice::At(address) => Some(address),
            Choice::Environment => named_by_variables(|name| {
                std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
            })?,
        };
        address.map_or(Ok(None), Address::resolve)
    }
}

/// Leaves out the address, which may still contain a password, because it is not checked yet.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Choice::Environment => "Proxy(from the environment)",
            Choice::None => "Proxy(none)",
            Choice::At(_) => "Proxy(given)",
        })
    }
}

impl From<&str> for Proxy {
    fn from(url: &str) -> Self {
        Self::new(url)
    }
}

impl From<String> for Proxy {
    fn from(url: String) -> Self {
        Self::new(url)
    }
}

/// The proxy that these variables name.
fn named_by_variables(get: impl Fn(&str) -> Option<String>) -> Result<Option<Address>, Error> {
    let first = |names: &[&'static str]| {
        let mut found = names
            .iter()
            .map(|name| (*name, get(name).unwrap_or_default()));
        found.find(|(_, value)| !value.trim().is_empty())
    };
    let Some((name, value)) = first(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
    else {
        return Ok(None);
    };
    // Other programs accept this form too: `proxy:3128` is an address.
    let value = value.trim();
    let url = match value.contains("://") {
        true => value.to_owned(),
        false => format!("http://{value}"),
    };
    let mut address = Address {
        variable: Some(name),
        url,
        user: None,
        exceptions: first(&["NO_PROXY", "no_proxy"]).map_or_else(String::new, |(_, list)| list),
        http_too: false,
    };
    let mut parsed = address.parse()?;
    if !parsed.username().is_empty() || parsed.password().is_some() {
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let password = Secret::new(decode(parsed.password().unwrap_or_default()));
        address.user = Some((decode(parsed.username()), password));
        // These fail only for addresses without a host.
        let _ = parsed.set_username("");
        let _ = parsed.set_password(None);
        address.url = parsed.into();
    }
    Ok(Some(address))
}

impl Address {
    /// The error never contains the address, because it may contain a password.
    fn wrong(&self, why: &str) -> Error {
        let message = match self.variable {
            Some(name) => format!("the proxy in {name} {why}"),
            None => format!("the proxy that is given {why}"),
        };
        Error::config(message).with_help("give an address such as http://proxy.example.com:3128")
    }

    fn parse(&self) -> Result<Url, Error> {
        let url = Url::parse(&self.url).map_err(|_| self.wrong("is not a URL"))?;
        if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
            return Err(self.wrong("is none of http, https, socks5 and socks5h"));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(self.wrong("has no host"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(self.wrong("holds more than a host and a port"));
        }
        Ok(url)
    }

    /// None if every host is an exception.
    fn resolve(self) -> Result<Option<(reqwest::Proxy, Route)>, Error> {
        let url = self.parse()?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(self.wrong("holds a user or password").with_help(
                "give them by Proxy::with_credentials, so that they are kept as a secret",
            ));
        }
        let Some(exceptions) = Exceptions::parse(&self.exceptions) else {
            return Ok(None);
        };
        let via = Via {
            address: url.as_str().trim_end_matches('/').to_owned(),
            variable: self.variable,
        };
        let password = self.user.as_ref().map(|(_, password)| password.clone());
        let route = Route::new(via, password, self.http_too, exceptions);
        let (url, decides) = (self.with_user(url)?, route.clone());
        let proxy = reqwest::Proxy::custom(move |to| decides.takes(to).then(|| url.clone()));
        Ok(Some((proxy, route)))
    }

    /// Writes user and password into the address, where the connector reads them. All characters are percent-encoded.
    /// `Url` would keep a `%` of the password, and the connector would decode it.
    fn with_user(&self, url: Url) -> Result<Url, Error> {
        let Some((user, password)) = &self.user else {
            return Ok(url);
        };
        if user.is_empty() || user.contains(':') {
            return Err(self
                .wrong("has a user whose name is empty or holds a colon")
                .with_help("give the user and the password apart"));
        }
        let longest = user.len().max(password.expose().len());
        if url.scheme().starts_with("socks") && longest > SOCKS_LONGEST {
            return Err(self
                .wrong("has a user or password that is too long for SOCKS 5")
                .with_help("give a user and a password of at most 255 bytes each"));
        }
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let host = url.host_str().unwrap_or_default();
        let port = url
            .port()
            .map_or_else(String::new, |port| format!(":{port}"));
        let text = Secret::new(format!(
            "{}://{}:{}@{host}{port}",
            url.scheme(),
            encode(user),
            encode(password.expose())
        ));
        Url::parse(text.expose()).map_err(|_| self.wrong("cannot be used"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Result<Option<Address>, Error> {
        let get = |name: &str| pairs.iter().find(|(known, _)| *known == name);
        named_by_variables(|name| get(name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_first_variable_that_is_not_empty_counts() {
        type Variables = &'static [(&'static str, &'static str)];
        let cases: [(Variables, Option<&str>); 7] = [
            (&[], None),
            (
                &[("HTTP_PROXY", "http://a:1"), ("http_proxy", "http://b:1")],
                None,
            ),
            (
                &[("HTTPS_PROXY", " "), ("ALL_PROXY", "http://c:1")],
                Some("http://c:1"),
            ),
            (&[("https_proxy", "d:3128")], Some("http://d:3128")),
            (
                &[("HTTPS_PROXY", "https://e"), ("https_proxy", "http://f")],
                Some("https://e"),
            ),
            (&[("all_proxy", "http://[::1]:8/")], Some("http://[::1]:8/")),
            (&[("ALL_PROXY", "socks5h://g")], Some("socks5h://g")),
        ];
        for (pairs, url) in cases {
            let found = environment(pairs).unwrap();
            assert_eq!(
                found.as_ref().map(|found| found.url.as_str()),
                url,
                "{pairs:?}"
            );
            assert!(found.is_none_or(|found| !found.http_too && found.resolve().is_ok()));
        }
        let found = environment(&[("HTTPS_PROXY", "a:1"), ("no_proxy", "x,y")]).unwrap();
        assert_eq!(found.unwrap().exceptions, "x,y");
    }

    #[test]
    fn a_password_in_the_environment_becomes_a_secret() {
        let found = environment(&[("HTTPS_PROXY", "http://us%20er:p%40%25ss@h:3128")]);
        let found = found.unwrap().unwrap();
        assert_eq!(found.url, "http://h:3128/");
        let (user, password) = found.user.clone().unwrap();
        assert_eq!((user.as_str(), password.expose()), ("us er", "p@%ss"));
        assert!(found.resolve().is_ok());
    }

    #[test]
    fn user_and_password_stay_the_same_in_an_address() {
        let password = "p@:/?#[]%41 ü\"100%";
        let Choice::At(address) = Proxy::new("http://[::1]:3128")
            .with_credentials("u%ü@", password)
            .0
        else {
            panic!("no address");
        };
        let url = address.with_user(address.parse().unwrap()).unwrap();
        let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
        assert_eq!(decode(url.username()), "u%ü@");
        assert_eq!(decode(url.password().unwrap()), password);
        assert_eq!((url.host_str(), url.port()), (Some("[::1]"), Some(3128)));
    }

    #[test]
    fn an_invalid_proxy_is_refused_and_not_shown() {
        let given = [
            "",
            "proxy",
            "socks4://p:1",
            "socks5:///x",
            "socks5h://",
            "http://p/path",
            "http://p/?q",
            "http://u:hunter2@p",
            "hunter2://",
        ];
        for url in given {
            let error = Proxy::new(url).resolve().err().unwrap().to_string();
            assert!(
                error.starts_with("the proxy that is given ") && error.contains("; give "),
                "{url}: {error}"
            );
            assert!(!error.contains("hunter2"), "{error}");
        }
        for user in ["", "a:b"] {
            let proxy = Proxy::new("http://p").with_credentials(user, "hunter2");
            assert!(proxy.resolve().err().unwrap().to_string().contains("colon"));
        }
        let long = Proxy::new("socks5://p").with_credentials("u", "x".repeat(256));
        let error = long.resolve().err().unwrap().to_string();
        assert!(error.contains("too long for SOCKS 5"), "{error}");
        let error = environment(&[("ALL_PROXY", "socks4a://u:hunter2@p:1")]).map(|_| ());
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("in ALL_PROXY is none of http, https, socks5 and socks5h"),
            "{error}"
        );
        let shown = format!(
            "{:?}",
            Proxy::new("http://u:hunter2@p").with_credentials("u", "hunter2")
        );
        assert_eq!(shown, "Proxy(given)");
    }
}
