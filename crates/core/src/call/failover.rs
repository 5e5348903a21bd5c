//! The addresses of one service, and which of them works.

use crate::error::{Error, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One address or several, shared by a session and its clones. The one that worked last comes first.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints(Arc<Known>);

#[derive(Debug)]
struct Known {
    addresses: Vec<String>,
    current: AtomicUsize,
}

impl From<Vec<String>> for Endpoints {
    /// At least one.
    fn from(addresses: Vec<String>) -> Self {
        Self(Arc::new(Known {
            addresses,
            current: AtomicUsize::new(0),
        }))
    }
}

impl Endpoints {
    pub(crate) fn all(&self) -> &[String] {
        &self.0.addresses
    }

    /// The one to try first.
    pub(crate) fn current(&self) -> &str {
        self.in_order()
            .next()
            .map_or("", |(_, address)| address.as_str())
    }

    /// All of them, from the current one on, each with its place.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (usize, &String)> {
        let places = self.0.addresses.iter().enumerate();
        let current = self.0.current.load(Ordering::Relaxed);
        places.clone().skip(current).chain(places.take(current))
    }

    /// This one works: later requests begin with it.
    pub(crate) fn stay_at(&self, place: usize) {
        // Usually it is the current one: then there is nothing to write.
        if self.0.current.load(Ordering::Relaxed) != place {
            self.0.current.store(place, Ordering::Relaxed);
        }
    }
}

/// Whether the request surely never reached this address, so that any request may go to another one.
pub(crate) fn never_left(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Connect | ErrorKind::Tls)
}

/// What to report where no address could be reached. One that had no connection may have one soon; a bad certificate stays bad.
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
    fn the_one_that_works_comes_first() {
        let endpoints = Endpoints::from(["a", "b", "c"].map(str::to_owned).to_vec());
        let order = || -> String {
            endpoints
                .in_order()
                .map(|(_, name)| name.as_str())
                .collect()
        };
        assert_eq!((endpoints.current(), order().as_str()), ("a", "abc"));
        endpoints.clone().stay_at(2);
        assert_eq!((endpoints.current(), order().as_str()), ("c", "cab"));
    }

    #[test]
    fn what_may_pass_is_reported_before_what_stays() {
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
