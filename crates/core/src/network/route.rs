//! Which requests go through the proxy, to name it where it may have been in the way.

use super::proxy::METADATA;
use crate::error::Error;
use hyper_util::client::proxy::matcher::Matcher;
use std::fmt;
use std::sync::Arc;

/// The proxy that the HTTP client was made with, if it was.
#[derive(Clone, Default)]
pub(crate) struct Route(Option<Arc<Known>>);

struct Known {
    /// Decides as the HTTP client does: reqwest asks the same code.
    matcher: Matcher,
    via: Arc<Via>,
}

/// A proxy, as people may see it: without user and password.
#[derive(Debug)]
pub(crate) struct Via {
    /// `http://proxy.example.com:3128`
    pub address: String,
    /// The variable that names it; None if the program does.
    pub variable: Option<&'static str>,
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)?;
        match self.variable {
            Some(variable) => write!(f, " of {variable}"),
            None => Ok(()),
        }
    }
}

impl Route {
    pub(super) fn new(via: Via, http_too: bool, exceptions: &str) -> Self {
        let builder = Matcher::builder().no(exceptions.to_owned());
        let address = via.address.clone();
        let builder = match http_too {
            true => builder.all(address),
            false => builder.https(address),
        };
        Self(Some(Arc::new(Known {
            matcher: builder.build(),
            via: Arc::new(via),
        })))
    }

    /// Adds the proxy to an error without an answer, if a request to this URL goes through it.
    pub(crate) fn explain(&self, error: Error, url: &str) -> Error {
        match self.via(url) {
            Some(via) => error.through(via),
            None => error,
        }
    }

    fn via(&self, url: &str) -> Option<Arc<Via>> {
        let known = self.0.as_ref()?;
        known.matcher.intercept(&url.parse().ok()?)?;
        Some(Arc::clone(&known.via))
    }
}

/// As reqwest reads them, which takes `*` for names and not for addresses, and does not know `*.example.com`. None for all hosts.
pub(super) fn exceptions(list: &str) -> Option<String> {
    let hosts = || list.split(',').map(str::trim);
    if hosts().any(|host| host == "*") {
        return None;
    }
    let known = hosts().map(|host| host.strip_prefix('*').unwrap_or(host));
    Some(known.chain([METADATA]).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_every_host_and_for_every_name_below() {
        for all in ["*", "a, *", " *,10.0.0.0/8"] {
            assert_eq!(exceptions(all), None, "{all}");
        }
        let some = exceptions("*.internal, .b,10.0.0.0/8").unwrap();
        assert_eq!(some, ".internal,.b,10.0.0.0/8,169.254.169.254");
    }

    #[test]
    fn it_knows_what_goes_through() {
        let route = |http_too| {
            let via = Via {
                address: "http://p:1".to_owned(),
                variable: Some("ALL_PROXY"),
            };
            Route::new(via, http_too, ".internal,10.0.0.0/8")
        };
        let shown = |route: &Route, url| route.via(url).map(|via| via.to_string());
        let through = Some("http://p:1 of ALL_PROXY".to_owned());
        for (url, given, variable) in [
            ("https://a.example.com:8443/x", true, true),
            ("http://a.example.com", true, false),
            ("https://b.internal", false, false),
            ("http://10.1.2.3/", false, false),
            ("no address", false, false),
        ] {
            assert_eq!(shown(&route(true), url).is_some(), given, "{url}");
            assert_eq!(shown(&route(false), url).is_some(), variable, "{url}");
        }
        assert_eq!(shown(&route(true), "https://a"), through);
        assert_eq!(shown(&Route::default(), "https://a"), None);
    }
}
