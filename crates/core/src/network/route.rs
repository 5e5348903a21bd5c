//! Decides which requests use the proxy. If the proxy can be the cause of an error, the error contains the address of
//! the proxy.

use super::exceptions::Exceptions;
use crate::error::{Error, Via};
use crate::secret::Secret;
use reqwest::Url;
use std::sync::Arc;

/// Decides which requests use the proxy. If there is no proxy, the field is `None`.
#[derive(Clone, Default)]
pub(crate) struct Route(Option<Arc<Known>>);

/// The proxy and its exceptions.
struct Known {
    via: Arc<Via>,
    password: Option<Secret>,
    http_too: bool,
    exceptions: Exceptions,
}

impl Route {
    pub(super) fn new(
        via: Via,
        password: Option<Secret>,
        http_too: bool,
        exceptions: Exceptions,
    ) -> Self {
        Self(Some(Arc::new(Known {
            via: Arc::new(via),
            password,
            http_too,
            exceptions,
        })))
    }

    /// Returns the password for the proxy. An answer of the proxy could contain this password, so errors must not show
    /// the password.
    pub(crate) fn password(&self) -> Option<&Secret> {
        self.0.as_ref()?.password.as_ref()
    }

    /// Returns whether a request to this URL uses the proxy. The HTTP client calls this function, and
    /// [`explain`](Self::explain) makes the same decision. So an error names the proxy only if the request used it.
    pub(super) fn takes(&self, url: &Url) -> bool {
        self.via(url).is_some()
    }

    /// If a request to this URL uses the proxy, adds the address of the proxy to the error. Callers pass only errors
    /// without a complete answer of the service.
    pub(crate) fn explain(&self, error: Error, url: &str) -> Error {
        match Url::parse(url).ok().and_then(|url| self.via(&url)) {
            Some(via) => error.through(via),
            None => error,
        }
    }

    fn via(&self, url: &Url) -> Option<Arc<Via>> {
        let known = self.0.as_ref()?;
        let takes = url.scheme() == "https" || (known.http_too && url.scheme() == "http");
        if !takes || known.exceptions.contain(url) {
            return None;
        }
        Some(Arc::clone(&known.via))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_route_selects_the_requests_for_the_proxy() {
        let route = |http_too| {
            let via = Via {
                address: "http://p:1".to_owned(),
                variable: Some("ALL_PROXY"),
            };
            let exceptions = ".internal,10.0.0.0/8,b.example.com:8443,c.example.com:443,[::1]:81";
            Route::new(via, None, http_too, Exceptions::parse(exceptions).unwrap())
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
