//! Which requests go through the proxy, to name it where it may have been in the way.

use super::exceptions::Exceptions;
use crate::error::{Error, Via};
use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;
use std::sync::Arc;

/// The proxy that the HTTP client was made with, if it was.
#[derive(Clone, Default)]
pub(crate) struct Route(Option<Arc<Known>>);

/// Decides for the HTTP client too, which asks [`Route::takes`].
struct Known {
    matcher: Matcher,
    /// Those that know exceptions for one port alone.
    ports: Vec<(u16, Matcher)>,
    via: Arc<Via>,
}

impl Route {
    pub(super) fn new(via: Via, http_too: bool, exceptions: Exceptions) -> Self {
        let matcher = |hosts: String| {
            let builder = Matcher::builder().no(hosts);
            let address = via.address.clone();
            let builder = match http_too {
                true => builder.all(address),
                false => builder.https(address),
            };
            builder.build()
        };
        let ports = exceptions.ports.into_iter();
        Self(Some(Arc::new(Known {
            ports: ports.map(|(port, hosts)| (port, matcher(hosts))).collect(),
            matcher: matcher(exceptions.hosts),
            via: Arc::new(via),
        })))
    }

    /// Whether a request to this URL goes through the proxy.
    pub(super) fn takes(&self, url: &Url) -> bool {
        self.via(url).is_some()
    }

    /// Adds the proxy to an error without an answer, if a request to this URL goes through it.
    pub(crate) fn explain(&self, error: Error, url: &str) -> Error {
        match Url::parse(url).ok().and_then(|url| self.via(&url)) {
            Some(via) => error.through(via),
            None => error,
        }
    }

    fn via(&self, url: &Url) -> Option<Arc<Via>> {
        let known = self.0.as_ref()?;
        let uri: Uri = url.as_str().parse().ok()?;
        known.matcher.intercept(&uri)?;
        for (port, matcher) in &known.ports {
            if url.port_or_known_default() == Some(*port) {
                matcher.intercept(&uri)?;
            }
        }
        Some(Arc::clone(&known.via))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_knows_what_goes_through() {
        let route = |http_too| {
            let via = Via {
                address: "http://p:1".to_owned(),
                variable: Some("ALL_PROXY"),
            };
            let exceptions = ".internal,10.0.0.0/8,b.example.com:8443,c.example.com:443,[::1]:81";
            Route::new(via, http_too, Exceptions::parse(exceptions).unwrap())
        };
        let shown = |route: &Route, url: &str| {
            let url = Url::parse(url).unwrap();
            route.via(&url).map(|via| via.to_string())
        };
        let through = Some("http://p:1 of ALL_PROXY".to_owned());
        for (url, given, variable) in [
            ("https://a.example.com:8443/x", true, true),
            ("http://a.example.com", true, false),
            ("https://b.internal", false, false),
            ("http://10.1.2.3/", false, false),
            ("https://x.b.example.com:8443/x", false, false),
            ("https://b.example.com/x", true, true),
            ("https://c.example.com/x", false, false),
            ("http://c.example.com/x", true, false),
            ("http://[::1]:81/", false, false),
            ("http://[::1]:82/", true, false),
        ] {
            assert_eq!(shown(&route(true), url).is_some(), given, "{url}");
            assert_eq!(shown(&route(false), url).is_some(), variable, "{url}");
        }
        assert_eq!(shown(&route(true), "https://a"), through);
        assert_eq!(shown(&Route::default(), "https://a"), None);
    }
}
