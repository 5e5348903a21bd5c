//! The network settings: proxies, TLS certificates, and the HTTP client with these settings.

mod client;
mod connections;
// Without the feature `rustls`, parts of these modules are unused. A program can still set a proxy or a certificate,
// but then `ConfigBuilder::build` returns an error.
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
