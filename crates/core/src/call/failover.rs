//! The addresses of one service, and the order in which requests try them.

use crate::error::{Error, ErrorKind};
use http::HeaderValue;
use reqwest::Url;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One or several addresses of a service. A session and its clones share the addresses. A request first tries the
/// current address. At the start, the current address is the first address. Afterwards, it is the last address that a
/// request may have reached.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints(Arc<Known>);

#[derive(Debug)]
struct Known {
    addresses: Vec<Address>,
    current: AtomicUsize,
}

impl From<Vec<String>> for Endpoints {
    /// `addresses` must contain at least one address.
    fn from(addresses: Vec<String>) -> Self {
        Self(Arc::new(Known {
            addresses: addresses.into_iter().map(Address::new).collect(),
            current: AtomicUsize::new(0),
        }))
    }
}

impl Endpoints {
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        self.0.addresses.iter().map(Address::text)
    }

    /// Returns the address that the next request tries first.
    pub(crate) fn current(&self) -> &str {
        self.in_order()
            .next()
            .map_or("", |(_, address)| address.text())
    }

    /// Returns all addresses with their indexes, in the order in which a request tries them. The current address comes
    /// first.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (usize, &Address)> {
        let places = self.0.addresses.iter().enumerate();
        let current = self.0.current.load(Ordering::Relaxed);
        places.clone().skip(current).chain(places.take(current))
    }

    /// Stores an address that a request may have reached. Later requests try this address first.
    pub(crate) fn stay_at(&self, place: usize) {
        if self.0.current.load(Ordering::Relaxed) != place {
            self.0.current.store(place, Ordering::Relaxed);
        }
    }
}

/// An address. The address is parsed once for all calls.
#[derive(Debug)]
pub(crate) struct Address {
    text: String,
    /// `None` if the address is not a URL. In this case, each call fails.
    url: Option<Url>,
    host: Option<HeaderValue>,
}

impl Address {
    fn new(text: String) -> Self {
        let url = Url::parse(&text).ok();
        let host = url.as_ref().and_then(host);
        Self { text, url, host }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the value of the header `Host`. Returns `None` if the address is not a URL, or if its host is not a
    /// valid header value.
    pub(crate) fn host(&self) -> Option<&HeaderValue> {
        self.host.as_ref()
    }

    /// Parses a URL with the scheme, the host and the port of this address. Returns `None` if `text` is not such a URL,
    /// or if the parser changes the URL. After such a change, the request could address another resource. The sent
    /// query could also differ from the signed query.
    pub(crate) fn url(&self, text: &str) -> Option<Url> {
        let base = self.url.as_ref()?;
        let origin = base.as_str().strip_suffix(base.path())?;
        let path = text.strip_prefix(origin)?;
        let url = Url::options().base_url(Some(base)).parse(path).ok()?;
        (url.as_str() == text).then_some(url)
    }
}

/// Returns the host in the form that hyper writes in the header `Host`. The port is included only if it differs from
/// the default port of the scheme.
fn host(url: &Url) -> Option<HeaderValue> {
    let host = url.host_str()?;
    let host = url
        .port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    HeaderValue::try_from(host).ok()
}

/// Returns whether the request that failed with this error certainly did not reach its address. If so, the client can
/// safely send the request to another address, even if the operation is unsafe.
pub(crate) fn never_left(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Connect | ErrorKind::Tls)
}

/// Returns the failure to report if no address could be reached. A failed connection has priority over a TLS
/// error, because only a failed connection can be temporary.
pub(crate) fn unreachable(mut failures: Vec<Error>) -> Option<Error> {
    let count = failures.len();
    let connect = failures
        .iter()
        .rposition(|error| error.kind() == ErrorKind::Connect);
    let last = match connect {
        Some(place) => failures.swap_remove(place),
        None => failures.pop()?,
    };
    if count == 1 {
        return Some(last);
    }
    let message = format!("none of the {count} endpoints can be reached");
    let error =
        Error::new(last.kind(), message).with_help("see the error's source for one of the reasons");
    Some(error.through_as(&last).with_source(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_try_the_stored_address_first() {
        let endpoints = Endpoints::from(["a", "b", "c"].map(str::to_owned).to_vec());
        let order = || -> String {
            endpoints
                .in_order()
                .map(|(_, address)| address.text())
                .collect()
        };
        assert_eq!((endpoints.current(), order().as_str()), ("a", "abc"));
        endpoints.clone().stay_at(2);
        assert_eq!((endpoints.current(), order().as_str()), ("c", "cab"));
    }

    #[test]
    fn unreachable_prefers_a_temporary_failure_and_counts_the_failures() {
        let errors = |kinds: &[ErrorKind]| {
            kinds
                .iter()
                .map(|kind| Error::new(*kind, "why"))
                .collect::<Vec<_>>()
        };
        use ErrorKind::{Connect, Tls};
        let kind = |kinds: &[ErrorKind]| unreachable(errors(kinds)).map(|error| error.kind());
        assert_eq!(kind(&[Connect, Tls]), Some(Connect));
        assert_eq!(kind(&[Tls, Tls]), Some(Tls));
        let one = unreachable(errors(&[Tls])).unwrap();
        assert_eq!(one.to_string().split(';').next(), Some("why"));
        let two = unreachable(errors(&[Tls, Tls])).unwrap().to_string();
        assert!(two.contains("none of the 2 endpoints"), "{two}");
    }
}
