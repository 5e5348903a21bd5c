//! The connection to the services: proxies, trust, and the HTTP client made of them.

mod client;
mod connections;
// Without the feature for TLS, no code reads these. They can still be given, and are refused.
#[cfg_attr(not(feature = "rustls"), allow(dead_code))]
mod exceptions;
#[cfg_attr(not(feature = "rustls"), allow(dead_code))]
mod pem;
#[cfg_attr(not(feature = "rustls"), allow(dead_code))]
mod proxy;
#[cfg_attr(not(feature = "rustls"), allow(dead_code))]
mod route;
#[cfg(feature = "rustls")]
mod tls;
mod trust;

pub(crate) use client::Network;
#[cfg(feature = "rustls")]
pub use client::http_client_builder;
pub(crate) use connections::{Connections, UnderWay};
pub(crate) use pem::Pem;
pub use proxy::Proxy;
pub(crate) use route::Route;
pub use trust::TlsVersion;
