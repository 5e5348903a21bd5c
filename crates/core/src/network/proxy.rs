//! The setting of the proxy: a proxy from the program, a proxy from the environment, or no proxy.

use super::exceptions::Exceptions;
use super::route::Route;
use crate::error::{Error, Via};
use crate::secret::Secret;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use reqwest::Url;
use std::fmt;

/// The longest user name and the longest password in SOCKS 5, in bytes (RFC 1929).
const SOCKS_LONGEST: usize = 255;

/// The setting of the proxy. Pass it to [`ConfigBuilder::proxy`](crate::ConfigBuilder::proxy).
///
/// If the endpoint uses `https`, the proxy makes a tunnel (by `CONNECT` or SOCKS 5). The proxy learns the name and the
/// port of the host, but it cannot read tokens, signatures or answers.
///
/// The address of a proxy begins with `http`, `https`, `socks5` or `socks5h`. With `socks5`, the client resolves host
/// names. With `socks5h`, the proxy resolves host names. SOCKS 4 is not supported.
///
/// If a call fails without a complete answer of the service, [`Error::proxy`](crate::Error::proxy) returns the proxy
/// that the call used.
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
    /// The environment variable that contains the proxy. `None` if the program has set the proxy.
    variable: Option<&'static str>,
    url: String,
    user: Option<(String, Secret)>,
    exceptions: String,
    http_too: bool,
}

impl Proxy {
    /// Uses the proxy at `url`: `http://host:port`, `https://host:port`, `socks5://host:port` or `socks5h://host:port`.
    ///
    /// Requests to `http` endpoints also use this proxy. The proxy can read the whole content of these requests.
    pub fn new(url: impl Into<String>) -> Self {
        Self(Choice::At(Address {
            variable: None,
            url: url.into(),
            user: None,
            exceptions: String::new(),
            http_too: true,
        }))
    }

    /// Uses the proxy that the environment variables contain. This is the default.
    ///
    /// The variables are `HTTPS_PROXY`, `https_proxy`, `ALL_PROXY` and `all_proxy`, in this order. The first variable
    /// with a value is used. If its address is not valid, the error contains the name of the variable. `NO_PROXY` or
    /// `no_proxy` contains the exceptions.
    ///
    /// Only requests to `https` endpoints use this proxy. `HTTP_PROXY` is not read, because the proxy could read whole
    /// requests with their tokens. In a CGI program, a visitor could also set this variable.
    pub fn from_environment() -> Self {
        Self(Choice::Environment)
    }

    /// Uses no proxy, even if the environment contains a proxy.
    pub fn none() -> Self {
        Self(Choice::None)
    }

    /// Sets the user and the password for the proxy. For an HTTP proxy, the client uses Basic authentication. For
    /// SOCKS 5, the client uses the method of RFC 1929.
    ///
    /// This method changes only a proxy that [`new`](Self::new) made. In an environment variable, the address of the
    /// proxy can contain the user and the password, in percent-encoded form.
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

    /// Sets the hosts that the client reaches without the proxy. `hosts` is a list in the format of `NO_PROXY`, with
    /// commas or blanks between the entries. An entry has one of these forms:
    /// * `example.com`: the name `example.com` and all names below it
    /// * `.example.com` or `*.example.com`: only the names below `example.com`
    /// * an IP address
    /// * a block of IP addresses, such as `10.0.0.0/8`
    /// * `*`: all hosts
    ///
    /// An entry that is not a block can end with a port, such as `example.com:8443` or `[::1]:8443`. Then the exception
    /// is valid only for this port.
    ///
    /// This method changes only a proxy that [`new`](Self::new) made.
    #[must_use]
    pub fn with_exceptions(mut self, hosts: impl Into<String>) -> Self {
        if let Choice::At(address) = &mut self.0 {
            address.exceptions = hosts.into();
        }
        self
    }

    /// Makes the proxy of reqwest, and the route of requests. Returns `None` if no request uses a proxy.
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

/// Does not show the address. The address is not checked yet, so it can contain a password.
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

/// Returns the proxy that the environment variables contain. `get` returns the value of a variable.
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
    // Like other programs, this function accepts an address without a scheme, such as `proxy:3128`.
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
        // These calls fail only if the address has no host, and `parse` has checked the host.
        let _ = parsed.set_username("");
        let _ = parsed.set_password(None);
        address.url = parsed.into();
    }
    Ok(Some(address))
}

impl Address {
    /// Makes an error. The message does not contain the address, because the address can contain a password.
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
            return Err(self.wrong("has a scheme other than http, https, socks5 and socks5h"));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(self.wrong("has no host"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(self.wrong("contains more than a host and a port"));
        }
        Ok(url)
    }

    /// Makes the proxy of reqwest, and the route of requests. Returns `None` if all hosts are exceptions.
    fn resolve(self) -> Result<Option<(reqwest::Proxy, Route)>, Error> {
        let url = self.parse()?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(self.wrong("contains a user or password").with_help(
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

    /// Returns the address with the user and the password, because the connector of reqwest reads them from the
    /// address.
    ///
    /// In the user and the password, all characters except ASCII letters and digits are percent-encoded, because the
    /// connector decodes both. The setters of `Url` do not encode a `%`, so this function does not use them.
    fn with_user(&self, url: Url) -> Result<Url, Error> {
        let Some((user, password)) = &self.user else {
            return Ok(url);
        };
        if user.is_empty() || user.contains(':') {
            return Err(self
                .wrong("has a user name that is empty or contains a colon")
                .with_help("give the user and the password separately"));
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
    fn the_first_variable_with_a_value_is_used() {
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
    fn user_and_password_do_not_change_in_the_address() {
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
    fn the_error_of_an_invalid_proxy_does_not_show_the_password() {
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
            error.contains("in ALL_PROXY has a scheme other than http, https, socks5 and socks5h"),
            "{error}"
        );
        let shown = format!(
            "{:?}",
            Proxy::new("http://u:hunter2@p").with_credentials("u", "hunter2")
        );
        assert_eq!(shown, "Proxy(given)");
    }
}
